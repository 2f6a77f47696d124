"""What is kept about people: said truly, shown, and downloaded."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnerships.models import Act, Entry
from tests.actors.phones import text_of
from tests.factories import CoordinatorFactory

pytestmark = pytest.mark.django_db


class TestThePrivacyPage:
    def test_makes_the_same_promise_as_the_slip(self):
        promise = (
            "Your name is not stored. Your answers are added up, and your slip is destroyed when the table is made. "
            "Comments are printed as you write them, in papers that may be published, unless the minute-taker "
            "withholds them. Until the table is made, whoever runs the server could in principle tie a slip to a "
            "phone, and whoever types in paper slips could work out the rest when few came by phone."
        )
        assert promise in text_of(Client().get("/privacy/"))

    def test_is_one_click_from_every_page(self, as_):
        assert b'href="/privacy/"' in Client().get("/").content
        assert b'href="/privacy/"' in as_("bob").get("/partnerships/growth/").content

    def test_names_who_runs_the_site(self, settings):
        settings.OPERATOR = "Derry City and Strabane District Council, info@example.org"
        page = text_of(Client().get("/privacy/"))
        assert "This site is run by: Derry City and Strabane District Council, info@example.org." in page
        settings.OPERATOR = ""
        assert "Your council’s coordinator can tell you who runs this site." in text_of(Client().get("/privacy/"))

    @pytest.mark.django_db(transaction=True)
    def test_speaks_the_truth_about_network_addresses(self, cast):
        cache.clear()
        Client(REMOTE_ADDR="192.0.2.77").post(reverse("account_request_login_code"), {"email": "bob@example.org"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key, value FROM coprod_cache")
            kept = cursor.fetchall()
        cache.clear()
        assert len(kept) > 0
        assert "192.0.2.77" not in str(kept)
        assert "bob@" not in str(kept)


class TestWhatIsHeldAboutMe:
    def test_is_everything_and_in_words(self, as_, cast, partnership, meeting, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        CoordinatorFactory(area=partnership.area, user=cast.bob, name="Robert", invited_on=datetime.date(2026, 5, 4))
        cast.bob.memberships.update(
            joined_on=datetime.date(2025, 4, 1), invited_on=datetime.date(2025, 4, 2), left_on=datetime.date(2026, 5, 5)
        )
        cast.bob.authenticator_set.create(type="totp", data={}, last_used_at="2026-05-06T10:00:00+00:00")
        Entry.objects.write(Act.OPENED, by=cast.bob, meeting=meeting)
        client = as_("bob")
        page = text_of(client.get("/account/data/"))
        for words in (
            "Email address: bob@example.org",
            "Last signed in: 1 June 2026, 13:00",
            "Derry City and Strabane As Robert. Invited on 4 May 2026.",
            "Role: Member. bob@example.org Since 1 April 2025. Invited on 2 April 2025. Left on 5 May 2026.",
            "A browser on an unknown device Since 1 June 2026, 13:00, until 2 June 2026, 01:00",
            "TOTP Authenticator Added on 1 June 2026. Last used on 6 May 2026.",
            "In the record of what was done: 1 entry 1 June 2026, 13:00: you opened scoring Strategic Growth",
        ):
            assert words in page, words

    def test_can_be_downloaded(self, as_, cast, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00", tick=False)
        cast.bob.memberships.update(joined_on=datetime.date(2025, 4, 1))
        response = as_("bob").get("/account/data.json")
        assert response.headers["Content-Disposition"] == 'attachment; filename="together-about-me.json"'
        assert json.loads(response.content) == {
            "account": {
                "email": "bob@example.org",
                "last_signed_in": "2026-06-01T12:00:00Z",
                "administers_site": False,
            },
            "memberships": [
                {
                    "name": "Bob",
                    "email": "bob@example.org",
                    "partnership": "Strategic Growth Partnership",
                    "area": "Derry City and Strabane",
                    "organisation": str(cast.bob.memberships.get().organisation),
                    "role": "Member",
                    "in_place_of": None,
                    "joined_on": "2025-04-01",
                    "signed_in_on": "2026-06-01",
                    "left_on": None,
                    "invited_on": None,
                    "erasure_asked_on": None,
                    "actions_mailed_on": None,
                    "charter_asked_on": None,
                    "access_needs": [],
                    "actions": [],
                    "objectives": [],
                    "mails": [],
                }
            ],
            "coordinates": [],
            "second_step": [],
            "devices": [
                {
                    "device": "A browser on an unknown device",
                    "since": "2026-06-01T12:00:00Z",
                    "until": "2026-06-02T00:00:00Z",
                }
            ],
            "data_tokens": [],
            "record": [],
            "charter": [],
        }

    def test_of_a_new_account_is_little(self, as_, cast, client):
        cast.eve.coordinates.all().delete()
        cast.eve.is_staff = True
        cast.eve.save()
        page = text_of(as_("eve").get("/account/data/"))
        assert "You are an administrator of this site." in page
        assert "Partnerships You are on no partnership." in page

    def test_names_no_device_secret(self, as_, cast):
        client = as_("bob")
        assert client.session.session_key not in client.get("/account/data.json").content.decode()
