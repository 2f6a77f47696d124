"""An area's year: all its partnerships beside each other, none before another, and their answers summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from coprod.common.spans import Span
from coprod.common.tree import branches
from feedback.models import Phase, Table
from feedback.scores.collation import Row, Tabulation
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.verdicts import Verdict, together
from feedback.trends.charts import shown_from, spark_of
from feedback.trends.history import KEYS, TOTAL, label_of
from feedback.trends.sums import MeetingsSum
from partnerships.models import Area, Meeting, Partnership

# Fewer slips than this part of the people present are few.
LOW_RESPONSE = Fraction(1, 2)


@dataclass(frozen=True)
class Cell:
    """One statement in one line: its average in the year, that of the other year, and a small chart of the year."""

    average: Fraction | None
    before: Fraction | None
    spark: str


@dataclass(frozen=True)
class Line:
    """One partnership's year. `held`: its meetings up to now, whether they were scored or not."""

    partnership: Partnership
    depth: int
    held: int
    this: MeetingsSum
    before: MeetingsSum

    @property
    def unscored(self) -> int:
        """Meetings without a table; of those with too few slips to show there is one."""
        return max(0, self.held - len(self.this.tables))

    @property
    def responds_little(self) -> bool:
        response = self.this.response
        return response is not None and response < LOW_RESPONSE

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """In the order of the keys."""
        found = self.this.verdicts
        return {key: found[key] for key in KEYS if key in found}

    @property
    def real(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts.values() if verdict.is_real]

    @property
    def changes(self) -> list[tuple[str, list[str]]]:
        """What really changed, by its words."""
        return together((label_of(key), verdict) for key, verdict in self.verdicts.items() if verdict.is_real)

    @property
    def verdict(self) -> Verdict | None:
        """Of the total, else of whatever there is; None where no meeting has figures."""
        return self.verdicts.get(TOTAL) or next(iter(self.verdicts.values()), None)

    @cached_property
    def drawn(self) -> list[Tabulation]:
        """The tables of the year's meetings with figures, the earliest first."""
        tabulations = (table.tabulated(MEETING_FEEDBACK) for table in self.this.with_figures)
        return [tabulation for tabulation in tabulations if tabulation]

    def cells(self, lowest: Fraction) -> list[Cell]:
        """Of the seven statements, in their order, on a scale that begins at `lowest`."""
        this, before = self.this.tabulation, self.before.tabulation
        cells = []
        for place, statement in enumerate(MEETING_FEEDBACK.statements):
            values = [tabulation.rows[place].average for tabulation in self.drawn]
            told = f"{self.partnership}, {statement.text}"
            known = [value for value in values if value is not None]
            cells.append(
                Cell(
                    average=this.rows[place].average if this else None,
                    before=before.rows[place].average if before else None,
                    spark=spark_of(told, values, statement.key, lowest=lowest) if len(known) > 1 else "",
                )
            )
        return cells


def with_cells(lines: Sequence[Line]) -> list[tuple[Line, list[Cell]]]:
    """These lines with their small charts, all on one scale."""
    drawn = [row.average for line in lines for each in line.drawn for row in each.rows]
    lowest = shown_from(MEETING_FEEDBACK.statements[0].key, [value for value in drawn if value is not None])
    return [(line, line.cells(lowest)) for line in lines]


@dataclass(frozen=True)
class AreaYear:
    """`lines`: all partnerships of the area, in the order of their names; `span`, `other`: the two years compared."""

    area: Area
    span: Span
    other: Span
    lines: Sequence[Line]

    @classmethod
    def of(cls, area: Area, span: Span, other: Span, partnerships: Sequence[Partnership]) -> AreaYear:
        """Two queries. `partnerships`: all of the area's, as `with_held` annotates them."""
        # Of thousands of tables only what is shown of them is read: of the other year not even how they stand.
        tables = Table.objects.of_partnerships(area.partnerships.all()).select_related(None)
        tables = tables.annotate(partnership=F("round__meeting__partnership"))
        this, before = _sums(tables.select_related("standing"), span), _sums(tables, other)
        nothing = MeetingsSum([])
        lines = [
            Line(each, 0, each.held, this.get(each.pk, nothing), before.get(each.pk, nothing))  # type: ignore[attr-defined]
            for each in partnerships
        ]
        return cls(area, span, other, lines)

    @cached_property
    def this(self) -> MeetingsSum:
        return MeetingsSum.of_all([line.this for line in self.lines])

    @cached_property
    def before(self) -> MeetingsSum:
        return MeetingsSum.of_all([line.before for line in self.lines])

    @property
    def held(self) -> int:
        return sum(line.held for line in self.lines)

    @cached_property
    def compared(self) -> list[tuple[Row, Fraction | None]]:
        """The seven statements summed, beside those of the other year."""
        return self.this.beside(self.before)


def as_tree(lines: Sequence[Line]) -> list[Line]:
    """Each below the one it reports to, as far as that is among them."""
    of = {line.partnership.pk: line for line in lines}
    listed = branches([line.partnership for line in lines])
    return [replace(of[branch.partnership.pk], depth=branch.indent) for branch in listed]


def with_held(partnerships: QuerySet[Partnership], span: Span) -> QuerySet[Partnership]:
    """Each with `held`, the number of its meetings of the span up to today, without those that are still being scored
    or may be today: a look into the index of meetings by partnership and date, however long the history is."""
    meetings = Meeting.objects.taking_place().filter(partnership=OuterRef("pk")).order_by()
    today = timezone.localdate()
    meetings = meetings.filter(date__range=(span.first, min(span.last, today)))
    meetings = meetings.exclude(round__stage__in=[Phase.OPEN, Phase.STOPPED, Phase.COMMENTS])
    meetings = meetings.exclude(date=today, round__stage=Phase.PLANNED)
    held = meetings.values("partnership").annotate(n=Count("pk"))
    return partnerships.annotate(held=Coalesce(Subquery(held.values("n")), 0))


def first_met(area: Area) -> date | None:
    """The day of the area's first meeting."""
    meetings = Meeting.objects.taking_place().filter(partnership=OuterRef("pk")).order_by("date")
    firsts = area.partnerships.order_by().annotate(first=Subquery(meetings.values("date")[:1]))
    return firsts.aggregate(earliest=Min("first"))["earliest"]


def _sums(tables: QuerySet[Table], span: Span) -> dict[int, MeetingsSum]:
    """{partnership: its meetings with a table in the span}."""
    found: dict[int, list[Table]] = defaultdict(list)
    for table in tables.filter(round__meeting__date__range=(span.first, span.last)):
        found[table.partnership].append(table)  # type: ignore[attr-defined]
    return {partnership: MeetingsSum(tables) for partnership, tables in found.items()}
