"""Notes on a partnership's charts: written, changed, removed.

Where limits begin anew, all its meetings are judged anew in the same moment.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.formats import date_format

from feedback.models import ChartNote
from feedback.trends.standings import keep_standings
from partnerships.models import Act, Entry, Partnership, User


def lock(partnership: Partnership) -> None:
    """Until the transaction's end nobody else writes its notes: a form that is valid stays so until it is saved."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


@transaction.atomic
def note_change(*, note: ChartNote, by: User) -> None:
    """Puts a new note on the charts."""
    note.save()
    _done(note, by, anew=note.resets_limits)


@transaction.atomic
def change_note(*, note: ChartNote, by: User) -> None:
    """Saves a stored note as it is now."""
    before = ChartNote.objects.get(pk=note.pk)
    note.save()
    moved = note.resets_limits and note.date != before.date
    _done(note, by, anew=moved or note.resets_limits != before.resets_limits)


@transaction.atomic
def remove_note(*, note: ChartNote, by: User) -> None:
    note.delete()
    _done(note, by, anew=note.resets_limits)


def _done(note: ChartNote, by: User, *, anew: bool) -> None:
    """Writes it into the record. `anew`: other meetings share their limits now than did before."""
    act = Act.LIMITS_RESET if anew else Act.CHART_NOTED
    Entry.objects.write(act, by=by, partnership=note.partnership, detail=date_format(note.date, "j F Y"))
    if anew:
        keep_standings(note.partnership_id)
