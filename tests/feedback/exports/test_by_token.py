"""Figures read by tools that cannot sign in, at addresses that hold a personal token."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coprod.logs import RouteOnly
from partnerships.models import DataToken
from tests.factories import CoordinatorFactory, MemberFactory, PartnershipFactory
from tests.helpers.taken import address, in_area, rows_of
from tests.helpers.years import met

pytestmark = pytest.mark.django_db


class TestToken:
    """An address that opens without signing in."""

    def by(self, user, where: str = "partnerships/growth/tables.csv") -> str:
        self.secret = DataToken.objects.make(user=user, name="Report")
        return f"/data/{self.secret}/{where}"

    def test_reads_what_its_owner_may_read(self, cast, partnership, as_):
        met(partnership, "2025-05-04", (6, 2, 1), slips=9)
        for who, where, same in (
            ("bob", "partnerships/growth/tables.csv", address()),
            ("bob", "partnerships/growth/trends.csv?year=2025", address("trends")),
            ("carol", "areas/derry/trends.csv", in_area("trends")),
            ("carol", "partnerships/growth/tables.csv", address()),
        ):
            response = Client().get(self.by(getattr(cast, who), where))
            assert rows_of(response) == rows_of(as_(who).get(same))
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert "no-store" in response.headers["Cache-Control"]
            assert "private" in response.headers["Cache-Control"]
            assert not response.cookies

    def test_of_nobody_opens_nothing(self, cast, partnership):
        there = self.by(cast.bob)
        for wrong in (there.replace(self.secret, self.secret[:-1]), there.replace(self.secret, "x"), "/data/%00/x"):
            assert Client().get(wrong).status_code == 404

    def test_that_is_refused_is_told_in_one_line_that_loads_nothing(self, cast):
        response = Client().get(self.by(cast.eve))
        assert (response.status_code, response.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
        assert response.content == b"There is nothing at this address, or nothing that it may read any more.\n"
        assert response.headers["Referrer-Policy"] == "no-referrer"

    def test_that_was_revoked_opens_nothing(self, cast):
        there = self.by(cast.bob)
        assert Client().get(there).status_code == 200
        cast.bob.data_tokens.get().delete()
        assert Client().get(there).status_code == 404

    def test_of_somebody_who_left_opens_nothing(self, cast):
        there = self.by(cast.bob)
        cast.bob.memberships.update(joined_on="2025-04-01", left_on="2025-05-05")
        assert Client().get(there).status_code == 404

    def test_of_a_closed_account_opens_nothing(self, cast):
        there = self.by(cast.bob)
        cast.bob.is_active = False
        cast.bob.save()
        assert Client().get(there).status_code == 404
        cast.bob.delete()
        assert not DataToken.objects.exists()

    @pytest.mark.parametrize(
        ("who", "where"),
        [
            ("bob", "areas/derry/tables.csv"),
            ("eve", "areas/derry/tables.csv"),
            ("eve", "partnerships/growth/tables.csv"),
            ("bob", "partnerships/elsewhere/tables.csv"),
            ("bob", "partnerships/growth/slips.csv"),
            ("bob", "partnerships/growth/tables.xlsx"),
            ("bob", "partnerships/growth/tables.csv?year=x"),
        ],
    )
    def test_opens_nothing_else(self, who, where, cast):
        MemberFactory(partnership=PartnershipFactory(slug="other"))
        assert Client().get(self.by(getattr(cast, who), where)).status_code == 404

    def test_gives_a_session_no_rights_of_its_owner(self, cast, as_):
        """Whoever is signed in as somebody else sees what the token's owner may, and nothing by their own rights."""
        assert as_("carol").get(self.by(cast.eve)).status_code == 404

    def test_changes_nothing(self, cast):
        there = self.by(cast.bob)
        for method in ("post", "put", "patch", "delete"):
            assert getattr(Client(), method)(there).status_code == 405
        assert Client().head(there).status_code == 200

    def test_is_no_way_around_a_second_step(self, cast, partnership):
        there = self.by(cast.carol, "areas/derry/tables.csv")
        partnership.area.requires_second_factor = True
        partnership.area.save()
        response = Client().get(there)
        assert (response.status_code, response.headers["Referrer-Policy"]) == (403, "no-referrer")
        assert response.content == b"This area asks its coordinators for a second step. Sign in and set one up.\n"
        cast.carol.authenticator_set.create(type="totp", data={})
        assert Client().get(there).status_code == 200

    def test_remembers_the_day_on_which_it_was_used_with_one_write(self, cast, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        there = self.by(cast.bob)
        assert Client().get(there.replace("growth", "elsewhere")).status_code == 404
        assert cast.bob.data_tokens.get().used_on is None
        Client().get(there)
        assert cast.bob.data_tokens.get().used_on == date(2026, 6, 1)
        with CaptureQueriesContext(connection) as captured:
            Client().get(there)
        assert not [query for query in captured if query["sql"].startswith("UPDATE")]
        time_machine.move_to("2026-06-02 12:00:00+00:00")
        Client().get(there)
        assert cast.bob.data_tokens.get().used_on == date(2026, 6, 2)

    def test_stands_in_no_log(self, cast):
        there = self.by(cast.bob)
        for message, told in (
            (f'"GET {there}?year=2025 HTTP/1.1" 200', '"GET /data/<code> HTTP/1.1" 200'),
            (f"Not Found: /data/{self.secret}/rubbish", "Not Found: /data/<code>"),
            ("Not Found: /partnerships/growth/data/slips.csv", "Not Found: /partnerships/growth/data/slips.csv"),
            ("Not Found: /data/nothing", "Not Found: /data/nothing"),
        ):
            record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, None, None)
            RouteOnly().filter(record)
            assert record.getMessage() == told

    def test_of_a_coordinator_ends_with_the_office(self, cast):
        there = self.by(cast.carol, "areas/derry/trends.json")
        CoordinatorFactory(area=cast.carol.coordinates.get().area)
        assert Client().get(there).status_code == 200
        cast.carol.coordinates.all().delete()
        assert Client().get(there).status_code == 404
