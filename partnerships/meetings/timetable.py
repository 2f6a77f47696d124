"""When each item of an agenda is due, and whether all of them fit. Imports no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Protocol


class Timed(Protocol):
    @property
    def minutes(self) -> int | None: ...


@dataclass(frozen=True)
class Row[Item: Timed]:
    """An item and when it is due: without an end where nobody has said how long it takes, and nothing after that."""

    item: Item
    begins: time | None
    ends: time | None

    @property
    def takes_time(self) -> bool:
        """Whether it has an end that differs from its beginning."""
        return self.ends is not None and self.begins != self.ends


@dataclass(frozen=True)
class Timetable[Item: Timed]:
    """`total` minutes of all items; `untimed`: how many have none; `over`: how many minutes more than the meeting
    has, 0 where they fit or nobody knows."""

    rows: tuple[Row[Item], ...]
    total: int
    untimed: int
    over: int


def timetable[Item: Timed](items: Sequence[Item], *, start: time | None, minutes: int | None) -> Timetable[Item]:
    """Items one after the other from `start`. `minutes`: the meeting's, if known."""
    rows, now = [], start
    for item in items:
        begins, now = now, _later(now, item.minutes)
        rows.append(Row(item, begins, now))
    total = sum(item.minutes or 0 for item in items)
    untimed = sum(item.minutes is None for item in items)
    over = max(0, total - minutes) if minutes is not None else 0
    return Timetable(tuple(rows), total, untimed, over)


def _later(start: time | None, minutes: int | None) -> time | None:
    """Past midnight it begins at 0:00 again."""
    if start is None or minutes is None:
        return None
    hours, rest = divmod(start.hour * 60 + start.minute + minutes, 60)
    return time(hours % 24, rest)
