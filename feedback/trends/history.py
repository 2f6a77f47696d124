"""All that the collated meetings of one partnership say, in order of date: what pages, PDFs and exports draw from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from coprod.common.spans import Span
from feedback.models import ChartNote, Table
from feedback.models.changes import STATEMENTS
from feedback.scores.collation import Tabulation
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.verdicts import Verdict
from feedback.scores.xmr import NEEDED, Cause, Direction, Point, Xmr, since, xmr
from feedback.trends.sums import MeetingsSum
from partnerships.models import Partnership

TOTAL = "total"
KEYS = (*STATEMENTS, TOTAL)


def label_of(key: str) -> str:
    """The statement's own words, or what the total is called on the Guide's table."""
    return STATEMENTS[key].text if key in STATEMENTS else MEETING_FEEDBACK.paper.total


@dataclass(frozen=True)
class Scored:
    """One meeting with a table that shows figures."""

    table: Table
    tabulation: Tabulation

    @property
    def date(self) -> date:
        assert self.table.round.meeting
        return self.table.round.meeting.date

    def value(self, key: str) -> Fraction | None:
        """The average of one statement, or the average total; None where it is hidden or nobody answered."""
        if key == TOTAL:
            return self.tabulation.average_total
        return next(row.average for row in self.tabulation.rows if row.statement.key == key)


@dataclass(frozen=True)
class Stretch:
    """Meetings that are judged by the same limits: all, or those from one reset of limits to the next. `begins`: the
    note that reset them, where one did."""

    begins: ChartNote | None
    meetings: Sequence[Scored]
    values: Sequence[Fraction]

    @cached_property
    def xmr(self) -> Xmr:
        return xmr([float(value) for value in self.values])

    @property
    def is_judged(self) -> bool:
        return len(self.values) >= NEEDED

    @property
    def points(self) -> tuple[Point, ...]:
        """As judged by the limits; with too few meetings for that, none is special."""
        return self.xmr.points if self.is_judged else tuple(Point(float(value), None, 0) for value in self.values)

    @property
    def verdict(self) -> Verdict:
        """Of its latest meeting."""
        last = self.points[-1] if self.values else None
        began = since(self.points)
        day = None if began is None else self.meetings[began].date
        return Verdict(len(self.values), last.cause, last.direction, day) if last else Verdict(0)

    def until(self, place: int) -> Stretch:
        """As it was when the meeting at this place was the latest."""
        return Stretch(self.begins, self.meetings[: place + 1], self.values[: place + 1])


@dataclass(frozen=True)
class Plotted:
    """One point of a chart."""

    meeting: Scored
    value: Fraction
    cause: Cause | None
    direction: Direction


@dataclass(frozen=True)
class Series:
    """One statement's averages, or the average totals, over all meetings; the earliest first."""

    key: str
    stretches: Sequence[Stretch]

    @cached_property
    def plotted(self) -> list[Plotted]:
        return [
            Plotted(meeting, value, point.cause, point.direction)
            for stretch in self.stretches
            for meeting, value, point in zip(stretch.meetings, stretch.values, stretch.points, strict=True)
        ]

    @property
    def verdict(self) -> Verdict:
        """Of the latest meeting."""
        return self.stretches[-1].verdict


@dataclass(frozen=True)
class History:
    """`tables`: of all its meetings, those too small to show too; `notes`: on its charts. Both the earliest first."""

    partnership: Partnership
    tables: Sequence[Table]
    notes: Sequence[ChartNote]

    @classmethod
    def of(cls, partnership: Partnership) -> History:
        """Two queries, however long it is."""
        tables = list(Table.objects.of_partnerships(Partnership.objects.filter(pk=partnership.pk)))
        for table in tables:
            assert table.round.meeting
            table.round.meeting.partnership = partnership
        return cls(partnership, tables, list(partnership.chart_notes.all()))

    def until(self, day: date) -> History:
        """As it was on the evening of that day."""
        tables = [table for table in self.tables if table.round.meeting and table.round.meeting.date <= day]
        return History(self.partnership, tables, [note for note in self.notes if note.date <= day])

    @cached_property
    def scored(self) -> list[Scored]:
        return [Scored(table, tabulation) for table in self.tables if (tabulation := table.tabulation())]

    @cached_property
    def series(self) -> dict[str, Series]:
        """{statement key, or "total": its series}."""
        return {key: self._series(key) for key in KEYS}

    @cached_property
    def by_year(self) -> dict[int, MeetingsSum]:
        """{number of the partnership's year: its meetings}, the earliest year first."""
        found: dict[int, list[Table]] = defaultdict(list)
        for table in self.tables:
            assert table.round.meeting
            span = Span.around(table.round.meeting.date, month=self.partnership.year_start_month)
            found[span.number].append(table)
        return {number: MeetingsSum(tables) for number, tables in found.items()}

    @cached_property
    def all_years(self) -> MeetingsSum:
        return MeetingsSum(self.tables)

    def _series(self, key: str) -> Series:
        known = [(meeting, value) for meeting in self.scored if (value := meeting.value(key)) is not None]
        resets = [note for note in self.notes if note.resets_limits]
        starts = [None, *resets]
        ends: list[date] = [*(note.date for note in resets), date.max]
        stretches = []
        for begins, end in zip(starts, ends, strict=True):
            first = begins.date if begins else date.min
            within = [(meeting, value) for meeting, value in known if first <= meeting.date < end]
            if within:  # limits begin anew with the first meeting since, not with the day
                stretches.append(Stretch(begins, [m for m, _value in within], [v for _meeting, v in within]))
        return Series(key, stretches or [Stretch(None, [], [])])
