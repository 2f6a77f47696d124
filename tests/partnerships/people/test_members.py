"""Who is on a partnership: added, changed, leaving, replaced."""

import datetime

import pytest
from django.urls import reverse

from partnerships.models import Member, Organisation, User
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.factories import MeetingFactory, MemberFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LIST, NEW = "/partnerships/growth/members/", "/partnerships/growth/members/new/"
DARA = {
    "name": "Dara Sample",
    "email": "dara@example.org",
    "organisation_name": "Libraries NI",
    "sector": "statutory",
    "role": "member",
}


def url(name: str, member: Member) -> str:
    return reverse(f"partnerships:{name}", args=["growth", member.pk])


@pytest.fixture
def bob(cast) -> Member:
    return cast.bob.memberships.get()


class TestTheList:
    def test_shows_members_names_and_organisations_but_no_address(self, as_, bob):
        page = text_of(as_("bob").get(LIST))
        assert f"2 members Alice Minute-taker {Member.objects.get(name='Alice').organisation} Bob" in page
        assert "@" not in page

    def test_shows_the_minute_taker_addresses_and_who_is_invited(self, as_, partnership, bob):
        MemberFactory(partnership=partnership, name="Una", email="")
        Member.objects.filter(pk=bob.pk).update(invited_on=datetime.date(2026, 5, 4))
        page = text_of(as_("alice").get(LIST))
        assert "alice@example.org. Has signed in." in page
        assert "bob@example.org. Invited on 4 May 2026, has not signed in since." in page
        assert "No email address: invited on paper." in page

    def test_former_members_stand_below_until_they_are_erased(self, as_, partnership):
        MemberFactory(
            partnership=partnership,
            name="Una",
            joined_on=datetime.date(2025, 1, 1),
            left_on=datetime.date(2026, 5, 4),
            organisation__name="Rainbow CFC",
        )
        page = text_of(as_("alice").get(LIST))
        assert "Former members They are erased 24 months after they left. Una Rainbow CFC. Left on 4 May 2026." in page
        assert "Una" not in text_of(as_("bob").get(LIST))

    def test_empty_tells_a_coordinator_what_to_do(self, as_, partnership):
        partnership.members.all().delete()
        assert "Add the minute-taker first, or import everybody from a spreadsheet." in text_of(as_("carol").get(LIST))

    def test_empty_offers_a_minute_taker_nothing_that_is_not_theirs(self, as_):
        assert "Import many" not in text_of(as_("alice").get(LIST))
        assert "Import many" in text_of(as_("carol").get(LIST))

    def test_takes_the_same_number_of_queries_for_1_and_for_3(self, as_, partnership, django_assert_num_queries):
        alice = as_("alice")
        for more in (0, 2):
            MemberFactory.create_batch(more, partnership=partnership)
            MemberFactory.create_batch(more, partnership=partnership, left_on=datetime.date(2999, 1, 1))
            with django_assert_num_queries(6):
                alice.get(LIST)


class TestAdding:
    def test_one_with_an_address_who_can_then_sign_in(self, as_, partnership):
        response = as_("alice").post(NEW, DARA | {"email": " Dara@Example.org"}, follow=True)
        assert "Dara Sample is a member now." in text_of(response)
        dara = partnership.members.get(name="Dara Sample")
        assert (dara.email, dara.user, dara.role, dara.joined_on is not None) == (
            "dara@example.org",
            User.objects.get(email="dara@example.org"),
            "member",
            True,
        )
        assert (dara.organisation.name, dara.organisation.sector) == ("Libraries NI", "statutory")

    def test_one_without_an_address_who_counts_all_the_same(self, as_, partnership):
        as_("alice").post(NEW, DARA | {"email": ""})
        assert partnership.members.get(name="Dara Sample").user is None
        assert "3 members" in text_of(as_("bob").get(LIST))

    def test_one_of_an_organisation_that_is_known_needs_no_sector(self, as_, partnership):
        known = OrganisationFactory(area=partnership.area, name="LIBRARIES ni", sector="statutory")
        as_("alice").post(NEW, DARA | {"sector": ""})
        assert partnership.members.get(name="Dara Sample").organisation == known

    def test_never_makes_use_of_another_areas_organisation(self, as_, partnership):
        OrganisationFactory(name="Libraries NI", sector="statutory")
        response = as_("alice").post(NEW, DARA | {"sector": ""})
        assert "“Libraries NI” is new here: give its sector too." in text_of(response)
        assert '<option value="Libraries NI">' not in response.content.decode()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"name": " "}, "Type the member’s name"),
            ({"name": "x" * 121}, "Shorten the name to 120 characters or fewer"),
            ({"name": "=HYPERLINK(1)"}, "“=HYPERLINK(1)” begins with =, as a spreadsheet’s formula does."),
            ({"name": "Da\u202era"}, "holds a character that cannot be shown"),
            ({"name": "Da\0ra"}, "Null characters are not allowed."),
            ({"email": "dara"}, "Type an email address like name@example.org, or leave it empty"),
            ({"email": "BOB@example.org"}, "Somebody on this partnership has this email address already."),
            ({"organisation_name": ""}, "Type the organisation"),
            ({"organisation_name": "x" * 201}, "Shorten the organisation to 200 characters or fewer"),
            ({"sector": ""}, "“Libraries NI” is new here: give its sector too."),
            ({"role": "king"}, "king is not one of the available choices"),
        ],
    )
    def test_tells_what_is_wrong_and_keeps_what_was_typed(self, as_, partnership, typed, told):
        response = as_("alice").post(NEW, DARA | typed)
        assert response.status_code == 422
        assert told in text_of(response)
        kept = {name: value for name, value in (DARA | typed).items() if name == "organisation_name"}
        assert f'value="{kept["organisation_name"]}"' in response.content.decode() or not kept["organisation_name"]
        assert (partnership.members.count(), Organisation.objects.filter(name="Libraries NI").count()) == (2, 0)

    def test_of_a_known_organisation_with_another_sector_is_pointed_out(self, as_, partnership):
        OrganisationFactory(area=partnership.area, name="Libraries NI", sector="business")
        response = as_("alice").post(NEW, DARA)
        assert "“Libraries NI” is here already, as Business. Give that sector, or none." in text_of(response)

    def test_twice_without_an_address_is_once(self, as_, partnership):
        as_("alice").post(NEW, DARA | {"email": ""})
        response = as_("alice").post(NEW, DARA | {"email": "", "name": "DARA sample"})
        assert "Somebody of this name and organisation is on this partnership already" in text_of(response)
        assert partnership.members.count() == 3


class TestChanging:
    def test_a_role_counts_at_the_next_request(self, as_, bob, meeting):
        desk = reverse("feedback:desk", args=["growth", meeting.pk])
        client = as_("bob")
        assert client.get(desk).status_code == 403
        form = DARA | {"name": "Bob", "email": bob.email, "role": "minute_taker"}
        assert "Saved." in text_of(as_("alice").post(url("member", bob), form, follow=True))
        assert client.get(desk).status_code == 200

    def test_the_role_of_the_last_minute_taker_is_warned_of(self, as_, cast):
        alice = cast.alice.memberships.get()
        form = {"name": "Alice", "email": alice.email, "organisation_name": str(alice.organisation), "role": "member"}
        response = as_("carol").post(url("member", alice), form, follow=True)
        assert "This partnership has no minute-taker now." in text_of(response)

    def test_an_account_that_was_used_is_not_deleted_by_a_change_of_address(self, as_, bob):
        as_("bob")
        as_("alice").post(url("member", bob), DARA | {"name": "Bob", "email": "robert@example.org"})
        assert User.objects.filter(email="bob@example.org").exists()

    def test_saving_gives_an_account_back_to_who_lost_it(self, as_, bob):
        Member.objects.filter(pk=bob.pk).update(user=None)
        form = {"name": "Bob", "email": bob.email, "organisation_name": str(bob.organisation), "role": "member"}
        as_("alice").post(url("member", bob), form)
        bob.refresh_from_db()
        assert bob.user.email == "bob@example.org"

    def test_an_address_gives_the_place_to_another_account(self, as_, bob):
        old = bob.user_id
        as_("alice").post(url("member", bob), DARA | {"name": "Bob", "email": "robert@example.org"})
        bob.refresh_from_db()
        assert (bob.user.email, bob.invited_on) == ("robert@example.org", None)
        assert not User.objects.filter(pk=old).exists()

    def test_nothing_changes_nothing(self, as_, bob):
        page = as_("alice").get(url("member", bob)).content.decode()
        assert f'value="{bob.organisation}"' in page
        form = {"name": "Bob", "email": bob.email, "organisation_name": str(bob.organisation), "role": "member"}
        as_("alice").post(url("member", bob), form)
        assert bob.partnership.area.record.count() == 0

    def test_refused_keeps_the_name_in_the_heading(self, as_, bob):
        response = as_("alice").post(url("member", bob), DARA | {"name": ""})
        assert response.status_code == 422
        assert '<h1 class="govuk-heading-l">Bob</h1>' in response.content.decode()

    def test_shows_whose_place_somebody_took(self, as_, bob, partnership):
        una = MemberFactory(partnership=partnership, name="Una", succeeds=bob)
        assert "Came in place of Bob." in text_of(as_("alice").get(url("member", una)))


class TestLeaving:
    def test_ends_the_membership_today_and_keeps_the_row(self, as_, bob, time_machine):
        time_machine.move_to("2999-06-01 12:00:00+00:00")
        assert "Has Bob left?" in text_of(as_("alice").get(url("leave", bob)))
        response = as_("alice").post(url("leave", bob), follow=True)
        assert "Bob is not a member any more." in text_of(response)
        bob.refresh_from_db()
        assert bob.left_on == datetime.date(2999, 6, 1)

    def test_twice_is_once(self, as_, bob, time_machine):
        time_machine.move_to("2999-06-01 12:00:00+00:00")
        as_("alice").post(url("leave", bob))
        time_machine.move_to("2999-06-05 12:00:00+00:00")
        assert as_("alice").post(url("leave", bob)).headers["Location"] == url("member", bob)
        assert as_("alice").post(url("replace", bob), DARA).headers["Location"] == url("member", bob)
        bob.refresh_from_db()
        assert bob.left_on == datetime.date(2999, 6, 1)

    def test_by_oneself_leads_home(self, as_, cast):
        alice = cast.alice.memberships.get()
        assert "You can then no longer see its agendas and tables." in text_of(as_("alice").get(url("leave", alice)))
        assert as_("alice").post(url("leave", alice)).headers["Location"] == "/"
        assert as_("alice").get(LIST).status_code == 404

    def test_leaves_a_page_that_says_when(self, as_, bob):
        Member.objects.filter(pk=bob.pk).update(joined_on=datetime.date(2025, 4, 1), left_on=datetime.date(2026, 5, 4))
        page = text_of(as_("alice").get(url("member", bob)))
        assert "Here from 1 April 2025 to 4 May 2026. bob@example.org" in page
        assert "If they come back, add them as a new member." in page

    def test_one_can_come_back(self, as_, bob):
        as_("alice").post(url("leave", bob))
        as_("alice").post(NEW, DARA | {"name": "Bob", "email": bob.email})
        assert list(bob.partnership.members.filter(name="Bob").values_list("user", flat=True)) == [bob.user_id] * 2
        assert as_("bob").get(LIST).status_code == 200

    def test_of_the_last_minute_taker_is_warned_of(self, as_, cast, partnership):
        alice = cast.alice.memberships.get()
        assert "After this the partnership has no minute-taker." in text_of(as_("carol").get(url("leave", alice)))
        response = as_("carol").post(url("leave", alice), follow=True)
        assert "This partnership has no minute-taker now." in text_of(response)

    def test_meanwhile_is_told_to_whoever_changes_them(self, as_, bob, monkeypatch):
        page = as_("alice").get(url("member", bob))
        assert page.status_code == 200
        Member.objects.filter(pk=bob.pk).update(left_on=datetime.date(2999, 1, 1))
        with pytest.raises(membership.Gone):
            membership.change(member=bob, by=bob.user)
        with pytest.raises(membership.Gone):
            membership.replace(member=bob, successor=MemberFactory.build(partnership=bob.partnership), by=bob.user)


class TestReplacing:
    def test_somebody_else_represents_the_organisation_from_today(self, as_, bob):
        page = as_("alice").get(url("replace", bob))
        assert "Who takes over from Bob?" in text_of(page)
        assert f'value="{bob.organisation}"' in page.content.decode()
        form = DARA | {"organisation_name": str(bob.organisation), "sector": ""}
        response = as_("alice").post(url("replace", bob), form, follow=True)
        assert "Dara Sample takes the place of Bob." in text_of(response)
        dara = Member.objects.get(name="Dara Sample")
        bob.refresh_from_db()
        assert (dara.succeeds, dara.organisation, dara.left_on, bob.left_on is None) == (
            bob,
            bob.organisation,
            None,
            False,
        )

    def test_the_successor_may_have_the_same_mailbox(self, as_, bob):
        form = DARA | {"organisation_name": str(bob.organisation), "sector": "", "email": bob.email}
        as_("alice").post(url("replace", bob), form)
        assert Member.objects.current().get(email=bob.email).name == "Dara Sample"

    def test_nobody_leaves_where_the_successor_is_here_already(self, as_, bob):
        response = as_("alice").post(url("replace", bob), DARA | {"email": "alice@example.org"})
        assert response.status_code == 422
        assert "Somebody on this partnership has this email address already." in text_of(response)
        bob.refresh_from_db()
        assert bob.left_on is None

    def test_nor_where_somebody_of_that_name_is_there_without_an_address(self, as_, bob, partnership):
        MemberFactory(partnership=partnership, name="Dara Sample", organisation=bob.organisation)
        form = DARA | {"email": "", "organisation_name": str(bob.organisation), "sector": ""}
        response = as_("alice").post(url("replace", bob), form)
        assert "Somebody of this name and organisation is here already, without an address." in text_of(response)

    def test_handing_over_ones_own_place_leads_home(self, as_, cast):
        alice = cast.alice.memberships.get()
        response = as_("alice").post(url("replace", alice), DARA | {"role": "minute_taker"})
        assert response.headers["Location"] == "/"
        assert as_("alice").get(LIST).status_code == 404


class TestPlanningAMeeting:
    URL = "/partnerships/growth/meetings/new/"

    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")

    def test_gives_it_a_code_at_once(self, as_, partnership):
        response = as_("alice").post(
            self.URL, {"date": "2026-06-10", "start": "19:30", "venue": "Strabane"}, follow=True
        )
        assert "The meeting is planned." in text_of(response)
        assert "Meeting of 10 June 2026 19:30, Strabane" in text_of(response)
        assert len(partnership.meetings.get().round.code) == 6

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"date": ""}, "Choose the day of the meeting"),
            ({"date": "soon"}, "Type a day, for example 30/11/2026"),
            ({"date": "2029-06-10"}, "Choose a day within two years from now"),
            ({"start": "late"}, "Type a time, for example 19:30"),
            ({"venue": "x" * 201}, "Shorten the venue to 200 characters or fewer"),
            ({}, "A meeting is planned already for the same day and the same time."),
        ],
    )
    def test_tells_what_is_wrong(self, as_, partnership, typed, told):
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 6, 10), start="19:30")
        form = {"date": "2026-06-10", "start": "19:30", "venue": "Strabane"} | typed
        response = as_("alice").post(self.URL, form)
        assert response.status_code == 422
        assert told in text_of(response)
        assert partnership.meetings.count() == 1


class TestChangingAMeeting:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")

    def test_puts_day_time_and_venue_right(self, as_, partnership):
        meeting = MeetingFactory(partnership=partnership, date=datetime.date(2026, 6, 10))
        page = as_("alice").get(meeting.get_absolute_url()).content.decode()
        address = reverse("partnerships:change_meeting", args=["growth", meeting.pk])
        assert address in page
        form = {"date": "17/06/2026", "start": "19:30", "venue": "Strabane"}
        response = as_("alice").post(address, form, follow=True)
        assert "Meeting of 17 June 2026 19:30, Strabane" in text_of(response)

    def test_refused_keeps_what_was_typed(self, as_, partnership):
        meeting = MeetingFactory(partnership=partnership, date=datetime.date(2026, 6, 10))
        response = as_("alice").post(
            reverse("partnerships:change_meeting", args=["growth", meeting.pk]),
            {"date": "2025-06-10", "venue": "Derry"},
        )
        assert response.status_code == 422
        assert "That day was more than two weeks ago. Look at the year." in text_of(response)
        assert 'value="Derry"' in response.content.decode()

    def test_is_over_two_weeks_after_it(self, as_, meeting):
        address = reverse("partnerships:change_meeting", args=["growth", meeting.pk])
        assert as_("alice").get(address).headers["Location"] == meeting.get_absolute_url()
        assert address not in as_("alice").get(meeting.get_absolute_url()).content.decode()


def test_an_invitation_on_paper_can_be_printed_for_one(as_, partnership, bob):
    address = reverse("partnerships:on_paper", args=["growth"])
    page = text_of(as_("alice").get(address, {"member": bob.pk}))
    assert "Dear Bob" in page
    assert "Questions? Ask Alice, who takes the minutes." in page
    assert "Dear" not in text_of(as_("alice").get(address, {"member": "x"}))


def test_invitations_on_paper_are_for_those_without_an_address(as_, partnership):
    MemberFactory(partnership=partnership, name="Una", email="", organisation__name="Rainbow CFC", role="chair")
    url = reverse("partnerships:on_paper", args=["growth"])
    page = text_of(as_("alice").get(url))
    assert "You are on the Strategic Growth Partnership for Rainbow CFC. Your role: Chair." in page
    assert "You will be told when the next meeting is." in page
    assert "Bob" not in page
    MeetingFactory(partnership=partnership, date=datetime.date(2999, 3, 4), start="19:30", venue="Strabane")
    page = text_of(as_("alice").get(url))
    assert "You are invited to the next meeting, on 4 March 2999. It starts at 19:30. Strabane" in page
    partnership.members.filter(email="").delete()
    assert "there is nothing to print" in text_of(as_("alice").get(url))
