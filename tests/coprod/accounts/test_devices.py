"""Sessions know whose they are, on what and for how long; and people end them elsewhere."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.contrib.auth import login
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Session, User
from partnerships.sessions import REMEMBER, SessionStore, device_of
from tests.actors.phones import text_of
from tests.factories import CoordinatorFactory
from tests.helpers.signing_in import TYPE, ask, code, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
DEVICES = reverse("account_devices")
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SHORT, LONG = datetime.timedelta(hours=12), datetime.timedelta(days=30)


@pytest.fixture(autouse=True)
def _no_limit_reached_yet(db):
    cache.clear()


def on(device: str, user: User) -> Client:
    client = Client(headers={"user-agent": device}, REMOTE_ADDR="192.0.2.77")
    client.post(reverse("account_request_login_code"), {"email": user.email})
    client.post(TYPE, {"code": code()})
    return client


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome on Android"),
        (LAPTOP, "Firefox on Linux"),
        ("… (iPhone; CPU iPhone OS 17_5 like Mac OS X) … Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("… (iPhone; CPU iPhone OS 17_5 like Mac OS X) … CriOS/126.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("… (iPad; CPU OS 17_5 like Mac OS X) … FxiOS/127.0 Mobile Safari/605.1.15", "Firefox on iPad"),
        ("… (Windows NT 10.0; Win64; x64) … Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("… (Macintosh; Intel Mac OS X 10_15_7) … Chrome/126.0 Safari/537.36 OPR/112.0", "Opera on Mac"),
        ("… (Linux; Android 13; SM-S901B) … SamsungBrowser/25.0 Chrome/121.0 Mobile", "Samsung Internet on Android"),
        ("… (X11; CrOS x86_64 14541.0.0) … Chrome/126.0 Safari/537.36", "Chrome on Chromebook"),
        ("", "A browser on an unknown device"),
    ],
)
def test_a_device_in_a_few_words(user_agent, words):
    assert device_of(user_agent) == words


class TestWhatIsKept:
    def test_whose_on_what_and_since_when(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        on(PHONE, cast.alice)
        session = cast.alice.sessions.get()
        assert (session.device, session.signed_in_at) == ("Chrome on Android", timezone.now())

    def test_neither_the_address_nor_the_whole_user_agent(self, cast):
        on(PHONE, cast.alice)
        session = Session.objects.get(user=cast.alice)
        kept = f"{Session.objects.filter(pk=session.pk).values().get()} {session.get_decoded()}"
        assert [trace for trace in ("192.0.2.77", "Mozilla", "126.0") if trace in kept] == []

    def test_nobodys_before_the_code_is_typed(self, cast):
        ask("alice@example.org")
        assert Session.objects.get().user is None

    def test_nothing_after_signing_out(self, cast):
        on(PHONE, cast.alice).post(reverse("account_logout"))
        assert Session.objects.count() == 0

    def test_nothing_of_a_deleted_account(self, cast):
        client = on(PHONE, cast.alice)
        cast.alice.delete()
        assert Session.objects.count() == 0
        assert not is_signed_in(client)

    def test_nothing_of_what_has_run_out(self, cast, as_, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00")
        as_("bob")
        time_machine.shift(SHORT / 2)
        as_("alice")
        time_machine.shift(SHORT / 2 + datetime.timedelta(seconds=1))
        SessionStore.clear_expired()
        assert [session.user for session in Session.objects.all()] == [cast.alice]


class TestThePage:
    def test_lists_where_one_is_signed_in(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00")
        on(PHONE, cast.alice)
        time_machine.move_to("2026-11-03 14:30:00+00:00")
        on(PHONE, cast.bob)
        text = text_of(on(LAPTOP, cast.alice).get(DEVICES))
        assert (
            "Firefox on Linux (this one) Signed in since 3 November 2026, 14:30, until 4 November 2026, 02:30" in text
        )
        assert "Chrome on Android Signed in since 3 November 2026, 12:00, until 4 November 2026, 00:00" in text
        assert text.count("Chrome on Android") == 2  # once more in the button's words

    def test_says_when_there_is_no_other(self, cast):
        page = on(LAPTOP, cast.alice).get(DEVICES)
        assert "You are signed in nowhere else." in text_of(page)
        assert "Sign out everywhere else" not in text_of(page)

    def test_leaves_out_what_has_run_out(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00")
        on(PHONE, cast.alice)
        time_machine.shift(SHORT)
        assert "Chrome on Android" not in text_of(on(LAPTOP, cast.alice).get(DEVICES))

    def test_shows_no_key(self, cast):
        on(PHONE, cast.alice)
        page = on(LAPTOP, cast.alice).get(DEVICES).content.decode()
        assert [session.pk for session in Session.objects.all() if session.pk in page] == []

    def test_asks_as_much_of_the_database_for_three_as_for_one(self, cast):
        laptop = on(LAPTOP, cast.alice)
        counts = []
        for devices in (1, 2):
            for _ in range(devices):
                client = Client(headers={"user-agent": PHONE})
                client.force_login(cast.alice)
            with CaptureQueriesContext(connection) as queries:
                laptop.get(DEVICES)
            counts.append(len(queries))
        assert cast.alice.sessions.count() == 4
        assert counts[0] == counts[1]

    def test_signs_one_out(self, cast):
        phone, tablet, laptop = (on(device, cast.alice) for device in (PHONE, PHONE, LAPTOP))
        session = Session.objects.get(pk=phone.session.session_key)
        response = laptop.post(DEVICES, {"session": session.handle}, follow=True)
        assert "Signed out: Chrome on Android" in text_of(response)
        assert [is_signed_in(client) for client in (phone, tablet, laptop)] == [False, True, True]

    def test_signs_out_everywhere_else(self, cast):
        phone, tablet, laptop, bobs = (
            on(device, user)
            for device, user in ((PHONE, cast.alice), (PHONE, cast.alice), (LAPTOP, cast.alice), (PHONE, cast.bob))
        )
        response = laptop.post(DEVICES, {"everywhere": "1"}, follow=True)
        assert "You are signed out everywhere but here." in text_of(response)
        assert [is_signed_in(client) for client in (phone, tablet, laptop, bobs)] == [False, False, True, True]

    @pytest.mark.parametrize("whose", ["another's", "one's own on this device", "nobody's"])
    def test_hides_all_others(self, cast, whose):
        laptop, bobs = on(LAPTOP, cast.alice), on(PHONE, cast.bob)
        own, other = (Session.objects.get(pk=client.session.session_key).handle for client in (laptop, bobs))
        handle = {"another's": other, "one's own on this device": own, "nobody's": "x"}[whose]
        assert laptop.post(DEVICES, {"session": handle}).status_code == 404
        assert [is_signed_in(client) for client in (laptop, bobs)] == [True, True]


class TestLength:
    @pytest.fixture(autouse=True)
    def _noon(self, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)

    def lasts(self, user: User) -> datetime.timedelta:
        return user.sessions.get().expire_date - timezone.now()

    def test_the_box_is_shown_with_whom_it_is_not_for(self, cast):
        page = ask("carol@example.org").get(TYPE)
        assert "Remember this phone for 30 days" in text_of(page)
        assert "Only if nobody else uses it." in text_of(page)

    def test_twelve_hours(self, cast):
        client = sign_in("alice@example.org")
        assert self.lasts(cast.alice) == SHORT
        assert client.cookies["sessionid"]["max-age"] == SHORT.total_seconds()

    def test_thirty_days_with_the_box(self, cast):
        client = sign_in("alice@example.org", remember="on")
        assert self.lasts(cast.alice) == LONG
        assert client.cookies["sessionid"]["max-age"] == LONG.total_seconds()

    def test_a_wrong_code_changes_nothing_of_that(self, cast):
        client = ask("alice@example.org")
        client.post(TYPE, {"code": "WRONG", "remember": "on"})
        client.post(TYPE, {"code": code()})
        assert self.lasts(cast.alice) == SHORT

    def test_use_makes_it_no_longer(self, cast, time_machine):
        client = sign_in("alice@example.org")
        time_machine.shift(SHORT / 2)
        client.post(DEVICES, {"everywhere": "1"})
        assert self.lasts(cast.alice) == SHORT / 2
        time_machine.shift(SHORT / 2)
        assert not is_signed_in(client)

    def test_never_longer_for_a_coordinator(self, cast):
        sign_in("carol@example.org", remember="on")
        assert self.lasts(cast.carol) == SHORT

    def test_never_longer_for_a_site_administrator(self, cast):
        cast.alice.is_staff = True
        cast.alice.save()
        sign_in("alice@example.org", remember="on")
        assert self.lasts(cast.alice) == SHORT

    @pytest.mark.parametrize("becomes", ["coordinator", "site administrator"])
    def test_the_long_ones_end_with_a_change_of_role(self, cast, becomes):
        long, short = sign_in("alice@example.org", remember="on"), sign_in("alice@example.org")
        others = sign_in("bob@example.org", remember="on")
        if becomes == "coordinator":
            CoordinatorFactory(user=cast.alice)
        else:
            cast.alice.is_staff = True
            cast.alice.save()
        assert [is_signed_in(client) for client in (long, short, others)] == [False, True, True]

    def test_a_wish_of_somebody_before_does_not_count(self, cast):
        client = ask("bob@example.org")
        session = client.session
        session[REMEMBER] = True
        session.save()
        client.post(TYPE, {"code": code()})
        assert self.lasts(cast.bob) == SHORT

    @pytest.mark.parametrize(("alone", "length"), [(True, SHORT), (False, LONG)])
    def test_a_passkey_in_place_of_the_code_forgets_the_box(self, cast, rf, alone, length):
        request = rf.post("/")
        request.session = SessionStore()
        request.session[REMEMBER] = True
        authenticator_used.send(Authenticator, request=request, user=cast.bob, passwordless=alone)
        login(request, cast.bob, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session.save()
        assert self.lasts(cast.bob) == length
