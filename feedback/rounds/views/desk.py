"""The minute-taker's desk: open, watch, stop, read comments, collate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Required, Self, TypedDict, Unpack

import segno
from django.contrib import messages
from django.db import OperationalError
from django.db.models import Count, Q
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.anonymity import seals
from feedback.anonymity.seals import SealLost
from feedback.models import Phase, Round
from feedback.rounds.forms import ScheduleForm, present_form
from feedback.rounds.lifecycle import end_overdue, open_round, record_present, schedule_round, stop_round
from feedback.rounds.phases import CalledOff, WrongPhase
from feedback.rounds.reminders import begin, is_wanted
from feedback.rounds.single_use_codes import NoCodes
from partnerships.deliveries import Progress, latest
from partnerships.models import Mailing, User
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_year_for


class Place(TypedDict, total=False):
    """What of an address says whose round it is: a partnership's, of the meeting `pk` or of the year `number`."""

    slug: Required[str]
    pk: int
    number: int


def get_round_for(user: User, right: Right = Right.RUN_FEEDBACK, **place: Unpack[Place]) -> Round:
    """The round of a meeting or a year, with that, partnership and area.

    Raises Http404 for outsiders, unknown names, and years for which no round was prepared; PermissionDenied for
    insiders without the right.
    """
    rounds = Round.objects.select_related("table__standing")
    meeting = year = None
    if "number" in place:
        year = get_year_for(user, place["slug"], place["number"], right)
        round = get_object_or_404(rounds, year__partnership=year.partnership, year__number=year.number)
    else:
        meeting = get_meeting_for(user, place["slug"], place["pk"], right)
        round = rounds.get(meeting=meeting)
    if round.phase == Phase.ENDED != round.stage:  # nobody ran the daily command yet: the promise holds all the same
        end_overdue(round_id=round.pk)
    round.meeting, round.year = meeting, year
    return round


def frame(round: Round) -> dict[str, object]:
    """What every page about a round needs."""
    return {
        "round": round,
        "partnership": round.partnership,
        "occasion": round.occasion,
        "meeting": round.meeting,
        "year": round.year,
        "back_label": _("The meeting") if round.meeting else _("The year"),
    }


@dataclass(frozen=True)
class Came:
    """How many slips of a running round have come in, and how many people are recorded present."""

    slips: int
    on_paper: int
    present: int | None

    @classmethod
    def of(cls, round: Round) -> Self:
        numbers = round.slips.aggregate(slips=Count("pk"), on_paper=Count("pk", filter=Q(on_paper=True)))
        return cls(**numbers, present=round.occasion.present)

    @property
    def by_phone(self) -> int:
        return self.slips - self.on_paper

    @property
    def exceed(self) -> bool:
        """More slips than people."""
        return self.present is not None and self.slips > self.present

    def __str__(self) -> str:
        """What changes whenever one of the numbers does."""
        return f"{self.slips}-{self.on_paper}-{self.present}"


def to_desk(round: Round) -> HttpResponse:
    return redirect(round.address("desk"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """POST saves the number of people present, or asked."""
    round = get_round_for(request.user, **place)
    present = present_form(round.occasion, request.POST or None)
    if request.method == "POST" and round.is_finished:
        messages.warning(request, _("The table is finished: the number of people stays as it was."))
        return to_desk(round)
    if request.method == "POST" and present.is_valid():
        number = present.cleaned_data["present"]
        return _step(
            request,
            round,
            lambda: record_present(round_id=round.pk, present=number),
            _("Number of people saved."),
        )
    return render_desk(request, round, present=present)


def render_desk(
    request: SignedInRequest, round: Round, *, present: ModelForm | None = None, schedule: ScheduleForm | None = None
) -> HttpResponse:
    """The desk as it stands; for htmx the live part alone, or nothing if nothing is new."""
    came = Came.of(round)
    if request.htmx:
        return _live(request, round, came)
    address = request.build_absolute_uri(reverse("feedback:score", args=[round.code]))
    failed = any(form and form.is_bound for form in (present, schedule))
    context = frame(round) | {
        "came": came,
        "slips": came.slips,
        "address": address,
        "qr": qr_code(address),
        "present": present or present_form(round.occasion),
        "schedule": schedule or ScheduleForm(initial={"opens_at": round.opens_at}),
        "sealed": why_sealed(round),
        "reached": _reached(round),
        "mails": Progress.of(mailing) if (mailing := latest(round.occasion, Mailing.Kind.SCORING)) else None,
        "key_is_kept": seals.is_kept(round.code),
    }
    return render(request, "feedback/rounds/desk.html", context, status=422 if failed else 200)


def _reached(round: Round) -> int:
    """How many members get the link by mail as soon as it opens."""
    if round.phase != Phase.PLANNED or round.uses_codes:
        return 0
    return round.partnership.members.current().exclude(email="").count()


def _live(request: SignedInRequest, round: Round, came: Came) -> HttpResponse:
    if request.GET.get("phase") != round.phase:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("came") == str(came):
        return HttpResponse(status=204)
    return render(request, "feedback/rounds/desk.html#live", frame(round) | {"came": came})


def why_sealed(round: Round) -> str:
    """Where the slips of a running round can neither be written nor read: why. Else nothing."""
    if round.opened_at is None or round.is_finished:
        return ""
    try:
        round.seal()
    except SealLost:
        return sealed()
    return ""


def sealed() -> str:
    """What to tell whoever runs a round whose key cannot be had."""
    if not seals.has_folder():
        return _(
            "The folder of keys cannot be reached: slips can neither be taken nor read until it is back. "
            "Hand out paper, and tell whoever runs the server."
        )
    return _(
        "This round is sealed for good: the key that could open its slips was destroyed when the table was made, "
        "or is lost. No slip can be taken or read. Tell whoever runs the server."
    )


def unwritable() -> str:
    return _(
        "Nothing was changed: the server could not write it down. "
        "Try again in a minute. If it stays so, tell whoever runs the server that its disk may be full."
    )


def qr_code(address: str, title: str | None = None) -> str:
    """The address as inline SVG with a border, black on white; `title` is what a screen reader says in a PDF."""
    return segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=3, light="#fff", lineclass=None, title=title
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """Opens now; with a time in the form, sets when it opens by itself. GET, after a sign-in, does nothing."""
    round = get_round_for(request.user, **place)
    if request.method != "POST":
        return to_desk(round)
    if "opens_at" not in request.POST:
        return _step(request, round, lambda: _open(round, request.user), _("Scoring is open."))
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return render_desk(request, round, schedule=form)
    return _step(
        request,
        round,
        lambda: schedule_round(round_id=round.pk, opens_at=form.cleaned_data["opens_at"], by=request.user),
        _("Scoring will open by itself. Phones can send from then on."),
    )


def _open(round: Round, by: User) -> None:
    """Opens, and puts the mails with the link in line: the desk sends them, whatever the mail server does."""
    open_round(round_id=round.pk, by=by)
    round.refresh_from_db()
    if is_wanted(round):
        begin(round, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """Stops scoring; before it has opened, takes back the time at which it would. GET does nothing."""
    round = get_round_for(request.user, **place)
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
    except CalledOff:
        messages.error(request, _("This meeting is called off: there is nothing to score."))
    except NoCodes:
        messages.error(request, _("Print codes first: without a single-use code nobody could score."))
    except SealLost:
        messages.error(
            request, _("Scoring could not open: the server cannot keep this meeting’s key. Tell whoever runs it.")
        )
    except OperationalError:
        messages.error(request, unwritable())
    return to_desk(round)
