"""Addresses for spreadsheets: made, shown once, listed, revoked, and told among one's own data."""

import json
import re
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.test import Client
from django.urls import reverse

from partnerships.models import DataToken
from partnerships.models.tokens import MOST_TOKENS
from tests.actors.phones import text_of
from tests.factories import MemberFactory, PartnershipFactory
from tests.helpers.years import met

pytestmark = pytest.mark.django_db
PAGE = reverse("data_tokens")


def addresses(response) -> list[str]:
    return re.findall(r"<code>(http[^<]*)</code>", response.content.decode())


def revoke(token: DataToken) -> str:
    return reverse("revoke_data_token", args=[token.pk])


class TestMaking:
    def test_shows_addresses_that_work_once(self, as_, cast, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        met(partnership, "2025-05-04")
        bob = as_("bob")
        response = bob.post(PAGE, {"name": " Yearly  report "})
        assert "“Yearly report” is made." in text_of(response)
        assert "Strategic Growth Partnership" in text_of(response)
        assert "no-store" in response.headers["Cache-Control"]
        tables, trends = addresses(response)
        assert re.sub(r"/data/[\w-]{43}/", "/data/…/", tables) == (
            "http://testserver/data/…/partnerships/growth/tables.csv"
        )
        for address in (tables, trends):
            assert Client().get(address).status_code == 200
        again = bob.get(PAGE)
        assert addresses(again) == []
        secret = tables.split("/")[4]
        assert secret not in again.content.decode() + json.dumps(dict(bob.session)) + str(bob.cookies)
        assert "Yearly report Made on 1 June 2026. Last used on 1 June 2026." in text_of(again)

    def test_keeps_no_secret(self, as_, cast):
        [address, _other] = addresses(as_("bob").post(PAGE, {"name": "Report"}))
        [token] = DataToken.objects.values()
        assert address.split("/")[4] not in str(token)

    def test_shows_areas_and_partnerships_of_ones_own_alone(self, as_, cast, partnership):
        days = {"joined_on": "2024-01-01", "left_on": "2025-01-01"}
        left = MemberFactory(partnership=PartnershipFactory(), user=cast.carol, **days)
        MemberFactory(partnership=PartnershipFactory(slug="steering"), user=cast.carol)
        found = addresses(as_("carol").post(PAGE, {"name": "Report"}))
        assert [address.split("/", 5)[5] for address in found] == [
            "areas/derry/tables.csv",
            "areas/derry/trends.csv",
            "partnerships/steering/tables.csv",
            "partnerships/steering/trends.csv",
        ]
        assert left.partnership.slug not in str(found)

    def test_says_where_there_is_nothing_to_read(self, as_, cast):
        cast.eve.coordinates.all().delete()
        page = text_of(as_("eve").post(PAGE, {"name": "Report"}))
        assert "You are on no partnership and coordinate no area" in page

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("", "Say what the address is for"),
            (" ", "Say what the address is for"),
            ("x" * 81, "Shorten it to 80 characters or fewer"),
            ("=1+1", "begins with ="),
        ],
    )
    def test_needs_to_know_what_for(self, name, problem, as_):
        response = as_("bob").post(PAGE, {"name": name})
        assert response.status_code == 422
        assert problem in text_of(response)
        assert not DataToken.objects.exists()

    def test_needs_a_name_that_tells_it_from_the_others(self, as_, cast):
        bob = as_("bob")
        bob.post(PAGE, {"name": "Report"})
        response = bob.post(PAGE, {"name": "report"})
        assert response.status_code == 422
        assert "You have an address of this name already. Give this one another name." in text_of(response)
        assert cast.bob.data_tokens.count() == 1

    def test_ends_at_ten(self, as_, cast):
        for number in range(MOST_TOKENS - 1):
            DataToken.objects.make(user=cast.bob, name=f"Report {number}")
        bob = as_("bob")
        response = bob.post(PAGE, {"name": "The last"})
        assert response.status_code == 200
        assert "You have 10, which is as many as there can be." in text_of(response)
        assert 'name="name"' not in bob.get(PAGE).content.decode()
        response = bob.post(PAGE, {"name": "One too many"})
        assert (response.status_code, len(addresses(response))) == (422, 0)
        assert "You have 10 addresses. Revoke one first." in text_of(response)
        assert cast.bob.data_tokens.count() == MOST_TOKENS


class TestList:
    def test_is_of_ones_own(self, as_, cast):
        DataToken.objects.make(user=cast.alice, name="Of Alice")
        page = text_of(as_("bob").get(PAGE))
        assert "Of Alice" not in page
        assert "Made so far" not in page

    def test_says_what_was_never_used(self, as_, cast, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        DataToken.objects.make(user=cast.bob, name="Report")
        assert "Report Made on 1 June 2026. Never used. Revoke Report" in text_of(as_("bob").get(PAGE))


class TestRevoking:
    def test_asks_first_then_does(self, as_, cast):
        secret = DataToken.objects.make(user=cast.bob, name="Report")
        bob, token = as_("bob"), cast.bob.data_tokens.get()
        assert "Revoke “Report”?" in text_of(bob.get(revoke(token)))
        assert DataToken.objects.exists()
        response = bob.post(revoke(token), follow=True)
        assert response.redirect_chain == [(PAGE, 302)]
        assert "“Report” is revoked: its addresses open nothing any more." in text_of(response)
        assert Client().get(f"/data/{secret}/partnerships/growth/tables.csv").status_code == 404

    def test_is_for_its_owner_alone(self, as_, cast):
        DataToken.objects.make(user=cast.bob, name="Report")
        token = cast.bob.data_tokens.get()
        assert as_("carol").post(revoke(token)).status_code == 404
        assert DataToken.objects.exists()

    def test_comes_by_itself_with_the_first_second_step(self, as_, cast, rf):
        """Whoever made one by then had shown the code by email alone, and so may have been somebody else."""
        DataToken.objects.make(user=cast.carol, name="Report")
        request = rf.post("/")
        request.session = as_("carol").session
        for number in (1, 2):
            step = Authenticator.objects.create(user=cast.carol, type="webauthn", data={})
            authenticator_added.send(sender=Authenticator, request=request, user=cast.carol, authenticator=step)
            assert cast.carol.data_tokens.count() == number - 1
            DataToken.objects.make(user=cast.carol, name="Report")


class TestMyAccount:
    def test_leads_there_and_tells_of_them(self, as_, cast):
        DataToken.objects.create(
            user=cast.bob, name="Report", token_hash="a", made_on=date(2026, 5, 1), used_on=date(2026, 5, 2)
        )
        DataToken.objects.create(user=cast.bob, name="Unused", token_hash="b", made_on=date(2026, 5, 1))
        bob = as_("bob")
        page = bob.get(reverse("own_data"))
        assert f'href="{PAGE}"' in page.content.decode()
        assert "Report Made on 1 May 2026. Last used on 2 May 2026. Unused Made on 1 May 2026." in text_of(page)
        assert json.loads(bob.get(reverse("own_data_json")).content)["data_tokens"] == [
            {"name": "Report", "made_on": "2026-05-01", "used_on": "2026-05-02"},
            {"name": "Unused", "made_on": "2026-05-01", "used_on": None},
        ]
