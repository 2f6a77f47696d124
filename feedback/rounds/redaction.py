"""What the minute-taker does to a comment before it is printed: why, and what is left of it."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coprod.common.text import pattern_of
from feedback.anonymity.seals import Edit

# Characters of all words to black out in one comment, commas included: under LONGEST_EDIT bytes in every script.
LONGEST_WORDS = 200
# Around a mark in text that runs from right to left: its brackets would else be mirrored.
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


class Reason(models.TextChoices):
    """Why; the record of what was done keeps it."""

    NAMES = "names_somebody", gettext_lazy("it names somebody")
    RECOGNISABLE = "recognisable", gettext_lazy("it could show who wrote it")
    UNLAWFUL = "unlawful", gettext_lazy("it is insulting or unlawful")
    PRIVATE = "private", gettext_lazy("it holds private information")
    OTHER = "other", gettext_lazy("another reason")


def as_printed(text: str, edit: Edit | None) -> str | None:
    """The comment as the table prints it; None where it is withheld."""
    if edit is None:
        return text
    return None if edit.withholds else black_out(text, edit.words)


def black_out(text: str, words: tuple[str, ...]) -> str:
    """The text with a mark wherever one of the words stands; where they touch or overlap, one mark for all."""
    hidden = {place for word in words for found in _places(word, text) for place in found}
    parts = groupby(enumerate(text), key=lambda letter: letter[0] in hidden)
    mark = _("[blacked out]")
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text):
        mark = f"{_ISOLATE}{mark}{_END_OF_ISOLATE}"
    return "".join(mark if gone else "".join(c for _n, c in letters) for gone, letters in parts)


def stands_in(word: str, text: str) -> bool:
    return bool(_places(word, text))


def _places(word: str, text: str) -> list[range]:
    """Where the word stands, in capitals or not, its marks curly or straight; a blank may be a line break there."""
    return [range(*match.span(1)) for match in re.finditer(f"(?=({pattern_of(word)}))", text, re.IGNORECASE)]
