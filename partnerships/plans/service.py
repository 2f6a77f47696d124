"""The year's plan: read as a whole, written row by row.

Whoever writes takes the year's lock first and then looks again, so that two at once write one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import models, transaction
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from partnerships.models import Act, Aim, Entry, Objective, PlanOutcome, PlanRow, User, Year


class Refused(Exception):
    """Says why, to whoever typed it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ChangedMeanwhile(Refused):
    """Somebody else has written to the row since it was loaded. `stored` is how it is now."""

    def __init__(self, stored: PlanRow) -> None:
        super().__init__(_("Somebody else has changed this meanwhile. It now says: “%(text)s”") % {"text": stored.text})
        self.stored = stored


class Gone(Exception):
    """The row, or what it stands under, is no longer in the plan."""


@dataclass(frozen=True)
class Change:
    """An outcome, and what will be done for it."""

    outcome: PlanOutcome
    objectives: Sequence[Objective]


@dataclass(frozen=True)
class Part:
    aim: Aim
    changes: Sequence[Change]


@dataclass(frozen=True)
class Plan:
    parts: Sequence[Part]

    @property
    def objectives(self) -> list[Objective]:
        return [objective for part in self.parts for change in part.changes for objective in change.objectives]

    @property
    def open(self) -> list[Objective]:
        return [each for each in self.objectives if each.is_open]

    @property
    def wanted(self) -> int:
        """How many were not dropped."""
        return sum(each.standing != Objective.Standing.DROPPED for each in self.objectives)

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.objectives)

    @property
    def overdue(self) -> int:
        return sum(each.is_overdue for each in self.objectives)


def plan_of(year: Year) -> Plan:
    """The plan for a year, stored or not: three queries at most, however long it is."""
    objectives = models.Prefetch("outcomes__objectives", Objective.objects.with_owners())
    aims = Aim.objects.in_year(year.partnership, year.number).prefetch_related("outcomes", objectives)
    return Plan([Part(aim, [Change(each, list(each.objectives.all())) for each in aim.outcomes.all()]) for aim in aims])


def left_over(year: Year) -> models.QuerySet[Objective]:
    """What the plan of the year before has not finished, in its order."""
    before = Objective.objects.in_year(year.partnership, year.number - 1).open().with_owners()
    return before.order_by("outcome__aim__order", "outcome__aim", "outcome__order", "outcome", "order", "pk")


def as_seen(row: PlanRow, names: Collection[str]) -> str:
    """Stands for the values of these fields: a page brings it back to say what its writer saw."""
    return sha256(repr([str(row.serializable_value(name)) for name in names]).encode()).hexdigest()[:16]


@transaction.atomic
def add(*, year: Year, row: PlanRow, by: User) -> None:
    """Puts a new row last in its place. The same once more, as after a double click, is the one that is there.

    Raises Refused, Gone.
    """
    year = Year.objects.held(year.partnership, year.number)
    if isinstance(row, Aim):
        row.year = year
    if not type(row.parent)._default_manager.filter(pk=row.parent.pk).exists():
        raise Gone
    typed = [field.name for field in row._meta.fields if field.name not in {"id", "order"}]
    if twin := _twin(row):
        if as_seen(twin, typed) != as_seen(row, typed):
            raise Refused(_("This is in the plan already, in the same place. Change it there."))
        row.pk = twin.pk
        return
    if not _placed(row):
        raise Refused(_("There are %(most)s in this place already. Remove or join some first.") % {"most": row.most})
    Entry.objects.write(Act.PLAN_CHANGED, by=by, year=year)


@transaction.atomic
def change(*, year: Year, row: PlanRow, names: Sequence[str], seen: str, by: User, step: int = 0) -> None:
    """Saves these fields of a row, and moves it up or down by `step`. `seen`: what as_seen said of them when its page
    was loaded. Raises Refused, ChangedMeanwhile, Gone."""
    year = Year.objects.held(year.partnership, year.number)
    stored = type(row).objects.filter(pk=row.pk).first()
    if stored is None:
        raise Gone
    is_new = as_seen(row, names) != as_seen(stored, names)
    if is_new:
        if seen != as_seen(stored, names):
            raise ChangedMeanwhile(stored)
        if "text" in names and _twin(row):
            raise Refused(_("This is in the plan already, in the same place. Change it there."))
        row.save(update_fields=names)
    if (step and _move(row, step)) or is_new:
        Entry.objects.write(Act.PLAN_CHANGED, by=by, year=year)


@transaction.atomic
def remove(*, year: Year, row: PlanRow, under: int, by: User) -> None:
    """Takes it away with all under it. `under`: how many rows those were when its writer agreed; raises Refused where
    they are not as many now. Raises Gone."""
    year = Year.objects.held(year.partnership, year.number)
    if not type(row).objects.filter(pk=row.pk).exists():
        raise Gone
    if len(row.under()) != under:
        raise Refused(_("Somebody else has added or removed something here meanwhile. Look at it again."))
    row.delete()
    Entry.objects.write(Act.PLAN_CHANGED, by=by, year=year)


@transaction.atomic
def take_over(*, year: Year, by: User) -> tuple[int, int]:
    """Copies what the year before has not finished, with its aims and outcomes: each objective once, however often
    this is called. How many were copied, and for how many there was no room."""
    year = Year.objects.held(year.partnership, year.number)
    found = list(left_over(year))
    taken = sum(_taken_over(year, old) for old in found)
    if taken:
        Entry.objects.write(Act.PLAN_CHANGED, by=by, year=year)
    return taken, len(found) - taken


def _taken_over(year: Year, old: Objective) -> bool:
    """A day that has passed, and a member who has left, stay behind."""
    aim = _placed(Aim(year=year, text=old.outcome.aim.text))
    outcome = aim and _placed(PlanOutcome(aim=aim, text=old.outcome.text))
    new = outcome and _placed(
        Objective(
            outcome=outcome,
            text=old.text,
            organisation=old.organisation,
            member=old.member if old.member and old.member.left_on is None else None,
            due_on=old.due_on if old.due_on and old.due_on >= year.span.first else None,
            standing=old.standing,
            progress=old.progress,
        )
    )
    if not new:
        return False
    new.continues = old
    new.save(update_fields=["continues"])
    return True


def _twin[Row: PlanRow](row: Row) -> Row | None:
    """Another one that says the same in the same place."""
    says_the_same = Exact(Lower("text"), Lower(models.Value(row.text)))
    return row.siblings().exclude(pk=row.pk).filter(says_the_same).first()


def _placed[Row: PlanRow](row: Row) -> Row | None:
    """Its twin where there is one, else itself, saved as the last in its place; None where that is full."""
    if twin := _twin(row):
        return twin
    taken = row.siblings().aggregate(many=models.Count("pk"), last=models.Max("order"))
    if taken["many"] >= row.most:
        return None
    row.order = (taken["last"] or 0) + 1
    row.save()
    return row


def _move(row: PlanRow, step: int) -> bool:
    """Swaps it with its neighbour. Whether it has one there."""
    rows = list(row.siblings())
    place = rows.index(row)
    other = place + step
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    for order, each in enumerate(rows, 1):
        each.order = order
    type(row).objects.bulk_update(rows, ["order"])
    return True
