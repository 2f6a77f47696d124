"""The partnerships of an area as a list with depth: a board, below it its groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


class Placed(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...


@dataclass(frozen=True)
class Branch[P: Placed]:
    """One line of the list; `depth` 0 reports to nobody."""

    partnership: P
    depth: int

    @property
    def indent(self) -> int:
        """The depth, as far as the width of a phone allows to show it."""
        return min(self.depth, 4)


def branches[P: Placed](partnerships: Iterable[P]) -> list[Branch[P]]:
    """Each partnership once, children straight below their parent, siblings in the order given.

    One whose parent is not among them stands at depth 0; so does one of a ring, which two people
    saving at once could make.
    """
    known = {each.pk: each for each in partnerships}
    below: dict[int | None, list[P]] = defaultdict(list)
    for each in known.values():
        below[each.parent_id if each.parent_id in known else None].append(each)
    seen: set[int] = set()

    def descend(roots: list[P], depth: int) -> Iterator[Branch[P]]:
        for each in roots:
            if each.pk not in seen:
                seen.add(each.pk)
                yield Branch(each, depth)
                yield from descend(below[each.pk], depth + 1)

    listed = list(descend(below[None], 0))
    return listed + list(descend([each for each in known.values() if each.pk not in seen], 0))
