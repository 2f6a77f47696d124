"""Tables that were kept on paper: put in from a sheet, shown as what they are, and removed again."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coprod.common.sheets import MOST_BYTES
from feedback.models import Round, SingleUseCode, Standing, Table
from feedback.trends.history import History
from feedback.trends.sums import MeetingsSum
from partnerships.models import Action, Entry, Meeting
from tests.actors.phones import all_, collate, open_, score, text_of
from tests.factories import AgendaItemFactory, MeetingFactory, PartnershipFactory
from tests.helpers.paper_tables import (
    BY_MEETING,
    COUNTS,
    HEAD,
    TALLIES,
    TEXTS,
    URL,
    agree,
    details,
    problems,
    put_in,
    row_of,
    rows_of,
    shown,
    summary,
)
from tests.helpers.sheet_files import ods, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_day")]
DAY = datetime.date(2019, 6, 27)
AVERAGES = ("2.57", "2.29", "2.86", "2.21", "2.5", "2.43", "2.42")
AVERAGE_ROWS = ["Date;Statement;Average;Slips", f"27/06/2019;{TEXTS[0]};2.57;14"] + [
    f"27/06/2019;{text};{average}" for text, average in zip(TEXTS[1:], AVERAGES[1:], strict=True)
]


@pytest.fixture
def _on_a_day():
    with time_machine.travel("2026-11-26 12:00", tick=False):
        yield


@pytest.fixture
def carol(as_):
    return as_("carol")


def upload(client, partnership, data: bytes):
    return client.post(URL, {"file": SimpleUploadedFile("tables", data), "partnership": partnership.pk})


def the_table(**which):
    return Table.objects.get(**which)


def acts() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("act", "detail"))


class TestWhatWouldHappen:
    def test_is_shown_table_by_table_and_nothing_is_saved(self, carol, partnership):
        page = shown(carol, partnership, HEAD, *rows_of())
        assert page.status_code == 200
        assert summary(page) == ["27 Jun 2019 New 14 18 17.3"]
        assert details(page)[0][:2] == [
            ["We are working well together", "9", "4", "1", "0", "2.57"],
            ["We are sticking to our agenda", "6", "6", "2", "0", "2.29"],
        ]
        assert details(page)[0][6] == ["Overall, we are implementing our TOGETHER Charter", "6", "5", "1", "2", "2.42"]
        assert "This will happen: 1 new table. Nothing is saved yet." in text_of(page)
        assert (Table.objects.count(), Meeting.objects.count()) == (0, 0)

    def test_happens_once_agreed(self, carol, cast, partnership):
        response = agree(carol, shown(carol, partnership, HEAD, *rows_of()))
        assert "Put in: 1 new table." in text_of(response)
        assert response.redirect_chain == [("/partnerships/growth/trends/", 302)]
        table = the_table()
        assert (table.slips, table.present, table.threshold, table.tallies) == (14, 18, 5, TALLIES)
        assert (table.imported_on, table.measures, table.comments) == (datetime.date(2026, 11, 26), None, {})
        assert (table.round.stage, table.round.threshold) == ("collated", 5)
        meeting = table.round.meeting
        assert (meeting.partnership, meeting.date, meeting.present) == (partnership, DAY, 18)
        assert acts() == [("tables_imported", "1 new table")]
        assert Entry.objects.get().by == cast.carol

    def test_of_the_same_sheet_again_is_nothing(self, carol, partnership):
        put_in(carol, partnership, HEAD, *rows_of())
        before = list(Table.objects.values())
        page = shown(carol, partnership, HEAD, *rows_of())
        assert summary(page) == ["27 Jun 2019 As it is 14 18 17.3"]
        assert "All of this is here already. There is nothing to put in." in text_of(page)
        assert b'name="agreed"' not in page.content
        page = shown(carol, partnership, HEAD, *rows_of(), agreed="x")
        assert "Nothing was put in: things have changed since you looked." in text_of(page)
        assert (list(Table.objects.values()), len(acts())) == (before, 1)

    def test_does_not_happen_if_somebody_else_was_faster(self, carol, partnership):
        page = shown(carol, partnership, HEAD, *rows_of())
        put_in(carol, partnership, HEAD, *rows_of(slips=15))
        again = agree(carol, page)
        assert "Nothing was put in: things have changed since you looked. Look again." in text_of(again)
        assert summary(again)[0].startswith("27 Jun 2019 Changed 14 18 17.3 Replaces the table that was put in on ")
        assert Table.objects.get().slips == 15

    def test_of_other_figures_replaces_what_was_put_in_earlier(self, as_, partnership):
        first = put_in(as_("carol"), partnership, HEAD, *rows_of())[0]
        with time_machine.travel("2026-12-01 12:00"):
            carol = as_("carol")
            page = shown(carol, partnership, HEAD, *rows_of(present=20), *rows_of(date="2019-09-12"))
            assert summary(page) == [
                "27 Jun 2019 Changed 14 20 17.3 "
                "Replaces the table that was put in on 26 November 2026: 14 slips, average total 17.3.",
                "12 Sep 2019 New 14 18 17.3",
            ]
            assert "Put in: 1 new table, 1 changed." in text_of(agree(carol, page))
        table = the_table(pk=first.pk)
        assert (table.present, table.imported_on) == (20, datetime.date(2026, 12, 1))
        assert (table.round.meeting.present, Table.objects.count()) == (18, 2)

    def test_says_of_a_table_too_small_to_show_that_it_is_replaced(self, carol, partnership):
        put_in(carol, partnership, BY_MEETING, row_of(slips=4, present="", counts=[("", "", "")] * 7))
        page = shown(carol, partnership, HEAD, *rows_of())
        assert "Replaces the table that was put in on 26 November 2026: 4 slips, average total –." in summary(page)[0]
        agree(carol, page)
        assert Table.objects.get().tallies == TALLIES

    def test_asks_no_more_queries_for_more_tables(self, carol, partnership):
        def asked(*days: str) -> tuple[int, int]:
            rows = [row for day in days for row in rows_of(date=day)]
            with CaptureQueriesContext(connection) as looking:
                page = shown(carol, partnership, HEAD, *rows)
            with CaptureQueriesContext(connection) as doing:
                agree(carol, page)
            return len(looking), len(doing)

        assert asked("2018-01-01") == asked("2018-02-01", "2018-03-01", "2018-04-01", "2018-05-01")
        assert Table.objects.count() == 5

    def test_of_many_meetings_is_one_line_each(self, carol, partnership):
        days = [(datetime.date(2003, 1, 1) + datetime.timedelta(days=30 * n)).isoformat() for n in range(285)]
        page = shown(carol, partnership, HEAD, *[row for day in days for row in rows_of(date=day)])
        assert (len(summary(page)), len(details(page))) == (285, 285)
        assert "Put in: 285 new tables." in text_of(agree(carol, page))
        assert Table.objects.count() == Standing.objects.count() == Round.objects.count() == 285

    def test_sets_how_each_meeting_stands_anew(self, carol, partnership):
        days = [f"2019-{month:02}-01" for month in range(1, 13)]
        put_in(carol, partnership, HEAD, *[row for day in days for row in rows_of(date=day)])
        standings = Standing.objects.order_by("table__round__meeting__date")
        assert [each.verdicts["total"][0] for each in standings] == list(range(1, 13))


class TestWhoseTables:
    def test_are_named_by_a_column(self, carol, partnership):
        PartnershipFactory(area=partnership.area, name="Arts Panel")
        rows = [f"{row};strategic growth PARTNERSHIP" for row in (row_of(), row_of(date="28/06/2019"))]
        page = shown(carol, None, f"{BY_MEETING};Group", f"{row_of(date='1/7/2019')};Arts Panel", *rows)
        assert summary(page) == [
            "1 Jul 2019 Arts Panel New 14 18 17.3",
            "27 Jun 2019 Strategic Growth Partnership New 14 18 17.3",
            "28 Jun 2019 Strategic Growth Partnership New 14 18 17.3",
        ]
        response = agree(carol, page)
        assert response.redirect_chain == [("/areas/derry/trends/", 302)]
        assert [str(table.round.meeting) for table in Table.objects.order_by("round__meeting__date")] == [
            "Strategic Growth Partnership, 27 June 2019",
            "Strategic Growth Partnership, 28 June 2019",
            "Arts Panel, 1 July 2019",
        ]

    def test_may_be_chosen_for_all_rows(self, carol, partnership):
        page = carol.get(f"{URL}?partnership={partnership.pk}")
        assert f'<option value="{partnership.pk}" selected>' in page.content.decode()
        assert f'<a href="{partnership.get_absolute_url()}" class="govuk-back-link">' in page.content.decode()
        page = shown(carol, partnership, f"{BY_MEETING};Group", f"{row_of()};Elsewhere")
        assert "Columns that are not used: Group." in text_of(page)

    @pytest.mark.parametrize("which", ["", "x", "0"])
    def test_are_not_chosen_by_an_address_that_names_none_of_the_area(self, carol, partnership, which):
        page = carol.get(f"{URL}?partnership={which or PartnershipFactory().pk}").content.decode()
        assert '<a href="/areas/derry/" class="govuk-back-link">' in page
        assert '<option value="" selected>' in page

    def test_of_another_area_are_as_if_there_were_none(self, carol, partnership):
        PartnershipFactory(name="Elsewhere")
        page = shown(carol, None, f"{BY_MEETING};Partnership", f"{row_of()};Elsewhere")
        assert problems(page) == ["Row 2: No partnership here is called “Elsewhere”."]


class TestHowTheyAreWritten:
    @pytest.mark.parametrize("kind", ["statements", "meetings", "averages"])
    def test_the_examples_can_be_put_in(self, carol, partnership, kind):
        example = carol.get(f"{URL}{kind}.csv")
        assert example.headers["Content-Disposition"] == f'attachment; filename="old-tables-{kind}.csv"'
        page = upload(carol, partnership, example.content)
        assert summary(page)[0].startswith("27 Jun 2019 New 14 18 17.3")

    def test_no_other_example_is_there(self, carol):
        assert carol.get(f"{URL}others.csv").status_code == 404

    def test_the_examples_are_linked(self, carol):
        page = carol.get(URL).content.decode()
        assert all(f'href="{URL}{kind}.csv"' in page for kind in ("statements", "meetings", "averages"))

    @pytest.mark.parametrize(
        "head",
        [
            HEAD.lower(),
            "Date of meeting;STATEMENT;Y;NI;N;Responses;Attendance",
            "Meeting date;Question;Yes – 3 points;Needs Improvement (2 points);No – 1 point;Number of slips;Attended",
        ],
    )
    def test_columns_are_known_by_many_names(self, carol, partnership, head):
        assert put_in(carol, partnership, head, *rows_of())[0].tallies == TALLIES

    @pytest.mark.parametrize(
        "names",
        [
            [str(n) for n in range(1, 8)],
            [f"{n}." for n in range(1, 8)],
            [f"Statement {n}" for n in range(1, 8)],
            ["together", "AGENDA", "respect", "decisions", "frank", "achieving", "charter"],
            [f"{n}) {text.upper()}" for n, text in enumerate(TEXTS, 1)],
            [text.replace(" ", "  ").replace("a", "á") + "!" for text in TEXTS],
        ],
    )
    @pytest.mark.parametrize("layout", ["rows", "columns"])
    def test_statements_are_known_by_number_key_and_words(self, carol, partnership, names, layout):
        if layout == "rows":
            lines = [HEAD, *(f"27/06/2019;{n};{y};{i};{o};14;18" for n, (y, i, o) in zip(names, COUNTS, strict=True))]
        else:
            heads = [f"{name} {option}" for name in names for option in ("Yes", "NI", "No")]
            lines = [";".join(["Date", "Slips", "Present", *heads]), row_of()]
        assert put_in(carol, partnership, *lines)[0].tallies == TALLIES

    @pytest.mark.parametrize(
        "date",
        [
            "2019-06-27",
            "2019-06-27 19:30",
            "2019-6-27T19:30:00",
            "27/06/2019",
            "27/6/2019 19:30",
            "27.6.2019",
            "27-06-2019",
            "27 June 2019",
            "27 Jun 2019",
            "27th JUNE, 2019",
            "Thursday 27 June 2019",
        ],
    )
    def test_dates_are_read_the_day_before_the_month(self, carol, partnership, date):
        assert put_in(carol, partnership, BY_MEETING, row_of(date=date))[0].round.meeting.date == DAY

    def test_one_day_in_two_ways_is_one_meeting(self, carol, partnership):
        rows = rows_of()
        rows[1] = rows[1].replace("27/06/2019", "2019-06-27")
        assert len(put_in(carol, partnership, HEAD, *rows)) == 1

    def test_a_blank_cell_is_nobody_and_other_columns_are_named(self, carol, partnership):
        page = shown(carol, partnership, f"{HEAD};Blank;Total", "27/06/2019;1;14;;;14;;0;42")
        assert "Columns that are not used: Blank, Total." in text_of(page)
        assert details(page)[0][0] == [TEXTS[0], "14", "0", "0", "0", "3.00"]

    def test_a_whole_table_may_be_copied_with_its_averages(self, carol, partnership):
        page = shown(carol, partnership, "Date;Statement;Yes;NI;No;Average;Slips", "27/06/2019;1;9;4;1;2.6;14")
        assert details(page)[0][0] == [TEXTS[0], "9", "4", "1", "0", "2.57"]

    def test_percentages_beside_counts_are_not_used(self, carol, partnership):
        head = "Date;Statement;Yes;Yes %;NI;NI %;No;No %;Slips"
        page = shown(carol, partnership, head, "27/06/2019;1;9;64;4;29;1;7;14")
        assert "Columns that are not used: Yes %, NI %, No %." in text_of(page)
        assert details(page)[0][0] == [TEXTS[0], "9", "4", "1", "0", "2.57"]

    def test_ods_is_read(self, carol, partnership):
        page = upload(carol, partnership, ods([line.split(";") for line in (HEAD, *rows_of())]))
        assert summary(page) == ["27 Jun 2019 New 14 18 17.3"]

    def test_xlsx_is_read_with_its_dates_numbers_and_percentages(self, carol, partnership):
        rows: list[list[object]] = [["Date", "Statement", "Yes", "NI", "No", "Slips"], [DAY, 1, 0.465, 0.4, 0.135, 14]]
        page = upload(carol, partnership, xlsx(rows, A2="dd/mm/yyyy", C2="0%", D2="0.0%", E2='0.0"x"%'))
        assert details(page)[0][0] == [TEXTS[0], "47%", "40%", "14%", "–", "2.33"]

    def test_hostile_text_is_shown_as_text(self, carol, partnership):
        page = shown(carol, partnership, f"{HEAD};<script>", "27/06/2019;<script>alert(1)</script>;=cmd;1;1;14;18")
        assert b"<script>alert" not in page.content
        assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page.content


class TestAveragesAndPercentages:
    def test_averages_are_stored_as_they_are(self, carol, partnership):
        page = shown(carol, partnership, *AVERAGE_ROWS)
        assert summary(page) == ["27 Jun 2019 New 14 – 17.3 Averages alone: shown, but in no sum."]
        assert details(page)[0][0] == [TEXTS[0], "–", "–", "–", "–", "2.57"]
        agree(carol, page)
        table = the_table()
        assert (table.slips, table.present, table.tallies, table.comments) == (14, None, None, {})
        assert table.measures["together"] == {"average": "2.57"}
        assert summary(shown(carol, partnership, *AVERAGE_ROWS))[0].startswith("27 Jun 2019 As it is 14 – 17.3")

    def test_averages_of_one_row_a_meeting(self, carol, partnership):
        head = ";".join(["Date;Slips", *(f"{n} average" for n in range(1, 8))])
        table = put_in(carol, partnership, head, "27/06/2019;14;2,40;2,4;2.0;3;1;2;2")[0]
        assert [table.measures[key]["average"] for key in TALLIES] == ["2.4", "2.4", "2", "3", "1", "2", "2"]

    @pytest.mark.parametrize(
        ("head", "row"),
        [
            ("Yes;NI;No", "46,5 %;40%;13.5%"),
            ("Yes %;NI (percent);No per cent", "46.5;40;13,5%"),
        ],
    )
    def test_percentages_are_shown_as_such(self, carol, partnership, head, row):
        page = shown(carol, partnership, f"Date;Statement;{head};Slips", f"27/06/2019;1;{row};14")
        assert details(page)[0][0] == [TEXTS[0], "47%", "40%", "14%", "–", "2.33"]
        assert "Percentages alone: shown, but in no sum." in summary(page)[0]
        agree(carol, page)
        assert Table.objects.get().measures == {"together": {"yes": "46.5", "ni": "40", "no": "13.5"}}

    def test_all_of_one_answer_needs_one_percentage(self, carol, partnership):
        page = shown(carol, partnership, "Date;Statement;Yes;NI;No;Average;Slips", "27/06/2019;1;100%;0;;3;14")
        assert details(page)[0][0] == [TEXTS[0], "100%", "0%", "0%", "–", "3.00"]

    def test_are_in_no_sum_but_on_the_line(self, carol, partnership):
        put_in(carol, partnership, *AVERAGE_ROWS)
        put_in(carol, partnership, HEAD, *rows_of(date="2019-09-12", slips=20, present=""))
        history = History.of(partnership)
        year = history.all_years
        assert (year.slips, year.without_counts, year.imported) == (20, 1, 2)
        assert year.tabulation == MeetingsSum(history.tables[1:]).tabulation
        assert [len(each.plotted) for each in history.series.values()] == [2] * 8


class TestSmallNumbers:
    def test_too_few_slips_leave_the_two_numbers_alone(self, carol, partnership):
        few = [(2, 1, 1)] * 7
        page = shown(carol, partnership, HEAD, *rows_of(slips=4, present=9, counts=few))
        assert summary(page) == [
            "27 Jun 2019 New 4 9 – Too small to show: fewer than 5 slips. The two numbers alone are kept."
        ]
        assert details(page) == []
        agree(carol, page)
        table = the_table()
        assert (table.slips, table.present, table.tallies, table.measures, table.comments) == (4, 9, None, None, None)
        assert summary(shown(carol, partnership, HEAD, *rows_of(slips=4, present=9, counts=few)))[0][12:19] == "As it i"

    def test_too_few_answers_hide_a_statement(self, carol, partnership):
        counts = ((2, 1, 1), *COUNTS[1:])
        page = shown(carol, partnership, HEAD, *rows_of(counts=counts))
        assert summary(page) == [
            "27 Jun 2019 New 14 18 – Hidden, because fewer than 5 people answered: “We are working well together”."
        ]
        assert details(page)[0][0] == [TEXTS[0], "–", "–", "–", "–", "–"]
        agree(carol, page)
        assert set(the_table().tallies) == set(list(TALLIES)[1:])

    def test_the_partnerships_own_threshold_counts_as_it_was_when_they_were_put_in(self, carol, partnership):
        partnership.threshold = 3
        partnership.save()
        few = [(2, 1, 1)] * 7
        assert put_in(carol, partnership, HEAD, *rows_of(slips=4, counts=few))[0].threshold == 3
        partnership.threshold = 5
        partnership.save()
        assert summary(shown(carol, partnership, HEAD, *rows_of(slips=4, counts=few)))[0].startswith(
            "27 Jun 2019 As it is 4 18 15.8"
        )

    def test_statements_that_are_not_given_are_left_out_and_named(self, carol, partnership):
        counts = [*COUNTS[:5], ("", "", ""), ("", "", "")]
        page = shown(carol, partnership, BY_MEETING, row_of(counts=counts))
        assert summary(page) == [
            "27 Jun 2019 New 14 18 – Left out, because the rows do not give it: "
            "“We are gradually achieving what we set out to do”, “Overall, we are implementing our TOGETHER Charter”."
        ]
        agree(carol, page)
        assert set(the_table().tallies) == set(list(TALLIES)[:5])


class TestAMeetingThatIsHereAlready:
    def test_gets_the_table(self, carol, partnership):
        meeting = MeetingFactory(partnership=partnership, date=DAY, present=None)
        page = shown(carol, partnership, HEAD, *rows_of())
        assert summary(page) == ["27 Jun 2019 New 14 18 17.3 It is put to the meeting that is here already."]
        agree(carol, page)
        meeting.refresh_from_db()
        assert (Meeting.objects.count(), meeting.present, meeting.round.table.tallies) == (1, 18, TALLIES)
        assert (meeting.round.stage, meeting.round.threshold) == ("collated", 5)

    def test_keeps_its_own_number_of_people(self, carol, partnership):
        meeting = MeetingFactory(partnership=partnership, date=DAY, present=21)
        put_in(carol, partnership, HEAD, *rows_of())
        meeting.refresh_from_db()
        assert (meeting.present, meeting.round.table.present) == (21, 18)

    def test_loses_codes_that_were_printed_and_never_used(self, carol, partnership):
        meeting = MeetingFactory(partnership=partnership, date=DAY)
        Round.objects.update(uses_codes=True)
        SingleUseCode.objects.create(round=meeting.round, code_hash=b"x")
        put_in(carol, partnership, HEAD, *rows_of())
        assert not SingleUseCode.objects.exists()

    def test_whose_scoring_ended_without_a_table_gets_one_too(self, carol, partnership):
        MeetingFactory(partnership=partnership, date=DAY)
        Round.objects.update(stage="ended", opened_at="2019-06-27 12:00Z", threshold=4)
        assert put_in(carol, partnership, HEAD, *rows_of())[0].threshold == 4

    def test_and_was_called_off_is_passed_over_for_one_that_took_place(self, carol, partnership):
        MeetingFactory(partnership=partnership, date=DAY, called_off_on=DAY)
        took_place = MeetingFactory(partnership=partnership, date=DAY)
        assert put_in(carol, partnership, HEAD, *rows_of())[0].round.meeting == took_place


class TestATableThatWasCollatedHere:
    @pytest.fixture
    def round(self, partnership):
        with time_machine.travel("2019-06-27 12:00"):
            round = MeetingFactory(partnership=partnership, date=DAY, present=8).round
            score(open_(round), *[all_("yes")] * 6)
            collate(round)
        return round

    @pytest.mark.parametrize("present", ["", 8])
    def test_stays_as_it_is_where_the_figures_are_the_same(self, carol, partnership, round, present):
        page = shown(carol, partnership, HEAD, *rows_of(slips=6, present=present, counts=[(6, 0, 0)] * 7))
        assert summary(page) == ["27 Jun 2019 As it is 6 8 21.0 It was collated here."]
        assert b'name="agreed"' not in page.content

    def test_is_never_replaced(self, carol, partnership, round):
        page = shown(carol, partnership, HEAD, *rows_of(slips=6, present=8, counts=[(5, 1, 0)] * 7))
        assert page.status_code == 422
        assert problems(page) == [
            "Row 2: A table of that day was collated here, with other figures: it is not replaced."
        ]

    def test_cannot_be_removed(self, carol, round):
        page = carol.post(round.address("remove_table"), follow=True)
        assert "Nothing was removed: only a table that was kept on paper can be." in text_of(page)
        assert Table.objects.count() == 1
        assert "Remove this table" not in text_of(page)
        assert "kept on paper, put in" not in text_of(page)


class TestShown:
    def test_on_its_page(self, carol, partnership):
        table = put_in(carol, partnership, HEAD, *rows_of())[0]
        page = text_of(carol.get(table.round.address("table")))
        assert "From a table that was kept on paper, put in on 26 November 2026. Slips: 14" in page
        assert "Total points: 237 of 288" in page
        assert "Comments and suggestions" not in page
        assert "PDF without comments" not in page
        assert "A dash:" not in page

    def test_on_its_page_where_a_statement_is_left_out(self, carol, partnership):
        table = put_in(carol, partnership, BY_MEETING, row_of(counts=[*COUNTS[:6], ("", "", "")]))[0]
        page = text_of(carol.get(table.round.address("table")))
        assert "A dash: fewer than 5 people answered this statement, or the paper does not give it." in page

    def test_with_averages_alone(self, carol, partnership):
        table = put_in(carol, partnership, *AVERAGE_ROWS)[0]
        page = text_of(carol.get(table.round.address("table")))
        assert "put in on 26 November 2026. Only averages are known: they are in no sum." in page
        assert "We are working well together – – – – – 2.57" in page
        assert "TOTAL SCORE – – – – – 17.28" in page
        assert "A dash: the paper does not say." in page
        assert "Total points" not in page

    def test_with_percentages_alone(self, carol, partnership):
        rows = [f"27/06/2019;{n};50%;30%;20%;14" for n in range(1, 8)]
        table = put_in(carol, partnership, "Date;Statement;Yes;NI;No;Slips", *rows)[0]
        page = text_of(carol.get(table.round.address("table")))
        assert "Only percentages are known: they are in no sum." in page
        assert "We are working well together 50% 30% 20% – – 2.30" in page

    def test_with_too_few_slips(self, carol, partnership):
        table = put_in(carol, partnership, HEAD, *rows_of(slips=4, counts=[(2, 1, 1)] * 7))[0]
        page = text_of(carol.get(table.round.address("table")))
        assert "put in on 26 November 2026. 4 slips: too few to show without giving someone away." in page

    @pytest.mark.parametrize("rows", [[HEAD, *rows_of()], AVERAGE_ROWS])
    def test_in_its_pdf_and_on_the_next_agenda(self, carol, partnership, rows):
        table = put_in(carol, partnership, *rows)[0]
        later = MeetingFactory(partnership=partnership, date=datetime.date(2026, 12, 3))
        for name, meeting in (("table_pdf", table.round.meeting), ("agenda_pdf", later)):
            response = carol.get(meeting.round.address(name))
            assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")

    def test_in_lists_and_at_the_desk(self, carol, partnership):
        table = put_in(carol, partnership, HEAD, *rows_of())[0]
        meeting = table.round.meeting
        assert "Its table was kept on paper." in text_of(carol.get(meeting.get_absolute_url()))
        assert "Its table was kept on paper." in text_of(carol.get(partnership.get_absolute_url()))
        assert "From a table that was kept on paper" in text_of(carol.get(table.round.address("desk")))

    @pytest.mark.parametrize("rows", [[HEAD, *rows_of(date="2026-06-27")], AVERAGE_ROWS])
    def test_in_the_pack_of_its_year(self, carol, partnership, rows):
        rows = [row.replace("27/06/2019", "2026-06-27") for row in rows]
        put_in(carol, partnership, *rows)
        page = text_of(carol.get("/partnerships/growth/years/2026/pack/"))
        assert "From a table that was kept on paper, put in on 26 November 2026." in page


class TestRemoving:
    def test_is_asked_first(self, carol, partnership):
        table = put_in(carol, partnership, HEAD, *rows_of())[0]
        address = table.round.address("remove_table")
        assert f'href="{address}"' in carol.get(table.round.address("table")).content.decode()
        assert "Remove the table of 27 June 2019?" in text_of(carol.get(address))
        assert Table.objects.count() == 1

    def test_takes_the_meeting_along_of_which_nothing_else_is_known(self, carol, cast, partnership):
        put_in(carol, partnership, HEAD, *rows_of(date="2019-01-10"))
        table = put_in(carol, partnership, HEAD, *rows_of())[-1]
        page = carol.post(table.round.address("remove_table"), follow=True)
        assert "The table is removed." in text_of(page)
        assert [str(meeting.date) for meeting in Meeting.objects.all()] == ["2019-01-10"]
        assert [each.verdicts["total"][0] for each in Standing.objects.all()] == [1]
        entry = Entry.objects.get(act="table_removed")
        assert (entry.by, entry.partnership, entry.detail) == (cast.carol, partnership, "27 June 2019")

    @pytest.mark.parametrize("known", ["venue", "item", "action"])
    def test_leaves_a_meeting_of_which_something_is_known(self, carol, partnership, known):
        table = put_in(carol, partnership, HEAD, *rows_of())[0]
        meeting = Meeting.objects.get()
        if known == "venue":
            Meeting.objects.update(venue="The Guildhall")
        elif known == "item":
            AgendaItemFactory(meeting=meeting)
        else:
            Action.objects.create(meeting=meeting, decided="Ask the bus users")
        carol.post(table.round.address("remove_table"))
        round = Round.objects.get(pk=table.round_id)
        assert (round.stage, round.opened_at, round.threshold) == ("planned", None, None)
        assert put_in(carol, partnership, HEAD, *rows_of())[0].round == round

    def test_twice_is_once(self, carol, partnership):
        table = put_in(carol, partnership, HEAD, *rows_of())[0]
        Meeting.objects.update(venue="The Guildhall")
        carol.post(table.round.address("remove_table"))
        page = carol.post(table.round.address("remove_table"), follow=True)
        assert "Nothing was removed" in text_of(page)
        assert Entry.objects.filter(act="table_removed").count() == 1

    def test_is_for_coordinators(self, as_, carol, partnership):
        round = put_in(carol, partnership, HEAD, *rows_of())[0].round
        answers = [as_(who).post(round.address("remove_table")).status_code for who in ("alice", "eve")]
        assert answers == [403, 404]
        assert "Remove this table" not in text_of(as_("alice").get(round.address("table")))


def test_a_file_that_is_too_large_is_refused_in_words(carol, partnership):
    page = upload(carol, partnership, b"x" * (MOST_BYTES + 1))
    assert problems(page) == ["This file is too large. Leave out what is not about the tables, or split it."]
