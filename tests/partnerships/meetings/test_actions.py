"""What meetings decide: who does it by when, whether it is done, and one mail a week at most about it."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail

from feedback.models import Suggestion
from partnerships.meetings.action_reminders import remind_owners
from partnerships.models import Action, Entry, Meeting, Member
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.factories import (
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    OrganisationFactory,
    PartnershipFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/partnerships/growth/actions/"


@pytest.fixture(autouse=True)
def _the_day_after(time_machine):
    time_machine.move_to("2026-03-05 12:00:00+00:00")


@pytest.fixture
def bob(cast) -> Member:
    bob = Member.objects.get(user=cast.bob)
    bob.organisation.name = "Libraries"
    bob.organisation.save()
    return bob


@pytest.fixture
def record(as_, meeting):
    """`record(decided="Paint")`: Alice records it on the page of the meeting."""
    return lambda **form: as_("alice").post(f"{meeting.get_absolute_url()}decisions/", form, follow=True)


def change(client, action: Action, **form):
    return client.post(f"{action.meeting.get_absolute_url()}decisions/{action.pk}/", form, follow=True)


def day(number: int, month: int = 3) -> datetime.date:
    return datetime.date(2026, month, number)


class TestRecording:
    def test_by_item_with_who_does_it_by_when(self, record, meeting, bob):
        item = AgendaItemFactory(meeting=meeting, title="The park")
        response = record(item=item.pk, decided="Paint <it>", owner=f"m{bob.pk}", due_on="2026-04-01")
        assert "Recorded." in text_of(response)
        assert "The park Paint <it> Bob, Libraries. By 1 April 2026. Change" in text_of(response)
        assert "has no owner" not in text_of(response)
        action = Action.objects.get()
        assert (action.meeting, action.item, action.member, action.organisation) == (
            *(meeting, item, bob, bob.organisation),
        )
        assert list(Entry.objects.values_list("act", "by__email")) == [("action_changed", "alice@example.org")]

    def test_for_an_organisation_as_a_whole(self, record, bob):
        assert "Paint Libraries." in text_of(record(decided="Paint", owner=f"o{bob.organisation_id}"))
        assert Action.objects.get().member is None

    def test_without_an_owner_is_pointed_out(self, record):
        page = text_of(record(decided="Paint"))
        assert "1 decision has no owner." in page
        assert "Suggestions, and anything else Paint Nobody is named yet who does it." in page
        assert "2 decisions have no owner." in text_of(record(decided="Plant"))

    def test_with_nothing_to_do_needs_no_owner(self, record):
        page = text_of(record(decided="Wait", nothing_to_do="on"))
        assert "Wait Nothing needs to be done." in page
        assert "has no owner" not in page

    def test_starts_with_the_item_that_was_clicked(self, as_, meeting):
        item = AgendaItemFactory(meeting=meeting)
        url = f"{meeting.get_absolute_url()}decisions/"
        chosen = [
            as_("alice").get(url, {"item": asked}).context["form"]["item"].value()
            for asked in (item.pk, "", "x", "9" * 19)
        ]
        assert chosen == [item.pk, None, None, None]

    def test_is_not_for_members(self, as_, meeting):
        url = f"{meeting.get_absolute_url()}decisions/"
        assert [as_(name).post(url, {"decided": "x"}).status_code for name in ("bob", "eve")] == [403, 404]
        assert Action.objects.count() == 0

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"decided": " "}, "Type what was decided"),
            ({"decided": "x" * 501}, "Shorten this to 500 characters or fewer"),
            ({"decided": "Paint", "due_on": "soon"}, "Type a day, for example 30/11/2026"),
            (
                {"decided": "Paint", "nothing_to_do": "on", "due_on": "2026-04-01"},
                "Untick “Nothing needs to be done",
            ),
        ],
    )
    def test_wrong_input_is_told_and_kept(self, record, form, words):
        response = record(**form)
        assert response.status_code == 422
        assert words in text_of(response)
        assert Action.objects.count() == 0

    def test_owners_and_items_of_other_partnerships_and_former_members_are_refused(self, record, bob, partnership):
        stranger, item = MemberFactory(), AgendaItemFactory()
        gone = MemberFactory(partnership=partnership, left_on="2999-01-01")
        idle = OrganisationFactory(area=partnership.area)
        owners = [f"m{stranger.pk}", f"o{stranger.organisation_id}", f"m{gone.pk}", f"o{idle.pk}", "m", "x1", "m-1"]
        refused = [record(decided="Paint", owner=owner) for owner in owners] + [record(decided="Paint", item=item.pk)]
        assert [response.status_code for response in refused] == [422] * 8
        assert Action.objects.count() == 0

    def test_costs_the_same_to_look_at_for_1_and_for_3(self, as_, meeting, bob, django_assert_num_queries):
        alice = as_("alice")
        for more in (1, 2):
            for _ in range(more):
                item = AgendaItemFactory(meeting=meeting)
                Action.objects.create(
                    meeting=meeting, item=item, decided="x", member=bob, organisation=bob.organisation
                )
            with django_assert_num_queries(8):
                alice.get(f"{meeting.get_absolute_url()}decisions/")


class TestChanging:
    def test_shows_what_is_there(self, as_, meeting, bob):
        action = Action.objects.create(meeting=meeting, decided="Paint", organisation=bob.organisation, due_on=day(9))
        form = as_("alice").get(f"{meeting.get_absolute_url()}decisions/{action.pk}/").context["form"]
        assert [form[name].value() for name in ("decided", "owner", "due_on")] == [
            "Paint",
            f"o{bob.organisation_id}",
            day(9),
        ]

    def test_saves(self, as_, meeting, bob):
        action = Action.objects.create(meeting=meeting, decided="Paint", organisation=bob.organisation)
        page = text_of(change(as_("alice"), action, decided="Plant", owner=f"m{bob.pk}"))
        assert "Saved." in page
        assert "Plant Bob, Libraries." in page

    def test_keeps_an_owner_who_has_left(self, as_, meeting, bob):
        action = Action.objects.create(meeting=meeting, decided="Paint", member=bob, organisation=bob.organisation)
        Member.objects.filter(pk=bob.pk).update(left_on="2999-01-01")
        change(as_("alice"), action, decided="Plant", owner=f"m{bob.pk}")
        action.refresh_from_db()
        assert (action.decided, action.member) == ("Plant", bob)

    def test_to_nothing_to_do_is_not_done_either(self, as_, meeting, bob):
        action = Action.objects.create(meeting=meeting, decided="Paint", member=bob, done_on=day(5))
        response = change(as_("alice"), action, decided="Wait", owner=f"m{bob.pk}", nothing_to_do="on")
        assert response.status_code == 422
        change(as_("alice"), action, decided="Wait", nothing_to_do="on")
        action.refresh_from_db()
        assert (action.nothing_to_do, action.member, action.done_on) == (True, None, None)

    def test_removes(self, as_, meeting):
        action = Action.objects.create(meeting=meeting, decided="Paint")
        assert "Removed." in text_of(change(as_("alice"), action, do="remove"))
        assert Action.objects.count() == 0
        assert list(Entry.objects.values_list("act", flat=True)) == ["action_changed"]

    def test_does_not_remove_what_answers_a_suggestion(self, as_, meeting):
        action = Action.objects.create(meeting=meeting, decided="Paint")
        Suggestion.objects.create(
            meeting=meeting, text="Colour", outcome="agreed", considered_at=meeting, action=action
        )
        page = text_of(change(as_("alice"), action, do="remove"))
        assert "This answers a suggestion. Change the answer there instead." in page
        assert (Action.objects.count(), Entry.objects.count()) == (1, 0)

    def test_of_what_answers_a_suggestion_leaves_it_an_owner_and_a_day(self, as_, meeting, bob):
        action = Action.objects.create(meeting=meeting, decided="Paint", member=bob, due_on=day(9))
        Suggestion.objects.create(
            meeting=meeting, text="Colour", outcome="agreed", considered_at=meeting, action=action
        )
        for form in ({"owner": f"m{bob.pk}"}, {"due_on": "2026-03-09"}, {"nothing_to_do": "on"}):
            response = change(as_("alice"), action, decided="Plant", **form)
            assert "This answers a suggestion: say who does it, and by when" in text_of(response)
        change(as_("alice"), action, decided="Plant", owner=f"m{bob.pk}", due_on="2026-03-10")
        action.refresh_from_db()
        assert (action.decided, action.due_on) == ("Plant", day(10))

    def test_the_name_of_an_organisation_leaves_it_what_it_has_to_do(self, meeting, bob, cast):
        Action.objects.create(meeting=meeting, decided="Paint", organisation=bob.organisation)
        bob.organisation = OrganisationFactory(area=meeting.partnership.area, name="Libraries NI")
        membership.change(member=bob, by=cast.alice)
        assert Action.objects.get().owner == "Libraries NI"

    def test_of_another_meetings_is_not_found(self, as_, meeting, partnership):
        action = Action.objects.create(meeting=MeetingFactory(partnership=partnership), decided="Paint")
        url = f"{meeting.get_absolute_url()}decisions/{action.pk}/"
        assert as_("alice").post(url, {"do": "remove"}).status_code == 404


class TestTheList:
    def test_shows_overdue_ones_first_and_those_without_a_day_last(self, as_, meeting):
        for decided, due_on in (("Sing", None), ("Plant", day(5)), ("Paint", day(4))):
            Action.objects.create(meeting=meeting, decided=decided, due_on=due_on)
        Action.objects.create(meeting=meeting, decided="Wait", nothing_to_do=True)
        page = text_of(as_("bob").get(LIST))
        assert (
            "To do Paint Nobody is named yet who does it. Overdue since 4 March 2026. Decided on 4 March 2026."
            " Plant Nobody is named yet who does it. By 5 March 2026. Decided on 4 March 2026."
            " Sing Nobody is named yet who does it. Decided on 4 March 2026."
        ) in page
        assert "Wait" not in page
        assert "It is done" not in page
        assert "Actions: 3 to do" in text_of(as_("bob").get("/partnerships/growth/"))

    def test_says_where_nothing_is_open(self, as_, partnership):
        assert "Nothing is open." in text_of(as_("bob").get(LIST))

    def test_is_ticked_off_and_on_again(self, as_, meeting):
        action = Action.objects.create(meeting=meeting, decided="Paint")
        page = text_of(as_("alice").post(LIST, {"action": action.pk}, follow=True))
        assert "Nothing is open." in page
        assert "Done last Paint Nobody is named yet who does it. Done on 5 March 2026. It is not done" in page
        as_("carol").post(LIST, {"action": action.pk})  # from a page on which it was open still
        action.refresh_from_db()
        assert action.done_on == day(5)
        page = text_of(as_("carol").post(LIST, {"action": action.pk, "again": "yes"}, follow=True))
        assert "It is open again." in page
        assert "Done last" not in page
        assert list(Entry.objects.values_list("act", flat=True)) == ["action_changed"] * 3

    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 18, "9" * 5000])
    def test_what_is_not_on_it_is_not_found(self, as_, meeting, key):
        assert as_("alice").post(LIST, {"action": key}).status_code == 404

    def test_takes_no_action_of_another_partnership_and_none_where_nothing_is_to_do(self, as_, meeting):
        strange = Action.objects.create(meeting=MeetingFactory(), decided="Paint")
        nothing = Action.objects.create(meeting=meeting, decided="Wait", nothing_to_do=True)
        answers = [as_("alice").post(LIST, {"action": each.pk}).status_code for each in (strange, nothing)]
        assert answers == [404, 404]
        assert as_("bob").post(LIST, {"action": nothing.pk}).status_code == 403

    def test_costs_the_same_for_1_and_for_3(self, as_, meeting, bob, django_assert_num_queries):
        alice = as_("alice")
        for more in (1, 2):
            for _ in range(more):
                for done_on in (None, day(5)):
                    Action.objects.create(meeting=meeting, decided="x", member=bob, done_on=done_on)
            with django_assert_num_queries(5):
                alice.get(LIST)


class TestTheNextMeeting:
    def test_begins_with_what_is_open_overdue_first(self, as_, meeting, partnership, bob):
        Action.objects.create(meeting=meeting, decided="Sing", member=bob, organisation=bob.organisation)
        Action.objects.create(meeting=meeting, decided="Paint", due_on=day(4))
        Action.objects.create(meeting=meeting, decided="Plant", done_on=day(5))
        later = MeetingFactory(partnership=partnership, date=day(1, 4))
        page = text_of(as_("bob").get(later.get_absolute_url()))
        paint = "Paint Nobody is named yet who does it. Overdue since 4 March 2026."
        assert f"Open actions {paint} Sing Bob, Libraries. Agenda" in page
        assert "Open actions" not in text_of(as_("bob").get(meeting.get_absolute_url()))


class TestTheNotes:
    def test_show_each_item_with_what_was_decided(self, as_, meeting, bob):
        park = AgendaItemFactory(meeting=meeting, order=1, title="The park")
        AgendaItemFactory(meeting=meeting, order=2, title="Apologies")
        Action.objects.create(meeting=meeting, decided="Sing")
        Action.objects.create(meeting=meeting, item=park, decided="Paint", member=bob, due_on=day(1, 4))
        assert "Notes of the meeting" in text_of(as_("bob").get(meeting.get_absolute_url()))
        page = text_of(as_("bob").get(f"{meeting.get_absolute_url()}notes/"))
        assert (
            "Notes of the meeting of 4 March 2026 The Guildhall The park Paint Bob. By 1 April 2026. Apologies"
            " Suggestions, and anything else Sing Nobody is named yet who does it."
        ) in page
        assert "Decisions and actions" not in page
        assert "Decisions and actions" in text_of(as_("alice").get(f"{meeting.get_absolute_url()}notes/"))

    def test_without_any_say_so(self, as_, meeting):
        Meeting.objects.update(venue="")
        page = text_of(as_("bob").get(f"{meeting.get_absolute_url()}notes/"))
        assert "No decision is recorded for this meeting." in page

    def test_say_what_is_decided_about_an_item_that_is_gone(self, as_, meeting):
        item = AgendaItemFactory(meeting=meeting)
        action = Action.objects.create(meeting=meeting, item=item, decided="Paint")
        item.delete()
        assert "Suggestions, and anything else Paint" in text_of(as_("bob").get(f"{meeting.get_absolute_url()}notes/"))
        assert str(action) == "Paint"


class TestTheWeeklyMail:
    """Sent by the daily command to whoever has something to do that is overdue or due within a week."""

    @staticmethod
    def remind() -> list[bool]:
        return list(remind_owners(base="https://together.example.org"))

    def test_says_all_that_somebody_has_to_do_in_all_partnerships(self, meeting, bob, cast):
        health = PartnershipFactory(name="Health & Wellbeing", slug="health")
        there = MemberFactory(partnership=health, name="Robert", email=bob.email)
        Action.objects.create(meeting=MeetingFactory(partnership=health), decided="Plant & sow", member=there)
        Action.objects.create(meeting=meeting, decided="Sing", member=bob, due_on=day(12))
        Action.objects.create(meeting=meeting, decided="Paint", member=bob, due_on=day(4))
        assert self.remind() == [True]
        [message] = mail.outbox
        assert (message.to, message.subject) == (["bob@example.org"], "What you said you would do")
        assert " ".join(str(message.body).split()).startswith(
            "Hello Bob This is what meetings decided that you would see to:"
            " - Paint (Strategic Growth Partnership; overdue since 4 March 2026)"
            " - Sing (Strategic Growth Partnership; due 12 March 2026)"
            " - Plant & sow (Health & Wellbeing)"
        )
        for slug in ("growth", "health"):
            assert f"\n    https://together.example.org/partnerships/{slug}/actions/\n" in message.body

    def test_comes_once_a_week_at_most(self, meeting, bob, time_machine):
        Action.objects.create(meeting=meeting, decided="Paint", member=bob, due_on=day(4))
        for days in (0, 0, 6, 1):
            time_machine.shift(datetime.timedelta(days=days))
            self.remind()
        assert len(mail.outbox) == 2

    def test_counts_the_week_over_all_partnerships(self, meeting, bob):
        MemberFactory(email=bob.email, actions_mailed_on=day(3))
        Action.objects.create(meeting=meeting, decided="Paint", member=bob, due_on=day(4))
        assert self.remind() == []

    def test_does_not_come_for_what_is_far_off_done_or_nobodys(self, meeting, bob, partnership):
        gone = MemberFactory(partnership=partnership, email="gone@example.org", left_on="2999-01-01")
        una = MemberFactory(partnership=partnership, email="")
        for owner in (
            {"member": bob, "due_on": day(13)},
            {"member": bob},
            {"member": bob, "due_on": day(4), "done_on": day(5)},
            {"member": gone, "due_on": day(4)},
            {"member": una, "due_on": day(4)},
            {"organisation": bob.organisation, "due_on": day(4)},
            {"due_on": day(4)},
        ):
            Action.objects.create(meeting=meeting, decided="Paint", **owner)
        assert (self.remind(), mail.outbox) == ([], [])

    def test_is_tried_again_where_the_mail_server_was_down(self, meeting, bob, settings):
        Action.objects.create(meeting=meeting, decided="Paint", member=bob, due_on=day(4))
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        assert self.remind() == [False]
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert self.remind() == [True]
        assert len(mail.outbox) == 1

    def test_is_not_sent_again_within_the_week_where_it_perhaps_went_out(self, meeting, partnership, settings):
        two = MemberFactory(partnership=partnership, email="two@example.org")
        Action.objects.create(meeting=meeting, decided="Paint", member=two, due_on=day(4))
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.DropsAtTwo"}}
        assert (self.remind(), self.remind()) == ([False], [])

    def test_a_connection_that_breaks_silences_nobody_else(self, meeting, partnership, settings):
        for name in ("two", "three"):
            member = MemberFactory(partnership=partnership, name=name, email=f"{name}@example.org")
            Action.objects.create(meeting=meeting, decided="Paint", member=member, due_on=day(4))
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.DropsAtTwo"}}
        assert self.remind() == [False]
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert self.remind() == [True]
        assert [message.to for message in mail.outbox] == [["three@example.org"]]

    def test_reaches_the_others_where_one_address_is_refused(self, meeting, partnership, settings):
        for name in ("two", "three"):
            member = MemberFactory(partnership=partnership, name=name, email=f"{name}@example.org")
            Action.objects.create(meeting=meeting, decided="Paint", member=member, due_on=day(4))
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.RefusesTwo"}}
        assert self.remind() == [False, True]
        assert [message.to for message in mail.outbox] == [["three@example.org"]]


def test_people_read_in_their_own_data_what_they_said_they_would_do(as_, meeting, bob):
    for decided in ("Paint", "Plant"):
        Action.objects.create(meeting=meeting, decided=decided, member=bob)
    assert "What you said you would do: Paint; Plant" in text_of(as_("bob").get("/account/data/"))
    [membership] = as_("bob").get("/account/data.json").json()["memberships"]
    assert membership["actions"] == [{"what": "Paint", "due": None}, {"what": "Plant", "due": None}]
