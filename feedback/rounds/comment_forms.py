"""The minute-taker's forms between stop and table: what is done to a comment, and why there are too many slips."""

from __future__ import annotations

from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coprod.common.forms import TidyField
from coprod.common.text import tidy
from feedback.anonymity.seals import Edit
from feedback.rounds.comments import Comment
from feedback.rounds.redaction import LONGEST_WORDS, Reason, stands_in


class How(models.TextChoices):
    PRINT = "print", _("Print it as written")
    BLACK_OUT = "black_out", _("Black out words")
    WITHHOLD = "withhold", _("Withhold it")


class EditForm(forms.Form):
    """One comment's part of the page. What is done now is changed only where it was changed on this page."""

    how = forms.ChoiceField(choices=How.choices)
    words = forms.CharField(
        label=_("Words to black out, separated by commas"),
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={
            "max_length": _("Shorten the words to %(limit_value)s characters or fewer, or withhold the comment"),
            "null_characters_not_allowed": _("Type the words again: they hold a character that cannot be stored"),
        },
    )
    reason = forms.ChoiceField(label=_("Why?"), choices=[("", _("Choose a reason")), *Reason.choices], required=False)
    # What was done when the page was loaded, as `_written` writes it.
    before = forms.CharField(required=False, strip=False)

    def __init__(self, comment: Comment, data: QueryDict | None = None) -> None:
        edit = comment.edit
        how = How.PRINT if edit is None else How.WITHHOLD if edit.withholds else How.BLACK_OUT
        initial = {"how": how, "words": "", "reason": "", "before": _written(edit)}
        if edit:
            initial |= {"words": ", ".join(edit.words), "reason": edit.reason}
        super().__init__(data, prefix=comment.name, initial=initial)
        self.comment = comment

    def clean(self) -> None:
        how, reason = self.cleaned_data.get("how"), self.cleaned_data.get("reason")
        if how in {How.BLACK_OUT, How.WITHHOLD} and not reason and "reason" not in self.errors:
            self.add_error("reason", _("Choose why"))
        if how == How.BLACK_OUT and "words" in self.cleaned_data:
            self._check_words()

    def _check_words(self) -> None:
        words = self._words()
        if not words:
            self.add_error("words", _("Type the words to black out, or choose to withhold the comment"))
        for word in words:
            if not stands_in(word, self.comment.text):
                error = ValidationError(_("“%(word)s” is not in this comment"), params={"word": word})
                self.add_error("words", error)

    def _words(self) -> tuple[str, ...]:
        typed = map(tidy, normalize("NFC", self.cleaned_data["words"]).split(","))
        return tuple(dict.fromkeys(word for word in typed if word))

    @property
    def edit(self) -> Edit | None:
        """What is to be done with the comment. Only of a valid form."""
        how, reason = self.cleaned_data["how"], self.cleaned_data["reason"]
        if how == How.PRINT:
            return None
        return Edit(reason, self._words() if how == How.BLACK_OUT else ())

    @property
    def is_touched(self) -> bool:
        """Whether this page was used to change anything about the comment, rightly or wrongly."""
        return self.is_bound and (not self.is_valid() or _written(self.edit) != self.cleaned_data["before"])


def _written(edit: Edit | None) -> str:
    return f"{edit.reason}: {', '.join(edit.words)}" if edit else ""


class ExplanationForm(forms.Form):
    """Asked for where there are more slips than people present."""

    explanation = TidyField(
        label=_("Why are there more slips than people?"),
        help_text=_("In a sentence, without names: it is printed with the table."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say why there are more slips than people, or put the number of people right"),
            "max_length": _("Shorten the explanation to %(limit_value)s characters or fewer"),
        },
    )
