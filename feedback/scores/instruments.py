"""Questionnaires as data: statements, a scale with points, open questions. Imports no Django."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from charter.texts import GUIDE, VERSION, WORDINGS, Wording


@dataclass(frozen=True)
class Option:
    """One answer of a scale and the points it gives. `short` is how people write it on paper."""

    key: str
    label: str
    short: str
    points: int


@dataclass(frozen=True)
class Statement:
    """`part`: the part of the questionnaire to which it belongs, if that has parts; it is headed by that word."""

    key: str
    text: str
    part: str = ""


@dataclass(frozen=True)
class OpenQuestion:
    """A question answered in words, of at most `longest` characters."""

    key: str
    text: str
    longest: int


@dataclass(frozen=True)
class PaperWords:
    """What stands on the printed form around the statements."""

    heading: str
    scoring: str
    instruction: str
    total: str


@dataclass(frozen=True, eq=False)
class Instrument:
    """A questionnaire. Keys are unique across statements and questions: they name form fields."""

    slug: str
    title: str
    source: str
    scale: tuple[Option, ...]
    statements: tuple[Statement, ...]
    questions: tuple[OpenQuestion, ...]
    paper: PaperWords
    # What is asked of each statement, where that does not speak for itself.
    asks: str = ""

    def __post_init__(self) -> None:
        fields = [s.key for s in self.statements] + [q.key for q in self.questions]
        options = [option.key for option in self.scale]
        if len({*fields}) < len(fields) or len({*options}) < len(options):
            raise ValueError(f"{self.slug}: a key stands twice")

    @cached_property
    def points(self) -> Mapping[str, int]:
        return {option.key: option.points for option in self.scale}

    @cached_property
    def most_points(self) -> int:
        """Of one statement, by one person."""
        return max(self.points.values())

    @property
    def is_long(self) -> bool:
        """Whether its statements are too many to stand side by side on a screen."""
        return len(self.statements) > 7

    @cached_property
    def commitments(self) -> tuple[Statement, ...]:
        """Of an instrument over the charter, the statements of its first part."""
        return tuple(each for each in self.statements if each.part == self.statements[0].part)

    @cached_property
    def parts(self) -> tuple[tuple[str, tuple[tuple[int, Statement], ...]], ...]:
        """The word over each part, and its statements with their numbers, counted from 1 through all parts."""
        numbered = tuple(enumerate(self.statements, 1))
        heads = dict.fromkeys(statement.part for statement in self.statements)
        return tuple((head, tuple(pair for pair in numbered if pair[1].part == head)) for head in heads)

    @cached_property
    def has_parts(self) -> bool:
        """Whether its statements are headed by more than one word."""
        return len(self.parts) > 1

    @property
    def most_total(self) -> int:
        """Of one full slip."""
        return self.most_points * len(self.statements)

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """How an option is typed off paper, in lower case, and its key: its short form, its points, or a letter of
        the short form that no other option has."""
        marks: dict[str, str] = {}
        for option in self.scale:
            short = option.short.lower()
            others = "".join(other.short.lower() for other in self.scale if other is not option)
            for mark in (short, *(letter for letter in short if letter not in others), str(option.points)):
                marks[mark] = option.key
        return marks

    def points_of(self, answers: Mapping[str, str]) -> int:
        """The points of what is answered on one slip ({statement key: option key})."""
        return sum(self.points[answers[statement.key]] for statement in self.statements if statement.key in answers)

    def total_of(self, answers: Mapping[str, str]) -> int | None:
        """The points of one full slip; None where a statement is blank."""
        if any(statement.key not in answers for statement in self.statements):
            return None
        return self.points_of(answers)


def load(path: Path) -> dict[str, Instrument]:
    """All instruments of a TOML file, by slug. Raises ValueError where a key stands twice."""
    return {
        slug: Instrument(
            slug=slug,
            title=entry["title"],
            source=entry["source"],
            scale=tuple(Option(**option) for option in entry["scale"]),
            statements=tuple(Statement(**statement) for statement in entry["statements"]),
            questions=tuple(OpenQuestion(**question) for question in entry["questions"]),
            paper=PaperWords(**entry["paper"]),
        )
        for slug, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def assessments(path: Path, wording: Wording, scale: tuple[Option, ...]) -> dict[str, Instrument]:
    """The instruments of the yearly assessment over one wording of the charter, by slug: for each member alone, with
    and without the twelve steps, and for the partnership together. `path`: the words around the charter's own.

    The Guide asks for the assessment and gives no scale: it is that of the meetings (docs/adr/0016).
    """
    around = tomllib.loads(path.read_text(encoding="utf-8"))
    commitments = tuple(Statement(each.key, each.text, around["commitments"]) for each in wording.commitments)
    steps = tuple(Statement(f"step{step.number}", step.text, around["steps"]) for step in wording.steps)

    def instrument(who: str, statements: tuple[Statement, ...], questions: tuple[OpenQuestion, ...]) -> Instrument:
        return Instrument(
            slug=_slug(wording.number, who),
            title=around["title"],
            source=f"{GUIDE.authors}: {GUIDE.title}, {'sections 5 and 6' if steps[0] in statements else 'section 5'}",
            scale=scale,
            statements=statements,
            questions=questions,
            paper=PaperWords(**around["paper"]),
            asks=around["asks"],
        )

    asked = tuple(OpenQuestion(**question) for question in around["questions"])
    made = (
        instrument("members", commitments, asked),
        instrument("members-steps", commitments + steps, asked),
        instrument("together", commitments + steps, ()),
    )
    return {each.slug: each for each in made}


def _slug(version: int, who: str) -> str:
    return f"charter-{version}-{who}"


def together_like(members: Instrument) -> Instrument:
    """The partnership's own instrument over the same wording of the charter as this one for members."""
    version = members.slug.split("-")[1]
    return INSTRUMENTS[_slug(int(version), "together")]


_HERE = Path(__file__).parent
INSTRUMENTS = load(_HERE / "instruments.toml")
MEETING_FEEDBACK = INSTRUMENTS["meeting-feedback"]
for _wording in WORDINGS.values():
    INSTRUMENTS |= assessments(_HERE / "assessment.toml", _wording, MEETING_FEEDBACK.scale)
# Of the yearly assessment now, over the charter as it is worded now.
MEMBERS, MEMBERS_WITH_STEPS, TOGETHER = (
    INSTRUMENTS[_slug(VERSION, who)] for who in ("members", "members-steps", "together")
)
