"""The page that mails all members the link to score, and tells how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.reminders import is_wanted, scoring_mail
from feedback.views.desk import get_round_for, to_desk
from partnerships.mailing import drop_waiting, latest
from partnerships.models import Mailing
from partnerships.permissions import SignedInRequest
from partnerships.views.mailings import run


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    round = get_round_for(request.user, slug, pk)
    mailing = latest(round.meeting, Mailing.Kind.SCORING)
    if not is_wanted(round) and (mailing is None or request.method == "POST"):
        if mailing:
            drop_waiting(mailing)
        messages.warning(request, _("The link can be sent while scoring is open, and phones need no code on paper."))
        return to_desk(round)
    base = request.build_absolute_uri("/").rstrip("/")
    return run(
        request,
        round.meeting,
        Mailing.Kind.SCORING,
        lambda _mailing: scoring_mail(round, base=base),
        "partnerships/mailing.html",
    )
