"""What a script on the phone goes by: our mark on every answer, and a receipt for what is stored alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from feedback.anonymity import seals
from feedback.anonymity.phone_keys import mark_of, new_key
from feedback.models import Round, Slip
from partnerships.models import Meeting
from tests.actors.phones import Phone, address, all_, hidden, open_, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_round(round) -> Round:
    return open_(round)


class ScriptedPhone(Phone):
    """Sends as static/js/slip.js does."""

    def send(self, answers=None, comment="", **more):
        self.client.defaults["HTTP_SLIP"] = "script"
        return super().send(answers, comment, **more)


def refused(round: Round) -> str:
    return f"{mark_of(round.code)} refused"


class TestTheAnswer:
    def test_to_a_stored_slip_is_the_receipt_itself(self, open_round):
        phone = ScriptedPhone(open_round).load()
        response = phone.send(all_("yes"))
        assert response.status_code == 200
        assert response.headers["Slip-Answer"] == f"{mark_of(open_round.code)} stored 1"
        assert "Your total: 21 out of 21" in text_of(response)
        phone.load()
        assert phone.send(all_("no")).headers["Slip-Answer"] == f"{mark_of(open_round.code)} stored 2"

    def test_is_the_same_when_the_slip_comes_again(self, open_round):
        phone = ScriptedPhone(open_round).load()
        answers = [phone.send(all_("ni")).headers["Slip-Answer"] for _ in range(3)]
        assert answers == [f"{mark_of(open_round.code)} stored 1"] * 3
        assert Slip.objects.count() == 1

    def test_without_cookies_shows_no_total(self, open_round):
        response = ScriptedPhone(open_round, cookies=False).load().send(all_("yes"))
        assert response.headers["Slip-Answer"] == f"{mark_of(open_round.code)} stored 1"
        assert "Your total" not in text_of(response)

    def test_to_a_question_is_no_receipt(self, open_round):
        assert ScriptedPhone(open_round).load().send().headers["Slip-Answer"] == refused(open_round)

    def test_to_a_mistake_is_no_receipt(self, open_round):
        response = ScriptedPhone(open_round).load().send(all_("yes"), "x" * 1001)
        assert (response.status_code, response.headers["Slip-Answer"]) == (422, refused(open_round))

    def test_after_the_stop_is_no_receipt(self, open_round):
        phone = ScriptedPhone(open_round).load()
        Round.objects.update(stage="stopped")
        response = phone.send(all_("yes"), "Nearly done")
        assert (response.status_code, response.headers["Slip-Answer"]) == (409, refused(open_round))
        assert "Nearly done" in text_of(response)

    def test_without_a_seal_is_no_receipt(self, open_round):
        phone = ScriptedPhone(open_round).load()
        seals.destroy_key(open_round.code)
        response = phone.send(all_("yes"))
        assert (response.status_code, response.headers["Slip-Answer"]) == (503, refused(open_round))

    def test_for_a_meeting_that_is_gone_is_no_receipt(self, open_round):
        phone = ScriptedPhone(open_round).load()
        Meeting.objects.all().delete()
        response = phone.send(all_("yes"))
        assert (response.status_code, response.headers["Slip-Answer"]) == (404, refused(open_round))

    def test_to_another_sites_page_carries_no_mark(self, open_round):
        response = Client().post(address(open_round), headers={"Origin": "https://elsewhere.example"})
        assert "Slip-Answer" not in response.headers

    def test_the_mark_is_on_the_page_and_of_this_round_alone(self, open_round):
        page = Phone(open_round).load().page.decode()
        assert f'data-mark="{mark_of(open_round.code)}"' in page
        assert mark_of("4F7K2M") != mark_of("4F7K2N")


def test_a_key_folder_that_may_come_back_is_waited_for(open_round, settings):
    phone = ScriptedPhone(open_round).load()
    here = settings.SEAL_DIR
    settings.SEAL_DIR = here / "unmounted"
    response = phone.send(all_("yes"), "Mind this")
    assert (response.status_code, response.headers["Slip-Answer"]) == (503, "later")
    assert "Mind this</textarea>" in response.content.decode()
    settings.SEAL_DIR = here
    assert phone.send(all_("yes")).headers["Slip-Answer"] == f"{mark_of(open_round.code)} stored 1"


class TestThePage:
    def test_may_be_kept_on_the_phone_while_it_holds_nobodys_answers(self, open_round):
        phone = Phone(open_round)
        assert phone.client.get(phone.address).headers["Slip-Page"] == "blank"
        phone.load().send(all_("yes"))
        assert "Slip-Page" not in phone.client.get(phone.address).headers

    def test_says_to_whom_has_sent_that_the_answers_are_sent(self, open_round):
        phone = Phone(open_round).load()
        assert b"You have sent these answers" not in phone.page
        phone.send(all_("yes"))
        assert b"You have sent these answers" in phone.load().page

    def test_the_worker_brings_its_parts(self, client):
        response = client.get("/m/worker.js")
        assert response.headers["Content-Type"] == "text/javascript"
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.content == b'importScripts("/static/js/shelf.js", "/static/js/worker.js");\n'


class TestTheNextPerson:
    def test_gets_a_new_key_and_a_blank_slip(self, open_round):
        tablet = Phone(open_round).load()
        tablet.send(all_("yes"), "Mine")
        before = hidden(tablet.page, "key")
        response = tablet.client.post(tablet.address, {"next": "person"})
        assert response.status_code == 200
        assert "Ready for the next person." in text_of(response)
        assert hidden(response.content, "key") != before
        assert hidden(response.content, "revision") == "1"
        assert response.cookies["slip"].value == hidden(response.content, "key")
        assert " checked" not in response.content.decode()
        assert "Mine" not in response.content.decode()
        tablet.page = response.content
        tablet.send(all_("no"))
        assert Slip.objects.count() == 2

    def test_is_not_overwritten_from_a_page_of_the_person_before(self, open_round):
        tablet, older = Phone(open_round).load(), Phone(open_round)
        older.client, older.page = tablet.client, tablet.page
        tablet.send(all_("yes"), "Mine")
        tablet.page = tablet.client.post(tablet.address, {"next": "person"}).content
        tablet.send(all_("ni"), "Of the next person")
        response = older.send(all_("no"), "Mine, changed")
        assert response.status_code == 409
        assert "opened before the phone was handed on" in text_of(response)
        assert "Mine, changed" in text_of(response)
        contents = [open_round.seal().open(slip.sealed) for slip in Slip.objects.all()]
        assert sorted(said.comments["comment"] for said in contents) == ["Mine", "Of the next person"]

    def test_comes_too_late_after_the_stop(self, open_round):
        Round.objects.update(stage="stopped")
        response = Client().post(address(open_round), {"next": "person"})
        assert "Scoring has stopped" in text_of(response)
        assert "slip" not in response.cookies


@contextmanager
def nobody_can_write() -> Iterator[None]:
    """Another connection holds the slips, and this one does not wait."""
    name = connection.settings_dict["NAME"]
    other: Any
    if connection.vendor == "sqlite":
        other = sqlite3.connect(name, isolation_level=None)
        lock, no_wait, wait = "BEGIN IMMEDIATE", "PRAGMA busy_timeout = 0", "PRAGMA busy_timeout = 20000"
    else:
        other = psycopg.connect(**connection.get_connection_params() | {"context": None})
        lock, no_wait, wait = "LOCK TABLE feedback_slip", "SET lock_timeout = 50", "SET lock_timeout = 0"
    with connection.cursor() as cursor:
        cursor.execute(no_wait)
    other.execute(lock)
    yield
    other.rollback()
    other.close()
    with connection.cursor() as cursor:
        cursor.execute(wait)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_store_gives_no_receipt_and_keeps_what_was_typed(open_round):
    plain, scripted = Phone(open_round).load(), ScriptedPhone(open_round).load()
    with nobody_can_write():
        for phone in (plain, scripted):
            response = phone.send(all_("no"), "Mind this")
            assert response.status_code == 503
            assert response.headers["Slip-Answer"] == "later"
            assert "Not sent: the server could not store it just now." in text_of(response)
            page = response.content.decode()
            assert page.count(" checked") == 7
            assert "Mind this</textarea>" in page
            assert hidden(response.content, "key") == hidden(phone.page, "key")
            assert hidden(response.content, "revision") == "1"
    assert Slip.objects.count() == 0
    assert plain.send(all_("no"), "Mind this").status_code == 302
    assert Slip.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_made_up_key_meets_a_locked_database(open_round):
    phone = Phone(open_round, cookies=False).load()
    phone.send(all_("yes"))
    with nobody_can_write():
        response = phone.send(all_("yes"), key=new_key(open_round.code), revision="3")
    assert hidden(response.content, "revision") == "3"
