"""Meetings and what is on their agendas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Partnership

MOST_PRESENT = 2000
DAYS_AFTERWARDS = 14


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def before(self, meeting: Meeting) -> MeetingQuerySet:
        """Earlier meetings of the same partnership, the latest first."""
        earlier = models.Q(date__lt=meeting.date) | models.Q(date=meeting.date, pk__lt=meeting.pk)
        return self.filter(earlier, partnership=meeting.partnership_id).order_by("-date", "-pk")

    def upcoming(self) -> MeetingQuerySet:
        return self.filter(date__gte=timezone.localdate()).order_by("date", "pk")

    def past(self) -> MeetingQuerySet:
        return self.filter(date__lt=timezone.localdate()).order_by("-date", "-pk")


@dataclass(frozen=True)
class FeedbackItem:
    """The last item of every agenda. It is no row, so that nobody can delete or move it."""

    minutes: int
    title: str | Promise = _("Feedback on this meeting")
    lead: str | Promise = _("All")
    get_purpose_display: str = ""


class Meeting(models.Model):
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings", verbose_name=_("partnership"))
    date = models.DateField(_("date"))
    start = models.TimeField(_("starts at"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    present = models.PositiveSmallIntegerField(
        _("number present"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PRESENT, _("At most 2000 can be present."))],
    )
    feedback_minutes = models.PositiveSmallIntegerField(
        _("minutes for feedback"), default=10, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-date", "-pk")
        indexes = [models.Index(fields=["partnership", "date"], name="meeting_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(present__isnull=True) | models.Q(present__lte=MOST_PRESENT),
                name="meeting_present_most",
            ),
            models.CheckConstraint(
                condition=models.Q(feedback_minutes__range=(1, 120)), name="meeting_feedback_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, {date_format(self.date, 'j F Y')}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:meeting", args=[self.partnership.slug, self.pk])

    @property
    def may_move(self) -> bool:
        """Its day may still be put right: it is to come, or was not long ago."""
        return (timezone.localdate() - self.date).days <= DAYS_AFTERWARDS

    def agenda(self) -> Sequence[AgendaItem | FeedbackItem]:
        """All items in order. The last is always feedback on the meeting."""
        return [*self.items.all(), FeedbackItem(minutes=self.feedback_minutes)]


class AgendaItem(models.Model):
    class Purpose(models.TextChoices):
        DISCUSSION = "discussion", _("For discussion")
        DECISION = "decision", _("For decision")
        INFORMATION = "information", _("For information")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=200)
    lead = models.CharField(_("lead"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes allotted"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose, default=Purpose.DISCUSSION)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_item_order_once_in_a_meeting"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["discussion", "decision", "information"]),
                name="agenda_item_purpose_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title
