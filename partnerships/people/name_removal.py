"""Where somebody from outside reads what members wrote, the names on the partnership's list are taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from coprod.common.text import pattern_of
from partnerships.models import Coordinator, Member, Organisation, Partnership

# What may stand before a name on the list, and be left out in a text.
_TITLE = re.compile(r"(?:(?:cllr|councillor|ald|alderman|dr|prof|rev|fr|sr|mr|mrs|ms|miss|mx)\b\.?\s+)+", re.IGNORECASE)


class Nameless:
    """Takes names out of texts as whole words, "Ann" but not "annual": with or without title, accents or capitals, the
    family name first or last. A name of one word goes only as it is written on the list: "May", but not "may"."""

    def __init__(self, names: Iterable[str]) -> None:
        written = {form for name in names for form in _forms(_composed(name))}
        long = [name for name in written if " " in name or "@" in name]
        self._several = _whole_words(map(_folded, long))
        self._single = _whole_words(written.difference(long))

    @classmethod
    def of(cls, partnership: Partnership) -> Nameless:
        """For everybody who is or was on the partnership, as far as it still knows, their addresses, residents' bodies,
        which may be called like a person, and the area's coordinators."""
        members = Member.objects.filter(partnership=partnership).order_by()
        names = {name for pair in members.values_list("name", "email") for name in pair}
        residents = Organisation.objects.filter(sector=Organisation.Sector.RESIDENTS, area=partnership.area_id)
        names |= set(residents.order_by().values_list("name", flat=True))
        names |= set(Coordinator.objects.filter(area=partnership.area_id).order_by().values_list("name", flat=True))
        return cls(names)

    def __call__(self, text: str) -> str:
        text = _composed(text)
        hidden = {place for found in self._found(text) for place in found}
        parts = groupby(enumerate(text), key=lambda letter: letter[0] in hidden)
        return "".join(_("[name]") if gone else "".join(c for _n, c in letters) for gone, letters in parts)

    def _found(self, text: str) -> Iterator[range]:
        folded, places = _folded_with_places(text)
        for match in self._several.finditer(folded) if self._several else ():
            yield range(places[match.start()], places[match.end() - 1] + 1)
        for match in self._single.finditer(text) if self._single else ():
            yield range(*match.span())


def _forms(name: str) -> Iterator[str]:
    """The ways in which people write a name; none where there is none."""
    words = _TITLE.sub("", name, count=1).split() if _TITLE.match(name) else name.split()
    if words:
        yield " ".join(words)
    if len(words) > 1:
        yield f"{words[-1]}, {' '.join(words[:-1])}"


def _whole_words(names: Iterable[str]) -> re.Pattern[str] | None:
    """Between blanks, marks and underscores, with which some people stress a word."""
    patterns = [pattern_of(name) for name in sorted(names, key=len, reverse=True)]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])") if patterns else None


def _composed(text: str) -> str:
    """With each accent in one character with its letter, as keyboards write it and as some phones do not."""
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    return _folded_with_places(text)[0]


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Small letters without accents, nor characters that show nothing, and of each the place in the text."""
    found = [
        (letter, place)
        for place, character in enumerate(text)
        for letter in unicodedata.normalize("NFD", character).casefold()
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    ]
    return "".join(letter for letter, _place in found), [place for _letter, place in found]
