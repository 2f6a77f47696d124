"""The page that mails all members the link to score, and tells how far it is."""

from __future__ import annotations

from typing import Unpack

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.rounds.reminders import is_wanted, scoring_mail
from feedback.rounds.views.desk import Place, get_round_for, to_desk
from partnerships.deliveries import drop_waiting, latest
from partnerships.meetings.views.mailings import run
from partnerships.models import Mailing
from partnerships.permissions import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    round = get_round_for(request.user, **place)
    mailing = latest(round.occasion, Mailing.Kind.SCORING)
    if not is_wanted(round) and (mailing is None or request.method == "POST"):
        if mailing:
            drop_waiting(mailing)
        messages.warning(request, _("The link can be sent while scoring is open, and phones need no code on paper."))
        return to_desk(round)
    base = request.build_absolute_uri("/").rstrip("/")
    return run(
        request,
        round.occasion,
        Mailing.Kind.SCORING,
        lambda _mailing: scoring_mail(round, base=base),
        "partnerships/meetings/mailing.html",
        back=round.address("desk"),
    )
