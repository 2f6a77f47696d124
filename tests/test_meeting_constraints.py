"""What the database itself holds of agendas, mails, needs, actions and suggestions."""

import datetime

import pytest
from django.utils import timezone

from feedback.models import Suggestion
from partnerships.models import (
    AccessNeed,
    Action,
    AgendaItem,
    Arrangement,
    Delivery,
    Mailing,
    Meeting,
    Member,
    Paper,
    Partnership,
    Term,
)
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory, OrganisationFactory, PartnershipFactory
from tests.test_constraints import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(meeting) -> AgendaItem:
    return AgendaItemFactory(meeting=meeting)


@pytest.fixture
def member(partnership) -> Member:
    return MemberFactory(partnership=partnership)


@pytest.fixture
def mailing(meeting) -> Mailing:
    return Mailing.objects.create(meeting=meeting, kind="agenda", number=1)


@pytest.mark.parametrize("start", [None, datetime.time(11, 0), datetime.time(12, 0)])
def test_a_meeting_ends_after_it_starts(meeting, start):
    refused("meeting_ends_after_it_starts", lambda: Meeting.objects.update(start=start, end=datetime.time(11, 0)))


@pytest.mark.parametrize("number", [0, 8])
def test_there_are_seven_questions_for_reflection(meeting, number):
    refused("meeting_reflects_on_a_known_question", lambda: Meeting.objects.update(reflection=number))


def test_calendars_tell_meetings_and_partnerships_apart(meeting):
    refused("uid", lambda: MeetingFactory(uid=meeting.uid))
    refused("calendar_key", lambda: PartnershipFactory(calendar_key=Partnership.objects.get().calendar_key))


@pytest.mark.parametrize(
    "paper",
    [
        {"kind": "link"},
        {"kind": "link", "url": "https://example.org", "file": "a.pdf"},
        {"kind": "pdf", "url": "https://example.org"},
        {"kind": "pdf", "url": "https://example.org", "file": "a.pdf"},
        {"kind": "exe", "file": "a.exe"},
    ],
)
def test_a_paper_is_a_link_or_a_file_of_a_known_kind(item, paper):
    refused("paper_is_a_link_or_a_file", lambda: Paper.objects.create(item=item, title="Plan", **paper))


def test_a_word_is_explained_once_in_a_partnership(partnership):
    Term.objects.create(partnership=partnership, word="ODP", meaning="Outcome Delivery Partnership")
    refused(
        "term_explained_once_in_a_partnership",
        lambda: Term.objects.create(partnership=partnership, word="ODP", meaning="Another"),
    )


def test_what_needs_nothing_to_be_done_is_nobodys(meeting, member):
    body = OrganisationFactory(area=meeting.partnership.area)
    day = datetime.date(2026, 3, 4)
    for more in ({"member": member}, {"organisation": body}, {"due_on": day}, {"done_on": day}):
        refused(
            "action_with_nothing_to_do_is_nobodys",
            lambda more=more: Action.objects.create(meeting=meeting, decided="Noted", nothing_to_do=True, **more),
        )


def test_two_who_press_at_once_start_one_mailing_of_a_known_kind(meeting, mailing):
    refused("mailing_numbered_once", lambda: Mailing.objects.create(meeting=meeting, kind="agenda", number=1))
    refused("mailing_kind_known", lambda: Mailing.objects.update(kind="gossip"))


def test_a_member_gets_a_mailing_once(mailing, member):
    Delivery.objects.create(mailing=mailing, member=member)
    refused("delivery_once_to_a_member", lambda: Delivery.objects.create(mailing=mailing, member=member))


@pytest.mark.parametrize(("state", "tried"), [("waiting", True), ("sent", False), ("trying", False), ("lost", True)])
def test_a_delivery_says_when_it_was_tried(mailing, member, state, tried):
    tried_at = timezone.now() if tried else None
    refused(
        "delivery_tried_or_waiting",
        lambda: Delivery.objects.create(mailing=mailing, member=member, state=state, tried_at=tried_at),
    )


def test_a_need_is_known_told_once_and_arranged_once(meeting, member):
    need = AccessNeed.objects.create(member=member, kind="breaks")
    refused("access_need_once_for_a_member", lambda: AccessNeed.objects.create(member=member, kind="breaks"))
    refused("access_need_known", lambda: AccessNeed.objects.create(member=member, kind="gossip"))
    Arrangement.objects.create(meeting=meeting, need=need)
    refused("need_arranged_once_for_a_meeting", lambda: Arrangement.objects.create(meeting=meeting, need=need))


def test_the_same_words_are_one_suggestion(meeting):
    Suggestion.objects.create(meeting=meeting, text="Speak up")
    refused("suggestion_raised_once_at_a_meeting", lambda: Suggestion.objects.create(meeting=meeting, text="Speak up"))


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("raised", {"answer": "Yes"}),
        ("raised", {"considered": True}),
        ("agreed", {"considered": True}),
        ("agreed", {"action": True}),
        ("declined", {"considered": True}),
        ("declined", {"answer": "No"}),
        ("carried", {}),
        ("carried", {"considered": True, "action": True}),
        ("lost", {"considered": True}),
    ],
)
def test_a_suggestion_is_answered_as_its_outcome_asks(meeting, outcome, told):
    action = Action.objects.create(meeting=meeting, decided="Speak up") if told.get("action") else None
    considered_at = meeting if told.get("considered") else None
    refused(
        "suggestion_answered_as_its_outcome_asks",
        lambda: Suggestion.objects.create(
            meeting=meeting,
            text="Speak up",
            outcome=outcome,
            considered_at=considered_at,
            action=action,
            answer=told.get("answer", ""),
        ),
    )
