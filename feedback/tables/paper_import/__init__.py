"""Tables that were kept on paper before this site was used: put in from a sheet, and removed again.

Sheet -> lines.lines_of -> plan.make_plan (papers.read_paper, steps.meet) -> (a person agrees) -> carry_out
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from feedback.models import Phase, Round, Table
from feedback.rounds.destruction import destroy_slips
from feedback.rounds.phases import note
from feedback.tables.paper_import.lines import Line, lines_of
from feedback.tables.paper_import.plan import Plan, make_plan, told
from feedback.tables.paper_import.steps import FIGURES, Step
from feedback.trends.standings import keep_standings
from partnerships.models import Act, Area, Entry, Meeting, Partnership, User
from partnerships.people import membership
from partnerships.people.imports import Changed

__all__ = ["Changed", "Line", "Plan", "Step", "carry_out", "lines_of", "make_plan", "remove", "told"]

_CHANGED = (*FIGURES, "threshold", "comments", "imported_on")


@transaction.atomic
def carry_out(area: Area, lines: Sequence[Line], *, partnership: Partnership | None, agreed: str, by: User) -> str:
    """Does what was agreed to, all of it or nothing, and says what. Raises Changed.

    The number of queries grows with the partnerships, not with the tables.
    """
    membership.lock(area.pk)
    plan = make_plan(area, lines, partnership=partnership, for_update=True)
    if plan.problems or not plan.due or plan.fingerprint != agreed:
        raise Changed
    tables = [step.table for step in plan.due if step.table]
    _store_new([table for table in tables if table.pk is None])
    Table.objects.bulk_update([table for table in tables if table.pk], _CHANGED, batch_size=200)
    for touched in sorted({table.round.partnership.pk for table in tables}):
        keep_standings(touched)
    done = told(plan)
    Entry.objects.write(Act.TABLES_IMPORTED, by=by, area=area, partnership=partnership, detail=done)
    return done


def _store_new(tables: Sequence[Table]) -> None:
    """With the meetings that are not here yet, and their rounds: many at once, past what a single meeting sets off."""
    _store_meetings(tables)
    rounds = [table.round for table in tables]
    codes = Round.objects.unused_codes(len(rounds))
    for table, round in zip(tables, rounds, strict=True):
        if round.uses_codes:
            destroy_slips(round)  # codes that were printed, and are good for nothing now
        if round.pk is None:
            round.code = codes.pop()
        round.stage, round.opened_at, round.threshold = Phase.COLLATED, timezone.now(), table.threshold
    Round.objects.bulk_update([round for round in rounds if round.pk], ["stage", "opened_at", "threshold"], 200)
    Round.objects.bulk_create([round for round in rounds if round.pk is None])
    Table.objects.bulk_create(tables)


def _store_meetings(tables: Sequence[Table]) -> None:
    """One that is here keeps its number of people, if it has one."""
    new: list[Meeting] = []
    learning: list[Meeting] = []
    for table in tables:
        meeting = table.round.meeting
        assert meeting
        if meeting.pk is None:
            new.append(meeting)
        elif meeting.present is None:
            meeting.present = table.present
            learning.append(meeting)
    Meeting.objects.bulk_create(new)
    Meeting.objects.bulk_update(learning, ["present"], batch_size=200)


@transaction.atomic
def remove(*, round: Round, by: User) -> bool:
    """Takes an imported table away, and its meeting if nothing else is known of that; else it stays, as one that was
    not scored. Whether there was a table."""
    membership.lock(round.partnership.area_id)
    # In this order, as when a table is made: who works out standings writes rows that go with the table.
    Round.objects.locked().get(pk=round.pk)
    Partnership.objects.select_for_update(no_key=True).get(pk=round.partnership.pk)
    deleted, _each = Table.objects.filter(round=round, imported_on__isnull=False).delete()
    if deleted:
        Round.objects.filter(pk=round.pk).update(stage=Phase.PLANNED, opened_at=None, opens_at=None, threshold=None)
        keep_standings(round.partnership.pk)
        note(Act.TABLE_REMOVED, round, by, detail=round.when)
        if round.meeting and _is_bare(round.meeting):
            round.meeting.delete()
    return bool(deleted)


def _is_bare(meeting: Meeting) -> bool:
    """Whether nothing is known of the meeting but its day, and how many were there: as an import makes it."""
    if meeting.start or meeting.venue or meeting.called_off_on or meeting.agenda_version:
        return False
    # Whatever hangs on a meeting keeps it, but its round and what the area's record says of it.
    hanging = [each for each in Meeting._meta.related_objects if each.related_model not in {Round, Entry}]
    return not any(each.related_model._base_manager.filter(**{each.field.name: meeting}).exists() for each in hanging)
