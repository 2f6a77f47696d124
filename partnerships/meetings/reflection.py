"""One of seven questions at the end of an agenda, in turn: to talk about, never to be scored. Imports no Django."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_name("reflection.toml").read_text(encoding="utf-8"))
SOURCE: str = _DATA["source"]
QUESTIONS: tuple[str, ...] = tuple(_DATA["questions"])


def question(number: int | None) -> str:
    """The question of this number, counted from 1; nothing for None."""
    return QUESTIONS[number - 1] if number else ""


def next_number(last: int | None) -> int:
    """The number of the question that comes after `last`, which was asked the time before."""
    return (last or 0) % len(QUESTIONS) + 1
