"""The workshop is planned, and its facilitator gets a link that opens the year's pack, for a while."""

from __future__ import annotations

from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Workshop
from partnerships.mails import named
from partnerships.membership import months_before
from partnerships.models import Act, Area, Entry, User, Year
from partnerships.names import tidy


@transaction.atomic
def plan_workshop(*, workshop: Workshop, by: User) -> None:
    """Saves it, its year first where that has no row yet. With another address than before, the link that went to
    the old one opens nothing any more."""
    year = Year.objects.written(workshop.year.partnership, workshop.year.number)
    workshop.year = year
    before = Workshop.objects.filter(year=year).first()
    if before:
        workshop.pk = before.pk
        workshop.token_hash, workshop.link_ends_on, workshop.sent_at = (
            before.token_hash,
            before.link_ends_on,
            before.sent_at,
        )
        if before.email != workshop.email:
            workshop.drop_token()
            workshop.sent_at = None
    workshop.save()
    Entry.objects.write(Act.WORKSHOP_PLANNED, by=by, year=year)


def send_link(*, workshop: Workshop, base: str, by: User) -> None:
    """Mails the facilitator a new link; any that went out before opens nothing from now on. `base`: where the site
    is, without a slash at its end. Raises OSError where the mail server does not take it: then nothing has changed."""
    with transaction.atomic():
        workshop = (
            Workshop.objects.select_for_update(of=("self",))
            .select_related("year__partnership__area")
            .get(pk=workshop.pk)
        )
        token = workshop.new_token()
        workshop.save(update_fields=["token_hash", "link_ends_on"])
        Entry.objects.write(Act.PACK_SENT, by=by, year=workshop.year)
        mailers.default.send_messages([_mail(workshop, f"{base}{reverse('feedback:open_pack', args=[token])}")])


def _mail(workshop: Workshop, link: str) -> EmailMessage:
    subject = _("For the workshop: %(name)s, %(date)s") % named(workshop.year)
    text = render_to_string("feedback/email/pack.txt", {"workshop": workshop, "year": workshop.year, "link": link})
    return EmailMessage(subject=tidy(subject), body=text, to=[workshop.email])


@transaction.atomic
def revoke_link(*, workshop: Workshop, by: User) -> None:
    """The link opens nothing from now on. Once is enough."""
    if Workshop.objects.filter(pk=workshop.pk, token_hash__isnull=False).update(token_hash=None, link_ends_on=None):
        Entry.objects.write(Act.PACK_REVOKED, by=by, year=workshop.year)


def forget_facilitators() -> int:
    """Who facilitated a workshop is kept as long as a former member of the area. How many are forgotten now."""
    today, forgotten = timezone.localdate(), 0
    for area in Area.objects.all():
        past = Workshop.objects.filter(year__partnership__area=area, date__lt=months_before(today, area.months_kept))
        forgotten += past.exclude(email="").update(facilitator="", email="", token_hash=None, link_ends_on=None)
    return forgotten


def note_opening(*, workshop: Workshop, detail: str = "") -> None:
    """Into the record: that the pack was opened by the link."""
    Entry.objects.write(Act.PACK_OPENED, by=None, year=workshop.year, detail=detail)
