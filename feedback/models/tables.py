"""Collated tables: what is left of a round."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from coprod.common.pdf import fingerprint, render_pdf
from feedback.models.rounds import Round
from feedback.scores.collation import Counts, Tabulation, of_measures, tabulate
from feedback.scores.instruments import MEETING_FEEDBACK, Instrument
from feedback.scores.verdicts import Verdict
from partnerships.models import Meeting, Partnership, Year


class TableQuerySet(models.QuerySet["Table"]):
    def of_meetings(self, year: Year) -> Self:
        """Those of the year's meetings, the earliest first, be they with figures or without, with how each stands."""
        meetings = year.meetings().order_by().values("pk")
        found = self.select_related("round__meeting", "standing").filter(round__meeting__in=meetings)
        return found.order_by("round__meeting__date", "round__meeting__pk")

    def with_figures(self) -> Self:
        return self.exclude(tallies__isnull=True, measures__isnull=True)

    def of_partnerships(self, partnerships: models.QuerySet[Partnership]) -> Self:
        """Those of all their meetings that took place and were scored with the seven statements, the earliest first,
        without comments, with how each stands."""
        found = self.filter(
            round__meeting__partnership__in=partnerships,
            round__meeting__called_off_on__isnull=True,
            round__instrument_slug=MEETING_FEEDBACK.slug,
        )
        found = found.select_related("round__meeting", "standing").defer("comments")
        return found.order_by("round__meeting__date", "round__meeting__pk")

    def before(self, meeting: Meeting) -> Self:
        """Those of earlier meetings of the same partnership, the latest first, with how each stands."""
        earlier = Meeting.objects.before(meeting).order_by()
        found = self.select_related("round__meeting", "standing").filter(round__meeting__in=earlier)
        return found.order_by("-round__meeting__date", "-round__meeting__pk")

    def last_before(self, meeting: Meeting) -> Table | None:
        """The one that this meeting talks about, with figures or, too small, without."""
        table = self.before(meeting).first()
        if table and table.round.meeting:
            table.round.meeting.partnership = meeting.partnership
        return table


class Table(models.Model):
    """A collated table, frozen. Under the threshold it holds the two numbers alone.

    One that was kept on paper before this site was used has `imported_on`; where the paper says no counts, its
    averages or percentages are `measures`, which are shown and are in no sum.
    """

    round = models.OneToOneField(Round, models.CASCADE, related_name="table", verbose_name=_("round"))
    slips = models.PositiveIntegerField(_("slips"))
    present = models.PositiveSmallIntegerField(_("number present"), null=True, blank=True)
    threshold = models.PositiveSmallIntegerField(_("slips a table needs"))
    # {statement key: {option key: count}}, without those too few people answered; null under the threshold.
    tallies = models.JSONField(_("counts"), null=True)
    # {question key: [text]} in random order; null under the threshold.
    comments = models.JSONField(_("comments"), null=True)
    withheld = models.PositiveSmallIntegerField(_("comments withheld"), default=0)
    blacked_out = models.PositiveSmallIntegerField(_("comments with words blacked out"), default=0)
    # Why there are more slips than people present, in the minute-taker's words.
    explanation = models.CharField(_("why there are more slips than people"), max_length=300, blank=True)

    imported_on = models.DateField(_("put in from paper on"), null=True, blank=True)
    # {statement key: {"average": number} or {option key: percentage}}, numbers as text.
    measures = models.JSONField(_("averages or percentages"), null=True, blank=True)

    objects = TableQuerySet.as_manager()

    class Meta:
        verbose_name = _("collated table")
        verbose_name_plural = _("collated tables")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    slips__lt=models.F("threshold"),
                    tallies__isnull=True,
                    measures__isnull=True,
                    comments__isnull=True,
                    withheld=0,
                    blacked_out=0,
                )
                | models.Q(
                    models.Q(tallies__isnull=False, measures__isnull=True)
                    | models.Q(tallies__isnull=True, measures__isnull=False),
                    slips__gte=models.F("threshold"),
                    comments__isnull=False,
                ),
                name="table_shows_nothing_under_its_threshold",
            ),
            models.CheckConstraint(
                condition=models.Q(measures__isnull=True) | models.Q(imported_on__isnull=False),
                name="table_without_counts_is_from_paper",
            ),
            models.CheckConstraint(condition=models.Q(threshold__gte=3), name="table_threshold_from_3"),
            models.CheckConstraint(
                condition=models.Q(present__isnull=True)
                | models.Q(slips__lte=models.F("present"))
                | ~models.Q(explanation=""),
                name="table_explains_more_slips_than_people",
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def is_too_small(self) -> bool:
        """Fewer slips than a table needs: nothing but the two numbers was kept."""
        return self.tallies is None and self.measures is None

    def counts(self) -> Counts | None:
        """None under the threshold, and where none are known."""
        return None if self.tallies is None else Counts(self.slips, self.tallies)

    def tabulation(self) -> Tabulation | None:
        """The table's numbers; None under the threshold."""
        return self.tabulated(self.round.instrument)

    def tabulated(self, instrument: Instrument) -> Tabulation | None:
        """The same where it is known which instrument was used, without a look at the round."""
        if self.measures is not None:
            return of_measures(self.measures, self.slips, instrument)
        counts = self.counts()
        return tabulate(counts, instrument) if counts else None

    def pdf(self, html: str, *, with_comments: bool) -> bytes:
        """This HTML of the table as a PDF: made once, and kept as long as the table while it says the same."""
        made_from = fingerprint(html)
        for kept in self.pdfs.filter(with_comments=with_comments, made_from=made_from):
            return bytes(kept.content)
        content = render_pdf(html)
        TablePdf.objects.update_or_create(
            table=self, with_comments=with_comments, defaults={"made_from": made_from, "content": content}
        )
        return content

    def previous(self) -> Table | None:
        """The last table with figures of an earlier meeting, or year, of the same partnership, with the same
        instrument."""
        with_figures = Table.objects.with_figures().filter(round__instrument_slug=self.round.instrument_slug)
        if self.round.meeting:
            return with_figures.before(self.round.meeting).first()
        year = self.round.year
        assert year
        earlier = with_figures.filter(round__year__partnership=year.partnership_id, round__year__number__lt=year.number)
        return earlier.select_related("round__year__partnership").order_by("-round__year__number").first()


class Standing(models.Model):
    """How a meeting's table stands among all of its partnership up to then: worked out whenever one comes in, and kept,
    so that an area's page need not work out a thousand. feedback.trends.standings writes it."""

    table = models.OneToOneField(Table, models.CASCADE, primary_key=True, related_name="standing")
    # {statement key, or "total": as feedback.scores.verdicts.Verdict keeps it}.
    verdicts = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.table)

    def verdict(self, key: str) -> Verdict | None:
        """Of one statement, or the "total"; None where the table has no figure of it."""
        return Verdict.of_kept(self.verdicts[key]) if key in self.verdicts else None


class TablePdf(models.Model):
    """A finished table as a PDF, kept because making one takes a hundred times longer than sending it."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="pdfs")
    with_comments = models.BooleanField()
    made_from = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["table", "with_comments"], name="table_pdf_kept_once")]

    def __str__(self) -> str:
        return f"{self.table}.pdf"
