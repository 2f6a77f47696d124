"""Questionnaires as data: statements, a scale with points, open questions. Imports no Django."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Option:
    """One answer of a scale and the points it gives. `short` is how people write it on paper."""

    key: str
    label: str
    short: str
    points: int


@dataclass(frozen=True)
class Statement:
    key: str
    text: str


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


INSTRUMENTS = load(Path(__file__).with_name("instruments.toml"))
MEETING_FEEDBACK = INSTRUMENTS["meeting-feedback"]
