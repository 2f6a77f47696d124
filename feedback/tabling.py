"""What every showing of a collated table needs, be it a page, a PDF or a part of another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from charter.texts import SOURCE
from feedback.models import Round, Table
from feedback.prompts import prompts_for


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
        "prompts": prompts_for(tabulation),
        "steps_source": SOURCE,
    }
