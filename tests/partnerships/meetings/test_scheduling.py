"""A year of meetings at once: which days a rule gives, what speaks against each, and nothing unasked."""

from __future__ import annotations

import datetime

import pytest

from partnerships.meetings.scheduling import days_of
from partnerships.models import Entry, Meeting
from tests.actors.phones import text_of
from tests.factories import AreaFactory, MeetingFactory, MemberFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
URL = "/partnerships/growth/meetings/dates/"


@pytest.fixture(autouse=True)
def _in_winter(time_machine):
    time_machine.move_to("2026-02-18 12:00:00+00:00")


@pytest.fixture
def alice(as_):
    return as_("alice")


def days(first: str, rhythm: str, until: str) -> list[str]:
    found = days_of(first=datetime.date.fromisoformat(first), rhythm=rhythm, until=datetime.date.fromisoformat(until))
    return [f"{day:%d.%m.}" for day in found]


def typed(*lines: str, **more: str) -> dict[str, str]:
    return {"rhythm": "custom", "typed": "\n".join(lines), **more}


def proposed(response) -> list[tuple[str, bool]]:
    """Each day with whether it is ticked."""
    return [(str(day.date), not day.warnings) for day in response.context["days"]]


def planned() -> list[str]:
    return [str(date) for date in Meeting.objects.order_by("date", "pk").values_list("date", flat=True)]


class TestWhichDays:
    """Every second Tuesday may mean two things; the form offers both."""

    def test_every_two_weeks(self):
        assert days("2026-03-10", "2w", "2026-05-05") == ["10.03.", "24.03.", "07.04.", "21.04.", "05.05."]

    def test_the_second_tuesday_of_every_month(self):
        assert days("2026-03-10", "1m", "2026-07-14") == ["10.03.", "14.04.", "12.05.", "09.06.", "14.07."]

    def test_the_second_tuesday_of_every_second_and_third_month(self):
        assert days("2026-03-10", "2m", "2026-08-01") == ["10.03.", "12.05.", "14.07."]
        assert days("2026-03-10", "3m", "2026-09-08") == ["10.03.", "09.06.", "08.09."]

    def test_the_fourth_is_not_the_last(self):
        assert days("2026-02-24", "1m", "2026-04-30") == ["24.02.", "24.03.", "28.04."]

    def test_the_fifth_counts_as_the_last_so_that_no_month_is_left_out(self):
        assert days("2026-03-31", "1m", "2026-06-30") == ["31.03.", "28.04.", "26.05.", "30.06."]

    def test_both_ends_count(self):
        assert days("2026-03-10", "1w", "2026-03-10") == ["10.03."]


class TestProposing:
    def test_an_empty_page_asks(self, alice):
        page = text_of(alice.get(URL))
        assert "Plan a year" in page
        assert "Nothing is planned yet" not in page

    def test_a_year_from_the_first_meeting_unless_told_otherwise(self, alice):
        response = alice.post(URL, {"rhythm": "1m", "first": "2026-04-01"})
        assert [f"{day.date:%d.%m.%y}" for day in response.context["days"]] == [
            *("01.04.26", "06.05.26", "03.06.26", "01.07.26", "05.08.26", "02.09.26"),
            *("07.10.26", "04.11.26", "02.12.26", "06.01.27", "03.02.27", "03.03.27"),
        ]
        assert "12 days" in text_of(response)

    def test_days_as_people_type_them_in_order_and_once(self, alice):
        response = alice.post(URL, typed("30/11/2026", " 1.4.2026 ", "", "2026-05-07", "30/11/2026"))
        assert [day for day, _ticked in proposed(response)] == ["2026-04-01", "2026-05-07", "2026-11-30"]

    def test_plans_nothing(self, alice, partnership):
        assert "Nothing is planned yet." in text_of(alice.post(URL, {"rhythm": "1m", "first": "2026-03-10"}))
        assert planned() == []

    def test_points_out_what_speaks_against_a_day_and_does_not_tick_it(self, alice, partnership):
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 4, 1), start="10:00")
        lines = ("17/03/2026", "18/03/2026", "28/03/2026", "01/04/2026", "13/07/2026", "26/12/2026")
        response = alice.post(URL, typed(*lines))
        assert proposed(response) == [
            ("2026-03-17", False),
            ("2026-03-18", True),
            ("2026-03-28", False),
            ("2026-04-01", False),
            ("2026-07-13", False),
            ("2026-12-26", False),
        ]
        page = text_of(response)
        for words in (
            "17 March 2026 Bank holiday in Northern Ireland: Saint Patrick's Day.",
            "Saturday 28 March 2026 A weekend.",
            "1 April 2026 This partnership has a meeting on that day already.",
            "13 July 2026 Bank holiday in Northern Ireland: Battle of the Boyne",  # in lieu of Sunday the 12th
            "26 December 2026 Bank holiday in Northern Ireland: ",
        ):
            assert words in page

    def test_bank_holidays_of_england_alone_are_ordinary_days(self, alice):
        assert proposed(alice.post(URL, typed("31/08/2026", "06/04/2026", "25/05/2026"))) == [
            ("2026-04-06", False),  # Easter Monday
            ("2026-05-25", False),
            ("2026-08-31", False),
        ]


class TestClashes:
    """With other partnerships of the area whose members sit here too."""

    @pytest.fixture
    def health(self, partnership, cast):
        health = PartnershipFactory(area=partnership.area, name="Health & Wellbeing")
        MeetingFactory(partnership=health, date=datetime.date(2026, 3, 10))
        return health

    def words(self, alice) -> str:
        return text_of(alice.post(URL, typed("10/03/2026")))

    def test_are_told_with_how_many_share_but_not_who(self, alice, cast, health):
        for user in (cast.alice, cast.bob):
            MemberFactory(partnership=health, user=user, email=user.email, name="Somebody")
        page = self.words(alice)
        assert "Health & Wellbeing meets on that day; members on both: 2." in page
        assert "Bob" not in page
        assert "Somebody" not in page

    def test_are_none_where_nobody_shares(self, alice, health):
        MemberFactory(partnership=health)  # two without an account are not the same person
        assert "meets on that day" not in self.words(alice)

    def test_are_none_once_somebody_has_left_either(self, as_, cast, health, partnership):
        MemberFactory(partnership=health, user=cast.bob, left_on="2999-01-01")
        MemberFactory(partnership=health, user=cast.alice)
        partnership.members.filter(user=cast.alice).update(left_on="2999-01-01")
        assert "meets on that day" not in self.words(as_("carol"))

    def test_are_none_with_a_meeting_that_is_called_off(self, alice, cast, health):
        MemberFactory(partnership=health, user=cast.bob)
        Meeting.objects.update(called_off_on="2026-02-18")
        assert "meets on that day" not in self.words(alice)

    def test_tell_nothing_of_another_area(self, alice, cast):
        other = PartnershipFactory(area=AreaFactory())
        MemberFactory(partnership=other, user=cast.bob)
        MeetingFactory(partnership=other, date=datetime.date(2026, 3, 10))
        assert "meets on that day" not in self.words(alice)

    def test_cost_the_same_for_1_day_and_for_3(self, alice, cast, health, django_assert_num_queries):
        MemberFactory(partnership=health, user=cast.bob)
        for lines in (("10/03/2026",), ("10/03/2026", "11/03/2026", "12/03/2026")):
            MeetingFactory(partnership=health, date=datetime.date(2026, 3, 11))
            with django_assert_num_queries(5):
                alice.post(URL, typed(*lines))


class TestPlanning:
    FORM = typed("10/03/2026", "14/04/2026", start="10:00", end="12:00", venue=" The  Guildhall ", venue_access="Lift")

    def test_plans_what_is_ticked_with_what_all_have_in_common(self, alice, partnership):
        form = self.FORM | {"plan": "yes", "day": ["2026-03-10", "2026-04-14"]}
        page = text_of(alice.post(URL, form, follow=True))
        assert "2 meetings are planned." in page
        assert (
            list(Meeting.objects.order_by("date").values_list("partnership", "start", "end", "venue", "venue_access"))
            == [(partnership.pk, datetime.time(10), datetime.time(12), "The Guildhall", "Lift")] * 2
        )
        assert list(Entry.objects.values_list("act", flat=True)) == ["meeting_planned"] * 2
        assert all(len(meeting.round.code) == 6 for meeting in Meeting.objects.all())

    def test_plans_only_days_that_were_proposed(self, alice, partnership):
        hostile = ["2026-04-14", "2026-05-05", "2026-02-30", "x", "", "2026-04-14 ", "\0", "9" * 5000]
        alice.post(URL, self.FORM | {"plan": "yes", "day": hostile})
        assert planned() == ["2026-04-14"]

    def test_twice_plans_once(self, alice, partnership):
        form = self.FORM | {"plan": "yes", "day": ["2026-03-10"]}
        alice.post(URL, form)
        assert "0 meetings are planned." in text_of(alice.post(URL, form, follow=True))
        assert planned() == ["2026-03-10"]

    def test_a_day_that_is_taken_at_that_time_cannot_be_ticked(self, alice, partnership):
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 3, 10), start="10:00")
        response = alice.post(URL, self.FORM)
        assert [day.is_taken for day in response.context["days"]] == [True, False]
        assert 'value="2026-03-10" disabled' in response.content.decode()

    def test_at_another_time_of_that_day_it_can(self, alice, partnership):
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 3, 10), start="14:00")
        alice.post(URL, self.FORM | {"plan": "yes", "day": "2026-03-10"})
        assert planned() == ["2026-03-10"] * 2

    def test_a_day_is_free_again_when_its_meeting_is_called_off(self, alice, partnership):
        MeetingFactory(partnership=partnership, date="2026-03-10", start="10:00", called_off_on="2026-02-18")
        alice.post(URL, self.FORM | {"plan": "yes", "day": "2026-03-10"})
        assert planned() == ["2026-03-10"] * 2


class TestWrongInput:
    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"rhythm": "1m"}, "Choose the day of the first meeting"),
            ({"rhythm": "1m", "first": "soon"}, "Type a day, for example 30/11/2026"),
            ({"rhythm": "1m", "first": "2026-03-10", "until": "2026-03-09"}, "The last day comes after the first"),
            ({"rhythm": "1m", "first": "2026-02-03"}, "That day was more than two weeks ago."),
            ({"rhythm": "1w", "first": "2028-02-01", "until": "2028-12-01"}, "22/02/2028: Choose a day within two"),
            ({"rhythm": "1m", "first": "9999-12-31"}, "Choose a day within two years from now"),
            ({"rhythm": "1w", "first": "2026-03-10", "until": "2027-05-04"}, "At most 60 days at once"),
            ({"rhythm": "5y", "first": "2026-03-10"}, "5y is not one of the available choices"),
            (typed(""), "Type the days, one a line"),
            (typed("31/02/2026"), "“31/02/2026” is not a day"),
            (typed("2026-02-31"), "“2026-02-31” is not a day"),
            (typed("next <Tuesday>"), "“next <Tuesday>” is not a day"),
            (typed("01/01/2020"), "01/01/2020: That day was more than two weeks ago."),
            (typed(*["10/03/2026"] * 61), "At most 60 days at once"),
            (typed("1" * 2001), "Ensure this value has at most 2000 characters"),
            (typed("10/03/2026", end="12:00"), "A meeting ends after it starts"),
            (typed("10/03/2026", start="12:00", end="12:00"), "A meeting ends after it starts"),
            (typed("10/03/2026", start="noon", end="12:00"), "Type a time, for example 19:30"),
            (typed("10/03/2026", venue="V" * 201), "Shorten the venue to 200 characters or fewer"),
            (typed("10/03/2026", venue_access="V" * 501), "Shorten this to 500 characters or fewer"),
        ],
    )
    def test_is_told_kept_and_plans_nothing(self, alice, partnership, form, words):
        response = alice.post(URL, form | {"plan": "yes", "day": "2026-03-10"})
        assert response.status_code == 422
        assert words in text_of(response)
        assert response.context["form"].data["rhythm"] == form["rhythm"]
        assert planned() == []


class TestOneMeeting:
    """The fields that the form of a single meeting has for its end and for how to take part there."""

    NEW = "/partnerships/growth/meetings/new/"

    def test_has_an_end_and_says_how_to_get_in(self, alice, partnership):
        form = {"date": "2026-03-10", "start": "10:00", "end": "12:00", "venue_access": " Step-free,\n hearing loop "}
        page = text_of(alice.post(self.NEW, form, follow=True))
        assert "10:00–12:00, venue not set Step-free, hearing loop" in page
        assert Meeting.objects.get().minutes == 120

    @pytest.mark.parametrize(("start", "end"), [("", "12:00"), ("12:00", "11:59"), ("12:00", "12:00")])
    def test_ends_after_it_starts(self, alice, partnership, start, end):
        response = alice.post(self.NEW, {"date": "2026-03-10", "start": start, "end": end})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["end"]
        assert "A meeting ends after it starts, on the same day. Give both times." in text_of(response)

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"end": "late"}, "Type a time, for example 21:00"),
            ({"venue_access": "x" * 501}, "Shorten this to 500 characters or fewer"),
        ],
    )
    def test_wrong_input_is_told(self, alice, partnership, form, words):
        assert words in text_of(alice.post(self.NEW, {"date": "2026-03-10", "start": "10:00"} | form))
        assert planned() == []


def test_what_speaks_against_one_day_is_told_when_it_is_planned_or_moved(alice):
    page = alice.post("/partnerships/growth/meetings/new/", {"date": "2026-12-25"}, follow=True)
    assert "Bank holiday in Northern Ireland: Christmas Day. Change the day if you did not mean it." in text_of(page)
    meeting = Meeting.objects.get()
    page = alice.post(f"{meeting.get_absolute_url()}change/", {"date": "2026-12-26"}, follow=True)
    assert "A weekend. Change the day if you did not mean it." in text_of(page)
    page = alice.post(f"{meeting.get_absolute_url()}change/", {"date": "2026-12-26", "venue": "Hall"}, follow=True)
    assert "Change the day" not in text_of(page)


def test_nothing_is_planned_where_no_day_is_ticked(alice):
    form = {"rhythm": "2w", "first": "2026-03-03", "until": "2026-04-30", "plan": "yes"}
    assert "tick the days on which you want to meet" in text_of(alice.post(URL, form))
    assert Meeting.objects.count() == 0
