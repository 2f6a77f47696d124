"""What one cell of a paper table says: a day, a number, a statement. What cannot be is Wrong, in words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.scores.instruments import MEETING_FEEDBACK, Statement
from partnerships.models.meetings import MOST_PRESENT

# So that it falls into a year of our time (partnerships.models.years), whatever month that begins in.
EARLIEST = date(2001, 1, 1)
SEVEN = dict(enumerate(MEETING_FEEDBACK.statements, 1))
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_FIGURES = re.compile(rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<year>\d{{4}}){_TIME}", re.ASCII)
_WORDS = re.compile(
    r"(?:[a-z]+,? )?(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})", re.ASCII
)
_BELOW_ZERO = re.compile(r"[-–−] ?\d[\d.,]*%?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,6}(?:[.,]\d{1,20})?", re.ASCII)


class Wrong(Exception):
    """Its message is for the person who typed the cell."""


def day_of(typed: str) -> date:
    """The day is written before the month, as here. Raises Wrong."""
    if not typed:
        raise Wrong(_("The date is missing."))
    lower = typed.casefold()
    found = _ISO.fullmatch(lower) or _FIGURES.fullmatch(lower) or _WORDS.fullmatch(lower)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        raise Wrong(_("“%(typed)s” is no date. Write it as 27/06/2019 or 27 June 2019.") % {"typed": typed[:40]})
    try:
        day = date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        raise Wrong(_("There is no day “%(typed)s”. The day comes before the month.") % {"typed": typed}) from None
    if day > timezone.localdate():
        raise Wrong(_("The date “%(typed)s” is in the future.") % {"typed": typed})
    if day < EARLIEST:
        raise Wrong(_("The date “%(typed)s” is before the year %(year)s.") % {"typed": typed, "year": EARLIEST.year})
    return day


def _month(typed: str) -> int | None:
    if typed.isdecimal():
        return int(typed)
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(typed)), None)


def whole(typed: str) -> int:
    """A number of people. Raises Wrong."""
    if _BELOW_ZERO.fullmatch(typed):
        raise Wrong(_("“%(typed)s” is below zero.") % {"typed": typed[:40]})
    if not (typed.isascii() and typed.isdecimal()):
        raise Wrong(_("“%(typed)s” is not a whole number.") % {"typed": typed[:40]})
    if len(typed) > 6 or int(typed) > MOST_PRESENT:
        raise Wrong(_("“%(typed)s” is more than %(most)s.") % {"typed": typed[:40], "most": f"{MOST_PRESENT:,}"})
    return int(typed)


def decimal(typed: str) -> Decimal:
    """A number from 0, with a point or a comma. Raises Wrong."""
    if _BELOW_ZERO.fullmatch(typed):
        raise Wrong(_("“%(typed)s” is below zero.") % {"typed": typed[:40]})
    if not _DECIMAL.fullmatch(typed):
        raise Wrong(_("“%(typed)s” is not a number.") % {"typed": typed[:40]})
    return Decimal(typed.replace(",", "."))


def as_text(number: Decimal) -> str:
    """In one way, however it was typed: 2,40 is 2.4."""
    return f"{number.normalize():f}"


def fold(text: str) -> str:
    """Without case, accents and marks, and with one blank between words."""
    letters = unicodedata.normalize("NFKD", text[:300].casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split())


_STATEMENTS = {
    name: statement
    for number, statement in SEVEN.items()
    for name in (str(number), f"statement {number}", statement.key, fold(statement.text))
}
_TEXTS = {fold(statement.text): statement for statement in SEVEN.values()}


def known_statement(folded: str) -> Statement | None:
    """By its number, its key, or its words with or without its number."""
    return _STATEMENTS.get(folded) or _TEXTS.get(re.sub(r"^(statement )?\d+ ", "", folded))


def statement_of(typed: str) -> Statement:
    """Raises Wrong, with the statement that was meant if one is near."""
    if not typed:
        raise Wrong(_("The statement is missing."))
    if found := known_statement(folded := fold(typed)):
        number = re.match(r"(?:statement )?(\d+) ", folded)
        if number and SEVEN.get(int(number[1]), found) != found:
            raise Wrong(_("“%(typed)s”: these are not the words of that number.") % {"typed": typed[:100]})
        return found
    words = _("“%(typed)s” is none of the seven statements.") % {"typed": typed[:100]}
    if near := get_close_matches(folded, _TEXTS, n=1):
        words += " " + _("Did you mean “%(name)s”?") % {"name": _TEXTS[near[0]].text}
    raise Wrong(words)
