"""Meetings as calendar files: one that goes with a mail, and the feed of a partnership."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from partnerships.models import Meeting, Partnership

_PRODUCT = "-//Together//Together//EN"


def feed(partnership: Partnership, meetings: Iterable[Meeting], *, base: str) -> bytes:
    """All these meetings; called off ones say so. `base`: where the site is, without a slash at its end."""
    calendar = Calendar.new(prodid=_PRODUCT, name=partnership.name, refresh_interval=datetime.timedelta(hours=12))
    for meeting in meetings:
        calendar.add_component(_event(meeting, partnership, base=base))
    return _finished(calendar)


def invitation(meeting: Meeting, *, base: str, email: str) -> tuple[bytes, str]:
    """The meeting for one member's calendar, and its method: REQUEST, or CANCEL for one that is called off."""
    method = "CANCEL" if meeting.called_off_on else "REQUEST"
    calendar = Calendar.new(prodid=_PRODUCT, method=method)
    event = _event(meeting, meeting.partnership, base=base)
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    event.add("attendee", vCalAddress(f"mailto:{email}"), parameters={"RSVP": "FALSE"})
    calendar.add_component(event)
    return _finished(calendar), method


def _event(meeting: Meeting, partnership: Partnership, *, base: str) -> Event:
    """Where only the day is known, it stands for the whole day."""
    return Event.new(
        uid=f"{meeting.uid}@together",
        sequence=meeting.sequence,
        stamp=timezone.now().astimezone(datetime.UTC),
        start=_at(meeting.date, meeting.start),
        end=_at(meeting.date, meeting.end) if meeting.end else None,
        summary=_("Called off: %(name)s") % {"name": partnership.name} if meeting.called_off_on else partnership.name,
        location=meeting.venue or None,
        description=meeting.venue_access or None,
        url=f"{base}{meeting.get_absolute_url()}",
        status=STATUS.CANCELLED if meeting.called_off_on else STATUS.CONFIRMED,
    )


def _at(day: datetime.date, time: datetime.time | None) -> datetime.date:
    if time is None:
        return day
    return datetime.datetime.combine(day, time, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _finished(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    return calendar.to_ical()
