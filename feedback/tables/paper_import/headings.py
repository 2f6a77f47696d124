"""Which column of a sheet is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coprod.common.sheets import Unreadable
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.tables.paper_import.cells import SEVEN, fold, known_statement

OPTIONS = {option.key: option.label for option in MEETING_FEEDBACK.scale}
AVERAGE = "average"
# What the columns may be called, folded; the first is what the examples write.
_NAMES = {
    "date": ("date", "date of meeting", "meeting date", "meeting", "day"),
    "partnership": ("partnership", "group", "board"),
    "statement": ("statement", "statements", "question"),
    "slips": (
        "slips",
        "number of slips",
        "no of slips",
        "slips returned",
        "responses",
        "number of responses",
        "forms",
        "respondents",
        "returned",
    ),
    "present": ("present", "number present", "people present", "attendance", "attendees", "attended"),
}
_FIGURES = {
    "yes": ("yes", "y", "yes 3 points"),
    "ni": ("needs improvement", "ni", "needs imp", "needs improve", "needs improving", "needs improvement 2 points"),
    "no": ("no", "n", "no 1 point"),
    AVERAGE: ("average", "avg", "mean", "average score"),
}
_KNOWN = {word: name for names in (_NAMES, _FIGURES) for name, words in names.items() for word in words}
_PERCENT = re.compile(r"\b(percent|percentage|per cent)\b")
_SHOWN = {name: words[0].capitalize() for name, words in _NAMES.items()} | OPTIONS | {AVERAGE: "Average"}


@dataclass(frozen=True)
class Column:
    """`name`: "date", "slips", ..., or an option's key, or "average"; `statement`: of which one, where the heading
    says it. `percent`: the heading says that its figures are percentages."""

    heading: str
    name: str
    statement: str = ""
    percent: bool = False

    @property
    def is_figure(self) -> bool:
        return self.name in _FIGURES

    @property
    def shown(self) -> str:
        return _shown(self.name, self.statement)


def columns_of(headings: Sequence[str], *, needs_partnership: bool) -> list[Column | None]:
    """One for each heading; None where it is not used.

    Raises Unreadable where a needed heading is missing or one stands twice.
    """
    found = [_column(heading) for heading in headings]
    by_statement = any(column and column.name == "statement" for column in found)
    counted = {(column.name, column.statement) for column in found if column and not column.percent}

    def is_used(column: Column | None) -> bool:
        if column is None or (column.name == "partnership" and not needs_partnership):
            return False
        beside_counts = column.percent and (column.name, column.statement) in counted
        return not column.is_figure or (bool(column.statement) != by_statement and not beside_counts)

    columns = [column if is_used(column) else None for column in found]
    used = [column for column in columns if column]
    if missing := _missing(used, needs_partnership=needs_partnership):
        raise Unreadable(_without(headings, missing))
    names = [column.shown for column in used]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Unreadable(_("Two columns are called %(heading)s. Rename one.") % {"heading": ", ".join(twice)})
    return columns


def _column(heading: str) -> Column | None:
    folded = fold(heading)
    percent = "%" in heading or bool(_PERCENT.search(folded))
    words = " ".join(_PERCENT.sub(" ", folded).split())
    if name := _KNOWN.get(words):
        return Column(heading, name, percent=percent)
    for figure, ends in _FIGURES.items():
        for end in ends:
            statement = known_statement(words.removesuffix(f" {end}")) if words.endswith(f" {end}") else None
            if statement:
                return Column(heading, figure, statement.key, percent)
    return None


def _missing(used: Iterable[Column], *, needs_partnership: bool) -> list[str]:
    """Names of the columns that there should be beside these."""
    names = {(column.name, column.statement) for column in used}
    figures = {column.statement for column in used if column.is_figure}
    optional = {"partnership": needs_partnership, "statement": not any(figures)}
    needed = [name for name in ("date", "partnership", "statement", "slips") if optional.get(name, True)]
    missing = [_shown(name) for name in needed if (name, "") not in names]
    for statement in ["", *(each.key for each in SEVEN.values())]:
        given = [key for key in OPTIONS if (key, statement) in names]
        if given or (not figures and ("statement", statement) in names):
            missing += [_shown(key, statement) for key in OPTIONS if key not in given]
    return missing


def _shown(name: str, statement: str = "") -> str:
    number = next((number for number, each in SEVEN.items() if each.key == statement), None)
    return f"{number} {_SHOWN[name]}" if number else _SHOWN[name]


def _without(found: Sequence[str], missing: Sequence[str]) -> str:
    told = _("The first row must name the columns. It says: %(found)s. Not among them: %(missing)s.")
    words = told % {"found": ", ".join(found)[:200], "missing": ", ".join(missing)}
    if _SHOWN["partnership"] in missing:
        words += " " + _("Instead of a column Partnership you can choose one partnership for all rows.")
    if _SHOWN["slips"] in missing:
        words += " " + _("Without the number of slips nobody can tell whether enough people answered.")
    return words
