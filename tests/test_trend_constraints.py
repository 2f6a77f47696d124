"""The rules about notes on charts, shared practice, tables from paper and data tokens that the database holds."""

import datetime

import pytest

from feedback.models import ChartNote, Practice, Standing, Table
from partnerships.models import Act, Area, DataToken, Entry
from partnerships.models.tokens import hash_of
from tests.factories import PartnershipFactory
from tests.helpers.years import met
from tests.test_constraints import refused

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 3, 4)


@pytest.fixture
def note(partnership) -> ChartNote:
    return ChartNote.objects.create(partnership=partnership, date=DAY, kind="chair", text="Una chairs")


@pytest.fixture
def practice(partnership) -> Practice:
    return Practice.objects.create(
        partnership=partnership, statement_key="agenda", text="We time each item", decision="Agreed on 4 March"
    )


@pytest.fixture
def table(partnership) -> Table:
    return Table.objects.get(round__meeting=met(partnership, "2025-03-04"))


def test_a_day_has_one_note_in_a_partnership(note):
    again = {"date": DAY, "kind": "place", "text": "The library"}
    refused("chart_note_once_a_day", lambda: ChartNote.objects.create(partnership=note.partnership, **again))
    assert ChartNote.objects.create(partnership=PartnershipFactory(), **again).pk


def test_a_note_is_of_a_kind(note):
    refused("chart_note_kind_known", lambda: ChartNote.objects.update(kind="weather"))
    for kind in ChartNote.Kind:
        assert ChartNote.objects.update(kind=kind) == 1
    assert str(note) == "Another chair: Una chairs"


def test_limits_are_reset_for_a_reason(note):
    refused("chart_note_resets_with_a_reason", lambda: ChartNote.objects.update(resets_limits=True))
    assert ChartNote.objects.update(resets_limits=True, reason="Two groups became one") == 1


def test_a_partnership_shares_one_note_on_a_statement(practice):
    again = {"statement_key": "agenda", "text": "Again", "decision": "Agreed"}
    refused("practice_once_for_a_statement", lambda: Practice.objects.create(partnership=practice.partnership, **again))
    assert Practice.objects.create(partnership=PartnershipFactory(), **again).pk


def test_on_one_of_the_seven(practice):
    refused("practice_statement_known", lambda: Practice.objects.update(statement_key="teamwork"))
    assert str(practice) == "Strategic Growth Partnership: agenda"
    assert practice.get_absolute_url() == "/practice/?statement=agenda"


@pytest.mark.parametrize("missing", ["text", "decision"])
def test_in_words_and_by_a_decision(practice, missing):
    refused("practice_shared_by_a_decision", lambda: Practice.objects.update(**{missing: ""}))


def test_a_table_without_counts_is_from_paper(table):
    measured = {"tallies": None, "measures": {"agenda": {"average": "2.5"}}}
    refused("table_without_counts_is_from_paper", lambda: Table.objects.update(**measured))
    assert Table.objects.update(imported_on=DAY, **measured) == 1


def test_one_with_counts_may_be_from_paper_too(table):
    assert Table.objects.update(imported_on=DAY) == 1


def test_a_table_has_counts_or_measures(table):
    measures = {"agenda": {"average": "2.5"}}
    refused("table_shows_nothing_under_its_threshold", lambda: Table.objects.update(imported_on=DAY, measures=measures))
    refused("table_shows_nothing_under_its_threshold", lambda: Table.objects.update(tallies=None))


def test_under_its_threshold_no_measures_either(partnership):
    met(partnership, "2025-05-04", slips=4)
    measures = {"agenda": {"average": "2.5"}}
    refused("table_shows_nothing_under_its_threshold", lambda: Table.objects.update(imported_on=DAY, measures=measures))
    assert Table.objects.update(imported_on=DAY) == 1


def test_a_table_stands_once_and_its_standing_goes_with_it(table):
    Standing.objects.create(table=table, verdicts={})
    refused("table_id", lambda: Standing.objects.create(table=table, verdicts={}))
    assert str(Standing.objects.get()) == str(table)
    table.delete()
    assert Standing.objects.count() == 0


@pytest.mark.parametrize("month", [0, 13])
def test_an_areas_year_starts_in_a_month(partnership, month):
    refused("area_year_starts_in_a_month", lambda: Area.objects.update(year_start_month=month))


@pytest.mark.parametrize("month", [1, 12])
def test_be_it_the_first_or_the_last(partnership, month):
    assert Area.objects.update(year_start_month=month) == 1


def test_an_address_for_data_says_what_it_is_for(cast):
    DataToken.objects.make(user=cast.alice, name="Spreadsheet")
    refused("data_token_says_what_for", lambda: DataToken.objects.update(name=""))
    assert str(DataToken.objects.get()) == "Spreadsheet"


def test_no_two_secrets_are_the_same(cast):
    secret = DataToken.objects.make(user=cast.alice, name="Spreadsheet")
    refused(
        "token_hash",
        lambda: DataToken.objects.create(user=cast.bob, name="Another", token_hash=hash_of(secret)),
    )


@pytest.mark.parametrize("gone", ["partnership", "account"])
def test_what_belongs_to_somebody_goes_with_them(cast, note, practice, gone):
    DataToken.objects.make(user=cast.alice, name="Spreadsheet")
    if gone == "account":
        cast.alice.delete()
        assert (ChartNote.objects.count(), Practice.objects.count(), DataToken.objects.count()) == (1, 1, 0)
    else:
        note.partnership.delete()
        assert (ChartNote.objects.count(), Practice.objects.count(), DataToken.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize(
    "act",
    [
        Act.TABLES_IMPORTED,
        Act.TABLE_REMOVED,
        Act.CHART_NOTED,
        Act.LIMITS_RESET,
        Act.PRACTICE_SHARED,
        Act.PRACTICE_WITHDRAWN,
    ],
)
def test_the_record_knows_what_is_done_with_figures(cast, partnership, act):
    Entry.objects.write(act, by=cast.alice, partnership=partnership)
    refused("entry_act_known", lambda: Entry.objects.update(act=f"{act}_"))
