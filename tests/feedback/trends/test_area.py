"""An area's year: all partnerships beside each other, by name or in their tree, never by a score."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from feedback.models import Round, Table
from feedback.trends.standings import catch_up
from partnerships.models import Area
from tests.actors.phones import text_of
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.histories import CHANGED, STEADY, from_paper, monthly
from tests.helpers.tables import tables_of
from tests.helpers.years import met

PAGE = "/areas/derry/trends/"
EACH, WHOLE = "The partnerships in figures", "The area in figures"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def carol(as_):
    return as_("carol")


@pytest.fixture
def groups(partnership):
    """Below the board a group in Strabane, and one in the Waterside that reports to that."""
    strabane = PartnershipFactory(
        area=partnership.area, name="Strabane", slug="strabane", kind="locality", parent=partnership
    )
    waterside = PartnershipFactory(
        area=partnership.area, name="Waterside", slug="waterside", kind="panel", parent=strabane
    )
    return {"board": partnership, "strabane": strabane, "waterside": waterside}


def names(page) -> list[str]:
    return [row[0] for row in tables_of(page).get(EACH, [])[1:]]


class TestTheLines:
    def test_are_in_the_order_of_names_with_what_there_is_to_say(self, carol, groups):
        met(groups["waterside"], "2026-05-10", (0, 0, 6))
        met(groups["board"], "2025-05-10", (4, 2, 0))
        met(groups["board"], "2026-05-10", (6, 0, 0))
        met(groups["board"], "2026-06-10", (4, 2, 0))
        MeetingFactory(partnership=groups["strabane"], date=datetime.date(2026, 5, 1))
        catch_up()
        head, *lines = tables_of(carol.get(PAGE))[EACH]
        assert head[:5] == [
            "Partnership",
            "What really changed",
            "Meetings scored",
            "Slips",
            "We are working well together",
        ]
        assert lines == [
            ["Strabane Locality group", "Not scored", "0 of 1", "0 –", *["– (–)"] * 7],
            [
                "Strategic Growth Partnership Board",
                "Too soon to tell: 3 of 10 meetings",
                "2 of 2",
                "12 46%",
                *["2.83 (2.67)"] * 7,
            ],
            ["Waterside Panel", "Too soon to tell: 1 of 10 meetings", "1 of 1", "6 46%", *["1.00 (–)"] * 7],
        ]

    def test_count_no_meeting_that_is_being_scored_or_may_be_today(self, carol, partnership):
        met(partnership, "2026-05-10")
        for day, stage in ((10, "open"), (11, "stopped"), (26, "planned"), (27, "planned")):
            meeting = MeetingFactory(partnership=partnership, date=datetime.date(2026, 11, day))
            if stage != "planned":
                Round.objects.filter(meeting=meeting).update(stage=stage, opened_at=timezone.now(), threshold=5)
        assert tables_of(carol.get(PAGE))[EACH][1][2] == "1 of 1"
        assert names(carol.get(PAGE, {"show": "unscored"})) == []

    def test_say_what_really_changed_by_the_years_latest_meeting(self, carol, partnership):
        monthly(partnership, CHANGED)
        (line,) = tables_of(carol.get(PAGE, {"year": "2025"}))[EACH][1:]
        assert line[1].startswith("Real improvement since 10 December 2024: We are working well together; We are")
        (line,) = tables_of(carol.get(PAGE, {"year": "2023"}))[EACH][1:]
        assert line[1:4] == ["No meeting", "0 of 0", "0 –"]

    def test_say_that_nothing_changed(self, carol, partnership):
        monthly(partnership, STEADY * 4, first="2025-12-10")
        (line,) = tables_of(carol.get(PAGE))[EACH][1:]
        assert line[1] == "No real change: the ups and downs are what is usual here"

    def test_lead_down_to_the_partnership_and_from_there_to_the_meeting(self, carol, partnership):
        meeting = met(partnership, "2026-05-10")
        assert 'href="/partnerships/growth/trends/?year=2026"' in carol.get(PAGE).content.decode()
        page = carol.get("/partnerships/growth/trends/?year=2026").content.decode()
        assert f'href="/partnerships/growth/meetings/{meeting.pk}/feedback/table/"' in page

    def test_leave_out_what_is_too_small_and_say_what_is_from_paper(self, carol, partnership):
        met(partnership, "2026-05-10", slips=3)
        from_paper(partnership, "2026-06-10", "2.4")
        page = carol.get(PAGE)
        (line,) = tables_of(page)[EACH][1:]
        assert line == [
            "Strategic Growth Partnership Board",
            "Too soon to tell: 1 of 10 meetings",
            "2 of 2 1 with too few slips 1 from paper",
            "0 –",
            *["– (–)"] * 7,
        ]
        text = text_of(page)
        assert "1 meeting had too few slips to show and is in no sum." in text
        assert (
            "1 table was kept on paper and put in later. Of 1 only averages or percentages are known: it is in no sum."
            in text
        )

    def test_a_table_whose_standing_is_not_worked_out_yet_says_nothing(self, carol, partnership):
        met(partnership, "2026-05-10")
        (line,) = tables_of(carol.get(PAGE))[EACH][1:]
        assert line[1] == "No figure to judge yet"

    def test_too_few_slips_are_not_nothing(self, carol, partnership):
        met(partnership, "2026-05-10", slips=3)
        (line,) = tables_of(carol.get(PAGE))[EACH][1:]
        assert line[1] == "Too few slips to show"

    def test_have_small_charts_on_one_scale_that_say_their_figures(self, carol, groups):
        monthly(groups["board"], [(6, 0, 0), (3, 3, 0)], first="2026-05-10")
        monthly(groups["strabane"], [(0, 6, 0), (0, 0, 6)], first="2026-05-10")
        page = carol.get(PAGE).content.decode()
        assert page.count("<svg") == 14
        assert "<title>Strabane, We are working well together, meeting by meeting: 2.00, 1.00</title>" in page
        # From 1 to 3: 2.5 lies three quarters up.
        assert 'cy="9.5"' in page


class TestTheArea:
    def test_is_summed_from_answers_not_from_averages(self, carol, groups):
        met(groups["board"], "2026-05-10", (6, 0, 0))
        met(groups["strabane"], "2026-05-10", (0, 0, 12), slips=12)
        met(groups["strabane"], "2025-05-10", (0, 6, 0))
        page = carol.get(PAGE)
        head, first, *_more, total = tables_of(page)[WHOLE]
        assert head == ["Statement", "Yes Y", "Needs Improvement NI", "No N", "Average", "Average 2025/26"]
        assert first == ["We are working well together", "6 33%", "0 0%", "12 67%", "1.67", "2.00"]
        assert total == ["TOTAL SCORE", "42", "0", "84", "11.67", "14.00"]
        assert "Meetings held: 2 With a table: 2 (2025/26: 1) Slips: 18 (6)" in text_of(page)

    def test_has_a_year_of_its_own(self, carol, partnership):
        Area.objects.filter(slug="derry").update(year_start_month=1)
        met(partnership, "2026-01-10")
        page = carol.get(PAGE)
        assert "1 January 2026 – 31 December 2026, beside 2025." in text_of(page)
        assert tables_of(page)[EACH][1][2] == "1 of 1"

    def test_is_the_whole_area_whatever_is_looked_for(self, carol, groups):
        met(groups["board"], "2026-05-10", (6, 0, 0))
        met(groups["strabane"], "2026-05-10", (0, 6, 0))
        everything = tables_of(carol.get(PAGE))[WHOLE]
        for narrower in ({"q": "strab"}, {"kind": "panel"}, {"show": "unscored"}):
            assert tables_of(carol.get(PAGE, narrower))[WHOLE] == everything

    def test_a_statement_that_all_hide_is_a_dash(self, carol, partnership):
        met(partnership, "2026-05-10", {"together": (6, 0, 0)})
        assert tables_of(carol.get(PAGE))[WHOLE][2] == ["We are sticking to our agenda", *["–"] * 5]

    def test_any_two_years_can_be_compared(self, carol, partnership):
        met(partnership, "2021-05-10", (6, 0, 0))
        met(partnership, "2024-05-10", (0, 6, 0))
        page = carol.get(PAGE, {"year": "2024", "beside": "2021"})
        assert tables_of(page)[WHOLE][1][-2:] == ["2.00", "3.00"]
        assert "beside 2021/22" in text_of(page)

    def test_years_are_offered_from_its_first_meeting_on(self, carol, partnership):
        met(partnership, "2024-05-10")
        page = carol.get(PAGE).content.decode()
        years = page[page.index('name="year"') :].split("</select>")[0]
        assert [part.split("<")[0] for part in years.split(">")[2::2]] == ["This year", "2026/27", "2025/26", "2024/25"]

    def test_without_a_partnership_or_a_table_says_so(self, carol, as_):
        assert "The area has no partnership yet." in text_of(as_("eve").get("/areas/mid-ulster/trends/"))
        assert "No meeting of this year has a table with figures yet." in text_of(carol.get(PAGE))


class TestLookingFor:
    @pytest.fixture
    def area(self, groups):
        """The board gets better, Strabane gets worse and few of many answer, the Waterside does not score."""
        monthly(groups["board"], CHANGED, first="2025-09-10")
        monthly(groups["strabane"], CHANGED[::-1], first="2025-09-10")
        Table.objects.filter(round__meeting__partnership=groups["board"]).update(present=6)
        MeetingFactory(partnership=groups["waterside"], date=datetime.date(2026, 5, 1))

    @pytest.mark.usefixtures("area")
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"q": "WATER"}, ["Waterside Panel"]),
            ({"kind": "board"}, ["Strategic Growth Partnership Board"]),
            ({"show": "changed"}, ["Strabane Locality group", "Strategic Growth Partnership Board"]),
            ({"show": "improved"}, ["Strategic Growth Partnership Board"]),
            ({"show": "dropped"}, ["Strabane Locality group"]),
            ({"show": "unscored"}, ["Waterside Panel"]),
            ({"show": "low"}, ["Strabane Locality group"]),
            ({"show": "silent"}, ["Waterside Panel"]),
            ({"show": "silent", "kind": "board"}, []),
        ],
    )
    def test_finds_those_that_fit(self, carol, asked, found):
        page = carol.get(PAGE, asked)
        assert names(page) == found
        assert f"{len(found)} found. Show all" in text_of(page)

    @pytest.mark.usefixtures("area")
    def test_in_the_tree_each_stands_below_the_one_it_reports_to(self, carol):
        page = carol.get(PAGE, {"order": "tree"})
        assert names(page) == [
            "Strategic Growth Partnership Board",
            "Strabane Locality group , reports to Strategic Growth Partnership",
            "Waterside Panel , reports to Strabane",
        ]
        assert [f"app-depth-{n}" in page.content.decode() for n in range(4)] == [True, True, True, False]

    @pytest.mark.parametrize("asked", [{"year": "1999"}, {"year": "x", "beside": "y"}, {"show": "best"}, {"page": "x"}])
    def test_what_there_is_not_shows_the_plain_page(self, carol, partnership, asked):
        assert names(carol.get(PAGE, asked)) == ["Strategic Growth Partnership Board"]

    def test_no_order_is_by_score(self, carol, partnership):
        page = carol.get(PAGE).content.decode()
        orders = page[page.index('name="order"') :].split("</select>")[0]
        assert [part.split("<")[0] for part in orders.split(">")[2::2]] == ["By name", "By who reports to whom"]


class TestPages:
    def test_have_25_lines_each_and_keep_what_was_chosen(self, carol, partnership):
        for n in range(30):
            PartnershipFactory(area=partnership.area, name=f"Panel {n:02}", kind="panel")
        page = carol.get(PAGE, {"kind": "panel", "year": "2025"})
        assert len(names(page)) == 25
        assert 'href="?kind=panel&amp;year=2025&amp;page=2"' in page.content.decode()
        second = carol.get(PAGE, {"kind": "panel", "year": "2025", "page": "2"})
        assert [name.split()[1] for name in names(second)] == ["25", "26", "27", "28", "29"]
        assert "Page 2 of 2" in text_of(second)

    def test_cost_the_same_for_1_and_for_30_partnerships(self, carol, partnership, django_assert_num_queries):
        monthly(partnership, STEADY, first="2026-04-10")
        for _again in range(2):
            with django_assert_num_queries(8):
                carol.get(PAGE)
            for _each in range(29):
                monthly(PartnershipFactory(area=partnership.area), STEADY[:1], first="2026-04-10")
