"""Two people at once: whoever takes a table away and whoever works out standings wait for each other, never both."""

from functools import partial

import pytest

from coprod.common.sheets import read_text
from feedback.models import Standing, Table
from feedback.tables import paper_import as old_tables
from feedback.trends.history import History
from feedback.trends.standings import keep_standings
from partnerships.models import Entry
from tests.helpers.histories import STEADY, from_paper, monthly
from tests.helpers.paper_tables import rows_of
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "Date;Statement;Yes;Needs Improvement;No;Slips;Present"


def test_a_table_is_removed_while_standings_are_worked_out(cast, partnership):
    monthly(partnership, STEADY * 8)
    papers = [from_paper(partnership, f"2020-0{month}-10", "2.4") for month in range(1, 7)]
    for paper in papers:
        removed, _kept = at_once(
            [partial(old_tables.remove, round=paper.round, by=cast.carol), partial(keep_standings, partnership.pk)]
        )
        assert removed
    assert Standing.objects.count() == Table.objects.count() == len(History.of(partnership).scored) == 24


def test_the_same_sheet_is_agreed_to_twice_at_once(cast, partnership):
    lines, _unused = old_tables.lines_of(read_text("\n".join([HEAD, *rows_of()])), needs_partnership=False)
    agreed = old_tables.make_plan(partnership.area, lines, partnership=partnership).fingerprint

    def agree() -> str:
        try:
            return old_tables.carry_out(partnership.area, lines, partnership=partnership, agreed=agreed, by=cast.carol)
        except old_tables.Changed:
            return "changed"

    assert set(at_once([agree, agree])) == {"1 new table", "changed"}
    assert (Table.objects.count(), Entry.objects.filter(act="tables_imported").count()) == (1, 1)
