"""Forms of suggestions: one that was said in the room, and the answer to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coprod.common.forms import Choices
from coprod.common.text import has_words, tidy
from feedback.models import Outcome, Suggestion
from partnerships.meetings.action_forms import OwnerField, owner_value
from partnerships.models import Partnership

ANSWERS = [(outcome.value, outcome.label) for outcome in (Outcome.AGREED, Outcome.DECLINED, Outcome.CARRIED)]
STATES = [("", gettext_lazy("All")), *Outcome.choices, ("done", gettext_lazy("Done"))]


class SaidForm(forms.Form):
    """A suggestion that nobody wrote down yet."""

    text = forms.CharField(
        label=gettext_lazy("Said in the room"),
        max_length=500,
        help_text=gettext_lazy("In a sentence, without names: members see it, and whoever scores the next meeting."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Type the suggestion"),
            "max_length": gettext_lazy("Shorten the suggestion to %(limit_value)s characters or fewer"),
        },
    )

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if not has_words(text):
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text


class AnswerForm(forms.Form):
    """What the meeting says to a suggestion."""

    # How it stood when the page was loaded.
    seen = forms.ChoiceField(choices=Outcome.choices, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What do we say?"),
        choices=ANSWERS,
        widget=Choices(),
        error_messages={"required": gettext_lazy("Choose whether it is agreed, declined or carried over")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Our answer"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Without names: it is shown before the next scoring. If we decline, say why."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": gettext_lazy("Shorten the answer to %(limit_value)s characters or fewer")},
    )
    owner = OwnerField(help_text=gettext_lazy("If we agree, say who."))
    due_on = forms.DateField(
        label=gettext_lazy("By when"),
        required=False,
        help_text=gettext_lazy("If we agree, say by when."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Type a day, for example 30/11/2026")},
    )

    def __init__(self, data: QueryDict | None, *, suggestion: Suggestion, partnership: Partnership) -> None:
        action = suggestion.action
        initial: dict[str, Any] = {"answer": suggestion.answer, "seen": suggestion.outcome}
        if suggestion.outcome != Outcome.RAISED:
            initial["outcome"] = suggestion.outcome
        if action:
            initial |= {"owner": owner_value(action), "due_on": action.due_on}
        super().__init__(data, initial=initial)
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerField)
        owner.offer(partnership, also=action)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["answer"] = tidy(cleaned.get("answer", ""))
        outcome = cleaned.get("outcome")
        if outcome == Outcome.DECLINED and not has_words(cleaned["answer"]) and "answer" not in self.errors:
            self.add_error(
                "answer", ValidationError(_("Say why it is declined: whoever suggested it deserves to know"))
            )
        if outcome == Outcome.AGREED:
            if not any(cleaned.get("owner") or ()) and "owner" not in self.errors:
                self.add_error("owner", ValidationError(_("Choose who does it")))
            if not cleaned.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", ValidationError(_("Choose by when")))
        return cleaned


class LedgerForm(forms.Form):
    """What of the ledger is shown."""

    state = forms.ChoiceField(label=gettext_lazy("What became of it"), choices=STATES, required=False)
    q = forms.CharField(label=gettext_lazy("Contains"), required=False, max_length=100)

    def narrow(self, suggestions: Any) -> Any:
        """Those that fit; all of them where what was typed cannot be."""
        if not self.is_valid():
            return suggestions
        state, words = self.cleaned_data["state"], self.cleaned_data["q"]
        if state == "done":
            suggestions = suggestions.filter(action__done_on__isnull=False)
        elif state:
            suggestions = suggestions.filter(outcome=state, action__done_on__isnull=True)
        return suggestions.filter(text__icontains=words) if words else suggestions

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())
