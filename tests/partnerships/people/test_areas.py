"""A coordinator's area: its partnerships, its settings, its coordinators."""

import datetime
import re

import pytest
from django.core import mail
from django.urls import reverse

from partnerships.models import Area, Coordinator, Entry, Partnership, User
from partnerships.people import membership
from partnerships.permissions import RIGHTS, Right, Role
from tests.actors.phones import text_of
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    MeetingFactory,
    MemberFactory,
    PartnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
AREA = "/areas/derry/"
NEW = "/areas/derry/partnerships/new/"
BOARD = {"name": "Board", "kind": "board", "parent": "", "year_start_month": "4", "threshold": "5"}


def listed(page) -> list[tuple[int, str]]:
    """(depth, name) of each partnership on the page."""
    found = re.findall(r'class="app-depth-(\d)"><a [^>]*>([^<]*)<', page.content.decode())
    return [(int(depth), name) for depth, name in found]


@pytest.fixture
def tree(partnership):
    """A board, below it a thematic group with a panel, and two localities."""
    area = partnership.area
    group = PartnershipFactory(area=area, name="Health", kind="thematic", parent=partnership)
    PartnershipFactory(area=area, name="Young people", kind="panel", parent=group)
    for name in ("Waterside DEA", "The Moor DEA"):
        PartnershipFactory(area=area, name=name, kind="locality", parent=partnership)


class TestTheList:
    def test_shows_who_reports_to_whom(self, as_, tree):
        assert listed(as_("carol").get(AREA)) == [
            (0, "Strategic Growth Partnership"),
            (1, "Health"),
            (2, "Young people"),
            (1, "The Moor DEA"),
            (1, "Waterside DEA"),
        ]

    def test_says_how_many_members_there_are_and_when_they_meet(self, as_, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        MemberFactory(partnership=partnership, left_on=datetime.date(2999, 1, 1))
        assert "Board. 2 members. No meeting planned." in text_of(as_("carol").get(AREA))
        for day in (1, 2, 9):
            MeetingFactory(partnership=partnership, date=datetime.date(2026, 6, day))
        page = text_of(as_("carol").get(AREA))
        assert "1 partnership, 2 members" in page
        assert "Board. 2 members. Next meeting 1 June 2026." in page

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"q": "dea"}, [(0, "The Moor DEA"), (0, "Waterside DEA")]),
            ({"kind": "panel"}, [(0, "Young people")]),
            ({"q": " Moor ", "kind": "locality"}, [(0, "The Moor DEA")]),
            ({"q": "moor", "kind": "panel"}, []),
        ],
    )
    def test_can_be_searched_and_filtered(self, as_, tree, asked, found):
        page = as_("carol").get(AREA, asked)
        assert listed(page) == found
        assert (f"{len(found)} found. Show all" if found else "No partnership fits. Show all") in text_of(page)

    def test_of_a_search_says_whom_each_reports_to(self, as_, tree):
        page = text_of(as_("carol").get(AREA, {"q": "young"}))
        assert "Young people Panel, reports to Health. 0 members." in page

    @pytest.mark.parametrize("asked", [{"kind": "club"}, {"q": "\0"}, {"q": "x" * 161}])
    def test_shows_everything_where_the_search_cannot_be(self, as_, tree, asked):
        page = as_("carol").get(AREA, asked)
        assert (page.status_code, len(listed(page))) == (200, 5)

    def test_holds_nothing_of_another_area(self, as_):
        PartnershipFactory(name="Elsewhere")
        assert listed(as_("carol").get(AREA)) == [(0, "Strategic Growth Partnership")]

    def test_empty_tells_where_to_start(self, as_):
        page = text_of(as_("eve").get("/areas/mid-ulster/"))
        assert "There is no partnership here yet. Start with the board; its groups report to it." in page

    def test_of_141_partnerships_and_3000_members_takes_8_queries(self, as_, partnership, django_assert_num_queries):
        area, carol = partnership.area, as_("carol")
        with django_assert_num_queries(8):
            carol.get(AREA)
        PartnershipFactory.create_batch(140, area=area, parent=partnership)
        organisation = MemberFactory(partnership=partnership).organisation
        each = list(area.partnerships.all())
        MemberFactory._meta.model.objects.bulk_create(
            MemberFactory.build(partnership=each[n % 141], organisation=organisation) for n in range(3000)
        )
        with django_assert_num_queries(8):
            page = carol.get(AREA)
        assert "141 partnerships, 3003 members" in text_of(page)


class TestSettingUpAPartnership:
    def test_is_one_form(self, as_, partnership):
        form = BOARD | {"name": " Locality  group ", "kind": "locality", "parent": partnership.pk, "threshold": "3"}
        response = as_("carol").post(NEW, form, follow=True)
        assert response.redirect_chain == [("/partnerships/locality-group/members/", 302)]
        assert "“Locality group” is set up. Add its members next." in text_of(response)
        new = Partnership.objects.get(slug="locality-group")
        assert (new.name, new.kind, new.parent, new.year_start_month, new.threshold, new.area) == (
            "Locality group",
            "locality",
            partnership,
            4,
            3,
            partnership.area,
        )

    def test_begins_its_year_in_april_and_needs_five_slips_unless_said_otherwise(self, as_):
        page = as_("carol").get(NEW).content.decode()
        assert '<option value="4" selected>April</option>' in page
        assert '<option value="5" selected>5</option>' in page

    def test_offers_parents_of_this_area_alone(self, as_, partnership):
        elsewhere = PartnershipFactory(name="Elsewhere")
        assert "Elsewhere" not in as_("carol").get(NEW).content.decode()
        response = as_("carol").post(NEW, BOARD | {"parent": elsewhere.pk})
        assert response.status_code == 422
        assert not Partnership.objects.filter(name="Board").exists()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"name": ""}, "Type the partnership’s name"),
            ({"name": "strategic growth PARTNERSHIP"}, "The area has a partnership of this name already."),
            ({"name": "=SUM(A1)"}, "“=SUM(A1)” begins with =, as a spreadsheet’s formula does."),
            ({"name": "x" * 161}, "Shorten the name to 160 characters or fewer"),
            ({"kind": ""}, "Choose what kind of partnership it is"),
        ],
    )
    def test_tells_what_is_wrong_and_keeps_what_was_typed(self, as_, typed, told):
        response = as_("carol").post(NEW, BOARD | {"threshold": "4"} | typed)
        assert response.status_code == 422
        assert told in text_of(response)
        assert '<option value="4" selected>4</option>' in response.content.decode()
        assert Partnership.objects.count() == 1

    def test_can_be_changed_later(self, as_, partnership):
        response = as_("carol").post(
            "/partnerships/growth/settings/", BOARD | {"year_start_month": "1", "threshold": "4"}, follow=True
        )
        assert "Saved." in text_of(response)
        partnership.refresh_from_db()
        assert (partnership.name, partnership.slug, partnership.year_start_month, partnership.threshold) == (
            "Board",
            "growth",
            1,
            4,
        )

    def test_never_below_one_of_its_own_groups(self, as_, partnership):
        child = PartnershipFactory(area=partnership.area, parent=partnership)
        response = as_("carol").post("/partnerships/growth/settings/", BOARD | {"parent": child.pk})
        assert "Choose one that does not itself report to this partnership." in text_of(response)
        assert "Strategic Growth Partnership" in text_of(response)


class TestSettings:
    def test_are_the_colour_the_second_step_how_long_people_are_kept_and_the_areas_year(self, as_, partnership):
        form = {"colour": "red", "requires_second_factor": "on", "months_kept": "12", "year_start_month": "1"}
        UserFactory()
        response = as_("carol").post("/areas/derry/settings/", form)
        assert response.headers["Location"] == AREA
        area = Area.objects.get(slug="derry")
        assert (area.colour, area.requires_second_factor, area.months_kept) == ("red", True, 12)
        assert area.year_start_month == 1

    @pytest.mark.parametrize("months", ["", "0", "121", "two"])
    def test_want_a_number_of_months(self, as_, months):
        form = {"colour": "red", "months_kept": months, "year_start_month": "4"}
        response = as_("carol").post("/areas/derry/settings/", form)
        assert response.status_code == 422
        assert "Type a number of months from 1 to 120" in text_of(response)
        assert Area.objects.get(slug="derry").months_kept == 24


class TestCoordinators:
    URL = "/areas/derry/coordinators/"

    def test_name_one_another(self, as_, partnership):
        response = as_("carol").post(self.URL, {"name": "Dara Sample", "email": "Dara@Example.org"}, follow=True)
        assert "Dara Sample is a coordinator now, and was sent an invitation." in text_of(response)
        dara = Coordinator.objects.get(name="Dara Sample")
        assert (dara.user.email, dara.area) == ("dara@example.org", partnership.area)
        assert [message.to for message in mail.outbox] == [["dara@example.org"]]

    def test_are_told_where_the_mail_server_is_down(self, as_, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        response = as_("carol").post(self.URL, {"name": "Dara", "email": "dara@example.org"}, follow=True)
        assert "Dara is a coordinator now, but the invitation could not be sent." in text_of(response)

    def test_are_one_person_once(self, as_, cast):
        response = as_("carol").post(self.URL, {"name": "Carol again", "email": "CAROL@example.org"}, follow=True)
        assert "Carol is a coordinator already. Nothing was changed." in text_of(response)
        assert [str(each) for each in cast.carol.coordinates.all()] == ["Carol"]
        assert User.objects.filter(email="carol@example.org").count() == 1

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"name": "", "email": "a@example.org"}, "Type the coordinator’s name"),
            ({"name": "Dara", "email": ""}, "Type the coordinator’s email address"),
            ({"name": "Dara", "email": "dara"}, "Type an email address like name@example.org"),
        ],
    )
    def test_need_a_name_and_an_address(self, as_, typed, told):
        response = as_("carol").post(self.URL, typed)
        assert response.status_code == 422
        assert told in text_of(response)

    def test_can_be_invited_again(self, as_, partnership):
        dara = CoordinatorFactory(area=partnership.area, name="Dara", user__email="dara@example.org")
        assert "dara@example.org. Not invited yet. Send an invitation" in text_of(as_("carol").get(self.URL))
        url = reverse("partnerships:invite_coordinator", args=["derry", dara.pk])
        as_("carol").get(url)
        response = as_("carol").post(url, follow=True)
        assert "1 invitation was sent." in text_of(response)
        assert [message.to for message in mail.outbox] == [["dara@example.org"]]

    def test_cannot_leave_an_area_without_any(self, as_, cast):
        carol = cast.carol.coordinates.get()
        response = as_("carol").post(reverse("partnerships:dismiss", args=["derry", carol.pk]), follow=True)
        assert "An area needs a coordinator who has signed in. Add another one, and wait for that." in text_of(response)
        assert cast.carol.coordinates.exists()

    def test_do_not_count_until_they_have_signed_in(self, as_, cast, partnership):
        CoordinatorFactory(area=partnership.area)
        carol = cast.carol.coordinates.get()
        as_("carol").post(reverse("partnerships:dismiss", args=["derry", carol.pk]))
        assert cast.carol.coordinates.exists()

    def test_can_remove_themselves_once_there_is_another(self, as_, cast, partnership):
        CoordinatorFactory(area=partnership.area, signed_in_on="2026-06-01")
        carol, url = as_("carol"), reverse("partnerships:dismiss", args=["derry", cast.carol.coordinates.get().pk])
        assert "Stop being a coordinator here?" in text_of(carol.get(url))
        assert carol.post(url).headers["Location"] == "/"
        assert carol.get(AREA).status_code == 404

    def test_can_remove_one_another(self, as_, partnership):
        dara = CoordinatorFactory(area=partnership.area, name="Dara")
        url = reverse("partnerships:dismiss", args=["derry", dara.pk])
        assert "Remove Dara?" in text_of(as_("carol").get(url))
        response = as_("carol").post(url, follow=True)
        assert "Dara is no longer a coordinator of this area." in text_of(response)
        assert Entry.objects.get(act="coordinator_removed").person == dara.user

    def test_removed_twice_are_removed_once(self, cast, partnership):
        CoordinatorFactory(area=partnership.area, signed_in_on="2026-06-01")
        carol = cast.carol.coordinates.get()
        for _ in range(2):
            membership.dismiss(coordinator=Coordinator(pk=carol.pk, area=carol.area, user=cast.carol), by=cast.carol)
        assert Entry.objects.filter(act="coordinator_removed").count() == 1

    def test_without_a_second_step_are_led_to_it_where_the_area_asks(self, as_, cast, partnership):
        Area.objects.filter(pk=partnership.area_id).update(requires_second_factor=True)
        for url in (AREA, partnership.get_absolute_url()):
            assert as_("carol").get(url).headers["Location"] == reverse("mfa_index")
        cast.carol.authenticator_set.create(type="totp", data={})
        assert as_("carol").get(AREA).status_code == 200

    def test_who_are_members_too_keep_what_members_may_do(self, as_, cast, partnership):
        Area.objects.filter(pk=partnership.area_id).update(requires_second_factor=True)
        MemberFactory(partnership=partnership, user=cast.carol, email=cast.carol.email)
        assert as_("carol").get(partnership.get_absolute_url()).status_code == 200
        desk = reverse("partnerships:settings", args=["growth"])
        assert as_("carol").get(desk).headers["Location"] == reverse("mfa_index")


def test_the_page_of_roles_says_what_the_table_says(client):
    page = text_of(client.get("/who-may-do-what/"))
    for right in Right:
        who = " ".join(str(role.label) for role in Role if right in RIGHTS[role])
        assert f"{right.label} {who} " in f"{page} "
    assert "Read the record of what was done Coordinator " in page
    assert AreaFactory().get_absolute_url().startswith("/areas/")
