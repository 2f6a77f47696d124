"""Rounds and the slips of open rounds. The way from one phase to the next is in feedback.rounds.lifecycle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from feedback.anonymity.codes import LENGTH, new_code, spaced
from feedback.anonymity.randomness import random_id
from feedback.anonymity.seals import Seal
from feedback.scores.instruments import INSTRUMENTS, MEETING_FEEDBACK, Instrument
from partnerships.models import Meeting, Partnership, Year
from partnerships.models.areas import MINIMUM_SLIPS

STOPS_AFTER = timedelta(days=14)
ENDS_AFTER = timedelta(days=28)


class Phase(models.TextChoices):
    PLANNED = "planned", _("Not open yet")
    OPEN = "open", _("Open")
    STOPPED = "stopped", _("Stopped")
    COMMENTS = "comments", _("Comments are being read")
    COLLATED = "collated", _("Collated")
    ENDED = "ended", _("Ended without a table")


class RoundQuerySet(models.QuerySet["Round"]):
    def locked(self) -> RoundQuerySet:
        """Rows that nobody else can change until this transaction ends."""
        return self.select_for_update(no_key=True)

    def running(self) -> RoundQuerySet:
        """Opened, or due to open, and not finished: there may be slips."""
        return self.filter(
            models.Q(stage__in=[Phase.OPEN, Phase.STOPPED, Phase.COMMENTS])
            | models.Q(stage=Phase.PLANNED, opens_at__lte=timezone.now())
        )

    def unused_codes(self, number: int) -> set[str]:
        """So many. Of a thousand new ones one may well be in use, which would end whatever needs them all."""
        codes: set[str] = set()
        while len(codes) < number:
            drawn = {new_code() for _each in range(number - len(codes))}
            codes |= drawn - set(self.filter(code__in=drawn).values_list("code", flat=True))
        return codes

    def with_occasion(self) -> RoundQuerySet:
        return self.select_related("meeting__partnership__area", "year__partnership__area")

    def of(self, partnerships: Iterable[Partnership | int]) -> RoundQuerySet:
        """Of their meetings, and of their years."""
        return self.filter(
            models.Q(meeting__partnership__in=partnerships) | models.Q(year__partnership__in=partnerships)
        )


class Round(models.Model):
    """One use of one instrument: by a meeting, or by a partnership for a year."""

    meeting = models.OneToOneField(
        Meeting, models.CASCADE, null=True, blank=True, related_name="round", verbose_name=_("meeting")
    )
    year = models.OneToOneField(
        Year, models.CASCADE, null=True, blank=True, related_name="round", verbose_name=_("year")
    )
    # No index: nearly all rows hold the same, and SQLite would look through them all instead of a year's meetings.
    instrument_slug = models.SlugField(_("questionnaire"), default=MEETING_FEEDBACK.slug, db_index=False)
    code = models.CharField(_("code"), max_length=LENGTH, unique=True, default=new_code, editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Phase, default=Phase.PLANNED, editable=False)
    opens_at = models.DateTimeField(_("opens by itself at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    threshold = models.PositiveSmallIntegerField(_("slips a table needs"), null=True, blank=True, editable=False)
    uses_codes = models.BooleanField(_("a phone needs a single-use code"), default=False, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(meeting__isnull=False, year__isnull=True)
                | models.Q(meeting__isnull=True, year__isnull=False),
                name="round_of_a_meeting_or_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="planned", opened_at__isnull=True, threshold__isnull=True)
                | models.Q(
                    stage__in=["open", "stopped", "comments", "collated", "ended"],
                    opened_at__isnull=False,
                    threshold__in=MINIMUM_SLIPS,
                ),
                name="round_opened_with_a_threshold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.instrument.title}"

    @property
    def occasion(self) -> Meeting | Year:
        """What is scored."""
        occasion = self.meeting or self.year
        assert occasion
        return occasion

    @property
    def partnership(self) -> Partnership:
        return self.occasion.partnership

    @property
    def when(self) -> str:
        """The meeting's day, or the year."""
        occasion = self.occasion
        return str(occasion.span) if isinstance(occasion, Year) else date_format(occasion.date, "j F Y")

    def address(self, step: str) -> str:
        """Of one of the desk's pages, by the name it has for a meeting: "desk", "table"."""
        if self.year:
            return reverse(f"feedback:year_{step}", args=[self.partnership.slug, self.year.number])
        return reverse(f"feedback:{step}", args=[self.partnership.slug, self.meeting_id])

    @property
    def instrument(self) -> Instrument:
        return INSTRUMENTS[self.instrument_slug]

    @property
    def spaced_code(self) -> str:
        return spaced(self.code)

    @property
    def began_at(self) -> datetime | None:
        return self.opened_at or self.opens_at

    @property
    def stops_at(self) -> datetime | None:
        """When phones are refused although nobody pressed stop."""
        return self.began_at + STOPS_AFTER if self.began_at else None

    @property
    def ends_at(self) -> datetime | None:
        """When the slips are destroyed without a table although nobody collated."""
        return self.began_at + ENDS_AFTER if self.began_at else None

    @property
    def phase(self) -> Phase:
        """The stage it is in now: what was pressed, and what time has done since."""
        stage, began, now = Phase(self.stage), self.began_at, timezone.now()
        if stage in {Phase.COLLATED, Phase.ENDED} or began is None or began > now:
            return stage
        if now >= began + ENDS_AFTER:
            return Phase.ENDED
        if stage in {Phase.PLANNED, Phase.OPEN}:
            return Phase.STOPPED if now >= began + STOPS_AFTER else Phase.OPEN
        return stage

    @property
    def is_finished(self) -> bool:
        """Collated, or ended without a table: there are no slips any more."""
        return self.phase in {Phase.COLLATED, Phase.ENDED}

    @property
    def is_fruitless(self) -> bool:
        """Finished, and nothing is known from it but numbers: too few slips came, or nobody made a table."""
        return self.phase == Phase.ENDED or (self.phase == Phase.COLLATED and self.table.is_too_small)

    @property
    def may_reopen(self) -> bool:
        """Stopped by hand, and not so long ago that it would have stopped by itself."""
        return self.phase == Phase.STOPPED and self.stops_at is not None and self.stops_at > timezone.now()

    @property
    def slips_needed(self) -> int:
        """The threshold: the partnership's own until the round opens, then fixed."""
        return self.threshold or self.partnership.threshold

    def seal(self) -> Seal:
        """Raises SealLost where the round's key cannot be had."""
        return Seal.of(self.code, self.instrument)


class RandomKey(models.BigIntegerField):
    """A primary key that tells nothing. In SQLite it is the row's own number, which else would count arrivals."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Slip(models.Model):
    """One person's answers in an open round. Nothing on it says who, from where or when."""

    id = RandomKey(primary_key=True, default=random_id, editable=False)
    # FeedbackConfig deletes them with their round: a cascade would list them to whoever deletes a meeting in the admin.
    round = models.ForeignKey(Round, models.DO_NOTHING, related_name="slips", db_index=False)
    key_hash = models.BinaryField(max_length=32)
    revision = models.PositiveIntegerField()
    sealed = models.BinaryField()
    # Typed in by the minute-taker, who may put it right until comments are shown.
    on_paper = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "key_hash"], name="slip_once_per_key_in_a_round"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="slip_revision_from_1"),
        ]


class SingleUseCode(models.Model):
    """One of the codes of a round that takes no slip by phone without. The code itself is on paper alone."""

    id = RandomKey(primary_key=True, default=random_id, editable=False)
    round = models.ForeignKey(Round, models.DO_NOTHING, related_name="codes", db_index=False)
    code_hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("single-use code")
        verbose_name_plural = _("single-use codes")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "code_hash"], name="single_use_code_once_in_a_round")]
