"""Invitations: a link to a page with a button, which uses nothing up."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partnerships.models import Coordinator, Member
from partnerships.people.invitations import token_for
from tests.actors.phones import text_of
from tests.factories import CoordinatorFactory, MemberFactory, UserFactory
from tests.helpers.signing_in import ask, code

pytestmark = pytest.mark.django_db
ALL = "/partnerships/growth/members/invite/"


@pytest.fixture
def dara(partnership) -> Member:
    return MemberFactory(
        partnership=partnership,
        name="Dara",
        email="dara@example.org",
        user=UserFactory(email="dara@example.org"),
        organisation__name="Libraries NI",
        role="chair",
    )


def link() -> str:
    """The path of the link in the last mail."""
    found = re.search(r"^    http://testserver(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def one(member: Member) -> str:
    return reverse("partnerships:invite", args=["growth", member.pk])


class TestSending:
    @pytest.fixture(autouse=True)
    def _who_was_there_has_signed_in(self, as_):
        as_("alice"), as_("bob")

    def test_one_press_invites_all_who_were_not_invited_and_never_signed_in(self, as_, partnership, dara):
        MemberFactory(partnership=partnership, email="")
        assert "Send 1 invitation…" in text_of(as_("alice").get("/partnerships/growth/members/"))
        assert "1 person has an email address" in text_of(as_("alice").get(ALL))
        assert "Dara dara@example.org. Strategic Growth Partnership" in text_of(as_("alice").get(ALL))
        response = as_("alice").post(ALL, follow=True)
        assert "1 invitation was sent." in text_of(response)
        assert [message.to for message in mail.outbox] == [["dara@example.org"]]
        assert mail.outbox[0].subject == "You are invited to Strategic Growth Partnership on Together"
        assert "(Derry City and Strabane), for Libraries NI. Your role: Chair." in mail.outbox[0].body
        dara.refresh_from_db()
        assert dara.invited_on is not None

    def test_a_second_press_invites_nobody_again(self, as_, dara):
        as_("alice").post(ALL)
        as_("alice").post(ALL)
        assert len(mail.outbox) == 1

    def test_one_can_be_invited_again_after_some_minutes(self, as_, dara, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        as_("alice").post(one(dara))
        assert "invitations went out a few minutes ago" in text_of(as_("alice").post(one(dara), follow=True))
        time_machine.shift(301)
        as_("alice").post(one(dara))
        assert len(mail.outbox) == 2

    def test_nobody_without_an_address_and_nobody_who_left(self, as_, partnership, dara):
        una = MemberFactory(partnership=partnership, email="")
        as_("alice").post(one(una))
        Member.objects.filter(pk=dara.pk).update(left_on=datetime.date(2999, 1, 1))
        as_("alice").post(one(dara))
        as_("alice").post(ALL)
        assert mail.outbox == []

    def test_loading_the_address_sends_nothing(self, as_, dara):
        as_("alice").get(ALL), as_("alice").get(one(dara)), as_("carol").get("/areas/derry/invite/")
        assert mail.outbox == []

    def test_a_coordinator_invites_the_whole_area(self, as_, dara):
        assert "Send 1 invitation…" in text_of(as_("carol").get("/areas/derry/"))
        response = as_("carol").post("/areas/derry/invite/", follow=True)
        assert "1 invitation was sent." in text_of(response)
        assert "Send 1 invitation" not in text_of(response)

    def test_says_who_could_not_be_reached_and_tries_them_again(self, as_, partnership, settings):
        for name in ("one", "two"):
            user = UserFactory(email=f"{name}@example.org")
            MemberFactory(partnership=partnership, name=name, email=user.email, user=user)
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.RefusesTwo"}}
        page = text_of(as_("alice").post(ALL, follow=True))
        assert "1 invitation was sent." in page
        assert "1 invitation could not be sent. Try again later." in page
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        as_("alice").post(ALL)
        assert [message.to for message in mail.outbox] == [["one@example.org"], ["two@example.org"]]

    def test_a_name_of_several_lines_cannot_reach_the_mails_head(self, as_, partnership, dara):
        partnership.name = "Growth\nBcc: everybody@example.org"
        partnership.save()
        as_("alice").post(one(dara))
        assert [message.recipients() for message in mail.outbox] == [["dara@example.org"]]


class TestTheLink:
    def test_opens_a_page_with_a_button_that_asks_for_a_code(self, as_, dara):
        as_("alice").post(one(dara))
        client = Client()
        for _ in range(2):  # a mail scanner first
            page = client.get(link())
            assert "Strategic Growth Partnership (Derry City and Strabane) has you on its list" in text_of(page)
        assert "dara@" not in page.content.decode()
        response = client.post(link())
        assert mail.outbox[-1].to == ["dara@example.org"]
        assert mail.outbox[-1].subject == "Your code to sign in to Together"
        form = {"code": code(), "next": "/partnerships/growth/"}
        assert client.post(response.headers["Location"], form).headers["Location"] == "/partnerships/growth/"

    def test_works_where_a_code_was_asked_for_with_another_address(self, dara):
        client = ask("zzzzz@example.org")
        response = client.post(f"/invitation/{token_for(dara)}/")
        assert response.headers["Location"] == "/account/sign-in/code/?next=%2Fpartnerships%2Fgrowth%2F"
        assert mail.outbox[-1].to == ["dara@example.org"]

    def test_asked_too_often_says_so(self, dara):
        for _ in range(3):
            Client().post(f"/invitation/{token_for(dara)}/")
        response = Client().post(f"/invitation/{token_for(dara)}/")
        assert "Too many tries. Wait a few minutes, then try again." in text_of(response)
        assert len(mail.outbox) == 3

    def test_leads_whom_it_is_for_straight_on_when_signed_in(self, dara):
        client = Client()
        client.force_login(dara.user)
        assert "Go to Strategic Growth Partnership" in text_of(client.get(f"/invitation/{token_for(dara)}/"))

    def test_is_for_nobody_else(self, as_, dara):
        page = as_("bob").get(f"/invitation/{token_for(dara)}/")
        assert "This invitation is for another address. You are signed in as bob@example.org" in text_of(page)
        assert as_("bob").post(f"/invitation/{token_for(dara)}/").status_code == 200
        assert mail.outbox == []

    def test_of_a_coordinator_leads_to_the_area(self, partnership):
        coordinator = CoordinatorFactory(area=partnership.area, name="Dara")
        page = Client().get(f"/invitation/{token_for(coordinator)}/")
        assert "You are a coordinator of Derry City and Strabane" in text_of(page)
        response = Client().post(f"/invitation/{token_for(coordinator)}/")
        assert response.headers["Location"] == "/account/sign-in/code/?next=%2Fareas%2Fderry%2F"

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda dara: Member.objects.filter(pk=dara.pk).update(left_on=datetime.date(2999, 1, 1)),
            lambda dara: dara.delete(),
            lambda dara: type(dara.user).objects.filter(pk=dara.user_id).update(email="other@example.org"),
            lambda dara: Member.objects.filter(pk=dara.pk).update(user=None),
        ],
        ids=["left", "erased", "another address", "no account"],
    )
    def test_is_no_good_once_things_have_changed(self, dara, spoil):
        path = f"/invitation/{token_for(dara)}/"
        spoil(dara)
        response = Client().get(path)
        assert response.status_code == 404
        assert "This invitation is no longer good" in text_of(response)

    def test_is_no_good_after_sixty_days(self, dara, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        path = f"/invitation/{token_for(dara)}/"
        time_machine.shift(datetime.timedelta(days=60, seconds=-1))
        assert Client().get(path).status_code == 200
        time_machine.shift(datetime.timedelta(seconds=2))
        assert Client().get(path).status_code == 404

    def test_is_no_good_when_it_was_tampered_with(self, dara, partnership):
        token = token_for(dara)
        for bad in (token[:-1], f"x{token}", "x", token.replace(":", ".")):
            assert Client().get(f"/invitation/{bad}/").status_code == 404

    def test_of_a_coordinator_who_was_removed_is_no_good(self):
        coordinator = CoordinatorFactory()
        path = f"/invitation/{token_for(coordinator)}/"
        Coordinator.objects.all().delete()
        assert Client().get(path).status_code == 404
