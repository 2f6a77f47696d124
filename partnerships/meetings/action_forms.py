"""Forms of what was decided: who does it by when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coprod.common.forms import PlacedErrors
from partnerships.models import Action, AgendaItem, Member, Objective, Organisation, Partnership


class OwnerField(forms.ChoiceField):
    """A member, or an organisation as a whole. Cleaned it is (member or None, organisation or None)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Who does it"), required=False, **options)
        self.owners: dict[str, tuple[Member | None, Organisation | None]] = {}

    def offer(self, partnership: Partnership, *, also: Action | Objective | None = None) -> None:
        """The partnership's members and their organisations; and whoever owns `also`, even if they have left."""
        members = list(partnership.members.current().select_related("organisation"))
        if also and also.member and also.member not in members:
            members.append(also.member)
        bodies = {member.organisation_id: member.organisation for member in members}
        if also and also.organisation:
            bodies.setdefault(also.organisation_id or 0, also.organisation)
        self.owners = {"": (None, None)}
        self.owners |= {f"m{member.pk}": (member, member.organisation) for member in members}
        self.owners |= {f"o{body.pk}": (None, body) for body in bodies.values()}
        self.choices = [
            ("", _("Choose a person or an organisation")),
            (_("Members"), [(f"m{each.pk}", f"{each.name}, {each.organisation}") for each in members]),
            (
                _("Organisations"),
                [(f"o{each.pk}", each.name) for each in sorted(bodies.values(), key=lambda b: b.name)],
            ),
        ]

    def clean(self, value: Any) -> tuple[Member | None, Organisation | None]:
        return self.owners[super().clean(value)]


def owner_value(owned: Action | Objective) -> str:
    """How its owner is called in the field."""
    if owned.member_id:
        return f"m{owned.member_id}"
    return f"o{owned.organisation_id}" if owned.organisation_id else ""


class ActionForm(PlacedErrors):
    """One decision of a meeting; `instance.meeting` must be set."""

    owner = OwnerField(help_text=_("Leave it open if it was not said: the page then reminds you."))

    class Meta:
        model = Action
        fields = ("item", "decided", "due_on", "nothing_to_do")
        widgets = {
            "decided": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "item": _("Agenda item"),
            "decided": _("What was decided"),
            "due_on": _("By when"),
            "nothing_to_do": _("Nothing needs to be done about it"),
        }
        help_texts = {"due_on": _("May be empty.")}
        error_messages = {
            "decided": {
                "required": _("Type what was decided"),
                "max_length": _("Shorten this to %(limit_value)s characters or fewer"),
            },
            "due_on": {"invalid": _("Type a day, for example 30/11/2026")},
        }

    field_order = ("item", "decided", "owner", "due_on", "nothing_to_do")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item, owner = self.fields["item"], self.fields["owner"]
        assert isinstance(item, forms.ModelChoiceField)
        assert isinstance(owner, OwnerField)
        item.queryset = AgendaItem.objects.filter(meeting=self.instance.meeting)
        item.empty_label = _("None of them")
        owner.offer(self.instance.meeting.partnership, also=self.instance if self.instance.pk else None)
        self.initial.setdefault("owner", owner_value(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        member, organisation = cleaned.get("owner") or (None, None)
        if cleaned.get("nothing_to_do") and (member or organisation or cleaned.get("due_on")):
            self.add_error(
                "nothing_to_do",
                ValidationError(_("Untick “Nothing needs to be done about it”, or take away who does it and by when")),
            )
        if hasattr(self.instance, "suggestion") and not ((member or organisation) and cleaned.get("due_on")):
            self.add_error("owner", ValidationError(_("This answers a suggestion: say who does it, and by when")))
        self.instance.member, self.instance.organisation = member, organisation
        if cleaned.get("nothing_to_do"):
            self.instance.done_on = None
        return cleaned
