"""From a low score, or a real drop, to a talk: the steps of the charter that bear on a statement. Imports no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from charter.texts import STEPS, Step
from feedback.scores.collation import Row, Tabulation

# Under "Needs Improvement" on average: more points were lost than kept back.
LOW = Fraction(2)

# Which steps bear on which statement of the questionnaire for meetings.
STEPS_FOR: dict[str, tuple[int, ...]] = {
    # Working together shows in whether all take part, also beyond their own remit (4, 5), whether agreement is
    # sought without hiding differences (8), and whether both kinds of knowledge count (9).
    "together": (4, 5, 8, 9),
    # An agenda is left when papers were not read (1), when they are hard to follow (2), when items run over (3).
    "agenda": (1, 2, 3),
    # Respect: for different views (5), for what was said in confidence (7), for whose knowledge counts (9).
    "respect": (5, 7, 9),
    # Decisions: clear, with somebody responsible (6), taken by people who may (10), with what it takes (11).
    "decisions": (6, 10, 11),
    # Frankness needs confidence that it stays in the room (7), encouragement (5), and room to differ (8).
    "frank": (5, 7, 8),
    # Achieving hangs on decisions that are acted on (6), on resources (11), and on looking at how it goes (12).
    "achieving": (6, 11, 12),
    # The charter as a whole: those that ask for it in every meeting.
    "charter": (1, 4, 12),
    # And on which commitment, in the yearly assessment; "respect" is above, and means the same.
    # Teamwork: all take part (4), seek agreement (8), and find together what it takes (11).
    "teamwork": (4, 8, 11),
    # Openness: others are encouraged (5), differences may stand (8), both kinds of knowledge count (9).
    "openness": (5, 8, 9),
    # Genuine communication: papers that are read (1) and understood (2), and clear decisions (6).
    "genuine": (1, 2, 6),
    # Equal chances: plain words (2), encouragement (5), and knowledge of either kind (9).
    "equitable": (2, 5, 9),
    # Trust is built where confidence is kept (7), and what was said is done (6), by people who may (10).
    "trust": (6, 7, 10),
    # Honesty needs confidence (7), room to differ (8), and looking at how it goes (12).
    "honesty": (7, 8, 12),
    # Engaging those concerned: plain words (2), issues beyond one's own remit (4), what communities know (9).
    "engagement": (2, 4, 9),
}


@dataclass(frozen=True)
class Prompt:
    """A statement that scored low, or has really dropped, and what to talk about. `average`: its own."""

    row: Row
    average: Fraction
    steps: tuple[Step, ...]
    # The day of the meeting with which a real drop began, where there is one.
    dropped_since: date | None = None

    @property
    def is_low(self) -> bool:
        return self.average < LOW


def prompts_for(tabulation: Tabulation | None, drops: Mapping[str, date] | None = None) -> list[Prompt]:
    """The statements with an average under 2, and those that dropped ({statement key: since when}), lowest first.

    None for a table without figures.
    """
    found = [_prompt(row, drops or {}) for row in (tabulation.rows if tabulation else ())]
    wanted = [prompt for prompt in found if prompt and prompt.steps and (prompt.is_low or prompt.dropped_since)]
    return sorted(wanted, key=lambda prompt: prompt.average)


def _prompt(row: Row, drops: Mapping[str, date]) -> Prompt | None:
    """None where the statement's average is not shown."""
    if row.average is None:
        return None
    key = row.statement.key
    return Prompt(row, row.average, tuple(STEPS[n] for n in STEPS_FOR.get(key, ()) if n in STEPS), drops.get(key))
