"""The only place where a score is computed. Imports no Django.

    slips -> count() -> Counts -> hide_small() -> tabulate() -> Tabulation
                         Counts of several meetings -> add() -> tabulate()

A year or an imported table enters at `tabulate` with its counts, summed or typed. Quotients are exact
fractions: rounding happens once, where a number is shown, and halves are halves then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from feedback.scores.instruments import Instrument, Option, Statement

# {statement key: {option key: how many}}. A statement that is not in it is hidden.
Tallies = Mapping[str, Mapping[str, int]]
# {statement key: {"average": number} or {option key: percentage}}, as they were typed.
Measures = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Counts:
    """How often each answer was given on how many slips.

    `slips_of`: {statement key: of how many slips its answers are}, where that is not all of them, as in a sum over
    meetings of which one hides the statement.
    """

    slips: int
    tallies: Tallies
    slips_of: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """One count in a table: so many people gave this answer."""

    option: Option
    count: int


@dataclass(frozen=True)
class Row:
    """One statement of a table. Without tallies it is hidden: too few people answered it."""

    statement: Statement
    tallies: tuple[Tally, ...]
    blank: int | None
    answered: int
    points: int
    most_points: int
    average: Fraction | None
    share: Fraction | None
    # Of those who answered, which part gave each answer, in the order of the scale, 0 to 1, or as it was typed; empty
    # where not known.
    shares: tuple[Fraction, ...] = ()

    @property
    def hidden(self) -> bool:
        return not self.tallies


@dataclass(frozen=True)
class Tabulation:
    """A collated table: its rows, and the sums over the rows that are not hidden.

    `average_total` is the sum of the rows' averages, out of `most_total`; None if a row has none.
    `share` is points out of the most possible, 0 to 1; None if nobody answered.
    """

    rows: tuple[Row, ...]
    tallies: tuple[Tally, ...]
    slips: int
    blank: int
    answered: int
    points: int
    most_points: int
    share: Fraction | None
    average_total: Fraction | None
    most_total: int

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Which part of all answers each is, in the order of the scale, 0 to 1; empty where there is none."""
        return tuple(Fraction(tally.count, self.answered) for tally in self.tallies) if self.answered else ()

    @property
    def hides_rows(self) -> bool:
        return any(row.hidden for row in self.rows)


def count(slips: Iterable[Mapping[str, str]], instrument: Instrument) -> Counts:
    """Counts the answers of slips ({statement key: option key}); a statement left out is blank.

    Answers that the instrument does not have are not counted.
    """
    seen: Counter[tuple[str, str]] = Counter()
    number = 0
    for answers in slips:
        number += 1
        seen.update(answers.items())
    return Counts(
        slips=number,
        tallies={
            statement.key: {option.key: seen[statement.key, option.key] for option in instrument.scale}
            for statement in instrument.statements
        },
    )


def hide_small(counts: Counts, threshold: int) -> Counts:
    """Leaves out each statement that fewer than `threshold` people answered."""
    return Counts(
        slips=counts.slips,
        tallies={key: tally for key, tally in counts.tallies.items() if sum(tally.values()) >= threshold},
    )


def add(parts: Iterable[Counts]) -> Counts:
    """The counts of several tables of one instrument summed. Where one hides a statement, that is left out of the
    statement's sum, and its slips with it; a statement that all hide stays hidden."""
    slips = 0
    tallies: dict[str, dict[str, int]] = {}
    slips_of: dict[str, int] = {}
    for part in parts:
        slips += part.slips
        for key, tally in part.tallies.items():
            slips_of[key] = slips_of.get(key, 0) + part.slips_of.get(key, part.slips)
            # By hand, for an area's year has thousands of them and Counter takes three times as long.
            summed = tallies.setdefault(key, {})
            for option, number in tally.items():
                summed[option] = summed.get(option, 0) + number
    return Counts(slips, tallies, slips_of)


def tabulate(counts: Counts, instrument: Instrument) -> Tabulation:
    """The table of these counts. A statement missing from them is shown as hidden and left out of all sums.

    Raises ValueError where a statement has more answers than there are slips.
    """
    rows = tuple(_row(statement, counts, instrument) for statement in instrument.statements)
    shown = [row for row in rows if not row.hidden]
    points, most = sum(row.points for row in shown), sum(row.most_points for row in shown)
    return Tabulation(
        rows=rows,
        tallies=tuple(
            Tally(option, sum(row.tallies[place].count for row in shown))
            for place, option in enumerate(instrument.scale)
        ),
        slips=counts.slips,
        blank=sum(row.blank or 0 for row in shown),
        answered=sum(row.answered for row in shown),
        points=points,
        most_points=most,
        share=Fraction(points, most) if most else None,
        average_total=_average_total(rows),
        most_total=instrument.most_total,
    )


def _row(statement: Statement, counts: Counts, instrument: Instrument) -> Row:
    tally = counts.tallies.get(statement.key)
    if tally is None:
        return Row(statement, (), None, 0, 0, 0, None, None)
    answered, slips = sum(tally.values()), counts.slips_of.get(statement.key, counts.slips)
    if answered > slips:
        raise ValueError(f"{statement.key}: {answered} answers on {slips} slips")
    points = sum(instrument.points[key] * number for key, number in tally.items())
    most = instrument.most_points * answered
    return Row(
        statement=statement,
        tallies=tuple(Tally(option, tally.get(option.key, 0)) for option in instrument.scale),
        blank=slips - answered,
        answered=answered,
        points=points,
        most_points=most,
        average=Fraction(points, answered) if answered else None,
        share=Fraction(points, most) if most else None,
        shares=tuple(Fraction(tally.get(option.key, 0), answered) for option in instrument.scale) if answered else (),
    )


def of_measures(measures: Measures, slips: int, instrument: Instrument) -> Tabulation:
    """A table of which no counts are known, only averages or percentages. It has rows, but nothing to sum.

    `measures`: {statement key: {"average": number}, or {option key: percentage, ...}}, numbers as text. Percentages
    are weighed as parts of their own sum, so that rounded ones count for what they mean.
    """
    rows = tuple(
        _measured(statement, measures.get(statement.key, {}), instrument) for statement in instrument.statements
    )
    return Tabulation(
        rows=rows,
        tallies=(),
        slips=slips,
        blank=0,
        answered=0,
        points=0,
        most_points=0,
        share=None,
        average_total=_average_total(rows),
        most_total=instrument.most_total,
    )


def _average_total(rows: Iterable[Row]) -> Fraction | None:
    """The sum of the rows' averages; None if a row has none."""
    averages = [row.average for row in rows]
    return None if None in averages else sum((a for a in averages if a is not None), Fraction())


def _measured(statement: Statement, measure: Mapping[str, str], instrument: Instrument) -> Row:
    if "average" in measure:
        return Row(statement, (), None, 0, 0, 0, Fraction(measure["average"]), None)
    percentages = [Fraction(measure.get(option.key, "0")) for option in instrument.scale]
    total = sum(percentages)
    if not total:
        return Row(statement, (), None, 0, 0, 0, None, None)
    weighted = sum(
        (instrument.points[option.key] * part for option, part in zip(instrument.scale, percentages, strict=True)),
        Fraction(),
    )
    return Row(statement, (), None, 0, 0, 0, weighted / total, None, tuple(each / 100 for each in percentages))
