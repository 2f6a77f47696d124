"""Mails about a meeting, or a year, to all members: each gets one, whoever presses how often, and whatever breaks.

Before a mail is handed over, it is written down that it may have gone out; afterwards, that it has. A mail of
which only the first is known is never sent again by itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from smtplib import SMTPException, SMTPServerDisconnected
from socket import gaierror
from time import monotonic
from typing import Any

from django.core.mail import EmailMessage, mailers
from django.db import models, transaction
from django.utils import timezone

from partnerships.models import Act, Delivery, Entry, Mailing, Meeting, Member, User, Year

MAILS_A_STEP = 20
SECONDS_A_STEP = 8
# A mail that was handed over longer ago than this, and of which no more is known, is not on its way any more.
_ON_ITS_WAY = datetime.timedelta(minutes=2)
_ACTS = {
    Mailing.Kind.AGENDA: Act.AGENDA_SENT,
    Mailing.Kind.CALLED_OFF: Act.CALLED_OFF_SENT,
    Mailing.Kind.NOTES: Act.NOTES_SENT,
    Mailing.Kind.SCORING: Act.SCORING_SENT,
}
NEVER_LEFT = (ConnectionRefusedError, gaierror)

Compose = Callable[[Member], EmailMessage]


@dataclass(frozen=True)
class Progress:
    """How far a mailing is: how many mails there are, and those who have not surely got theirs."""

    total: int
    sent: int
    waiting: int
    failed: tuple[Member, ...]
    unsure: tuple[Member, ...]

    @classmethod
    def of(cls, mailing: Mailing) -> Progress:
        deliveries = list(mailing.deliveries.select_related("member__organisation").order_by("member__name", "pk"))
        states = [delivery.state for delivery in deliveries]
        return cls(
            total=len(deliveries),
            sent=states.count(Delivery.State.SENT),
            waiting=states.count(Delivery.State.WAITING),
            failed=tuple(each.member for each in deliveries if each.state == Delivery.State.FAILED),
            unsure=tuple(each.member for each in deliveries if each.state == Delivery.State.TRYING),
        )

    @property
    def is_over(self) -> bool:
        """Nothing is left that is sent without being asked for."""
        return not self.waiting


def latest(occasion: Meeting | Year, kind: str) -> Mailing | None:
    return occasion.mailings.filter(kind=kind).order_by("number").last()


def sent(meeting: Meeting) -> tuple[datetime.date | None, Mailing | None]:
    """The day on which the agenda first went out, and the last mailing of it; None where it did not."""
    went_out = meeting.mailings.filter(kind=Mailing.Kind.AGENDA, deliveries__state=Delivery.State.SENT)
    mailings = list(went_out.distinct().order_by("number"))
    return (timezone.localdate(mailings[0].started_at), mailings[-1]) if mailings else (None, None)


@transaction.atomic
def begin(*, occasion: Meeting | Year, kind: Mailing.Kind, seen: int, by: User | None) -> Mailing:
    """A new mailing to every member with an address; or, if one has begun since number `seen`, that one.

    An agenda that goes out again raises the meeting's sequence, so that calendars take the new one.
    """
    occasion = type(occasion).objects.locked().select_related("partnership__area").get(pk=occasion.pk)
    before = latest(occasion, kind)
    number = before.number if before else 0
    members = occasion.partnership.members.current().exclude(email="").order_by("pk")
    if before and (number > seen or before.deliveries.filter(state=Delivery.State.WAITING).exists()):
        if kind == Mailing.Kind.SCORING:  # it opens again: who was left out when it stopped is told now
            _line_up(before, members)
        return before
    about: dict[str, Any] = {"year": occasion} if isinstance(occasion, Year) else {"meeting": occasion}
    mailing = Mailing(**about, kind=kind, number=number + 1, by=by)
    if isinstance(occasion, Meeting):
        if before and kind == Mailing.Kind.AGENDA:
            occasion.sequence += 1
            occasion.save(update_fields=["sequence"])
        mailing.sequence, mailing.agenda_version = occasion.sequence, occasion.agenda_version
    mailing.save()
    _line_up(mailing, members)
    Entry.objects.write(_ACTS[kind], by=by, **about)
    return mailing


def _line_up(mailing: Mailing, members: Iterable[Member]) -> None:
    """A delivery to each who has none."""
    deliveries = [Delivery(mailing=mailing, member=member) for member in members]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def drop_waiting(mailing: Mailing) -> None:
    """What has not gone out yet and would not be true any more never does."""
    mailing.deliveries.filter(state=Delivery.State.WAITING).delete()


def retry(mailing: Mailing, *, unsure: bool = False) -> None:
    """Puts those who could not be reached back in the line; with `unsure` those who perhaps were."""
    back = models.Q(state=Delivery.State.FAILED)
    if unsure:
        back = models.Q(state=Delivery.State.TRYING, tried_at__lt=timezone.now() - _ON_ITS_WAY)
    mailing.deliveries.filter(back).update(state=Delivery.State.WAITING, tried_at=None)


def go_on(mailing: Mailing, compose: Compose) -> bool:
    """Sends the next mails of those that wait. Whether the mail server was there; if not, they wait on."""
    waiting = mailing.deliveries.filter(state=Delivery.State.WAITING)
    waiting.filter(models.Q(member__left_on__isnull=False) | models.Q(member__email="")).delete()
    mailbox = mailers.default
    try:
        mailbox.open()
    except OSError:  # nobody is at home, or does not let us in
        return False
    until = monotonic() + SECONDS_A_STEP
    there = True
    for delivery in waiting.select_related("member__organisation")[:MAILS_A_STEP]:
        there = _deliver(delivery, compose, mailbox.send_messages)
        if not there or monotonic() > until:
            break
    mailbox.close()
    return there


def _deliver(delivery: Delivery, compose: Compose, send: Callable[[list[EmailMessage]], object]) -> bool:
    """One mail, if nobody else has taken it. Whether the mail server answered."""
    message = compose(delivery.member)  # before anything is written down: a mistake in it has sent nothing
    if not _move(delivery, Delivery.State.WAITING, Delivery.State.TRYING):
        return True
    try:
        send([message])
    except NEVER_LEFT:
        _move(delivery, Delivery.State.TRYING, Delivery.State.WAITING)
        return False
    except SMTPServerDisconnected:
        return False
    except SMTPException:
        _move(delivery, Delivery.State.TRYING, Delivery.State.FAILED)
        return True
    except OSError:
        return False
    _move(delivery, Delivery.State.TRYING, Delivery.State.SENT)
    return True


def _move(delivery: Delivery, before: Delivery.State, after: Delivery.State) -> bool:
    """Whether this delivery was in the one state, and is now in the other."""
    tried_at = None if after == Delivery.State.WAITING else timezone.now()
    return bool(Delivery.objects.filter(pk=delivery.pk, state=before).update(state=after, tried_at=tried_at))
