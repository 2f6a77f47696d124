"""No two published totals differ by what is hidden, whichever two are taken.

Every count that anybody may see is a multiple of ten, and what is hidden never is: so a difference that is no multiple
of ten would have a hidden number in it.
"""

import datetime
import itertools
import json

import pytest
import time_machine

from feedback.models import Table
from feedback.trends.standings import keep_standings
from partnerships.models import Partnership
from tests.actors.phones import all_, collate, open_, score
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.histories import from_paper
from tests.helpers.tables import tables_of
from tests.helpers.years import met

YEAR, WHOLE, TABLE = "The year in figures", "The area in figures", "Collated table"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def area(partnership) -> list[Partnership]:
    """Two partnerships with two years each: what can be shown, a meeting under the threshold, a meeting that hides
    one statement, a table from paper with averages alone."""
    other = PartnershipFactory(area=partnership.area, name="Strabane", slug="strabane", kind="locality")
    for each in (partnership, other):
        met(each, "2025-05-10", (20, 10, 10), slips=40, explanation="Visitors")
        met(each, "2026-05-10", (30, 20, 10), slips=60, explanation="Visitors")
        few = MeetingFactory(partnership=each, date=datetime.date(2025, 6, 10))
        score(open_(few.round), *[all_("no")] * 3)
        collate(few.round)
        one_hidden = MeetingFactory(partnership=each, date=datetime.date(2026, 6, 10), present=None)
        rest = {key: value for key, value in all_("yes").items() if key != "charter"}
        score(open_(one_hidden.round), *[rest | {"charter": "ni"}] * 3, *[rest] * 7)
        collate(one_hidden.round)
        from_paper(each, "2026-07-10", "2.4", slips=13)
    assert Table.objects.filter(tallies__isnull=True, measures__isnull=True).count() == 2
    return [partnership, other]


def counts(rows: list[list[str]]) -> dict[str, tuple[int, ...]]:
    """{statement: how many yes, needs improvement, no}, as a table says it; "–" for what is hidden."""
    found = {}
    for name, *cells in rows[1:]:
        if "–" not in cells[:3]:
            found[name] = tuple(int(cell.split()[0]) for cell in cells[:3])
    return found


def published(carol, area) -> list[dict[str, tuple[int, ...]]]:
    """All totals that pages and downloads show, however they are filtered or compared."""
    totals = []
    for each in area:
        for year in ("2024", "2025", "2026", "all"):
            tables = tables_of(carol.get(f"/partnerships/{each.slug}/trends/?year={year}"))
            totals += [counts(tables[YEAR])] if YEAR in tables else []
        for meeting in each.meetings.all():
            tables = tables_of(carol.get(f"/partnerships/{each.slug}/meetings/{meeting.pk}/feedback/table/"))
            totals += [counts(tables[TABLE])] if TABLE in tables else []
        rows = json.loads(carol.get(f"/partnerships/{each.slug}/data/trends.json").content)["rows"]
        totals += [sums(rows, year) for year in sorted({row["year"] for row in rows})]
    for chosen in ("year=2026", "year=2025", "year=2026&q=strabane", "year=2026&kind=board", "year=2025&show=low"):
        totals.append(counts(tables_of(carol.get(f"/areas/derry/trends/?{chosen}"))[WHOLE]))
    return [total for total in totals if total]


def sums(rows: list[dict], year: object) -> dict[str, tuple[int, ...]]:
    keys = ("yes", "needs_improvement", "no")
    return {
        row["statement"]: tuple(row[key] for key in keys)
        for row in rows
        if row["year"] == year and row["yes"] is not None
    }


def test_all_pairs_of_published_totals(as_, area):
    totals = published(as_("carol"), area)
    assert len(totals) > 20
    statements = {name for total in totals for name in total}
    assert len(statements) == 8
    for first, second in itertools.product([*totals, {}], repeat=2):
        for name in statements:
            one, other = first.get(name, (0, 0, 0)), second.get(name, (0, 0, 0))
            difference = tuple(a - b for a, b in zip(one, other, strict=True))
            assert not any(number % 10 for number in difference), (name, first, second)


def test_slips_and_response_are_those_of_what_is_shown(as_, area):
    """Nor do they tell how many slips the sums leave out."""
    page = as_("carol").get("/partnerships/growth/trends/?year=all")
    years = [row[:3] for row in tables_of(page)["The years in figures"][1:]]
    assert years == [["2026/27", "2", "70"], ["2025/26", "1", "40"]]
    area_page = as_("carol").get("/areas/derry/trends/?year=2026")
    assert [row[3].split()[0] for row in tables_of(area_page)["The partnerships in figures"][1:]] == ["70", "70"]


def test_a_change_of_the_threshold_brings_nothing_back(as_, area):
    before = published(as_("carol"), area)
    Partnership.objects.update(threshold=3)
    for each in area:
        keep_standings(each.pk)
    assert published(as_("carol"), area) == before
