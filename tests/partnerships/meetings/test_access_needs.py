"""What members need to take part: told with consent, seen without names, gone with the membership."""

from __future__ import annotations

import datetime

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client

from partnerships.meetings import access_needs as access
from partnerships.models import AccessNeed, Arrangement, Entry, Meeting, Member
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory, UserFactory
from tests.helpers.senders import Sender

pytestmark = pytest.mark.django_db
URL = "/partnerships/growth/access/"


@pytest.fixture
def bob(cast) -> Member:
    return Member.objects.get(user=cast.bob)


@pytest.fixture
def meeting(partnership) -> Meeting:
    return MeetingFactory(partnership=partnership, date=datetime.date(2999, 3, 4))


def told() -> list[tuple[str, str, bool]]:
    return list(AccessNeed.objects.order_by("kind").values_list("kind", "detail", "shows_name"))


def checklist(client: Client, meeting: Meeting):
    return client.get(f"{meeting.get_absolute_url()}access/")


def tick(client: Client, meeting: Meeting, *, shown: object, ticked: object = ()):
    url = f"{meeting.get_absolute_url()}access/"
    return client.post(url, {"shown": shown, "ticked": ticked}, follow=True)


class TestTelling:
    def test_is_offered_to_members(self, as_, meeting):
        for url in ("/partnerships/growth/", meeting.get_absolute_url()):
            assert URL in as_("bob").get(url).content.decode()

    def test_keeps_what_is_ticked_or_typed_with_consent(self, as_, bob):
        form = {"wheelchair": "on", "breaks": "on", "breaks_detail": "every hour", "other_detail": "A quiet corner"}
        response = as_("bob").post(URL, form | {"consent": "on"}, follow=True)
        assert "Saved." in text_of(response)
        assert told() == [
            ("breaks", "every hour", False),
            ("other", "A quiet corner", False),
            ("wheelchair", "", False),
        ]
        assert {need.member for need in AccessNeed.objects.all()} == {bob}

    @pytest.mark.parametrize("form", [{"breaks": "on"}, {"breaks_detail": "every hour"}])
    def test_keeps_nothing_without_consent_and_says_so(self, as_, cast, form):
        response = as_("bob").post(URL, form | {"shows_name": "on"})
        assert response.status_code == 422
        assert "Tick “I agree”, so that we may keep this." in text_of(response)
        assert told() == []

    def test_shows_what_is_kept_to_change_it(self, as_, bob):
        AccessNeed.objects.create(member=bob, kind="breaks", detail="every <hour>", shows_name=True)
        form = as_("bob").get(URL).context["form"]
        assert {name for name in form.fields if form[name].value()} == {
            *("breaks", "breaks_detail", "shows_name", "consent"),
        }
        as_("bob").post(URL, {"timing": "on", "consent": "on"})
        assert told() == [("timing", "", False)]

    def test_taken_back_leaves_nothing(self, as_, bob, meeting):
        need = AccessNeed.objects.create(member=bob, kind="breaks")
        Arrangement.objects.create(meeting=meeting, need=need)
        assert "Nothing is kept." in text_of(as_("bob").post(URL, {}, follow=True))
        assert (AccessNeed.objects.count(), Arrangement.objects.count()) == (0, 0)

    def test_anew_has_to_be_arranged_anew_for_meetings_to_come(self, as_, bob, meeting, partnership):
        past = MeetingFactory(partnership=partnership, date=datetime.date(2026, 3, 4))
        need = AccessNeed.objects.create(member=bob, kind="breaks", detail="every hour")
        for each in (past, meeting):
            Arrangement.objects.create(meeting=each, need=need)
        as_("bob").post(URL, {"breaks": "on", "breaks_detail": "every half hour", "consent": "on"})
        assert told() == [("breaks", "every half hour", False)]
        assert [each.meeting for each in Arrangement.objects.all()] == [past]

    def test_too_much_is_told_and_kept_on_the_page(self, as_, cast):
        response = as_("bob").post(URL, {"breaks_detail": "x" * 201, "consent": "on"})
        assert response.status_code == 422
        assert "Shorten this to 200 characters or fewer" in text_of(response)
        assert "x" * 201 in response.content.decode()

    def test_is_for_members_alone(self, as_, partnership):
        assert [as_(name).get(URL).status_code for name in ("alice", "bob", "carol", "eve")] == [200, 200, 404, 404]
        assert as_("carol").post(URL, {"breaks": "on", "consent": "on"}).status_code == 404
        assert told() == []

    def test_concerns_this_partnership_alone(self, as_, bob, cast):
        elsewhere = MemberFactory(user=cast.bob, email=cast.bob.email)
        AccessNeed.objects.create(member=elsewhere, kind="breaks")
        as_("bob").post(URL, {})
        assert [need.member for need in AccessNeed.objects.all()] == [elsewhere]


class TestTheChecklist:
    def test_shows_needs_without_names_unless_allowed(self, as_, bob, meeting, partnership):
        una = MemberFactory(partnership=partnership, name="Una")
        AccessNeed.objects.create(member=bob, kind="breaks", detail="every hour")
        AccessNeed.objects.create(member=una, kind="hearing_loop", shows_name=True)
        response = checklist(as_("alice"), meeting)
        assert "arranged for this meeting Breaks: every hour Hearing loop (Una) Save" in text_of(response)
        assert "Bob" not in response.content.decode()

    def test_is_ordered_by_what_is_needed_not_by_who_needs_it(self, as_, bob, meeting, partnership):
        una = MemberFactory(partnership=partnership, name="Una")
        for member, kind, detail in ((una, "other", "b"), (bob, "breaks", ""), (bob, "other", "a")):
            AccessNeed.objects.create(member=member, kind=kind, detail=detail)
        needs = checklist(as_("alice"), meeting).context["needs"]
        assert [(need.kind, need.detail) for need, _arranged in needs] == [
            ("breaks", ""),
            ("other", "a"),
            ("other", "b"),
        ]

    def test_says_where_nobody_needs_anything(self, as_, meeting):
        assert "Nobody has said that they need anything." in text_of(checklist(as_("alice"), meeting))

    def test_is_not_for_members(self, as_, meeting):
        assert [checklist(as_(name), meeting).status_code for name in ("bob", "carol", "eve")] == [403, 200, 404]

    def test_is_ticked_for_each_meeting_by_itself(self, as_, bob, meeting, partnership):
        later = MeetingFactory(partnership=partnership, date=datetime.date(2999, 4, 4))
        breaks, loop = (AccessNeed.objects.create(member=bob, kind=kind) for kind in ("breaks", "hearing_loop"))
        response = tick(as_("alice"), meeting, shown=[breaks.pk, loop.pk], ticked=[loop.pk])
        assert "Saved." in text_of(response)
        assert [(need.kind, arranged) for need, arranged in response.context["needs"]] == [
            ("breaks", False),
            ("hearing_loop", True),
        ]
        assert not any(arranged for _need, arranged in checklist(as_("alice"), later).context["needs"])
        tick(as_("alice"), meeting, shown=[breaks.pk, loop.pk], ticked=[breaks.pk])
        assert [each.need for each in meeting.arrangements.all()] == [breaks]

    def test_ticked_twice_is_ticked_once_and_leaves_alone_what_was_not_shown(self, as_, bob, meeting):
        breaks, loop = (AccessNeed.objects.create(member=bob, kind=kind) for kind in ("breaks", "hearing_loop"))
        tick(as_("alice"), meeting, shown=loop.pk, ticked=loop.pk)
        for _ in range(2):  # from a page that was loaded before the loop was told
            tick(as_("alice"), meeting, shown=breaks.pk, ticked=breaks.pk)
        assert {each.need for each in meeting.arrangements.all()} == {breaks, loop}

    def test_takes_no_keys_but_its_own(self, as_, bob, meeting):
        other = AccessNeed.objects.create(member=MemberFactory(), kind="breaks")
        gone = AccessNeed.objects.create(member=MemberFactory(partnership=meeting.partnership), kind="breaks")
        Member.objects.filter(pk=gone.member_id).update(left_on="2999-01-01")
        keys = [str(other.pk), str(gone.pk), "0", "-1", "x", "", "9" * 18, "9" * 5000, "²", "1 OR 1=1"]
        assert "Saved." in text_of(tick(as_("alice"), meeting, shown=keys, ticked=keys))
        assert Arrangement.objects.count() == 0
        assert "Nobody has said" in text_of(checklist(as_("alice"), meeting))

    def test_does_not_take_away_what_another_partnership_has_ticked(self, as_, cast, meeting):
        need = AccessNeed.objects.create(member=MemberFactory(), kind="breaks")
        Arrangement.objects.create(meeting=MeetingFactory(partnership=need.member.partnership), need=need)
        tick(as_("alice"), meeting, shown=need.pk)
        assert Arrangement.objects.count() == 1

    def test_costs_the_same_for_1_and_for_3(self, as_, bob, meeting, django_assert_num_queries):
        alice = as_("alice")
        for kinds in (["breaks"], ["formats", "timing"]):
            for kind in kinds:
                need = AccessNeed.objects.create(member=bob, kind=kind, shows_name=True)
                Arrangement.objects.create(meeting=meeting, need=need)
            with django_assert_num_queries(5):
                checklist(alice, meeting)


class TestWhoElseLearnsOfIt:
    @pytest.fixture
    def need(self, bob) -> AccessNeed:
        return AccessNeed.objects.create(member=bob, kind="breaks", detail="every hour", consented_on="2026-03-01")

    def test_the_person_in_their_own_download(self, as_, need):
        [membership] = as_("bob").get("/account/data.json").json()["memberships"]
        assert membership["access_needs"] == [
            {"what": "Breaks", "more": "every hour", "shows_name": False, "agreed_on": "2026-03-01"}
        ]
        [membership] = as_("alice").get("/account/data.json").json()["memberships"]
        assert membership["access_needs"] == []

    def test_the_person_on_the_page_that_leads_there(self, as_, need):
        page = text_of(as_("bob").get("/account/data/"))
        assert "What you need to take part: Breaks (every hour)" in page

    def test_not_the_administrator_of_the_site(self, need):
        assert not {AccessNeed, Arrangement} & set(admin.site._registry)
        staff = Client()
        staff.force_login(UserFactory(is_staff=True))
        url = f"/admin/partnerships/user/{need.member.user_id}/"
        pages = [staff.get(f"{url}{page}/", follow=True) for page in ("change", "delete")]
        assert [b"every hour" in page.content for page in pages] == [False, False]

    def test_not_the_record(self, as_, meeting, need):
        as_("bob").post(URL, {"breaks": "on", "consent": "on"})
        tick(as_("alice"), meeting, shown=need.pk, ticked=need.pk)
        assert Entry.objects.count() == 0

    def test_nobody_on_other_pages_or_in_mails(self, as_, meeting, need):
        AgendaItemFactory(meeting=meeting)
        Sender(as_("alice"), meeting).press()
        assert len(mail.outbox) == 2
        member = f"/partnerships/growth/members/{need.member_id}/"
        pages = [meeting.get_absolute_url(), "/partnerships/growth/", "/partnerships/growth/members/", member]
        said = [as_(who).get(page).content.decode() for who in ("alice", "carol") for page in pages]
        said += [str(message.message()) for message in mail.outbox]
        said.append(as_("carol").get("/areas/derry/members.csv").content.decode())
        assert [words for words in said if "every hour" in words] == []


class TestItEndsWithTheMembership:
    @pytest.fixture(autouse=True)
    def _arranged(self, bob, meeting):
        Arrangement.objects.create(meeting=meeting, need=AccessNeed.objects.create(member=bob, kind="breaks"))

    @pytest.fixture(autouse=True)
    def _nothing_is_left_of_it(self, _arranged):
        yield
        assert (AccessNeed.objects.count(), Arrangement.objects.count()) == (0, 0)

    def test_when_they_leave(self, as_, bob):
        as_("alice").post(f"/partnerships/growth/members/{bob.pk}/leave/")
        bob.refresh_from_db()
        assert bob.left_on

    def test_when_somebody_comes_in_their_place(self, bob, cast):
        successor = Member(partnership=bob.partnership, organisation=bob.organisation, name="Una")
        membership.replace(member=bob, successor=successor, by=cast.alice)

    def test_when_somebody_else_gets_their_address(self, bob, cast):
        bob.email = "una@example.org"
        membership.change(member=bob, by=cast.alice)

    def test_even_when_they_leave_while_they_tell(self, bob, cast):
        membership.leave(member=bob, by=cast.alice)
        access.tell(member=bob, needs={"breaks": ""}, shows_name=False)

    def test_when_they_are_erased(self, bob, cast):
        membership.erase(member=bob, by=cast.carol)


def test_needs_are_shown_as_words(bob, meeting):
    need = AccessNeed.objects.create(member=bob, kind="hearing_loop")
    arranged = Arrangement.objects.create(meeting=meeting, need=need)
    assert str(arranged) == "Strategic Growth Partnership, 4 March 2999: Hearing loop"
