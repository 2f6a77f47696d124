"""Forms beside the figures: a note on the charts, and what worked."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coprod.common.forms import PlacedErrors, TidyField, uncut
from coprod.common.text import has_words
from feedback.models import ChartNote, Practice
from feedback.scores.instruments import MEETING_FEEDBACK
from partnerships.models.years import EARLIEST

_TOO_LONG = gettext_lazy("Shorten this to %(limit_value)s characters or fewer")


class ChartNoteForm(PlacedErrors):
    """A note on the charts; `instance.partnership` must be set."""

    class Meta:
        model = ChartNote
        fields = ("date", "kind", "text", "resets_limits", "reason")
        field_classes = {"text": TidyField, "reason": TidyField}
        labels = {
            "date": gettext_lazy("From which day on"),
            "kind": gettext_lazy("What changed"),
            "text": gettext_lazy("In a few words"),
            "resets_limits": gettext_lazy("Work out what is usual anew from this day on"),
            "reason": gettext_lazy("Why what was usual before does not count any more"),
        }
        help_texts = {
            "text": gettext_lazy("It is printed on the charts. Say what changed, and name no person."),
            "reason": gettext_lazy("Only if you tick the box. It is kept, and shown to all members."),
        }
        widgets = {
            "date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "date": {
                "required": gettext_lazy("Choose the day from which on it was different"),
                "invalid": gettext_lazy("Type a day, for example 30/11/2026"),
            },
            "kind": {"required": gettext_lazy("Choose what changed")},
            "text": {"required": gettext_lazy("Say in a few words what changed"), "max_length": _TOO_LONG},
            "reason": {"max_length": _TOO_LONG},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "reason"):
            uncut(self.fields[name])

    def clean_date(self) -> datetime.date:
        date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise ValidationError(_("Choose a day that has come: a note says what did change, not what will."))
        if date.year < EARLIEST:
            raise ValidationError(_("Choose a day from the year %(year)s on"), params={"year": EARLIEST})
        return date

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("resets_limits") and "resets_limits" in self.changed_data:
            cleaned["reason"] = ""  # unticked: what was reset is taken back
        elif cleaned.get("reason") and not cleaned.get("resets_limits"):
            self.add_error("resets_limits", _("You gave a reason: tick this box too, or empty the reason."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Without it, the rule that a day has one note would not be asked.
        return super()._get_validation_exclusions() - {"partnership"}  # type: ignore[misc]


class LinesField(forms.CharField):
    """Several lines, counted as their writer counts them: a line break is one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return "\n".join((super().to_python(value) or "").splitlines())


class PracticeForm(forms.ModelForm):
    """What worked for one statement."""

    decided = forms.BooleanField(
        label=gettext_lazy("The partnership has decided to share this with all areas"),
        error_messages={
            "required": gettext_lazy("Tick this once the partnership has decided: nobody shares it alone.")
        },
    )

    field_order = ("text", "decision", "decided")

    class Meta:
        model = Practice
        fields = ("text", "decision")
        field_classes = {"text": LinesField, "decision": TidyField}
        labels = {
            "text": gettext_lazy("What worked"),
            "decision": gettext_lazy("How the partnership decided to share it"),
        }
        help_texts = {
            "text": gettext_lazy(
                "What you did, and what came of it, so that others can try it. At most 1500 characters. "
                "Name no person, and leave scores out."
            ),
            "decision": gettext_lazy("For example: Agreed at the meeting of 4 March 2026"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
        error_messages = {
            "text": {"required": gettext_lazy("Say what worked"), "max_length": _TOO_LONG},
            "decision": {
                "required": gettext_lazy("Say how the partnership decided to share it"),
                "max_length": _TOO_LONG,
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "decision"):
            uncut(self.fields[name])

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if not has_words(text):
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text


class ExchangeForm(forms.Form):
    """Of which statement shared notes are read."""

    statement = forms.ChoiceField(
        label=gettext_lazy("Statement"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such statement. Choose one from the list.")},
    )

    def __init__(self, *args: Any, counts: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statement = self.fields["statement"]
        assert isinstance(statement, forms.ChoiceField)
        statement.choices = [
            ("", f"{_('All statements')} ({sum(counts.values())})"),
            *((each.key, f"{each.text} ({counts.get(each.key, 0)})") for each in MEETING_FEEDBACK.statements),
        ]

    @property
    def chosen(self) -> str:
        """The statement's key; empty for all of them."""
        return self.cleaned_data["statement"] if self.is_valid() else ""
