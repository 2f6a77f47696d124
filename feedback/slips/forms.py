"""The slip, and the minute-taker's forms."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from feedback.anonymity.codes import normalise_single_use
from feedback.anonymity.phone_keys import is_well_formed
from feedback.anonymity.seals import SlipContent
from feedback.scores.instruments import Instrument, OpenQuestion, Statement

HIGHEST_REVISION = 2**31 - 1
MOST_LINES = 30


class _Shared:
    """A field that no request changes, so that all forms share it: copying ten of them is slow."""

    def __deepcopy__(self, memo: dict) -> Self:
        return self


class AnswerField(_Shared, forms.ChoiceField):
    """One statement's answer, or a blank."""


class CommentField(_Shared, forms.CharField):
    """Free text, counted as its writer counts it: a line break is one character, a control character none."""

    def to_python(self, value: object) -> str:
        text = unicodedata.normalize("NFC", str(super().to_python(value))).replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in text if c in "\n\t\0" or unicodedata.category(c) not in {"Cc", "Cs"})

    def validate(self, value: str) -> None:
        """Raises ValidationError for more lines than anybody writes: they would fill thousands of printed pages."""
        super().validate(value)
        if value.count("\n") >= MOST_LINES:
            raise ValidationError(_("Your comment has too many lines. Use at most %(n)s."), params={"n": MOST_LINES})


class SlipForm(forms.Form):
    """One person's answers. Made for an instrument by `slip_form`."""

    instrument: Instrument

    key = forms.CharField(
        error_messages={
            "required": _("This page had lost its key. Nothing was sent. Check your answers and send again.")
        }
    )
    revision = forms.IntegerField(
        min_value=1,
        max_value=HIGHEST_REVISION,
        error_messages={
            name: _("This page was out of date. Nothing was sent. Check your answers and send again.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    # The person was asked about blanks once and left them.
    blanks = forms.CharField(required=False)

    data: QueryDict

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if not is_well_formed(key):
            raise ValidationError(self.fields["key"].error_messages["required"])
        return key

    def clean_code(self) -> str:
        """The single-use code as it is printed. Raises ValidationError for what cannot be one."""
        code = normalise_single_use(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(self.fields["code"].error_messages["required"])
        return code

    def clean(self) -> None:
        known = {*self.fields, "csrfmiddlewaretoken"}
        if any(name not in known or len(self.data.getlist(name)) > 1 for name in self.data):
            raise ValidationError(
                _("This form does not belong to this meeting. Nothing was sent. Check your answers and send again.")
            )

    @property
    def content(self) -> SlipContent:
        """What was said, blanks left out. Only of a valid form."""
        said = self.cleaned_data
        return SlipContent(
            answers={s.key: said[s.key] for s in self.instrument.statements if said[s.key]},
            comments={q.key: said[q.key] for q in self.instrument.questions if said[q.key]},
        )

    @property
    def unconfirmed_blanks(self) -> list[Statement]:
        """Statements without an answer, unless the person was asked about them already."""
        if self.cleaned_data["blanks"]:
            return []
        return [s for s in self.instrument.statements if not self.cleaned_data[s.key]]

    def typed(self) -> SlipContent:
        """All that can be shown again of what came in, right or wrong."""
        return SlipContent(
            answers={s.key: self.data.get(s.key, "") for s in self.instrument.statements},
            comments={q.key: self.data.get(q.key, "").replace("\0", "") for q in self.instrument.questions},
        )


def _answer_field(statement: Statement, instrument: Instrument) -> AnswerField:
    answers = ", ".join(option.label for option in instrument.scale)
    return AnswerField(
        required=False,
        choices=[(option.key, option.label) for option in instrument.scale],
        error_messages={
            "invalid_choice": format_lazy(
                _("Choose one of these for “{statement}”: {answers}"), statement=statement.text, answers=answers
            )
        },
    )


def _comment_field(question: OpenQuestion) -> CommentField:
    return CommentField(
        required=False,
        max_length=question.longest,
        error_messages={
            "max_length": _(
                "Your comment is too long: %(show_value)s characters. Shorten it to %(limit_value)s or fewer."
            ),
            "null_characters_not_allowed": _(
                "Your comment holds a character that cannot be stored. Check it and send again."
            ),
        },
    )


def _code_field() -> forms.Field:
    return forms.CharField(
        error_messages={"required": _("Type the code on your slip of paper: eight letters and numbers.")}
    )


@cache
def slip_form(instrument: Instrument, uses_codes: bool) -> type[SlipForm]:
    """The form of an instrument: one radio field per statement, one text per open question; a single-use code."""
    fields: dict[str, forms.Field] = {"code": _code_field()} if uses_codes else {}
    fields |= {s.key: _answer_field(s, instrument) for s in instrument.statements}
    fields |= {q.key: _comment_field(q) for q in instrument.questions}
    return type("SlipForm", (SlipForm,), {**fields, "instrument": instrument})
