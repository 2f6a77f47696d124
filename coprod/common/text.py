"""Names and addresses as people write them, and as mails and spreadsheets must be able to hold them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

FORMULA_STARTS = ("=", "+", "-", "@")
LONGEST_ADDRESS = 254
# Joiners, which some scripts and some pictures are written with.
_SEEN_IN_WORDS = "\u200c\u200d"
# Letters and signs that show nothing.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
# Phones write curly marks, keyboards straight ones: {each: a pattern for all that look like it}.
_ALIKE = {mark: f"[{group}]" for group in ("'’‘", '"“”', "-‐‑–") for mark in group}


def plain(name: str) -> None:
    """Raises ValidationError for a spreadsheet's formula, for characters that cannot be seen, for none that can.

    Names leave in CSV files, where a spreadsheet would carry a formula out.
    """
    if unicodedata.normalize("NFKC", name).startswith(FORMULA_STARTS):
        raise ValidationError(
            _("“%(name)s” begins with %(start)s, as a spreadsheet’s formula does. Type it without."),
            params={"name": name[:40], "start": name[:1]},
        )
    if any(map(_is_unseen, name)):
        raise ValidationError(
            _("“%(name)s” holds a character that cannot be shown. Type it again."), params={"name": name[:40]}
        )
    if name and not has_words(name):
        raise ValidationError(_("“%(name)s” has no letter in it. Type a name."), params={"name": name[:40]})


def has_words(text: str) -> bool:
    """Whether there is any letter or number in it."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def _is_unseen(character: str) -> bool:
    if character in _FILLERS:
        return True
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} and character not in _SEEN_IN_WORDS


def mailable(address: str) -> None:
    """Raises ValidationError for what every mail server would not take in the same way.

    Letters beyond ASCII look like others: two addresses that a reader takes for one must not be two accounts.
    """
    validate_email(address)
    if not address.isascii() or '"' in address or len(address) > LONGEST_ADDRESS:
        raise ValidationError(
            _("Type an email address like name@example.org, with letters from a to z and no quotation marks"),
            code="invalid",
        )


def tidy(text: str) -> str:
    """One line, no blanks at either end, one between words."""
    return " ".join(text.split())


def pattern_of(words: str) -> str:
    """A regular expression for these words, whatever blanks are between them and however their marks are typed."""
    return r"\s+".join("".join(_ALIKE.get(c) or re.escape(c) for c in part) for part in words.split())
