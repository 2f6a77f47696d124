"""The minute-taker's desk: open, watch, stop, read comments, collate."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import seals
from feedback.forms import PresentForm, ScheduleForm
from feedback.models import Phase, Round
from feedback.scoring import WrongPhase, end_overdue, open_round, schedule_round, stop_round
from feedback.seals import SealLost
from partnerships.models import User
from partnerships.permissions import Right, SignedInRequest, get_meeting_for


def get_round_for(user: User, slug: str, pk: int, right: Right = Right.RUN_FEEDBACK) -> Round:
    """The meeting's round, with meeting, partnership and area.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    meeting = get_meeting_for(user, slug, pk, right)
    round = Round.objects.select_related("table").get(meeting=meeting)
    if round.phase == Phase.ENDED != round.stage:  # nobody ran the daily command yet: the promise holds all the same
        end_overdue(round_id=round.pk)
    round.meeting = meeting
    return round


def to_desk(round: Round) -> HttpResponse:
    return redirect("feedback:desk", round.meeting.partnership.slug, round.meeting_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """POST saves the number of people present."""
    round = get_round_for(request.user, slug, pk)
    present = PresentForm(request.POST or None, instance=round.meeting)
    if request.method == "POST" and round.is_finished:
        messages.warning(request, _("The table is finished: the number of people present stays as it was."))
        return to_desk(round)
    if request.method == "POST" and present.is_valid():
        present.save()
        messages.success(request, _("Number of people present saved."))
        return to_desk(round)
    return render_desk(request, round, present=present)


def render_desk(
    request: SignedInRequest, round: Round, *, present: PresentForm | None = None, schedule: ScheduleForm | None = None
) -> HttpResponse:
    """The desk as it stands; for htmx the live part alone, or nothing if nothing is new."""
    slips = round.slips.count()
    if request.htmx:
        return _live(request, round, slips)
    address = request.build_absolute_uri(reverse("feedback:score", args=[round.code]))
    failed = any(form and form.is_bound for form in (present, schedule))
    context = {
        "round": round,
        "meeting": round.meeting,
        "slips": slips,
        "address": address,
        "qr": qr_code(address),
        "present": present or PresentForm(instance=round.meeting),
        "schedule": schedule or ScheduleForm(initial={"opens_at": round.opens_at}),
        "key_is_kept": seals.is_kept(round.code),
    }
    return render(request, "feedback/desk.html", context, status=422 if failed else 200)


def _live(request: SignedInRequest, round: Round, slips: int) -> HttpResponse:
    if request.GET.get("phase") != round.phase:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("slips") == str(slips):
        return HttpResponse(status=204)
    return render(request, "feedback/desk.html#live", {"round": round, "meeting": round.meeting, "slips": slips})


def qr_code(address: str) -> str:
    """The address as inline SVG with a border, black on white."""
    return segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=3, light="#fff", lineclass=None)


@require_http_methods(["GET", "HEAD", "POST"])
def open(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Opens now; with a time in the form, sets when it opens by itself. GET, after a sign-in, does nothing."""
    round = get_round_for(request.user, slug, pk)
    if request.method != "POST":
        return to_desk(round)
    if "opens_at" not in request.POST:
        return _step(request, round, lambda: open_round(round_id=round.pk, by=request.user), _("Scoring is open."))
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return render_desk(request, round, schedule=form)
    return _step(
        request,
        round,
        lambda: schedule_round(round_id=round.pk, opens_at=form.cleaned_data["opens_at"], by=request.user),
        _("Scoring will open by itself. Phones can send from then on."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Stops scoring; before it has opened, takes back the time at which it would. GET does nothing."""
    round = get_round_for(request.user, slug, pk)
    if request.method != "POST":
        return to_desk(round)
    if round.phase == Phase.PLANNED:
        done = _("Scoring will not open by itself.")
        return _step(request, round, lambda: schedule_round(round_id=round.pk, opens_at=None, by=request.user), done)
    return _step(request, round, lambda: stop_round(round_id=round.pk, by=request.user), _("Scoring has stopped."))


def _step(request: SignedInRequest, round: Round, act: Callable[[], None], done: str) -> HttpResponse:
    """One act, then the desk. Whoever comes second is told how things stand."""
    try:
        act()
        messages.success(request, done)
    except WrongPhase as wrong:
        messages.warning(
            request, _("Nothing was changed. How it stands now: %(phase)s.") % {"phase": wrong.phase.label}
        )
    except SealLost:
        messages.error(
            request, _("Scoring could not open: the server cannot keep this meeting’s key. Tell whoever runs it.")
        )
    return to_desk(round)
