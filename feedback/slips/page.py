"""The slip as a page. Whatever is the same for every phone is rendered once and kept in memory.

What differs from phone to phone (key, revision, earlier answers) has a slot in the kept page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.anonymity.phone_keys import mark_of
from feedback.anonymity.seals import SlipContent
from feedback.models import Round, Suggestion
from feedback.scores.instruments import INSTRUMENTS, Instrument
from feedback.suggestions.ledger import MOST_ON_A_SLIP, answers_before

# A partnership renamed in the middle of a meeting is seen on the slips this much later.
CARD_KEPT_FOR = 60

# Marks a slot in a rendered page. No text of ours can hold it: fields refuse it, templates have none.
_SLOT = "\0"


@dataclass(frozen=True)
class Card:
    """What the head of a slip says, the same for every phone. A change of it is another kept page."""

    round_id: int
    code: str
    instrument_slug: str
    partnership: str
    area: str
    colour: str
    is_demonstration: bool
    # The meeting's; None where a year is scored.
    date: date | None
    slips_needed: int
    uses_codes: bool
    # What became of the last meeting's suggestions: (suggestion, answer), the first few and shortened.
    answers: tuple[tuple[str, str], ...] = ()
    # "2025/26", where a year is scored.
    year: str = ""

    @classmethod
    def find(cls, code: str) -> Card | None:
        """The card of the round with this code, out of this process's memory while it is fresh."""
        card = caches["memory"].get(f"card-{code}")
        if card is None:
            round = Round.objects.with_occasion().filter(code=code).first()
            if round is None:
                return None
            card = cls.of(round)
            caches["memory"].set(f"card-{code}", card, CARD_KEPT_FOR)
        return card

    @classmethod
    def of(cls, round: Round) -> Card:
        meeting, partnership = round.meeting, round.partnership
        return cls(
            round_id=round.pk,
            code=round.code,
            instrument_slug=round.instrument_slug,
            partnership=partnership.name,
            area=partnership.area.name,
            colour=partnership.area.colour,
            is_demonstration=partnership.area.is_demonstration,
            date=meeting.date if meeting else None,
            year=str(round.year.span) if round.year else "",
            slips_needed=round.slips_needed,
            uses_codes=round.uses_codes,
            answers=tuple(_line(each) for each in answers_before(meeting)[:MOST_ON_A_SLIP]) if meeting else (),
        )

    def as_of(self, round: Round) -> Card:
        """This card, corrected if codes were chosen or dropped, or other statements, since it was put into memory."""
        if (round.uses_codes, round.instrument_slug) == (self.uses_codes, self.instrument_slug):
            return self
        card = replace(self, uses_codes=round.uses_codes, instrument_slug=round.instrument_slug)
        caches["memory"].set(f"card-{self.code}", card, CARD_KEPT_FOR)
        return card

    @property
    def instrument(self) -> Instrument:
        return INSTRUMENTS[self.instrument_slug]

    @property
    def when(self) -> str:
        """The meeting's day, or the year."""
        return date_format(self.date, "j F Y") if self.date else _("year %(year)s") % {"year": self.year}

    @property
    def mark(self) -> str:
        return mark_of(self.code)


def _line(suggestion: Suggestion) -> tuple[str, str]:
    """As short as a small screen asks for; the whole of it is a link away."""
    words = f"{suggestion.standing}: {suggestion.answer}" if suggestion.answer else suggestion.standing
    return Truncator(suggestion.text).chars(50), Truncator(words).chars(70)


@dataclass(frozen=True)
class Problem:
    """One line of the summary on top, with the id of the field it leads to ("" where there is none)."""

    field: str
    message: str


def render_slip(
    card: Card,
    *,
    key: str,
    revision: int,
    said: SlipContent | None = None,
    single_use_code: str = "",
    problems: Sequence[Problem] = (),
    asks_about_blanks: bool = False,
    is_next: bool = False,
) -> str:
    """The page with the form, filled with what was said before.

    `asks_about_blanks`: the problems are blanks, and sending once more leaves them blank. `is_next`: the
    tablet was handed on.
    """
    kept = not problems
    parts = _kept_parts(card, get_language()) if kept else _parts(card, problems, asks_about_blanks)
    values = _values(key, revision, said) | {"code": escape(single_use_code)}
    if is_next:
        values["note"] = _note(
            _("Ready for the next person. The answers sent before can no longer be seen or changed from here.")
        )
    elif kept and said:
        values["note"] = _note(_("You have sent these answers. You can change them until scoring stops."))
    return _fill(parts, values)


def _note(words: str) -> str:
    return format_html('<p class="note" id="note" role="status" tabindex="-1">{}</p>', words)


@lru_cache(maxsize=1024)
def render_sent(
    card: Card, language: str | None, *, blank: int, total: int | None = None, may_change: bool = False
) -> str:
    """The receipt. There are few different ones, so each is rendered once and kept.

    `total` is the person's own, or None; `may_change`: this phone keeps its key, so it can come back.
    """
    return render_to_string(
        "feedback/slips/sent.html", {"card": card, "total": total, "blank": blank, "may_change": may_change}
    )


@lru_cache(maxsize=256)
def _kept_parts(card: Card, language: str | None) -> list[str]:
    return _parts(card, (), asks_about_blanks=False)


def _parts(card: Card, problems: Sequence[Problem], asks_about_blanks: bool) -> list[str]:
    """The page cut at its slots: text, name of a slot, text, name of a slot, ..., text."""
    instrument = card.instrument
    messages = {problem.field: problem.message for problem in problems}
    context = {
        "card": card,
        "instrument": instrument,
        "problems": problems,
        "asks_about_blanks": asks_about_blanks,
        "key": _slot("key"),
        "code": _slot("code"),
        "code_problem": messages.get("code"),
        "note": _slot("note"),
        "revision": _slot("revision"),
        "statements": [
            {
                "statement": statement,
                "problem": messages.get(statement.key),
                "options": [
                    {"option": option, "checked": _slot(f"{statement.key}={option.key}")} for option in instrument.scale
                ],
            }
            for statement in instrument.statements
        ],
        "questions": [
            {"question": question, "problem": messages.get(question.key), "text": _slot(question.key)}
            for question in instrument.questions
        ],
    }
    return render_to_string("feedback/slips/score.html", context).split(_SLOT)


def _slot(name: str) -> SafeString:
    return mark_safe(f"{_SLOT}{name}{_SLOT}")  # noqa: S308  (names come from the instrument; values are escaped)


def _values(key: str, revision: int, said: SlipContent | None) -> dict[str, str]:
    values = {"key": escape(key), "revision": str(revision)}
    if said:
        values |= {f"{statement}={option}": " checked" for statement, option in said.answers.items()}
        values |= {question: escape(text) for question, text in said.comments.items()}
    return values


def _fill(parts: Sequence[str], values: Mapping[str, str]) -> str:
    filled = list(parts)
    for place in range(1, len(parts), 2):
        filled[place] = values.get(parts[place], "")
    return "".join(filled)
