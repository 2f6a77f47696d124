"""What a signed-in person is asked for, partnership by partnership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Phase, Round, Table
from partnerships.models import Meeting, Member
from partnerships.permissions import RIGHTS, Right, Role


@dataclass(frozen=True)
class Task:
    words: str
    url: str


@dataclass
class Standing:
    """One membership: the next meeting, what is asked of the member, the last table's meeting."""

    member: Member
    next_meeting: Meeting | None = None
    last_table: Meeting | None = None
    tasks: list[Task] = field(default_factory=list)


def standings_of(members: Sequence[Member]) -> list[Standing]:
    """One for each membership (with its partnership), in the same order; a constant number of queries."""
    partnerships = [member.partnership_id for member in members]
    next_meetings = _first_of_each(Meeting.objects.upcoming(), partnerships)
    with_table = Meeting.objects.filter(pk__in=Table.objects.values("round__meeting")).order_by("-date", "-pk")
    last_tables = _first_of_each(with_table, partnerships)
    running = defaultdict(list)
    for round in Round.objects.running().with_meeting().filter(meeting__partnership__in=partnerships):
        running[round.meeting.partnership_id].append(round)
    return [
        Standing(
            member=member,
            next_meeting=next_meetings.get(member.partnership_id),
            last_table=last_tables.get(member.partnership_id),
            tasks=list(_tasks(member, running[member.partnership_id])),
        )
        for member in members
    ]


def _first_of_each(meetings: QuerySet[Meeting], partnerships: Sequence[int]) -> dict[int, Meeting]:
    """{partnership: its first meeting in the order given}."""
    first = meetings.filter(partnership=OuterRef("partnership")).values("pk")[:1]
    found = Meeting.objects.filter(partnership__in=partnerships, pk=Subquery(first)).select_related("partnership")
    return {meeting.partnership_id: meeting for meeting in found}


def _tasks(member: Member, rounds: Iterable[Round]) -> Iterator[Task]:
    runs = Right.RUN_FEEDBACK in RIGHTS[Role(member.role)]
    for round in rounds:
        date = date_format(round.meeting.date, "j F Y")
        if round.phase == Phase.OPEN:
            is_today = round.meeting.date == timezone.localdate()
            words = _("Score today’s meeting") if is_today else _("Score the meeting of %(date)s") % {"date": date}
            yield Task(words, reverse("feedback:score", args=[round.code]))
        if runs and not round.is_finished:
            is_open = round.phase == Phase.OPEN
            words = _("Watch the slips come in: %(date)s") if is_open else _("Make the table: %(date)s")
            desk = reverse("feedback:desk", args=[member.partnership.slug, round.meeting_id])
            yield Task(words % {"date": date}, desk)
