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
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from charter.roll import OrganisationRow, PersonRow, State, roll_of
from charter.texts import GUIDE
from feedback import charts
from feedback.collation import Row, Tabulation
from feedback.models import Suggestion, Table, Workshop
from feedback.rounding import tenth
from feedback.suggesting import in_short
from feedback.tabling import shown_of
from feedback.yearly import YearsMeetings, side_by_side
from partnerships.models import Action, Year
from partnerships.nameless import Nameless
from partnerships.plans import Plan, plan_of

YEARS_BACK = 3


@dataclass(frozen=True)
class YearsRow:
    """One statement about meetings: its row in each year, the earliest first; None for a year without figures."""

    text: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class Trend:
    """The meetings of some years: a line of their average totals with its figures, and each statement by year."""

    years: Sequence[Year]
    tables: Sequence[Table]
    totals: Sequence[tuple[Table, Tabulation]]
    rows: Sequence[YearsRow]
    sums: Sequence[Tabulation | None]

    @property
    def most_total(self) -> int:
        return self.totals[0][1].most_total

    @property
    def chart(self) -> str:
        """A plain line: whether a change is real is not said here."""
        points = [
            charts.Point(date_format(_date(table), "M Y"), tabulation.average_total, tenth(tabulation.average_total))
            for table, tabulation in self.totals
        ]
        least = self.most_total // 3
        sentence = _("Average total score of each meeting, from %(first)s to %(last)s, out of %(most)s") % {
            "first": date_format(_date(self.totals[0][0]), "j F Y"),
            "last": date_format(_date(self.totals[-1][0]), "j F Y"),
            "most": self.most_total,
        }
        return charts.line(sentence, points, lowest=least, highest=self.most_total)


@dataclass(frozen=True)
class Done:
    """An action, and whose it is without a name."""

    action: Action
    owner: str


def _date(table: Table) -> date:
    assert table.round.meeting
    return table.round.meeting.date


def pack_of(year: Year) -> dict[str, Any]:
    """What the pack shows, as a page and as a PDF. A constant number of queries, whatever happened in the year."""
    nameless = Nameless.of(year.partnership)
    side = _without_names(side_by_side(year), nameless)
    trend = _trend([*(year.beside(-back) for back in range(YEARS_BACK - 1, 0, -1)), year])
    return side | {
        "workshop": Workshop.objects.filter(year=year.pk).first() if year.pk else None,
        "plan": _plan(plan_of(year), nameless),
        "trend": trend,
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
    totals = [(table, tabulation) for table in tables if (tabulation := table.tabulation())]
    sums = [each.tabulation for each in meetings]
    known = next((each for each in sums if each), None)
    texts = [row.statement.text for row in known.rows] if known else []
    rows = [YearsRow(text, tuple(each.rows[n] if each else None for each in sums)) for n, text in enumerate(texts)]
    return Trend(years, tables, totals, rows, sums)


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
