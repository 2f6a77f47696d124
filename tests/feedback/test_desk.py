"""The minute-taker's way: open, watch, stop, comments, collate."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from feedback import seals
from feedback.models import Round, Slip, Table
from feedback.scoring import WrongPhase
from feedback.scoring import collate as collate_round
from tests.phones import Phone, all_, collate, open_, score, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


class Desk:
    def __init__(self, client: Client, round: Round) -> None:
        self.client, self.round = client, round

    def url(self, name: str) -> str:
        return reverse(f"feedback:{name}", args=[self.round.meeting.partnership.slug, self.round.meeting_id])

    def see(self, name: str = "desk", **more):
        return self.client.get(self.url(name), **more)

    def press(self, name: str, **form):
        """One POST and the page it leads to."""
        return self.client.post(self.url(name), form, follow=True)

    @property
    def stage(self) -> str:
        self.round.refresh_from_db()
        return self.round.stage


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
        assert "2 slips have come in, 13 recorded present" in page
        assert "Do not show me yet" not in page

    def test_has_a_qr_code_and_the_address(self, desk):
        page = desk.see().content.decode()
        assert f"http://testserver/m/{desk.round.code}/" in page
        assert re.search(r'<div class="app-qr" role="img" aria-label="[^"]+"><svg viewBox', page)

    def test_the_live_part_comes_alone_for_htmx(self, desk):
        open_(desk.round)
        score(desk.round, all_("yes"))
        part = desk.see(query_params={"phase": "open", "slips": "0"}, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert text_of(part) == "1 slip has come in, 13 recorded present"

    def test_nothing_comes_when_nothing_is_new(self, desk):
        open_(desk.round)
        part = desk.see(query_params={"phase": "open", "slips": "0"}, headers={"HX-Request": "true"})
        assert (part.status_code, part.content) == (204, b"")

    def test_the_page_is_loaded_anew_when_somebody_else_stopped(self, desk):
        open_(desk.round)
        desk.press("stop")
        part = desk.see(query_params={"phase": "open", "slips": "0"}, headers={"HX-Request": "true"})
        assert part.headers["HX-Refresh"] == "true"

    def test_the_number_present_can_be_typed_in(self, desk):
        open_(desk.round)
        assert "Number of people present saved." in text_of(desk.press("desk", present="21"))
        assert "21 recorded present" in text_of(desk.see())

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
        assert "the number of people present stays as it was" in text_of(desk.press("desk", present="21"))
        desk.round.meeting.refresh_from_db()
        assert desk.round.meeting.present == 13

    def test_a_session_that_ended_sends_the_whole_page_to_sign_in(self, desk):
        desk.client.logout()
        part = desk.see(query_params={"phase": "open", "slips": "0"}, headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Refresh"]) == (200, "true")

    def test_a_lost_key_is_told(self, desk):
        open_(desk.round)
        seals.destroy_key(desk.round.code)
        assert "The key of this round is lost" in text_of(desk.see())

    def test_the_same_number_of_queries_for_1_and_for_300_slips(self, desk, django_assert_num_queries):
        open_(desk.round)
        for more in (1, 299):
            _fill(desk.round, more)
            address = desk.url("desk")
            with django_assert_num_queries(5):
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


class TestComments:
    @pytest.fixture(autouse=True)
    def _stopped(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5, comments=("Louder please", "<i>Thanks</i>"))
        desk.press("stop")

    def test_are_shown_only_after_the_question(self, desk):
        page = text_of(desk.see("comments"))
        assert "5 slips have come in." in page
        assert "scoring cannot open again" in page
        assert "Louder" not in page
        page = desk.press("comments").content.decode()
        assert "Louder please" in page
        assert "&lt;i&gt;Thanks&lt;/i&gt;" in page
        assert desk.stage == "comments"

    def test_once_shown_scoring_cannot_open_again(self, desk):
        desk.press("comments")
        assert "Nothing was changed" in text_of(desk.press("open"))
        assert desk.stage == "comments"
        assert "no slip can be added or changed" in text_of(desk.see())

    def test_are_in_the_slips_random_order(self, desk):
        desk.press("comments")
        shown = re.findall(r'value="(\d+)-comment"', desk.see("comments").content.decode())
        assert shown == sorted(shown, key=int)

    def test_a_withheld_one_is_not_printed_and_the_table_says_how_many(self, desk):
        desk.press("comments")
        name = _tick_box(desk, "Louder please")
        page = text_of(desk.press("comments", read="yes", withhold=name))
        assert "1 comment will be withheld." in page
        assert (
            f'value="{name}" id="withhold-{name}" aria-describedby="text-{name}" checked'
            in desk.see("comments").content.decode()
        )
        table = desk.press("collate")
        assert "1 comment was withheld by the minute-taker." in text_of(table)
        assert "Louder" not in text_of(table)
        assert Table.objects.get().comments == {"comment": ["<i>Thanks</i>"]}

    def test_withholding_can_be_undone_until_the_table_is_made(self, desk):
        desk.press("comments")
        name = _tick_box(desk, "Louder please")
        desk.press("comments", read="yes", withhold=name)
        assert "All comments will be printed." in text_of(desk.press("comments", read="yes", before=name))
        desk.press("collate")
        assert set(*(Table.objects.get().comments or {}).values()) == {"<i>Thanks</i>", "Louder please"}
        assert Table.objects.get().withheld == 0

    def test_a_made_up_tick_box_changes_nothing(self, desk):
        desk.press("comments")
        name = _tick_box(desk, "Louder please")
        made_up = ["1-comment", "x", name.replace("comment", "\0"), name + "s"]
        assert "All comments will be printed." in text_of(desk.press("comments", read="yes", withhold=made_up))
        desk.press("collate")
        assert Table.objects.get().withheld == 0

    def test_two_who_read_at_once_undo_nothing_of_each_others(self, desk):
        desk.press("comments")
        one, other = (_tick_box(desk, text) for text in ("Louder please", "&lt;i&gt;Thanks&lt;/i&gt;"))
        desk.press("comments", read="yes", withhold=one)
        page = text_of(desk.press("comments", read="yes", withhold=other))
        assert "2 comments will be withheld." in page

    def test_a_double_click_on_show_undoes_nothing(self, desk):
        desk.press("comments")
        desk.press("comments", read="yes", withhold=_tick_box(desk, "Louder please"))
        desk.press("comments")
        assert "1 comment will be withheld." in text_of(desk.see("collate"))

    def test_are_not_shown_where_they_could_not_be_read(self, desk):
        seals.destroy_key(desk.round.code)
        assert "its slips cannot be read" in text_of(desk.press("comments"))
        assert desk.stage == "stopped"

    def test_a_lost_key_is_told(self, desk):
        desk.press("comments")
        seals.destroy_key(desk.round.code)
        assert "its slips cannot be read" in text_of(desk.client.get(desk.url("comments"), follow=True))
        assert "its slips cannot be read" in text_of(desk.press("collate"))
        assert desk.stage == "comments"

    def test_nobody_wrote_one(self, desk):
        Slip.objects.all().delete()
        Round.objects.update(stage="open")
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        assert "Nobody wrote a comment." in text_of(desk.press("comments"))


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
            page = desk.press("collate")
        assert "Collated table" in text_of(page)
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


def _fill(round: Round, number: int) -> None:
    seal = round.seal()
    Slip.objects.bulk_create(
        Slip(round=round, key_hash=bytes([n % 256, n // 256, number % 256]), revision=1, sealed=seal.close(_said()))
        for n in range(number)
    )


def _tick_box(desk: Desk, text: str) -> str:
    found = re.search(rf'id="text-(\d+-comment)">{text}<', desk.see("comments").content.decode())
    assert found
    return found[1]
