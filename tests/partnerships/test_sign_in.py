"""Signing in: a code by email, no passwords, the same answer for known and unknown addresses."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.phones import text_of

pytestmark = pytest.mark.django_db
ASK, TYPE = reverse("account_request_login_code"), reverse("account_confirm_login_code")


def ask(email: str, **more) -> Client:
    client = Client()
    response = client.post(ASK, {"email": email, **more}, follow=True)
    assert "a code is on its way there" in text_of(response)
    assert "has been sent" not in text_of(response)
    return client


def code() -> str:
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def test_the_code_from_the_mail_signs_in(cast):
    client = ask("alice@example.org")
    assert mail.outbox[-1].subject == "Your code to sign in to Together"
    response = client.post(TYPE, {"code": code()}, follow=True)
    assert "My partnerships" in text_of(response)
    assert "Strategic Growth Partnership" in text_of(response)


def test_it_leads_back_to_where_one_wanted_to_go(cast, meeting):
    wanted = meeting.get_absolute_url()
    client = Client()
    page = client.get(wanted, follow=True)
    assert f'name="next" value="{wanted}"' in page.content.decode()
    client.post(ASK, {"email": "alice@example.org", "next": wanted})
    assert client.post(f"{TYPE}?next={wanted}", {"code": code(), "next": wanted}).headers["Location"] == wanted


def test_it_leads_to_no_other_site(cast):
    client = ask("alice@example.org", next="https://elsewhere.example/")
    response = client.post(TYPE, {"code": code(), "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast):
    known, unknown = (
        Client().post(ASK, {"email": email}, follow=True) for email in ("alice@example.org", "zzzzz@example.org")
    )
    assert text_of(known).replace("alice", "zzzzz") == text_of(unknown)
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]


def test_a_wrong_code_is_told_and_three_end_it(cast):
    client = ask("alice@example.org")
    first = client.post(TYPE, {"code": "WRONG"})
    assert "Incorrect code" in text_of(first)
    assert "There is a problem" in text_of(first)
    client.post(TYPE, {"code": "WRONG"})
    assert client.post(TYPE, {"code": "WRONG"}).headers["Location"] == ASK
    assert client.post(TYPE, {"code": code()}).headers["Location"].startswith(ASK)


def test_a_code_dies_after_ten_minutes(cast, time_machine):
    time_machine.move_to("2026-11-03 12:00:00+00:00")
    client = ask("alice@example.org")
    time_machine.shift(601)
    assert client.post(TYPE, {"code": code()}).headers["Location"].startswith(ASK)


def test_a_closed_account_gets_no_code(cast):
    cast.alice.is_active = False
    cast.alice.save()
    ask("alice@example.org")
    assert mail.outbox == []


def test_signing_out(as_):
    client = as_("bob")
    assert "Do you want to sign out?" in text_of(client.get(reverse("account_logout")))
    client.post(reverse("account_logout"))
    assert client.get(reverse("partnerships:detail", args=["growth"])).status_code == 302


def test_there_is_no_sign_up_and_no_password(cast):
    for path in ("signup/", "password/reset/", "password/change/", "email/"):
        assert Client().get(f"/account/{path}").status_code == 404


def test_the_admin_has_no_password_form(db):
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(ASK)
    assert b'type="password"' not in response.content


def test_sign_up_is_closed(rf):
    from partnerships.accounts import AccountAdapter

    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False


def test_a_closed_account_page(db):
    assert "This account is closed" in text_of(Client().get(reverse("account_inactive")))
    assert UserFactory().is_active
