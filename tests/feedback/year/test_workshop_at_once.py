"""A workshop while somebody else is at it, and while a mail server hesitates."""

import datetime

import pytest
from django.core import mail
from django.db import connection

from feedback.models import Workshop
from feedback.year import workshops as facilitating
from partnerships.models import Partnership, Year
from tests.helpers.broken_mailboxes import Busy
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 2025


def workshop(partnership: Partnership, email: str = "maeve@example.net") -> Workshop:
    year = Year(partnership=partnership, number=NUMBER)
    return Workshop(year=year, date=datetime.date(2026, 3, 20), facilitator="Maeve", email=email)


def plan(partnership: Partnership, cast, email: str = "maeve@example.net") -> Workshop:
    facilitating.plan_workshop(workshop=workshop(partnership, email), by=cast.alice)
    stored = Workshop.objects.get()
    stored.year.partnership = partnership
    return stored


def send(stored: Workshop, cast) -> None:
    facilitating.send_link(workshop=stored, base="http://testserver", by=cast.alice)


def test_two_who_plan_it_first_make_one(partnership, cast):
    at_once([lambda: facilitating.plan_workshop(workshop=workshop(partnership), by=cast.alice)] * 2)
    assert Workshop.objects.get().email == "maeve@example.net"


def test_the_mail_is_handed_over_outside_any_transaction(partnership, cast, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.Busy"}}
    stored, within = plan(partnership, cast), []
    Busy.meanwhile.append(lambda: within.append(connection.in_atomic_block))
    send(stored, cast)
    assert within == [False]
    assert len(mail.outbox) == 1


def test_a_link_that_is_ended_while_its_mail_goes_out_stays_ended(partnership, cast, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.Busy"}}
    stored = plan(partnership, cast)
    Busy.meanwhile.append(lambda: facilitating.revoke_link(workshop=stored, by=cast.alice))
    send(stored, cast)
    assert Workshop.objects.get().token_hash is None


def test_of_two_links_sent_at_once_one_opens(partnership, cast):
    stored = plan(partnership, cast)
    at_once([lambda: send(stored, cast)] * 2)
    links = {str(message.body).split("/pack/")[1].split("/")[0] for message in mail.outbox}
    assert sorted(Workshop.objects.opened_by(link).exists() for link in links) == [False, True]


def test_an_ended_link_does_not_come_back_with_what_somebody_else_saves(partnership, cast):
    stored = plan(partnership, cast)
    send(stored, cast)
    end, save = facilitating.revoke_link, facilitating.plan_workshop
    at_once(
        [
            lambda: end(workshop=stored, by=cast.alice),
            lambda: save(workshop=workshop(partnership), by=cast.alice),
        ]
    )
    assert Workshop.objects.get().token_hash is None
