"""What a column is, and what both data sets have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coprod.common.sheets import Value
from feedback.exports.lines import Extent, TableLine, TrendLine
from feedback.scores.collation import Row, Tabulation
from feedback.scores.rounding import ten_thousandth
from partnerships.models import Partnership

TEXT, WHOLE, DECIMAL, DATE = _("text"), _("whole number"), _("decimal number"), _("date")
POINTS = _("3 for each Yes, 2 for each Needs Improvement, 1 for each No.")
SHARE = _("points divided by the most there could be, 3 times answered; 0 to 1.")


@dataclass(frozen=True)
class Column[Line]:
    """`says`: what the data dictionary says of it. `of`: its value in a line, None where that is unknown."""

    name: str
    kind: Promise
    says: Promise
    of: Callable[[Line], Value]


@dataclass(frozen=True)
class DataSet[Line]:
    name: str
    title: Promise
    says: Promise
    columns: Sequence[Column[Line]]
    lines: Callable[[Extent], Iterable[Line]]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def explained(self) -> list[tuple[str, str, str]]:
        """Name, kind and meaning of each column."""
        return [(column.name, str(column.kind), str(column.says)) for column in self.columns]

    def rows(self, extent: Extent) -> Iterator[list[Value]]:
        return ([column.of(line) for column in self.columns] for line in self.lines(extent))


# The first columns of both: whose figures they are.
OF_WHOM: tuple[Column[TableLine | TrendLine], ...] = (
    Column("area", TEXT, _("The council’s community planning area."), lambda line: line.partnership.area.name),
    Column("partnership", TEXT, _("The partnership’s name. It may change."), lambda line: line.partnership.name),
    Column(
        "partnership_slug",
        TEXT,
        _("The partnership’s short name in addresses. It does not change: join files by it."),
        lambda line: line.partnership.slug,
    ),
    Column(
        "kind",
        TEXT,
        format_lazy(_("What it is, one of: {kinds}."), kinds=", ".join(Partnership.Kind.values)),
        lambda line: str(line.partnership.kind),
    ),
)


def count(counted: Row | Tabulation | None, option: str) -> int | None:
    """How often this answer was given."""
    return next((t.count for t in counted.tallies if t.option.key == option), None) if counted else None


def share(counted: Row | Tabulation | None) -> Value:
    return ten_thousandth(counted.share) if counted else None
