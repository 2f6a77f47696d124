"""Forms of planning ahead, and of what members need to take part."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coprod.common.forms import TidyField
from partnerships.meetings.forms import MeetingForm, possible_day
from partnerships.meetings.scheduling import MOST_AT_ONCE, days_of
from partnerships.models import AccessNeed

CUSTOM = "custom"
RHYTHMS = [
    ("1w", gettext_lazy("Every week")),
    ("2w", gettext_lazy("Every second week")),
    ("4w", gettext_lazy("Every fourth week")),
    ("1m", gettext_lazy("Every month, on the same weekday (such as the second Tuesday)")),
    ("2m", gettext_lazy("Every second month, on the same weekday")),
    ("3m", gettext_lazy("Every third month, on the same weekday")),
    (CUSTOM, gettext_lazy("On the days I type")),
]
_DAY = gettext_lazy("Type a day, for example 30/11/2026")


class DatesForm(forms.Form):
    """Which days, and what all the meetings have in common. Cleaned it has `dates`."""

    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=RHYTHMS, initial="1m")
    first = forms.DateField(
        label=gettext_lazy("First meeting"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _DAY},
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A year later, if you leave it empty."),
        error_messages={"invalid": _DAY},
    )
    typed = forms.CharField(
        label=gettext_lazy("Or the days themselves, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For example 30/11/2026. Needed only for “On the days I type”."),
    )
    start = forms.TimeField(
        label=gettext_lazy("Starts at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Type a time, for example 19:30")},
    )
    end = forms.TimeField(
        label=gettext_lazy("Ends at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Type a time, for example 21:00")},
    )
    venue = TidyField(
        label=gettext_lazy("Venue"),
        required=False,
        max_length=200,
        error_messages={"max_length": gettext_lazy("Shorten the venue to %(limit_value)s characters or fewer")},
    )
    venue_access = TidyField(
        label=MeetingForm.Meta.labels["venue_access"],
        required=False,
        max_length=500,
        error_messages={"max_length": gettext_lazy("Shorten this to %(limit_value)s characters or fewer")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if end and (start is None or end <= start) and not {"start", "end"} & self.errors.keys():
            self.add_error("end", _("A meeting ends after it starts, on the same day. Give both times."))
        if "rhythm" in cleaned and "first" in cleaned and "until" in cleaned:
            cleaned["dates"] = self._typed(cleaned) if cleaned["rhythm"] == CUSTOM else self._by_rule(cleaned)
        return cleaned

    def _by_rule(self, cleaned: dict[str, Any]) -> list[datetime.date]:
        first = cleaned["first"]
        if first is None:
            self.add_error("first", _("Choose the day of the first meeting"))
            return []
        try:
            possible_day(first)
        except ValidationError as error:
            self.add_error("first", error)
            return []
        until = cleaned["until"] or first + datetime.timedelta(days=363)
        if until < first:
            self.add_error("until", _("The last day comes after the first"))
        return self._possible(days_of(first=first, rhythm=cleaned["rhythm"], until=until), "until")

    def _typed(self, cleaned: dict[str, Any]) -> list[datetime.date]:
        lines = [line.strip() for line in cleaned.get("typed", "").splitlines() if line.strip()]
        if not lines and "typed" not in self.errors:
            self.add_error("typed", _("Type the days, one a line"))
        days = []
        for line in lines:
            day = _day(line)
            if day is None:
                self.add_error("typed", _("“%(line)s” is not a day: type it like 30/11/2026") % {"line": line[:40]})
            else:
                days.append(day)
        return self._possible(days, "typed")

    def _possible(self, days: list[datetime.date], name: str) -> list[datetime.date]:
        if len(days) > MOST_AT_ONCE:
            self.add_error(name, _("At most %(most)s days at once") % {"most": MOST_AT_ONCE})
        for day in days:
            try:
                possible_day(day)
            except ValidationError as error:
                self.add_error(name, f"{day:%d/%m/%Y}: {error.message}")
                break
        return days

    @property
    def details(self) -> dict[str, object]:
        """What all the meetings have in common. Only of a valid form."""
        return {name: self.cleaned_data[name] for name in ("start", "end", "venue", "venue_access")}


def _day(text: str) -> datetime.date | None:
    try:
        if found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
            return datetime.date(int(found[3]), int(found[2]), int(found[1]))
        return parse_date(text)
    except ValueError:
        return None


class AccessForm(forms.Form):
    """What one member needs: one tick a kind, with more about it; and their consent."""

    shows_name = forms.BooleanField(
        label=gettext_lazy("Show my name with my needs"),
        required=False,
        help_text=gettext_lazy(
            "If not, they see the need without a name. In a small group it may be guessed all the same."
        ),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I agree that this is kept, so that it can be arranged"),
        required=False,
        help_text=gettext_lazy("You can change or delete it here at any time. It is deleted when you leave."),
    )

    def __init__(self, *args: Any, needs: dict[str, AccessNeed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the order of the page: needs first, consent last.
        asked: dict[str, forms.Field] = {}
        for kind, label in AccessNeed.Kind.choices:
            known = needs.get(kind)
            asked[kind] = forms.BooleanField(label=label, required=False, initial=known is not None)
            asked[f"{kind}_detail"] = forms.CharField(
                label=format_html('{}<span class="govuk-visually-hidden">: {}</span>', _("More about it"), label),
                required=False,
                max_length=200,
                initial=known.detail if known else "",
                error_messages={"max_length": gettext_lazy("Shorten this to %(limit_value)s characters or fewer")},
            )
        self.fields = {**asked, **self.fields}
        if needs:
            self.initial.setdefault("shows_name", any(need.shows_name for need in needs.values()))
            self.initial.setdefault("consent", True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("consent") and self.wanted(cleaned):
            self.add_error("consent", _("Tick “I agree”, so that we may keep this. Or untick your needs."))
        return cleaned

    @staticmethod
    def wanted(said: dict[str, Any]) -> dict[str, str]:
        """{kind: more about it} of what is ticked, or has something typed beside it."""
        return {
            kind: said.get(f"{kind}_detail", "")
            for kind in AccessNeed.Kind.values
            if said.get(kind) or said.get(f"{kind}_detail")
        }

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[kind], self[f"{kind}_detail"]) for kind in AccessNeed.Kind.values]
