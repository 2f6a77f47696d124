"""What members say each alone, beside what the partnership says of itself. Imports no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedback.scores.collation import Row, Tabulation
from feedback.scores.instruments import Instrument, Option, Statement

# Which of the seven statements about a meeting speak to which commitment of the charter. What is achieved, and the
# charter as a whole, are no single commitment's: they stand on their own.
STATEMENTS_FOR: dict[str, tuple[str, ...]] = {
    "teamwork": ("together", "decisions"),
    "openness": ("frank",),
    "genuine": ("agenda", "frank"),
    # None of the seven asks whether all had an equal chance, nor whether those concerned were there.
    "equitable": (),
    "trust": ("together", "respect"),
    "honesty": ("frank",),
    "engagement": (),
    "respect": ("respect",),
}


@dataclass(frozen=True)
class Said:
    """Of one year: the members' table, None where there is none with figures, and {statement key: what the
    partnership answered}."""

    members: Tabulation | None
    ours: Mapping[str, Option]

    def average(self, statement: Statement) -> Fraction | None:
        """The members', 1 to 3; None where nobody answered, it is hidden or worded otherwise, or there is no table."""
        rows = self.members.rows if self.members else ()
        return next((row.average for row in rows if row.statement == statement), None)


@dataclass(frozen=True)
class Gap:
    """One commitment or step, this year and last year."""

    statement: Statement
    members: Fraction | None
    ours: Option | None
    members_before: Fraction | None
    ours_before: Option | None

    @property
    def difference(self) -> Fraction | None:
        """By how many points the partnership is kinder to itself than its members; None where either is unknown."""
        return self.ours.points - self.members if self.ours and self.members is not None else None


def gaps(instrument: Instrument, this: Said, last: Said) -> list[Gap]:
    """Those statements of the instrument of which anybody said anything this year, the largest differences first,
    whichever way they go; those without a difference last, in the charter's order."""
    found = [
        Gap(
            statement=statement,
            members=this.average(statement),
            ours=this.ours.get(statement.key),
            members_before=last.average(statement),
            ours_before=last.ours.get(statement.key),
        )
        for statement in instrument.statements
    ]
    known = [each for each in found if each.members is not None or each.ours]
    return sorted(known, key=lambda each: -1 if each.difference is None else abs(each.difference), reverse=True)


@dataclass(frozen=True)
class Speaking:
    """A statement about meetings, summed over the year, under the commitment to which it speaks: this year's row,
    and last year's average. `commitment` None: it speaks to all of them. `row` None: no statement speaks to it."""

    commitment: Statement | None
    row: Row | None = None
    before: Fraction | None = None


def speaking(commitments: Sequence[Statement], meetings: Tabulation, last: Tabulation | None) -> list[Speaking]:
    """All commitments in the charter's order, each with the statements that speak to it, then what speaks to
    all. Kept apart from the assessment: no number of the one enters the other."""
    rows = {row.statement.key: row for row in meetings.rows}
    averages = {row.statement.key: row.average for row in last.rows} if last else {}
    found: list[Speaking] = []
    for commitment in commitments:
        keys = STATEMENTS_FOR.get(commitment.key, ())
        found += [Speaking(commitment, rows[key], averages.get(key)) for key in keys] or [Speaking(commitment)]
    spoken = {key for keys in STATEMENTS_FOR.values() for key in keys}
    return found + [Speaking(None, rows[key], averages.get(key)) for key in rows if key not in spoken]
