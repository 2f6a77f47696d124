"""The home of somebody who is signed in: their partnerships, and what is asked of them."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charter.models import PartnershipAdoption
from feedback.rounds import lifecycle as scoring
from partnerships.models import Action, Aim, Mailing, Objective, PlanOutcome, Year
from tests.actors.phones import all_, collate, open_, score, text_of
from tests.factories import MeetingFactory, MemberFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-06-01 12:00:00+00:00")


def home(client: Client) -> str:
    """What stands between the heading and the box for the code."""
    page = text_of(client.get("/"))
    return page[page.index("Signed in as") : page.index("Score a meeting Meeting code")]


def test_a_member_reads_when_the_next_meeting_is(as_, partnership):
    MeetingFactory(partnership=partnership, date=TODAY + datetime.timedelta(days=9), start="19:30", venue="Strabane")
    MeetingFactory(partnership=partnership, date=TODAY + datetime.timedelta(days=40))
    assert home(as_("bob")) == (
        "Signed in as bob@example.org Strategic Growth Partnership Derry City and Strabane. "
        "Next meeting: 10 June 2026, 19:30, Strabane "
    )


def test_without_a_meeting_it_says_so(as_):
    assert home(as_("bob")).endswith("Derry City and Strabane. No meeting planned. ")


def test_a_meeting_that_is_open_is_to_be_scored(as_, partnership):
    meeting = MeetingFactory(partnership=partnership, date=TODAY, venue="")
    code = open_(meeting.round).code
    assert home(as_("bob")).endswith("Next meeting: 1 June 2026 Score today’s meeting ")
    assert f'href="/m/{code}/"' in as_("bob").get("/").content.decode()


def test_one_that_was_on_another_day_is_named(as_, meeting):
    open_(meeting.round)
    assert home(as_("bob")).endswith("No meeting planned. Score the meeting of 4 March 2026 ")


@pytest.mark.parametrize(
    ("stop", "asked"),
    [
        (False, "Score the meeting of 4 March 2026 Watch the slips come in: 4 March 2026 "),
        (True, "Make the table: 4 March 2026 "),
    ],
)
def test_the_minute_taker_is_led_to_the_desk(as_, meeting, stop, asked):
    open_(meeting.round)
    if stop:
        scoring.stop_round(round_id=meeting.round.pk)
    assert home(as_("alice")).endswith(f"No meeting planned. {asked}")


def test_nobody_is_asked_for_anything_once_time_is_up(as_, meeting, time_machine):
    open_(meeting.round)
    time_machine.shift(datetime.timedelta(days=29))
    assert home(as_("alice")).endswith("No meeting planned. ")


def test_the_last_table_is_one_click_away(as_, partnership):
    for date in (datetime.date(2026, 1, 7), datetime.date(2026, 3, 4)):
        meeting = MeetingFactory(partnership=partnership, date=date)
        open_(meeting.round)
        score(meeting.round, *[all_("yes")] * 5)
        collate(meeting.round)
    page = as_("bob").get("/")
    assert "Table of 4 March 2026" in text_of(page)
    assert "Table of 7 January 2026" not in text_of(page)
    assert reverse("feedback:table", args=["growth", meeting.pk]) in page.content.decode()


def test_an_agenda_that_has_gone_out_is_to_be_read(as_, partnership):
    meeting = MeetingFactory(partnership=partnership, date=TODAY + datetime.timedelta(days=9), venue="")
    mailing = Mailing.objects.create(meeting=meeting, kind="agenda", number=1)
    assert home(as_("bob")).endswith("Next meeting: 10 June 2026 ")
    mailing.deliveries.create(member=partnership.members.first(), state="sent", tried_at=timezone.now())
    assert home(as_("bob")).endswith("Next meeting: 10 June 2026 Read the agenda of 10 June 2026 ")


def test_a_meeting_that_is_called_off_is_not_the_next_one(as_, partnership):
    MeetingFactory(partnership=partnership, date=TODAY + datetime.timedelta(days=9), called_off_on=TODAY)
    assert home(as_("bob")).endswith("No meeting planned. ")
    assert "10 June 2026 The Guildhall. Called off." in text_of(as_("bob").get(partnership.get_absolute_url()))


def test_what_the_plan_of_the_year_has_one_do_is_named_too(as_, cast, partnership):
    year = Year.objects.create(partnership=partnership, number=2026)
    outcome = PlanOutcome.objects.create(aim=Aim.objects.create(year=year, order=1, text="Heard"), order=1, text="More")
    for order, (days, what) in enumerate(((14, "Hold two evenings"), (15, "Write a book")), 1):
        due_on = TODAY + datetime.timedelta(days=days)
        bob = cast.bob.memberships.get()
        Objective.objects.create(outcome=outcome, order=order, text=what, member=bob, due_on=due_on)
    assert home(as_("bob")).endswith("Due 15 June 2026: Hold two evenings ")
    assert 'href="/partnerships/growth/years/2026/plan/"' in as_("bob").get("/").content.decode()


def test_who_has_still_to_adopt_the_charter_is_asked(as_, partnership):
    PartnershipAdoption.objects.create(partnership=partnership, version=1, adopted_on=TODAY, decision="Agreed")
    assert home(as_("bob")).endswith("No meeting planned. Adopt the charter ")


def test_what_one_has_said_one_would_do_is_named_when_it_is_due(as_, cast, meeting):
    bob = cast.bob.memberships.get()
    for days, what in ((-1, "Ask the library"), (14, "Find a room"), (15, "Write a book")):
        due_on = TODAY + datetime.timedelta(days=days)
        Action.objects.create(meeting=meeting, decided=what, member=bob, due_on=due_on)
    assert home(as_("bob")).endswith(
        "No meeting planned. Overdue since 31 May 2026: Ask the library Due 15 June 2026: Find a room "
    )


def test_who_left_sees_it_no_more(as_, cast):
    cast.bob.memberships.update(left_on=datetime.date(2999, 1, 1))
    assert "You are on no partnership now." in home(as_("bob"))


def test_with_none_it_says_what_to_do(client):
    client.force_login(UserFactory(email="dara@example.org"))
    assert home(client) == (
        "Signed in as dara@example.org You are on no partnership now. If that is wrong, ask its minute-taker or "
        "your council’s coordinator to put you on the list with this email address: dara@example.org "
    )


def test_a_coordinator_sees_the_area_and_who_asks_to_be_erased(as_, cast, partnership):
    PartnershipFactory(area=partnership.area)
    assert home(as_("carol")) == (
        "Signed in as carol@example.org Areas I look after Derry City and Strabane 2 partnerships "
    )
    cast.bob.memberships.update(erasure_asked_on=TODAY)
    assert home(as_("carol")).endswith("2 partnerships Somebody asks to be erased ")


def test_a_coordinator_who_is_also_a_member_sees_both(as_, cast, partnership):
    MemberFactory(partnership=partnership, name="Carol", user=cast.carol, email=cast.carol.email)
    assert "Areas I look after Derry City and Strabane 1 partnership Partnerships I am on Strategic" in home(
        as_("carol")
    )


def test_the_same_number_of_queries_for_1_and_for_3_partnerships(as_, cast, partnership, django_assert_num_queries):
    bob = as_("bob")
    for more in (0, 2):
        for each in PartnershipFactory.create_batch(more, area=partnership.area):
            MemberFactory(partnership=each, name="Bob", user=cast.bob, email=cast.bob.email)
            open_(MeetingFactory(partnership=each).round)
        with django_assert_num_queries(11):
            bob.get("/")
