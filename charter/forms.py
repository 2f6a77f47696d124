"""Forms of the charter: to adopt it, to record that a partnership did, and to type in what was signed on paper."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter import texts
from charter.models import Level, PartnershipAdoption
from coprod.common.forms import TidyField
from coprod.common.text import has_words, tidy
from partnerships.models import Meeting, Member, Partnership


class DayField(forms.DateField):
    """A day that has come."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": gettext_lazy("Choose the day"),
                "invalid": gettext_lazy("Type a day, for example 30/11/2026"),
            },
            **options,
        )

    def clean(self, value: Any) -> datetime.date | None:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(_("Choose today or an earlier day"))
        return day


class Levels(forms.Form):
    """One tick for the person, one for the organisation."""

    personally = forms.BooleanField(required=False, label=gettext_lazy("Personally"))
    for_organisation = forms.BooleanField(required=False, label=gettext_lazy("For the organisation"))

    @property
    def levels(self) -> list[Level]:
        """What is ticked."""
        ticks = {Level.PERSON: "personally", Level.ORGANISATION: "for_organisation"}
        return [level for level, name in ticks.items() if self.cleaned_data.get(name)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.levels:
            self.add_error("personally", ValidationError(_("Tick how it is adopted: one of the two, or both")))
        return cleaned


class AdoptForm(Levels):
    """A member adopts what stands on the page: this version, for the organisation that it named."""

    name = TidyField(
        label=gettext_lazy("Type your name, as your signature"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Type your name"),
            "max_length": gettext_lazy("Shorten the name to %(limit_value)s characters or fewer"),
        },
    )
    # How it stood when the page was loaded; the page always asks about how it stands now.
    version = forms.CharField(required=False)
    organisation = forms.CharField(required=False)

    field_order = ("personally", "for_organisation", "name")

    def __init__(self, data: QueryDict | None, *, member: Member) -> None:
        super().__init__(data)
        self.member = member
        self.fields["personally"].label = _("I adopt the charter personally")
        self.fields["for_organisation"].label = _("I adopt the charter on behalf of %(organisation)s") % {
            "organisation": member.organisation
        }

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Type your name, with letters"))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("version") != str(texts.VERSION):
            raise ValidationError(
                _("The wording has changed since you opened this page. Read it again; then press the button again.")
            )
        if Level.ORGANISATION in self.levels and cleaned.get("organisation") != str(self.member.organisation_id):
            raise ValidationError(
                _(
                    "You do not represent the organisation that this page named. On the list you are here for "
                    "%(organisation)s: if that is right, press the button again."
                )
                % {"organisation": self.member.organisation}
            )
        return cleaned


class MeetingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return date_format(obj.date, "j F Y")


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.organisation}"


class DecisionForm(forms.ModelForm):
    """That the partnership adopted the charter; `instance.partnership` must be set."""

    adopted_on = DayField(label=gettext_lazy("Adopted on"))
    meeting = MeetingChoice(
        label=gettext_lazy("At the meeting of"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=gettext_lazy("None of them"),
    )

    class Meta:
        model = PartnershipAdoption
        fields = ("adopted_on", "meeting", "decision")
        widgets = {"decision": forms.Textarea(attrs={"rows": 2})}
        labels = {"decision": gettext_lazy("What was decided")}
        help_texts = {
            "decision": gettext_lazy("In the words of the notes, without people’s names: it may be published.")
        }
        error_messages = {
            "decision": {
                "required": gettext_lazy("Type what was decided"),
                "max_length": gettext_lazy("Shorten this to %(limit_value)s characters or fewer"),
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.fields["meeting"]
        assert isinstance(meeting, forms.ModelChoiceField)
        held = Meeting.objects.taking_place().filter(date__lte=timezone.localdate())
        meeting.queryset = held.filter(partnership=self.instance.partnership)

    def clean_decision(self) -> str:
        decision = tidy(self.cleaned_data["decision"])
        if not has_words(decision):
            raise ValidationError(_("Type what was decided"))
        return decision


class PaperForm(Levels):
    """A sheet that a member without an email address has signed."""

    member = MemberChoice(
        label=gettext_lazy("Who signed"),
        queryset=Member.objects.none(),
        empty_label=gettext_lazy("Choose a member"),
        error_messages={
            "required": gettext_lazy("Choose who signed"),
            "invalid_choice": gettext_lazy("They are not on this partnership any more, or have an email address now"),
        },
    )
    adopted_on = DayField(label=gettext_lazy("Signed on"))

    field_order = ("member", "adopted_on", "personally", "for_organisation")

    def __init__(self, data: QueryDict | None, *, partnership: Partnership) -> None:
        super().__init__(data)
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)
        without_address = partnership.members.current().filter(email="")
        member.queryset = without_address.select_related("organisation", "partnership")
        self.fields["personally"].label = _("They adopted it personally")
        self.fields["for_organisation"].label = _("They adopted it on behalf of their organisation")
