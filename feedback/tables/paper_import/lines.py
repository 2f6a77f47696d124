"""Rows of a sheet, read as parts of tables: one row a statement, or one row a meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _

from coprod.common.sheets import Row, Sheet, Unreadable
from feedback.tables.paper_import.headings import Column, columns_of


class Cell(NamedTuple):
    """What was typed, and the heading of its column."""

    heading: str
    text: str


@dataclass(frozen=True)
class Line:
    """One row as it was written. `number` is the row's in the sheet.

    `answers`: {statement key: {option key, or "average": cell}}; of the one `statement` that the row names, where it
    names one, under "".
    """

    number: int
    partnership: str
    date: str
    statement: str | None
    slips: Cell
    present: Cell
    answers: Mapping[str, Mapping[str, Cell]]
    # Something stands where there is no heading: a comma that was meant as a decimal one moves all that follows.
    is_too_long: bool = False


def lines_of(sheet: Sheet, *, needs_partnership: bool) -> tuple[list[Line], list[str]]:
    """The rows below the headings, and the headings that are not used.

    Raises Unreadable where a needed heading is missing, stands twice, or no row follows.
    """
    headings = sheet.rows[0].cells
    columns = columns_of(headings, needs_partnership=needs_partnership)
    if len(sheet.rows) == 1:
        raise Unreadable(_("There is no row below the headings."))
    unused = [heading for heading, column in zip(headings, columns, strict=True) if heading and not column]
    return [_line(row, columns, headings) for row in sheet.rows[1:]], unused


def _line(row: Row, columns: Sequence[Column | None], headings: Sequence[str]) -> Line:
    texts = [*row.cells, *[""] * len(columns)]
    cells = {column: Cell(column.heading[:60], text) for column, text in zip(columns, texts, strict=False) if column}
    named = {column.name: cell for column, cell in cells.items() if not column.is_figure}
    answers: dict[str, dict[str, Cell]] = defaultdict(dict)
    for column, cell in cells.items():
        if column.is_figure:
            answers[column.statement][column.name] = _marked(cell) if column.percent else cell
    nothing = Cell("", "")
    return Line(
        number=row.number,
        partnership=named.get("partnership", nothing).text,
        date=named["date"].text,
        statement=named["statement"].text if "statement" in named else None,
        slips=named["slips"],
        present=named.get("present", nothing),
        answers=answers,
        is_too_long=any(text for text, heading in zip_longest(row.cells, headings) if text and not heading),
    )


def _marked(cell: Cell) -> Cell:
    """With the percent sign that the heading saves each cell."""
    return cell._replace(text=f"{cell.text}%") if cell.text and not cell.text.endswith("%") else cell
