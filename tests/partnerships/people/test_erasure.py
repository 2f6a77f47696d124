"""Who asks is erased, who left long ago is erased, and tables stay as they were."""

import datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from feedback.models import Table
from partnerships.models import Coordinator, Entry, Member, Session, User
from partnerships.people.membership import months_before
from tests.actors.phones import all_, collate, open_, score, text_of
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    MemberFactory,
    PartnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ASK = "/account/erasure/"


def everything() -> str:
    """All that the database holds, but for which migrations ran."""
    kept = [model for model in apps.get_models() if model._meta.managed]
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in kept)


def erase(client, member: Member):
    return client.post(reverse("partnerships:erase", args=[member.partnership.slug, member.pk]), follow=True)


def daily() -> str:
    out = StringIO()
    call_command("daily", stdout=out)
    return out.getvalue()


class TestAsking:
    def test_marks_ones_places_for_the_coordinators(self, as_, cast, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        bob = as_("bob")
        assert "A coordinator of your area does it, and has a month for that." in text_of(bob.get(ASK))
        page = text_of(bob.post(ASK, follow=True))
        assert "You have asked to be erased." in page
        assert "You asked to be erased on 1 June 2026." in page
        area = text_of(as_("carol").get("/areas/derry/"))
        assert "1 request to be erased" in area
        listed = text_of(as_("carol").get("/areas/derry/erasures/"))
        assert (
            f"Bob {cast.bob.memberships.get().organisation}, Strategic Growth Partnership. Asked on 1 June 2026."
            in listed
        )

    def test_twice_keeps_the_first_day(self, as_, cast, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        as_("bob").post(ASK)
        time_machine.move_to("2026-06-05 12:00:00+00:00")
        as_("bob").post(ASK)
        assert cast.bob.memberships.get().erasure_asked_on == datetime.date(2026, 6, 1)

    def test_can_be_taken_back(self, as_, cast, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        bob = as_("bob")
        bob.post(ASK)
        assert "You asked on 1 June 2026." in text_of(bob.get(ASK))
        assert "You stay on the list." in text_of(bob.post(ASK, {"stay": "yes"}, follow=True))
        assert cast.bob.memberships.get().erasure_asked_on is None
        acts = [entry.act for entry in Entry.objects.order_by("pk")]
        assert acts == ["erasure_asked", "erasure_withdrawn"]

    def test_of_somebody_on_no_partnership_closes_the_account_at_once(self, client):
        client.force_login(UserFactory(email="dara@example.org"))
        assert "Your account is closed at once" in text_of(client.get(ASK))
        page = text_of(client.post(ASK, follow=True))
        assert "Your account is closed and nothing is held about you here." in page
        assert not User.objects.exists()
        assert Session.objects.filter(user__isnull=False).count() == 0

    def test_of_a_coordinator_says_what_comes_first(self, as_, cast):
        carol = as_("carol")
        page = text_of(carol.get(ASK))
        assert "You are a coordinator: stop being one first." in page
        assert "Close my account" not in page
        assert "Nothing was changed" in text_of(carol.post(ASK, follow=True))
        assert User.objects.filter(pk=cast.carol.pk).exists()

    def test_of_a_site_administrator_says_who_must_act(self, client):
        client.force_login(UserFactory(is_staff=True))
        assert "another administrator has to take that away first" in text_of(client.get(ASK))

    def test_nobody_asking_is_said(self, as_):
        assert "Nobody asks to be erased." in text_of(as_("carol").get("/areas/derry/erasures/"))


class TestErasing:
    def test_the_person_goes_and_the_table_stays(self, as_, cast, round):
        open_(round)
        score(round, *[all_("yes")] * 5, comments=("Warm room",))
        collate(round)
        before = serializers.serialize("json", Table.objects.all())
        bob = cast.bob.memberships.get()
        as_("bob")
        as_("alice").post(reverse("partnerships:invite", args=["growth", bob.pk]))
        page = text_of(as_("carol").get(reverse("partnerships:erase", args=["growth", bob.pk])))
        assert f"Bob, bob@example.org: Member, Strategic Growth Partnership, {bob.organisation}" in page
        assert "The person is erased. Tables stay as they were." in text_of(erase(as_("carol"), bob))
        assert serializers.serialize("json", Table.objects.all()) == before
        assert "Bob" not in everything()
        assert "bob@" not in everything()

    def test_from_all_partnerships_of_the_area_past_and_present(self, as_, cast, partnership):
        other = PartnershipFactory(area=partnership.area)
        MemberFactory(partnership=other, name="Bob B.", user=cast.bob, left_on=datetime.date(2999, 1, 1))
        erase(as_("carol"), cast.bob.memberships.first())
        assert Member.objects.filter(name__startswith="Bob").count() == 0
        assert Entry.objects.filter(act="member_erased").count() == 2

    def test_from_this_area_alone(self, as_, cast):
        elsewhere = MemberFactory(name="Bob", user=cast.bob, email=cast.bob.email)
        erase(as_("carol"), cast.bob.memberships.exclude(pk=elsewhere.pk).get())
        assert list(cast.bob.memberships.all()) == [elsewhere]

    def test_of_somebody_without_an_account_takes_that_row_alone(self, as_, partnership):
        una, namesake = MemberFactory.create_batch(2, partnership=partnership, name="Una")
        erase(as_("carol"), una)
        assert list(Member.objects.filter(name="Una")) == [namesake]

    def test_of_one_who_asked_leads_back_to_the_others_who_ask(self, as_, cast):
        as_("bob").post(ASK)
        assert erase(as_("carol"), cast.bob.memberships.get()).redirect_chain == [("/areas/derry/erasures/", 302)]

    def test_takes_an_organisation_along_that_nobody_else_represents(self, as_, partnership):
        mary = MemberFactory(partnership=partnership, name="Mary", organisation__name="Resident Mary Murphy")
        erase(as_("carol"), mary)
        assert "Mary" not in everything()

    def test_takes_nobodys_coordination_away(self, as_, cast, partnership):
        carol = MemberFactory(partnership=partnership, name="Carol", user=cast.carol)
        page = text_of(as_("carol").get(reverse("partnerships:erase", args=["growth", carol.pk])))
        assert "They are a coordinator of this area as well" in page
        assert erase(as_("carol"), carol).redirect_chain == [("/", 302)]
        assert Coordinator.objects.filter(user=cast.carol).exists()

    def test_of_a_former_member_can_be_done_from_their_page(self, as_, cast):
        bob = cast.bob.memberships.get()
        Member.objects.filter(pk=bob.pk).update(left_on=datetime.date(2999, 1, 1))
        page = as_("carol").get(reverse("partnerships:member", args=["growth", bob.pk]))
        assert "Erase this person" in text_of(page)
        alices = as_("alice").get(reverse("partnerships:member", args=["growth", bob.pk]))
        assert "Erase this person" not in text_of(alices)

    def test_leaves_a_successor_in_place(self, as_, cast, partnership):
        bob = cast.bob.memberships.get()
        una = MemberFactory(partnership=partnership, name="Una", succeeds=bob)
        erase(as_("carol"), bob)
        una.refresh_from_db()
        assert una.succeeds is None


class TestRetention:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to("2026-06-15 12:00:00+00:00")

    def left(self, partnership, name: str, on: datetime.date, **more) -> Member:
        return MemberFactory(
            partnership=partnership, name=name, joined_on=datetime.date(2020, 1, 1), left_on=on, **more
        )

    def test_the_daily_command_erases_who_left_more_than_24_months_ago(self, partnership):
        una = UserFactory(email="una@example.org")
        self.left(partnership, "Una", datetime.date(2024, 6, 14), user=una, email=una.email)
        stays = self.left(partnership, "Dara", datetime.date(2024, 6, 15))
        assert daily() == "Derry City and Strabane: erased 1 membership(s) that ended more than 24 months ago\n"
        assert list(Member.objects.all()) == [stays]
        assert not User.objects.exists()
        entry = Entry.objects.get()
        assert (entry.act, entry.by, entry.detail) == ("retention", None, "1")
        assert daily() == ""

    def test_each_area_keeps_people_as_long_as_it_says(self, partnership):
        short = PartnershipFactory(area=AreaFactory(name="Short", months_kept=1))
        for each in (partnership, short):
            self.left(each, "Una", datetime.date(2026, 5, 14))
        assert daily() == "Short: erased 1 membership(s) that ended more than 1 months ago\n"

    def test_who_is_still_needed_elsewhere_keeps_the_account(self, cast, partnership):
        self.left(PartnershipFactory(area=partnership.area), "Bob", datetime.date(2020, 6, 1), user=cast.bob)
        daily()
        assert User.objects.filter(pk=cast.bob.pk).exists()

    def test_idle_accounts_are_closed(self, cast):
        long_ago, lately = (
            datetime.datetime(2024, 6, 14, tzinfo=datetime.UTC),
            datetime.datetime(2024, 6, 16, tzinfo=datetime.UTC),
        )
        UserFactory(email="never@example.org")
        UserFactory(email="long.ago@example.org", last_login=long_ago)
        UserFactory(email="lately@example.org", last_login=lately)
        UserFactory(email="admin@example.org", is_staff=True, last_login=long_ago)
        assert daily() == "Closed 2 account(s) that nothing needs any more\n"
        assert sorted(User.objects.values_list("email", flat=True)) == [
            "admin@example.org",
            "alice@example.org",
            "bob@example.org",
            "carol@example.org",
            "eve@example.org",
            "lately@example.org",
        ]

    def test_sessions_whose_time_is_up_go(self, as_, time_machine):
        as_("bob")
        time_machine.shift(datetime.timedelta(hours=13))
        daily()
        assert Session.objects.count() == 0

    @pytest.mark.parametrize(
        ("day", "months", "before"),
        [
            ((2026, 6, 15), 24, (2024, 6, 15)),
            ((2026, 3, 31), 1, (2026, 2, 28)),
            ((2024, 3, 31), 1, (2024, 2, 29)),
            ((2026, 1, 1), 1, (2025, 12, 1)),
            ((2024, 2, 29), 12, (2023, 2, 28)),
        ],
    )
    def test_months_end_where_the_shorter_month_does(self, day, months, before):
        assert months_before(datetime.date(*day), months) == datetime.date(*before)


@pytest.mark.django_db(transaction=True)
def test_the_daily_command_sweeps_out_limits_whose_time_is_up():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM coprod_cache")
        for key, year in (("old", 2020), ("new", 2999)):
            expires = connection.ops.adapt_datetimefield_value(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC))
            cursor.execute("INSERT INTO coprod_cache VALUES (%s, %s, %s)", [key, "x", expires])
        daily()
        cursor.execute("SELECT cache_key FROM coprod_cache")
        assert cursor.fetchall() == [("new",)]
        cursor.execute("DELETE FROM coprod_cache")


def test_a_coordinator_without_a_name_is_called_by_address():
    assert CoordinatorFactory(name="").user.email == str(Coordinator.objects.get())
