"""The form of a meeting."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coprod.common.forms import PlacedErrors, TidyField
from partnerships.models import Meeting
from partnerships.models.meetings import DAYS_AFTERWARDS


class MeetingForm(PlacedErrors):
    """A meeting to come; `instance.partnership` must be set."""

    class Meta:
        model = Meeting
        fields = ("date", "start", "end", "venue", "venue_access")
        field_classes = {"venue": TidyField, "venue_access": TidyField}
        labels = {
            "date": _("Date"),
            "start": _("Starts at"),
            "end": _("Ends at"),
            "venue": _("Venue"),
            "venue_access": _("How to get in and take part there"),
        }
        help_texts = {
            "start": _("May be empty."),
            "end": _("May be empty."),
            "venue": _("May be empty."),
            "venue_access": _("Printed on the agenda. For example: step-free from Guildhall Street, hearing loop."),
        }
        widgets = {
            "date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "start": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "end": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        error_messages = {
            "date": {
                "required": _("Choose the day of the meeting"),
                "invalid": _("Type a day, for example 30/11/2026"),
            },
            "start": {"invalid": _("Type a time, for example 19:30")},
            "end": {"invalid": _("Type a time, for example 21:00")},
            "venue": {"max_length": _("Shorten the venue to %(limit_value)s characters or fewer")},
            "venue_access": {"max_length": _("Shorten this to %(limit_value)s characters or fewer")},
        }

    def clean_date(self) -> datetime.date:
        return possible_day(self.cleaned_data["date"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = Meeting.objects.taking_place().filter(partnership=self.instance.partnership)
        same = others.exclude(pk=self.instance.pk).filter(start=cleaned.get("start"))
        if "date" in cleaned and same.filter(date=cleaned["date"]).exists():
            self.add_error("date", _("A meeting is planned already for the same day and the same time."))
        return cleaned


def possible_day(date: datetime.date) -> datetime.date:
    """The day, if a meeting may be put on it. Raises ValidationError."""
    today = timezone.localdate()
    if (today - date).days > DAYS_AFTERWARDS:
        raise ValidationError(_("That day was more than two weeks ago. Look at the year."))
    if (date - today).days > 2 * 366:
        raise ValidationError(_("Choose a day within two years from now"))
    return date
