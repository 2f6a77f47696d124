"""The intruder: what he holds after collation, how he guesses who said what, and what guessing alone would give.

He is given more than he could have. He stood at the door and knows in which order people sent their slips; he
saw who typed a comment; and he knows which row of the backup is whose (in truth only PostgreSQL's heap and the
write-ahead logs keep that order). What he lacks is the round's key and the server's memory.

Every strategy is two orders. The people in one, the printed comments in the other: he says that the first
wrote the first, the second the second, and so on. Or the people in one, and the published counts dealt out
in the order of the scale (three Yes, one Needs Improvement, ...): he says that the first gave the first
answer to every statement.

What guessing gives. Let `a[i][j]` be the number of hits if person i is given thing j. Somebody who knows the
published table alone has no reason to prefer one assignment: under a random one the sum of `a[i][p(i)]` has,
exactly and for any matrix (Hoeffding, 1951),

    mean  = sum(a) / n        variance = sum(d ** 2) / (n - 1),    d = a - row mean - column mean + mean of all

For comments the matrix has one hit in each row, which gives the known mean 1 and variance 1 of the matching
problem. Meetings are independent, so means and variances add up, and a strategy that knows nothing stays within
three standard errors of the mean in 997 of 1,000 trials. Success below the mean tells as much as success above
it, so both sides count.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WITHHELD = "withheld"
BLACKED_OUT = "[blacked out]"
NOWHERE = math.inf


@dataclass(frozen=True)
class Row:
    """One slip as a dump has it, hidden columns and all. `place` is SQLite's rowid or PostgreSQL's ctid."""

    id: int
    place: tuple[int, ...]
    xmin: int
    key_hash: bytes
    revision: int
    sealed: bytes
    on_paper: bool


@dataclass
class Loot:
    """What he holds of one meeting. People are numbers, in the order in which they came."""

    rows: list[Row]  # the backup from before collation
    rewritten: list[bool]  # whether the row had changed since scoring stopped
    wrote: list[bool]
    printed: Mapping[str, Sequence[str]]  # where: the comments in the order found there
    withheld: int
    dealt: list[tuple[str, ...]]  # the published counts, dealt out
    files: Mapping[str, bytes]  # what: all its bytes
    said_in_clear: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Truth:
    """What one person really said. `sign` is in their comment and in nobody else's."""

    answers: tuple[str, ...]
    sign: str = ""
    withheld: bool = False


Matrix = list[list[int]]
People = Callable[[Loot], list[int]]
Things = Callable[[Loot], Sequence[Any]]


def by(sorted_by: Callable[[Row], Any]) -> People:
    return lambda loot: sorted(range(len(loot.rows)), key=lambda person: sorted_by(loot.rows[person]))


def by_place_in(name: str) -> People:
    """People in the order in which the hashes of their keys lie in a file."""

    def order(loot: Loot) -> list[int]:
        return sorted(range(len(loot.rows)), key=lambda person: _find(loot.files[name], loot.rows[person].key_hash))

    return order


def rewritten_last(loot: Loot) -> list[int]:
    return sorted(range(len(loot.rows)), key=lambda person: loot.rewritten[person])


PEOPLE: dict[str, People] = {
    "as they came": lambda loot: list(range(len(loot.rows))),
    "ids": by(lambda row: row.id),
    "rowid or ctid": by(lambda row: row.place),
    "xmin": by(lambda row: row.xmin),
    "hashes of keys": by(lambda row: row.key_hash),
    "sealed bytes": by(lambda row: row.sealed),
    "sealed lengths": by(lambda row: len(row.sealed)),
    "revisions": by(lambda row: row.revision),
    "paper last": by(lambda row: row.on_paper),
    "database before": by_place_in("database before"),
    "log before": by_place_in("log before"),
    "database after": by_place_in("database after"),
    "log after": by_place_in("log after"),
    "rewritten last": rewritten_last,
}


def printed_in(where: str) -> Things:
    return lambda loot: loot.printed[where]


def found_in(name: str) -> Things:
    """The comments in the order in which their first words lie in a file; those that do not, as they are printed."""

    def order(loot: Loot) -> list[str]:
        first_words = {text: text.partition(BLACKED_OUT)[0][:24].encode() for text in loot.printed["json"]}
        return sorted(first_words, key=lambda text: _find(loot.files[name], first_words[text]))

    return order


COMMENTS: dict[str, Things] = {
    **{where: printed_in(where) for where in ("json", "page", "pdf")},
    **{
        f"found in {name}": found_in(name)
        for name in ("database before", "log before", "database after", "log after", "server's log")
    },
    "shortest first": lambda loot: sorted(loot.printed["json"], key=len),
    "blacked out last": lambda loot: sorted(loot.printed["json"], key=lambda text: BLACKED_OUT in text),
}

# (people, comments): every order of people against the table's own, every order of comments against that of arrival.
WHO_WROTE_WHAT = [
    *((people, "json") for people in PEOPLE),
    *(("as they came", comments) for comments in COMMENTS if comments != "json"),
    ("sealed lengths", "shortest first"),
    ("rewritten last", "blacked out last"),
]

ANSWERS: dict[str, Things] = {
    "dealt": lambda loot: loot.dealt,
    "read in clear": lambda loot: loot.said_in_clear or loot.dealt,
}
WHO_ANSWERED_WHAT = [*((people, "dealt") for people in PEOPLE), ("as they came", "read in clear")]


@dataclass
class Score:
    """How one strategy did, over all meetings so far."""

    hits: int = 0
    mean: float = 0
    variance: float = 0

    def add(self, matrix: Matrix) -> None:
        mean, variance = by_guessing(matrix)
        self.hits += sum(matrix[place][place] for place in range(len(matrix)))
        self.mean += mean
        self.variance += variance

    @property
    def standard_errors(self) -> float:
        """How far from guessing. Whatever cannot vary tells nothing."""
        return (self.hits - self.mean) / math.sqrt(self.variance) if self.variance else 0.0


def by_guessing(matrix: Matrix) -> tuple[float, float]:
    """Mean and variance of the hits of a random assignment."""
    n = len(matrix)
    if n == 0:
        return 0, 0
    rows = [sum(row) / n for row in matrix]
    columns = [sum(column) / n for column in zip(*matrix, strict=True)]
    mean = sum(rows) / n
    spread = sum((matrix[i][j] - rows[i] - columns[j] + mean) ** 2 for i in range(n) for j in range(n))
    return sum(rows), spread / (n - 1) if n > 1 else 0


def break_in(meetings: Sequence[tuple[Loot, list[Truth]]]) -> dict[str, Score]:
    """The score of every strategy over all meetings."""
    scores: dict[str, Score] = defaultdict(Score)
    for loot, truth in meetings:
        orders = {name: order(loot) for name, order in PEOPLE.items()}
        for people, comments in WHO_WROTE_WHAT:
            if comments != "pdf" or "pdf" in loot.printed:  # few are made into one, because that takes long
                matrix = _comments(orders[people], COMMENTS[comments](loot), loot, truth)
                scores[f"wrote: {people} / {comments}"].add(matrix)
        for people, answers in WHO_ANSWERED_WHAT:
            scores[f"answered: {people} / {answers}"].add(_answers(orders[people], ANSWERS[answers](loot), truth))
    return scores


def _comments(people: list[int], texts: Sequence[str], loot: Loot, truth: list[Truth]) -> Matrix:
    """Hits if a writer is given a text; those withheld come last, and each is its writer's."""
    writers = [truth[person] for person in people if loot.wrote[person]]
    things = [*texts, *[WITHHELD] * loot.withheld]
    assert len(writers) == len(things)
    return [[int(who.withheld if what is WITHHELD else who.sign in what) for what in things] for who in writers]


def _answers(people: list[int], dealt: Sequence[tuple[str, ...]], truth: list[Truth]) -> Matrix:
    return [
        [sum(said == guessed for said, guessed in zip(truth[person].answers, slot, strict=True)) for slot in dealt]
        for person in people
    ]


def _find(content: bytes, needle: bytes) -> float:
    place = content.find(needle)
    return NOWHERE if place < 0 else place
