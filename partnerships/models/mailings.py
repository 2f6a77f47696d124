"""What was mailed to a partnership's members about a meeting or a year, and who got it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.accounts import User
from partnerships.models.meetings import Meeting
from partnerships.models.members import Member
from partnerships.models.years import Year


class Mailing(models.Model):
    """One round of mails: to each member with an address, once."""

    class Kind(models.TextChoices):
        AGENDA = "agenda", _("Agenda")
        CALLED_OFF = "called_off", _("Meeting called off")
        NOTES = "notes", _("Notes of the meeting")
        SCORING = "scoring", _("Scoring is open")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="mailings", verbose_name=_("meeting")
    )
    year = models.ForeignKey(
        Year, models.CASCADE, null=True, blank=True, related_name="mailings", verbose_name=_("year")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # Counts from 1 the times this kind was sent about it: two people who press at once start one.
    number = models.PositiveSmallIntegerField(_("number"))
    # The meeting's, when it was begun: whether day, time and venue have changed since, and the agenda.
    sequence = models.PositiveIntegerField(default=0)
    agenda_version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "number"], name="mailing_numbered_once"),
            models.UniqueConstraint(fields=["year", "kind", "number"], name="mailing_of_a_year_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(meeting__isnull=False, year__isnull=True)
                | models.Q(meeting__isnull=True, year__isnull=False, kind="scoring"),
                name="mailing_about_a_meeting_or_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["agenda", "called_off", "notes", "scoring"]), name="mailing_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.occasion}"

    @property
    def occasion(self) -> Meeting | Year:
        """What it is about."""
        occasion = self.meeting or self.year
        assert occasion
        return occasion


class Delivery(models.Model):
    """One mail to one member."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not sent yet")
        # Handed to the mail server, and no answer written down: it may have gone out, so it is not sent again.
        TRYING = "trying", _("Perhaps sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="deliveries", verbose_name=_("mailing"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="deliveries", verbose_name=_("member"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    tried_at = models.DateTimeField(_("tried at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["mailing", "member"], name="delivery_once_to_a_member"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", tried_at__isnull=True)
                | models.Q(state__in=["trying", "sent", "failed"], tried_at__isnull=False),
                name="delivery_tried_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing}: {self.member}"
