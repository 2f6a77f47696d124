"""What a signed-in person is asked for, partnership by partnership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from charter.adopting import asked_of
from feedback.models import Phase, Round, Table
from partnerships.models import Action, Mailing, Meeting, Member, Objective
from partnerships.permissions import RIGHTS, Right, Role

DUE_SOON = timedelta(days=14)


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
    next_meetings = _first_of_each(Meeting.objects.taking_place().upcoming(), partnerships)
    with_table = Meeting.objects.filter(pk__in=Table.objects.values("round__meeting")).order_by("-date", "-pk")
    last_tables = _first_of_each(with_table, partnerships)
    gone_out = Mailing.objects.filter(meeting__in=next_meetings.values(), kind="agenda", deliveries__state="sent")
    to_read = set(gone_out.values_list("meeting", flat=True))
    due = defaultdict(list)
    soon = timezone.localdate() + DUE_SOON
    for action in Action.objects.open().filter(member__in=members, due_on__lte=soon).for_agenda():
        due[action.member_id].append(action)
    objectives = defaultdict(list)
    for objective in Objective.objects.open().filter(member__in=members, due_on__lte=soon).for_plan():
        objectives[objective.member_id].append(objective)
    asked = asked_of(members)
    running = defaultdict(list)
    for round in Round.objects.running().with_occasion().of(partnerships):
        running[round.partnership.pk].append(round)
    return [
        Standing(
            member=member,
            next_meeting=next_meetings.get(member.partnership_id),
            last_table=last_tables.get(member.partnership_id),
            tasks=[
                *_adopting(member, asked),
                *_tasks(member, running[member.partnership_id]),
                *_reading(next_meetings.get(member.partnership_id), to_read),
                *_doing(member, due[member.pk]),
                *_reaching(member, objectives[member.pk]),
            ],
        )
        for member in members
    ]


def _first_of_each(meetings: QuerySet[Meeting], partnerships: Sequence[int]) -> dict[int, Meeting]:
    """{partnership: its first meeting in the order given}."""
    first = meetings.filter(partnership=OuterRef("partnership")).values("pk")[:1]
    found = Meeting.objects.filter(partnership__in=partnerships, pk=Subquery(first)).select_related("partnership")
    return {meeting.partnership_id: meeting for meeting in found}


def _adopting(member: Member, asked: Collection[int]) -> Iterator[Task]:
    if member.pk in asked:
        yield Task(_("Adopt the charter"), reverse("charter:detail", args=[member.partnership.slug]))


def _tasks(member: Member, rounds: Iterable[Round]) -> Iterator[Task]:
    runs = Right.RUN_FEEDBACK in RIGHTS[Role(member.role)]
    for round in rounds:
        date = round.when
        if round.phase == Phase.OPEN:
            yield Task(_asks(round) % {"date": date}, reverse("feedback:score", args=[round.code]))
        if runs and not round.is_finished:
            is_open = round.phase == Phase.OPEN
            words = _("Watch the slips come in: %(date)s") if is_open else _("Make the table: %(date)s")
            yield Task(words % {"date": date}, round.address("desk"))


def _asks(round: Round) -> str:
    if round.meeting is None:
        return _("Say how our year %(date)s went")
    if round.meeting.date == timezone.localdate():
        return _("Score today’s meeting")
    return _("Score the meeting of %(date)s")


def _reading(meeting: Meeting | None, to_read: Collection[int]) -> Iterator[Task]:
    """The agenda of the next meeting, once it has gone out."""
    if meeting and meeting.pk in to_read:
        words = _("Read the agenda of %(date)s") % {"date": date_format(meeting.date, "j F Y")}
        yield Task(words, meeting.get_absolute_url())


def _doing(member: Member, actions: Iterable[Action]) -> Iterator[Task]:
    """What the member has said they would do, and is due."""
    for action in actions:
        yield _due(action, action.decided, reverse("partnerships:actions", args=[member.partnership.slug]))


def _reaching(member: Member, objectives: Iterable[Objective]) -> Iterator[Task]:
    """What the plan of the year has them do, and is due."""
    for objective in objectives:
        year = objective.outcome.aim.year
        year.partnership = member.partnership
        yield _due(objective, objective.text, year.plan_url)


def _due(owned: Action | Objective, what: str, url: str) -> Task:
    assert owned.due_on
    due = {"what": Truncator(what).chars(60), "date": date_format(owned.due_on, "j F Y")}
    words = _("Overdue since %(date)s: %(what)s") if owned.is_overdue else _("Due %(date)s: %(what)s")
    return Task(words % due, url)
