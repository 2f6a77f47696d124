"""How each meeting stands among all of its partnership: worked out when a table comes, goes or moves, and kept."""

import datetime
from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.models import ChartNote, Standing, Table
from feedback.scores.verdicts import Verdict
from feedback.trends.history import KEYS, TOTAL, History
from feedback.trends.standings import catch_up, keep_standings
from partnerships.models import Meeting, Partnership
from tests.actors.desks import Desk
from tests.actors.phones import STATEMENTS, all_, open_, score
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.years import met

pytestmark = pytest.mark.django_db
GOOD, FAIR, POOR = (6, 0, 0), (5, 1, 0), (0, 0, 6)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


def meet(partnership: Partnership, *answers: object, year: int = 2025) -> list[Meeting]:
    """One meeting a month from January on, each with its table."""
    return [met(partnership, f"{year}-{month:02}-04", each) for month, each in enumerate(answers, 1)]


@pytest.fixture
def nine(partnership) -> list[Meeting]:
    """Averages of 3 and 2.83 by turns."""
    return meet(partnership, *[GOOD, FAIR] * 4, GOOD)


def scored(as_, partnership: Partnership, option: str = "no", day: str = "2026-05-04") -> Meeting:
    """A meeting whose table is made through the desk."""
    meeting = MeetingFactory(partnership=partnership, date=datetime.date.fromisoformat(day))
    desk = Desk(as_("alice"), open_(meeting.round))
    score(desk.round, *[all_(option)] * 6)
    for step in ("stop", "comments", "collate"):
        desk.press(step)
    assert desk.stage == "collated"
    return meeting


def kept(meeting: Meeting) -> dict[str, Verdict]:
    """{key: verdict} of the meeting's table, as pages read it."""
    standing = Standing.objects.get(table__round__meeting=meeting)
    return {key: verdict for key in KEYS if (verdict := standing.verdict(key))}


def latest(partnership: Partnership) -> dict[str, Verdict]:
    """The same of the latest meeting, worked out anew."""
    return {key: series.verdict for key, series in History.of(partnership).series.items()}


def everybody(verdict: Verdict, keys: Sequence[str] = KEYS) -> dict[str, Verdict]:
    return dict.fromkeys(keys, verdict)


NOTHING = Verdict(10)
DROP = Verdict(10, "outside", -1, datetime.date(2026, 5, 4))


class TestATableMade:
    def test_stands_with_all_before_it(self, as_, partnership, nine):
        """Nine ranges: eight of 1/6 and one of 2, which is left out: the limits are 2.72 +/- 0.44."""
        meeting = scored(as_, partnership)
        assert kept(meeting) == latest(partnership) == everybody(DROP)
        assert kept(meeting)[TOTAL].words == "Real drop since 4 May 2026"

    def test_and_what_was_said_of_those_before_it_stays(self, as_, partnership, nine):
        scored(as_, partnership, "yes")
        assert [kept(meeting) for meeting in nine] == [everybody(Verdict(number)) for number in range(1, 10)]

    def test_with_nine_it_is_too_soon_to_tell(self, as_, partnership):
        meet(partnership, *[GOOD, FAIR] * 4)
        meeting = scored(as_, partnership)
        assert kept(meeting) == latest(partnership) == everybody(Verdict(9))
        assert kept(meeting)["agenda"].words == "Too soon to tell: 9 of 10 meetings"

    def test_of_too_few_slips_stands_nowhere(self, as_, partnership, nine):
        meeting = MeetingFactory(partnership=partnership, date=datetime.date(2026, 5, 4))
        desk = Desk(as_("alice"), open_(meeting.round))
        score(desk.round, *[all_("no")] * 4)
        for step in ("stop", "collate"):
            desk.press(step)
        assert Table.objects.get(round__meeting=meeting).is_too_small
        assert set(Standing.objects.values_list("table__round__meeting", flat=True)) == {each.pk for each in nine}

    def test_a_statement_that_is_hidden_stands_nowhere_and_counts_as_no_meeting(self, as_, partnership, nine):
        shown = [key for key in STATEMENTS if key != "agenda"]
        some = met(partnership, "2026-04-04", dict.fromkeys(shown, FAIR))
        meeting = scored(as_, partnership, "yes")
        assert kept(some) == everybody(NOTHING, shown)
        without = dict.fromkeys(("agenda", TOTAL), NOTHING)
        assert kept(meeting) == latest(partnership) == everybody(Verdict(11)) | without

    def test_says_nothing_of_another_partnership(self, as_, partnership, nine):
        elsewhere = PartnershipFactory(area=partnership.area)
        meet(elsewhere, GOOD, POOR)
        scored(as_, partnership)
        assert not Standing.objects.filter(table__round__meeting__partnership=elsewhere).exists()

    def test_since_when_is_the_first_of_the_unbroken(self, as_, partnership, nine):
        met(partnership, "2026-04-04", POOR)
        scored(as_, partnership)
        since = datetime.date(2026, 4, 4)
        assert latest(partnership)["agenda"] == Verdict(11, "outside", -1, since)
        assert kept(Meeting.objects.get(date="2026-05-04"))["agenda"] == Verdict(11, "outside", -1, since)


class TestWhenSomethingChanges:
    def test_a_meeting_that_is_moved_stands_at_its_new_place(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        after = met(partnership, "2026-05-05", GOOD)
        keep_standings(partnership.pk)
        assert (kept(meeting)["agenda"].since, kept(after)["agenda"]) == (meeting.date, Verdict(11))
        url = reverse("partnerships:change_meeting", args=["growth", meeting.pk])
        assert as_("alice").post(url, {"date": "2026-05-06", "venue": "The Guildhall"}).status_code == 302
        moved = Verdict(11, "outside", -1, datetime.date(2026, 5, 6))
        assert kept(meeting) == latest(partnership) == everybody(moved)
        assert kept(after) == everybody(NOTHING)

    def test_another_venue_works_nothing_out(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        Standing.objects.all().delete()
        url = reverse("partnerships:change_meeting", args=["growth", meeting.pk])
        assert as_("alice").post(url, {"date": "2026-05-04", "venue": "The library"}).status_code == 302
        assert Standing.objects.count() == 0

    def test_from_a_reset_on_meetings_stand_among_themselves(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        ChartNote.objects.create(
            partnership=partnership, date="2026-05-01", kind="working", text="Online", resets_limits=True, reason="New"
        )
        keep_standings(partnership.pk)
        assert kept(meeting) == latest(partnership) == everybody(Verdict(1))
        assert kept(nine[-1]) == everybody(Verdict(9))

    def test_a_reset_on_the_day_of_a_meeting_begins_with_it(self, partnership, nine):
        ChartNote.objects.create(
            partnership=partnership, date=nine[4].date, kind="chair", text="Una", resets_limits=True, reason="New"
        )
        keep_standings(partnership.pk)
        assert [kept(meeting)[TOTAL].meetings for meeting in nine] == [*range(1, 5), *range(1, 6)]

    def test_a_meeting_called_off_after_its_table_was_put_in_stands_nowhere(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        meeting.called_off_on = meeting.date
        meeting.change(["called_off_on"], concerns_calendars=True)
        assert not Standing.objects.filter(table__round__meeting=meeting).exists()

    def test_tables_that_go_leave_the_others_to_stand_without(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        Table.objects.get(round__meeting=nine[0]).delete()
        keep_standings(partnership.pk)
        assert kept(meeting) == latest(partnership) == everybody(Verdict(9))
        Table.objects.all().delete()
        keep_standings(partnership.pk)
        assert (Standing.objects.count(), latest(partnership)) == (0, everybody(Verdict(0)))

    def test_what_is_no_meeting_any_more_stands_nowhere(self, as_, partnership, nine):
        meeting = scored(as_, partnership)
        Meeting.objects.filter(pk=meeting.pk).update(called_off_on=meeting.date)
        keep_standings(partnership.pk)
        assert not Standing.objects.filter(table__round__meeting=meeting).exists()
        assert kept(nine[-1]) == latest(partnership) == everybody(Verdict(9))


class TestCatchingUp:
    def test_has_nothing_to_do_with_what_shows_no_statement(self, partnership):
        met(partnership, "2026-05-04", {})
        assert [catch_up(), catch_up()] == [1, 0]
        assert Standing.objects.get().verdicts == {}

    def test_is_done_every_day(self, partnership, nine):
        out = StringIO()
        call_command("daily", stdout=out)
        assert "Worked out how the meetings of 1 partnership(s) stand" in out.getvalue()
        assert kept(nine[-1]) == everybody(Verdict(9))

    def test_works_out_what_is_missing(self, partnership, nine):
        elsewhere = meet(PartnershipFactory(), GOOD)
        assert (Standing.objects.count(), catch_up()) == (0, 2)
        assert kept(nine[-1]) == latest(partnership) == everybody(Verdict(9))
        assert kept(elsewhere[0]) == everybody(Verdict(1))

    def test_and_then_nothing(self, nine):
        catch_up()
        assert catch_up() == 0

    def test_not_those_without_figures(self, partnership):
        met(partnership, "2025-05-04", slips=4)
        assert catch_up() == 0


def test_the_same_number_of_queries_for_1_and_for_12_meetings(partnership, django_assert_num_queries):
    """The lock, tables, notes, writing, clearing, and the two ends of the transaction."""
    for answers, year in ([GOOD], 2024), ([GOOD, FAIR, POOR] * 4, 2025):
        meet(partnership, *answers, year=year)
        with django_assert_num_queries(7):
            keep_standings(partnership.pk)


def test_a_history_is_two_queries_however_long(partnership, django_assert_num_queries):
    for answers, year in ([GOOD], 2024), ([GOOD, FAIR, POOR] * 4, 2025):
        meet(partnership, *answers, year=year)
        with django_assert_num_queries(2):
            latest(partnership)
