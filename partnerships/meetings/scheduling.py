"""A year of meetings at once: which days a rule gives, and what speaks against each."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import holidays
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.models import Act, Entry, Meeting, Member, Partnership, User

MOST_AT_ONCE = 60


@dataclass
class Day:
    """One day that is proposed. `is_taken`: the partnership meets already then, at that very time."""

    date: datetime.date
    warnings: list[str] = field(default_factory=list)
    is_taken: bool = False


def days_of(*, first: datetime.date, rhythm: str, until: datetime.date) -> list[datetime.date]:
    """From `first` to `until`, both counted in.

    `rhythm`: "2w" for every second week, "2m" for every second month on the same weekday of the month (the
    second Tuesday; a fifth one counts as the last). Of too many days, one more than MOST_AT_ONCE.
    """
    every, unit = int(rhythm[:-1]), rhythm[-1]
    begin, end = (datetime.datetime.combine(day, datetime.time()) for day in (first, until))
    if unit == "w":
        rule = rrule(WEEKLY, dtstart=begin, until=end, interval=every)
    else:
        nth = (first.day - 1) // 7 + 1
        place = nth if nth < 5 else -1
        rule = rrule(MONTHLY, dtstart=begin, until=end, interval=every, byweekday=first.weekday(), bysetpos=place)
    return [moment.date() for moment in rule[: MOST_AT_ONCE + 1]]


def check(partnership: Partnership, dates: Collection[datetime.date], start: datetime.time | None) -> list[Day]:
    """Each day once, in order, with bank holidays and other meetings that its members have then."""
    days = [Day(date) for date in sorted(set(dates))]
    bank_holidays = holidays.UnitedKingdom(subdiv="NIR", years={day.date.year for day in days})
    clashes = _clashes(partnership, [day.date for day in days])
    for day in days:
        if name := bank_holidays.get(day.date):
            day.warnings.append(_("Bank holiday in Northern Ireland: %(name)s") % {"name": name})
        if day.date.weekday() >= 5:
            day.warnings.append(_("A weekend"))
        for meeting, shared in clashes.get(day.date, []):
            if meeting.partnership_id == partnership.pk:
                day.is_taken = day.is_taken or meeting.start == start
                day.warnings.append(_("This partnership has a meeting on that day already"))
            else:
                words = _("%(name)s meets on that day; members on both: %(n)s")
                day.warnings.append(words % {"name": meeting.partnership, "n": shared})
    return days


def _clashes(
    partnership: Partnership, dates: Sequence[datetime.date]
) -> dict[datetime.date, list[tuple[Meeting, int]]]:
    """Meetings of this partnership, and of others in the area that share members with it, with how many they share."""
    mine = Member.objects.current().filter(partnership=partnership, user__isnull=False).values("user")
    others = Member.objects.current().filter(user__in=mine, partnership__area=partnership.area_id)
    shared: dict[int, int] = {}
    for pk in others.exclude(partnership=partnership).order_by().values_list("partnership", flat=True):
        shared[pk] = shared.get(pk, 0) + 1
    found: dict[datetime.date, list[tuple[Meeting, int]]] = {}
    meetings = Meeting.objects.taking_place().filter(date__in=dates, partnership__in=[partnership.pk, *shared])
    for meeting in meetings.select_related("partnership").order_by("partnership__name", "pk"):
        found.setdefault(meeting.date, []).append((meeting, shared.get(meeting.partnership_id, 0)))
    return found


@transaction.atomic
def plan(
    *, partnership: Partnership, dates: Collection[datetime.date], details: dict[str, object], by: User
) -> list[Meeting]:
    """Meetings on these days, but for those that are taken by now. `details`: times and venue of all of them."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    start = details.get("start")
    taken = set(
        Meeting.objects.taking_place()
        .filter(partnership=partnership, date__in=dates, start=start)
        .values_list("date", flat=True)
    )
    made = []
    for date in sorted(set(dates) - taken):
        meeting = Meeting.objects.create(partnership=partnership, date=date, **details)
        Entry.objects.write(Act.MEETING_PLANNED, by=by, meeting=meeting)
        made.append(meeting)
    return made
