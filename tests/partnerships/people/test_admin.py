"""Set-up by a site administrator."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from feedback.anonymity import seals
from feedback.models import Round, Slip
from partnerships.models import Coordinator, Entry, User
from tests.actors.phones import all_, open_, score, text_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site_admin() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    return client


def test_shows_no_partnerships_content():
    assert {model.__name__ for model in admin.site._registry} == {"Area", "Authenticator", "User"}


@pytest.mark.parametrize("name", ["user", "area"])
def test_lists_and_edits_who_meets(site_admin, name, cast):
    assert site_admin.get(reverse(f"admin:partnerships_{name}_changelist")).status_code == 200
    assert site_admin.get(reverse(f"admin:partnerships_{name}_add")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_deleted_meeting_takes_its_round_slips_and_key_along(round):
    open_(round)
    score(round, *[all_("yes")] * 2)
    round.meeting.delete()
    assert (Round.objects.count(), Slip.objects.count()) == (0, 0)
    assert not seals.is_kept(round.code)


def test_a_site_administrator_finds_the_way_in(site_admin):
    page = site_admin.get("/")
    assert "You are a site administrator" in text_of(page)
    assert page.content.count(b'href="/admin/"') == 2


def test_an_area_is_made_with_its_first_coordinator_and_that_is_written_down(site_admin):
    dara = UserFactory(email="dara@example.org")
    form = {
        "name": "Mid Ulster",
        "slug": "mid-ulster",
        "colour": "teal",
        "coordinators-TOTAL_FORMS": "1",
        "coordinators-INITIAL_FORMS": "0",
        "coordinators-0-user": dara.pk,
        "coordinators-0-name": "Dara",
    }
    assert site_admin.post(reverse("admin:partnerships_area_add"), form).status_code == 302
    assert str(Coordinator.objects.get()) == "Dara"
    entry = Entry.objects.get()
    assert (entry.act, entry.person) == ("coordinator_added", dara)


def test_nobody_who_looks_after_an_area_is_taken_away_here(site_admin, cast, partnership):
    for name, pk in (("user", cast.carol.pk), ("area", partnership.area_id)):
        assert (
            site_admin.post(reverse(f"admin:partnerships_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
        )
    page = site_admin.get(reverse("admin:partnerships_area_change", args=[partnership.area_id]))
    assert b"coordinators-0-DELETE" not in page.content
    assert b"requires_second_factor" not in page.content


def test_a_second_step_can_be_taken_away_but_not_given(site_admin, cast):
    step = cast.carol.authenticator_set.create(type="totp", data={})
    assert site_admin.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    assert site_admin.get(reverse("admin:mfa_authenticator_changelist")).status_code == 200
    site_admin.post(reverse("admin:mfa_authenticator_delete", args=[step.pk]), {"post": "yes"})
    assert not cast.carol.authenticator_set.exists()


def test_the_admins_log_keeps_no_address(site_admin):
    site_admin.post(reverse("admin:partnerships_user_add"), {"email": "dara@example.org", "is_active": "on"})
    dara = User.objects.get(email="dara@example.org")
    site_admin.post(reverse("admin:partnerships_user_change", args=[dara.pk]), {"email": "una@example.org"})
    assert (User.objects.get(pk=dara.pk).is_active, LogEntry.objects.count()) == (False, 0)


def test_nobody_but_a_site_administrator_gets_in(as_):
    assert as_("carol").get("/admin/partnerships/area/").status_code == 302
