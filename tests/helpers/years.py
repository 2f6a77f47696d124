"""A partnership's year: prepared, scored, filled in together, written down past the front door."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import JointAssessment, Round, Table
from partnerships.models import Meeting, Partnership, Year
from tests.factories import MeetingFactory

# From April 2025 to March 2026, where the meeting of conftest falls.
NUMBER = 2025
COMMITMENTS = ("teamwork", "openness", "genuine", "equitable", "trust", "honesty", "engagement", "respect")
STEPS = tuple(f"step{number}" for number in range(1, 13))


def page(name: str, number: int = NUMBER, slug: str = "growth") -> str:
    """The address of one of a year's pages."""
    return reverse(name if ":" in name else f"feedback:{name}", args=[slug, number])


def prepare(client: Client, *, number: int = NUMBER, with_steps: bool = False) -> Round:
    """As the minute-taker does it, with one press."""
    form = {"with_steps": "on"} if with_steps else {}
    assert client.post(page("prepare", number), form).status_code == 302
    return Round.objects.with_occasion().get(year__partnership__slug="growth", year__number=number)


def everything(round: Round, option: str) -> dict[str, str]:
    """The same answer to every statement of the round."""
    return {statement.key: option for statement in round.instrument.statements}


def tabled(
    round: Round,
    answers: Mapping[str, tuple[int, int, int]] | tuple[int, int, int] = (6, 0, 0),
    *,
    slips: int = 6,
    comments: Sequence[str] = (),
    explanation: str = "",
) -> Table:
    """The round's table, past the front door: how many said yes, needs improvement, no, of all statements or of each;
    where it names some of them, the others are hidden."""
    keys = [statement.key for statement in round.instrument.statements]
    of = answers if isinstance(answers, Mapping) else dict.fromkeys(keys, answers)
    too_few = slips < 5
    Round.objects.filter(pk=round.pk).update(stage="collated", opened_at=timezone.now(), threshold=5)
    return Table.objects.create(
        round=round,
        slips=slips,
        present=slips - 1 if explanation else 13,
        threshold=5,
        tallies=None
        if too_few
        else {key: dict(zip(("yes", "ni", "no"), each, strict=True)) for key, each in of.items()},
        comments=None if too_few else {"comment": list(comments)},
        explanation=explanation,
    )


def met(partnership: Partnership, date: str, answers: object = (6, 0, 0), **more) -> Meeting:
    """A meeting of this day, with its table."""
    meeting = MeetingFactory(partnership=partnership, date=datetime.date.fromisoformat(date))
    tabled(meeting.round, answers, **more)  # type: ignore[arg-type]
    return meeting


def assessed(partnership: Partnership, answers: object = (6, 0, 0), *, number: int = NUMBER, **more) -> Table:
    """What its members said each alone about a year."""
    year = Year.objects.written(partnership, number)
    round = Round.objects.create(year=year, instrument_slug=more.pop("instrument", "charter-1-members"))
    return tabled(round, answers, **more)  # type: ignore[arg-type]


def together(partnership: Partnership, *, number: int = NUMBER, notes: Mapping[str, str] | None = None, **answers: str):
    """What the partnership said of itself."""
    year = Year.objects.written(partnership, number)
    slug = "charter-1-together"
    return JointAssessment.objects.create(
        year=year, instrument_slug=slug, answers=answers, notes=notes or {}, version=1
    )
