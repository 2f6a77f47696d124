"""What would happen to each meeting's table, and why; nothing is stored.

A table is found again by its partnership and its date. So the same sheet twice changes nothing, and no table that
was collated here is ever replaced.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Round
from feedback.tables.paper_import.cells import Wrong, day_of
from feedback.tables.paper_import.lines import Line
from feedback.tables.paper_import.papers import Problem, read_paper
from feedback.tables.paper_import.steps import Step, meet
from partnerships.models import Area, Partnership
from partnerships.people.imports.plan import MOST_GUESSES, Outcome


@dataclass
class Plan:
    steps: list[Step]

    def count(self, outcome: Outcome) -> int:
        return sum(step.outcome == outcome for step in self.steps)

    @property
    def problems(self) -> list[Problem]:
        """In order of the rows."""
        return sorted(problem for step in self.steps for problem in step.problems)

    @property
    def due(self) -> list[Step]:
        return [step for step in self.steps if step.outcome in {Outcome.ADD, Outcome.CHANGE}]

    @property
    def fingerprint(self) -> str:
        """Stands for what was agreed to: it changes when the figures do, or what they would meet."""
        return hashlib.sha256(repr([step.told for step in self.steps]).encode()).hexdigest()[:32]


def make_plan(
    area: Area, lines: Sequence[Line], *, partnership: Partnership | None = None, for_update: bool = False
) -> Plan:
    """What would happen, meeting by meeting: what is wrong first, then by partnership and date. With a partnership,
    all rows are its. `for_update`: nobody else changes the rounds until this transaction ends.

    Two queries, or one with a partnership, however many rows.
    """
    planner = _Planner(area, partnership)
    steps = planner.steps(lines)
    planner.meet(steps, for_update=for_update)
    return Plan(sorted(steps, key=_order))


def told(plan: Plan) -> str:
    """What an import does or did, in a few words."""
    new, changed = plan.count(Outcome.ADD), plan.count(Outcome.CHANGE)
    words = [
        (new, ngettext("%(n)s new table", "%(n)s new tables", new)),
        (changed, ngettext("%(n)s changed", "%(n)s changed", changed)),
    ]
    return ", ".join(each % {"n": number} for number, each in words if number)


def _order(step: Step) -> tuple[bool, str, date, int]:
    name = step.partnership.name.casefold() if step.partnership else ""
    return step.outcome != Outcome.WRONG, name, step.date or date.min, step.number


class _Planner:
    def __init__(self, area: Area, partnership: Partnership | None) -> None:
        self.only = partnership
        partnerships = [partnership] if partnership else area.partnerships.all()
        self.partnerships = {each.name.casefold(): each for each in partnerships}
        self.days: dict[str, date | Wrong] = {}
        self.guesses: dict[str, str] = {}

    def steps(self, lines: Iterable[Line]) -> list[Step]:
        """The rows by their meeting. Rows that do not say which are together while they say the same."""
        found: dict[tuple[object, object], Step] = {}
        for line in lines:
            partnership = self.only or self.partnerships.get(line.partnership.casefold())
            day = self._day(line.date)
            which = partnership or line.partnership.casefold(), line.date if isinstance(day, Wrong) else day
            step = found.setdefault(which, Step(lines=[], partnership=partnership))
            step.lines.append(line)
        for step in found.values():
            self._place(step)
        return list(found.values())

    def _day(self, typed: str) -> date | Wrong:
        if typed not in self.days:
            try:
                self.days[typed] = day_of(typed)
            except Wrong as wrong:
                self.days[typed] = wrong
        return self.days[typed]

    def _place(self, step: Step) -> None:
        words = _("A cell stands where there is no heading. Write a number with a comma in quotation marks.")
        step.problems += [Problem(line.number, words) for line in step.lines if line.is_too_long]
        line = step.lines[0]
        day = self._day(line.date)
        if isinstance(day, Wrong):
            step.problems.append(Problem(line.number, str(day)))
        else:
            step.date = day
        if step.partnership is None:
            step.problems.append(Problem(line.number, self._unknown(line.partnership)))

    def _unknown(self, typed: str) -> str:
        if not typed:
            return _("The partnership is missing.")
        words = _("No partnership here is called “%(typed)s”.") % {"typed": typed[:160]}
        if near := self._like(typed.casefold()[:160]):
            words += " " + _("Did you mean “%(name)s”?") % {"name": near}
        return words

    def _like(self, typed: str) -> str:
        """The name that is nearly the same; looked for so many times and no more."""
        if typed not in self.guesses:
            few = len(self.guesses) < MOST_GUESSES
            near = get_close_matches(typed, self.partnerships, n=1) if few else []
            self.guesses[typed] = self.partnerships[near[0]].name if near else ""
        return self.guesses[typed]

    def meet(self, steps: Iterable[Step], *, for_update: bool) -> None:
        """Reads each meeting's rows, and compares with what is here of that day."""
        places = {(step.partnership, step.date) for step in steps if step.partnership and step.date}
        here = _rounds(places, for_update=for_update)
        for step in steps:
            paper = read_paper(step.lines)
            step.problems += paper.problems
            if step.partnership and step.date:
                meet(step, paper, step.partnership, step.date, here[step.partnership.pk, step.date])
            if step.problems:
                step.outcome, step.table, step.notes = Outcome.WRONG, None, []


def _rounds(places: Collection[tuple[Partnership, date]], *, for_update: bool) -> dict[tuple[int, date], list[Round]]:
    """Those of the partnerships' meetings on these days."""
    partnerships = {partnership.pk: partnership for partnership, _day in places}
    days = {day for _partnership, day in places}
    rounds = Round.objects.filter(meeting__partnership__in=list(partnerships), meeting__date__in=days).order_by("pk")
    if for_update:  # first, so that what is read then is what whoever held them has left
        list(rounds.select_for_update(of=("self",), no_key=True).values_list("pk"))
    found: dict[tuple[int, date], list[Round]] = defaultdict(list)
    for round in rounds.select_related("meeting", "table"):
        meeting = round.meeting
        assert meeting
        meeting.partnership = partnerships[meeting.partnership_id]
        found[meeting.partnership_id, meeting.date].append(round)
    return found
