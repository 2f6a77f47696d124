"""One mail a week at most to whoever has something to do that is due."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from smtplib import SMTPServerDisconnected

from django.core.mail import EmailMessage, mailers
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.deliveries import NEVER_LEFT
from partnerships.models import Action, Member, Objective

DAYS_BETWEEN = 7
_SOON = datetime.timedelta(days=7)


@dataclass
class Owed:
    """What one person has to do, in all partnerships."""

    actions: list[Action] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)

    @property
    def all(self) -> list[Action | Objective]:
        return [*self.actions, *self.objectives]

    def is_due(self, today: datetime.date) -> bool:
        return any(each.due_on and each.due_on <= today + _SOON for each in self.all)


def remind_owners(*, base: str) -> Iterator[bool]:
    """Mails each person who has something to do that is overdue or due within a week all that they have to do.

    Yields for each whether the mail went out. Where the mail server is not there, all is tried again the next day.
    """
    today = timezone.localdate()
    owed = _owed()
    mailbox = mailers.default
    try:
        mailbox.open()
    except OSError:
        return
    for email, theirs in owed.items():
        if theirs.is_due(today) and _claim(email, today):
            try:
                yield _send(email, theirs, base, mailbox.send_messages)
            except SMTPServerDisconnected:  # this one may have gone out; the others are tried the next day
                yield False
                break
    mailbox.close()


def _owed() -> dict[str, Owed]:
    """By the address of each member who can be written to."""
    reached = models.Q(member__isnull=False, member__left_on__isnull=True) & ~models.Q(member__email="")
    owed: dict[str, Owed] = defaultdict(Owed)
    for action in Action.objects.open().filter(reached).for_agenda().select_related("meeting__partnership", "member"):
        assert action.member
        owed[action.member.email].actions.append(action)
    objectives = Objective.objects.open().filter(reached).for_plan()
    for objective in objectives.select_related("outcome__aim__year__partnership", "member"):
        assert objective.member
        owed[objective.member.email].objectives.append(objective)
    return owed


def _claim(email: str, today: datetime.date) -> bool:
    """Whether nobody has written to this person within a week; it is noted before the mail goes out."""
    theirs = Member.objects.current().filter(email=email)
    recent = today - datetime.timedelta(days=DAYS_BETWEEN)
    if theirs.filter(actions_mailed_on__gt=recent).exists():
        return False
    old = models.Q(actions_mailed_on__isnull=True) | models.Q(actions_mailed_on__lte=recent)
    return bool(theirs.filter(old).update(actions_mailed_on=today))


def _send(email: str, owed: Owed, base: str, send: Callable[[list[EmailMessage]], object]) -> bool:
    context = {"member": owed.all[0].member, "owed": owed, "links": _links(owed, base)}
    text = render_to_string("partnerships/meetings/email/actions.txt", context)
    try:
        send([EmailMessage(subject=_("What you said you would do"), body=text, to=[email])])
    except NEVER_LEFT:
        Member.objects.current().filter(email=email).update(actions_mailed_on=None)
        return False
    except SMTPServerDisconnected:
        raise
    except OSError:  # refused, or it may have gone out: not again within the week
        return False
    return True


def _links(owed: Owed, base: str) -> list[tuple[str, str]]:
    """Each partnership's actions, and each plan, once: what it is called, and where it is."""
    partnerships = dict.fromkeys(action.meeting.partnership for action in owed.actions)
    links = [(each.name, reverse("partnerships:actions", args=[each.slug])) for each in partnerships]
    for year in dict.fromkeys(objective.outcome.aim.year for objective in owed.objectives):
        name = _("%(name)s, the plan for %(year)s") % {"name": year.partnership.name, "year": year.span}
        links.append((name, year.plan_url))
    return [(name, f"{base}{path}") for name, path in links]
