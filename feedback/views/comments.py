"""Between stop and table: the comments, and the last question."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import scoring
from feedback.models import Phase, Round
from feedback.scoring import WrongPhase
from feedback.seals import SealLost
from feedback.views.desk import get_round_for, to_desk
from partnerships.permissions import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET reads them, or asks whether to; POST shows them, and once read withholds those newly ticked."""
    round = get_round_for(request.user, slug, pk)
    try:
        if request.method == "POST":
            return _write(request, round)
        return _read(request, round)
    except WrongPhase as wrong:
        messages.warning(
            request, _("Comments cannot be read now. How it stands: %(phase)s.") % {"phase": wrong.phase.label}
        )
    except SealLost:
        messages.error(request, lost())
    return to_desk(round)


def _read(request: SignedInRequest, round: Round) -> HttpResponse:
    slips = round.slips.count()
    context = {"round": round, "meeting": round.meeting, "slips": slips}
    if round.phase == Phase.STOPPED and slips >= round.slips_needed:
        return render(request, "feedback/show_comments.html", context)
    return render(request, "feedback/comments.html", context | {"comments": scoring.comments_of(round=round)})


def _write(request: SignedInRequest, round: Round) -> HttpResponse:
    if "read" not in request.POST:
        scoring.show_comments(round_id=round.pk, by=request.user)
        return redirect("feedback:comments", round.meeting.partnership.slug, round.meeting_id)
    ticked, before = set(request.POST.getlist("withhold")), set(request.POST.getlist("before"))
    number = scoring.withhold_comments(
        round_id=round.pk, withhold=ticked - before, release=before - ticked, by=request.user
    )
    done = ngettext("%(n)s comment will be withheld.", "%(n)s comments will be withheld.", number) % {"n": number}
    messages.success(request, done if number else _("All comments will be printed."))
    return redirect("feedback:collate", round.meeting.partnership.slug, round.meeting_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collate(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    round = get_round_for(request.user, slug, pk)
    slips = round.slips.count()
    if round.phase == Phase.STOPPED and slips >= round.slips_needed:
        return redirect("feedback:comments", slug, pk)
    try:
        if request.method == "POST":
            scoring.collate(round_id=round.pk, by=request.user)
            return redirect("feedback:table", slug, pk)
    except WrongPhase as wrong:
        messages.warning(
            request, _("It cannot be collated now. How it stands: %(phase)s.") % {"phase": wrong.phase.label}
        )
        return to_desk(round)
    except SealLost:
        messages.error(request, lost())
        return to_desk(round)
    if round.phase not in {Phase.STOPPED, Phase.COMMENTS}:
        return to_desk(round)
    withheld = sum(map(len, round.slips.values_list("withheld", flat=True)))
    return render(
        request,
        "feedback/collate.html",
        {"round": round, "meeting": round.meeting, "slips": slips, "withheld": withheld},
    )


def lost() -> str:
    return _("The key of this round is lost: its slips cannot be read. Tell whoever runs the server.")
