"""What the mails about a meeting say. Each is the same for everybody, but for the name on top."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coprod.common.text import tidy
from partnerships.deliveries import Compose
from partnerships.meetings.agendas import shown
from partnerships.meetings.calendars import invitation
from partnerships.meetings.notes import notes_of
from partnerships.models import Mailing, Meeting, Member, Year


def composer(mailing: Mailing, meeting: Meeting, *, base: str) -> Compose:
    """Writes the mailing's mail to a member. `base`: where the site is, without a slash at its end."""
    return {
        Mailing.Kind.AGENDA: _agenda,
        Mailing.Kind.CALLED_OFF: _called_off,
        Mailing.Kind.NOTES: _notes,
    }[Mailing.Kind(mailing.kind)](mailing, meeting, base)


def _agenda(mailing: Mailing, meeting: Meeting, base: str) -> Compose:
    context = shown(meeting) | {"is_again": mailing.number > 1}
    words = _("Changed: %(what)s") if mailing.number > 1 else "%(what)s"
    subject = words % {"what": _("Agenda, %(name)s, %(date)s") % named(meeting)}
    template = "partnerships/meetings/email/agenda.txt"
    return about(meeting, base=base, subject=subject, template=template, context=context, with_calendar=True)


def _called_off(mailing: Mailing, meeting: Meeting, base: str) -> Compose:
    subject = _("Called off: %(name)s, %(date)s") % named(meeting)
    template = "partnerships/meetings/email/called_off.txt"
    return about(meeting, base=base, subject=subject, template=template, context={}, with_calendar=True)


def _notes(mailing: Mailing, meeting: Meeting, base: str) -> Compose:
    subject = _("Notes of the meeting, %(name)s, %(date)s") % named(meeting)
    context = {"notes": notes_of(meeting), "is_again": mailing.number > 1}
    return about(meeting, base=base, subject=subject, template="partnerships/meetings/email/notes.txt", context=context)


def named(occasion: Meeting | Year) -> dict[str, str]:
    when = str(occasion.span) if isinstance(occasion, Year) else date_format(occasion.date, "j F Y")
    return {"name": occasion.partnership.name, "date": when}


def about(
    occasion: Meeting | Year,
    *,
    base: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    with_calendar: bool = False,
) -> Compose:
    """A mail about a meeting or a year, written once; each member's has their name on top and, if so, the meeting's
    calendar file."""
    meeting = None if isinstance(occasion, Year) else occasion
    year = occasion if isinstance(occasion, Year) else None
    link = f"{base}{occasion.get_absolute_url()}"
    text = render_to_string(template, {"meeting": meeting, "year": year, "link": link, **context})

    def compose(member: Member) -> EmailMessage:
        greeting = _("Hello %(name)s") % {"name": member.name}
        mail = EmailMessage(subject=tidy(subject), body=f"{greeting}\n\n{text}", to=[member.email])
        if with_calendar and meeting:
            file, method = invitation(meeting, base=base, email=member.email)
            mail.attach("meeting.ics", file.decode(), f"text/calendar; method={method}; charset=utf-8")
        return mail

    return compose
