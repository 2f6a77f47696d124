"""Several meetings as one: a partnership's year, all its years, an area's year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Self

from feedback.models import Table
from feedback.scores.collation import Row, Tabulation, add, tabulate
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.verdicts import Verdict


@dataclass(frozen=True)
class MeetingsSum:
    """Meetings that were scored with the seven statements. Only tables with counts are in any sum: neither those that
    hide theirs, nor those of which the paper says averages alone."""

    tables: Sequence[Table]

    @classmethod
    def of_all(cls, parts: Sequence[MeetingsSum]) -> Self:
        return cls([table for part in parts for table in part.tables])

    @cached_property
    def with_counts(self) -> list[Table]:
        return [table for table in self.tables if table.tallies is not None]

    @cached_property
    def with_figures(self) -> list[Table]:
        return [table for table in self.tables if not table.is_too_small]

    @property
    def too_small(self) -> int:
        return len(self.tables) - len(self.with_figures)

    @property
    def without_counts(self) -> int:
        """Those with averages or percentages alone."""
        return len(self.with_figures) - len(self.with_counts)

    @property
    def imported(self) -> int:
        return sum(table.imported_on is not None for table in self.with_figures)

    @cached_property
    def tabulation(self) -> Tabulation | None:
        """None where no meeting has a table with counts."""
        counts = [counts for counts in (table.counts() for table in self.tables) if counts]
        return tabulate(add(counts), MEETING_FEEDBACK) if counts else None

    @property
    def average_total(self) -> Fraction | None:
        return self.tabulation.average_total if self.tabulation else None

    def beside(self, before: MeetingsSum) -> list[tuple[Row, Fraction | None]]:
        """The statements summed, each with its average in `before`; empty without any counts."""
        if self.tabulation is None:
            return []
        earlier = before.tabulation.rows if before.tabulation else [None] * len(self.tabulation.rows)
        return [(row, old.average if old else None) for row, old in zip(self.tabulation.rows, earlier, strict=True)]

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """{statement key, or "total": what was said of it at the latest meeting that has a figure of it}. Asks for
        nothing: tables that were read without how they stand have none."""
        standings = (table.standing for table in self.with_figures if hasattr(table, "standing"))
        return {key: Verdict.of_kept(kept) for standing in standings for key, kept in standing.verdicts.items()}

    @property
    def slips(self) -> int:
        """On the tables with counts."""
        return sum(table.slips for table in self.with_counts)

    @property
    def response(self) -> Fraction | None:
        """Slips of people present, 0 to 1, over the tables with counts whose number of people was recorded. None
        where there is none of them."""
        known = [(table.slips, table.present) for table in self.with_counts if table.present]
        present = sum(number for _slips, number in known)
        return Fraction(sum(slips for slips, _present in known), present) if present else None
