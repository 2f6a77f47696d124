"""What time does to a round: opens it, stops it after 14 days, ends it after 28."""

import datetime
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from feedback.anonymity import seals
from feedback.models import Phase, Round, Slip, Table
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.rounds.phases import WrongPhase
from tests.actors.phones import Phone, all_, collate, open_, score
from tests.factories import MeetingFactory

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
    for act in (reading.show_comments, scoring.collate, scoring.stop_round, scoring.open_round):
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
    assert daily() == "Destroyed a key that no round needs.\n"
    assert set(seals.kept_keys()) == {other.code}


def test_a_key_of_an_unknown_round_may_be_another_databases_and_stays_until_none_can_need_it(settings):
    seals.create_key("WWW111")
    path = settings.SEAL_DIR / "WWW111.key"
    os.utime(path, (START.timestamp(), START.timestamp() - 27 * 86400))
    assert daily() == ""
    os.utime(path, (START.timestamp(), START.timestamp() - 29 * 86400))
    assert daily() == "Destroyed a key that no round needs.\n"


def test_what_cannot_be_destroyed_is_told_and_the_rest_is_done(round, settings, time_machine):
    open_(round)
    (settings.SEAL_DIR / "WWW111.key").mkdir()
    time_machine.shift(datetime.timedelta(days=300))
    os.utime(settings.SEAL_DIR / "WWW111.key", (START.timestamp(), START.timestamp()))
    with pytest.raises(CommandError, match="SEAL_DIR"):
        daily()
    assert phase_of(round) == Phase.ENDED


def test_a_round_nobody_came_to_ends_even_where_no_key_can_be_made(round, settings, tmp_path, time_machine):
    scoring.schedule_round(round_id=round.pk, opens_at=START)
    settings.SEAL_DIR = tmp_path / "unmounted"
    time_machine.shift(datetime.timedelta(days=15))
    assert "Not open yet -> Stopped" in daily()
    time_machine.shift(datetime.timedelta(days=15))
    assert "Stopped -> Ended" in daily()


@pytest.mark.parametrize("days", [13, 20])
def test_opening_by_hand_gives_a_round_that_opened_by_itself_no_new_time(round, time_machine, days):
    scoring.schedule_round(round_id=round.pk, opens_at=START)
    time_machine.shift(datetime.timedelta(days=days))
    if days > 14:
        with pytest.raises(WrongPhase):
            scoring.open_round(round_id=round.pk)
    else:
        assert open_(round).opened_at == START


def test_without_the_daily_command_the_desk_keeps_the_promise(as_, round, time_machine):
    open_(round)
    score(round, *[all_("yes")] * 5)
    time_machine.shift(datetime.timedelta(days=28))
    page = as_("alice").get(reverse("feedback:desk", args=["growth", round.meeting_id]))
    assert b"Nobody made a table within 28 days" in page.content
    assert Slip.objects.count() == 0
