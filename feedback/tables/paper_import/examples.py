"""Sheets to begin with: the exact headings, and one invented meeting."""

from __future__ import annotations

from collections.abc import Sequence

from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.tables.paper_import.headings import OPTIONS

DATE, SLIPS, PRESENT = "2019-06-27", "14", "18"
_COUNTS = ((9, 4, 1), (6, 6, 2), (12, 2, 0), (5, 7, 2), (8, 5, 1), (7, 6, 1), (6, 5, 1))
_AVERAGES = ("2.57", "2.29", "2.86", "2.21", "2.5", "2.43", "2.42")

Rows = Sequence[Sequence[str]]


def example(kind: str) -> Rows | None:
    """None where no example is called so."""
    made = {"statements": _statements, "meetings": _meetings, "averages": _averages}.get(kind)
    return made() if made else None


def _by_statement(headings: Sequence[str], figures: Sequence[Sequence[str]]) -> Rows:
    rows = [["Date", "Statement", *headings, "Slips", "Present"]]
    for place, (statement, given) in enumerate(zip(MEETING_FEEDBACK.statements, figures, strict=True)):
        rows.append([DATE, statement.text, *given, *((SLIPS, PRESENT) if place == 0 else ("", ""))])
    return rows


def _statements() -> Rows:
    return _by_statement(list(OPTIONS.values()), [[str(number) for number in counts] for counts in _COUNTS])


def _averages() -> Rows:
    return _by_statement(["Average"], [[average] for average in _AVERAGES])


def _meetings() -> Rows:
    numbers = range(1, len(_COUNTS) + 1)
    headings = [f"{number} {label.lower()}" for number in numbers for label in OPTIONS.values()]
    figures = [str(number) for counts in _COUNTS for number in counts]
    return [["Date", "Slips", "Present", *headings], [DATE, SLIPS, PRESENT, *figures]]
