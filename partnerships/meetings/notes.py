"""The notes of a meeting: what was decided, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerships.models import Action, AgendaItem, Meeting


@dataclass(frozen=True)
class Part:
    """An item with what was decided under it; `item` None: what belongs to none, such as a suggestion."""

    item: AgendaItem | None
    actions: Sequence[Action]


@dataclass(frozen=True)
class Notes:
    parts: Sequence[Part]

    @property
    def actions(self) -> list[Action]:
        return [action for part in self.parts for action in part.actions]

    @property
    def without_owner(self) -> int:
        """How many decisions have nobody who sees to them."""
        return sum(action.lacks_owner for action in self.actions)


def notes_of(meeting: Meeting) -> Notes:
    """Every item of the agenda in order, and last what belongs to none of them, if there is any."""
    actions = list(meeting.actions.select_related("member", "organisation", "item"))
    parts = [Part(item, [a for a in actions if a.item_id == item.pk]) for item in meeting.items.all()]
    rest = [action for action in actions if action.item_id is None]
    return Notes([*parts, Part(None, rest)] if rest else parts)
