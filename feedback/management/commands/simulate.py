"""Fills an empty database with as many partnerships and years as you like, to see how the site bears them.

Areas of 141 partnerships, as many as all of Northern Ireland's boards, thematic and locality groups together, with
seven or eight meetings a year each: over so many whole years of the area, and this one up to today. All of it is
invented, and marked as a demonstration. Rows are the real ones: meetings, rounds, tables and how they stand; no slips,
for there are none once a table is made.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from coprod.common.spans import Span
from feedback.models import Phase, Round, Standing, Table
from feedback.scores.collation import Counts, hide_small
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.trends.history import History
from feedback.trends.standings import standings_of
from partnerships.models import Area, Coordinator, Meeting, Partnership, User
from partnerships.models.areas import APRIL

AREA_SIZE = 141
COORDINATOR = "simulation@example.org"
DAYS_BETWEEN = 48
AT_ONCE = 20
THRESHOLD = 5
# Of the meetings, how many are not scored, and have too few slips to show.
UNSCORED, TOO_SMALL = 0.04, 0.02
# By how much the part of Yes changes in a year: of most partnerships not at all.
DRIFTS = (0.0, 0.0, 0.0, 0.02, -0.02)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partnerships", type=int, default=AREA_SIZE)
        parser.add_argument("--years", type=int, default=10)

    def handle(self, *args, **options) -> None:
        if Area.objects.exists():
            raise CommandError("The database holds areas: the simulation begins with none.")
        chance = random.Random(1)  # noqa: S311  (invented scores, no secret)
        number = 0
        for partnerships in batched(_partnerships(options["partnerships"]), AT_ONCE, strict=False):
            with transaction.atomic():
                number += _meet(partnerships, options["years"], chance)
        self.stdout.write(f"{options['partnerships']} partnerships, {number} tables. Coordinator: {COORDINATOR}")


def _partnerships(number: int) -> Iterator[Partnership]:
    """Areas as they are needed, each with a board to which all others report."""
    coordinator = User.objects.create_user(COORDINATOR)
    for first in range(0, number, AREA_SIZE):
        place = first // AREA_SIZE + 1
        area = Area.objects.create(
            name=f"Simulated area {place}", slug=f"simulated-{place}", is_demonstration=True, colour=Area.Colour.SLATE
        )
        Coordinator.objects.create(area=area, user=coordinator)
        board = Partnership.objects.create(
            area=area, name=f"Board {place}", slug=f"board-{place}", kind=Partnership.Kind.BOARD
        )
        kinds = [kind for kind in Partnership.Kind if kind != Partnership.Kind.BOARD]
        groups = [
            Partnership(
                area=area,
                name=f"{kinds[n % len(kinds)].label} {place}-{n:03}",
                slug=f"group-{place}-{n}",
                kind=kinds[n % len(kinds)],
                parent=board,
            )
            for n in range(1, min(AREA_SIZE, number - first))
        ]
        yield from [board, *Partnership.objects.bulk_create(groups)]


def _meet(partnerships: tuple[Partnership, ...], years: int, chance: random.Random) -> int:
    """Meetings up to today, and their tables. Returns how many tables."""
    meetings = Meeting.objects.bulk_create(
        Meeting(partnership=each, date=day, present=chance.randint(12, 24))
        for each in partnerships
        for day in _days(years, chance)
    )
    scored = [meeting for meeting in meetings if chance.random() > UNSCORED]
    planned = set(meetings) - set(scored)
    codes = Round.objects.unused_codes(len(meetings))
    rounds = Round.objects.bulk_create(
        [*(_round(each, codes.pop()) for each in scored), *(Round(meeting=each, code=codes.pop()) for each in planned)]
    )
    levels = {each.pk: (chance.uniform(0.45, 0.8), chance.choice(DRIFTS)) for each in partnerships}
    tables = Table.objects.bulk_create(_table(round, levels, chance) for round in rounds[: len(scored)])
    Standing.objects.bulk_create(standing for each in partnerships for standing in _standings(each, tables))
    return len(tables)


def _standings(partnership: Partnership, tables: Iterable[Table]) -> list[Standing]:
    mine = [table for table in tables if table.round.partnership == partnership]
    return standings_of(History(partnership, mine, []))


def _days(years: int, chance: random.Random) -> Iterator[date]:
    """About every seventh week of so many years of the area and of this one, the earliest first."""
    today = timezone.localdate()
    this_year = Span.around(today, month=APRIL)
    first = Span.numbered(this_year.number - years, month=APRIL).first
    for back in range((today - first).days, 0, -DAYS_BETWEEN):
        yield today - timedelta(days=max(0, back - chance.randint(0, 20)))


def _round(meeting: Meeting, code: str) -> Round:
    return Round(meeting=meeting, code=code, stage=Phase.COLLATED, opened_at=timezone.now(), threshold=THRESHOLD)


def _table(round: Round, levels: dict[int, tuple[float, float]], chance: random.Random) -> Table:
    """Around the partnership's own level, which with some rises or falls a little from year to year."""
    meeting = round.occasion
    assert isinstance(meeting, Meeting)
    level, drift = levels[meeting.partnership_id]
    years_ago = (timezone.localdate() - meeting.date).days / 365
    frame: dict[str, Any] = {"round": round, "present": meeting.present, "threshold": THRESHOLD}
    slips = chance.randint(8, meeting.present or 8)
    if chance.random() < TOO_SMALL:
        return Table(slips=chance.randint(1, THRESHOLD - 1), **frame)
    counts = Counts(
        slips, {each.key: _tally(slips, level - drift * years_ago, chance) for each in MEETING_FEEDBACK.statements}
    )
    return Table(slips=slips, tallies=hide_small(counts, THRESHOLD).tallies, comments={"comment": []}, **frame)


def _tally(slips: int, level: float, chance: random.Random) -> dict[str, int]:
    answered = slips - (chance.random() < 0.2)
    yes = min(answered, max(0, round(answered * chance.gauss(level, 0.1))))
    no = min(answered - yes, max(0, round((answered - yes) * chance.gauss(0.25, 0.15))))
    return {"yes": yes, "ni": answered - yes - no, "no": no}
