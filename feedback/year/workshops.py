"""The workshop is planned, and its facilitator gets a link that opens the year's pack, for a while."""

from __future__ import annotations

from smtplib import SMTPException, SMTPServerDisconnected

from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coprod.common.text import tidy
from feedback.models import PackPdf, Workshop
from partnerships.deliveries import NEVER_LEFT
from partnerships.meetings.mails import named
from partnerships.models import Act, Area, Entry, User, Year
from partnerships.people.membership import months_before


class PerhapsSent(Exception):
    """The connection broke while the mail was handed over: nobody knows whether it went out."""


@transaction.atomic
def plan_workshop(*, workshop: Workshop, by: User) -> None:
    """Saves it, its year first where that has no row yet. With another address than before, the link that went to
    the old one opens nothing any more; with another day, it opens until so long after that."""
    year = Year.objects.held(workshop.year.partnership, workshop.year.number)
    stored = Workshop.objects.filter(year=year).first() or Workshop(year=year)
    if stored.email != workshop.email:
        stored.drop_token()
    for name in ("date", "facilitator", "organisation", "email"):
        setattr(stored, name, getattr(workshop, name))
    stored.set_end()
    stored.save()
    Entry.objects.write(Act.WORKSHOP_PLANNED, by=by, year=year)


def send_link(*, workshop: Workshop, base: str, by: User) -> None:
    """Mails the facilitator a new link; any that went out before opens nothing from now on. `base`: where the site
    is, without a slash at its end.

    The mail is handed over outside any transaction: while a mail server hesitates, phones go on scoring. Raises
    OSError where it did not leave: then the old link opens again. Raises PerhapsSent.
    """
    before, workshop, token = _replace_token(workshop, by)
    link = f"{base}{reverse('feedback:open_pack', args=[token])}"
    mail = _mail(workshop, link, by)
    try:
        mailers.default.send_messages([mail])
    except SMTPServerDisconnected as error:
        raise PerhapsSent from error
    except (*NEVER_LEFT, SMTPException):
        ours = Workshop.objects.filter(pk=workshop.pk, token_hash=workshop.token_hash)
        ours.update(token_hash=before.token_hash, link_ends_on=before.link_ends_on, sent_at=before.sent_at)
        raise
    except OSError as error:
        raise PerhapsSent from error


@transaction.atomic
def _replace_token(workshop: Workshop, by: User) -> tuple[Workshop, Workshop, str]:
    """The workshop as it was, as it is now, and the token of its new link."""
    year = Year.objects.held(workshop.year.partnership, workshop.year.number)
    before, workshop = (Workshop.objects.get(pk=workshop.pk) for _each in range(2))
    token = workshop.new_token()
    workshop.year, workshop.sent_at = year, timezone.now()
    workshop.save(update_fields=["token_hash", "link_ends_on", "sent_at"])
    Entry.objects.write(Act.PACK_SENT, by=by, year=year)
    return before, workshop, token


def _mail(workshop: Workshop, link: str, by: User) -> EmailMessage:
    subject = _("For the workshop: %(name)s, %(date)s") % named(workshop.year)
    text = render_to_string(
        "feedback/year/email/pack.txt", {"workshop": workshop, "year": workshop.year, "link": link, "by": by}
    )
    return EmailMessage(subject=tidy(subject), body=text, to=[workshop.email], reply_to=[by.email])


@transaction.atomic
def revoke_link(*, workshop: Workshop, by: User) -> None:
    """The link opens nothing from now on. Once is enough."""
    Year.objects.held(workshop.year.partnership, workshop.year.number)
    if Workshop.objects.filter(pk=workshop.pk, token_hash__isnull=False).update(token_hash=None, link_ends_on=None):
        Entry.objects.write(Act.PACK_REVOKED, by=by, year=workshop.year)


def forget_facilitators() -> int:
    """Who facilitated a workshop is kept as long as a former member of the area. How many are forgotten now."""
    today, forgotten = timezone.localdate(), 0
    for area in Area.objects.all():
        past = Workshop.objects.filter(year__partnership__area=area, date__lt=months_before(today, area.months_kept))
        past = past.exclude(email="")
        PackPdf.objects.filter(year__workshop__in=past).delete()
        forgotten += past.update(facilitator="", organisation="", email="", token_hash=None, link_ends_on=None)
    return forgotten


def end_links(partnership_id: int) -> None:
    """Somebody's name can no longer be taken out of what a pack says: nobody from outside reads on, until somebody
    inside has looked at it and sends a new link."""
    workshops = Workshop.objects.filter(year__partnership=partnership_id, token_hash__isnull=False)
    workshops.update(token_hash=None, link_ends_on=None)
    PackPdf.objects.filter(year__partnership=partnership_id).delete()


def note_opening(*, workshop: Workshop, detail: str = "") -> None:
    """Into the record: that the pack was opened by the link."""
    Entry.objects.write(Act.PACK_OPENED, by=None, year=workshop.year, detail=detail)
