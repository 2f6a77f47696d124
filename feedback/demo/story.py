"""Fills an empty database with the demonstration, through the same code as real meetings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.utils import timezone

from feedback.demo.afterwards import tell_afterwards
from feedback.demo.charter import tell_charter
from feedback.demo.people import MORE_NAMES, PEOPLE
from feedback.demo.scores import score
from feedback.demo.years import tell_years
from feedback.rounds import lifecycle as scoring
from partnerships.models import AgendaItem, Area, Coordinator, Meeting, Member, Organisation, Partnership, User
from partnerships.people.localities import add_localities, councils

SECTORS = {
    "Waterside DEA": Organisation.Sector.ELECTED,
    "North West Community Network": Organisation.Sector.COMMUNITY,
    "Rainbow CFC": Organisation.Sector.COMMUNITY,
    "Easilink Community Transport": Organisation.Sector.COMMUNITY,
    "Learning Cities": Organisation.Sector.COMMUNITY,
    "CCI": Organisation.Sector.BUSINESS,
    "Allstate": Organisation.Sector.BUSINESS,
}
COUNCIL = "Derry City and Strabane District Council"

# Of each meeting: how many were there, how many slips came, and of 100 answers how many were
# (yes, needs improvement, no, blank), getting a little better from one meeting to the next.
TURNOUT = ((24, 17, (46, 34, 14, 6)), (20, 16, (55, 31, 9, 5)), (22, 18, (66, 24, 6, 4)))
COMMENTS = (
    (
        "Papers came two days before. A week would let us ask our members first.",
        "Too many presentations, too little time to talk about them.",
        "Please say what ODP means the first time it is used.",
        "Good to hear from the young people. Could they come back with what they need from us?",
    ),
    (
        "Better time-keeping than in February.",
        "The deputation on participatory budgeting was the best item: more like that.",
        "People at the far end of the chamber could not hear. Is there a loop?",
    ),
    (
        "Decisions were clear, but who does what by when was not written down.",
        "Marked items for decision and for information: a real help.",
        "Could we meet in Strabane next time?",
        "Ran late again. A shorter agenda, please.",
    ),
)
TODAYS_ITEMS = (
    ("Welcome and apologies", "Chair", AgendaItem.Purpose.DISCUSSION, 5),
    ("Minutes of the last meeting", "Chair", AgendaItem.Purpose.DECISION, 5),
    ("Statement of Progress", "Strategic Business Manager", AgendaItem.Purpose.INFORMATION, 15),
    (
        "Participatory budgeting: the next step",
        "Head of Community Development and Leisure",
        AgendaItem.Purpose.DECISION,
        30,
    ),
    ("A.O.B.", "All", AgendaItem.Purpose.DISCUSSION, 10),
)


class NotEmpty(Exception):
    """There is something in the database that is not the demonstration."""


@dataclass(frozen=True)
class Story:
    """What a visitor is shown first: the last meeting with a table, today's, open for scoring, and the group that has
    met for years."""

    last: Meeting
    today: Meeting
    locality: Partnership


def tell() -> Story:
    """Makes whatever of the demonstration is missing. Raises NotEmpty beside real data."""
    story = tell_board()
    tell_years(story.locality, _agendas(), by=_minute_taker())
    return story


def tell_board() -> Story:
    """The board's part of it: real agendas, three tables, and today's meeting. Raises NotEmpty beside real data."""
    if Area.objects.filter(is_demonstration=False).exists():
        raise NotEmpty
    partnership = _partnership()
    past = [_meeting(partnership, entry, turnout[0]) for entry, turnout in zip(_agendas(), TURNOUT, strict=True)]
    for meeting, (_present, slips, shares), comments in zip(past, TURNOUT, COMMENTS, strict=True):
        score(meeting.round, slips, shares, comments)
    today = _today(partnership)
    tell_afterwards(past, today, by=_minute_taker())
    tell_charter(past[1], by=_minute_taker())
    return Story(last=past[-1], today=today, locality=partnership.children.get(name="Sperrin DEA"))


def _minute_taker() -> User:
    return User.objects.for_email(PEOPLE["minute_taker"].email)


def _agendas() -> list[dict]:
    return json.loads(Path(__file__).with_name("agendas.json").read_text(encoding="utf-8"))


def _partnership() -> Partnership:
    area, _made = Area.objects.get_or_create(
        slug="derry-city-and-strabane",
        defaults={"name": COUNCIL, "colour": Area.Colour.TEAL, "is_demonstration": True},
    )
    elsewhere, _made = Area.objects.get_or_create(
        slug="mid-ulster", defaults={"name": "Mid Ulster District Council", "is_demonstration": True}
    )
    partnership, _made = Partnership.objects.get_or_create(
        slug="strategic-growth-partnership",
        defaults={"area": area, "name": "Strategic Growth Partnership", "kind": Partnership.Kind.BOARD},
    )
    add_localities(area, councils()[COUNCIL], parent=partnership)
    for key, where in (("coordinator", area), ("outsider", elsewhere)):
        Coordinator.objects.get_or_create(
            area=where, user=User.objects.for_email(PEOPLE[key].email), defaults={"name": PEOPLE[key].name}
        )
    council, _made = Organisation.objects.get_or_create(
        area=area, name=COUNCIL, defaults={"sector": Organisation.Sector.STATUTORY}
    )
    _member(partnership, council, PEOPLE["minute_taker"].name, PEOPLE["minute_taker"].email, Member.Role.MINUTE_TAKER)
    bodies = next(entry["organisations_present"] for entry in _agendas() if "organisations_present" in entry)
    for body, name in zip(bodies, [PEOPLE["member"].name, *MORE_NAMES], strict=False):
        sector = SECTORS.get(body, Organisation.Sector.STATUTORY)
        organisation, _made = Organisation.objects.get_or_create(area=area, name=body, defaults={"sector": sector})
        _member(partnership, organisation, name, PEOPLE["member"].email if name == PEOPLE["member"].name else "")
    return partnership


def _member(
    partnership: Partnership, organisation: Organisation, name: str, email: str, role: str = Member.Role.MEMBER
) -> None:
    member, made = Member.objects.get_or_create(
        partnership=partnership, organisation=organisation, name=name, defaults={"email": email, "role": role}
    )
    if made and email:
        member.link_account()
        member.save()


def _meeting(partnership: Partnership, entry: Mapping, present: int) -> Meeting:
    meeting = partnership.meetings.filter(date=entry["date"]).order_by("pk").first()
    if meeting is None:
        meeting = Meeting.objects.create(
            partnership=partnership,
            date=date.fromisoformat(entry["date"]),
            start=time.fromisoformat(entry["start"]) if entry["start"] else None,
            venue=entry["venue"] or "",
            present=present,
        )
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=order, title=item["title"], lead=item["lead"], purpose=_purpose(item))
            for order, item in enumerate(entry["items"], 1)
        )
    return meeting


def _purpose(item: Mapping) -> str:
    if item.get("for_decision"):
        return AgendaItem.Purpose.DECISION
    if item.get("for_information"):
        return AgendaItem.Purpose.INFORMATION
    return AgendaItem.Purpose.DISCUSSION


def _today(partnership: Partnership) -> Meeting:
    meeting = partnership.meetings.filter(date=timezone.localdate()).order_by("pk").first()
    if meeting is None:
        meeting = Meeting.objects.create(
            partnership=partnership,
            date=timezone.localdate(),
            start=time(11, 0),
            end=time(12, 30),
            venue="Council Chamber, Guildhall, Derry",
            venue_access="Step-free from Guildhall Street, lift to the first floor, portable hearing loop",
            reflection=1,
        )
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=order, title=title, lead=lead, purpose=purpose, minutes=minutes)
            for order, (title, lead, purpose, minutes) in enumerate(TODAYS_ITEMS, 1)
        )
        scoring.open_round(round_id=meeting.round.pk, by=User.objects.for_email(PEOPLE["minute_taker"].email))
    return meeting
