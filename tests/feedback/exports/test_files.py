"""Figures taken out: which rows there are, in which files, for whom, by which addresses."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coprod.common.sheets import read, write_ods
from coprod.common.spans import Span
from feedback.exports.datasets import TABLES, TRENDS
from feedback.exports.lines import TrendLine
from feedback.models import Round, Table
from feedback.scores.collation import Counts, tabulate
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.rounding import ten_thousandth
from feedback.trends.standings import keep_standings
from feedback.trends.sums import MeetingsSum
from partnerships.models import Meeting, Partnership
from tests.actors.phones import STATEMENTS, text_of
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.taken import address, in_area, rows_of
from tests.helpers.years import met

pytestmark = pytest.mark.django_db

TOGETHER, AGENDA = MEETING_FEEDBACK.statements[:2]
HERE = {
    "area": "Derry City and Strabane",
    "partnership": "Strategic Growth Partnership",
    "partnership_slug": "growth",
    "kind": "board",
}
# What a meeting with too few slips leaves empty.
NOTHING = {
    **dict.fromkeys(("statement_number", "statement_key", "statement"), ""),
    **dict.fromkeys(("yes", "needs_improvement", "no", "blank", "answered", "points", "average", "share"), ""),
}


def from_paper(partnership: Partnership, day: str, measures: dict[str, dict[str, str]]) -> Meeting:
    """A meeting of which the paper has averages or percentages alone."""
    meeting = MeetingFactory(partnership=partnership, date=date.fromisoformat(day))
    Round.objects.filter(meeting=meeting).update(stage="collated", opened_at=timezone.now(), threshold=5)
    Table.objects.create(
        round=meeting.round, slips=6, threshold=5, measures=measures, comments={"comment": []}, imported_on="2026-01-05"
    )
    return meeting


def changed(partnership: Partnership) -> None:
    """Ten meetings with the usual ups and downs, the tenth far above them."""
    for month in range(1, 10):
        met(partnership, f"2025-{month:02}-03", (6, 6, 0) if month % 2 else (5, 7, 0), slips=12)
    met(partnership, "2025-10-03", (12, 0, 0), slips=12)
    keep_standings(partnership.pk)


class TestColumns:
    """Other people's reports are built on these names: none is renamed, moved or taken away."""

    def test_of_tables(self):
        assert " ".join(TABLES.names) == (
            "area partnership partnership_slug kind meeting_date meeting_id statement_number statement_key statement "
            "status yes needs_improvement no blank answered points average share slips present source"
        )

    def test_of_trends(self):
        assert " ".join(TRENDS.names) == (
            "area partnership partnership_slug kind year year_from year_to statement_number statement_key statement "
            "meetings meetings_in_sum slips response_rate yes needs_improvement no answered points average share "
            "share_yes share_needs_improvement share_no verdict verdict_cause verdict_direction verdict_since"
        )

    @pytest.mark.parametrize("data_set", [TABLES, TRENDS], ids=lambda each: each.name)
    @pytest.mark.parametrize("kind", ["csv", "ods"])
    def test_are_the_first_row_even_of_no_rows(self, data_set, kind, as_):
        sheet = read(as_("bob").get(address(data_set.name, kind)).content)
        assert [row.cells for row in sheet.rows] == [tuple(data_set.names)]


class TestDictionary:
    def test_is_a_page_for_everybody(self):
        page = Client().get("/data/")
        for data_set in (TABLES, TRENDS):
            for name, kind, says in data_set.explained:
                assert f"{name} ({kind}) {says}" in text_of(page)
        assert "http://testserver/data/ TOKEN /partnerships/ growth / tables. csv" in text_of(page)
        assert f"The statements are those of: {MEETING_FEEDBACK.source}. The Guide states no licence." in text_of(page)

    def test_names_every_column_of_both_and_no_other(self):
        response = Client().get("/data/dictionary.csv")
        assert response.headers["Content-Disposition"] == 'attachment; filename="together-data-dictionary.csv"'
        found = rows_of(response)
        assert [(row["data_set"], row["column"]) for row in found] == [
            (each.name, column) for each in (TABLES, TRENDS) for column in each.names
        ]
        assert all(row["type"] and row["description"] for row in found)

    def test_knows_what_kinds_of_partnership_there_are(self):
        kinds = next(says for name, _kind, says in TABLES.explained if name == "kind")
        assert kinds == "What it is, one of: board, thematic, locality, steering, panel."


class TestTables:
    def test_have_one_row_a_statement(self, as_, partnership):
        meeting = met(partnership, "2025-05-04", (6, 2, 1), slips=11)
        found = rows_of(as_("bob").get(address()))
        assert [row["statement_key"] for row in found] == STATEMENTS
        assert [row["statement_number"] for row in found] == list("1234567")
        assert found[0] == HERE | {
            "meeting_date": "2025-05-04",
            "meeting_id": str(meeting.pk),
            "statement_number": "1",
            "statement_key": "together",
            "statement": TOGETHER.text,
            "status": "shown",
            "yes": "6",
            "needs_improvement": "2",
            "no": "1",
            "blank": "2",
            "answered": "9",
            "points": "23",
            "average": "2.5556",
            "share": "0.8519",
            "slips": "11",
            "present": "13",
            "source": "collated",
        }

    def test_say_that_a_statement_is_hidden_and_no_more(self, as_, partnership):
        met(partnership, "2025-05-04", {"together": (6, 0, 0)})
        shown, hidden = rows_of(as_("bob").get(address()))[:2]
        assert (shown["status"], shown["yes"]) == ("shown", "6")
        assert hidden == shown | NOTHING | {
            "statement_number": "2",
            "statement_key": "agenda",
            "statement": AGENDA.text,
            "status": "hidden",
        }

    def test_say_that_a_meeting_was_too_small_and_no_more(self, as_, partnership):
        meeting = met(partnership, "2025-05-04", slips=4)
        assert rows_of(as_("bob").get(address())) == [
            HERE
            | NOTHING
            | {
                "meeting_date": "2025-05-04",
                "meeting_id": str(meeting.pk),
                "status": "too_small",
                "slips": "4",
                "present": "13",
                "source": "collated",
            }
        ]

    def test_have_of_paper_without_counts_the_averages(self, as_, partnership):
        meeting = from_paper(
            partnership, "2019-05-04", {"together": {"average": "2.7"}, "agenda": {"yes": "50", "ni": "25", "no": "25"}}
        )
        first, second, third = rows_of(as_("bob").get(address()))[:3]
        assert first == HERE | NOTHING | {
            "meeting_date": "2019-05-04",
            "meeting_id": str(meeting.pk),
            "statement_number": "1",
            "statement_key": "together",
            "statement": TOGETHER.text,
            "status": "averages_only",
            "average": "2.7",
            "slips": "6",
            "present": "",
            "source": "paper",
        }
        assert (second["status"], second["average"], second["share"]) == ("averages_only", "2.25", "")
        assert (third["status"], third["average"]) == ("averages_only", "")

    def test_hold_no_words_of_anybody(self, as_, cast, partnership):
        met(partnership, "2025-05-04", comments=["Start on time"], explanation="Visitors scored too")
        for name in ("tables", "trends"):
            for kind in ("csv", "json"):
                content = as_("bob").get(address(name, kind)).content.decode()
                for words in ("Start on time", "Visitors scored too", "Alice", "Bob", "Carol", "example.org"):
                    assert words not in content

    def test_leave_out_meetings_that_were_called_off_and_of_other_partnerships(self, as_, partnership):
        met(PartnershipFactory(area=partnership.area), "2025-05-04")
        off = met(partnership, "2025-05-11")
        Meeting.objects.filter(pk=off.pk).update(called_off_on="2025-05-10")
        assert rows_of(as_("bob").get(address())) == []

    def test_of_an_area_are_by_partnership_then_by_date(self, as_, partnership):
        other = PartnershipFactory(area=partnership.area, name="Ärgerlich – Óige", slug="oige", kind="panel")
        Partnership.objects.filter(pk=other.pk).update(name="Éire Óg")
        met(PartnershipFactory(), "2025-01-01")
        met(partnership, "2025-06-01")
        met(partnership, "2025-05-01")
        met(other, "2025-05-20")
        found = rows_of(as_("carol").get(in_area()))
        assert {(row["area"], row["partnership"], row["kind"]) for row in found} == {
            ("Derry City and Strabane", "Éire Óg", "panel"),
            ("Derry City and Strabane", "Strategic Growth Partnership", "board"),
        }
        assert [row["meeting_date"] for row in found if row["partnership_slug"] == "growth"][::7] == [
            "2025-05-01",
            "2025-06-01",
        ]
        assert len(found) == 21


class TestTrends:
    def test_have_one_row_a_statement_and_one_for_the_total(self, as_, partnership):
        met(partnership, "2025-05-04", (6, 2, 1), slips=9)
        met(partnership, "2026-03-31", (4, 2, 0), slips=7)
        met(partnership, "2026-04-01", (6, 0, 0))
        keep_standings(partnership.pk)
        found = rows_of(as_("bob").get(address("trends")))
        keys = [*STATEMENTS, "total"]
        assert [(row["year"], row["statement_key"]) for row in found] == [
            (y, k) for y in ("2025", "2026") for k in keys
        ]
        year = HERE | {"year": "2025", "year_from": "2025-04-01", "year_to": "2026-03-31"}
        sums = {"meetings": "2", "meetings_in_sum": "2", "slips": "16", "response_rate": "0.6154"}
        shares = {"share": "0.8667", "share_yes": "0.6667", "share_needs_improvement": "0.2667", "share_no": "0.0667"}
        verdict = {
            "verdict": "Too soon to tell: 2 of 10 meetings",
            "verdict_cause": "",
            "verdict_direction": "",
            "verdict_since": "",
        }
        assert found[0] == year | sums | shares | verdict | {
            "statement_number": "1",
            "statement_key": "together",
            "statement": TOGETHER.text,
            "yes": "10",
            "needs_improvement": "4",
            "no": "1",
            "answered": "15",
            "points": "39",
            "average": "2.6",
        }
        assert found[7] == year | sums | shares | verdict | {
            "statement_number": "",
            "statement_key": "total",
            "statement": "TOTAL SCORE",
            "yes": "70",
            "needs_improvement": "28",
            "no": "7",
            "answered": "105",
            "points": "273",
            "average": "18.2",
        }

    def test_sum_nothing_that_is_hidden(self, as_, partnership):
        met(partnership, "2025-05-04", {key: (6, 0, 0) for key in STATEMENTS if key != "agenda"})
        met(partnership, "2025-06-04", (0, 6, 0))
        met(partnership, "2025-07-04", slips=4)
        from_paper(partnership, "2025-08-04", {"together": {"average": "1"}})
        first, second, *_others, total = rows_of(as_("bob").get(address("trends")))
        assert (first["meetings"], first["meetings_in_sum"], first["answered"], first["average"]) == (
            "4",
            "2",
            "12",
            "2.5",
        )
        assert (second["meetings_in_sum"], second["answered"], second["average"]) == ("1", "6", "2")
        assert (total["meetings_in_sum"], total["answered"], total["slips"]) == ("2", str(12 * 6 + 6), "12")
        assert first["verdict"] == ""  # none is kept

    def test_of_a_year_without_figures_have_none(self, as_, partnership):
        met(partnership, "2025-07-04", slips=4)
        for row in rows_of(as_("bob").get(address("trends"))):
            filled = {name for name, value in row.items() if value}
            assert filled - {"statement_number"} == {
                *HERE,
                *("year", "year_from", "year_to", "statement_key", "statement", "meetings", "meetings_in_sum", "slips"),
            }
            assert (row["meetings"], row["meetings_in_sum"], row["slips"]) == ("1", "0", "0")

    def test_of_a_statement_that_all_meetings_hide_have_none(self, as_, partnership):
        met(partnership, "2025-05-04", {"together": (6, 0, 0)})
        keep_standings(partnership.pk)
        found = rows_of(as_("bob").get(address("trends")))
        assert found[0]["verdict"] == "Too soon to tell: 1 of 10 meetings"
        assert {name: found[1][name] for name in ("meetings_in_sum", "yes", "answered", "share_yes", "verdict")} == {
            "meetings_in_sum": "0",
            "yes": "",
            "answered": "",
            "share_yes": "",
            "verdict": "",
        }
        assert (found[7]["answered"], found[7]["average"]) == ("6", "")

    def test_say_what_really_changed(self, as_, partnership):
        changed(partnership)
        [_last_year, this] = [
            row for row in rows_of(as_("bob").get(address("trends"))) if row["statement_key"] == "together"
        ]
        assert {name: this[name] for name in this if name.startswith("verdict")} == {
            "verdict": "Real improvement since 3 October 2025",
            "verdict_cause": "outside",
            "verdict_direction": "up",
            "verdict_since": "2025-10-03",
        }

    def test_say_that_nothing_really_changed(self, as_, partnership):
        for month in range(1, 13):
            met(partnership, f"2025-{month:02}-03", (3, 3, 0))
        keep_standings(partnership.pk)
        row = rows_of(as_("bob").get(address("trends") + "?year=2025"))[0]
        assert {name: row[name] for name in row if name.startswith("verdict")} == {
            "verdict": "No real change: the ups and downs are what is usual here",
            "verdict_cause": "",
            "verdict_direction": "none",
            "verdict_since": "",
        }

    def test_take_each_number_from_the_one_place_that_sums(self, partnership):
        met(partnership, "2025-05-04", (6, 2, 1), slips=9)
        meetings = MeetingsSum(list(Table.objects.of_partnerships(Partnership.objects.all())))
        line = TrendLine(partnership, Span.numbered(2025, month=4), meetings, "total")
        assert line.counted is meetings.tabulation


class TestYears:
    @pytest.fixture(autouse=True)
    def _years(self, partnership):
        partnership.year_start_month = 1
        partnership.save()
        met(partnership, "2025-02-01")
        met(partnership, "2025-12-31")
        met(partnership, "2026-01-01")

    @pytest.mark.parametrize(
        ("asked", "days"),
        [
            ("", ["2025-02-01", "2025-12-31", "2026-01-01"]),
            ("?year=", ["2025-02-01", "2025-12-31", "2026-01-01"]),
            ("?year=2025", ["2025-02-01", "2025-12-31"]),
            ("?year=2024", []),
        ],
    )
    def test_of_tables_of_a_partnership_are_its_own(self, asked, days, as_):
        assert [row["meeting_date"] for row in rows_of(as_("bob").get(address() + asked))][::7] == days

    def test_of_tables_of_an_area_are_the_areas(self, as_):
        found = rows_of(as_("carol").get(in_area() + "?year=2025"))
        assert [row["meeting_date"] for row in found][::7] == ["2025-12-31", "2026-01-01"]

    @pytest.mark.parametrize(("who", "where"), [("bob", address("trends")), ("carol", in_area("trends"))])
    def test_of_trends_are_always_the_partnerships(self, who, where, as_):
        found = rows_of(as_(who).get(where + "?year=2025"))
        assert {(row["year"], row["year_to"], row["meetings"]) for row in found} == {("2025", "2025-12-31", "2")}

    @pytest.mark.parametrize("year", ["2025/26", "-1", "1999", "2101", "x", "9" * 30, "２０"])
    def test_that_are_none_are_not_found(self, year, as_):
        assert as_("bob").get(address(), {"year": year}).status_code == 404


class TestFiles:
    def test_are_named_after_what_they_are(self, as_, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        bob = as_("bob")
        assert {
            kind: (response.headers["Content-Disposition"], response.headers["Content-Type"])
            for kind in ("csv", "ods", "json")
            if (response := bob.get(address("trends", kind) + "?year=2025"))
        } == {
            "csv": ('attachment; filename="growth-trends-2025-2026-06-01.csv"', "text/csv; charset=utf-8"),
            "ods": (
                'attachment; filename="growth-trends-2025-2026-06-01.ods"',
                "application/vnd.oasis.opendocument.spreadsheet",
            ),
            "json": ('attachment; filename="growth-trends-2025-2026-06-01.json"', "application/json"),
        }
        response = as_("carol").get(in_area())
        assert response.headers["Content-Disposition"] == 'attachment; filename="derry-tables-2026-06-01.csv"'
        assert "no-store" in response.headers["Cache-Control"]
        assert "private" in response.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "wrong", [address("slips"), address(kind="xlsx"), address("tables.tables"), in_area("slips"), in_area(kind="x")]
    )
    def test_of_other_names_and_kinds_are_not_found(self, wrong, as_):
        assert as_("carol").get(wrong).status_code == 404

    def test_say_the_same_in_each_format(self, as_, partnership):
        changed(partnership)
        met(partnership, "2025-11-03", slips=4)
        from_paper(partnership, "2019-05-04", {"together": {"average": "2.7"}})
        for name in ("tables", "trends"):
            bob = as_("bob")
            expected = [tuple(row.values()) for row in rows_of(bob.get(address(name)))]
            sheet = read(bob.get(address(name, "ods")).content)
            width = len(expected[0])
            assert [(*row.cells, *[""] * (width - len(row.cells))) for row in sheet.rows[1:]] == expected
            rows = json.loads(bob.get(address(name, "json")).content)["rows"]
            assert [tuple(_as_text(value) for value in row.values()) for row in rows] == expected

    def test_in_json_say_what_they_are(self, as_, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        meeting = met(partnership, "2025-05-04", (6, 2, 1), slips=11)
        found = json.loads(as_("bob").get(address(kind="json")).content)
        assert found["about"] == {
            "title": "Collated tables",
            "description": str(TABLES.says),
            "area": "Derry City and Strabane",
            "partnership": "Strategic Growth Partnership",
            "year": None,
            "made_at": "2026-06-01T13:00:00+01:00",
            "statements_source": MEETING_FEEDBACK.source,
            "statements_licence": "The Guide states no licence.",
            "figures_licence": "They belong to the partnerships: ask them before you publish any.",
        }
        assert [each["column"] for each in found["columns"]] == TABLES.names
        assert found["columns"][4] == {
            "column": "meeting_date",
            "type": "date",
            "description": "The day of the meeting.",
        }
        assert found["rows"][0] == HERE | {
            "meeting_date": "2025-05-04",
            "meeting_id": meeting.pk,
            "statement_number": 1,
            "statement_key": "together",
            "statement": TOGETHER.text,
            "status": "shown",
            "yes": 6,
            "needs_improvement": 2,
            "no": 1,
            "blank": 2,
            "answered": 9,
            "points": 23,
            "average": 2.5556,
            "share": 0.8519,
            "slips": 11,
            "present": 13,
            "source": "collated",
        }

    def test_in_json_of_an_area_name_no_partnership(self, as_):
        about = json.loads(as_("carol").get(in_area(kind="json")).content)["about"]
        assert (about["area"], about["partnership"]) == ("Derry City and Strabane", None)

    def test_in_ods_have_numbers_dates_and_the_dictionary(self, as_, partnership):
        met(partnership, "2025-05-04", (6, 2, 1), slips=11)
        data = as_("bob").get(address(kind="ods")).content
        archive = zipfile.ZipFile(io.BytesIO(data))
        assert archive.testzip() is None
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        content = archive.read("content.xml").decode()
        assert 'office:value-type="date" office:date-value="2025-05-04"' in content
        assert 'office:value-type="float" office:value="2.5556"' in content
        dictionary = content.partition('<table:table table:name="Data dictionary">')[2]
        for name, kind, says in TABLES.explained:
            cells = (f'office:value-type="string"><text:p>{text}</text:p>' for text in (name, kind, says))
            assert "</table:table-cell><table:table-cell ".join(cells) in dictionary

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1"])
    def test_run_nothing_whatever_a_partnership_is_called(self, name, as_, partnership):
        Partnership.objects.filter(pk=partnership.pk).update(name=name)
        met(partnership, "2025-05-04")
        bob = as_("bob")
        for data_set in ("tables", "trends"):
            assert rows_of(bob.get(address(data_set)))[0]["partnership"] == f"'{name}"
            data = bob.get(address(data_set, "ods")).content
            content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
            assert "formula" not in content
            assert f'<table:table-cell office:value-type="string"><text:p>{name}</text:p>' in content
            assert read(data).rows[1].cells[1] == name.strip()
            assert json.loads(bob.get(address(data_set, "json")).content)["rows"][0]["partnership"] == name

    def test_have_no_cell_that_a_spreadsheet_would_run(self, as_, partnership):
        changed(partnership)
        for name in ("tables", "trends"):
            cells = [cell for row in rows_of(as_("bob").get(address(name))) for cell in row.values()]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "'"))]

    def test_hold_names_in_all_letters_and_none_that_xml_forbids(self, as_, partnership):
        Partnership.objects.filter(pk=partnership.pk).update(name="Óige <&> 日本 \x01\ufffe🎉")
        met(partnership, "2025-05-04")
        assert read(as_("bob").get(address(kind="ods")).content).rows[1].cells[1] == "Óige <&> 日本 🎉"

    def test_of_a_sheet_with_a_name_in_quotes(self):
        content = zipfile.ZipFile(io.BytesIO(write_ods({'"A" & <B>': [["x"]]}))).read("content.xml").decode()
        assert "table:name='\"A\" &amp; &lt;B&gt;'" in content


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("1/3", "0.3333"), ("2/3", "0.6667"), ("1/20000", "0.0001"), ("1/20001", "0"), ("20", "20"), ("5/2", "2.5")],
)
def test_decimals_have_at_most_four_places_and_halves_go_up(number, rounded):
    assert str(ten_thousandth(Fraction(number))) == rounded


def test_a_sum_without_answers_has_no_shares():
    assert tabulate(Counts(0, {}), MEETING_FEEDBACK).shares == ()


class TestQueries:
    @pytest.mark.parametrize("where", [in_area("tables"), in_area("trends"), in_area("trends", "ods")])
    def test_are_as_many_for_many_as_for_one(self, where, as_, partnership):
        carol = as_("carol")

        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert carol.get(where).status_code == 200
            return len(captured)

        met(partnership, "2025-05-04")
        keep_standings(partnership.pk)
        carol.get(where)
        one = queries()
        for _each in range(2):
            other = PartnershipFactory(area=partnership.area)
            for day in ("2024-05-04", "2025-05-04", "2025-06-04"):
                met(other, day)
            keep_standings(other.pk)
        assert queries() == one

    def test_are_few(self, as_, partnership, django_assert_num_queries):
        met(partnership, "2025-05-04")
        carol = as_("carol")
        # Session, account, area with the right to it, its partnerships, their tables.
        with django_assert_num_queries(5):
            carol.get(in_area("trends"))


class TestNoSubtraction:
    def test_a_meeting_too_small_changes_no_sum(self, as_, partnership):
        met(partnership, "2025-05-04", (6, 2, 1), slips=9)
        keep_standings(partnership.pk)
        before = rows_of(as_("carol").get(in_area("trends")))
        met(partnership, "2025-06-04", slips=4)
        keep_standings(partnership.pk)
        after = rows_of(as_("carol").get(in_area("trends")))
        assert after == [row | {"meetings": "2"} for row in before]


class TestPages:
    def test_offer_each_file_and_say_what_it_is(self, as_, partnership):
        met(partnership, "2025-05-04")
        for who, page, slug, of in (
            ("bob", "/partnerships/growth/data/", "growth", "partnership_data"),
            ("carol", "/areas/derry/data/", "derry", "area_data"),
        ):
            response = as_(who).get(page)
            for name in ("tables", "trends"):
                for kind in ("csv", "ods", "json"):
                    assert f'href="{address(name, kind, of=of, slug=slug)}"' in response.content.decode()
            assert "1 meeting was scored. The files hold what the pages show" in text_of(response)
            assert 'href="/data/"' in response.content.decode()
            assert 'href="/account/spreadsheets/"' in response.content.decode()

    def test_say_that_nothing_was_scored(self, as_):
        assert "No meeting has been scored yet" in text_of(as_("bob").get("/partnerships/growth/data/"))
