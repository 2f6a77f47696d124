"""Forms of who meets: partnerships, members, coordinators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from coprod.common.forms import PlacedErrors, TidyField
from coprod.common.text import LONGEST_ADDRESS, mailable, tidy
from partnerships.models import Area, Coordinator, Member, Organisation, Partnership
from partnerships.people.organisations import Organisations, WrongSector


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
