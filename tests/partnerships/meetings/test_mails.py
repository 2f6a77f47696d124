"""What the mails about a meeting say; and whether the agenda went out a week ahead."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail

from partnerships.models import Action, Delivery, Meeting, Member, Paper, Term
from tests.actors.phones import open_, text_of
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory
from tests.helpers.senders import Sender

pytestmark = pytest.mark.django_db


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
def alice(as_, meeting) -> Sender:
    return Sender(as_("alice"), meeting)


class TestTheAgenda:
    def test_shows_all_of_the_agenda_as_text(self, alice, meeting, partnership):
        meeting.venue_access, meeting.reflection = "Step-free from Guildhall Street", 1
        meeting.save()
        item = meeting.items.get()
        item.title, item.lead, item.minutes, item.purpose = "PB & <budget>", "Chair", 30, "decision"
        item.save()
        Paper.objects.create(item=item, title="The plan", kind="link", url="https://example.org/plan")
        Paper.objects.create(item=item, title="Figures", kind="ods", file="a.ods")
        Term.objects.create(partnership=partnership, word="PB", meaning="participatory budgeting")
        before = MeetingFactory(partnership=partnership, date=datetime.date(2026, 1, 7))
        owner = Member.objects.get(name="Bob")
        Action.objects.create(meeting=before, decided="Sing")
        Action.objects.create(meeting=before, decided="Plant", due_on=datetime.date(2026, 3, 1))
        Action.objects.create(meeting=before, decided="Paint", due_on=datetime.date(2026, 1, 30), member=owner)
        alice.press()
        body = " ".join(str(mail.outbox[0].body).split())
        for words in (
            "Wednesday 4 March 2026, 11:30-13:00 The Guildhall Step-free from Guildhall Street",
            "OPEN ACTIONS - Paint (Bob; overdue since 30 January 2026)"
            " - Plant (no owner yet; due 1 March 2026) - Sing (no owner yet) AGENDA",
            "AGENDA 1. 11:30-12:00 PB & <budget> (Chair) – For decision 2. 12:00-12:10 Feedback on this meeting (All)",
            "To think about:",
            "PAPERS - The plan: https://example.org/plan - Figures (ODS)",
            "WHAT THE LETTERS MEAN PB: participatory budgeting",
            f"http://testserver{meeting.get_absolute_url()}",
        ):
            assert words in body

    def test_leaves_out_what_is_not_known(self, alice, meeting):
        Meeting.objects.update(start=None, end=None, venue="")
        alice.press()
        assert "Wednesday 4 March 2026\n\nAGENDA\n\n1. Minutes – For discussion\n2. Feedback" in mail.outbox[0].body


class TestWhetherItWentOutAWeekAhead:
    """Said on the meeting's page, to whoever can do something about it."""

    @pytest.fixture
    def said(self, as_, meeting):
        return lambda who="alice": text_of(as_(who).get(meeting.get_absolute_url()))

    @pytest.fixture
    def send(self, as_, meeting):
        """Signs in first: nobody stays signed in for weeks."""
        return lambda seen=0: Sender(as_("alice"), meeting).press(seen=seen)

    def test_it_did(self, said, send, time_machine):
        time_machine.move_to("2026-02-25 23:30:00+00:00")
        send()
        assert "The agenda went out on 25 February 2026, a week ahead or more." in said()
        assert "went out" not in said("bob")

    def test_it_did_not(self, said, send, time_machine):
        time_machine.move_to("2026-02-26 00:30:00+00:00")
        send()
        assert "The agenda went out on 26 February 2026. A week ahead would have been 25 February 2026" in said()

    def test_it_may_still(self, said, time_machine):
        assert "The agenda has not been sent. Send it by 25 February 2026, a week ahead" in said()

    def test_it_is_late(self, said, time_machine):
        time_machine.move_to("2026-02-26 12:00:00+00:00")
        assert "The agenda has not been sent. A week ahead would have been 25 February 2026: send it now." in said()

    def test_the_first_time_counts_not_the_last(self, said, send, time_machine):
        send()
        time_machine.move_to("2026-03-01 12:00:00+00:00")
        send(seen=1)
        assert "The agenda went out on 18 February 2026, a week ahead or more." in said()

    def test_or_whether_it_was_rewritten_since(self, said, send):
        send()
        Meeting.objects.update(agenda_version=1)
        assert "The agenda has changed since it was sent. Send it again if members should know." in said()
        send(seen=1)
        assert "The agenda went out on 18 February 2026, a week ahead or more." in said()

    def test_which_words_nobody_has_explained(self, said, meeting):
        AgendaItemFactory(meeting=meeting, title="PB and DEA")
        assert "Not everybody may know what these mean: PB, DEA." in said()
        assert "Not everybody may know" not in said("bob")
        Term.objects.create(partnership=meeting.partnership, word="PB", meaning="participatory budgeting")
        assert "Not everybody may know what these mean: DEA." in said()
        assert "What the letters mean PB participatory budgeting" in said("bob")

    def test_nothing_once_it_is_over_or_called_off(self, said, meeting, time_machine):
        Meeting.objects.update(called_off_on="2026-02-18")
        assert "has not been sent" not in said()
        Meeting.objects.update(called_off_on=None)
        time_machine.move_to("2026-03-05 12:00:00+00:00")
        assert "has not been sent" not in said()


class TestOtherMails:
    def test_members_are_told_that_a_meeting_is_called_off(self, as_, meeting):
        alice = Sender(as_("alice"), meeting, "called_off")
        assert "The meeting takes place: it was not called off." in text_of(alice.press())
        assert mail.outbox == []
        Meeting.objects.update(called_off_on="2026-02-18")
        page = text_of(alice.press())
        assert "2 of 2 mails are sent." in page
        assert "everybody" not in page  # it cannot have changed: there is nothing to send again
        assert mail.outbox[0].subject == "Called off: Strategic Growth Partnership, 4 March 2026"
        words = "The meeting of Strategic Growth Partnership on Wednesday 4 March 2026 will not take place."
        assert mail.outbox[0].body.startswith(f"Hello Alice\n\n{words}\n")

    def test_members_get_the_notes(self, as_, meeting):
        alice = Sender(as_("alice"), meeting, "notes")
        assert "No decision is recorded yet." in text_of(alice.press())
        bob, item = Member.objects.get(name="Bob"), meeting.items.get()
        due = datetime.date(2026, 4, 1)
        Action.objects.create(meeting=meeting, item=item, decided="Paint & <plant>", member=bob, due_on=due)
        Action.objects.create(meeting=meeting, item=item, decided="Wait", nothing_to_do=True)
        Action.objects.create(meeting=meeting, decided="Sing")
        AgendaItemFactory(meeting=meeting, title="Nothing came of it")
        alice.press()
        assert mail.outbox[1].subject == "Notes of the meeting, Strategic Growth Partnership, 4 March 2026"
        assert " ".join(str(mail.outbox[1].body).split()) == (
            "Hello Bob What was decided by Strategic Growth Partnership on 4 March 2026:"
            " Minutes - Paint & <plant> (Bob; due 1 April 2026) - Wait"
            " Suggestions, and anything else - Sing (no owner yet)"
            f" http://testserver{meeting.get_absolute_url()}"
        )
        assert mail.outbox[1].attachments == []
        assert "Send the changed notes to everybody" in text_of(alice.press(seen=1))
        assert "These notes replace those that you got before." in mail.outbox[-1].body
        Action.objects.all().delete()  # a mistake, all of it: members are told
        assert "2 of 2 mails are sent." in text_of(alice.press(seen=2))

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("agenda", "Agenda (PDF)"),
            ("notes", "Print them for them, and post them or hand them over: Notes of the meeting"),
            ("called_off", "Phone or write to them."),
        ],
    )
    def test_those_without_an_address_are_told_on_paper(self, as_, meeting, kind, words):
        MemberFactory(partnership=meeting.partnership, name="Una", email="")
        Action.objects.create(meeting=meeting, decided="Sing")
        if kind == "called_off":
            Meeting.objects.update(called_off_on="2026-02-18")
        assert words in text_of(Sender(as_("alice"), meeting, kind).see())

    def test_members_get_the_link_to_score(self, as_, meeting):
        open_(meeting.round)
        MemberFactory(partnership=meeting.partnership, name="Una", email="")
        url = f"{meeting.get_absolute_url()}feedback/remind/"
        client = as_("alice")
        page = text_of(client.get(url))
        assert "Send the link to score" in page
        assert "On paper: 1 member" in page


def test_mails_are_shown_as_words(alice, meeting):
    alice.press()
    words = "Agenda: Strategic Growth Partnership, 4 March 2026: Alice"
    assert str(Delivery.objects.order_by("pk").first()) == words


def test_people_read_in_their_own_data_what_was_mailed_to_them(as_, alice, time_machine):
    time_machine.move_to("2026-02-18 12:00:00+00:00", tick=False)
    alice.press()
    assert "1 mail about a meeting was sent to you." in text_of(as_("bob").get("/account/data/"))
    [membership] = as_("bob").get("/account/data.json").json()["memberships"]
    assert membership["mails"] == [
        {"what": "Agenda: Strategic Growth Partnership, 4 March 2026", "state": "Sent", "when": "2026-02-18T12:00:00Z"}
    ]
