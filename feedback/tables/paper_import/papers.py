"""The rows of one meeting, read as what its paper says: slips, people present, and figures of one kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from feedback.scores.collation import Counts, Measures, Tallies, of_measures, tabulate
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.rounding import hundredth
from feedback.tables.paper_import.cells import Wrong, as_text, decimal, statement_of, whole
from feedback.tables.paper_import.headings import AVERAGE, OPTIONS
from feedback.tables.paper_import.lines import Cell, Line

# Rounded percentages add up to about 100.
LEAST_PERCENT, MOST_PERCENT = 97, 103
# An average beside the figures that it is of may be rounded, and so may they.
ABOUT = Fraction(1, 10)


class Kind(StrEnum):
    COUNTS = "counts"
    PERCENTAGES = "percentages"
    AVERAGES = "averages"

    @property
    def shown(self) -> str:
        return {
            Kind.COUNTS: _("numbers of answers"),
            Kind.PERCENTAGES: _("percentages"),
            Kind.AVERAGES: _("averages"),
        }[self]


class Problem(NamedTuple):
    row: int
    words: str


class Given(NamedTuple):
    """What one statement got, and in which row that stands."""

    row: int
    kind: Kind
    figures: Mapping[str, str]


@dataclass
class Paper:
    """`given`: {statement key: what it got}, of the statements that have figures."""

    slips: int | None = None
    present: int | None = None
    given: dict[str, Given] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def kind(self) -> Kind | None:
        return next((each.kind for each in self.given.values()), None)

    @property
    def tallies(self) -> Tallies:
        return {key: {name: int(text) for name, text in each.figures.items()} for key, each in self.given.items()}

    @property
    def measures(self) -> Measures:
        return {key: each.figures for key, each in self.given.items()}


def read_paper(lines: Sequence[Line]) -> Paper:
    """All that is wrong with the rows is in `problems`."""
    paper = Paper()
    paper.slips = _agreed([(line.number, line.slips) for line in lines], paper)
    paper.present = _agreed([(line.number, line.present) for line in lines], paper)
    _check_people(lines, paper)
    for row, key, cells in _answers(lines, paper):
        try:
            if found := _figures(cells):
                _give(paper, key, Given(row, *found))
        except Wrong as wrong:
            paper.problems.append(Problem(row, str(wrong)))
    return paper


def _agreed(cells: Sequence[tuple[int, Cell]], paper: Paper) -> int | None:
    """The number of a meeting that stands in its first row alone, or in all of them."""
    found: tuple[int, int] | None = None
    for row, cell in cells:
        try:
            number = _of(cell, whole) if cell.text else None
        except Wrong as wrong:
            paper.problems.append(Problem(row, str(wrong)))
            continue
        if number is not None and found is None:
            found = (number, row)
        elif number is not None and found and number != found[0]:
            words = _("%(column)s: %(n)s here, but %(other)s in row %(row)s for the same meeting.")
            told = {"column": cell.heading, "n": number, "other": found[0], "row": found[1]}
            paper.problems.append(Problem(row, words % told))
    return found[0] if found else None


def _check_people(lines: Sequence[Line], paper: Paper) -> None:
    row = lines[0].number
    if not any(line.slips.text for line in lines):
        words = _("The number of slips is missing. Without it nobody can tell whether enough people answered.")
        paper.problems.append(Problem(row, words))
    if paper.slips is not None and paper.present is not None and paper.slips > paper.present:
        words = _("%(slips)s slips, but %(present)s people present: put the number right, or leave Present empty.")
        paper.problems.append(Problem(row, words % {"slips": paper.slips, "present": paper.present}))


def _answers(lines: Sequence[Line], paper: Paper) -> Iterator[tuple[int, str, Mapping[str, Cell]]]:
    """Row, statement key and cells of whatever has cells of its own."""
    for line in lines:
        if line.statement is not None:
            try:
                yield line.number, statement_of(line.statement).key, line.answers[""]
            except Wrong as wrong:
                paper.problems.append(Problem(line.number, str(wrong)))
        elif line is not lines[0]:
            words = _("Row %(n)s has the same date already: one row for each meeting.")
            paper.problems.append(Problem(line.number, words % {"n": lines[0].number}))
        else:
            yield from ((line.number, key, cells) for key, cells in line.answers.items())


def _figures(cells: Mapping[str, Cell]) -> tuple[Kind, dict[str, str]] | None:
    """None where nothing is filled in. Raises Wrong."""
    filled = {name: cell for name, cell in cells.items() if cell.text}
    average = _of(filled[AVERAGE], _average) if AVERAGE in filled else None
    options = {key: filled[key] for key in OPTIONS if key in filled}
    if not options:
        return (Kind.AVERAGES, {AVERAGE: as_text(average)}) if average is not None else None
    if any(cell.text.endswith("%") for cell in options.values()):
        kind, figures = Kind.PERCENTAGES, _percentages(options)
    else:
        kind, figures = Kind.COUNTS, {key: str(_of(options[key], whole)) if key in options else "0" for key in OPTIONS}
    if average is not None:
        _compare(average, kind, figures)
    return kind, figures


def _of[T](cell: Cell, read: Callable[[str], T]) -> T:
    """Raises Wrong, with the column's name."""
    try:
        return read(cell.text)
    except Wrong as wrong:
        raise Wrong(_("%(column)s: %(problem)s") % {"column": cell.heading, "problem": wrong}) from None


def _average(typed: str) -> Decimal:
    points = [option.points for option in MEETING_FEEDBACK.scale]
    found = decimal(typed)
    if not min(points) <= found <= max(points):
        raise Wrong(_("“%(typed)s” is no average: it lies between 1 and 3.") % {"typed": typed[:40]})
    return found


def _percentages(cells: Mapping[str, Cell]) -> dict[str, str]:
    found = {key: _of(cell, _percentage) for key, cell in cells.items()}
    if any(found[key] and not cell.text.endswith("%") for key, cell in cells.items()):
        raise Wrong(_("Some of the figures have a percent sign and some have none. Write them all in one way."))
    total = sum(found.values())
    if not LEAST_PERCENT <= total <= MOST_PERCENT:
        words = _("The percentages add up to %(total)s, not to about 100.")
        raise Wrong(words % {"total": as_text(Decimal(total))})
    return {key: as_text(found.get(key, Decimal())) for key in OPTIONS}


def _percentage(typed: str) -> Decimal:
    return decimal(typed.removesuffix("%").strip())


def _compare(average: Decimal, kind: Kind, figures: Mapping[str, str]) -> None:
    """Whoever copies a whole table copies its averages too. Raises Wrong where they are others than its figures'."""
    key = MEETING_FEEDBACK.statements[0].key
    if kind == Kind.COUNTS:
        tally = {name: int(text) for name, text in figures.items()}
        counts = Counts(sum(tally.values()), {key: tally})
        worked_out = tabulate(counts, MEETING_FEEDBACK).rows[0].average
    else:
        worked_out = of_measures({key: figures}, 0, MEETING_FEEDBACK).rows[0].average
    if worked_out is None or abs(worked_out - Fraction(average)) > ABOUT:
        words = _("The average %(typed)s is not that of the figures beside it, which is %(average)s.")
        raise Wrong(words % {"typed": as_text(average), "average": hundredth(worked_out)})


def _give(paper: Paper, key: str, given: Given) -> None:
    """Raises Wrong where the statement has figures already, of another kind than the others, or too many."""
    if before := paper.given.get(key):
        raise Wrong(_("The same statement stands for the same date in row %(n)s already.") % {"n": before.row})
    if paper.kind not in {None, given.kind}:
        first = next(iter(paper.given.values()))
        words = _("%(kind)s here, but %(other)s in row %(n)s: give one kind for the whole meeting.")
        raise Wrong(words % {"kind": capfirst(given.kind.shown), "other": first.kind.shown, "n": first.row})
    paper.given[key] = given
    if given.kind == Kind.COUNTS and paper.slips is not None:
        answers = sum(map(int, given.figures.values()))
        if answers > paper.slips:
            words = _("Yes, Needs Improvement and No add up to %(answers)s, but there are %(slips)s slips.")
            raise Wrong(words % {"answers": answers, "slips": paper.slips})
