import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charter.models import Adoption, PartnershipAdoption
from charter.roll import State, roll_of
from feedback.anonymity import seals
from feedback.models import JointAssessment, Round, Slip, Suggestion, Table, Workshop
from partnerships.models import (
    Action,
    AgendaItem,
    Area,
    Entry,
    Meeting,
    Member,
    Objective,
    Organisation,
    Partnership,
    Year,
)
from partnerships.models.years import current_number
from tests.actors.phones import all_, score, text_of
from tests.factories import AreaFactory, MeetingFactory

pytestmark = pytest.mark.django_db
BOARD = "strategic-growth-partnership"


def demo(*options: str) -> str:
    out = StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


def test_tells_where_to_look_and_how_to_sign_in():
    words = demo()
    assert f"http://127.0.0.1:8000/m/{Round.objects.get(stage='open').code}/" in words
    assert "Look around as" in words


def test_as_json():
    told = json.loads(demo("--json", "--base", "http://127.0.0.1:9000/"))
    today = Round.objects.get(stage="open")
    last = Meeting.objects.get(date="2020-02-26")
    meetings = "http://127.0.0.1:9000/partnerships/strategic-growth-partnership/meetings"
    assert told == {
        "score": f"http://127.0.0.1:9000/m/{today.code}/",
        "desk": f"{meetings}/{today.meeting_id}/feedback/",
        "table_pdf": f"{meetings}/{last.pk}/feedback/table.pdf",
        "trends": "http://127.0.0.1:9000/partnerships/sperrin-dea/trends/",
        "area_trends": "http://127.0.0.1:9000/areas/derry-city-and-strabane/trends/",
        "charter": "http://127.0.0.1:9000/partnerships/strategic-growth-partnership/charter/",
        "people": {
            "member": "member@example.org",
            "minute_taker": "minutes@example.org",
            "coordinator": "coordinator@example.org",
            "outsider": "outsider@example.org",
        },
    }


def test_has_the_three_real_agendas_and_todays():
    demo()
    meetings = Meeting.objects.filter(partnership__slug=BOARD).order_by("date")
    assert [meeting.items.count() for meeting in meetings] == [12, 14, 14, 5]
    assert AgendaItem.objects.filter(title="Presentation: Green Infrastructure Plan").exists()
    assert Organisation.objects.filter(members__partnership__slug=BOARD).distinct().count() == 21
    assert Member.objects.filter(partnership__slug=BOARD).count() == 21


def test_three_tables_made_the_usual_way_and_an_open_round_without_a_slip():
    demo()
    tables = Table.objects.filter(round__meeting__partnership__slug=BOARD).order_by("round__meeting__date")
    assert [(table.slips, table.present) for table in tables] == [
        (17, 24),
        (16, 20),
        (18, 22),
    ]
    assert Slip.objects.count() == 0
    assert Round.objects.get(stage="open").phase == "open"


KEPT = (
    Area,
    Meeting,
    Member,
    Round,
    Table,
    PartnershipAdoption,
    Adoption,
    Year,
    JointAssessment,
    Workshop,
    Objective,
    Suggestion,
    Action,
    Entry,
)


def test_running_it_again_changes_nothing():
    demo()
    before = [list(model.objects.order_by("pk").values()) for model in KEPT]
    demo()
    assert [list(model.objects.order_by("pk").values()) for model in KEPT] == before


def test_the_charter_is_adopted_at_the_second_meeting_by_some_and_once_on_paper():
    demo()
    adoption = PartnershipAdoption.objects.get(partnership__slug="strategic-growth-partnership")
    assert (adoption.meeting, adoption.adopted_on) == (adoption.meeting, Meeting.objects.order_by("date")[1].date)
    roll = roll_of(adoption.partnership)
    assert [row.state for row in roll.organisations].count(State.ADOPTED) == 8
    assert [row.state for row in roll.people].count(State.ADOPTED) == 9
    assert len(roll.people) == 21
    assert set(Adoption.objects.filter(on_paper=True).values_list("level", flat=True)) == {"person", "organisation"}
    assert not Adoption.objects.filter(member__email="member@example.org").exists()
    assert text_of(Client().get(adoption.public_address)).count("This partnership adopted the charter on") == 1


class TestALocalityGroup:
    """The Sperrin DEA group has three years behind it."""

    @pytest.fixture(autouse=True)
    def _told(self, time_machine):
        time_machine.move_to("2026-05-06 12:00:00+00:00")
        demo()

    @pytest.fixture
    def sperrin(self) -> Partnership:
        return Partnership.objects.get(name="Sperrin DEA")

    def test_has_three_years_of_meetings_with_their_tables(self, sperrin):
        tables = Table.objects.filter(round__meeting__partnership=sperrin).order_by("round__meeting__date")
        days = tables.values_list("round__meeting__date", flat=True)
        assert [current_number(sperrin, day) for day in days] == [2023] * 4 + [2024] * 4 + [2025] * 4
        assert {(table.slips, table.present) for table in tables} == {(12, 15), (11, 13), (13, 16), (10, 12)}

    def test_and_two_yearly_assessments_by_members_and_together(self, sperrin):
        tables = Table.objects.filter(round__year__partnership=sperrin).order_by("round__year__number")
        assert list(tables.values_list("round__year__number", "slips", "present")) == [
            (2024, 11, 12),
            (2025, 11, 12),
        ]
        assert list(JointAssessment.objects.order_by("year__number").values_list("year__number", flat=True)) == [
            2024,
            2025,
        ]

    def test_and_a_plan_for_the_last_year_and_for_this(self, sperrin):
        objectives = Objective.objects.of(sperrin)
        assert list(objectives.order_by("outcome__aim__year__number", "pk").values_list("standing", flat=True)) == [
            "done",
            "under_way",
            "not_begun",
            # Taken over, as far as it is.
            "under_way",
            "not_begun",
        ]

    def test_and_a_workshop_to_come(self, sperrin):
        workshop = Workshop.objects.get()
        assert (workshop.year.partnership, workshop.year.number) == (sperrin, 2025)
        assert workshop.date > timezone.localdate()

    def test_every_suggestion_was_answered_but_the_last(self, sperrin):
        outcomes = [each.outcome for each in Suggestion.objects.of(sperrin).order_by("meeting__date", "pk")]
        assert (len(outcomes), outcomes[-1], "raised" in outcomes[:-1]) == (12, "raised", False)

    def test_has_pages_that_say_they_are_a_demonstration(self, sperrin):
        client = Client()
        client.post("/demo/sign-in/minute_taker/")
        for name in ("partnerships:year", "feedback:gap", "feedback:pack", "feedback:together", "feedback:workshop"):
            words = text_of(client.get(reverse(name, args=[sperrin.slug, 2025])))
            assert "Demonstration: scores, adoptions and people are invented" in words


@pytest.mark.parametrize("stage", ["open", "stopped", "comments"])
def test_an_interrupted_telling_goes_on(stage):
    demo()
    round = Round.objects.get(meeting__date="2020-02-26")
    round.table.delete()
    Round.objects.filter(pk=round.pk).update(stage="open")
    seals.create_key(round.code)
    if stage != "open":
        score(round, *[all_("yes")] * 5)
        Round.objects.filter(pk=round.pk).update(stage=stage)
    demo()
    assert Table.objects.get(round=round).slips == (18 if stage == "open" else 5)


def test_a_meeting_somebody_added_on_the_same_day_is_left_alone():
    demo()
    today = Meeting.objects.get(round__stage="open")
    MeetingFactory(partnership=today.partnership, date=today.date)
    assert f"/m/{today.round.code}/" in demo()


def test_without_the_switch_it_tells_the_other_way_in(settings):
    settings.DEMO = False
    assert "ask for a code as minutes@example.org" in demo()


def test_on_another_day_there_is_another_meeting_to_score(time_machine):
    time_machine.move_to("2026-11-02 12:00:00+00:00", tick=False)
    demo()
    time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
    demo()
    assert Round.objects.filter(stage="open").count() == 2


def test_stays_out_of_real_data():
    AreaFactory()
    with pytest.raises(CommandError, match="holds real areas"):
        demo()


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("member", "Strategic Growth Partnership"),
        ("minute_taker", "Strategic Growth Partnership"),
        ("coordinator", "Derry City and Strabane District Council 8 partnerships"),
        ("outsider", "Mid Ulster District Council 0 partnerships"),
    ],
)
def test_one_click_signs_in(person, sees):
    demo()
    client = Client()
    page = text_of(client.post(f"/demo/sign-in/{person}/", follow=True))
    assert sees in page
    assert "Demonstration: scores, adoptions and people are invented" in page


def test_nobody_else_and_nobody_before_it_is_filled():
    assert Client().post("/demo/sign-in/queen/").status_code == 404
    assert Client().post("/demo/sign-in/member/").status_code == 404


def test_a_demonstration_slip_says_so():
    demo()
    page = Client().get(f"/m/{Round.objects.get(stage='open').code}/")
    assert "Demonstration: scores, adoptions and people are invented" in text_of(page)
