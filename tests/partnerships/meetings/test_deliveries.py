"""Mails about a meeting: to every member once, whoever presses how often, and whatever breaks."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import deliveries as mails
from partnerships.models import Delivery, Entry, Mailing, Meeting, Member
from partnerships.people import membership
from tests.actors.phones import text_of
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory
from tests.helpers.broken_mailboxes import Busy
from tests.helpers.senders import Sender, reached

pytestmark = pytest.mark.django_db
WORKS = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _a_fortnight_ahead(time_machine):
    time_machine.move_to("2026-02-18 12:00:00+00:00")


@pytest.fixture
def meeting(partnership) -> Meeting:
    """With an agenda of one item, so that there is something to send."""
    meeting = MeetingFactory(partnership=partnership, start=datetime.time(11, 30), end=datetime.time(13, 0))
    AgendaItemFactory(meeting=meeting, title="Minutes")
    return meeting


@pytest.fixture
def people(partnership) -> None:
    """One, two and three, in this order, and nobody else."""
    for name in ("one", "two", "three"):
        MemberFactory(partnership=partnership, name=name, email=f"{name}@example.org")


@pytest.fixture
def server(settings):
    """`server("tests.helpers.mailboxes.Down")`: the mail server is that one from now on."""

    def use(backend: str) -> None:
        settings.MAILERS = {"default": {"BACKEND": backend}}

    return use


@pytest.fixture
def alice(as_, meeting) -> Sender:
    return Sender(as_("alice"), meeting)


@pytest.fixture
def carol(as_, meeting, people) -> Sender:
    """The coordinator, who is no member; Alice and Bob have left, so that one, two and three are all."""
    sender = Sender(as_("carol"), meeting)
    Member.objects.filter(name__in=["Alice", "Bob"]).delete()
    return sender


class TestSendingTheAgenda:
    def test_reaches_every_member_with_an_address_once(self, alice, meeting, partnership):
        MemberFactory(partnership=partnership, name="Una", email="")
        MemberFactory(partnership=partnership, name="Gone", email="gone@example.org", left_on=datetime.date(2999, 1, 1))
        page = text_of(alice.press())
        assert reached() == ["alice", "bob"]
        assert "2 of 2 mails are sent." in page
        assert mail.outbox[1].subject == "Agenda, Strategic Growth Partnership, 4 March 2026"
        assert mail.outbox[1].body.startswith("Hello Bob\n\nStrategic Growth Partnership\nWednesday 4 March 2026")
        assert list(Entry.objects.values_list("act", "by__email")) == [("agenda_sent", "alice@example.org")]

    def test_lists_whom_to_print_it_for(self, alice, partnership):
        MemberFactory(partnership=partnership, name="Una", email="", organisation__name="Libraries")
        page = text_of(alice.see())
        assert "Send to 2 members" in page
        assert "On paper: 1 member without an email address" in page
        assert "Una Libraries" in page

    def test_says_where_nobody_has_an_address(self, as_, meeting):
        carol = Sender(as_("carol"), meeting)
        Member.objects.update(email="", user=None)
        assert "No member has an email address." in text_of(carol.see())

    def test_of_an_empty_one_is_refused(self, alice, meeting):
        meeting.items.all().delete()
        assert "The agenda has no items yet. Write it first, then send it." in text_of(alice.press())
        assert (mail.outbox, Mailing.objects.count()) == ([], 0)

    def test_of_a_meeting_that_is_called_off_is_refused(self, alice):
        Meeting.objects.update(called_off_on="2026-02-18")
        assert "The meeting is called off: nothing more is sent about it." in text_of(alice.press())
        assert mail.outbox == []

    def test_a_name_of_several_lines_cannot_reach_the_mails_head(self, alice, partnership):
        partnership.name = "Growth\nBcc: everybody@example.org"
        partnership.save()
        alice.press()
        assert [message.recipients() for message in mail.outbox] == [["alice@example.org"], ["bob@example.org"]]

    def test_looking_at_the_page_sends_nothing(self, alice):
        alice.see()
        alice.client.head(alice.url)
        assert (mail.outbox, Mailing.objects.count()) == ([], 0)

    def test_of_a_meeting_that_is_over_is_refused(self, as_, meeting, time_machine):
        time_machine.move_to("2026-03-05 00:30:00+00:00")
        alice = Sender(as_("alice"), meeting)
        assert "This meeting is over, so its agenda is not sent any more." in text_of(alice.press())
        assert mail.outbox == []

    def test_a_kind_that_has_no_page_here_is_not_found(self, as_, meeting):
        assert [Sender(as_("alice"), meeting, kind).see().status_code for kind in ("scoring", "nothing")] == [404, 404]


class TestPressing:
    def test_twice_sends_once(self, alice):
        alice.press()
        alice.press()
        assert reached() == ["alice", "bob"]
        assert Mailing.objects.count() == 1

    def test_while_somebody_else_sends_leaves_each_mail_to_one_of_them(self, carol, server):
        Busy.meanwhile.append(lambda: carol.press("go_on"))
        server("tests.helpers.broken_mailboxes.Busy")
        assert "3 of 3 mails are sent." in text_of(carol.press())
        assert reached() == ["two", "three", "one"]

    def test_without_having_begun_or_having_seen_a_number_sends_nothing(self, alice):
        for do in ("go_on", "again", "unsure", "", "else"):
            alice.press(do)
        for seen in ("-1", "x", "9" * 5000):
            alice.client.post(alice.url, {"do": "begin", "seen": seen})
        alice.client.post(alice.url, {"do": "begin"})
        assert (mail.outbox, Mailing.objects.count()) == ([], 0)

    def test_again_for_everybody_while_some_still_wait_goes_on_with_these(self, carol, server):
        server("tests.helpers.broken_mailboxes.GoneAtTwo")
        carol.press()
        server(WORKS)
        carol.press(seen=1)
        assert reached() == ["one", "two", "three"]
        assert Mailing.objects.get().number == 1

    def test_sends_twenty_a_step(self, alice, partnership):
        body = Member.objects.get(name="Bob").organisation
        for number in range(19):
            MemberFactory(partnership=partnership, organisation=body, email=f"m{number}@example.org")
        page = text_of(alice.press())
        assert "20 of 21 mails are sent. The rest is on its way. Go on" in page
        assert "Send the changed agenda" not in page
        page = text_of(alice.press("go_on"))
        assert "21 of 21 mails are sent." in page
        assert "Go on" not in page
        assert len(reached()) == len(set(reached())) == 21

    def test_stops_between_two_mails_when_a_step_takes_too_long(self, alice, monkeypatch):
        monkeypatch.setattr(mails, "SECONDS_A_STEP", -1)
        assert "1 of 2 mails are sent." in text_of(alice.press())
        assert "2 of 2 mails are sent." in text_of(alice.press("go_on"))
        assert reached() == ["alice", "bob"]

    def test_with_htmx_gets_the_part_that_changes_and_no_more(self, alice):
        response = alice.press(headers={"HX-Request": "true"})
        assert response.content.startswith(b'<div id="progress">')
        assert "2 of 2 mails are sent." in text_of(response)
        assert b"<h1" not in response.content

    def test_costs_the_same_to_look_at_for_2_and_for_41(self, alice, partnership):
        def queries() -> int:
            with CaptureQueriesContext(connection) as context:
                alice.see()
            return len(context)

        alice.press()
        before, mailing = queries(), Mailing.objects.get()
        body = Member.objects.get(name="Bob").organisation
        more = Member.objects.bulk_create(
            Member(partnership=partnership, organisation=body, name=f"Una {n}", email=f"m{n}@example.org")
            for n in range(39)
        )
        Delivery.objects.bulk_create(
            Delivery(mailing=mailing, member=each, state="failed", tried_at=timezone.now()) for each in more
        )
        assert queries() == before


class TestWhereTheMailServer:
    @pytest.mark.parametrize("backend", ["mailboxes.Down", "broken_mailboxes.Locked"])
    def test_is_down_at_the_start_nothing_is_lost(self, carol, server, backend):
        server(f"tests.helpers.{backend}")
        response = carol.press()
        assert response.status_code == 503
        assert "0 of 3 mails are sent." in text_of(response)
        assert "The mail server does not answer just now. Nothing is lost and nothing is sent twice" in text_of(
            response
        )
        server(WORKS)
        assert "0 of 3 mails are sent. The rest is on its way. Go on" in text_of(carol.see())
        assert "3 of 3 mails are sent." in text_of(carol.press("go_on"))
        assert reached() == ["one", "two", "three"]

    def test_is_down_the_part_that_htmx_gets_says_so_and_does_not_press_by_itself(self, carol, server):
        server("tests.helpers.mailboxes.Down")
        response = carol.press(headers={"HX-Request": "true"})
        assert response.status_code == 200  # htmx shows nothing else
        assert "The mail server does not answer just now." in text_of(response)
        assert b'hx-trigger="submit"' in response.content

    def test_goes_down_half_way_nobody_gets_it_twice(self, carol, server):
        server("tests.helpers.broken_mailboxes.GoneAtTwo")
        assert "1 of 3 mails are sent." in text_of(carol.press())
        server(WORKS)
        carol.press("go_on")
        assert reached() == ["one", "two", "three"]

    def test_refuses_an_address_the_others_get_theirs(self, carol, server):
        server("tests.helpers.mailboxes.RefusesTwo")
        page = text_of(carol.press())
        assert "2 of 3 mails are sent." in page
        assert "Could not be reached: two (two@example.org). Check the address" in page
        assert reached() == ["one", "three"]

    def test_refuses_an_address_only_that_one_is_tried_again_and_only_if_asked_for(self, carol, server):
        server("tests.helpers.mailboxes.RefusesTwo")
        carol.press()
        server(WORKS)
        carol.press("go_on")
        assert reached() == ["one", "three"]
        page = text_of(carol.press("again"))
        assert reached() == ["one", "three", "two"]
        assert "3 of 3 mails are sent." in page
        assert "Could not be reached" not in page

    @pytest.mark.parametrize("breaks", ["DropsAtTwo", "SilentAtTwo"])
    def test_breaks_while_it_takes_one_that_one_is_perhaps_sent_and_never_sent_again_by_itself(
        self, carol, server, breaks, time_machine
    ):
        server(f"tests.helpers.broken_mailboxes.{breaks}")
        carol.press()
        server(WORKS)
        for do in ("go_on", "again"):
            page = text_of(carol.press(do))
        time_machine.shift(3600)
        carol.press("go_on")
        assert "2 of 3 mails are sent. Perhaps sent, perhaps not: two (two@example.org)." in page
        assert reached() == ["one", "three"]

    def test_breaks_while_it_takes_one_that_one_is_sent_once_more_if_asked_for(self, carol, server, time_machine):
        server("tests.helpers.broken_mailboxes.DropsAtTwo")
        carol.press()
        server(WORKS)
        carol.press("go_on")
        time_machine.shift(60)
        carol.press("unsure")  # somebody else's step might be at it this very moment
        assert reached() == ["one", "three"]
        time_machine.shift(61)
        assert "3 of 3 mails are sent." in text_of(carol.press("unsure"))
        assert reached() == ["one", "three", "two"]

    def test_was_down_those_who_left_or_lost_their_address_meanwhile_get_nothing(self, carol, cast, server):
        server("tests.helpers.mailboxes.Down")
        carol.press()
        one, two = Member.objects.get(name="one"), Member.objects.get(name="two")
        membership.leave(member=one, by=cast.carol)
        two.email = ""
        membership.change(member=two, by=cast.carol)
        server(WORKS)
        assert "1 of 1 mail is sent." in text_of(carol.press("go_on"))
        assert reached() == ["three"]

    def test_was_down_an_address_that_was_put_right_meanwhile_gets_it(self, carol, cast, server):
        server("tests.helpers.mailboxes.RefusesTwo")
        carol.press()
        two = Member.objects.get(name="two")
        two.email = "dara@example.org"
        membership.change(member=two, by=cast.carol)
        carol.press("again")
        assert reached() == ["one", "three", "dara"]


class TestSendingTheAgendaAgain:
    def test_says_that_it_is_changed_and_raises_the_sequence(self, alice, meeting):
        alice.press()
        meeting.refresh_from_db()
        assert meeting.sequence == 0
        alice.press(seen=1)
        meeting.refresh_from_db()
        assert meeting.sequence == 1
        assert mail.outbox[-1].subject == "Changed: Agenda, Strategic Growth Partnership, 4 March 2026"
        assert "\n\nThis replaces the agenda that you got before. " in mail.outbox[-1].body
        assert [(each.number, each.sequence) for each in Mailing.objects.all()] == [(1, 0), (2, 1)]
        assert reached() == ["alice", "bob", "alice", "bob"]

    def test_is_pointed_out_as_needed_once_the_meeting_has_moved(self, alice, meeting):
        alice.press()
        form = {"date": "2026-03-05", "start": "11:30", "end": "13:00", "venue": "The Guildhall"}
        page = text_of(alice.client.post(f"{meeting.get_absolute_url()}change/", form, follow=True))
        assert "The agenda went out before this change. Send it again, so that members know." in page
        assert "Day, time or venue have changed since the agenda was sent." in page
        assert "Day, time or venue have changed since." in text_of(alice.see())
        assert "have changed since." not in text_of(alice.press(seen=1))
        assert "have changed since" not in text_of(alice.client.get(meeting.get_absolute_url()))
        assert "Thursday 5 March 2026" in mail.outbox[-1].body

    def test_is_not_needed_where_only_the_words_about_access_changed(self, alice, meeting):
        alice.press()
        form = {
            "date": "2026-03-04",
            "start": "11:30",
            "end": "13:00",
            "venue": "The Guildhall",
            "venue_access": "Lift",
        }
        page = text_of(alice.client.post(f"{meeting.get_absolute_url()}change/", form, follow=True))
        assert "Saved." in page
        assert "Send it again" not in page
