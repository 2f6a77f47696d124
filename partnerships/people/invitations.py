"""Invitations: a mail with a link to a page that says what one is invited to. Opening it uses nothing up.

The link is signed and holds no secret of its own: its page sends a code to sign in, and only ever to
the address that was invited. So it may be opened twice, by a mail scanner or by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from smtplib import SMTPException

from django.core import signing
from django.core.cache import cache
from django.core.mail import EmailMessage, mailers
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from coprod.common.text import tidy
from partnerships.models import Act, Coordinator, Entry, Member, User

VALID_DAYS = 60
MINUTES_BETWEEN = 5
_SALT = "partnerships.invitations"

Invited = Member | Coordinator


class NoInvitation(Exception):
    """The link is damaged, too old, or for a place that is no longer there."""


def token_for(invited: Invited) -> str:
    """Signed, and good for this address alone, which it does not show: links stand in logs and histories."""
    return signing.dumps([_kind(invited), invited.pk, _mark_of(invited)], salt=_SALT)


def read(token: str) -> Invited:
    """Whom a link invites. Raises NoInvitation where it invites nobody, or nobody any more."""
    try:
        kind, pk, mark = signing.loads(token, salt=_SALT, max_age=VALID_DAYS * 86400)
    except signing.BadSignature as error:
        raise NoInvitation from error
    found: Invited | None
    if kind == "coordinator":
        found = Coordinator.objects.select_related("area", "user").filter(pk=pk).first()
    else:
        members = Member.objects.current().select_related("partnership__area", "organisation", "user")
        found = members.filter(pk=pk).first()
    if found is None or not found.user or _mark_of(found) != mark:
        raise NoInvitation
    return found


def _kind(invited: Invited) -> str:
    return "coordinator" if isinstance(invited, Coordinator) else "member"


def _mark_of(invited: Invited) -> str:
    address = invited.user.email if invited.user else ""
    return salted_hmac(_SALT, address, algorithm="sha256").hexdigest()[:24]


def send(*, invited: Iterable[Invited], by: User, request: HttpRequest, most: int) -> tuple[int, int]:
    """Mails each an invitation until so many are sent. How many were, and how many could not be.

    Nobody gets two within some minutes, however often and by how many it is asked for.
    """
    sent = failed = 0
    mailbox = mailers.default
    with suppress(OSError):  # tried again, and told, with the first mail
        mailbox.open()
    for each in invited:
        once = f"invited:{_kind(each)}:{each.pk}"
        if not cache.add(once, True, MINUTES_BETWEEN * 60):
            continue
        try:
            mailbox.send_messages([_mail(each, request)])
        except OSError as error:
            cache.delete(once)
            failed += 1
            if not isinstance(error, SMTPException):
                break  # nobody is at home: the next one would wait as long
        else:
            sent += 1
            _note(each, by)
        if sent == most:
            break
    mailbox.close()
    return sent, failed


def _mail(invited: Invited, request: HttpRequest) -> EmailMessage:
    assert invited.user
    link = request.build_absolute_uri(reverse("partnerships:invitation", args=[token_for(invited)]))
    place = invited.area if isinstance(invited, Coordinator) else invited.partnership
    privacy = request.build_absolute_uri(reverse("privacy"))
    context = {"invited": invited, "place": place, "link": link, "privacy": privacy, "days": VALID_DAYS}
    text = render_to_string("partnerships/people/email/invitation.txt", context)
    subject = tidy(_("You are invited to %(place)s on Together") % {"place": place})
    return EmailMessage(subject=subject, body=text, to=[invited.user.email])


def _note(invited: Invited, by: User) -> None:
    type(invited)._default_manager.filter(pk=invited.pk).update(invited_on=timezone.localdate())
    if isinstance(invited, Coordinator):
        Entry.objects.write(Act.MEMBER_INVITED, by=by, area=invited.area, person=invited.user)
    else:
        Entry.objects.write(Act.MEMBER_INVITED, by=by, member=invited)


def waiting(members: models.QuerySet[Member]) -> models.QuerySet[Member]:
    """Of these, the ones with an address who were neither invited nor have signed in since they were added."""
    return (
        members.filter(left_on__isnull=True, invited_on__isnull=True, user__isnull=False, signed_in_on__isnull=True)
        .select_related("partnership__area", "organisation", "user")
        .order_by("partnership__name", "name", "pk")
    )
