"""Forms of a partnership's year: the assessment is prepared, filled in together, and the workshop planned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms import MeetingChoice
from coprod.common.forms import Choices, TidyField, uncut
from feedback.models import JointAssessment, Workshop
from feedback.models.assessments import LONGEST_NOTE
from feedback.scores.instruments import TOGETHER, Instrument, Statement
from partnerships.models import Meeting, Member, Year


class PrepareForm(forms.Form):
    """What the yearly assessment asks each member."""

    with_steps = forms.BooleanField(
        label=gettext_lazy("Ask about the twelve steps too"),
        help_text=gettext_lazy("Twenty statements in place of eight: a minute longer."),
        required=False,
    )


class JointForm(forms.Form):
    """What the partnership says of itself, together: an answer and a note to each statement; all may be left open."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    meeting = MeetingChoice(
        label=gettext_lazy("At which meeting?"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=gettext_lazy("At no meeting"),
    )

    def __init__(self, data: QueryDict | None, *, year: Year, joint: JointAssessment | None) -> None:
        self.instrument: Instrument = joint.instrument if joint else TOGETHER
        initial: dict[str, Any] = {"version": 0}
        if joint:
            initial = {"version": joint.version, "meeting": joint.meeting} | joint.answers
            initial |= {_note(key): text for key, text in joint.notes.items()}
        super().__init__(data, initial=initial)
        meeting = self.fields["meeting"]
        assert isinstance(meeting, forms.ModelChoiceField)
        held = year.partnership.meetings.taking_place().filter(date__lte=timezone.localdate())
        meeting.queryset = held.filter(date__range=(year.span.first, year.beside(1).span.last))
        for statement in self.instrument.statements:
            self.fields[statement.key] = self._answer(statement)
            self.fields[_note(statement.key)] = self._note(statement)

    def _answer(self, statement: Statement) -> forms.Field:
        choices = [*((option.key, option.label) for option in self.instrument.scale), ("", _("Left open"))]
        return forms.ChoiceField(label=statement.text, choices=choices, required=False, widget=Choices(), initial="")

    def _note(self, statement: Statement) -> forms.Field:
        label = _("Note: %(statement)s") % {"statement": Truncator(statement.text).words(3)}
        too_long = _("%(label)s Shorten it to %(most)s characters or fewer") % {"label": label, "most": LONGEST_NOTE}
        return uncut(
            forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": too_long},
            )
        )

    def clean(self) -> None:
        said = self.cleaned_data
        fields = [name for s in self.instrument.statements for name in (s.key, _note(s.key))]
        if not self.errors and not any(said.get(name) for name in fields):
            raise ValidationError(_("Choose an answer, or note why it is left open, for at least one commitment"))

    def show_as_of(self, version: int) -> None:
        """Saved once more, what was typed takes the place of what is stored now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]

    def rows(self, part: str) -> Iterator[tuple[BoundField, BoundField]]:
        """Answer and note of each statement of this part."""
        for statement in self.instrument.statements:
            if statement.part == part:
                yield self[statement.key], self[_note(statement.key)]

    @property
    def commitments(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows(self.instrument.statements[0].part))

    @property
    def steps(self) -> list[tuple[BoundField, BoundField]]:
        return list(self.rows(self.instrument.statements[-1].part))

    @property
    def opens_steps(self) -> bool:
        """Whether anything is said of the steps, or wrong about it."""
        return any(field.value() or field.errors for row in self.steps for field in row)

    @property
    def answers(self) -> dict[str, str]:
        """{statement key: option key}. Only of a valid form, like the notes."""
        said = self.cleaned_data
        return {s.key: said[s.key] for s in self.instrument.statements if said[s.key]}

    @property
    def notes(self) -> dict[str, str]:
        said = self.cleaned_data
        return {s.key: said[_note(s.key)] for s in self.instrument.statements if said[_note(s.key)]}


def _note(key: str) -> str:
    return f"{key}-note"


class WorkshopForm(forms.ModelForm):
    """When the workshop is, and who facilitates it; `instance.year` must be set."""

    class Meta:
        model = Workshop
        fields = ("date", "facilitator", "organisation", "email")
        field_classes = {"facilitator": TidyField, "organisation": TidyField}
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {
            "date": gettext_lazy("Day of the workshop"),
            "facilitator": gettext_lazy("Who facilitates it"),
            "organisation": gettext_lazy("Their organisation"),
            "email": gettext_lazy("Their email address"),
        }
        help_texts = {
            "facilitator": gettext_lazy("Somebody independent: not a member of this partnership."),
            "email": gettext_lazy("The link to the pack goes there, once you send it. Members’ names are taken out."),
        }
        error_messages = {
            "date": {
                "required": gettext_lazy("Choose the day of the workshop"),
                "invalid": gettext_lazy("Type a day, for example 30/11/2026"),
            },
            "facilitator": {
                "required": gettext_lazy("Type the name of whoever facilitates it"),
                "max_length": gettext_lazy("Shorten the name to %(limit_value)s characters or fewer"),
            },
            "organisation": {"max_length": gettext_lazy("Shorten the name to %(limit_value)s characters or fewer")},
            "email": {
                "required": gettext_lazy("Type their email address"),
                "invalid": gettext_lazy("Type an email address, for example name@example.org"),
            },
        }

    def clean_facilitator(self) -> str:
        name = self.cleaned_data["facilitator"]
        if Member.objects.current().filter(partnership=self.instance.year.partnership, name__iexact=name).exists():
            raise ValidationError(_("A member has this name. The facilitator should be independent."))
        return name

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Member.objects.current().filter(partnership=self.instance.year.partnership, email=email).exists():
            raise ValidationError(_("A member has this address. The facilitator should be independent."))
        return email

    def clean_date(self):
        date, span = self.cleaned_data["date"], self.instance.year.span
        if not span.first <= date <= self.instance.year.beside(1).span.last:
            raise ValidationError(
                _("Choose a day in the year %(year)s, or in the twelve months after it"), params={"year": span}
            )
        return date
