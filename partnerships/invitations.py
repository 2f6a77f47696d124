"""Invitations: a mail with a link to a page that says what one is invited to. Opening it uses nothing up.

The link is signed and holds no secret of its own: its page sends a code to sign in, and only ever to
the address that was invited. So it may be opened twice, by a mail scanner or by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from smtplib import SMTPException

from django.core import signing
from django.core.mail import EmailMessage
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Act, Coordinator, Entry, Member, User
from partnerships.names import tidy

VALID_DAYS = 60
_SALT = "partnerships.invitations"

Invited = Member | Coordinator


class NoInvitation(Exception):
    """The link is damaged, too old, or for a place that is no longer there."""


def token_for(invited: Invited) -> str:
    kind = "c" if isinstance(invited, Coordinator) else "m"
    return signing.dumps([kind, invited.pk, _address(invited)], salt=_SALT)


def read(token: str) -> Invited:
    """Whom a link invites. Raises NoInvitation where it invites nobody, or nobody any more."""
    try:
        kind, pk, address = signing.loads(token, salt=_SALT, max_age=VALID_DAYS * 86400)
    except signing.BadSignature as error:
        raise NoInvitation from error
    found: Invited | None
    if kind == "c":
        found = Coordinator.objects.select_related("area", "user").filter(pk=pk).first()
    else:
        members = Member.objects.current().select_related("partnership__area", "organisation", "user")
        found = members.filter(pk=pk).first()
    if found is None or _address(found) != address:
        raise NoInvitation
    return found


def _address(invited: Invited) -> str:
    return invited.user.email if invited.user else ""


def send(*, invited: Iterable[Invited], by: User, request: HttpRequest) -> tuple[int, int]:
    """Mails each an invitation, in the name of nobody in particular. How many were sent, how many could not be."""
    sent = failed = 0
    for each in invited:
        if _deliver(each, request):
            sent += 1
            type(each)._default_manager.filter(pk=each.pk).update(invited_on=timezone.localdate())
            _note(each, by)
        else:
            failed += 1
    return sent, failed


def _deliver(invited: Invited, request: HttpRequest) -> bool:
    link = request.build_absolute_uri(reverse("partnerships:invitation", args=[token_for(invited)]))
    place = invited.area if isinstance(invited, Coordinator) else invited.partnership
    text = render_to_string(
        "partnerships/email/invitation.txt", {"invited": invited, "place": place, "link": link, "days": VALID_DAYS}
    )
    subject = tidy(_("You are invited to %(place)s on Together") % {"place": place})
    try:
        EmailMessage(subject=subject, body=text, to=[_address(invited)]).send()
    except (SMTPException, OSError):
        return False
    return True


def _note(invited: Invited, by: User) -> None:
    if isinstance(invited, Coordinator):
        Entry.objects.write(Act.MEMBER_INVITED, by=by, area=invited.area, person=invited.user)
    else:
        Entry.objects.write(Act.MEMBER_INVITED, by=by, member=invited)


def waiting(members: models.QuerySet[Member]) -> models.QuerySet[Member]:
    """Of these, the ones with an address who were neither invited nor ever signed in."""
    return (
        members.filter(left_on__isnull=True, invited_on__isnull=True, user__isnull=False, user__last_login__isnull=True)
        .select_related("partnership__area", "organisation", "user")
        .order_by("pk")
    )
