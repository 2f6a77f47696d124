"""Meetings: when, where, and whether they are called off."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Partnership

MOST_PRESENT = 2000
DAYS_AFTERWARDS = 14
# Of the questions for reflection in partnerships.meetings.reflection, counted from 1.
LAST_QUESTION = 7
# Papers go out a week ahead: so that members can read them (the charter's first step).
DAYS_AHEAD = 7


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def before(self, meeting: Meeting) -> MeetingQuerySet:
        """Earlier meetings of the same partnership, the latest first."""
        earlier = models.Q(date__lt=meeting.date) | models.Q(date=meeting.date, pk__lt=meeting.pk)
        return self.filter(earlier, partnership=meeting.partnership_id).order_by("-date", "-pk")

    def upcoming(self) -> MeetingQuerySet:
        return self.filter(date__gte=timezone.localdate()).order_by("date", "pk")

    def past(self) -> MeetingQuerySet:
        return self.filter(date__lt=timezone.localdate()).order_by("-date", "-pk")

    def taking_place(self) -> MeetingQuerySet:
        return self.filter(called_off_on__isnull=True)

    def locked(self) -> MeetingQuerySet:
        """Rows that nobody else can change until this transaction ends."""
        return self.select_for_update(of=("self",), no_key=True)


class Meeting(models.Model):
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="meetings", verbose_name=_("partnership"))
    date = models.DateField(_("date"))
    start = models.TimeField(_("starts at"), null=True, blank=True)
    end = models.TimeField(_("ends at"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    venue_access = models.CharField(_("access to the venue"), max_length=500, blank=True)
    present = models.PositiveSmallIntegerField(
        _("number present"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PRESENT, _("At most 2000 can be present."))],
    )
    feedback_minutes = models.PositiveSmallIntegerField(
        _("minutes for feedback"), default=10, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    reflection = models.PositiveSmallIntegerField(_("question for reflection"), null=True, blank=True)
    shows_plan = models.BooleanField(_("the agenda shows how far the year’s plan is"), default=False)
    # Counts the changes of the agenda, so that nobody overwrites what somebody else has just written.
    agenda_version = models.PositiveIntegerField(default=0, editable=False)
    called_off_on = models.DateField(_("called off on"), null=True, blank=True)
    # In calendars: the same for as long as the meeting lives, and higher whenever they must take notice.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

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
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(start__isnull=False, end__gt=models.F("start")),
                name="meeting_ends_after_it_starts",
                violation_error_code="end",
                violation_error_message=_("A meeting ends after it starts, on the same day. Give both times."),
            ),
            models.CheckConstraint(
                condition=models.Q(reflection__isnull=True) | models.Q(reflection__range=(1, LAST_QUESTION)),
                name="meeting_reflects_on_a_known_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, {date_format(self.date, 'j F Y')}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:meeting", args=[self.partnership.slug, self.pk])

    @property
    def may_move(self) -> bool:
        """Its day may still be put right: it is to come, or was not long ago."""
        return self.called_off_on is None and (timezone.localdate() - self.date).days <= DAYS_AFTERWARDS

    @property
    def is_to_come(self) -> bool:
        return self.date >= timezone.localdate()

    @property
    def may_call_off(self) -> bool:
        """Nobody has come yet."""
        if self.called_off_on:
            return False
        now = timezone.localtime()
        return self.date > now.date() or (
            self.date == now.date() and self.start is not None and self.start > now.time()
        )

    @property
    def minutes(self) -> int | None:
        """How long it is planned to be; None where that is not known."""
        if self.start is None or self.end is None:
            return None
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    @property
    def papers_due_on(self) -> datetime.date:
        """The day by which agenda and papers should be out."""
        return self.date - datetime.timedelta(days=DAYS_AHEAD)

    def change(self, names: Collection[str], *, concerns_calendars: bool) -> None:
        """Writes these fields and no others, which somebody else may be changing; calendars take notice of some."""
        if concerns_calendars:
            self.sequence = models.F("sequence") + 1
            names = {*names, "sequence"}
        self.save(update_fields=names)
        self.refresh_from_db(fields=["sequence"])
