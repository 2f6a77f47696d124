"""Suggestions: what should be better, and the answer that each of them gets."""

from __future__ import annotations

import hashlib
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import Action, Meeting, Partnership


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Outcome(models.TextChoices):
    RAISED = "raised", _("Not considered yet")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    CARRIED = "carried", _("Carried over")


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def of(self, partnership: Partnership) -> Self:
        return self.filter(meeting__partnership=partnership)

    def about_meetings_before(self, meeting: Meeting) -> Self:
        """Of earlier meetings of the same partnership."""
        return self.filter(meeting__in=Meeting.objects.before(meeting).order_by())

    def open(self) -> Self:
        """Still without an answer that ends the matter."""
        return self.filter(outcome__in=[Outcome.RAISED, Outcome.CARRIED])

    def answered(self) -> Self:
        """Considered at a meeting, whatever came of it."""
        return self.exclude(outcome=Outcome.RAISED)

    def for_ledger(self) -> Self:
        """The latest meeting's first, with all that a list of them shows."""
        related = ("meeting", "considered_at", "action__member", "action__organisation")
        return self.select_related(*related).order_by("-meeting__date", "-meeting__pk", "pk")


class Suggestion(models.Model):
    """Raised from a comment on a meeting or aloud in it; considered at that meeting or a later one."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="suggestions", verbose_name=_("meeting"))
    # A comment as it was printed, which blacked out can be much longer than it was written.
    text = models.TextField(_("suggestion"))
    # Of the text, which is too long for an index in some scripts.
    text_hash = models.CharField(max_length=64, editable=False)
    from_comment = models.BooleanField(_("from a comment"), default=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.RAISED)
    considered_at = models.ForeignKey(
        Meeting, models.RESTRICT, null=True, blank=True, related_name="considered", verbose_name=_("considered at")
    )
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    # Who does it by when, and whether it is done, where it was agreed.
    action = models.OneToOneField(
        Action, models.RESTRICT, null=True, blank=True, related_name="suggestion", verbose_name=_("action")
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "text_hash"], name="suggestion_raised_once_at_a_meeting"),
            models.CheckConstraint(
                condition=models.Q(outcome="raised", considered_at__isnull=True, answer="", action__isnull=True)
                | models.Q(outcome="agreed", considered_at__isnull=False, action__isnull=False)
                | models.Q(outcome="declined", considered_at__isnull=False, action__isnull=True) & ~models.Q(answer="")
                | models.Q(outcome="carried", considered_at__isnull=False, action__isnull=True),
                name="suggestion_answered_as_its_outcome_asks",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs) -> None:
        self.text_hash = hash_of(self.text)
        super().save(*args, **kwargs)

    @property
    def is_done(self) -> bool:
        return self.action is not None and self.action.is_done

    @property
    def standing(self) -> str:
        """How it stands, in a word or two."""
        return str(_("Done")) if self.is_done else str(Outcome(self.outcome).label)
