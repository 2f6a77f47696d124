"""Works out how each meeting of a partnership stands among those before it, and keeps it.

Done whenever a table is made, moved, put in or taken away, and whenever limits are reset: a page of many partnerships
then only reads.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from feedback.models import Standing, Table
from feedback.trends.history import History
from partnerships.models import Partnership


@transaction.atomic
def keep_standings(partnership_id: int) -> None:
    """One after the other for one partnership, so that the last to write has seen all tables."""
    partnership = Partnership.objects.select_for_update(no_key=True, of=("self",)).get(pk=partnership_id)
    standings = standings_of(History.of(partnership))
    Standing.objects.bulk_create(
        standings, update_conflicts=True, unique_fields=["table"], update_fields=["verdicts"], batch_size=500
    )
    Standing.objects.filter(table__round__meeting__partnership=partnership).exclude(
        table__in=[each.table_id for each in standings]
    ).delete()


def catch_up() -> int:
    """Works out those that are missing, as after an upgrade. Returns of how many partnerships."""
    waiting = Table.objects.with_figures().filter(standing=None, round__meeting__isnull=False)
    partnerships = set(waiting.values_list("round__meeting__partnership", flat=True))
    for partnership in partnerships:
        keep_standings(partnership)
    return len(partnerships)


def standings_of(history: History) -> list[Standing]:
    """Those of all meetings with figures, not stored: each judged among those that were known on its day, so that what
    comes later changes nothing that was said."""
    verdicts: dict[int, dict[str, list[Any]]] = {scored.table.pk: {} for scored in history.scored}
    for key, series in history.series.items():
        for stretch in series.stretches:
            for place, meeting in enumerate(stretch.meetings):
                verdicts[meeting.table.pk][key] = stretch.until(place).verdict.as_kept()
    return [Standing(table_id=table, verdicts=found) for table, found in verdicts.items()]
