"""Fields and form bases that every app uses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, QueryDict

from coprod.common.text import plain, tidy


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None where nothing was sent, so that no form complains before it is filled in."""
    return request.POST if request.method == "POST" else None


def number(text: str | None) -> int | None:
    """A whole number from 0 that a page has sent; None for anything else, and for one that no database could hold."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


class TidyField(forms.CharField):
    """One line of text as people write names: blanks put in order, nothing a spreadsheet would run."""

    default_validators = [plain]

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


def uncut(field: forms.Field) -> forms.Field:
    """The field as a page that says itself what is too long: browsers would else cut what is pasted, without a word."""
    field.widget.attrs.pop("maxlength", None)
    return field


class Choices(forms.RadioSelect):
    """Radios as our template pack draws them; a link to a mistake leads to the first."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-radios__input"})

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class PlacedErrors(forms.ModelForm):
    """Puts what a rule of the database says beside the field that can mend it: the rule's code names it."""

    def add_error(self, field: str | None, error: Any) -> None:
        told = getattr(error, "error_dict", {})
        for each in told.pop(NON_FIELD_ERRORS, []):
            told.setdefault(each.code if each.code in self.fields else NON_FIELD_ERRORS, []).append(each)
        super().add_error(field, error)
