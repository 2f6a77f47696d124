"""The trends of one partnership: its years, what really changed, and the same as a PDF."""

import datetime

import pytest
import time_machine

from feedback.models import ChartNote
from feedback.trends.standings import keep_standings
from partnerships.models import Partnership
from tests.actors.phones import text_of
from tests.factories import PartnershipFactory
from tests.feedback.rounds.test_printing import hear, read
from tests.helpers.histories import CHANGED, STEADY, from_paper, monthly
from tests.helpers.tables import tables_of
from tests.helpers.years import met

PAGE, PDF = "/partnerships/growth/trends/", "/partnerships/growth/trends.pdf"
YEAR, MEETINGS, YEARS, CHANGES = (
    "The year in figures",
    "Averages of each meeting",
    "The years in figures",
    "Change of each statement",
)
FIGURES = "The figures of this chart"
CLOSE = "one of two in three meetings running that come close to the same limit"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def bob(as_):
    return as_("bob")


class TestAYear:
    def test_stands_beside_the_year_before(self, bob, partnership):
        monthly(partnership, [(4, 2, 0), (2, 2, 1)], first="2026-04-10")
        monthly(partnership, [(3, 3, 0)], first="2025-04-10")
        page = bob.get(PAGE)
        head, first, *_more, total = tables_of(page)[YEAR]
        assert head == ["Statement", "Yes Y", "Needs Improvement NI", "No N", "Blank", "Average", "Average 2025/26"]
        assert first == ["We are working well together", "6 55%", "4 36%", "1 9%", "1", "2.45", "2.50"]
        assert total == ["TOTAL SCORE", "42", "28", "7", "7", "17.18", "17.50"]
        text = text_of(page)
        assert "Meetings summed: 2 (2025/26: 1)" in text
        assert "Slips: 12 (6)" in text
        assert "Response: slips of people present: 46% (46%)" in text
        assert "Average total score: 17.2 (17.5)" in text

    def test_begins_in_the_partnerships_own_month(self, bob, partnership):
        Partnership.objects.update(year_start_month=9)
        met(partnership, "2025-08-31", (6, 0, 0))
        met(partnership, "2025-09-01", (0, 6, 0))
        assert [row[:3] for row in tables_of(bob.get(PAGE))[YEARS][1:]] == [
            ["2025/26", "1", "6"],
            ["2024/25", "1", "6"],
        ]

    def test_can_be_chosen_and_is_else_the_latest_with_a_table(self, bob, partnership):
        monthly(partnership, STEADY, first="2024-04-10")
        assert "The year 2024/25" in text_of(bob.get(PAGE))
        page = bob.get(PAGE, {"year": "2026"})
        assert "The year 2026/27 No meeting of this year has a table with figures." in text_of(page)
        assert "None of them has a table with figures." in text_of(page)

    def test_all_years_are_one_sum_with_nothing_beside_it(self, bob, partnership):
        monthly(partnership, [(4, 2, 0)], first="2026-04-10")
        monthly(partnership, [(3, 3, 0)], first="2025-04-10")
        page = bob.get(PAGE, {"year": "all"})
        head, first, *_more = tables_of(page)[YEAR]
        assert head == ["Statement", "Yes Y", "Needs Improvement NI", "No N", "Blank", "Average"]
        assert first == ["We are working well together", "7 58%", "5 42%", "0 0%", "0", "2.58"]
        assert [row[0] for row in tables_of(page)[MEETINGS][1:]] == ["10 April 2026", "10 April 2025"]

    @pytest.mark.parametrize("asked", ["year=1999", "year=02026", "year=x", "statement=cake", "statement=<b>"])
    def test_what_there_is_not_is_not_found(self, bob, partnership, asked):
        met(partnership, "2026-04-10")
        assert bob.get(f"{PAGE}?{asked}").status_code == 404

    def test_has_every_meeting_with_a_link_to_its_table(self, bob, partnership):
        (meeting,) = monthly(partnership, [(4, 2, 0)], first="2026-04-10")
        page = bob.get(PAGE)
        assert tables_of(page)[MEETINGS][1] == ["10 April 2026", "6", "13", *["2.67"] * 7, "18.67"]
        assert f'href="/partnerships/growth/meetings/{meeting.pk}/feedback/table/"' in page.content.decode()

    def test_a_hidden_statement_is_a_dash_and_no_total_is_made_up(self, bob, partnership):
        met(partnership, "2026-04-10", {"together": (6, 0, 0)})
        page = bob.get(PAGE)
        assert tables_of(page)[MEETINGS][1] == ["10 April 2026", "6", "13", "3.00", *["–"] * 7]
        assert tables_of(page)[YEAR][2] == ["We are sticking to our agenda", *["–"] * 6]

    def test_too_few_slips_are_counted_and_in_no_sum(self, bob, partnership):
        met(partnership, "2026-04-10", (4, 2, 0))
        met(partnership, "2026-05-10", slips=3)
        page = bob.get(PAGE)
        assert "1 meeting had too few slips to show and is in no sum." in text_of(page)
        assert tables_of(page)[YEARS][1][:4] == ["2026/27", "1", "6", "46%"]

    def test_present_is_zero_or_not_known(self, bob, partnership):
        meeting = met(partnership, "2026-04-10", (4, 2, 0))
        meeting.round.table.__class__.objects.update(present=None)
        page = bob.get(PAGE)
        assert tables_of(page)[MEETINGS][1][:3] == ["10 April 2026", "6", "–"]
        assert "Response: slips of people present: – (–)" in text_of(page)


class TestWhatReallyChanged:
    def test_is_said_in_words_with_the_day_on_which_it_began(self, bob, partnership):
        monthly(partnership, CHANGED)
        page = bob.get(PAGE)
        assert tables_of(page)[CHANGES][1] == [
            "We are working well together",
            f"Real improvement since 10 December 2024 {CLOSE}",
        ]
        assert "Real improvement since 10 December 2024 : We are working well together; We are" in text_of(page)

    def test_of_a_year_long_past_is_what_was_known_at_its_end(self, bob, partnership):
        monthly(partnership, CHANGED)
        page = bob.get(PAGE, {"year": "2024"})
        assert "Here is what was known by 31 March 2025." in text_of(page)
        assert tables_of(page)[FIGURES][1][0] == "10 March 2025"
        early = bob.get(PAGE, {"year": "2023"})
        assert tables_of(early)[CHANGES][1][1] == "Too soon to tell: 0 of 10 meetings"
        assert "2025/26" in text_of(early)

    def test_the_ups_and_downs_are_no_change(self, bob, partnership):
        monthly(partnership, STEADY * 4)
        page = bob.get(PAGE)
        assert "Nothing: the ups and downs are what is usual here." in text_of(page)
        assert {row[1] for row in tables_of(page)[CHANGES][1:]} == {
            "No real change: the ups and downs are what is usual here"
        }

    def test_with_fewer_than_ten_meetings_it_is_too_soon_to_tell(self, bob, partnership):
        monthly(partnership, [(0, 0, 6)] * 3 + [(6, 0, 0)] * 6)
        page = bob.get(PAGE)
        assert {row[1] for row in tables_of(page)[CHANGES][1:]} == {"Too soon to tell: 9 of 10 meetings"}
        assert "Usual here" not in text_of(page)
        assert "stroke-dasharray" not in page.content.decode()
        assert {row[4] for row in tables_of(page)[FIGURES][1:]} == {"–"}

    def test_from_two_meetings_on_there_is_a_line(self, bob, partnership):
        met(partnership, "2026-04-10", (4, 2, 0))
        page = bob.get(PAGE)
        assert "A chart begins with the second meeting that has a figure here." in text_of(page)
        assert "<svg" not in page.content.decode()
        met(partnership, "2026-05-10", (4, 2, 0))
        assert bob.get(PAGE).content.decode().count("<svg") == 9

    def test_nothing_is_said_of_a_statement_that_no_meeting_shows(self, bob, partnership):
        met(partnership, "2026-04-10", {"together": (6, 0, 0)})
        met(partnership, "2026-05-10", {"together": (6, 0, 0)})
        assert tables_of(bob.get(PAGE))[CHANGES][2][1] == "Too soon to tell: 0 of 10 meetings"


class TestTheLargeChart:
    def test_says_the_same_as_its_table_and_its_sentence(self, bob, partnership):
        monthly(partnership, CHANGED)
        page = bob.get(PAGE, {"statement": "agenda"})
        figures = tables_of(page)[FIGURES]
        assert figures[1] == ["10 June 2025", "6", "13", "3.00", f"up: {CLOSE}"]
        assert figures[-1] == [
            "10 April 2024",
            "6",
            "13",
            "2.33",
            "down: one of seven or more meetings running on the same side of the average",
        ]
        assert (
            "<title>We are sticking to our agenda, average of each meeting: from 2.33 on 10 April 2024 to 3.00 on "
            "10 June 2025. Real improvement since 10 December 2024. "
            "Usual here is 2.29 to 3.00, around an average of 2.67.</title>"
        ) in page.content.decode()
        assert "The chart shows 2.0 to 3.0 of the scale, which begins at 1." in text_of(page)

    def test_shows_the_whole_scale_where_answers_go_that_low(self, bob, partnership):
        monthly(partnership, [(0, 1, 5), (6, 0, 0)])
        assert "The chart shows the whole scale, 1 to 3." in text_of(bob.get(PAGE, {"statement": "agenda"}))

    def test_a_note_is_marked_by_a_letter(self, bob, partnership):
        monthly(partnership, STEADY)
        for day, text in (("2024-05-01", "Maria chairs"), ("2020-01-01", "Before"), ("2026-01-01", "Afterwards")):
            ChartNote.objects.create(partnership=partnership, date=day, kind="chair", text=text)
        page = bob.get(PAGE)
        assert "A 1 May 2024: Another chair: Maria chairs" in text_of(page)
        assert "1 January 2020: Another chair: Before" in text_of(page)
        assert "Afterwards" not in text_of(page)
        assert "1 January 2026: Another chair: Afterwards" in text_of(bob.get(PAGE, {"year": "all"}))

    def test_notes_between_the_same_meetings_share_a_place(self, bob, partnership):
        monthly(partnership, STEADY)
        for day in ("2024-05-01", "2024-05-02"):
            ChartNote.objects.create(partnership=partnership, date=day, kind="other", text=day)
        page = bob.get(PAGE)
        assert ">A, B</text>" in page.content.decode()
        assert "A 1 May 2024: Something else: 2024-05-01 B 2 May 2024:" in text_of(page)

    def test_a_reset_changes_nothing_until_a_meeting_follows(self, bob, partnership):
        monthly(partnership, CHANGED)
        before = tables_of(bob.get(PAGE))[CHANGES]
        ChartNote.objects.create(
            partnership=partnership, date="2025-07-01", kind="working", text="Zoom", resets_limits=True, reason="New"
        )
        page = bob.get(PAGE)
        assert tables_of(page)[CHANGES] == before
        assert "What is usual is worked out anew from here: New" in text_of(page)

    def test_limits_that_held_until_a_reset_say_so(self, bob, partnership):
        monthly(partnership, STEADY * 4)
        ChartNote.objects.create(
            partnership=partnership, date="2025-02-01", kind="working", text="Zoom", resets_limits=True, reason="New"
        )
        page = text_of(bob.get(PAGE, {"statement": "agenda"}))
        assert "Until 10 January 2025 usual was 1.73 to 3.00, around an average of 2.62." in page

    def test_limits_begin_anew_where_they_were_reset(self, bob, partnership):
        monthly(partnership, CHANGED)
        ChartNote.objects.create(
            partnership=partnership,
            date="2024-12-01",
            kind="working",
            text="Small groups",
            resets_limits=True,
            reason="New",
        )
        keep_standings(partnership.pk)
        page = bob.get(PAGE)
        assert {row[1] for row in tables_of(page)[CHANGES][1:]} == {"Too soon to tell: 7 of 10 meetings"}
        assert "What is usual is worked out anew from here: New" in text_of(page)

    def test_a_reset_with_enough_meetings_on_both_sides_has_two_bands(self, bob, partnership):
        monthly(partnership, STEADY * 8, first="2023-04-10")
        ChartNote.objects.create(
            partnership=partnership, date="2024-04-01", kind="place", text="Hall", resets_limits=True, reason="Moved"
        )
        page = bob.get(PAGE).content.decode()
        assert page.count('stroke-dasharray="6 4"') == 4

    def test_a_meeting_with_averages_alone_is_a_ring_and_in_no_sum(self, bob, partnership):
        monthly(partnership, [(4, 2, 0), (4, 2, 0)], first="2026-04-10")
        from_paper(partnership, "2026-06-10", "2.4")
        page = bob.get(PAGE)
        assert page.content.decode().count('fill="#fff" stroke=') == 1
        assert tables_of(page)[MEETINGS][1] == [
            "10 June 2026 from paper, averages alone",
            "12",
            "13",
            *["2.40"] * 7,
            "16.80",
        ]
        assert tables_of(page)[YEARS][1][:3] == ["2026/27", "2", "12"]
        assert (
            "1 table was kept on paper and put in later. Of 1 only averages or percentages are known: it is in no sum."
            in (text_of(page))
        )


class TestThePage:
    def test_without_a_table_says_how_figures_come_about(self, bob, partnership):
        page = text_of(bob.get(PAGE))
        assert "No meeting has a table yet. Score a meeting, and its figures begin here." in page
        assert "kept on paper" not in page

    def test_tells_coordinators_that_paper_can_be_put_in(self, as_, partnership):
        page = as_("carol").get(PAGE)
        assert "Tables that were kept on paper can be put in from a spreadsheet." in text_of(page)
        assert f"/areas/derry/trends/import/?partnership={partnership.pk}" in page.content.decode()

    def test_costs_the_same_for_2_and_for_40_meetings(self, bob, partnership, django_assert_num_queries):
        monthly(partnership, STEADY[:2])
        for _again in range(2):
            with django_assert_num_queries(5):
                bob.get(PAGE)
            monthly(partnership, STEADY * 13, first="2020-04-10")

    def test_meetings_that_were_called_off_or_are_another_partnerships_are_not_there(self, bob, partnership):
        meeting = met(partnership, "2026-04-10", (4, 2, 0))
        meeting.__class__.objects.filter(pk=meeting.pk).update(called_off_on="2026-04-01")
        met(PartnershipFactory(area=partnership.area), "2026-04-10", (4, 2, 0))
        assert "No meeting has a table yet." in text_of(bob.get(PAGE))

    def test_prints_a_hostile_note_as_text(self, bob, partnership):
        monthly(partnership, STEADY)
        ChartNote.objects.create(
            partnership=partnership, date="2024-05-01", kind="other", text="<script>alert(1)</script>"
        )
        assert "<script>alert" not in bob.get(PAGE).content.decode()


class TestThePdf:
    def test_says_what_the_page_says(self, bob, partnership):
        monthly(partnership, CHANGED)
        response = bob.get(PDF, {"year": "2025", "statement": "agenda"})
        assert response.headers["Content-Disposition"] == (
            'inline; filename="strategic-growth-partnership-2025-trends.pdf"'
        )
        text = read(response.content)
        for words in (
            "Trends, year 2025/26",
            "Real improvement since 10 December 2024",
            "10 April 2024",
            "Year by year",
        ):
            assert words in text

    def test_of_all_years_and_without_a_table(self, bob, partnership):
        response = bob.get(PDF, {"year": "all"})
        assert response.headers["Content-Disposition"].endswith('-all-years-trends.pdf"')
        assert "No meeting has a table yet." in read(response.content)

    def test_outloud_finds_no_error(self, bob, partnership, tmp_path):
        monthly(partnership, CHANGED)
        heard = hear(bob.get(PDF).content, tmp_path)
        assert "0 error(s)" in heard, heard
