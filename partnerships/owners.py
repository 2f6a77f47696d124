"""One mail a week at most to whoever has something to do that is due."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.core.mail import EmailMessage, mailers
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.mailing import NEVER_LEFT
from partnerships.models import Action, Member

DAYS_BETWEEN = 7
_SOON = datetime.timedelta(days=7)


def remind_owners(*, base: str) -> Iterator[bool]:
    """Mails each person whose action is overdue or due within a week all that they have to do, in all partnerships.

    Yields for each whether the mail went out. Where the mail server is not there, all is tried again the next day.
    """
    today = timezone.localdate()
    actions = Action.objects.open().filter(member__left_on__isnull=True).exclude(member__email="").for_agenda()
    owned: dict[str, list[Action]] = defaultdict(list)
    for action in actions.filter(member__isnull=False).select_related("meeting__partnership", "member"):
        assert action.member
        owned[action.member.email].append(action)
    mailbox = mailers.default
    try:
        mailbox.open()
    except OSError:
        return
    for email, theirs in owned.items():
        if any(action.due_on and action.due_on <= today + _SOON for action in theirs) and _claim(email, today):
            yield _send(email, theirs, base, mailbox.send_messages)
    mailbox.close()


def _claim(email: str, today: datetime.date) -> bool:
    """Whether nobody has written to this person within a week; it is noted before the mail goes out."""
    theirs = Member.objects.current().filter(email=email)
    recent = today - datetime.timedelta(days=DAYS_BETWEEN)
    if theirs.filter(actions_mailed_on__gt=recent).exists():
        return False
    old = models.Q(actions_mailed_on__isnull=True) | models.Q(actions_mailed_on__lte=recent)
    return bool(theirs.filter(old).update(actions_mailed_on=today))


def _send(email: str, actions: list[Action], base: str, send: Callable[[list[EmailMessage]], object]) -> bool:
    partnerships = {action.meeting.partnership_id: action.meeting.partnership for action in actions}.values()
    links = [(p, f"{base}{reverse('partnerships:actions', args=[p.slug])}") for p in partnerships]
    member = actions[0].member
    text = render_to_string("partnerships/email/actions.txt", {"member": member, "actions": actions, "links": links})
    try:
        send([EmailMessage(subject=_("What you said you would do"), body=text, to=[email])])
    except NEVER_LEFT:
        Member.objects.current().filter(email=email).update(actions_mailed_on=None)
        return False
    except OSError:  # refused, or it may have gone out: not again within the week
        return False
    return True
