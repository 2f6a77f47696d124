"""The charter's wording, word for word. Imports no Django."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One of the twelve, counted from 1."""

    number: int
    text: str


_DATA = tomllib.loads(Path(__file__).with_name("charter.toml").read_text(encoding="utf-8"))
SOURCE: str = _DATA["source"]
STEPS: dict[int, Step] = {number: Step(number, text) for number, text in enumerate(_DATA["steps"], 1)}
