"""A partnership's year: what it looks back on, and plans for."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coprod.common.spans import Span
from partnerships.models.areas import Partnership
from partnerships.models.meetings import MOST_PRESENT, Meeting

# Old enough for tables that were kept on paper, and no further ahead than anybody plans.
EARLIEST, LATEST = 2000, 2100


class YearQuerySet(models.QuerySet["Year"]):
    def locked(self) -> YearQuerySet:
        """Rows that nobody else can change until this transaction ends."""
        return self.select_for_update(of=("self",), no_key=True)

    def written(self, partnership: Partnership, number: int) -> Year:
        """The year's row, made where there is none yet."""
        year, _made = self.get_or_create(partnership=partnership, number=number)
        year.partnership = partnership
        return year

    def held(self, partnership: Partnership, number: int) -> Year:
        """The same, for this transaction alone."""
        year = self.written(partnership, number)
        self.locked().get(pk=year.pk)
        return year


class Year(models.Model):
    """One year of one partnership. It has a row as soon as something is written down about it."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="years", verbose_name=_("partnership"))
    number = models.PositiveSmallIntegerField(_("begins in"))
    # Of the yearly assessment, as `present` is of a meeting: how many people were asked.
    present = models.PositiveSmallIntegerField(
        _("number of people asked"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PRESENT, _("At most 2000 can be asked."))],
    )

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = _("year")
        verbose_name_plural = _("years")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="year_once_of_a_partnership"),
            models.CheckConstraint(condition=models.Q(number__range=(EARLIEST, LATEST)), name="year_of_our_time"),
            models.CheckConstraint(
                condition=models.Q(present__isnull=True) | models.Q(present__lte=MOST_PRESENT),
                name="year_asked_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, {self.span}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:year", args=[self.partnership.slug, self.number])

    @property
    def plan_url(self) -> str:
        return reverse("partnerships:plan", args=[self.partnership.slug, self.number])

    @property
    def span(self) -> Span:
        return Span.numbered(self.number, month=self.partnership.year_start_month)

    def meetings(self) -> models.QuerySet[Meeting]:
        """Those that took place, or will, the earliest first."""
        within = (self.span.first, self.span.last)
        found = Meeting.objects.taking_place().filter(partnership=self.partnership_id, date__range=within)
        return found.order_by("date", "pk")

    def beside(self, step: int) -> Year:
        """So many years later, or with a minus earlier; stored or not."""
        number = self.number + step
        stored = Year.objects.filter(partnership=self.partnership_id, number=number).first()
        year = stored or Year(partnership=self.partnership, number=number)
        year.partnership = self.partnership
        return year


def current_number(partnership: Partnership, day: date | None = None) -> int:
    """The number of the partnership's year around this day; without a day, around today."""
    return Span.around(day or timezone.localdate(), month=partnership.year_start_month).number
