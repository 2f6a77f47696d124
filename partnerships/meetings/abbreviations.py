"""Words in capitals, which not everybody in the room may know. Imports no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable

# With dots ("A.O.B."), or a word, ampersands within it counted in ("H&SC").
_WORD = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b\w+(?:&\w+)*\b")
_ROMAN = re.compile(r"[IVXLC]+")
# One small letter among capitals, as in "DfC".
_MIXED = re.compile(r"[A-Z]+[a-z][A-Z]+")
LONGEST_WORD = 40


def abbreviations(texts: Iterable[str]) -> list[str]:
    """Each word in capitals once, in order of appearance; of a plural ("ODPs") the singular. No Roman numerals."""
    found = (_abbreviated(word) for text in texts for word in _WORD.findall(text))
    return list(dict.fromkeys(word for word in found if word))


def _abbreviated(word: str) -> str:
    singular = word.removesuffix("s")
    letters = sum(character.isalpha() for character in singular)
    if letters < 2 or len(word) > LONGEST_WORD or _ROMAN.fullmatch(singular):
        return ""
    return singular if singular.isupper() or _MIXED.fullmatch(singular) else ""
