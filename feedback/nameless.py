"""The year's pack goes to somebody from outside: nobody's name stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from feedback.edits import pattern_of
from partnerships.models import Coordinator, Member, Partnership


class Nameless:
    """Takes names out of texts, in capitals or not, as whole words: "Ann" goes, "annual" stays."""

    def __init__(self, names: Iterable[str]) -> None:
        patterns = [pattern_of(name) for name in sorted(set(filter(str.strip, names)), key=len, reverse=True)]
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else None

    @classmethod
    def of(cls, partnership: Partnership) -> Nameless:
        """For everybody who is or was on the partnership, as far as it still knows, and the area's coordinators."""
        members = Member.objects.filter(partnership=partnership).order_by().values_list("name", flat=True)
        coordinators = Coordinator.objects.filter(area=partnership.area_id).order_by().values_list("name", flat=True)
        return cls([*members, *coordinators])

    def __call__(self, text: str) -> str:
        return self._pattern.sub(_("[name]"), text) if self._pattern else text

    def all(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {key: self(text) for key, text in texts.items()}
