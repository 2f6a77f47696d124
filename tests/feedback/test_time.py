"""What time does to a round: opens it, stops it after 14 days, ends it after 28."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from feedback import scoring, seals
from feedback.models import Phase, Round, Slip, Table
from feedback.scoring import WrongPhase
from tests.factories import MeetingFactory
from tests.phones import Phone, all_, collate, open_, score

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 4, 13, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(START, tick=False)


def phase_of(round: Round) -> Phase:
    return Round.objects.get(pk=round.pk).phase


def daily() -> str:
    out = StringIO()
    call_command("daily", stdout=out)
    return out.getvalue()


def test_it_opens_by_itself_to_the_minute(round, time_machine):
    scoring.schedule_round(round_id=round.pk, opens_at=START + datetime.timedelta(hours=1))
    assert phase_of(round) == Phase.PLANNED
    time_machine.shift(3599)
    assert phase_of(round) == Phase.PLANNED
    time_machine.shift(1)
    assert phase_of(round) == Phase.OPEN


def test_it_stops_by_itself_after_14_days_and_cannot_be_opened_again(round, time_machine):
    open_(round)
    phone = Phone(round).load()
    time_machine.shift(datetime.timedelta(days=14) - datetime.timedelta(seconds=1))
    assert phone.send(all_("yes")).status_code == 302
    time_machine.shift(1)
    assert phase_of(round) == Phase.STOPPED
    assert phone.send(all_("no"), revision="2").status_code == 409
    with pytest.raises(WrongPhase):
        scoring.open_round(round_id=round.pk)


def test_one_stopped_by_hand_cannot_be_opened_again_after_14_days(round, time_machine):
    open_(round)
    scoring.stop_round(round_id=round.pk)
    time_machine.shift(datetime.timedelta(days=14))
    with pytest.raises(WrongPhase):
        scoring.open_round(round_id=round.pk)


def test_a_table_can_still_be_made_until_day_28(round, time_machine):
    open_(round)
    score(round, *[all_("yes")] * 5)
    time_machine.shift(datetime.timedelta(days=27))
    assert collate(round).slips == 5


def test_after_28_days_nothing_can_be_read_any_more(round, time_machine):
    open_(round)
    score(round, *[all_("yes")] * 5)
    time_machine.shift(datetime.timedelta(days=28))
    assert phase_of(round) == Phase.ENDED
    for act in (scoring.show_comments, scoring.collate, scoring.stop_round, scoring.open_round):
        with pytest.raises(WrongPhase):
            act(round_id=round.pk)


@pytest.mark.django_db(transaction=True)
def test_the_daily_command_stops_and_ends_and_says_so(round, time_machine):
    open_(round)
    score(round, *[all_("yes")] * 5)
    assert daily() == ""
    time_machine.shift(datetime.timedelta(days=14))
    assert daily() == "Strategic Growth Partnership, 4 March 2026: Open -> Stopped\n"
    time_machine.shift(datetime.timedelta(days=14))
    assert daily() == "Strategic Growth Partnership, 4 March 2026: Stopped -> Ended without a table\n"
    assert (Slip.objects.count(), Table.objects.count()) == (0, 0)
    assert not seals.is_kept(round.code)
    assert daily() == ""


def test_a_round_that_opened_by_itself_and_was_forgotten_ends_too(round, time_machine):
    scoring.schedule_round(round_id=round.pk, opens_at=START)
    time_machine.shift(datetime.timedelta(days=28))
    daily()
    round.refresh_from_db()
    assert round.stage == Phase.ENDED


def test_the_daily_command_leaves_planned_rounds_alone(round):
    scoring.schedule_round(round_id=round.pk, opens_at=START + datetime.timedelta(days=1))
    assert daily() == ""
    assert phase_of(round) == Phase.PLANNED


def test_a_key_that_a_power_cut_left_behind_is_swept_away(round):
    open_(round)
    score(round, *[all_("yes")] * 5)
    collate(round)
    assert seals.is_kept(round.code)
    other = open_(MeetingFactory().round)
    assert daily() == "Destroyed a key that no open round needs.\n"
    assert seals.kept_keys() == {other.code}
