"""What a partnership says of itself, once a year, at a meeting: beside what its members say each alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.scores.instruments import INSTRUMENTS, Instrument, Option
from partnerships.models import Meeting, Year

LONGEST_NOTE = 500


class JointAssessment(models.Model):
    """The partnership's own answers for a year, and a note to each. No secret: all were in the room."""

    year = models.OneToOneField(Year, models.CASCADE, related_name="joint", verbose_name=_("year"))
    instrument_slug = models.SlugField(_("questionnaire"))
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("filled in at")
    )
    # {statement key: option key}, blanks left out.
    answers = models.JSONField(_("answers"), default=dict)
    # {statement key: text}, without those that are empty.
    notes = models.JSONField(_("notes"), default=dict)
    # Counts the changes, so that nobody overwrites what somebody else has just written.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("joint assessment")
        verbose_name_plural = _("joint assessments")

    def __str__(self) -> str:
        return f"{self.year}: {self.instrument.title}"

    @property
    def instrument(self) -> Instrument:
        return INSTRUMENTS[self.instrument_slug]

    def options(self) -> dict[str, Option]:
        """{statement key: what the partnership answered}."""
        scale = {option.key: option for option in self.instrument.scale}
        return {key: scale[answer] for key, answer in self.answers.items()}
