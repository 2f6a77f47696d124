"""What else shows the plan for a year: its year's page, agendas, mails, one's own data; and the plan as a whole."""

from __future__ import annotations

import datetime
import subprocess

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.meetings.action_reminders import remind_owners
from partnerships.meetings.agendas import shown
from partnerships.models import Aim, Meeting, Member, Objective, PlanOutcome, Year
from partnerships.plans import service as plans
from tests.actors.editors import Editor
from tests.actors.phones import text_of
from tests.factories import MeetingFactory, MemberFactory, PartnershipFactory
from tests.helpers.plans import PLAN, YEAR, day, put
from tests.helpers.senders import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_may(time_machine):
    time_machine.move_to("2026-05-05 12:00:00+00:00")


class TestTheYearsPage:
    def test_counts_and_leads_to_the_plan(self, as_, partnership, cast):
        page = text_of(as_("bob").get(YEAR))
        assert "The plan for this year Nothing is planned for this year yet. About the plan" in page
        aim = put(Aim(year=Year(partnership=partnership, number=2026), text="Greener"), cast)
        outcome = put(PlanOutcome(aim=aim, text="Shade"), cast)
        assert "The plan for this year It has no objectives yet." in text_of(as_("bob").get(YEAR))
        for n, standing in enumerate(("done", "under_way", "not_begun", "dropped")):
            done_on = day(4) if standing == "done" else None
            put(Objective(outcome=outcome, text=f"Number {n}", standing=standing, done_on=done_on), cast)
        assert "1 of 3 objectives are done." in text_of(as_("bob").get(YEAR))
        assert PLAN in as_("bob").get(YEAR).content.decode()


class TestOnTheAgenda:
    @pytest.fixture
    def june(self, partnership, plant, cast, bob) -> Meeting:
        """A meeting whose agenda shows a plan with an objective of each standing."""
        Objective.objects.update(member=bob, organisation=bob.organisation, due_on=day(4), progress="Twelve stand")
        for text, standing, due_on, done_on in (
            ("Sing", "dropped", day(1), None),
            ("Water them", "done", day(2), day(3)),
            ("Prune", "not_begun", None, None),
            ("Count", "under_way", day(1, 9), None),
        ):
            row = Objective(outcome=plant.outcome, text=text, standing=standing, due_on=due_on, done_on=done_on)
            put(row, cast)
        return MeetingFactory(partnership=partnership, date=day(10, 6), shows_plan=True)

    def test_is_a_choice_of_each_meeting(self, as_, plant, meeting):
        Meeting.objects.update(date=day(10, 6))
        editor = Editor(as_("alice"), meeting)
        assert "shows_plan" not in editor.fields
        editor.press("save", {"shows_plan": "on"})
        assert "How far the year’s plan is Plant forty trees Not begun" in editor.said
        assert editor.load().fields["shows_plan"] == ["on"]
        editor.fields.pop("shows_plan")
        editor.press("save")
        assert "How far the year’s plan is" not in editor.said

    def test_takes_part_in_what_a_second_click_repeats(self, as_, meeting):
        editor = Editor(as_("alice"), meeting)
        for shows_plan, status in (("on", 200), ("on", 200), ("", 409)):
            typed = {"shows_plan": shows_plan} if shows_plan else {}
            editor.load().fields["version"] = ["0"]
            editor.fields.pop("shows_plan", None)
            assert editor.press("save", typed).status == status

    def test_shows_overdue_ones_first_and_what_is_finished_in_a_line(self, as_, june):
        assert (
            "How far the year’s plan is"
            " Plant forty trees Under way Bob, Libraries. Overdue since 4 May 2026. Twelve stand"
        ).replace("Under way", "Not begun") in (page := text_of(as_("bob").get(june.get_absolute_url())))
        assert (
            "Twelve stand Count Under way Nobody is named yet who does it. By 1 September 2026."
            " Prune Not begun Nobody is named yet who does it. Sing Dropped Water them Done The whole plan"
        ) in page
        assert PLAN in as_("bob").get(june.get_absolute_url()).content.decode()

    def test_is_printed_before_the_items(self, as_, june):
        content = as_("bob").get(f"{june.get_absolute_url()}agenda.pdf").content
        out = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
        words = " ".join(out.stdout.decode().split())
        assert words.index("How far the year’s plan is") < words.index("Feedback on this meeting")
        for part in ("Twelve stand", "by 4 May 2026", "overdue", "Nobody is named yet", "Bob, Libraries"):
            assert part in words
        assert "Water them Done" in words

    def test_is_in_the_mail(self, as_, june):
        june.items.create(order=1, title="Welcome")
        Sender(as_("alice"), june).press()
        for line in (
            "HOW FAR THE YEAR’S PLAN IS",
            "- Plant forty trees (Not begun; Bob, Libraries; overdue since 4 May 2026)",
            "- Count (Under way; no owner yet; due 1 September 2026)",
            "- Prune (Not begun; no owner yet)",
            "- Water them (Done)",
        ):
            assert f"\n{line}\n" in mail.outbox[0].body

    @pytest.mark.parametrize(("date", "planned"), [(day(31, 3), 0), (day(1, 4), 1), (datetime.date(2027, 3, 31), 1)])
    def test_is_that_of_the_year_into_which_the_meeting_falls(self, plant, partnership, date, planned):
        meeting = MeetingFactory(partnership=partnership, date=date, shows_plan=True)
        assert len(shown(meeting)["plan"]) == planned

    def test_is_no_heading_over_nothing(self, as_, partnership):
        meeting = MeetingFactory(partnership=partnership, date=day(10, 6), shows_plan=True)
        assert "plan is" not in text_of(as_("bob").get(meeting.get_absolute_url()))

    def test_is_not_copied_with_the_items(self, as_, june, partnership):
        later = MeetingFactory(partnership=partnership, date=day(10, 7))
        june.items.create(order=1, title="Welcome")
        Editor(as_("alice"), later).start_from("last")
        later.refresh_from_db()
        assert (later.items.count(), later.shows_plan) == (1, False)


class TestTheWeeklyMail:
    def test_tells_objectives_beside_actions(self, meeting, plant, bob, cast):
        Objective.objects.update(member=bob, due_on=day(9))
        put(Objective(outcome=plant.outcome, text="Prune & sweep", member=bob, due_on=day(4)), cast)
        put(Objective(outcome=plant.outcome, text="Count", member=bob), cast)
        meeting.actions.create(decided="Paint", member=bob)
        assert list(remind_owners(base="https://together.example.org")) == [True]
        [message] = mail.outbox
        assert " ".join(str(message.body).split()).startswith(
            "Hello Bob This is what meetings decided that you would see to: - Paint (Strategic Growth Partnership)"
            " This is what you see to in the plan for the year:"
            " - Prune & sweep (Strategic Growth Partnership; overdue since 4 May 2026)"
            " - Plant forty trees (Strategic Growth Partnership; due 9 May 2026)"
            " - Count (Strategic Growth Partnership)"
        )
        assert (
            "    Strategic Growth Partnership\n    https://together.example.org/partnerships/growth/actions/\n\n"
            "    Strategic Growth Partnership, the plan for 2026/27\n"
            f"    https://together.example.org{PLAN}\n"
        ) in message.body

    def test_comes_once_a_week_for_both_together(self, meeting, plant, bob):
        Objective.objects.update(member=bob, due_on=day(4))
        assert list(remind_owners(base="")) == [True]
        assert "meetings decided" not in str(mail.outbox[0].body)
        meeting.actions.create(decided="Paint", member=bob, due_on=day(4))
        assert list(remind_owners(base="")) == []

    def test_does_not_come_for_what_is_finished_taken_over_far_off_or_nobodys(self, plant, bob, cast, year):
        gone = MemberFactory(partnership=bob.partnership, email="gone@example.org", left_on="2999-01-01")
        for n, more in enumerate(
            (
                {"member": bob, "due_on": day(13)},
                {"member": bob, "due_on": day(4), "standing": "done", "done_on": day(4)},
                {"member": bob, "due_on": day(4), "standing": "dropped"},
                {"member": gone, "due_on": day(4)},
                {"member": MemberFactory(partnership=bob.partnership, email=""), "due_on": day(4)},
                {"organisation": bob.organisation, "due_on": day(4)},
            )
        ):
            put(Objective(outcome=plant.outcome, text=f"Number {n}", **more), cast)
        Objective.objects.filter(pk=plant.pk).update(member=bob, due_on=day(4))
        plans.take_over(year=year.beside(1), by=cast.alice)
        assert list(remind_owners(base="")) == []

    def test_takes_the_same_number_of_queries_for_1_and_for_3(self, plant, bob, cast, django_assert_num_queries):
        Objective.objects.update(member=bob, due_on=day(4))
        for more in (0, 2):
            for n in range(more):
                put(Objective(outcome=plant.outcome, text=f"Number {n}", member=bob), cast)
            Member.objects.update(actions_mailed_on=None)
            with django_assert_num_queries(4):
                list(remind_owners(base=""))


def test_people_read_in_their_own_data_what_they_see_to(as_, plant, bob, cast):
    Objective.objects.update(member=bob, due_on=day(9))
    put(Objective(outcome=plant.outcome, text="Water them", member=bob), cast)
    page = text_of(as_("bob").get("/account/data/"))
    assert "What you see to in the plan for a year: Plant forty trees; Water them" in page
    [held] = as_("bob").get("/account/data.json").json()["memberships"]
    assert held["objectives"] == [
        {"what": "Plant forty trees", "due": "2026-05-09"},
        {"what": "Water them", "due": None},
    ]


class TestThePlanAsAWhole:
    """What the yearly pack and other pages take it from."""

    def test_is_in_order_and_counts_itself(self, year, plant, cast):
        put(Objective(outcome=plant.outcome, text="Water them", standing="done", done_on=day(4)), cast)
        put(Aim(year=year, text="Warm homes"), cast)
        plan = plans.plan_of(year)
        assert [(str(part.aim), [str(each.outcome) for each in part.changes]) for part in plan.parts] == [
            ("A greener city", ["Streets have shade"]),
            ("Warm homes", []),
        ]
        assert [str(each) for each in plan.objectives] == ["Plant forty trees", "Water them"]
        assert ([str(each) for each in plan.open], plan.wanted, plan.done, plan.overdue) == (
            *(["Plant forty trees"], 2, 1, 0),
        )

    @pytest.mark.parametrize(
        ("sector", "told"), [("statutory", "Libraries"), ("community", "Libraries"), ("residents", "a resident")]
    )
    def test_names_organisations_in_public_and_nobody_else(self, plant, bob, sector, told):
        plant.member, plant.organisation = bob, bob.organisation
        bob.organisation.sector = sector
        assert plant.owner_in_public == told

    def test_names_nobody_in_public_whose_organisation_is_not_known(self, plant, bob):
        plant.member = bob
        assert plant.owner_in_public == ""

    def test_is_found_by_whose_and_by_whether_it_is_open(self, plant, partnership, cast):
        done = put(Objective(outcome=plant.outcome, text="Sing", standing="done", done_on=day(4)), cast)
        elsewhere = Year.objects.create(partnership=PartnershipFactory(), number=2026)
        put(Aim(year=elsewhere, text="Theirs"), cast)
        assert list(Objective.objects.of(partnership).for_plan()) == [plant, done]
        assert list(Objective.objects.of(partnership).open()) == [plant]
        assert not Objective.objects.of(elsewhere.partnership).exists()

    def test_takes_the_same_number_of_queries_for_1_and_for_40(self, year, plant, bob, django_assert_num_queries):
        for more in (0, 39):
            aim = Aim.objects.create(year=year, order=9, text=f"With {more} more")
            outcomes = [PlanOutcome.objects.create(aim=aim, order=n, text=f"{n}") for n in range(2)]
            for n in range(more):
                Objective.objects.create(
                    outcome=outcomes[n % 2], order=n, text=f"{n}", member=bob, organisation=bob.organisation
                )
            with django_assert_num_queries(3):
                plan = plans.plan_of(year)
                told = [(each.owner, each.owner_in_public, each.is_overdue, each.is_open) for each in plan.objectives]
        assert len(told) == 40

    @pytest.mark.parametrize("url", [PLAN, YEAR])
    def test_pages_cost_the_same_for_1_and_for_3(self, as_, plant, bob, url, cast):
        alice = as_("alice")
        costs = []
        for more in (0, 2):
            for n in range(more):
                put(Objective(outcome=plant.outcome, text=f"{n}", member=bob, organisation=bob.organisation), cast)
            costs.append(queries(lambda: alice.get(url)))
        assert costs[0] == costs[1]

    def test_agendas_cost_the_same_for_1_and_for_3(self, as_, plant, bob, partnership, cast):
        meeting = MeetingFactory(partnership=partnership, date=day(10, 6), shows_plan=True)
        alice = as_("alice")
        urls = [f"{meeting.get_absolute_url()}{page}" for page in ("", "agenda.pdf")]
        costs = []
        for more in (0, 2):
            for n in range(more):
                put(Objective(outcome=plant.outcome, text=f"{n}", member=bob, organisation=bob.organisation), cast)
            costs.append(queries(lambda: [alice.get(url) for url in urls]))
        assert costs[0] == costs[1]


def queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_its_addresses_are_those_that_pages_of_other_rooms_link_to(year):
    assert year.plan_url == reverse("partnerships:plan", args=["growth", 2026]) == PLAN
