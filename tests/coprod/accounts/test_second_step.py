"""The second step: an app, passkeys and recovery codes; and an area that asks its coordinators for one.

What a passkey does itself is in tests/e2e/test_passkeys.py.
"""

import re
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from partnerships.models import Area, User
from partnerships.sessions import LONG, SHORT
from tests.actors.phones import text_of
from tests.helpers.signing_in import SECOND_STEP, TYPE, ask, code, give_app, is_signed_in, shown, sign_in

INDEX, SET_UP, REMOVE = (reverse(f"mfa_{name}") for name in ("index", "activate_totp", "deactivate_totp"))
CODES, NEW_CODES, FILE = (reverse(f"mfa_{name}_recovery_codes") for name in ("view", "generate", "download"))
PASSKEYS, CONFIRM = reverse("mfa_list_webauthn"), reverse("mfa_reauthenticate")
REFUSED = "That was not accepted. Try again with the newest code, or with your passkey."
TOO_MANY = "Too many tries. Wait a few minutes, then try again."


@pytest.fixture(autouse=True)
def _no_limit_reached_yet(db):
    cache.clear()
    yield
    cache.clear()


def give_passkey(user: User, name: str = "My phone") -> Authenticator:
    """One that is listed, but that nobody holds."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def confirmed(client: Client, secret: str) -> Client:
    client.get(INDEX)
    client.post(CONFIRM, {"code": shown(secret)})
    return client


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"\b\d{8}\b", text_of(client.get(CODES)))


@pytest.fixture
def asking(partnership) -> Area:
    partnership.area.requires_second_factor = True
    partnership.area.save()
    return partnership.area


# What allauth does once the change is certain, it does when the transaction is over.
@pytest.mark.django_db(transaction=True)
class TestSettingUpAnApp:
    def secret(self, client: Client) -> str:
        page = client.get(SET_UP)
        assert "<svg" in page.content.decode()
        found = re.search(
            r"otpauth://totp/alice%40example.org\?secret=(\w+)&amp;issuer=Together", page.content.decode()
        )
        assert found
        assert re.sub(r"(.{4})(?=.)", r"\1 ", found[1]) in text_of(page)
        return found[1]

    def test_ends_with_the_recovery_codes(self, as_, cast):
        alice = as_("alice")
        response = alice.post(SET_UP, {"code": shown(self.secret(alice))}, follow=True)
        assert response.redirect_chain == [(CODES, 302)]
        assert "The authenticator app is set up." in text_of(response)
        assert "Recovery codes were made for you. Keep them safe." in text_of(response)
        assert len(recovery_codes(alice)) == 10
        assert "10 codes left" in text_of(alice.get(INDEX))
        assert sorted(cast.alice.authenticator_set.values_list("type", flat=True)) == ["recovery_codes", "totp"]

    def test_is_not_done_by_a_wrong_code(self, as_, cast):
        alice = as_("alice")
        secret = self.secret(alice)
        response = alice.post(SET_UP, {"code": shown(secret, later=9)})
        assert "That code is not right. Type the six numbers the app shows now." in text_of(response)
        assert not cast.alice.authenticator_set.exists()
        assert alice.post(SET_UP, {"code": shown(secret)}).status_code == 302

    def test_is_not_guessed_at_for_ever(self, as_, cast):
        alice = as_("alice")
        secret = self.secret(alice)
        for _ in range(5):
            alice.post(SET_UP, {"code": shown(secret, later=9)})
        assert TOO_MANY in text_of(alice.post(SET_UP, {"code": shown(secret)}))

    def test_ends_the_sessions_that_have_not_shown_it(self, as_, cast):
        here, elsewhere, bobs = as_("alice"), as_("alice"), as_("bob")
        here.post(SET_UP, {"code": shown(self.secret(here))})
        assert [is_signed_in(client) for client in (here, elsewhere, bobs)] == [True, False, True]

    def test_ends_none_when_it_is_the_second(self, as_, cast):
        give_app(cast.alice)
        cast.alice.authenticator_set.filter(type="totp").update(type="webauthn", data={"name": "x", "credential": {}})
        here, elsewhere = as_("alice"), as_("alice")
        here.post(CONFIRM, {"code": recovery_code(cast.alice)})
        here.post(SET_UP, {"code": shown(self.secret(here))})
        assert cast.alice.authenticator_set.filter(type="totp").count() == 1
        assert [is_signed_in(client) for client in (here, elsewhere)] == [True, True]

    def test_once_only(self, as_, cast):
        secret = give_app(cast.alice)
        assert confirmed(as_("alice"), secret).get(SET_UP).headers["Location"] == REMOVE

    def test_making_new_recovery_codes(self, as_, cast):
        secret = give_app(cast.alice)
        alice = confirmed(as_("alice"), secret)
        before = recovery_codes(alice)
        assert "The ones you have stop working." in text_of(alice.get(NEW_CODES))
        response = alice.post(NEW_CODES, follow=True)
        assert "Recovery codes were made for you." in text_of(response)
        assert set(recovery_codes(alice)) & set(before) == set()


def recovery_code(user: User) -> str:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]


@pytest.mark.django_db
class TestSigningIn:
    def test_the_code_by_mail_is_not_enough(self, cast):
        secret = give_app(cast.alice)
        client = ask("alice@example.org")
        response = client.post(TYPE, {"code": code()})
        assert response.headers["Location"] == SECOND_STEP
        assert not is_signed_in(client)
        assert "Your code from the mail was right." in text_of(client.get(SECOND_STEP))
        assert client.post(SECOND_STEP, {"code": shown(secret)}).headers["Location"] == "/"
        assert is_signed_in(client)

    def test_it_leads_to_where_one_wanted_to_go(self, cast):
        secret = give_app(cast.alice)
        client = ask("alice@example.org")
        client.post(TYPE, {"code": code(), "next": INDEX})
        assert client.post(SECOND_STEP, {"code": shown(secret)}).headers["Location"] == INDEX

    def test_a_wrong_one_is_told(self, cast):
        secret = give_app(cast.alice)
        client = sign_in("alice@example.org")
        response = client.post(SECOND_STEP, {"code": shown(secret, later=9)})
        assert REFUSED in text_of(response)
        assert "There is a problem" in text_of(response)
        assert "Type the code" in text_of(client.post(SECOND_STEP, {"code": ""}))
        assert not is_signed_in(client)

    def test_a_clock_that_is_half_a_minute_out_will_do(self, cast):
        secret = give_app(cast.alice)
        client = sign_in("alice@example.org")
        client.post(SECOND_STEP, {"code": shown(secret, later=1)})
        assert is_signed_in(client)

    def test_a_code_is_good_once_for_as_long_as_it_would_be_good(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        secret = give_app(cast.alice)
        first, later = sign_in("alice@example.org"), sign_in("alice@example.org")
        seen = shown(secret, later=1)
        first.post(SECOND_STEP, {"code": seen})
        for spelt in (seen, f"{seen[:3]} {seen[3:]}"):
            time_machine.shift(29)
            assert REFUSED in text_of(later.post(SECOND_STEP, {"code": spelt}))
        assert [is_signed_in(client) for client in (first, later)] == [True, False]

    def test_a_recovery_code_will_do_once(self, cast):
        give_app(cast.alice)
        spare = recovery_code(cast.alice)
        first, second = sign_in("alice@example.org"), sign_in("alice@example.org")
        for client in (first, second):
            client.post(SECOND_STEP, {"code": spare})
        assert [is_signed_in(client) for client in (first, second)] == [True, False]
        assert "9 codes left" in text_of(first.get(INDEX))

    def test_guessing_ends_after_five(self, cast, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        secret = give_app(cast.alice)
        client = sign_in("alice@example.org")
        for _ in range(5):
            assert REFUSED in text_of(client.post(SECOND_STEP, {"code": shown(secret, later=9)}))
        assert TOO_MANY in text_of(client.post(SECOND_STEP, {"code": shown(secret)}))
        time_machine.shift(301)
        client.post(SECOND_STEP, {"code": shown(secret)})
        assert is_signed_in(client)

    @pytest.mark.parametrize(("ticked", "length"), [({"remember": "on"}, LONG), ({}, SHORT)])
    def test_the_box_beside_the_code_is_remembered(self, cast, time_machine, ticked, length):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        secret = give_app(cast.alice)
        client = sign_in("alice@example.org", **ticked)
        client.post(SECOND_STEP, {"code": shown(secret)})
        session = cast.alice.sessions.get()
        assert session.expire_date - session.signed_in_at == length

    def test_one_can_start_again(self, cast):
        give_app(cast.alice)
        client = sign_in("alice@example.org")
        assert "Start again" in text_of(client.get(SECOND_STEP))
        client.post(reverse("account_logout"), {"next": reverse("account_request_login_code")})
        assert client.get(SECOND_STEP).status_code == 302

    def test_an_app_removed_meanwhile(self, cast):
        give_app(cast.alice)
        client = sign_in("alice@example.org")
        cast.alice.authenticator_set.all().delete()
        assert client.get(SECOND_STEP).status_code == 302

    @pytest.mark.parametrize("sent", ["", "{}", "[]", "nonsense", '{"id": "x", "rawId": "x", "response": {}}'])
    def test_nonsense_in_place_of_a_passkey(self, cast, sent):
        give_app(cast.alice)
        client = sign_in("alice@example.org")
        response = client.post(SECOND_STEP, {"credential": sent})
        assert "There is a problem" in text_of(response)
        assert not is_signed_in(client)

    @pytest.mark.parametrize("sent", ["", "{}", "nonsense"])
    def test_nonsense_in_place_of_a_passkey_alone(self, db, sent):
        client = Client()
        response = client.post(reverse("mfa_login_webauthn"), {"credential": sent}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("account_request_login_code")
        assert 'role="alert"' in response.content.decode()
        assert not is_signed_in(client)


@pytest.mark.django_db
class TestChangingIt:
    def test_asks_again_first(self, cast, as_):
        secret, alice = give_app(cast.alice), as_("alice")
        response = alice.get(REMOVE, follow=True)
        assert response.redirect_chain == [(f"{CONFIRM}?{urlencode({'next': REMOVE})}", 302)]
        assert "This changes how you sign in, so we ask once more." in text_of(response)
        assert REFUSED in text_of(alice.post(CONFIRM, {"code": shown(secret, later=9), "next": REMOVE}))
        assert alice.post(CONFIRM, {"code": shown(secret), "next": REMOVE}).headers["Location"] == REMOVE
        assert "You will not be asked for its codes any more." in text_of(alice.get(REMOVE))

    def test_and_after_five_minutes_again(self, cast, as_, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        secret = give_app(cast.alice)
        alice = confirmed(as_("alice"), secret)
        assert alice.get(CODES).status_code == 200
        time_machine.shift(301)
        assert alice.get(CODES).headers["Location"].startswith(CONFIRM)

    def test_ten_tries_a_minute(self, cast, as_):
        secret, alice = give_app(cast.alice), as_("alice")
        answers = [alice.post(CONFIRM, {"code": shown(secret, later=9)}) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert "Nothing was changed. Wait a few minutes, then try again." in text_of(answers[-1])

    def test_one_with_a_passkey_too_may_choose_that(self, cast, as_):
        give_app(cast.alice)
        give_passkey(cast.alice)
        assert "Use a passkey instead" in text_of(as_("alice").get(CONFIRM))

    def test_removing_the_app_removes_the_recovery_codes(self, cast, as_):
        alice = confirmed(as_("alice"), give_app(cast.alice))
        assert "The authenticator app is removed." in text_of(alice.post(REMOVE, follow=True))
        assert not cast.alice.authenticator_set.exists()

    def test_the_recovery_codes_as_a_file(self, cast, as_):
        alice = confirmed(as_("alice"), give_app(cast.alice))
        response = alice.get(FILE)
        assert response.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        assert response.content.decode().split() == recovery_codes(alice)
        assert "no-store" in response.headers["Cache-Control"]

    def test_when_all_recovery_codes_are_used_up(self, cast, as_):
        alice = confirmed(as_("alice"), give_app(cast.alice))
        spare = cast.alice.authenticator_set.get(type="recovery_codes")
        spare.data["used_mask"] = 2**10 - 1
        spare.save()
        page = text_of(alice.get(CODES))
        assert "All are used up." in page
        assert "Save as a file" not in page
        assert "The ones you have stop working." not in text_of(alice.get(NEW_CODES))

    def test_no_recovery_codes_without_a_second_step(self, as_):
        assert "Set up an authenticator app or a passkey first." in text_of(as_("alice").post(NEW_CODES))

    @pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_activate_totp"])
    def test_no_browser_keeps_a_copy(self, cast, as_, name):
        alice = as_("alice")
        if name == "mfa_view_recovery_codes":
            confirmed(alice, give_app(cast.alice))
        assert "no-store" in alice.get(reverse(name)).headers["Cache-Control"]


@pytest.mark.django_db
class TestPasskeys:
    def test_are_listed(self, cast, as_, time_machine):
        time_machine.move_to("2026-11-03 12:00:00+00:00", tick=False)
        give_passkey(cast.bob, "Bob’s key")
        alice = as_("alice")
        assert "You have none." in text_of(alice.get(PASSKEYS))
        used, unused = give_passkey(cast.alice, "My phone"), give_passkey(cast.alice, "My laptop")
        used.record_usage()
        page = text_of(alice.get(PASSKEYS))
        assert "My phone added on 3 November 2026, last used on 3 November 2026 Rename My phone Remove My phone" in page
        assert "My laptop added on 3 November 2026 Rename My laptop Remove My laptop" in page
        assert "Bob’s key" not in page
        assert "You have 2 passkeys." in text_of(alice.get(INDEX))
        unused.delete()
        assert "You have 1 passkey." in text_of(alice.get(INDEX))

    def test_are_renamed(self, cast, as_):
        alice, key = confirmed(as_("alice"), give_app(cast.alice)), give_passkey(cast.alice)
        url = reverse("mfa_edit_webauthn", args=[key.pk])
        assert 'value="My phone"' in alice.get(url).content.decode()
        assert "Type a name" in text_of(alice.post(url, {"name": ""}))
        assert alice.post(url, {"name": "Old phone"}).headers["Location"] == PASSKEYS
        key.refresh_from_db()
        assert str(key) == "Old phone"

    def test_are_removed(self, cast, as_):
        alice, key = confirmed(as_("alice"), give_app(cast.alice)), give_passkey(cast.alice)
        url = reverse("mfa_remove_webauthn", args=[key.pk])
        assert "Remove “My phone”" in text_of(alice.get(url))
        assert "The passkey is removed." in text_of(alice.post(url, follow=True))
        assert not cast.alice.authenticator_set.filter(type="webauthn").exists()

    @pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
    def test_of_others_are_hidden(self, cast, as_, name):
        alice, key = confirmed(as_("alice"), give_app(cast.alice)), give_passkey(cast.bob)
        url = reverse(name, args=[key.pk])
        assert [alice.get(url).status_code, alice.post(url, {"name": "x"}).status_code] == [404, 404]
        assert cast.bob.authenticator_set.count() == 1

    @pytest.mark.parametrize("sent", ["", "{}", "nonsense"])
    def test_are_not_added_out_of_nonsense(self, cast, as_, sent):
        alice = as_("alice")
        alice.get(reverse("mfa_add_webauthn"))
        response = alice.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": sent})
        assert "There is a problem" in text_of(response)
        assert not cast.alice.authenticator_set.exists()


@pytest.mark.django_db
class TestAtRest:
    def test_neither_secret_nor_seed_can_be_read_in_the_database(self, cast):
        secret = give_app(cast.alice)
        kept = " ".join(str(each.data) for each in cast.alice.authenticator_set.all())
        assert secret not in kept
        assert recovery_code(cast.alice) not in kept

    def test_a_former_secret_key_still_opens_them(self, cast, settings):
        secret = give_app(cast.alice)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        client = sign_in("alice@example.org")
        client.post(SECOND_STEP, {"code": shown(secret)})
        assert is_signed_in(client)


@pytest.mark.django_db
class TestAnAreaThatAsksForIt:
    ASKS = "This area asks its coordinators for a second step when they sign in. Set one up here."

    def desk(self, round) -> str:
        return reverse("feedback:desk", args=[round.meeting.partnership.slug, round.meeting_id])

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_leads_its_coordinator_to_where_one_is_set_up(self, as_, asking, round, method):
        carol = as_("carol")
        response = getattr(carol, method)(self.desk(round), follow=True)
        assert response.redirect_chain == [(INDEX, 302)]
        assert self.ASKS in text_of(response)

    def test_loads_the_whole_page_where_a_part_was_asked_for(self, as_, asking, round):
        carol = as_("carol")
        response = carol.get(self.desk(round), headers={"hx-request": "true"})
        assert (response.status_code, response.headers["HX-Refresh"]) == (200, "true")
        assert self.ASKS not in text_of(carol.get(INDEX))

    def test_lets_its_coordinator_in_who_has_one(self, cast, as_, asking, round):
        give_app(cast.carol)
        assert as_("carol").get(self.desk(round)).status_code == 200

    def test_asks_no_member_for_it(self, as_, asking, round):
        assert as_("alice").get(self.desk(round)).status_code == 200
        assert as_("bob").get(self.desk(round)).status_code == 403

    def test_does_not_let_the_last_one_go(self, cast, as_, asking):
        carol = confirmed(as_("carol"), give_app(cast.carol))
        assert "You cannot remove this" in text_of(carol.get(REMOVE))
        assert "You cannot remove this" in text_of(carol.post(REMOVE))
        assert cast.carol.authenticator_set.filter(type="totp").exists()

    def test_nor_the_last_passkey(self, cast, as_, asking):
        carol, key = confirmed(as_("carol"), give_app(cast.carol)), give_passkey(cast.carol)
        url = reverse("mfa_remove_webauthn", args=[key.pk])
        assert "Remove it" in text_of(carol.get(url))
        cast.carol.authenticator_set.filter(type="totp").delete()
        for response in (carol.get(url), carol.post(url)):
            assert "You cannot remove this" in text_of(response)
            assert "Remove it" not in text_of(response)
        assert [each.type for each in cast.carol.authenticator_set.exclude(type="recovery_codes")] == ["webauthn"]

    def test_lets_one_of_two_go(self, cast, as_, asking):
        give_passkey(cast.carol)
        carol = confirmed(as_("carol"), give_app(cast.carol))
        carol.post(REMOVE)
        assert not cast.carol.authenticator_set.filter(type="totp").exists()
