"""Three years of the demonstration: a locality group's meetings, its yearly assessments, its workshop and its plan.

The items are those of the real agendas; days, people, scores and all that came of them are invented.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.utils import timezone

from feedback.demo.charter import tell_charter
from feedback.demo.people import MORE_NAMES, PEOPLE
from feedback.demo.scores import score
from feedback.models import ChartNote, Outcome, Suggestion, Workshop
from feedback.scores import instruments
from feedback.suggestions import ledger as suggesting
from feedback.trends import chart_notes as noting
from feedback.trends import practices as practising
from feedback.year import assessments as assessing
from feedback.year import workshops as facilitating
from partnerships.models import (
    Action,
    AgendaItem,
    Aim,
    Meeting,
    Member,
    Objective,
    Organisation,
    Partnership,
    PlanOutcome,
    User,
    Year,
)
from partnerships.models.years import current_number
from partnerships.plans import service as plans

YEARS = 3
# Of each year: month and day, how many were there, how many slips came.
MEETINGS = ((5, 14, 15, 12), (9, 17, 13, 11), (11, 12, 16, 13), (2, 11, 12, 10))
# Of 100 answers of each year, the earliest first, how many were (yes, needs improvement, no, blank).
SHARES = ((48, 34, 14, 4), (54, 32, 10, 4), (68, 24, 4, 4), (70, 23, 3, 4))
COMMENTS = (
    ("Half of us did not get the papers in time.", "Good talk about the bus. What happens next?"),
    ("Could we meet in another village now and then?", "Too many letters nobody explains."),
    ("Could we begin at seven? Buses stop at nine.", "Clear and short. Thank you."),
    ("It would help to hear from young people themselves.", "We agreed a lot; who does it?"),
)
# What the following meeting says to the first comment of each; the third is declined.
ANSWERS = (
    "The next two agendas leave room to hear from young people",
    "Papers go out ten days before each meeting, on paper to those who want it",
    "No other hall has step-free access and a loop",
    "Meetings begin at seven from the next one on",
)
BODIES = (
    ("Derry City and Strabane District Council", Organisation.Sector.STATUTORY),
    ("Western Health and Social Care Trust", Organisation.Sector.STATUTORY),
    ("Police Service of Northern Ireland", Organisation.Sector.STATUTORY),
    ("Libraries NI", Organisation.Sector.STATUTORY),
    ("North West Community Network", Organisation.Sector.COMMUNITY),
    ("Easilink Community Transport", Organisation.Sector.COMMUNITY),
    ("Sperrin residents", Organisation.Sector.RESIDENTS),
)
# What members say of two commitments, where the partnership thinks better, or worse, of itself.
OF_MEMBERS = {"engagement": (22, 40, 32, 6), "equitable": (30, 44, 20, 6), "respect": (82, 14, 2, 2)}
TOGETHER = {
    "teamwork": "yes",
    "openness": "yes",
    "genuine": "ni",
    "equitable": "yes",
    "trust": "ni",
    "honesty": "yes",
    "engagement": "yes",
    "respect": "ni",
}
NOTES = {
    "engagement": "Two open evenings and the survey on the bus. We think this was our best year.",
    "respect": "One meeting went badly. We have talked about it since.",
}
YEARLY_COMMENTS = (
    "Ask the people who use the bus, not only those who run it.",
    "Evenings suit residents better than Tuesday mornings.",
)
PLAN = (
    (
        "Residents of the Sperrins shape the services that they use",
        (
            (
                "People who use a service are heard before it changes",
                (
                    ("Hold two meetings a year in the evening, in different villages", 0, "done"),
                    ("Agree with the bus users’ group how changes to routes are talked over", 5, "under_way"),
                ),
            ),
            (
                "More young people take part",
                (("Ask both youth clubs what would bring them to a meeting", 4, "not_begun"),),
            ),
        ),
    ),
)

CHANGE = "Papers ten days ahead, meetings at seven"
DECISION = "Agreed at the yearly workshop"
PRACTICES = {
    "agenda": "Each item has its minutes on the agenda, and somebody with a watch. What is not done in its time "
    "goes to the next meeting, and everybody knows that beforehand.",
    "frank": "Ten minutes in pairs before the talk in the whole room. Those who never spoke now do.",
}


def tell_years(partnership: Partnership, agendas: Sequence[Mapping], by: User) -> None:
    """Makes it, where the group has not met yet."""
    if partnership.meetings.exists():
        return
    for body, name, role in _people():
        _join(partnership, body, name, role)
    now = current_number(partnership)
    for place, number in enumerate(range(now - YEARS, now + 1)):
        _meet(partnership, number, SHARES[place], agendas, by)
    _adopt(partnership, by)
    for place, number in enumerate(range(now - 2, now)):
        _assess(partnership, number, SHARES[place + 1], by)
    _plan(partnership, now - 1, by)
    plans.take_over(year=Year.objects.written(partnership, now), by=by)
    _workshop(partnership, now - 1, by)
    _tell_what_worked(partnership, now - 1, by)


def _people() -> list[tuple[tuple[str, Organisation.Sector], str, str]]:
    names = [PEOPLE["minute_taker"].name, PEOPLE["member"].name, *MORE_NAMES[8:18]]
    roles = {PEOPLE["minute_taker"].name: Member.Role.MINUTE_TAKER}
    return [(BODIES[n % len(BODIES)], name, roles.get(name, Member.Role.MEMBER)) for n, name in enumerate(names)]


def _join(partnership: Partnership, body: tuple[str, Organisation.Sector], name: str, role: str) -> None:
    organisation, _made = Organisation.objects.get_or_create(
        area=partnership.area, name=body[0], defaults={"sector": body[1]}
    )
    emails = {person.name: person.email for person in PEOPLE.values()}
    member = Member(
        partnership=partnership, organisation=organisation, name=name, email=emails.get(name, ""), role=role
    )
    member.link_account()
    member.save()


def _meet(partnership: Partnership, number: int, shares: Sequence[int], agendas: Sequence[Mapping], by: User) -> None:
    for place, (month, day, present, slips) in enumerate(MEETINGS):
        date = datetime.date(number + (month < partnership.year_start_month), month, day)
        if date >= timezone.localdate():
            return
        items = agendas[place % len(agendas)]["items"][:6]
        meeting = Meeting.objects.create(
            partnership=partnership,
            date=date,
            start=datetime.time(19),
            venue="Community hall, Plumbridge",
            present=present,
        )
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=order, title=item["title"], lead=item["lead"])
            for order, item in enumerate(items, 1)
        )
        score(meeting.round, slips, shares, COMMENTS[place])
        _consider(partnership, meeting, place, by)


def _consider(partnership: Partnership, meeting: Meeting, place: int, by: User) -> None:
    """The last meeting's first comment was raised as a suggestion, and is answered at this one."""
    bodies = {member.organisation.name: member.organisation for member in _members(partnership)}
    for suggestion in Suggestion.objects.of(partnership).open():
        agreed = place != 2
        suggesting.answer(
            suggestion_id=suggestion.pk,
            considered_at=meeting,
            seen=suggestion.outcome,
            outcome=Outcome.AGREED if agreed else Outcome.DECLINED,
            words=ANSWERS[place],
            organisation=bodies[BODIES[place][0]] if agreed else None,
            due_on=meeting.date + datetime.timedelta(days=60) if agreed else None,
            by=by,
        )
        if meeting.date < timezone.localdate() - datetime.timedelta(days=300):
            Action.objects.filter(suggestion=suggestion).update(done_on=meeting.date + datetime.timedelta(days=50))
    suggesting.raise_suggestion(meeting=meeting, text=COMMENTS[place][0], from_comment=True, by=by)


def _members(partnership: Partnership) -> list[Member]:
    return list(partnership.members.current().select_related("organisation"))


def _adopt(partnership: Partnership, by: User) -> None:
    second = partnership.meetings.order_by("date", "pk")[1]
    tell_charter(second, by=by)


def _assess(partnership: Partnership, number: int, shares: Sequence[int], by: User) -> None:
    round = assessing.prepare(partnership=partnership, number=number, with_steps=False, by=by)
    Year.objects.filter(round=round).update(present=12)
    score(round, 11, shares, YEARLY_COMMENTS, differing=OF_MEMBERS)
    assessing.record_joint(
        partnership=partnership,
        number=number,
        version=0,
        instrument=instruments.TOGETHER,
        answers=TOGETHER,
        notes=NOTES,
        meeting=None,
        by=by,
    )


def _plan(partnership: Partnership, number: int, by: User) -> None:
    """One objective of it is done; the others go on in the next year's plan."""
    year = Year.objects.written(partnership, number)
    bodies = {member.organisation.name: member.organisation for member in _members(partnership)}
    for aim_text, changes in PLAN:
        aim = Aim(text=aim_text)
        plans.add(year=year, row=aim, by=by)
        for outcome_text, objectives in changes:
            outcome = PlanOutcome(aim=aim, text=outcome_text)
            plans.add(year=year, row=outcome, by=by)
            for text, body, standing in objectives:
                objective = Objective(outcome=outcome, text=text, organisation=bodies[BODIES[body][0]])
                objective.due_on = year.span.first + datetime.timedelta(days=270)
                objective.stand(standing)
                plans.add(year=year, row=objective, by=by)


def _workshop(partnership: Partnership, number: int, by: User) -> None:
    year = Year.objects.written(partnership, number)
    workshop = Workshop(
        year=year,
        date=timezone.localdate() + datetime.timedelta(days=14),
        facilitator="Maeve Outsider",
        organisation="An independent facilitator",
        email="facilitator@example.org",
    )
    facilitating.plan_workshop(workshop=workshop, by=by)


def _tell_what_worked(partnership: Partnership, number: int, by: User) -> None:
    """What changed in that year, on the charts; and shared with everybody."""
    changed_on = Year.objects.written(partnership, number).span.first
    note = ChartNote(partnership=partnership, date=changed_on, kind=ChartNote.Kind.WORKING, text=CHANGE)
    noting.note_change(note=note, by=by)
    for key, text in PRACTICES.items():
        practising.share(partnership=partnership, statement_key=key, text=text, decision=DECISION, by=by)
