"""The slip, through the front door: what a phone sends and sees."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.anonymity import seals
from feedback.anonymity.phone_keys import hash_of, new_key
from feedback.models import Round, Slip
from feedback.slips import rate_limits as guessing
from partnerships.models import Meeting, Partnership
from tests.actors.phones import STATEMENTS, Phone, address, all_, collate, hidden, open_, text_of

pytestmark = pytest.mark.django_db


def stored(round: Round) -> list[tuple[int, dict, dict]]:
    """(revision, answers, comments) of every slip."""
    contents = [(slip.revision, round.seal().open(slip.sealed)) for slip in round.slips.all()]
    return sorted((revision, dict(said.answers), dict(said.comments)) for revision, said in contents)


@pytest.fixture
def open_round(round) -> Round:
    return open_(round)


class TestThePage:
    def test_says_who_when_what_and_how_many_slips_a_table_needs(self, open_round):
        page = Client().get(address(open_round))
        words = text_of(page)
        assert "Strategic Growth Partnership, 4 March 2026" in words
        assert "1. We are working well together" in words
        assert "Your name is not stored. Your answers are added up, and your slip is destroyed" in words
        assert "A table needs at least 5 slips" in words
        assert len(re.findall(r'type="radio"', page.content.decode())) == 21

    def test_touches_no_session_and_sets_one_cookie_for_this_round_alone(self, open_round):
        page = Client().get(address(open_round))
        assert list(page.cookies) == ["slip"]
        cookie = page.cookies["slip"]
        assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (address(open_round), "Lax", True)
        assert cookie.value == hidden(page.content, "key")
        assert "Cookie" not in page.headers.get("Vary", "")

    def test_is_never_kept_by_a_browser_or_proxy(self, open_round):
        assert "no-store" in Client().get(address(open_round)).headers["Cache-Control"]

    def test_a_renamed_partnership_is_seen_a_minute_later(self, open_round, time_machine):
        time_machine.move_to(open_round.opened_at)
        Client().get(address(open_round))
        Partnership.objects.update(name="Board of <Growth>")
        time_machine.shift(61)
        assert b"Board of &lt;Growth&gt;, 4 March 2026" in Client().get(address(open_round)).content

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, open_round, method):
        assert getattr(Client(), method)(address(open_round)).status_code == 405


class TestSending:
    def test_a_full_slip_is_stored_and_its_total_shown(self, open_round):
        phone = Phone(open_round).load()
        response = phone.send(all_("yes") | {"agenda": "ni", "frank": "no"}, "More time to talk")
        assert response.status_code == 302
        assert response.headers["Location"] == reverse("feedback:sent", args=[open_round.code])
        sent = text_of(phone.client.get(response.headers["Location"]))
        assert "Sent. Thank you" in sent
        assert "Your total: 18 out of 21" in sent
        assert stored(open_round) == [
            (1, all_("yes") | {"agenda": "ni", "frank": "no"}, {"comment": "More time to talk"})
        ]

    def test_only_a_hash_of_the_key_is_stored(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"))
        slip = Slip.objects.get()
        assert bytes(slip.key_hash) == hash_of(hidden(phone.page, "key"))

    def test_blanks_are_asked_about_once_by_name_and_then_accepted(self, open_round):
        phone = Phone(open_round).load()
        answers = all_("yes")
        del answers["frank"], answers["charter"]
        asked = phone.send(answers)
        assert asked.status_code == 200
        assert "Some statements are blank" in text_of(asked)
        assert '<a href="#frank">We are being frank and open about issues</a>' in asked.content.decode()
        assert '<a href="#charter">' in asked.content.decode()
        assert stored(open_round) == []
        phone.page = asked.content
        response = phone.send(answers, blanks=hidden(asked.content, "blanks"))
        sent = text_of(phone.client.get(response.headers["Location"]))
        assert "You left 2 statements blank" in sent
        assert "Your total" not in sent
        assert stored(open_round) == [(1, answers, {})]

    def test_the_question_keeps_what_was_typed(self, open_round):
        asked = Phone(open_round).load().send({"agenda": "no"}, "Ran <late>\nagain")
        assert 'value="no" id="agenda-no" checked' in asked.content.decode()
        assert "\nRan &lt;late&gt;\nagain</textarea>" in asked.content.decode()

    def test_a_comment_counts_a_line_break_as_one_character(self, open_round):
        line = "x" * 34 + "\r\n"
        assert Phone(open_round).load().send(all_("yes"), line * 28 + "y" * 20).status_code == 302
        assert stored(open_round)[0][2] == {"comment": ("x" * 34 + "\n") * 28 + "y" * 20}

    def test_the_first_slip_of_a_round_that_opens_by_itself_opens_it(self, round, time_machine):
        time_machine.move_to("2026-03-04 13:00:00+00:00")
        Round.objects.update(opens_at="2026-03-04T12:00:00+00:00")
        assert Phone(round).load().send(all_("yes")).status_code == 302
        round.refresh_from_db()
        assert (round.stage, round.threshold, round.opened_at) == ("open", 5, round.opens_at)
        assert len(stored(round)) == 1


class TestChanging:
    def test_the_same_phone_finds_its_answers_and_may_change_them(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"), "First thoughts")
        again = phone.load().page.decode()
        assert again.count(" checked") == 7
        assert "\nFirst thoughts</textarea>" in again
        assert hidden(phone.page, "revision") == "2"
        phone.send(all_("no"), "Second thoughts")
        assert stored(open_round) == [(2, all_("no"), {"comment": "Second thoughts"})]

    def test_a_double_tap_counts_once(self, open_round):
        phone = Phone(open_round).load()
        assert [phone.send(all_("ni")).status_code for _ in range(3)] == [302, 302, 302]
        assert stored(open_round) == [(1, all_("ni"), {})]

    def test_a_change_in_another_tab_is_told_and_nothing_is_lost(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"))
        refused = phone.send(all_("no"), "From the older tab")
        assert refused.status_code == 409
        assert "Your answers were changed in another tab" in text_of(refused)
        assert "From the older tab</textarea>" in refused.content.decode()
        assert stored(open_round) == [(1, all_("yes"), {})]
        phone.page = refused.content
        assert phone.send(all_("no"), "From the older tab").status_code == 302
        assert stored(open_round) == [(2, all_("no"), {"comment": "From the older tab"})]

    def test_a_mistake_in_an_older_tab_does_not_make_it_the_newest(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"))
        mistaken = phone.send(all_("no"), "x" * 1001)
        assert hidden(mistaken.content, "revision") == "1"

    def test_a_late_older_revision_changes_nothing(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"), revision="7")
        assert phone.send(all_("no"), revision="6").status_code == 409
        assert stored(open_round) == [(7, all_("yes"), {})]

    def test_a_phone_that_reloads_before_the_first_slip_sees_the_form(self, round):
        Round.objects.update(opens_at=timezone.now() - timedelta(hours=1))
        assert Phone(round).load().load().page.count(b"<fieldset") == 7

    def test_two_phones_are_two_slips(self, open_round):
        for _ in range(2):
            Phone(open_round).load().send(all_("yes"))
        assert len(stored(open_round)) == 2


class TestWithoutCookies:
    def test_the_slip_is_stored_and_the_page_shows_no_total(self, open_round):
        response = Phone(open_round, cookies=False).load().send(all_("yes"))
        assert response.status_code == 200
        words = text_of(response)
        assert "Sent. Thank you" in words
        assert "cannot be changed from here later" in words
        assert "Your total" not in words
        assert stored(open_round) == [(1, all_("yes"), {})]

    def test_visitors_are_never_merged(self, open_round):
        for _ in range(3):
            Phone(open_round, cookies=False).load().send(all_("yes"))
        assert len(stored(open_round)) == 3

    def test_sent_says_nothing_without_a_receipt(self, open_round):
        for client in (Client(), Phone(open_round).load().client):
            response = client.get(reverse("feedback:sent", args=[open_round.code]))
            assert response.status_code == 302
            assert response.headers["Location"] == address(open_round)


class TestBadInput:
    """A clear page, nothing stored, and everything typed still there."""

    def refused(self, round: Round, status: int, message: str, answers=None, comment="Mind this", **more: str):
        response = Phone(round).load().send(all_("yes") if answers is None else answers, comment, **more)
        assert response.status_code == status
        assert message in text_of(response)
        assert Slip.objects.count() == 0
        return response.content.decode()

    def test_an_unknown_answer(self, open_round):
        page = self.refused(
            open_round,
            422,
            "Choose one of these for “We are sticking to our agenda”: Yes, Needs Improvement, No",
            all_("yes") | {"agenda": "maybe"},
        )
        assert 'href="#agenda"' in page
        assert page.count(" checked") == 6
        assert "Mind this</textarea>" in page

    def test_a_foreign_statement(self, open_round):
        self.refused(open_round, 422, "This form does not belong to this meeting", weather="yes")

    def test_a_statement_answered_twice(self, open_round):
        phone = Phone(open_round).load()
        form = {"key": hidden(phone.page, "key"), "revision": "1", "blanks": "left", "agenda": ["yes", "no"]}
        assert phone.client.post(phone.address, form).status_code == 422
        assert Slip.objects.count() == 0

    def test_a_comment_too_long(self, open_round):
        page = self.refused(open_round, 422, "Your comment is too long: 1001 characters", comment="ü" * 1001)
        assert "ü" * 1001 in page

    def test_a_comment_of_5_megabytes(self, open_round):
        response = Phone(open_round).load().send(all_("yes"), "x" * 5_000_000)
        assert response.status_code in {400, 413}
        assert "Nothing was stored" in text_of(response)
        assert Slip.objects.count() == 0

    def test_a_comment_of_a_thousand_lines(self, open_round):
        self.refused(open_round, 422, "Your comment has too many lines. Use at most 30.", comment="x\n" * 31 + "x")

    def test_a_file(self, open_round):
        phone = Phone(open_round).load()
        form = {"key": hidden(phone.page, "key"), "revision": "1", "agenda": ContentFile(b"x" * 100, name="agenda")}
        response = phone.client.post(phone.address, all_("yes") | form)
        assert response.status_code in {400, 413}
        assert "Nothing was stored" in text_of(response)
        assert Slip.objects.count() == 0

    def test_a_nul_byte(self, open_round):
        page = self.refused(open_round, 422, "a character that cannot be stored", comment="Mind\0this")
        assert "Mindthis</textarea>" in page

    @pytest.mark.parametrize("key", ["", "short", "ä" * 32])
    def test_a_missing_or_broken_key(self, open_round, key):
        page = self.refused(open_round, 422, "This page had lost its key", key=key)
        assert len(hidden(page.encode(), "key")) == 32

    def test_a_key_that_the_cookie_contradicts(self, open_round):
        page = self.refused(open_round, 409, "opened before the phone was handed on", key=new_key(open_round.code))
        assert "Mind this</p>" in page
        assert "<form" not in page

    @pytest.mark.parametrize("revision", ["", "0", "-1", "x", "2147483648", "9" * 30])
    def test_an_impossible_revision(self, open_round, revision):
        self.refused(open_round, 422, "This page was out of date", revision=revision)

    def test_a_broken_key_without_cookies_gets_a_new_one(self, open_round):
        response = Phone(open_round, cookies=False).load().send(all_("yes"), key="")
        assert response.status_code == 422
        assert len(hidden(response.content, "key")) == 32

    def test_a_good_key_without_cookies_is_kept_through_a_mistake(self, open_round):
        phone = Phone(open_round, cookies=False).load()
        response = phone.send(all_("yes") | {"agenda": "maybe"})
        assert hidden(response.content, "key") == hidden(phone.page, "key")

    def test_an_out_of_date_page_after_sending_gets_the_next_revision(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"))
        assert hidden(phone.send(all_("no"), revision="").content, "revision") == "2"

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[::1", "//testserver", ""])
    def test_another_sites_page(self, open_round, origin):
        phone = Phone(open_round).load()
        form = {"key": hidden(phone.page, "key"), "revision": "1"} | all_("yes")
        response = phone.client.post(phone.address, form, headers={"Origin": origin})
        assert response.status_code == 403
        assert "sent from another site’s page" in text_of(response)
        assert Slip.objects.count() == 0

    def test_its_own_origin_is_let_in(self, open_round):
        phone = Phone(open_round).load()
        form = {"key": hidden(phone.page, "key"), "revision": "1"} | all_("yes")
        assert phone.client.post(phone.address, form, headers={"Origin": "http://testserver"}).status_code == 302

    def test_control_characters_are_dropped(self, open_round):
        Phone(open_round).load().send(all_("yes"), "a\x07b\x1bc")
        assert stored(open_round)[0][2] == {"comment": "abc"}


class TestCodes:
    def test_a_mistyped_code_leads_to_a_box_with_what_was_typed(self, db):
        response = Client().get("/m/4F7K2M/")
        assert response.status_code == 404
        assert "No meeting has this code" in text_of(response)
        assert 'value="4F7K2M"' in response.content.decode()

    @pytest.mark.parametrize("typed", ["%00", "x" * 300, "%3Cscript%3E", "%F0%9F%92%A9"])
    def test_what_cannot_be_a_code(self, db, typed):
        response = Client().get(f"/m/{typed}/")
        assert response.status_code == 404
        assert "<script>" not in response.content.decode()

    def test_lower_case_and_look_alikes_lead_to_the_one_address(self, open_round):
        Round.objects.update(code="4F7K2M")
        response = Client().get("/m/4f7%20k2m/")
        assert (response.status_code, response.headers["Location"]) == (302, "/m/4F7K2M/")

    def test_a_slip_sent_to_a_sloppy_address_counts(self, open_round):
        phone = Phone(open_round).load()
        phone.address = f"/m/{open_round.code.lower()}/"
        assert phone.send(all_("yes"), blanks="left").status_code in {200, 302}
        assert len(stored(open_round)) == 1

    def test_sent_of_an_unknown_code(self, db):
        assert Client().get("/m/4F7K2M/sent/").status_code == 404

    def test_a_deleted_meeting(self, open_round):
        phone = Phone(open_round).load()
        Meeting.objects.all().delete()
        assert phone.client.get(phone.address).status_code == 404
        assert phone.send(all_("yes")).status_code == 404


class TestGuessing:
    def guess(self, times: int, address: str = "192.0.2.7") -> int:
        client = Client(REMOTE_ADDR=address)
        return [client.get("/m/4F7K2M/").status_code for _ in range(times)][-1]

    def test_an_address_that_mistypes_four_hundred_times_waits_ten_minutes(self, open_round, time_machine):
        time_machine.move_to(open_round.opened_at, tick=False)
        assert self.guess(400) == 404
        assert self.guess(1) == 429
        assert Client(REMOTE_ADDR="192.0.2.7").get(address(open_round)).status_code == 429
        assert self.guess(1, address="192.0.2.8") == 404
        time_machine.shift(guessing.MINUTES * 60 + 1)
        assert self.guess(1) == 404

    def test_a_phone_that_has_the_page_is_let_through(self, open_round):
        phone = Phone(open_round).load()
        phone.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
        self.guess(401)
        response = phone.send(all_("yes"))
        assert response.status_code == 302
        assert phone.client.get(response.headers["Location"]).status_code == 200

    def test_a_whole_ipv6_network_is_one_address(self, open_round):
        self.guess(300, address="2001:db8::1")
        self.guess(100, address="2001:db8::2")
        assert self.guess(1, address="2001:db8::3") == 429
        assert self.guess(1, address="2001:db8:0:1::3") == 404

    def test_an_unknown_address_is_let_in(self, open_round):
        assert self.guess(402, address="") == 404
        assert Client(REMOTE_ADDR="").get(address(open_round)).status_code == 200

    def test_a_hall_of_300_phones_behind_one_address_gets_in(self, open_round):
        client = Client(REMOTE_ADDR="192.0.2.7")
        assert {client.get(address(open_round)).status_code for _ in range(300)} == {200}


class TestClosed:
    def test_not_open_yet(self, round):
        response = Client().get(address(round))
        assert response.status_code == 200
        assert "Not open yet" in text_of(response)
        assert "The minute-taker opens scoring" in text_of(response)

    def test_not_open_yet_but_it_will_be(self, round):
        Round.objects.update(opens_at="2999-07-01T18:30:00+00:00")
        assert "Scoring opens on 1 July 2999, 19:30" in text_of(Client().get(address(round)))

    def test_a_slip_sent_before_it_opens(self, round):
        phone = Phone(open_(round)).load()
        Round.objects.update(stage="planned", opened_at=None, threshold=None)
        response = phone.send(all_("yes"), "Too early")
        assert response.status_code == 409
        assert "Not open yet" in text_of(response)
        assert "Too early" in text_of(response)
        assert Slip.objects.count() == 0

    def test_stopped_while_somebody_was_still_writing(self, open_round):
        phone = Phone(open_round).load()
        Round.objects.update(stage="stopped")
        response = phone.send(all_("yes"), "Nearly done")
        assert response.status_code == 409
        words = text_of(response)
        assert "The answers you just sent were not counted" in words
        assert "Nearly done" in words
        assert Slip.objects.count() == 0

    def test_stopped_and_a_mistake_in_the_form(self, open_round):
        phone = Phone(open_round).load()
        Round.objects.update(stage="stopped")
        assert phone.send(all_("yes"), "x" * 1001).status_code == 409

    @pytest.mark.parametrize(
        ("stage", "words"),
        [
            ("stopped", "ask the minute-taker to open it again"),
            ("comments", "are being made into a table"),
            ("collated", "The table is made"),
            ("ended", "It ended without a table"),
        ],
    )
    def test_each_later_phase_says_what_has_become_of_it(self, open_round, stage, words):
        Round.objects.update(stage=stage)
        assert words in text_of(Client().get(address(open_round)))

    def test_after_the_table_the_receipt_is_gone_too(self, open_round):
        phone = Phone(open_round).load()
        phone.send(all_("yes"))
        collate(open_round)
        response = phone.client.get(reverse("feedback:sent", args=[open_round.code]), follow=True)
        assert "Scoring has stopped" in text_of(response)


class TestALostKey:
    @pytest.fixture(autouse=True)
    def _lost(self, open_round):
        self.phone = Phone(open_round).load()
        seals.destroy_key(open_round.code)

    def test_no_false_receipt_and_the_comment_is_still_there(self, open_round):
        response = self.phone.send(all_("yes"), "Copy me")
        assert response.status_code == 503
        assert "Nothing was stored" in text_of(response)
        assert "Copy me" in text_of(response)
        assert Slip.objects.count() == 0

    def test_a_phone_that_comes_back_is_told(self, open_round):
        Slip.objects.create(round=open_round, key_hash=hash_of(hidden(self.phone.page, "key")), revision=1, sealed=b"")
        response = self.phone.client.get(self.phone.address)
        assert response.status_code == 503
        assert "Nothing was stored" in text_of(response)

    def test_sent_does_not_say_sent(self, open_round):
        Slip.objects.create(round=open_round, key_hash=hash_of(hidden(self.phone.page, "key")), revision=1, sealed=b"")
        response = self.phone.client.get(reverse("feedback:sent", args=[open_round.code]))
        assert (response.status_code, response.headers["Location"]) == (302, address(open_round))


class TestQueries:
    def test_the_page_takes_one_and_for_a_phone_that_has_sent_two(self, open_round, django_assert_num_queries):
        phone = Phone(open_round).load()
        with django_assert_num_queries(1):
            Client().get(address(open_round))
        phone.send(all_("yes"))
        with django_assert_num_queries(2):
            phone.load()

    def test_a_slip_takes_one_and_its_receipt_one(self, open_round, django_assert_num_queries):
        phone = Phone(open_round).load()
        with django_assert_num_queries(1):
            response = phone.send(all_("yes"))
        with django_assert_num_queries(1):
            phone.client.get(response.headers["Location"])

    def test_a_first_page_after_a_start_takes_three(self, open_round, django_assert_num_queries):
        with django_assert_num_queries(3):
            Client().get(address(open_round))


def test_every_statement_has_three_cells_with_labels(open_round):
    page = Client().get(address(open_round)).content.decode()
    for statement in STATEMENTS:
        ids = re.findall(rf'name="{statement}" value="\w+" id="([\w-]+)"', page)
        assert ids == [statement, f"{statement}-ni", f"{statement}-no"]
        assert all(f'<label for="{id}">' in page for id in ids)
