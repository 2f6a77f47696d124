"""Forms of who meets: partnerships, members, coordinators."""

from __future__ import annotations

import datetime
from typing import Any, Protocol

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Area, Coordinator, Meeting, Member, Organisation, Partnership
from partnerships.models.meetings import DAYS_AFTERWARDS
from partnerships.names import LONGEST_ADDRESS, mailable, plain, tidy
from partnerships.organisations import Organisations, WrongSector
from partnerships.sheets import MOST_BYTES, Sheet, Unreadable, read, read_text


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


class FindForm(forms.Form):
    """The search above the list of partnerships."""

    q = forms.CharField(label=_("Name contains"), required=False, max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Partnership.Kind.choices], required=False)

    def narrow(self, partnerships: models.QuerySet[Partnership]) -> models.QuerySet[Partnership]:
        """Those that fit; all of them where what was typed cannot be."""
        if not self.is_valid():
            return partnerships
        if self.cleaned_data["q"]:
            partnerships = partnerships.filter(name__icontains=tidy(self.cleaned_data["q"]))
        if self.cleaned_data["kind"]:
            partnerships = partnerships.filter(kind=self.cleaned_data["kind"])
        return partnerships

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


class AreaForm(forms.ModelForm):
    """What a coordinator may change of the area itself."""

    class Meta:
        model = Area
        fields = ("colour", "requires_second_factor", "months_kept", "year_start_month")
        labels = {
            "colour": _("Colour of the area’s pages"),
            "requires_second_factor": _("Coordinators need a second step to sign in"),
            "months_kept": _("Months for which people who left are kept"),
            "year_start_month": _("The area’s year begins in"),
        }
        error_messages = {
            "months_kept": {
                name: _("Type a number of months from 1 to 120")
                for name in ("required", "invalid", "min_value", "max_value")
            }
        }


class PlacedErrors(forms.ModelForm):
    """Puts what a rule of the database says beside the field that can mend it: the rule's code names it."""

    def add_error(self, field: str | None, error: Any) -> None:
        told = getattr(error, "error_dict", {})
        for each in told.pop(NON_FIELD_ERRORS, []):
            told.setdefault(each.code if each.code in self.fields else NON_FIELD_ERRORS, []).append(each)
        super().add_error(field, error)


class PartnershipForm(PlacedErrors):
    """One partnership of an area; `instance.area` must be set."""

    class Meta:
        model = Partnership
        fields = ("name", "kind", "parent", "year_start_month", "threshold")
        field_classes = {"name": TidyField}
        labels = {
            "name": _("Name"),
            "kind": _("Kind"),
            "parent": _("Reports to"),
            "year_start_month": _("Its year begins in"),
            "threshold": _("Fewest slips for a table"),
        }
        help_texts = {"year_start_month": _("Changing it moves past years too: meetings may fall into another.")}
        error_messages = {
            "name": {
                "required": _("Type the partnership’s name"),
                "max_length": _("Shorten the name to %(limit_value)s characters or fewer"),
            },
            "kind": {"required": _("Choose what kind of partnership it is")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = Partnership.objects.filter(area=self.instance.area).exclude(pk=self.instance.pk)
        parent.empty_label = _("Nobody")

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"area"}  # type: ignore[misc]


class OrganisationForm(PlacedErrors):
    """A partner body's name and sector; `instance.area` must be set."""

    class Meta:
        model = Organisation
        fields = ("name", "sector")
        field_classes = {"name": TidyField}
        labels = {"name": _("Name"), "sector": _("Sector")}
        error_messages = {
            "name": {
                "required": _("Type the organisation"),
                "max_length": _("Shorten the organisation to %(limit_value)s characters or fewer"),
            },
            "sector": {"required": _("Choose the sector")},
        }

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"area"}  # type: ignore[misc]


class MemberForm(PlacedErrors):
    """One member of a partnership; `instance.partnership` must be set."""

    organisation_name = TidyField(
        label=_("Organisation"),
        max_length=200,
        help_text=_("Whom they represent. Choose one that is suggested, or type a new one."),
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
        error_messages={
            "required": _("Type the organisation"),
            "max_length": _("Shorten the organisation to %(limit_value)s characters or fewer"),
        },
    )
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[("", _("Already known")), *Organisation.Sector.choices],
        required=False,
        help_text=_("Needed only for an organisation that is new here."),
    )

    field_order = ("name", "email", "organisation_name", "sector", "role")

    class Meta:
        model = Member
        fields = ("name", "email", "role")
        field_classes = {"name": TidyField}
        labels = {"name": _("Name"), "email": _("Email address"), "role": _("Role")}
        help_texts = {"email": _("Leave it empty if they have none. They are then invited on paper.")}
        error_messages = {
            "name": {
                "required": _("Type the member’s name"),
                "max_length": _("Shorten the name to %(limit_value)s characters or fewer"),
            },
            "email": {
                "invalid": _("Type an email address like name@example.org, or leave it empty"),
                "max_length": _("Shorten the email address to %(limit_value)s characters or fewer"),
            },
        }

    def __init__(self, *args: Any, replaces: Member | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaces = replaces
        if self.instance.organisation_id:
            self.initial.setdefault("organisation_name", self.instance.organisation.name)
        self.organisations = Organisations(self.instance.partnership.area)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if name := cleaned.get("organisation_name"):
            try:
                self.instance.organisation = self.organisations.find(name, cleaned.get("sector", ""))
            except WrongSector as wrong:
                self.add_error("sector", ValidationError(wrong.message))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Without these, the rule that an address stands once among the current members would not be asked. A
        # successor may have the address of whoever leaves; there the database asks, after that one has left.
        asked = set() if self.replaces else {"partnership", "left_on"}
        if asked and self.instance.organisation_id:
            asked.add("organisation")
        return super()._get_validation_exclusions() - asked  # type: ignore[misc]


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


class CoordinatorForm(forms.Form):
    """Somebody who is to look after the area."""

    name = TidyField(
        label=_("Name"),
        max_length=Coordinator._meta.get_field("name").max_length,
        error_messages={"required": _("Type the coordinator’s name")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        validators=[mailable],
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Type the coordinator’s email address"),
            "invalid": _("Type an email address like name@example.org"),
            "max_length": _("Shorten the email address to %(limit_value)s characters or fewer"),
        },
    )


class LinesOf[Line](Protocol):
    def __call__(self, sheet: Sheet, *, needs_partnership: bool) -> tuple[list[Line], list[str]]: ...


class ImportForm(forms.Form):
    """A list of members: a file, or cells pasted from a spreadsheet."""

    too_large = _("This file is too large. Leave out what is not about members, or split it.")

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV, ODS or XLSX, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.ods,.xlsx"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    rows = forms.CharField(
        label=_("Or paste the cells"),
        required=False,
        strip=False,
        help_text=_("Copy them in your spreadsheet, headings too. Or type a line for each row, with ; between cells."),
        widget=forms.Textarea,
    )
    partnership = forms.ModelChoiceField(
        label=_("Partnership"),
        queryset=Partnership.objects.none(),
        required=False,
        empty_label=_("As the column “Partnership” says"),
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partnership = self.fields["partnership"]
        assert isinstance(partnership, forms.ModelChoiceField)
        partnership.queryset = area.partnerships.all()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(self.too_large)
        return file

    def clean(self) -> dict[str, Any]:
        """Adds `sheet`, and puts its cells into the box, where they can be mended and sent again."""
        cleaned = super().clean() or {}
        file, rows = cleaned.get("file"), cleaned.get("rows", "")
        if self.errors:
            return cleaned
        if not file and not rows.strip():
            self.add_error("file", _("Choose a file, or paste the cells."))
            return cleaned
        try:
            cleaned["sheet"] = read(file.read()) if file else read_text(rows)
        except Unreadable as unreadable:
            self.add_error("file" if file else "rows", str(unreadable))
        return cleaned

    def lines[Line](self, lines_of: LinesOf[Line]) -> tuple[list[Line] | None, list[str]]:
        """The rows as `lines_of` reads them, and the headings that are not used; None, and an error at the rows, where
        it cannot, or where the form is not valid."""
        if not self.is_valid():
            return None, []
        try:
            return lines_of(self.cleaned_data["sheet"], needs_partnership=self.cleaned_data["partnership"] is None)
        except Unreadable as unreadable:
            self.add_error("rows", str(unreadable))
            return None, []
