"""What the mails about a meeting say. Each is the same for everybody, but for the name on top."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnerships.agendas import shown
from partnerships.calendars import invitation
from partnerships.mailing import Compose
from partnerships.models import Mailing, Meeting, Member
from partnerships.names import tidy
from partnerships.notes import notes_of


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
    template = "partnerships/email/agenda.txt"
    return about(meeting, base=base, subject=subject, template=template, context=context, with_calendar=True)


def _called_off(mailing: Mailing, meeting: Meeting, base: str) -> Compose:
    subject = _("Called off: %(name)s, %(date)s") % named(meeting)
    template = "partnerships/email/called_off.txt"
    return about(meeting, base=base, subject=subject, template=template, context={}, with_calendar=True)


def _notes(mailing: Mailing, meeting: Meeting, base: str) -> Compose:
    subject = _("Notes of the meeting, %(name)s, %(date)s") % named(meeting)
    context = {"notes": notes_of(meeting), "is_again": mailing.number > 1}
    return about(meeting, base=base, subject=subject, template="partnerships/email/notes.txt", context=context)


def named(meeting: Meeting) -> dict[str, str]:
    return {"name": meeting.partnership.name, "date": date_format(meeting.date, "j F Y")}


def about(
    meeting: Meeting,
    *,
    base: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    with_calendar: bool = False,
) -> Compose:
    """A mail about a meeting, written once; each member's has their name on top and, if so, a calendar file."""
    link = f"{base}{meeting.get_absolute_url()}"
    text = render_to_string(template, {"meeting": meeting, "link": link, **context})

    def compose(member: Member) -> EmailMessage:
        greeting = _("Hello %(name)s") % {"name": member.name}
        mail = EmailMessage(subject=tidy(subject), body=f"{greeting}\n\n{text}", to=[member.email])
        if with_calendar:
            file, method = invitation(meeting, base=base, email=member.email)
            mail.attach("meeting.ics", file.decode(), f"text/calendar; method={method}; charset=utf-8")
        return mail

    return compose
