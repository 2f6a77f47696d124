"""What is known of a partnership's year: read in one place, shown on the year's page, the gap and the pack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from feedback.models import JointAssessment, Phase, Round, Table
from feedback.scores.gap import Gap, Said, gaps, speaking
from feedback.scores.instruments import MEETING_FEEDBACK, TOGETHER, Instrument, together_like
from feedback.trends.sums import MeetingsSum
from partnerships.models import Year


class YearsMeetings(MeetingsSum):
    """The meetings of a partnership's year that were scored with the seven statements."""

    @classmethod
    def of(cls, year: Year) -> YearsMeetings:
        tables = Table.objects.of_meetings(year).filter(round__instrument_slug=MEETING_FEEDBACK.slug)
        return cls(list(tables))


@dataclass(frozen=True)
class Assessment:
    """The yearly assessment: the members' round, its table, and what the partnership says of itself; or whichever
    there is."""

    year: Year
    round: Round | None
    joint: JointAssessment | None

    @classmethod
    def of(cls, year: Year) -> Assessment:
        round = Round.objects.select_related("table").filter(year=year.pk).first() if year.pk else None
        if round:
            round.year = year
        joint = JointAssessment.objects.select_related("meeting").filter(year=year.pk).first() if year.pk else None
        if joint:
            joint.year = year
        return cls(year, round, joint)

    @property
    def table(self) -> Table | None:
        """The members' table, with figures or without."""
        if self.round is None or self.round.phase != Phase.COLLATED:
            return None
        table = self.round.table
        table.round = self.round
        return table

    @property
    def instrument(self) -> Instrument:
        """The partnership's own, in the wording of the year: that of its answers, else that of the members' round."""
        if self.joint:
            return self.joint.instrument
        return together_like(self.round.instrument) if self.round else TOGETHER

    @cached_property
    def answered(self) -> int:
        """To how many commitments the partnership has an answer."""
        answers = self.joint.answers if self.joint else {}
        return sum(statement.key in answers for statement in self.instrument.commitments)

    def said_in(self, instrument: Instrument) -> Said:
        """What both sides said, as far as this instrument has it in the same words."""
        table = self.table
        ours = self.joint.options() if self.joint else {}
        same = {each.key for each in self.instrument.statements if each in instrument.statements}
        found = {key: option for key, option in ours.items() if key in same}
        return Said(table.tabulation() if table else None, found)


@dataclass(frozen=True)
class Beside:
    """The gap: commitments, and the steps where anybody was asked about them, each with the largest difference
    first."""

    commitments: list[Gap]
    steps: list[Gap]

    @property
    def is_known(self) -> bool:
        """Whether anything can be compared at all."""
        return any(gap.difference is not None for gap in (*self.commitments, *self.steps))


def beside(this: Assessment, last: Assessment) -> Beside:
    instrument = this.instrument
    found = gaps(instrument, this.said_in(instrument), last.said_in(instrument))
    commitments = [gap for gap in found if gap.statement in instrument.commitments]
    return Beside(commitments, steps=[gap for gap in found if gap not in commitments])


def side_by_side(year: Year) -> dict[str, Any]:
    """What page, PDF and pack show of the assessment: members beside partnership; and apart from that the year's
    meetings; each with last year's."""
    last = year.beside(-1)
    this, before = Assessment.of(year), Assessment.of(last)
    meetings, meetings_before = YearsMeetings.of(year), YearsMeetings.of(last)
    instrument = this.instrument
    notes = this.joint.notes if this.joint else {}
    summed = meetings.tabulation
    return {
        "partnership": year.partnership,
        "year": year,
        "last_year": last,
        "assessment": this,
        "beside": beside(this, before),
        "notes": [(each, notes[each.key]) for each in instrument.statements if each.key in notes],
        "source": instrument.source,
        "meetings": meetings,
        "speaking": speaking(instrument.commitments, summed, meetings_before.tabulation) if summed else [],
    }
