"""What is written beside the figures: what changed in the room, and what worked."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.scores.instruments import MEETING_FEEDBACK, Statement
from partnerships.models import Partnership

STATEMENTS = {statement.key: statement for statement in MEETING_FEEDBACK.statements}


class ChartNote(models.Model):
    """A note on the charts of a partnership: from this day on something was different. Limits may begin anew there."""

    class Kind(models.TextChoices):
        CHAIR = "chair", _("Another chair")
        PLACE = "place", _("Another place")
        WORKING = "working", _("Another way of working")
        OTHER = "other", _("Something else")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="chart_notes")
    date = models.DateField(_("from which day on"))
    kind = models.CharField(_("what changed"), max_length=10, choices=Kind)
    text = models.CharField(_("in a few words"), max_length=120)
    resets_limits = models.BooleanField(_("work out what is usual anew from this day on"), default=False)
    reason = models.CharField(_("why what was usual before does not count any more"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("note on the charts")
        verbose_name_plural = _("notes on the charts")
        ordering = ("date",)
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "date"],
                name="chart_note_once_a_day",
                violation_error_code="date",
                violation_error_message=_("There is a note for this day already. Change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["chair", "place", "working", "other"]), name="chart_note_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(resets_limits=False) | ~models.Q(reason=""),
                name="chart_note_resets_with_a_reason",
                violation_error_code="reason",
                violation_error_message=_("Say why what was usual before does not count any more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class PracticeQuerySet(models.QuerySet["Practice"]):
    def for_reading(self) -> PracticeQuerySet:
        """With partnership and area, statement by statement, in the order in which they are read."""
        place = models.Case(*(models.When(statement_key=key, then=n) for n, key in enumerate(STATEMENTS)))
        found = self.select_related("partnership__area")
        return found.order_by(place, "partnership__area__name", "partnership__name", "pk")


class Practice(models.Model):
    """What worked for one statement, shared by a partnership's own decision with all areas. It has no score."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="practices")
    statement_key = models.SlugField(_("statement"))
    text = models.TextField(_("what worked"), max_length=1500)
    decision = models.CharField(_("how the partnership decided to share it"), max_length=200)
    shared_on = models.DateField(_("shared on"), default=timezone.localdate)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared practice")
        verbose_name_plural = _("shared practices")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "statement_key"], name="practice_once_for_a_statement"),
            models.CheckConstraint(
                condition=models.Q(statement_key__in=list(STATEMENTS)), name="practice_statement_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(decision=""), name="practice_shared_by_a_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.statement_key}"

    def get_absolute_url(self) -> str:
        return f"{reverse('feedback:practices')}?statement={self.statement_key}"

    @property
    def statement(self) -> Statement:
        return STATEMENTS[self.statement_key]
