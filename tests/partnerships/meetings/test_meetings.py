import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnerships.models import AgendaItem, Member, Partnership, User
from partnerships.models.agendas import agenda_of
from tests.actors.phones import all_, collate, open_, score, text_of
from tests.factories import (
    AgendaItemFactory,
    AreaFactory,
    MeetingFactory,
    MemberFactory,
    OrganisationFactory,
    PartnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class TestTheAgenda:
    def test_feedback_is_always_the_last_item(self, meeting):
        AgendaItemFactory(meeting=meeting, order=2, title="A.O.B.")
        AgendaItemFactory(meeting=meeting, order=1, title="Apologies")
        assert [str(item.title) for item in agenda_of(meeting)] == ["Apologies", "A.O.B.", "Feedback on this meeting"]

    def test_nobody_can_delete_or_move_it(self, meeting):
        AgendaItem.objects.all().delete()
        AgendaItemFactory(meeting=meeting, order=32767, title="Very last")
        assert [str(item.title) for item in agenda_of(meeting)] == ["Very last", "Feedback on this meeting"]

    def test_its_page(self, as_, meeting):
        meeting.start = datetime.time(11, 30)
        meeting.save()
        AgendaItemFactory(meeting=meeting, title="Minutes of <25.10.2018>", lead="Chair", minutes=5, purpose="decision")
        page = text_of(as_("bob").get(meeting.get_absolute_url()))
        assert "Meeting of 4 March 2026 11:30, The Guildhall" in page
        assert "Minutes of <25.10.2018> Chair For decision, 5 minutes" in page
        assert "Feedback on this meeting All 10 minutes" in page

    def test_an_empty_one(self, as_, partnership):
        meeting = MeetingFactory(partnership=partnership, venue="", start=None)
        page = text_of(as_("bob").get(meeting.get_absolute_url()))
        assert "Time not set, venue not set" in page
        assert "Feedback on this meeting" in page


class TestTheMeetingsPage:
    def test_leads_a_member_to_the_slip_while_it_is_open(self, as_, round):
        open_(round)
        page = as_("bob").get(round.meeting.get_absolute_url())
        assert f'href="/m/{round.code}/"' in page.content.decode()
        assert "Run the scoring" not in text_of(page)
        assert "Run the scoring" in text_of(as_("alice").get(round.meeting.get_absolute_url()))

    @pytest.mark.parametrize(
        ("stage", "words"),
        [
            ("planned", "Scoring is not open yet. The code is"),
            ("stopped", "Scoring has stopped. The table is not made yet."),
            ("comments", "Scoring has stopped. The table is not made yet."),
            ("ended", "Scoring ended without a table."),
        ],
    )
    def test_says_how_feedback_stands(self, as_, round, stage, words):
        if stage != "planned":
            open_(round)
            type(round).objects.update(stage=stage)
        assert words in text_of(as_("bob").get(round.meeting.get_absolute_url()))

    def test_says_when_scoring_opens_by_itself(self, as_, round):
        type(round).objects.update(opens_at="2999-07-01T18:30:00+00:00")
        page = text_of(as_("bob").get(round.meeting.get_absolute_url()))
        assert "Scoring opens by itself on 1 July 2999, 19:30." in page

    def test_leads_to_the_table(self, as_, round):
        open_(round)
        score(round, *[all_("yes")] * 5)
        collate(round)
        page = as_("bob").get(round.meeting.get_absolute_url())
        assert reverse("feedback:table", args=["growth", round.meeting_id]) in page.content.decode()


class TestThePartnershipsPage:
    def test_lists_next_and_past_meetings(self, as_, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 3, 4), venue="")
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 6, 1), venue="Strabane")
        page = text_of(as_("bob").get(partnership.get_absolute_url()))
        assert "Next meetings 1 June 2026 Strabane. Scoring is not open yet. Past meetings 4 March 2026" in page

    def test_empty(self, as_, partnership):
        page = text_of(as_("bob").get(partnership.get_absolute_url()))
        assert "No meeting is planned yet." in page
        assert "No meeting has taken place yet." in page

    def test_the_same_number_of_queries_for_1_and_for_3_meetings(self, as_, partnership, django_assert_num_queries):
        bob = as_("bob")
        for more in (1, 2):
            for _ in range(more):
                open_(MeetingFactory(partnership=partnership, date=datetime.date(2026, 3, 4)).round)
            with django_assert_num_queries(9):
                bob.get(partnership.get_absolute_url())


class TestPartnerships:
    def test_a_parent_of_another_area_is_refused(self, partnership):
        partnership.parent = PartnershipFactory()
        with pytest.raises(ValidationError, match="same area"):
            partnership.clean()

    def test_a_parent_that_reports_back_is_refused(self, partnership):
        child = PartnershipFactory(area=partnership.area, parent=partnership)
        child.clean()
        partnership.parent = PartnershipFactory(area=partnership.area, parent=child)
        with pytest.raises(ValidationError, match="not itself report"):
            partnership.clean()

    def test_an_organisation_of_another_area_is_refused(self, partnership):
        with pytest.raises(ValidationError, match="partnership’s area"):
            MemberFactory.build(partnership=partnership, organisation=OrganisationFactory()).clean()
        MemberFactory.build(partnership=partnership, organisation=OrganisationFactory(area=partnership.area)).clean()
        Member().clean()

    def test_have_short_names_of_their_own(self):
        derry, tyrone = AreaFactory(slug="derry"), AreaFactory(slug="tyrone")
        names = [
            Partnership.objects.create(area=area, name=name, kind="board").slug
            for area, name in ((derry, "The Moor"), (tyrone, "The Moor"), (derry, "—"), (derry, "议会"))
        ]
        assert names == ["the-moor", "the-moor-tyrone", "partnership", "partnership-derry"]
        third = Partnership.objects.create(area=derry, name="!!", kind="board").slug
        assert re.fullmatch(r"partnership-[a-z0-9]{8}", third)


class TestAccounts:
    def test_have_no_password(self):
        assert not User.objects.create_user("New@Example.org ").has_usable_password()
        assert User.objects.get().email == "new@example.org"

    def test_are_in_lower_case_wherever_they_are_made(self):
        assert UserFactory(email="Mixed@Example.org").email == "mixed@example.org"

    def test_a_site_administrator_has_none_either(self):
        admin = User.objects.create_superuser("admin@example.org", password="ignored")
        assert (admin.is_staff, admin.has_usable_password()) == (True, False)

    def test_a_member_with_an_address_can_have_one(self, partnership):
        known = UserFactory(email="dara@example.org")
        member = MemberFactory(partnership=partnership, email="Dara@Example.org")
        member.link_account()
        assert member.user == known
        member.email = ""
        member.link_account()
        assert member.user is None


def test_names_are_shown_as_words(partnership, meeting, cast):
    item = AgendaItemFactory(meeting=meeting, title="A.O.B.")
    member, coordinator = partnership.members.first(), cast.carol.coordinates.first()
    organisation = OrganisationFactory(name="Libraries")
    assert [
        str(thing) for thing in (partnership.area, partnership, meeting, item, member, organisation, coordinator)
    ] == [
        "Derry City and Strabane",
        "Strategic Growth Partnership",
        "Strategic Growth Partnership, 4 March 2026",
        "A.O.B.",
        "Alice",
        "Libraries",
        "Carol",
    ]
    open_(meeting.round)
    assert str(collate(meeting.round)) == "Strategic Growth Partnership, 4 March 2026: Feedback on this meeting"
    assert str(AreaFactory(name="Mid Ulster East")) == "Mid Ulster East"
