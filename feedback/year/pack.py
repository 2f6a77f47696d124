"""The pack for the yearly workshop: one partnership's year, gathered in one place.

The names on its list are taken out of every text that somebody wrote; owners are organisations. Nothing here is
written back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from charter.roll import OrganisationRow, PersonRow, State, roll_of
from charter.texts import GUIDE
from feedback.models import Suggestion, Table, Workshop
from feedback.scores.collation import Row, Tabulation
from feedback.suggestions.ledger import in_short
from feedback.tables.context import shown_of
from feedback.trends.history import TOTAL, History
from feedback.trends.partnership import Trends
from feedback.year.overview import YearsMeetings, side_by_side
from partnerships.models import Action, Year
from partnerships.people.name_removal import Nameless
from partnerships.plans.service import Plan, plan_of

YEARS_BACK = 3


@dataclass(frozen=True)
class YearsRow:
    """One statement about meetings: its row in each year, the earliest first; None for a year without figures."""

    text: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class Trend:
    """The meetings of some years, and each statement by year."""

    years: Sequence[Year]
    tables: Sequence[Table]
    rows: Sequence[YearsRow]
    sums: Sequence[Tabulation | None]


@dataclass(frozen=True)
class Done:
    """An action, and whose it is without a name."""

    action: Action
    owner: str


def pack_of(year: Year) -> dict[str, Any]:
    """What the pack shows, as a page and as a PDF. A constant number of queries, whatever happened in the year."""
    nameless = Nameless.of(year.partnership)
    side = _without_names(side_by_side(year), nameless)
    trend = _trend([*(year.beside(-back) for back in range(YEARS_BACK - 1, 0, -1)), year])
    return side | {
        "workshop": Workshop.objects.filter(year=year.pk).first() if year.pk else None,
        "plan": _plan(plan_of(year), nameless),
        "trend": trend,
        "trends": Trends(_history(year, nameless), year.number, TOTAL, numbers=[year.number]),
        "meeting_tables": list(_tables(trend, year, nameless)),
        "members_table": _members_table(side, nameless),
        "suggestions": _suggestions(year, nameless),
        "actions": _actions(year, nameless),
        "roll": _roll(year, nameless),
        "guide": f"{GUIDE.authors}: {GUIDE.title}",
        "number_of_meetings": year.meetings().count(),
    }


def _without_names(side: dict[str, Any], nameless: Nameless) -> dict[str, Any]:
    return side | {"notes": [(statement, nameless(note)) for statement, note in side["notes"]]}


def _trend(years: Sequence[Year]) -> Trend:
    meetings = [YearsMeetings.of(year) for year in years]
    tables = [table for each in meetings for table in each.tables]
    sums = [each.tabulation for each in meetings]
    known = next((each for each in sums if each), None)
    texts = [row.statement.text for row in known.rows] if known else []
    rows = [YearsRow(text, tuple(each.rows[n] if each else None for each in sums)) for n, text in enumerate(texts)]
    return Trend(years, tables, rows, sums)


def _history(year: Year, nameless: Nameless) -> History:
    """All meetings up to the year's end: whether a change is real takes more of them than one year has."""
    history = History.of(year.partnership).until(year.span.last)
    for note in history.notes:
        note.text, note.reason = nameless(note.text), nameless(note.reason)
    return history


def _tables(trend: Trend, year: Year, nameless: Nameless) -> Iterable[dict[str, Any]]:
    """This year's tables, each beside the one before it, with the comments that were printed."""
    previous: Table | None = None
    for table in trend.tables:
        meeting = table.round.meeting
        assert meeting
        meeting.partnership = year.partnership
        if year.span.first <= meeting.date <= year.span.last:
            yield _cleaned(shown_of(table, table.round, previous), nameless)
        previous = previous if table.is_too_small else table


def _cleaned(shown: dict[str, Any], nameless: Nameless) -> dict[str, Any]:
    table: Table = shown["table"]
    table.explanation = nameless(table.explanation)
    questions = [(question, [nameless(text) for text in texts]) for question, texts in shown["questions"]]
    return shown | {"questions": questions, "for_print": True, "prompts": []}


def _members_table(side: dict[str, Any], nameless: Nameless) -> dict[str, Any] | None:
    table: Table | None = side["assessment"].table
    return _cleaned(shown_of(table, table.round, table.previous()), nameless) if table else None


def _plan(plan: Plan, nameless: Nameless) -> Plan:
    for part in plan.parts:
        part.aim.text = nameless(part.aim.text)
        for change in part.changes:
            change.outcome.text = nameless(change.outcome.text)
            for objective in change.objectives:
                objective.text, objective.progress = nameless(objective.text), nameless(objective.progress)
                if objective.organisation:
                    objective.organisation.name = nameless(objective.organisation.name)
    return plan


def _suggestions(year: Year, nameless: Nameless) -> list[tuple[Suggestion, str]]:
    meetings = year.meetings().order_by().values("pk")
    found = list(Suggestion.objects.filter(meeting__in=meetings).for_ledger().order_by("meeting__date", "pk"))
    for each in found:
        each.text = nameless(each.text)
    return [(each, nameless(in_short(each))) for each in found]


def _actions(year: Year, nameless: Nameless) -> list[Done]:
    """What the year's meetings decided, and what was left to do when it began."""
    span = year.span
    left_over = Q(meeting__date__lt=span.first) & (Q(done_on__isnull=True) | Q(done_on__gte=span.first))
    of_year = Q(meeting__date__range=(span.first, span.last)) | left_over
    found = Action.objects.of(year.partnership).filter(of_year, nothing_to_do=False).for_agenda()
    actions = list(found.order_by("meeting__date", "pk"))
    for action in actions:
        action.decided = nameless(action.decided)
    return [Done(action, nameless(action.owner_in_public)) for action in actions]


@dataclass(frozen=True)
class OpenRoll:
    """Who has adopted the charter by today: organisations, each with how it stands; of residents, who may stand for
    nobody but themselves, and of people how many."""

    adopted_on: date | None
    decision: str
    organisations: Sequence[tuple[str, str]]
    residents: int
    residents_adopted: int
    people: int
    adopted: int


def _roll(year: Year, nameless: Nameless) -> OpenRoll:
    roll = roll_of(year.partnership)
    residents = [row for row in roll.organisations if row.is_residents]
    bodies = [row for row in roll.organisations if not row.is_residents]
    return OpenRoll(
        adopted_on=roll.adoption.adopted_on if roll.adoption else None,
        decision=nameless(roll.adoption.decision) if roll.adoption else "",
        organisations=[(nameless(row.organisation_name), row.standing) for row in bodies],
        residents=len(residents),
        residents_adopted=_adopted(residents),
        people=len(roll.people),
        adopted=_adopted(roll.people),
    )


def _adopted(rows: Iterable[OrganisationRow | PersonRow]) -> int:
    return sum(row.state == State.ADOPTED for row in rows)
