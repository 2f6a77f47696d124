"""Signing in: a code by email, no passwords, the same answer for known and unknown addresses."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.actors.phones import text_of
from tests.factories import UserFactory
from tests.helpers.signing_in import ASK, TYPE, ask, code, is_signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limit_reached_yet(db):
    cache.clear()


def test_the_code_from_the_mail_signs_in(cast):
    client = ask("alice@example.org")
    assert mail.outbox[-1].subject == "Your code to sign in to Together"
    response = client.post(TYPE, {"code": code()}, follow=True)
    assert "My partnerships" in text_of(response)
    assert "Strategic Growth Partnership" in text_of(response)


def test_the_code_may_be_typed_in_small_letters_without_its_dash(cast):
    client = ask("alice@example.org")
    client.post(TYPE, {"code": code().lower().replace("-", "")})
    assert is_signed_in(client)


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


def way_of(email: str) -> list[tuple[int, int, str]]:
    """Asking, the page, three wrong codes: of each the status, the number of queries and what the page says."""
    client, seen = Client(), []
    steps = (
        (ASK, {"email": email}),
        (TYPE, None),
        (TYPE, {"code": "WRONG"}),
        (TYPE, {"code": ""}),
        (TYPE, {"code": "WRONG"}),
    )
    for address, form in steps:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address) if form is None else client.post(address, form)
        seen.append((response.status_code, len(queries), text_of(response).replace(email, "somebody")))
    return seen


def test_known_unknown_and_closed_addresses_cannot_be_told_apart(cast):
    cast.bob.is_active = False
    cast.bob.save()
    ask("warm.up@example.org")
    mail.outbox.clear()
    people = ["alice@example.org", "carol@example.org", "bob@example.org", "zzzzz@example.org"]
    known, coordinator, closed, unknown = map(way_of, people)
    assert known == coordinator == closed == unknown
    assert [message.to for message in mail.outbox] == [[person] for person in people]


def test_the_mail_to_an_unknown_address_says_what_to_do(db):
    ask("zzzzz@example.org")
    assert [message.subject for message in mail.outbox] == ["Signing in to Together"]
    assert mail.outbox[0].body == (
        "Somebody asked for a code to sign in to Together with this address.\n\n"
        "No partnership has this address for anybody. You may be on the list with another address of yours; "
        "ask your minute-taker.\n\n"
        "If you did not ask, do nothing."
    )


def test_a_code_works_once(cast):
    ask("alice@example.org")
    first, other = ask("alice@example.org"), Client()
    other.cookies.load(first.cookies.output(header=""))
    assert first.post(TYPE, {"code": code()}).headers["Location"] == "/"
    assert other.post(TYPE, {"code": code()}).status_code == 302
    assert not is_signed_in(other)


def test_another_code_can_be_asked_for_at_once(cast):
    client = ask("bob@example.org", next="/partnerships/growth/")
    page = client.get(f"{TYPE}?next=/partnerships/growth/")
    assert "Ask for a new code, or use another address" in text_of(page)
    assert 'value="/account/sign-in/?next=/partnerships/growth/"' in page.content.decode().replace("%2F", "/")
    again = client.post(reverse("account_logout"), {"next": ASK})
    assert again.headers["Location"] == ASK
    assert "Send me a code" in text_of(client.get(ASK))
    client.post(ASK, {"email": "alice@example.org"})
    client.post(TYPE, {"code": code()})
    assert is_signed_in(client)


def test_a_mail_server_that_is_down_is_told_alike_to_known_and_unknown(cast, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
    known, unknown = (Client().post(ASK, {"email": email}) for email in ("alice@example.org", "zzzzz@example.org"))
    assert "The mail could not be sent. Try again in a few minutes." in text_of(known)
    assert text_of(known) == text_of(unknown)


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("", "Type your email address"),
        ("alice", "Type an email address like name@example.org"),
        ("ſam@example.org", "Type an email address like name@example.org"),
        ('"\x01"@example.org', "Type an email address like name@example.org"),
    ],
)
def test_an_address_that_no_mail_can_reach_is_told(db, email, told):
    response = Client().post(ASK, {"email": email})
    assert told in text_of(response)
    assert mail.outbox == []


class TestLimits:
    @pytest.mark.parametrize("email", ["alice@example.org", "zzzzz@example.org"])
    def test_three_codes_a_minute_for_an_address(self, cast, email):
        for _ in range(3):
            ask(email)
        response = Client().post(ASK, {"email": email.upper()})
        assert (response.status_code, len(mail.outbox)) == (200, 3)
        assert "Too many tries. Wait a few minutes, then try again." in text_of(response)

    def test_twenty_codes_an_hour_for_an_address(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00")
        for _ in range(20):
            ask("alice@example.org")
            time_machine.shift(61)
        assert "Too many tries." in text_of(Client().post(ASK, {"email": "alice@example.org"}))
        time_machine.shift(3600)
        ask("alice@example.org")

    def test_thirty_codes_in_ten_minutes_from_a_network_address(self, db):
        for number in range(30):
            ask(f"person{number}@example.org")
        assert "Too many tries." in text_of(Client().post(ASK, {"email": "another@example.org"}))
        assert Client(REMOTE_ADDR="10.0.0.2").post(ASK, {"email": "another@example.org"}).status_code == 302


def test_a_wrong_code_is_told_and_three_end_it(cast):
    client = ask("alice@example.org")
    first = client.post(TYPE, {"code": "WRONG"})
    assert "That code is not right or is too old. Check the latest mail, or ask for a new code." in text_of(first)
    assert "There is a problem" in text_of(first)
    client.post(TYPE, {"code": "WRONG"})
    third = client.post(TYPE, {"code": "WRONG", "next": "/partnerships/growth/"}, follow=True)
    assert third.redirect_chain == [(f"{ASK}?next=%2Fpartnerships%2Fgrowth%2F", 302)]
    assert "That was the third wrong code, so it works no longer. Ask for a new one here." in text_of(third)
    assert 'value="alice@example.org"' in third.content.decode()
    assert "alice@example.org" not in client.get(ASK).content.decode()
    assert client.post(TYPE, {"code": code()}).headers["Location"].startswith(ASK)


def test_a_code_dies_after_ten_minutes(cast, time_machine):
    time_machine.move_to("2026-11-03 12:00:00+00:00")
    client = ask("alice@example.org")
    time_machine.shift(601)
    assert client.post(TYPE, {"code": code()}).headers["Location"].startswith(ASK)


def test_an_account_closed_between_asking_and_typing(cast):
    client = ask("alice@example.org")
    cast.alice.is_active = False
    cast.alice.save()
    response = client.post(TYPE, {"code": code()}, follow=True)
    assert "This account is closed" in text_of(response)
    assert not is_signed_in(client)


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
    from coprod.accounts.adapters import AccountAdapter

    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False


def test_a_closed_account_page(db):
    assert "This account is closed" in text_of(Client().get(reverse("account_inactive")))
    assert UserFactory().is_active


def test_an_account_made_without_a_word_about_passwords_has_none(db):
    assert not UserFactory().has_usable_password()


def test_nobody_signs_up(db):
    assert Client().get(reverse("account_signup")).headers["Location"] == ASK
