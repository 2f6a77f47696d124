"""What will happen to the table of one meeting, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Phase, Round, Table
from feedback.scores.collation import Counts, Tabulation, hide_small
from feedback.scores.rounding import tenth
from feedback.tables.paper_import.cells import SEVEN
from feedback.tables.paper_import.lines import Line
from feedback.tables.paper_import.papers import Kind, Paper, Problem
from partnerships.models import Meeting, Partnership
from partnerships.people.imports.plan import Outcome

# What an import writes, and what makes a table another one.
FIGURES = ("slips", "present", "tallies", "measures")


@dataclass
class Step:
    """What will happen to one meeting's table, and why. `table`: as it will stand, for `carry_out` to save; None where
    something is wrong. `before`: the figures that it replaces."""

    lines: list[Line]
    outcome: Outcome = Outcome.ADD
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    partnership: Partnership | None = None
    date: date | None = None
    table: Table | None = None
    before: Sequence[object] = ()

    @property
    def number(self) -> int:
        return self.lines[0].number

    @cached_property
    def tabulation(self) -> Tabulation | None:
        return self.table.tabulation() if self.table else None

    @property
    def told(self) -> tuple[object, ...]:
        """All that is agreed to."""
        kept = self.table and [self.table.pk, self.table.round.pk, *_figures_of(self.table), self.table.threshold]
        return self.partnership and self.partnership.pk, self.date, self.outcome.value, kept, self.before, self.notes


def meet(step: Step, paper: Paper, partnership: Partnership, day: date, here: Sequence[Round]) -> None:
    """Compares what the paper says with what is `here` of that day."""
    taking_place = [round for round in here if round.meeting and not round.meeting.called_off_on]
    if why_not := _why_not(here, taking_place):
        step.problems.append(Problem(step.number, why_not))
        return
    new = Round(meeting=Meeting(partnership=partnership, date=day, present=paper.present))
    round = taking_place[0] if taking_place else new
    existing: Table | None = getattr(round, "table", None)
    if paper.slips is None or paper.problems:
        return
    step.table = table = _table_of(paper, round)
    if not table.is_too_small and not paper.given:
        step.problems.append(Problem(step.number, _("There are no figures in the rows of this meeting.")))
    elif existing is None:
        if round.pk:
            step.notes.append(_("It is put to the meeting that is here already."))
    elif existing.imported_on is None:
        _compare_with_ours(step, table, existing)
    else:
        _compare_with_paper(step, table, existing, existing.imported_on)
    step.notes += _notes(paper, table)


def _why_not(here: Sequence[Round], taking_place: Sequence[Round]) -> str:
    """Where the day has no place for a table."""
    if len(taking_place) > 1:
        return _("The partnership has more than one meeting on that day: of which one the table is cannot be told.")
    if here and not taking_place:
        return _("The meeting of that day was called off.")
    if any(round.meeting and round.meeting.may_call_off for round in taking_place):
        return _("The meeting of that day has not begun yet.")
    if any(_runs(round) for round in taking_place):
        return _("Scoring of that day’s meeting is running, or set to open: finish it first.")
    return ""


def _runs(round: Round) -> bool:
    return round.stage in {Phase.OPEN, Phase.STOPPED, Phase.COMMENTS} or (
        round.stage == Phase.PLANNED and round.opens_at is not None
    )


def _table_of(paper: Paper, round: Round) -> Table:
    """As it will stand; too few slips leave the two numbers alone, too few answers hide a statement."""
    assert paper.slips is not None
    table = Table(round=round, slips=paper.slips, present=paper.present, threshold=round.slips_needed)
    table.imported_on = timezone.localdate()
    if table.slips >= table.threshold:
        table.comments = {}
        if paper.kind in {None, Kind.COUNTS}:
            table.tallies = hide_small(Counts(table.slips, paper.tallies), table.threshold).tallies
        else:
            table.measures = paper.measures
    return table


def _compare_with_ours(step: Step, table: Table, existing: Table) -> None:
    if table.present is None:
        table.present = existing.present
    if _figures_of(table) == _figures_of(existing):
        step.outcome, step.table = Outcome.SAME, existing
        step.notes.append(_("It was collated here."))
    else:
        words = _("A table of that day was collated here, with other figures: it is not replaced.")
        step.problems.append(Problem(step.number, words))


def _compare_with_paper(step: Step, table: Table, existing: Table, imported_on: date) -> None:
    if _figures_of(table) == _figures_of(existing):
        step.outcome, step.table = Outcome.SAME, existing
        return
    table.pk = existing.pk
    step.outcome, step.before = Outcome.CHANGE, _figures_of(existing)
    tabulation = existing.tabulation()
    words = _("Replaces the table that was put in on %(date)s: %(slips)s slips, average total %(total)s.")
    told = {
        "date": date_format(imported_on, "j F Y"),
        "slips": existing.slips,
        "total": tenth(tabulation.average_total if tabulation else None),
    }
    step.notes.append(words % told)


def _notes(paper: Paper, table: Table) -> list[str]:
    """What of the paper will not be seen, or in no sum."""
    if table.is_too_small:
        words = _("Too small to show: fewer than %(n)s slips. The two numbers alone are kept.")
        return [words % {"n": table.threshold}]
    notes = []
    if table.measures is not None:
        averages = paper.kind == Kind.AVERAGES
        notes.append(
            _("Averages alone: shown, but in no sum.") if averages else _("Percentages alone: shown, but in no sum.")
        )
    if hidden := _texts(key for key in paper.given if table.tallies is not None and key not in table.tallies):
        words = _("Hidden, because fewer than %(n)s people answered: %(statements)s.")
        notes.append(words % {"n": table.threshold, "statements": hidden})
    if missing := _texts(each.key for each in SEVEN.values() if each.key not in paper.given):
        notes.append(_("Left out, because the rows do not give it: %(statements)s.") % {"statements": missing})
    return notes


def _texts(keys: Iterable[str]) -> str:
    known = {each.key: each.text for each in SEVEN.values()}
    return ", ".join(f"“{known[key]}”" for key in keys)


def _figures_of(table: Table) -> list[object]:
    return [getattr(table, name) for name in FIGURES]
