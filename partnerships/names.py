"""Names as people write them, and as a spreadsheet must be able to hold them."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FORMULA_STARTS = ("=", "+", "-", "@")


def plain(name: str) -> None:
    """Raises ValidationError for a spreadsheet's formula and for characters that cannot be seen.

    Names leave in CSV files, where a spreadsheet would carry a formula out.
    """
    if name.startswith(FORMULA_STARTS):
        raise ValidationError(
            _("“%(name)s” begins with %(start)s, as a spreadsheet’s formula does. Type it without."),
            params={"name": name[:40], "start": name[:1]},
        )
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202a\u202b\u202d\u202e" for c in name):
        raise ValidationError(
            _("“%(name)s” holds a character that cannot be shown. Type it again."), params={"name": name[:40]}
        )


def tidy(text: str) -> str:
    """One line, no blanks at either end, one between words."""
    return " ".join(text.split())
