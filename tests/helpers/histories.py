"""Years of meetings with tables, past the front door."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from feedback.models import Table
from feedback.trends.standings import keep_standings
from partnerships.models import Meeting, Partnership
from tests.helpers.years import met

STEADY = [(4, 2, 0), (3, 2, 1), (5, 1, 0)]
# Ups and downs around 2.4, then seven meetings on one side of the mean: a shift that begins with the ninth.
_BEFORE = [(3, 2, 1), (4, 1, 1), (3, 3, 0), (3, 2, 1), (4, 1, 1), (3, 2, 1), (3, 3, 0), (4, 1, 1)]
CHANGED = [*_BEFORE, (5, 1, 0), (6, 0, 0), (5, 1, 0), (6, 0, 0), (6, 0, 0), (5, 1, 0), (6, 0, 0)]


def monthly(partnership: Partnership, answers: Sequence[object], *, first: str = "2024-04-10") -> list[Meeting]:
    """A meeting a month from the first day on, on the tenth, each with these answers to all statements."""
    start = datetime.date.fromisoformat(first)
    months = [start.year * 12 + start.month - 1 + n for n in range(len(answers))]
    days = [datetime.date(month // 12, month % 12 + 1, start.day).isoformat() for month in months]
    meetings = [met(partnership, day, each) for day, each in zip(days, answers, strict=True)]
    keep_standings(partnership.pk)
    return meetings


def from_paper(partnership: Partnership, date: str, average: str, *, slips: int = 12) -> Table:
    """A table of which the paper says averages alone."""
    meeting = met(partnership, date)
    keys = [statement.key for statement in meeting.round.instrument.statements]
    Table.objects.filter(round=meeting.round).update(
        slips=slips,
        tallies=None,
        measures={key: {"average": average} for key in keys},
        imported_on=datetime.date(2026, 11, 26),
    )
    keep_standings(partnership.pk)
    return Table.objects.get(round=meeting.round)
