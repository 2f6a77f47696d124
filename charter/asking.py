"""One mail a month at most, and only when somebody presses the button, to whoever has not adopted the charter yet."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPServerDisconnected
from time import monotonic

from django.core.mail import EmailMessage, mailers
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.adopting import asked_of
from coprod.common.text import tidy
from partnerships.deliveries import NEVER_LEFT
from partnerships.models import Act, Entry, Member, Partnership, User

# Four weeks: a calendar month would be 28 days once a year anyway.
DAYS_BETWEEN = 28
SECONDS_A_PRESS = 20


@dataclass(frozen=True)
class Missing:
    """Who has something to adopt: `due` get the next mail, `asked` had one within four weeks."""

    due: tuple[Member, ...]
    asked: tuple[Member, ...]
    on_paper: tuple[Member, ...]


@dataclass(frozen=True)
class Asked:
    """How many mails went out and how many did not; `is_there`: whether there was a mail server to take them."""

    sent: int
    failed: int
    is_there: bool


def missing_in(partnership: Partnership) -> Missing:
    members = list(partnership.members.current().select_related("organisation"))
    wanted = asked_of(members)
    missing = [member for member in members if member.pk in wanted]
    recent = _recent()
    with_address = [member for member in missing if member.email]
    asked = [each for each in with_address if each.charter_asked_on and each.charter_asked_on > recent]
    return Missing(
        due=tuple(member for member in with_address if member not in asked),
        asked=tuple(asked),
        on_paper=tuple(member for member in missing if not member.email),
    )


def _recent() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=DAYS_BETWEEN)


def ask(*, partnership: Partnership, base: str, by: User) -> Asked:
    """Mails those who are due; without a mail server nobody counts as asked. `base`: where the site is."""
    mailbox = mailers.default
    try:
        mailbox.open()
    except OSError:
        return Asked(0, 0, is_there=False)
    try:
        sent, failed, is_there = _send(missing_in(partnership).due, base, mailbox.send_messages)
    finally:
        mailbox.close()
    if sent:
        Entry.objects.write(Act.CHARTER_ASKED, by=by, partnership=partnership, detail=str(sent))
    return Asked(sent, failed, is_there)


def _send(
    members: tuple[Member, ...], base: str, send: Callable[[list[EmailMessage]], object]
) -> tuple[int, int, bool]:
    sent = failed = 0
    until = monotonic() + SECONDS_A_PRESS
    for member in members:
        if monotonic() > until:
            break
        if not _claim(member):
            continue
        try:
            send([_mail(member, base)])
        except NEVER_LEFT:
            Member.objects.filter(pk=member.pk).update(charter_asked_on=member.charter_asked_on)
            return sent, failed, False
        except SMTPServerDisconnected:  # this one may have gone out; the others are not asked yet
            return sent, failed + 1, False
        except OSError:  # refused, or it may have gone out: not again within the month
            failed += 1
        else:
            sent += 1
    return sent, failed, True


def _claim(member: Member) -> bool:
    """Whether nobody has asked them within four weeks; it is noted before the mail goes out."""
    old = models.Q(charter_asked_on__isnull=True) | models.Q(charter_asked_on__lte=_recent())
    due = Member.objects.current().filter(old, pk=member.pk)
    return bool(due.update(charter_asked_on=timezone.localdate()))


def _mail(member: Member, base: str) -> EmailMessage:
    partnership = member.partnership
    link = f"{base}{reverse('charter:adopt', args=[partnership.slug])}"
    context = {"member": member, "partnership": partnership, "link": link, "days": DAYS_BETWEEN}
    subject = tidy(_("Will you adopt the charter? %(name)s") % {"name": partnership.name})
    return EmailMessage(subject=subject, body=render_to_string("charter/email/ask.txt", context), to=[member.email])
