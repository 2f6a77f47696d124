"""A partnership's year: from the first day of its own first month; on one page, looking back and planning ahead."""

import calendar
import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coprod.common.spans import Span
from feedback.models import Workshop
from partnerships.models import Partnership, Year
from partnerships.models.years import EARLIEST, LATEST, current_number
from tests.actors.phones import open_, text_of
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.years import NUMBER, assessed, met, page, prepare, together

months = st.integers(1, 12)
days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31))


class TestASpan:
    @given(day=days, month=months)
    def test_holds_the_day_around_which_it_is(self, day, month):
        span = Span.around(day, month=month)
        assert span.first <= day <= span.last

    @given(day=days, month=months)
    def test_is_the_only_one_that_does(self, day, month):
        number = Span.around(day, month=month).number
        others = (Span.numbered(number + step, month=month) for step in (-1, 1))
        assert not any(other.first <= day <= other.last for other in others)

    @given(number=st.integers(2000, 2100), month=months)
    def test_ends_on_the_day_before_the_next_begins(self, number, month):
        one, next_ = (Span.numbered(each, month=month) for each in (number, number + 1))
        assert next_.first - one.last == datetime.timedelta(days=1)

    @given(number=st.integers(2000, 2100), month=months)
    def test_begins_in_its_month_and_is_as_long_as_its_leap_day_makes_it(self, number, month):
        span = Span.numbered(number, month=month)
        assert span.first == datetime.date(number, month, 1)
        is_leap = calendar.isleap(number if month <= 2 else number + 1)
        assert (span.last - span.first).days + 1 == 365 + is_leap

    @given(number=st.integers(2000, 2100), month=months)
    def test_is_named_by_one_year_exactly_when_it_is_a_calendar_year(self, number, month):
        span = Span.numbered(number, month=month)
        assert str(span) == (
            str(number) if span.first.year == span.last.year else f"{number}/{str(span.last.year)[-2:]}"
        )

    @pytest.mark.parametrize(
        ("day", "month", "label"),
        [
            ("2026-03-31", 4, "2025/26"),
            ("2026-04-01", 4, "2026/27"),
            ("2026-12-31", 1, "2026"),
            ("2027-01-01", 1, "2027"),
            ("2024-02-29", 3, "2023/24"),
            ("2026-11-30", 12, "2025/26"),
            ("2026-12-01", 12, "2026/27"),
            ("2099-09-01", 9, "2099/00"),
        ],
    )
    def test_by_example(self, day, month, label):
        assert str(Span.around(datetime.date.fromisoformat(day), month=month)) == label

    @given(day=days, later=days, month=months)
    def test_never_runs_backwards(self, day, later, month):
        one, other = (Span.around(each, month=month) for each in (day, later))
        assert (one <= other) is (day <= later or one == other)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def bob(as_):
    return as_("bob")


def year_page(number: int = NUMBER) -> str:
    return page("partnerships:year", number)


@pytest.mark.django_db
class TestAStoredYear:
    def test_is_made_once(self, partnership):
        assert Year.objects.written(partnership, 2025).pk == Year.objects.written(partnership, 2025).pk

    def test_knows_its_neighbours_stored_or_not(self, partnership):
        before, year = (Year.objects.written(partnership, number) for number in (2024, 2025))
        assert year.beside(-1).pk == before.pk
        assert (year.beside(1).pk, year.beside(1).number, year.beside(1).partnership) == (None, 2026, partnership)

    def test_is_named_with_its_partnership(self, partnership):
        assert str(Year.objects.written(partnership, 2025)) == "Strategic Growth Partnership, 2025/26"

    @pytest.mark.parametrize(("month", "number"), [(4, 2026), (1, 2026), (6, 2025), (12, 2025), (5, 2026)])
    def test_the_one_that_it_is_now_follows_the_partnerships_own_month(self, partnership, month, number):
        partnership.year_start_month = month
        assert current_number(partnership) == number


@pytest.mark.django_db
class TestThePage:
    def test_of_this_year_is_one_link_away(self, bob, partnership):
        response = bob.get("/partnerships/growth/years/")
        assert (response.status_code, response.url) == (302, year_page(2026))

    def test_says_from_when_to_when(self, bob):
        words = text_of(bob.get(year_page()))
        assert "Strategic Growth Partnership Year 2025/26 1 April 2025 – 31 March 2026 Looking back" in words

    def test_of_a_partnership_whose_year_is_the_calendars(self, bob, partnership):
        Partnership.objects.update(year_start_month=1)
        assert "Year 2025 1 January 2025 – 31 December 2025" in text_of(bob.get(year_page()))

    def test_shows_its_meetings_the_earliest_first_and_no_others(self, bob, partnership):
        for date in ("2026-03-31", "2025-04-01", "2025-03-31", "2026-04-01", "2025-10-09"):
            MeetingFactory(partnership=partnership, date=datetime.date.fromisoformat(date))
        called_off = datetime.date(2025, 11, 1)
        MeetingFactory(partnership=partnership, date=datetime.date(2025, 12, 1), called_off_on=called_off)
        MeetingFactory(date=datetime.date(2025, 6, 1))
        assert meetings_on(bob.get(year_page())) == ["1 April 2025", "9 October 2025", "31 March 2026"]

    def test_without_a_meeting_it_says_so(self, bob):
        assert "Meetings of the year No meeting falls into this year." in text_of(bob.get(year_page()))

    def test_leads_back_to_the_first_year_of_which_anything_is_known_and_on_to_the_next(self, bob, partnership):
        assert neighbours(bob.get(year_page(2025))) == [2026]
        MeetingFactory(partnership=partnership, date=datetime.date(2024, 4, 1))
        assert neighbours(bob.get(year_page(2025))) == [2024, 2026]
        assert neighbours(bob.get(year_page(2024))) == [2025]
        Year.objects.written(partnership, 2022)
        assert neighbours(bob.get(year_page(2024))) == [2023, 2025]

    def test_leads_one_year_ahead_and_back_from_wherever_one_is(self, bob):
        assert neighbours(bob.get(year_page(2026))) == [2027]
        assert neighbours(bob.get(year_page(2027))) == [2026]
        assert neighbours(bob.get(year_page(2050))) == [2049]

    def test_writes_nothing_down(self, bob):
        bob.get(year_page())
        assert Year.objects.count() == 0

    def test_of_another_partnership_is_hidden_from_those_of_this(self, bob, partnership):
        PartnershipFactory(area=partnership.area, slug="other")
        assert bob.get(page("partnerships:year", slug="other")).status_code == 404

    @pytest.mark.parametrize("number", [0, EARLIEST - 1, LATEST + 1, 99999, 10**30])
    def test_there_is_none_out_of_our_time(self, bob, number):
        assert bob.get(f"/partnerships/growth/years/{number}/").status_code == 404

    def test_the_first_and_the_last_lead_nowhere_else(self, bob):
        assert neighbours(bob.get(year_page(EARLIEST))) == [EARLIEST + 1]
        assert neighbours(bob.get(year_page(LATEST))) == [LATEST - 1]

    @pytest.mark.parametrize("name", ["gap", "gap_pdf", "pack", "pack_pdf"])
    @pytest.mark.parametrize("number", [EARLIEST, LATEST])
    def test_nor_does_any_of_its_pages_break_there(self, bob, name, number):
        assert bob.get(page(name, number)).status_code == 200

    def test_the_same_number_of_queries_for_1_and_for_3_meetings(self, bob, partnership, django_assert_num_queries):
        Year.objects.written(partnership, NUMBER)
        for dates in (["2025-05-01"], ["2025-06-01", "2025-07-01"]):
            for date in dates:
                met(partnership, date)
            with django_assert_num_queries(13):
                assert bob.get(year_page()).status_code == 200


@pytest.mark.django_db
class TestLookingBack:
    def test_a_year_to_come_has_nothing_to_look_back_on(self, as_):
        words = text_of(as_("alice").get(year_page(2027)))
        assert "Looking back This year has not begun yet. The plan for this year" in words
        assert "Prepare the assessment" not in words

    def test_begins_on_the_first_day(self, as_, time_machine):
        time_machine.move_to("2026-03-31 22:30:00+00:00")
        assert "has not begun yet" in text_of(as_("alice").get(year_page(2026)))
        time_machine.move_to("2026-03-31 23:30:00+00:00")
        assert "has not begun yet" not in text_of(as_("alice").get(year_page(2026)))

    def test_offers_whoever_runs_it_the_next_step(self, as_):
        assert links_of(as_("alice").get(year_page())) == {
            "Prepare the assessment": page("prepare"),
            "Fill it in together": page("together"),
            "What members say, beside what the partnership says": page("gap"),
            "The pack: the year on paper": page("pack"),
            "Plan the workshop": page("workshop"),
        }

    def test_a_member_is_offered_what_can_be_read(self, bob):
        assert links_of(bob.get(year_page())) == {
            "What members say, beside what the partnership says": page("gap"),
            "The pack: the year on paper": page("pack"),
        }

    def test_follows_the_members_round(self, as_, bob):
        round = prepare(as_("alice"))
        assert "Each member alone Scoring is not open yet." in text_of(bob.get(year_page()))
        assert links_of(as_("alice").get(year_page()))["Run the assessment"] == page("year_desk")
        open_(round)
        words = text_of(bob.get(year_page()))
        assert f"Scoring is open. The code is {round.spaced_code}." in words
        assert links_of(bob.get(year_page()))["Answer"] == f"/m/{round.code}/"

    def test_leads_to_the_table_once_there_is_one(self, bob, partnership):
        assessed(partnership)
        assert links_of(bob.get(year_page()))["Table of the members"] == page("year_table")
        assert "Run the assessment" not in text_of(bob.get(year_page()))

    def test_says_at_which_meeting_it_was_filled_in(self, as_, meeting, partnership):
        joint = together(partnership, trust="yes")
        words = text_of(as_("bob").get(year_page()))
        assert "The partnership together Filled in. 1 of 8 commitments has an answer." in words or (
            "The partnership together Filled in. 1 of 8 commitments have an answer." in words
        )
        joint.meeting = meeting
        joint.save()
        assert "Filled in at the meeting of 4 March 2026." in text_of(as_("bob").get(year_page()))
        assert links_of(as_("alice").get(year_page()))["Change our answers"] == page("together")

    @pytest.mark.parametrize(("body", "words"), [("", ""), ("Community Places", ", Community Places")])
    def test_says_when_the_workshop_is_and_who_facilitates(self, as_, partnership, body, words):
        Workshop.objects.create(
            year=Year.objects.written(partnership, NUMBER),
            date=datetime.date(2026, 5, 20),
            facilitator="Maeve Byrne",
            organisation=body,
            email="maeve@example.com",
        )
        told = text_of(as_("bob").get(year_page()))
        assert f"The workshop 20 May 2026, facilitated by Maeve Byrne{words}. The pack" in told
        assert "maeve@example.com" not in told
        assert links_of(as_("alice").get(year_page()))["Workshop and facilitator"] == page("workshop")


def meetings_on(response) -> list[str]:
    words = text_of(response)
    return re.findall(r"(\d+ \w+ \d{4}) The Guildhall", words[words.index("Meetings of the year") :])


def neighbours(response) -> list[int]:
    """The years to which it leads."""
    found = re.findall(r'href="/partnerships/growth/years/(\d+)/">\s*Year', response.content.decode())
    return [int(number) for number in found]


def links_of(response) -> dict[str, str]:
    """What is under "Looking back"."""
    part = response.content.decode().partition('id="looking-back"')[2].partition("</section>")[0]
    return {text: address for address, text in re.findall(r'<a class="[^"]*" href="([^"]*)">([^<]*)</a>', part)}
