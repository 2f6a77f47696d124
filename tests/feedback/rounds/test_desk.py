"""The minute-taker's way: open, watch, stop, comments, collate."""

import re
import resource
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.utils.html import escape

from feedback.anonymity import seals
from feedback.models import Slip, Table
from feedback.rounds import comments as reading
from feedback.rounds.lifecycle import collate as collate_round
from feedback.rounds.phases import WrongPhase
from partnerships.models import Meeting
from tests.actors.desks import Desk, fill
from tests.actors.phones import Phone, all_, collate, open_, score, text_of
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


class TestOpening:
    def test_the_code_is_there_from_the_day_the_meeting_is_planned(self, desk):
        page = text_of(desk.see())
        assert desk.round.spaced_code in page
        assert "Scoring is not open yet" in page

    def test_opens_with_one_press(self, desk):
        assert "Scoring is open." in text_of(desk.press("open"))
        assert desk.stage == "open"
        assert desk.round.threshold == 5
        assert seals.is_kept(desk.round.code)

    def test_the_partnerships_own_threshold_is_fixed_when_it_opens(self, desk, partnership):
        partnership.threshold = 3
        partnership.save()
        desk.press("open")
        partnership.threshold = 5
        partnership.save()
        desk.round.refresh_from_db()
        assert desk.round.slips_needed == 3

    def test_pressing_twice_is_pressing_once(self, desk):
        desk.press("open")
        key = seals.Seal.of(desk.round.code, desk.round.instrument)
        desk.press("open")
        assert desk.stage == "open"
        assert seals.Seal.of(desk.round.code, desk.round.instrument).open(key.close(_said())) == _said()

    def test_a_time_can_be_set_and_taken_back(self, desk):
        assert "Scoring will open by itself" in text_of(desk.press("open", opens_at="2027-07-01T19:30"))
        assert "Scoring opens by itself on 1 July 2027, 19:30." in text_of(desk.see())
        assert "Scoring will not open by itself" in text_of(desk.press("stop"))
        desk.round.refresh_from_db()
        assert (desk.round.opens_at, desk.stage) == (None, "planned")

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "Choose a day and a time"),
            ("tomorrow", "Type a day and a time"),
            ("2020-01-01T10:00", "That time has passed"),
            ("2999-01-01T10:00", "within the next year"),
        ],
    )
    def test_an_impossible_time_is_told_and_kept(self, desk, typed, message):
        page = desk.press("open", opens_at=typed)
        assert page.status_code == 422
        assert message in text_of(page)
        assert "Error:" in text_of(page)
        assert f'value="{typed}"' in page.content.decode() or not typed

    def test_a_time_set_while_it_is_open_changes_nothing(self, desk):
        desk.press("open")
        page = text_of(desk.press("open", opens_at="2027-07-01T19:30"))
        assert "Nothing was changed. How it stands now: Open." in page

    def test_a_server_that_cannot_keep_a_key_says_so(self, desk, settings, tmp_path):
        (tmp_path / "file").write_text("")
        settings.SEAL_DIR = tmp_path / "file" / "seals"
        assert "the server cannot keep this meeting’s key" in text_of(desk.press("open"))
        assert desk.stage == "planned"


class TestWatching:
    def test_shows_the_number_of_slips_beside_the_number_present_and_nothing_else(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 2, comments=("Do not show me yet",))
        page = text_of(desk.see())
        assert "2 slips have come in. 13 people are recorded present." in page
        assert "Do not show me yet" not in page

    def test_has_a_qr_code_and_the_address(self, desk):
        page = desk.see().content.decode()
        assert f"http://testserver/m/{desk.round.code}/" in page
        assert re.search(r'<div class="app-qr" role="img" aria-label="[^"]+"><svg viewBox', page)

    def test_the_live_part_comes_alone_for_htmx(self, desk):
        open_(desk.round)
        score(desk.round, all_("yes"))
        part = desk.see(query_params={"phase": "open", "came": "0-0-13"}, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert text_of(part) == "1 slip has come in. 13 people are recorded present."

    def test_nothing_comes_when_nothing_is_new(self, desk):
        open_(desk.round)
        part = desk.see(query_params={"phase": "open", "came": "0-0-13"}, headers={"HX-Request": "true"})
        assert (part.status_code, part.content) == (204, b"")

    def test_the_page_is_loaded_anew_when_somebody_else_stopped(self, desk):
        open_(desk.round)
        desk.press("stop")
        part = desk.see(query_params={"phase": "open", "came": "0-0-13"}, headers={"HX-Request": "true"})
        assert part.headers["HX-Refresh"] == "true"

    def test_the_number_present_can_be_typed_in(self, desk):
        open_(desk.round)
        assert "Number of people saved." in text_of(desk.press("desk", present="21"))
        assert "21 people are recorded present." in text_of(desk.see())

    @pytest.mark.parametrize("typed", ["many", "-1", "1.5", "99999"])
    def test_a_strange_number_present_is_told(self, desk, typed):
        page = desk.press("desk", present=typed)
        assert page.status_code == 422
        assert "There is a problem" in text_of(page)
        desk.round.meeting.refresh_from_db()
        assert desk.round.meeting.present == 13

    def test_stays_as_it_was_once_the_table_is_made(self, desk):
        open_(desk.round)
        collate(desk.round)
        assert "the number of people stays as it was" in text_of(desk.press("desk", present="21"))
        desk.round.meeting.refresh_from_db()
        assert desk.round.meeting.present == 13

    def test_a_session_that_ended_sends_the_whole_page_to_sign_in(self, desk):
        desk.client.logout()
        part = desk.see(query_params={"phase": "open", "came": "0-0-13"}, headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Refresh"]) == (200, "true")

    def test_counts_phones_and_paper_together_and_says_how_many_of_each(self, desk):
        open_(desk.round)
        fill(desk.round, 4)
        fill(desk.round, 2, on_paper=True)
        assert "6 slips have come in: 4 by phone, 2 on paper. 13 people are recorded present." in text_of(desk.see())

    def test_a_number_present_that_changes_is_new_too(self, desk):
        open_(desk.round)
        desk.press("desk", present="1")
        part = desk.see(query_params={"phase": "open", "came": "0-0-13"}, headers={"HX-Request": "true"})
        assert text_of(part) == "0 slips have come in. 1 person is recorded present."

    @pytest.mark.parametrize(("slips", "warned"), [(12, False), (13, False), (14, True)])
    def test_says_when_there_are_more_slips_than_people(self, desk, slips, warned):
        open_(desk.round)
        fill(desk.round, slips)
        warning = "More slips than people present: somebody may have scored twice, or the number present is wrong."
        assert (warning in text_of(desk.see())) is warned

    def test_without_a_number_present_there_is_nothing_to_compare(self, desk):
        desk.press("desk", present="")
        open_(desk.round)
        fill(desk.round, 3)
        part = desk.see(query_params={"phase": "open"}, headers={"HX-Request": "true"})
        assert text_of(part) == "3 slips have come in."

    def test_the_same_number_of_queries_for_1_and_for_300_slips(self, desk, django_assert_num_queries):
        open_(desk.round)
        for more in (1, 299):
            fill(desk.round, more)
            address = desk.url("desk")
            with django_assert_num_queries(6):
                desk.client.get(address)
        assert Slip.objects.count() == 300


class TestStopping:
    def test_phones_are_refused_and_it_can_be_opened_again(self, desk):
        open_(desk.round)
        phone = Phone(desk.round).load()
        assert "Scoring has stopped." in text_of(desk.press("stop"))
        assert phone.send(all_("yes")).status_code == 409
        assert "Open scoring again" in text_of(desk.see())
        desk.press("open")
        assert phone.send(all_("yes")).status_code == 302

    def test_stopping_twice_is_stopping_once(self, desk):
        open_(desk.round)
        desk.press("stop")
        desk.press("stop")
        assert desk.stage == "stopped"

    def test_after_the_table_there_is_nothing_to_stop(self, desk):
        open_(desk.round)
        collate(desk.round)
        assert "Nothing was changed. How it stands now: Collated." in text_of(desk.press("stop"))
        assert "The table is made and the slips are destroyed" in text_of(desk.see())
        assert "have come in" not in text_of(desk.see())


class TestCollating:
    def test_asks_first_and_says_it_cannot_be_undone(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        desk.press("comments")
        page = text_of(desk.see("collate"))
        assert "5 slips have come in, 13 people are recorded present." in page
        assert "This cannot be undone. All slips are destroyed." in page
        assert Table.objects.count() == 0

    def test_makes_the_table_and_destroys_slips_and_key(self, desk, django_capture_on_commit_callbacks):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        desk.press("comments")
        with django_capture_on_commit_callbacks(execute=True):
            page = text_of(desk.press("collate"))
        assert "The table is made, and all slips are destroyed." in page
        assert desk.stage == "collated"
        assert Slip.objects.count() == 0
        assert not seals.is_kept(desk.round.code)

    def test_a_key_that_cannot_be_destroyed_is_told(self, desk, settings):
        open_(desk.round)
        collate(desk.round)
        assert "could not be destroyed yet" in text_of(desk.see())

    def test_two_who_press_at_once_get_one_table(self, desk, as_):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        desk.press("comments")
        for _ in range(2):
            assert "Collated table" in text_of(desk.press("collate"))
        assert Table.objects.count() == 1

    def test_cannot_skip_the_comments(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        assert "Read the comments?" in text_of(desk.press("collate"))
        assert desk.stage == "stopped"
        with pytest.raises(WrongPhase):
            collate_round(round_id=desk.round.pk)

    @pytest.mark.parametrize("name", ["comments", "collate"])
    def test_not_while_it_is_open(self, desk, name):
        open_(desk.round)
        assert "How it stands: Open." in text_of(desk.press(name))
        assert desk.stage == "open"

    def test_asking_while_it_is_open_leads_to_the_desk(self, desk):
        open_(desk.round)
        response = desk.client.get(desk.url("collate"))
        assert (response.status_code, response.url) == (302, desk.url("desk"))

    def test_the_number_present_may_be_missing(self, desk):
        open_(desk.round)
        desk.round.meeting.present = None
        desk.round.meeting.save()
        desk.press("stop")
        assert "the number of people present is not recorded" in text_of(desk.see("collate"))


class TestMoreSlipsThanPeople:
    REASON = "Two of the staff scored too"

    @pytest.fixture(autouse=True)
    def _fourteen(self, desk):
        open_(desk.round)
        fill(desk.round, 14)
        desk.press("stop")
        desk.press("comments")

    def test_a_word_of_explanation_is_asked_for_before_the_table_is_made(self, desk):
        page = text_of(desk.see("collate"))
        assert "14 slips have come in, 13 people are recorded present." in page
        assert "Why are there more slips than people?" in page
        refused = desk.press("collate")
        assert refused.status_code == 422
        assert "Say why there are more slips than people, or put the number of people right" in text_of(refused)
        assert Table.objects.count() == 0

    def test_it_is_printed_below_both_numbers(self, desk):
        page = text_of(desk.press("collate", explanation=f"  {self.REASON} \r\n (they had\tasked) "))
        assert "Slips: 14 People present: 13" in page
        assert f"Why there are more slips than people: {self.REASON} (they had asked)" in page

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("<b>" + "x" * 298, "Shorten the explanation to 300 characters or fewer"),
            ("=HYPERLINK(1)", "begins with ="),
            ("A \u202eturn", "holds a character that cannot be shown"),
            ("?!", "has no letter in it"),
        ],
    )
    def test_one_that_cannot_be_printed_is_told_and_kept(self, desk, typed, message):
        refused = desk.press("collate", explanation=typed)
        assert refused.status_code == 422
        assert message in text_of(refused)
        assert escape(typed) in refused.content.decode()
        assert Table.objects.count() == 0

    def test_none_is_asked_for_once_the_number_is_right(self, desk):
        desk.press("desk", present="14")
        assert "Why are there more slips" not in text_of(desk.see("collate"))
        page = text_of(desk.press("collate", explanation="Nobody asked"))
        assert "Slips: 14 People present: 14" in page
        assert "Nobody asked" not in page

    def test_a_number_put_down_by_somebody_else_in_that_moment_is_asked_about(self, desk):
        desk.press("desk", present="14")
        with meanwhile("on_paper", lambda: Meeting.objects.update(present=13)):
            page = desk.press("collate")
        assert "Why are there more slips than people?" in text_of(page)
        assert Table.objects.count() == 0

    def test_under_the_threshold_too(self, desk, partnership):
        other = Desk(desk.client, open_(MeetingFactory(partnership=partnership, present=3).round))
        fill(other.round, 4)
        other.press("stop")
        assert "Why are there more slips than people?" in text_of(other.see("collate"))
        assert other.press("collate").status_code == 422
        page = text_of(other.press("collate", explanation=self.REASON))
        assert (
            "4 slips: too few to show without giving someone away. 3 people were present. "
            f"Why there are more slips than people: {self.REASON}"
        ) in page


class TestAServerThatCannotWrite:
    """Its disk is full, or another program keeps the database locked."""

    @pytest.mark.parametrize(
        ("before", "name", "form"),
        [
            ("planned", "open", {}),
            ("planned", "open", {"opens_at": "2027-07-01T19:30"}),
            ("open", "stop", {}),
            ("open", "desk", {"present": "12"}),
            ("stopped", "comments", {}),
            ("comments", "comments", {"read": "yes"}),
            ("comments", "collate", {}),
        ],
    )
    def test_says_so_and_nothing_has_changed(self, desk, before, name, form):
        if before != "planned":
            open_(desk.round)
            fill(desk.round, 5, comment="Louder please")
        for step in ("stop", "comments")[: ("planned", "open", "stopped", "comments").index(before) - 1]:
            desk.press(step)
        if name == "comments" and form:
            desk.round.refresh_from_db()
            comment = reading.comments_of(round=desk.round)[0].name
            form = form | {f"{comment}-how": "withhold", f"{comment}-reason": "other"}
        with disk_full():
            page = desk.press(name, **form)
        assert "Nothing was changed: the server could not write it down." in text_of(page)
        assert (desk.stage, Slip.objects.count()) == (before, 0 if before == "planned" else 5)
        desk.round.meeting.refresh_from_db()
        assert desk.round.meeting.present == 13

    def test_a_folder_of_keys_on_a_full_disk_opens_nothing(self, desk, settings):
        with no_more_bytes():
            page = desk.press("open")
        assert "Scoring could not open: the server cannot keep this meeting’s key." in text_of(page)
        assert desk.stage == "planned"
        assert list(settings.SEAL_DIR.iterdir()) == []
        assert "Scoring is open." in text_of(desk.press("open"))


@contextmanager
def meanwhile(words, act):
    """Somebody else acts right after the first statement with these words."""
    acts = [act]

    def run(execute, sql, *rest):
        done = execute(sql, *rest)
        if words in sql and acts:
            acts.pop()()
        return done

    with connection.execute_wrapper(run):
        yield


@contextmanager
def disk_full():
    """Whatever would change a row is refused, as SQLite and PostgreSQL do it."""

    def refuse(execute, sql, *rest):
        if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def no_more_bytes():
    """No file of this process may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestTooFew:
    @pytest.fixture(autouse=True)
    def _four(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("no")] * 4, comments=("It was the chair",))
        desk.press("stop")

    def test_the_comments_cannot_be_read(self, desk):
        assert "How it stands: Stopped." in text_of(desk.press("comments"))
        assert "How it stands: Stopped." in text_of(desk.client.get(desk.url("comments"), follow=True))
        assert desk.stage == "stopped"

    def test_the_desk_offers_to_finish_without_figures_or_to_open_again(self, desk):
        page = text_of(desk.see())
        assert "A table needs 5 slips" in page
        assert "Finish without figures" in page
        assert "Open scoring again" in page

    def test_only_the_two_numbers_are_kept(self, desk):
        assert "That is fewer than the 5 a table needs" in text_of(desk.see("collate"))
        page = text_of(desk.press("collate"))
        assert "4 slips: too few to show without giving someone away. 13 people were present." in page
        table = Table.objects.get()
        assert (table.slips, table.present, table.tallies, table.comments, table.withheld) == (4, 13, None, None, 0)
        assert Slip.objects.count() == 0


def _said():
    return seals.SlipContent({"together": "yes"}, {})
