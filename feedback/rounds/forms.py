"""The minute-taker's forms at the desk."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.rounds.single_use_codes import MOST_AT_ONCE
from partnerships.models import Meeting, Year


class ScheduleForm(forms.Form):
    """When scoring opens by itself."""

    opens_at = forms.DateTimeField(
        label=_("Open by itself on"),
        help_text=_("For a hall without signal: phones can send from this time on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Choose a day and a time"),
            "invalid": _("Type a day and a time, for example 2026-11-30T19:30"),
        },
    )

    def clean_opens_at(self):
        opens_at = self.cleaned_data["opens_at"]
        if opens_at <= timezone.now():
            raise ValidationError(_("That time has passed. Choose a later one, or open scoring now."))
        if opens_at > timezone.now() + timedelta(days=366):
            raise ValidationError(_("Choose a time within the next year"))
        return opens_at


class PresentForm(forms.ModelForm):
    """How many people are at the meeting."""

    class Meta:
        model = Meeting
        fields = ("present",)
        labels = {"present": _("People present")}
        error_messages = {
            "present": {
                "invalid": _("Type the number of people present, for example 13"),
                "min_value": _("Type the number of people present, for example 13"),
                "max_value": _("Type the number of people present, at most 2000"),
            }
        }


class AskedForm(forms.ModelForm):
    """How many people are asked about the year."""

    class Meta:
        model = Year
        fields = ("present",)
        labels = {"present": _("People asked")}
        help_texts = {"present": _("How many people got the link or the paper form.")}
        error_messages = {
            "present": {
                "invalid": _("Type the number of people asked, for example 13"),
                "min_value": _("Type the number of people asked, for example 13"),
                "max_value": _("Type the number of people asked, at most 2000"),
            }
        }


def present_form(occasion: Meeting | Year, data: QueryDict | None = None) -> forms.ModelForm:
    """The form in which it is put down how many could have scored."""
    if isinstance(occasion, Year):
        return AskedForm(data, instance=occasion)
    return PresentForm(data, instance=occasion)


class CodesForm(forms.Form):
    """How many slips with single-use codes to print."""

    number = forms.IntegerField(
        label=_("How many?"),
        help_text=_("One for each person, and a few to spare."),
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages={
            name: _("Type how many slips to print, from 1 to %(most)s") % {"most": MOST_AT_ONCE}
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
