"""What the trends of one partnership show, on the page, printed and in the PDF alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from coprod.common.spans import Span
from feedback.models import ChartNote
from feedback.scores.collation import Row, Tabulation
from feedback.scores.verdicts import Verdict, together
from feedback.trends.charts import chart_of, marked, scale_in_words, shown_from, spark_of, usual_in_words
from feedback.trends.history import KEYS, TOTAL, History, Plotted, Scored, Series, label_of
from feedback.trends.sums import MeetingsSum
from partnerships.models import Partnership
from partnerships.models.years import EARLIEST, LATEST, current_number

# How the choice of no year in particular is written.
ALL_YEARS = "all"


@dataclass(frozen=True)
class Change:
    """One statement, or the total: what is said of it, with a small chart of every meeting."""

    key: str
    label: str
    verdict: Verdict
    spark: str


@dataclass(frozen=True)
class YearLine:
    """One year among all: its meetings, and the averages of its summed answers in the order of the keys."""

    span: Span
    sum: MeetingsSum
    averages: Sequence[Fraction | None]


@dataclass(frozen=True)
class Trends:
    """`year`: which one is looked at, as it was known at its end; None for all years as one. `key`: which statement,
    or the total, is drawn large. `numbers`: of all years with a table."""

    history: History
    year: int | None
    key: str
    numbers: Sequence[int]

    @classmethod
    def of(cls, partnership: Partnership, *, year: str, key: str) -> Trends:
        """`year`: a number, "all", or "" for the latest with a table. Raises LookupError where there is no such year
        or statement."""
        if key not in {"", *KEYS} or year not in {"", ALL_YEARS, *map(str, range(EARLIEST, LATEST + 1))}:
            raise LookupError(key, year)
        everything = History.of(partnership)
        latest = max(everything.by_year, default=current_number(partnership))
        number = None if year == ALL_YEARS else int(year or latest)
        month = partnership.year_start_month
        history = everything if number is None else everything.until(Span.numbered(number, month=month).last)
        return cls(history, number, key or TOTAL, tuple(everything.by_year))

    @property
    def partnership(self) -> Partnership:
        return self.history.partnership

    @property
    def years(self) -> list[Span]:
        """Those that can be chosen, the latest first."""
        looked_at = {self.year} if self.year is not None else set()
        numbers = {*self.numbers, current_number(self.partnership), *looked_at}
        return [self._span(number) for number in sorted(numbers, reverse=True)]

    @cached_property
    def span(self) -> Span | None:
        return None if self.year is None else self._span(self.year)

    @property
    def span_before(self) -> Span | None:
        return None if self.year is None else self._span(self.year - 1)

    @cached_property
    def this(self) -> MeetingsSum:
        """The year's meetings; without one, those of all years."""
        return self.history.all_years if self.year is None else self._sum(self.year)

    @cached_property
    def before(self) -> MeetingsSum:
        return MeetingsSum([]) if self.year is None else self._sum(self.year - 1)

    @cached_property
    def compared(self) -> list[tuple[Row, Fraction | None]]:
        """The seven statements of the year beside last year's."""
        return self.this.beside(self.before)

    @cached_property
    def changes(self) -> list[Change]:
        values = [each.value for key, series in self.history.series.items() if key != TOTAL for each in series.plotted]
        lowest = shown_from(KEYS[0], values)
        return [
            self._change(key, series, None if key == TOTAL else lowest) for key, series in self.history.series.items()
        ]

    @property
    def real_changes(self) -> list[tuple[str, list[str]]]:
        return together((change.label, change.verdict) for change in self.changes if change.verdict.is_real)

    @property
    def drawn(self) -> Series:
        return self.history.series[self.key]

    @property
    def label(self) -> str:
        return label_of(self.key)

    @cached_property
    def chart(self) -> str:
        return chart_of(self.history, self.key, shaded=self.span)

    @property
    def usual(self) -> str:
        return usual_in_words(self.drawn)

    @property
    def has_rings(self) -> bool:
        return any(each.meeting.table.measures is not None for each in self.drawn.plotted)

    @property
    def scale(self) -> str:
        return scale_in_words(self.drawn)

    @property
    def marks(self) -> list[tuple[int, str, ChartNote]]:
        return marked(self.history, self.drawn.plotted)

    @cached_property
    def points(self) -> list[Plotted]:
        """What the chart shows, the latest first."""
        return self.drawn.plotted[::-1]

    @cached_property
    def meetings(self) -> list[tuple[Scored, list[Fraction | None]]]:
        """The meetings that are looked at, the latest first, each with its averages in the order of the keys."""
        chosen = {table.pk for table in self.this.tables}
        found = [scored for scored in self.history.scored if scored.table.pk in chosen]
        return [(scored, [scored.value(key) for key in KEYS]) for scored in found[::-1]]

    @cached_property
    def year_lines(self) -> list[YearLine]:
        """All years with a table, the latest first."""
        found = [
            YearLine(self._span(n), each, averages_of(each.tabulation)) for n, each in self.history.by_year.items()
        ]
        return found[::-1]

    def _sum(self, year: int) -> MeetingsSum:
        return self.history.by_year.get(year, MeetingsSum([]))

    def _span(self, number: int) -> Span:
        return Span.numbered(number, month=self.partnership.year_start_month)

    def _change(self, key: str, series: Series, lowest: Fraction | None) -> Change:
        label = label_of(key)
        values = [each.value for each in series.plotted]
        spark = spark_of(label, values, key, lowest=lowest) if len(values) > 1 else ""
        return Change(key, label, series.verdict, spark)


def averages_of(tabulation: Tabulation | None) -> list[Fraction | None]:
    """In the order of the keys: the statements' averages, and the average total."""
    if tabulation is None:
        return [None] * len(KEYS)
    return [*(row.average for row in tabulation.rows), tabulation.average_total]
