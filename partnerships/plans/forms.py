"""Forms of the year's plan: one for a row of each level, and one for how far an objective is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coprod.common.forms import Choices, uncut
from coprod.common.text import has_words, tidy
from partnerships.meetings.action_forms import OwnerField, owner_value
from partnerships.models import Aim, Objective, PlanOutcome, PlanRow, Year
from partnerships.plans.service import ChangedMeanwhile, as_seen

_TOO_LONG = _("Shorten this to %(limit_value)s characters or fewer")
_TEXT_MESSAGES = {"required": _("Type it in words"), "max_length": _TOO_LONG}


class PlanForm(forms.ModelForm):
    """A row, or some of its fields. One that is stored brings back what its writer saw of them."""

    # The fields of the row that it writes.
    names: ClassVar[Sequence[str]] = ("text",)

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, year: Year, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        for name in self.fields.keys() & {"text", "progress"}:
            uncut(self.fields[name])
        if self.instance.pk:
            self.initial["seen"] = as_seen(self.instance, self.names)
        else:
            del self.fields["seen"]

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if not has_words(text):
            raise ValidationError(_("Type it in words"))
        return text

    def rebase(self, changed: ChangedMeanwhile) -> None:
        """Saved once more it replaces what somebody else has written meanwhile."""
        self.add_error(None, changed.message)
        self.data = dict(self.data.items()) | {"seen": as_seen(changed.stored, self.names)}


class AimForm(PlanForm):
    class Meta:
        model = Aim
        fields = ("text",)
        labels = {"text": _("What do you hope to achieve?")}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"text": _TEXT_MESSAGES}


class OutcomeForm(PlanForm):
    class Meta:
        model = PlanOutcome
        fields = ("text",)
        labels = {"text": _("What will have changed?")}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"text": _TEXT_MESSAGES}


class ObjectiveForm(PlanForm):
    names = ("text", "member", "organisation", "due_on")
    owner = OwnerField(help_text=_("Leave it open if it is not agreed yet."))
    field_order = ("text", "owner", "due_on")

    class Meta:
        model = Objective
        fields = ("text", "due_on")
        labels = {"text": _("What will you complete?"), "due_on": _("By when")}
        help_texts = {"due_on": _("May be empty.")}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {"text": _TEXT_MESSAGES, "due_on": {"invalid": _("Type a day, for example 30/11/2026")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.offer(self.year.partnership, also=self.instance if self.instance.pk else None)
        self.initial.setdefault("owner", owner_value(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.member, self.instance.organisation = cleaned.get("owner") or (None, None)
        return cleaned


class ProgressForm(PlanForm):
    """How far an objective is."""

    names = ("standing", "progress", "done_on")

    class Meta:
        model = Objective
        fields = ("standing", "progress")
        labels = {"standing": _("How far is it?"), "progress": _("More about it")}
        help_texts = {
            "progress": _(
                "May be empty; at most 300 characters. Agendas and the yearly pack print it: name no person here."
            )
        }
        widgets = {"standing": Choices(), "progress": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "standing": dict.fromkeys(("required", "invalid_choice"), _("Choose how far it is")),
            "progress": {"max_length": _TOO_LONG},
        }

    def clean_progress(self) -> str:
        return tidy(self.cleaned_data["progress"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "standing" in cleaned:
            self.instance.stand(cleaned["standing"])
        return cleaned


@dataclass(frozen=True)
class Level:
    """One of the three, as its pages call it."""

    form: type[PlanForm]
    name: str | Promise
    means: str | Promise
    new: str | Promise
    change: str | Promise
    remove: str | Promise

    @property
    def model(self) -> type[PlanRow]:
        return self.form._meta.model


LEVELS = {
    "aims": Level(
        form=AimForm,
        name=_("Aim"),
        means=_("An aim says what you hope to achieve together."),
        new=_("Add an aim"),
        change=_("Change an aim"),
        remove=_("Remove this aim?"),
    ),
    "outcomes": Level(
        form=OutcomeForm,
        name=_("Outcome"),
        means=_("An outcome is a change that people will notice when you come nearer to the aim."),
        new=_("Add an outcome"),
        change=_("Change an outcome"),
        remove=_("Remove this outcome?"),
    ),
    "objectives": Level(
        form=ObjectiveForm,
        name=_("Objective"),
        means=_("An objective is one definite thing that you will complete to bring the outcome about."),
        new=_("Add an objective"),
        change=_("Change an objective"),
        remove=_("Remove this objective?"),
    ),
}
