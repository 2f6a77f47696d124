"""The charter's wording, word for word, and where it is from. Imports no Django."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commitment:
    """One of the eight; their letters spell TOGETHER. `text` is the whole sentence, the letter in it."""

    key: str
    letter: str
    text: str


@dataclass(frozen=True)
class Step:
    """One of the twelve, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Wording:
    """What somebody adopts: one version of it."""

    number: int
    definition: str
    commitments: tuple[Commitment, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Source:
    """A publication. `licence` is empty where it states none."""

    authors: str
    title: str
    sections: str
    published: str = ""
    licence: str = ""
    licence_url: str = ""

    def __str__(self) -> str:
        named = ", ".join(part for part in (self.title, self.published, self.sections) if part)
        return f"{self.authors}: {named}"


def _wording(data: dict) -> Wording:
    return Wording(
        number=data["number"],
        definition=data["definition"],
        commitments=tuple(Commitment(each["key"], each["text"][0], each["text"]) for each in data["commitments"]),
        steps=tuple(Step(number, text) for number, text in enumerate(data["steps"], 1)),
    )


_DATA = tomllib.loads(Path(__file__).with_name("charter.toml").read_text(encoding="utf-8"))
GUIDE = Source(**_DATA["guide"])
TOOLKIT = Source(**_DATA["toolkit"])
# The source of the twelve steps alone.
SOURCE = f"{GUIDE.authors}: {GUIDE.title}, section 6"

# All that were ever adopted, by their number.
WORDINGS: dict[int, Wording] = {data["number"]: _wording(data) for data in _DATA["versions"]}
VERSION = max(WORDINGS)
WORDING = WORDINGS[VERSION]

DEFINITION = WORDING.definition
COMMITMENTS = WORDING.commitments
STEPS: dict[int, Step] = {step.number: step for step in WORDING.steps}
PRINCIPLES: tuple[str, ...] = tuple(_DATA["principles"]["texts"])
