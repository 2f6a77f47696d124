"""Which figures leave, and of what: one line a meeting and statement, one line a year and statement.

Only what pages show: nothing under the threshold, no sum that holds it, and nobody's words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from coprod.common.spans import Span
from feedback.models import Table
from feedback.scores.collation import Row, Tabulation
from feedback.scores.verdicts import Verdict
from feedback.trends.history import KEYS, TOTAL, History
from feedback.trends.sums import MeetingsSum
from partnerships.models import Area, Partnership

# How a line of a meeting is known.
SHOWN, HIDDEN, AVERAGES_ONLY, TOO_SMALL = "shown", "hidden", "averages_only", "too_small"


@dataclass(frozen=True)
class Extent:
    """One partnership, or all of an area; all years, or the one of this number."""

    owner: Partnership | Area
    year: int | None = None

    @property
    def area(self) -> Area:
        return self.owner if isinstance(self.owner, Area) else self.owner.area

    @cached_property
    def histories(self) -> list[History]:
        """Of each partnership, by name, without the notes on its charts: two queries, however many there are."""
        found = list(self._partnerships.order_by("name", "pk"))
        tables: dict[int, list[Table]] = defaultdict(list)
        for table in self._tables:
            assert table.round.meeting
            tables[table.round.meeting.partnership_id].append(table)
        for partnership in found:
            partnership.area = self.area
        return [History(partnership, tables[partnership.pk], []) for partnership in found]

    @property
    def _partnerships(self) -> QuerySet[Partnership]:
        if isinstance(self.owner, Area):
            return self.owner.partnerships.all()
        return Partnership.objects.filter(pk=self.owner.pk)

    @property
    def _tables(self) -> QuerySet[Table]:
        """Of one year those of any year that begins in it, in whatever month."""
        tables = Table.objects.of_partnerships(self._partnerships)
        if self.year is None:
            return tables
        days = (date(self.year, 1, 1), date(self.year + 1, 12, 31))
        return tables.filter(round__meeting__date__range=days)


@dataclass(frozen=True)
class TableLine:
    """One statement of a meeting's table; or, without a row, a meeting with too few slips to show any."""

    partnership: Partnership
    table: Table
    row: Row | None = None

    @property
    def status(self) -> str:
        if self.row is None:
            return TOO_SMALL
        if self.table.measures is not None:
            return AVERAGES_ONLY
        return HIDDEN if self.row.hidden else SHOWN

    @cached_property
    def counted(self) -> Row | None:
        """The row, where its counts are known."""
        return self.row if self.status == SHOWN else None


def table_lines(extent: Extent) -> Iterator[TableLine]:
    """One partnership after the other, each by date. A year is that of whose figures they are: the partnership's own,
    or the area's."""
    month = extent.owner.year_start_month
    span = None if extent.year is None else Span.numbered(extent.year, month=month)
    for history in extent.histories:
        for table in history.tables:
            assert table.round.meeting
            if span is None or span.first <= table.round.meeting.date <= span.last:
                tabulation = table.tabulation()
                rows = tabulation.rows if tabulation else [None]
                yield from (TableLine(history.partnership, table, row) for row in rows)


@dataclass(frozen=True)
class TrendLine:
    """One statement, or the total, of one year of a partnership."""

    partnership: Partnership
    span: Span
    meetings: MeetingsSum
    key: str

    @property
    def is_total(self) -> bool:
        return self.key == TOTAL

    @cached_property
    def counted(self) -> Row | Tabulation | None:
        """What holds the sums; None where there is nothing to sum."""
        tabulation = self.meetings.tabulation
        if tabulation is None or self.is_total:
            return tabulation
        row = next(row for row in tabulation.rows if row.statement.key == self.key)
        return None if row.hidden else row

    @property
    def in_sum(self) -> int:
        """Of how many meetings: those that hide the statement are not among them."""
        return sum(self.is_total or self.key in (table.tallies or ()) for table in self.meetings.with_counts)

    @property
    def verdict(self) -> Verdict | None:
        """As it was said at the year's latest meeting with a figure of it."""
        return self.meetings.verdicts.get(self.key)


def trend_lines(extent: Extent) -> Iterator[TrendLine]:
    """One partnership after the other, the earliest year first. A year is always the partnership's own."""
    for history in extent.histories:
        for number, meetings in history.by_year.items():
            if extent.year in {None, number}:
                span = Span.numbered(number, month=history.partnership.year_start_month)
                yield from (TrendLine(history.partnership, span, meetings, key) for key in KEYS)
