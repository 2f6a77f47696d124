"""Meetings in calendars: the file that goes with a mail, the feed of a partnership, and calling off."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar, Event, Timezone

from coprod.logs import RouteOnly
from partnerships.models import Entry, Meeting, Partnership
from tests.actors.phones import text_of
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.helpers.senders import Sender

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)  # the days of the clock changes


@pytest.fixture(autouse=True)
def _in_winter(time_machine):
    time_machine.move_to("2026-02-18 12:00:00+00:00")


@pytest.fixture
def meeting(partnership) -> Meeting:
    meeting = MeetingFactory(partnership=partnership, start=datetime.time(11, 30), end=datetime.time(13, 0))
    AgendaItemFactory(meeting=meeting, title="Minutes")
    return meeting


def feed(partnership: Partnership) -> bytes:
    response = Client().get(f"/calendar/{partnership.calendar_key}.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def checked(file: bytes) -> Calendar:
    """Read by a strict parser; and what RFC 5545 asks for beyond it, by hand."""
    *lines, end = file.split(b"\r\n")
    assert end == b""
    assert all(b"\n" not in line and b"\r" not in line and len(line) <= 75 for line in lines)
    assert (lines[0], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")
    text = re.sub(r"\r\n[ \t]", "", file.decode())  # a character is never torn apart
    assert text.count("\r\nVERSION:2.0\r\n") == text.count("\r\nPRODID:") == 1
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    known = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE"} <= set(event)
        assert re.search(r"\r\nDTSTAMP:\d{8}T\d{6}Z\r\n", text)
        zones = {event[name].params.get("TZID") for name in ("DTSTART", "DTEND") if name in event}
        assert zones - {None} <= known
        assert not calendar.errors + event.errors
    return calendar


def events(file: bytes) -> list[Event]:
    return [event for event in checked(file).walk("VEVENT") if isinstance(event, Event)]


def attached(place: int = -1) -> tuple[Calendar, Event, str]:
    """The file that went with a mail, its event, and the method that the mail's own head tells."""
    part = list(mail.outbox[place].message().walk())[-1]
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "meeting.ics")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = checked(payload.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))  # lines end so on the wire
    [event] = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return calendar, event, str(part.get_param("method"))


def utc(moment: datetime.date) -> str:
    assert isinstance(moment, datetime.datetime)
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%d %H:%M}"


class TestTheFeed:
    def test_holds_all_that_a_calendar_shows(self, meeting, partnership):
        meeting.venue_access = "Step-free; hearing loop, and: a lift"
        meeting.save()
        calendar = checked(feed(partnership))
        [event] = calendar.walk("VEVENT")
        assert calendar.calendar_name == "Strategic Growth Partnership"
        assert "METHOD" not in calendar
        assert {name: str(event[name]) for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "URL", "STATUS")} == {
            "UID": f"{meeting.uid}@together",
            "SUMMARY": "Strategic Growth Partnership",
            "LOCATION": "The Guildhall",
            "DESCRIPTION": "Step-free; hearing loop, and: a lift",
            "URL": f"http://testserver{meeting.get_absolute_url()}",
            "STATUS": "CONFIRMED",
        }

    def test_holds_no_person(self, meeting, partnership, cast):
        assert not {b"ATTENDEE", b"ORGANIZER", b"Alice", b"alice"} & set(re.findall(rb"\w+", feed(partnership)))

    def test_without_any_meeting_is_a_calendar_too(self, partnership):
        assert events(feed(partnership)) == []

    @pytest.mark.parametrize(
        ("day", "starts", "ends"),
        [
            (SPRING - datetime.timedelta(days=1), "2026-03-28 11:30", "2026-03-28 13:00"),
            (SPRING, "2026-03-29 10:30", "2026-03-29 12:00"),
            (AUTUMN - datetime.timedelta(days=1), "2026-10-24 10:30", "2026-10-24 12:00"),
            (AUTUMN, "2026-10-25 11:30", "2026-10-25 13:00"),
        ],
    )
    def test_has_the_right_hour_on_both_sides_of_a_clock_change(self, meeting, partnership, day, starts, ends):
        Meeting.objects.update(date=day)
        [event] = events(feed(partnership))
        assert (utc(event.start), utc(event.end)) == (starts, ends)
        assert event["DTSTART"].params["TZID"] == "Europe/London"

    def test_says_for_itself_when_the_clocks_change(self, meeting, partnership):
        """Calendars that know no time zone by name go by these rules."""
        Meeting.objects.update(date=SPRING)
        [zone] = checked(feed(partnership)).walk("VTIMEZONE")
        assert isinstance(zone, Timezone)
        own = zone.to_tz(lookup_tzid=False)
        assert [str(datetime.datetime(2026, 3, day, 11, 30, tzinfo=own).utcoffset()) for day in (28, 29)] == [
            "0:00:00",
            "1:00:00",
        ]

    def test_without_an_end_begins_at_its_time(self, meeting, partnership):
        Meeting.objects.update(end=None)
        [event] = events(feed(partnership))
        assert utc(event.start) == "2026-03-04 11:30"
        assert "DTEND" not in event

    def test_without_a_time_takes_the_whole_day(self, meeting, partnership):
        Meeting.objects.update(start=None, end=None, venue="")
        [event] = events(feed(partnership))
        assert event["DTSTART"].to_ical() == b"20260304"
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert not {"DTEND", "LOCATION", "DESCRIPTION"} & set(event)

    def test_goes_a_year_back_and_shows_what_is_called_off(self, partnership):
        for date in ("2025-02-16", "2025-02-17", "2027-06-01"):
            MeetingFactory(partnership=partnership, date=datetime.date.fromisoformat(date))
        MeetingFactory(date=datetime.date(2026, 3, 4))  # another partnership's
        Meeting.objects.filter(date="2027-06-01").update(called_off_on="2026-02-18", sequence=1)
        assert [(f"{e.start}", str(e["STATUS"]), str(e["SUMMARY"])) for e in events(feed(partnership))] == [
            ("2025-02-17", "CONFIRMED", "Strategic Growth Partnership"),
            ("2027-06-01", "CANCELLED", "Called off: Strategic Growth Partnership"),
        ]

    def test_folds_long_lines_and_cannot_be_written_into(self, meeting, partnership):
        venue = "Ráth Mór\r\nEND:VEVENT\r\nBEGIN:VALARM\r\n" + "Seomra na hÉireann, " * 7
        Meeting.objects.update(venue=venue)
        [event] = events(feed(partnership))
        assert str(event["LOCATION"]) == venue.replace("\r\n", "\n")

    def test_costs_the_same_for_1_meeting_and_for_3(self, meeting, partnership, django_assert_num_queries):
        for more in (0, 2):
            for number in range(more):
                MeetingFactory(partnership=partnership, date=datetime.date(2026, 5, number + 1))
            with django_assert_num_queries(2):
                feed(partnership)


class TestItsAddress:
    def test_is_told_to_members_and_opens_without_signing_in(self, as_, partnership, meeting):
        page = text_of(as_("bob").get("/partnerships/growth/calendar/"))
        assert f"http://testserver/calendar/{partnership.calendar_key}.ics" in page
        assert "Make a new address" not in page
        assert len(events(feed(partnership))) == 1

    def test_is_made_anew_by_whoever_plans_meetings(self, as_, partnership):
        old = f"/calendar/{partnership.calendar_key}.ics"
        page = text_of(as_("alice").post("/partnerships/growth/calendar/", follow=True))
        assert "The calendar has a new address. The old one leads nowhere." in page
        assert Client().get(old).status_code == 404
        partnership.refresh_from_db()
        assert f"/calendar/{partnership.calendar_key}.ics" in page
        feed(partnership)
        assert list(Entry.objects.values_list("act", flat=True)) == ["calendar_renewed"]

    def test_is_not_made_anew_by_members(self, as_, partnership):
        before = partnership.calendar_key
        assert as_("bob").post("/partnerships/growth/calendar/").status_code == 403
        partnership.refresh_from_db()
        assert partnership.calendar_key == before

    @pytest.mark.parametrize("key", ["growth", "0" * 32, "%00", "..%2F"])
    def test_that_is_wrong_leads_nowhere(self, partnership, key):
        assert Client().get(f"/calendar/{key}.ics").status_code == 404

    def test_cannot_be_guessed(self, partnership):
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,32}", partnership.calendar_key)

    def test_is_not_written_into_logs(self, partnership):
        path = f"/calendar/{partnership.calendar_key}.ics"
        for words in (f'"GET {path} HTTP/1.1" 200 512', f"Not Found: {path}"):
            record = logging.LogRecord("django.server", logging.INFO, "", 1, words, (), None)
            RouteOnly().filter(record)
            assert record.getMessage() == words.replace(path, "/calendar/<code>")


class TestTheFileInAMail:
    def test_asks_each_member_for_themselves(self, as_, meeting):
        Sender(as_("alice"), meeting).press()
        for place, address in enumerate(("alice@example.org", "bob@example.org")):
            calendar, event, method = attached(place)
            assert (str(calendar["METHOD"]), method) == ("REQUEST", "REQUEST")
            assert str(event["ATTENDEE"]) == f"mailto:{address}"
            assert str(event["ORGANIZER"]) == "mailto:together@localhost"
            assert (str(event["UID"]), event["SEQUENCE"]) == (f"{meeting.uid}@together", 0)
            assert utc(event.start) == "2026-03-04 11:30"

    def test_keeps_its_uid_and_its_sequence_rises_when_sent_again_moved_and_called_off(self, as_, meeting):
        alice = Sender(as_("alice"), meeting)
        alice.press()
        alice.press(seen=1)
        form = {"date": "2026-04-01", "start": "11:30", "end": "13:00", "venue": "The Guildhall"}
        alice.client.post(f"{meeting.get_absolute_url()}change/", form)
        alice.press(seen=2)
        alice.client.post(f"{meeting.get_absolute_url()}call-off/")
        Sender(alice.client, meeting, "called_off").press()
        told = [attached(place)[1:] for place in (0, 2, 4, 6)]
        assert [(str(e["UID"]) == f"{meeting.uid}@together", method) for e, method in told] == [
            (True, "REQUEST"),
            (True, "REQUEST"),
            (True, "REQUEST"),
            (True, "CANCEL"),
        ]
        sequences = [int(str(event["SEQUENCE"])) for event, _method in told]
        assert sequences == sorted(set(sequences))
        assert [utc(event.start) for event, _method in told[2:]] == ["2026-04-01 10:30"] * 2

    @pytest.mark.parametrize(
        ("change", "rises"),
        [
            ({}, 0),
            ({"venue_access": "Lift"}, 0),
            ({"venue": "Strabane"}, 1),
            ({"date": "2026-03-05"}, 1),
            ({"start": "12:00"}, 1),
            ({"end": ""}, 1),
        ],
    )
    def test_takes_notice_of_day_time_and_venue(self, as_, meeting, change, rises):
        form = {"date": "2026-03-04", "start": "11:30", "end": "13:00", "venue": "The Guildhall"}
        as_("alice").post(f"{meeting.get_absolute_url()}change/", form | change)
        meeting.refresh_from_db()
        assert meeting.sequence == rises


class TestCallingOff:
    def url(self, meeting: Meeting) -> str:
        return f"{meeting.get_absolute_url()}call-off/"

    def test_is_asked_first(self, as_, meeting):
        page = text_of(as_("alice").get(self.url(meeting)))
        assert "Call the meeting of 4 March 2026 off?" in page
        meeting.refresh_from_db()
        assert meeting.called_off_on is None

    def test_leads_to_telling_the_members(self, as_, meeting):
        response = as_("alice").post(self.url(meeting), follow=True)
        assert response.redirect_chain == [(f"{meeting.get_absolute_url()}mail/called_off/", 302)]
        assert "The meeting is called off. Tell the members." in text_of(response)
        assert "Send to 2 members" in text_of(response)
        meeting.refresh_from_db()
        assert (str(meeting.called_off_on), meeting.sequence) == ("2026-02-18", 1)
        assert list(Entry.objects.values_list("act", flat=True)) == ["called_off"]

    def test_is_said_on_the_meetings_page(self, as_, meeting):
        as_("alice").post(self.url(meeting))
        assert "Called off on 18 February 2026." in text_of(as_("bob").get(meeting.get_absolute_url()))

    def test_twice_is_once(self, as_, meeting):
        for _ in range(2):
            as_("alice").post(self.url(meeting))
        meeting.refresh_from_db()
        assert (meeting.sequence, Entry.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("now", "start", "is_possible"),
        [
            ("2026-03-04 11:29:00+00:00", "11:30", True),
            ("2026-03-04 11:30:00+00:00", "11:30", False),
            ("2026-03-04 00:00:00+00:00", None, False),  # it may be on already
            ("2026-03-03 23:59:00+00:00", None, True),
        ],
    )
    def test_ends_when_the_meeting_begins(self, as_, meeting, time_machine, now, start, is_possible):
        Meeting.objects.update(start=start, end=None)
        time_machine.move_to(now)
        as_("alice").post(self.url(meeting))
        meeting.refresh_from_db()
        assert (meeting.called_off_on is not None) is is_possible
