"""What every showing of a collated table needs, be it a page, a PDF or a part of another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from charter.texts import SOURCE
from feedback.models import Round, Standing, Table
from feedback.models.changes import STATEMENTS
from feedback.scores.charter_steps import prompts_for


def shown_of(
    table: Table, round: Round, previous: Table | None, *, raised: Collection[str] | None = None
) -> dict[str, Any]:
    """The table, and beside each average that of the `previous` one. `raised`: the comments that are suggestions
    already, where others can be made one."""
    tabulation = table.tabulation()
    before = previous.tabulation() if previous else None
    rows = zip(tabulation.rows, before.rows, strict=True) if tabulation and before else None
    return {
        "meeting": round.meeting,
        "round": round,
        "table": table,
        "tabulation": tabulation,
        "rows": list(rows or [(row, None) for row in (tabulation.rows if tabulation else ())]),
        "previous": previous,
        "before": before,
        "questions": [
            (question, (table.comments or {}).get(question.key, [])) for question in round.instrument.questions
        ],
        "raised": raised,
        "with_comments": True,
        "prompts": prompts_for(tabulation, _drops(table, round)),
        "steps_source": SOURCE,
    }


def _drops(table: Table, round: Round) -> dict[str, date]:
    """{statement key: since when}, of those that had really dropped by then. A year stands among none."""
    standing: Standing | None = getattr(table, "standing", None) if round.meeting_id else None
    verdicts = {key: standing.verdict(key) for key in STATEMENTS} if standing else {}
    return {key: found.since for key, found in verdicts.items() if found and found.is_drop and found.since}
