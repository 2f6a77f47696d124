"""The plan for a year: what the partnership hopes to achieve, the changes that would show it, and what it will do.

The three levels are those of West Berkshire's guide to co-production. The one in the middle is called an outcome
there and on our pages; here it is a PlanOutcome, because feedback.models.Outcome is what became of a suggestion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Partnership
from partnerships.models.owned import Owned
from partnerships.models.years import Year

LONGEST = 300


class PlanQuerySet[Row: "PlanRow"](models.QuerySet[Row]):
    def in_year(self, partnership: Partnership, number: int) -> Self:
        year = self.model.to_year
        return self.filter(**{f"{year}__partnership": partnership, f"{year}__number": number})


class PlanRow(models.Model):
    """A line of the plan: words that stand once in their place, in an order."""

    # What it stands under, how it leads to its year, and how many of it may stand in one place.
    parent_field: ClassVar[str]
    to_year: ClassVar[str]
    most: ClassVar[int]

    order = models.PositiveSmallIntegerField(_("place"))
    text = models.CharField(_("what it says"), max_length=LONGEST)

    objects: ClassVar[models.Manager[Self]] = PlanQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.text

    @property
    def parent(self) -> models.Model:
        return getattr(self, self.parent_field)

    def siblings(self) -> models.QuerySet[Any]:
        """All that stand in the same place, itself too."""
        return type(self)._default_manager.filter(**{self.parent_field: self.parent})

    def under(self) -> Sequence[PlanRow]:
        """All that goes with it where it is removed."""
        return []


class Aim(PlanRow):
    """What the partnership hopes to achieve."""

    parent_field, to_year, most = "year", "year", 10

    year = models.ForeignKey(Year, models.CASCADE, related_name="aims", verbose_name=_("year"))

    class Meta(PlanRow.Meta):
        verbose_name = _("aim")
        verbose_name_plural = _("aims")
        constraints = [models.UniqueConstraint("year", Lower("text"), name="aim_once_in_a_year")]

    def under(self) -> Sequence[PlanRow]:
        outcomes = self.outcomes.prefetch_related("objectives")
        return [row for outcome in outcomes for row in (outcome, *outcome.objectives.all())]


class PlanOutcome(PlanRow):
    """A change that people will see where the aim is reached."""

    parent_field, to_year, most = "aim", "aim__year", 10

    aim = models.ForeignKey(Aim, models.CASCADE, related_name="outcomes", verbose_name=_("aim"))

    class Meta(PlanRow.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [models.UniqueConstraint("aim", Lower("text"), name="plan_outcome_once_under_an_aim")]

    def under(self) -> Sequence[PlanRow]:
        return list(self.objectives.all())


class ObjectiveQuerySet(PlanQuerySet["Objective"]):
    def of(self, partnership: Partnership) -> Self:
        return self.filter(outcome__aim__year__partnership=partnership)

    def open(self) -> Self:
        """Somebody still has to do something; what a later plan has taken over is open there."""
        return self.filter(standing__in=Objective.UNFINISHED, continued_as__isnull=True)

    def with_owners(self) -> Self:
        """With all that a line of it shows."""
        return self.select_related("outcome__aim__year", "member", "organisation", "continued_as")

    def for_plan(self) -> Self:
        """What is not finished first: of that overdue ones first, those without a date last. With what a list shows."""
        unfinished = models.Case(models.When(standing__in=Objective.UNFINISHED, then=0), default=1)
        return self.with_owners().order_by(unfinished, models.F("due_on").asc(nulls_last=True), "pk")


class Objective(PlanRow, Owned):
    """Something definite to complete, whose it is and by when, and how far it is."""

    class Standing(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Not begun")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    UNFINISHED = (Standing.NOT_BEGUN, Standing.UNDER_WAY)
    parent_field, to_year, most = "outcome", "outcome__aim__year", 20

    outcome = models.ForeignKey(PlanOutcome, models.CASCADE, related_name="objectives", verbose_name=_("outcome"))
    standing = models.CharField(_("how far"), max_length=9, choices=Standing, default=Standing.NOT_BEGUN)
    progress = models.CharField(_("more about how far it is"), max_length=LONGEST, blank=True)
    # Of the year before, where it was not finished: so that it is taken over once, and open in one plan alone.
    continues = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="continued_as", verbose_name=_("continues")
    )

    objects: ClassVar = ObjectiveQuerySet.as_manager()

    class Meta(PlanRow.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint("outcome", Lower("text"), name="objective_once_under_an_outcome"),
            models.CheckConstraint(
                condition=models.Q(standing__in=["not_begun", "under_way", "done", "dropped"]),
                name="objective_standing_known",
            ),
            models.CheckConstraint(
                condition=models.Q(standing="done", done_on__isnull=False)
                | (~models.Q(standing="done") & models.Q(done_on__isnull=True)),
                name="objective_done_on_a_day_exactly_when_done",
            ),
            models.CheckConstraint(
                condition=~models.Q(continues=models.F("pk")), name="objective_does_not_continue_itself"
            ),
        ]

    @property
    def is_carried_on(self) -> bool:
        """The next year's plan has taken it over."""
        return hasattr(self, "continued_as")

    @property
    def is_open(self) -> bool:
        return self.standing in self.UNFINISHED and not self.is_carried_on

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    def stand(self, standing: str) -> None:
        """Says how far it is; done it is since today, or since the day on which it was said to be before."""
        self.standing = standing
        self.done_on = (self.done_on or timezone.localdate()) if standing == self.Standing.DONE else None
