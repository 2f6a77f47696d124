"""Collated tables: what is left of a round."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.collation import Counts, Tabulation, tabulate
from feedback.models.rounds import Round


class Table(models.Model):
    """A collated table, frozen. Under the threshold it holds the two numbers alone."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="table", verbose_name=_("round"))
    slips = models.PositiveIntegerField(_("slips"))
    present = models.PositiveSmallIntegerField(_("number present"), null=True, blank=True)
    threshold = models.PositiveSmallIntegerField(_("slips a table needs"))
    # {statement key: {option key: count}}, without those too few people answered; null under the threshold.
    tallies = models.JSONField(_("counts"), null=True)
    # {question key: [text]} in random order; null under the threshold.
    comments = models.JSONField(_("comments"), null=True)
    withheld = models.PositiveSmallIntegerField(_("comments withheld"), default=0)

    class Meta:
        verbose_name = _("collated table")
        verbose_name_plural = _("collated tables")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    slips__lt=models.F("threshold"), tallies__isnull=True, comments__isnull=True, withheld=0
                )
                | models.Q(slips__gte=models.F("threshold"), tallies__isnull=False, comments__isnull=False),
                name="table_shows_nothing_under_its_threshold",
            ),
            models.CheckConstraint(condition=models.Q(threshold__gte=3), name="table_threshold_from_3"),
        ]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def is_too_small(self) -> bool:
        """Fewer slips than a table needs: nothing but the two numbers was kept."""
        return self.tallies is None

    def tabulation(self) -> Tabulation | None:
        """The table's numbers; None under the threshold."""
        if self.tallies is None:
            return None
        return tabulate(Counts(self.slips, self.tallies), self.round.instrument)

    def previous(self) -> Table | None:
        """The last table with figures of an earlier meeting of the same partnership, with the same instrument."""
        meeting = self.round.meeting
        return (
            Table.objects.select_related("round__meeting")
            .filter(
                tallies__isnull=False,
                round__instrument_slug=self.round.instrument_slug,
                round__meeting__in=type(meeting).objects.before(meeting).order_by(),
            )
            .order_by("-round__meeting__date", "-round__meeting__pk")
            .first()
        )
