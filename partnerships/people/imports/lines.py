"""Rows of a sheet, read as members: which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coprod.common.sheets import Sheet, Unreadable
from coprod.common.text import FORMULA_STARTS, tidy

# What the columns may be called; the first is what the download of members writes.
HEADINGS = {
    "partnership": ("partnership", "group", "board"),
    "name": ("name", "full name", "member", "representative"),
    "email": ("email", "e-mail", "email address", "e-mail address"),
    "organisation": ("organisation", "organization", "organisation name", "partner"),
    "sector": ("sector",),
    "role": ("role",),
}
_KNOWN = {heading: column for column, headings in HEADINGS.items() for heading in headings}


@dataclass(frozen=True)
class Line:
    """One row as it was written. `number` is the row's in the sheet."""

    number: int
    partnership: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""
    sector: str = ""
    role: str = ""

    @property
    def cells(self) -> list[str]:
        """In the order of HEADINGS."""
        return [getattr(self, column) for column in HEADINGS]


def lines_of(sheet: Sheet, *, needs_partnership: bool) -> tuple[list[Line], list[str]]:
    """The rows below the headings, and the headings that are not used.

    Raises Unreadable where a needed heading is missing, stands twice, or no row follows.
    """
    head = [tidy(cell).casefold() for cell in sheet.rows[0].cells]
    columns = [_KNOWN.get(cell, "") for cell in head]
    needed = [*(["partnership"] if needs_partnership else []), "name", "organisation"]
    if missing := [column.capitalize() for column in needed if column not in columns]:
        raise Unreadable(_without_headings(sheet.rows[0].cells, missing, needs_partnership))
    if twice := {column.capitalize() for column in columns if column and columns.count(column) > 1}:
        raise Unreadable(_("Two columns are called %(heading)s. Rename one.") % {"heading": ", ".join(sorted(twice))})
    if len(sheet.rows) == 1:
        raise Unreadable(_("There is no row below the headings."))
    unused = [cell for cell, column in zip(sheet.rows[0].cells, columns, strict=True) if cell and not column]
    return [_line(row.number, row.cells, columns) for row in sheet.rows[1:]], unused


def _without_headings(found: Sequence[str], missing: Sequence[str], needs_partnership: bool) -> str:
    told = _("The first row must name the columns. It says: %(found)s. Not among them: %(missing)s.")
    words = told % {"found": ", ".join(found)[:200], "missing": ", ".join(missing)}
    if needs_partnership and "Partnership" in missing:
        words += " " + _("Instead of a column Partnership you can choose one partnership for all rows.")
    return words


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    named = {column: tidy(_bare(cell)) for column, cell in zip(columns, cells, strict=False) if column}
    return Line(number=number, **named)


def _bare(cell: str) -> str:
    """Without the apostrophe that the download puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
