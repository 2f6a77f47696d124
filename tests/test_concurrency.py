"""Many at once. On real connections, so that the database itself keeps the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from feedback import scoring
from feedback.keys import new_key
from feedback.models import Round, Slip, Table
from feedback.scoring import WrongPhase
from feedback.seals import SlipContent
from tests.phones import Phone, all_, open_

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Runs all at the same moment, each on a connection of its own, and returns what each returned."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_twenty_taps_on_one_phone_are_one_slip_and_twenty_receipts(round):
    phone = Phone(open_(round)).load()
    answers = at_once([lambda: phone.send(all_("yes")).status_code] * 20)
    assert answers == [302] * 20
    assert Slip.objects.count() == 1


def test_of_revisions_in_any_order_the_highest_stays(round):
    open_(round)
    key = new_key(round.code)

    def send(revision: int) -> None:
        content = SlipContent({}, {"comment": str(revision)})
        with suppress(scoring.ChangedElsewhere):
            record(round, key, revision, content)

    at_once([partial(send, n) for n in range(1, 13)])
    slip = Slip.objects.get()
    assert slip.revision == 12
    assert round.seal().open(slip.sealed).comments == {"comment": "12"}


def test_slips_that_race_a_stop_are_each_counted_or_refused(round):
    open_(round)

    def send() -> bool:
        try:
            record(round, new_key(round.code), 1, SlipContent({}, {}))
        except WrongPhase:
            return False
        return True

    answers = at_once([send] * 8 + [lambda: scoring.stop_round(round_id=round.pk)] + [send] * 8)
    assert Slip.objects.count() == answers.count(True)
    assert Round.objects.get().stage == "stopped"


def test_two_who_collate_at_once_make_one_table(round):
    open_(round)
    for _ in range(5):
        record(round, new_key(round.code), 1, SlipContent(all_("yes"), {}))
    scoring.stop_round(round_id=round.pk)
    scoring.show_comments(round_id=round.pk)
    at_once([lambda: scoring.collate(round_id=round.pk)] * 4)
    assert Table.objects.get().slips == 5
    assert Slip.objects.count() == 0


def test_phones_that_open_a_round_at_its_time_all_count(round):
    Round.objects.update(opens_at=timezone.now() - timedelta(hours=1))
    scored = Round.objects.get()
    answers = at_once([lambda: record(scored, new_key(scored.code), 1, SlipContent({}, {}))] * 6)
    assert answers == [None] * 6
    assert Slip.objects.count() == 6


def record(round: Round, key: str, revision: int, content: SlipContent) -> None:
    scoring.record_slip(
        round_id=round.pk,
        code=round.code,
        instrument=round.instrument,
        key=key,
        revision=revision,
        content=content,
    )
