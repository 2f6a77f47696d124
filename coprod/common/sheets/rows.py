"""What every kind of file becomes, and how much of it is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coprod.common.text import tidy

MOST_BYTES = 2_000_000  # of an upload
MOST_UNPACKED = 20_000_000  # bytes out of a ZIP, all parts summed; and letters in all cells
MOST_ROWS = 2_000  # that hold anything
MOST_COLUMNS = 50  # up to the last one that holds anything


class Unreadable(Exception):
    """Its message is for the person who pasted or uploaded: a translated sentence that says what to do."""


@dataclass(frozen=True)
class Row:
    """`number` is what the person's spreadsheet program shows beside it, from 1; `cells` start at column A."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows that hold anything, in order; what the person should know about how they were read, translated."""

    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


class Rows:
    """Takes rows one at a time, tidied, without blank rows and trailing blank cells, and minds the limits."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._letters = 0

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Raises Unreadable where the limits are passed."""
        self._letters += sum(map(len, cells))
        if self._letters > MOST_UNPACKED:
            raise too_large()
        tidied = [tidy(cell) for cell in cells]
        while tidied and not tidied[-1]:
            tidied.pop()
        if len(tidied) > MOST_COLUMNS:
            raise too_wide()
        if tidied:
            self._keep(Row(number, tuple(tidied)))

    def _keep(self, row: Row) -> None:
        if len(self._rows) == MOST_ROWS:
            message = _("The sheet has more than %(most)s rows. Split it and import the parts one after the other.")
            raise Unreadable(message % {"most": f"{MOST_ROWS:,}"})
        self._rows.append(row)

    def sheet(self, warnings: Iterable[str] = ()) -> Sheet:
        """Raises Unreadable where there is nothing in it."""
        if not self._rows:
            raise Unreadable(_("There is nothing in it. Choose a sheet with at least one row that is filled in."))
        return Sheet(tuple(self._rows), tuple(warnings))


class Cells:
    """One row's cells by their column, from 0, so that what is blank takes no room."""

    def __init__(self) -> None:
        self._filled: dict[int, str] = {}

    def put(self, column: int, text: str, times: int = 1) -> None:
        """Raises Unreadable where something stands right of the last column that is taken."""
        if not text or text.isspace():
            return
        if column + times > MOST_COLUMNS:
            raise too_wide()
        self._filled.update(dict.fromkeys(range(column, column + times), text))

    def in_order(self) -> list[str]:
        return [self._filled.get(column, "") for column in range(max(self._filled, default=-1) + 1)]


def too_large() -> Unreadable:
    return Unreadable(_("The file is too large once it is unpacked. Copy its rows into a new file and try again."))


def too_wide() -> Unreadable:
    message = _("The sheet has more than %(most)s columns. Remove those that are not needed and try again.")
    return Unreadable(message % {"most": MOST_COLUMNS})
