"""What is said of a change: in words, never as a traffic light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.scores.xmr import NEEDED, Cause, Direction

# Which of the rules says that a point is special.
REASONS = {
    "outside": gettext_lazy("outside the limits of what is usual"),
    "trend": gettext_lazy("one of seven or more meetings running that go the same way"),
    "two_in_three": gettext_lazy("one of two in three meetings running that come close to the same limit"),
    "shift": gettext_lazy("one of seven or more meetings running on the same side of the average"),
}


@dataclass(frozen=True)
class Verdict:
    """Of one statement, or the total, at its latest meeting. `meetings`: how many it is known of, since limits were
    last reset. `since`: the day of the meeting with which a real change began."""

    meetings: int
    cause: Cause | None = None
    direction: Direction = 0
    since: date | None = None

    @property
    def is_known(self) -> bool:
        return self.meetings >= NEEDED

    @property
    def is_real(self) -> bool:
        """Whether something changed that is more than the usual ups and downs."""
        return self.is_known and self.cause is not None

    @property
    def is_drop(self) -> bool:
        return self.is_real and self.direction < 0

    @property
    def words(self) -> str:
        if not self.is_known:
            return _("Too soon to tell: %(n)s of %(needed)s meetings") % {"n": self.meetings, "needed": NEEDED}
        if self.cause is None or self.since is None:
            return _("No real change: the ups and downs are what is usual here")
        day = date_format(self.since, "j F Y")
        if self.direction > 0:
            return _("Real improvement since %(day)s") % {"day": day}
        return _("Real drop since %(day)s") % {"day": day}

    @property
    def reason(self) -> str:
        """Which of the rules tells so; empty where none does."""
        return str(REASONS[self.cause]) if self.is_real and self.cause else ""

    def as_kept(self) -> list[Any]:
        return [self.meetings, self.cause, self.direction, self.since.isoformat() if self.since else None]

    @classmethod
    def of_kept(cls, kept: list[Any]) -> Self:
        meetings, cause, direction, since = kept
        return cls(meetings, cause, direction, date.fromisoformat(since) if since else None)


def together(changes: Iterable[tuple[str, Verdict]]) -> list[tuple[str, list[str]]]:
    """Labels of which the same is said, under what is said, in the order given."""
    found: dict[str, list[str]] = {}
    for label, verdict in changes:
        found.setdefault(verdict.words, []).append(label)
    return list(found.items())
