"""What happens to a round and its slips, from open to collated.

Each step is one transaction that locks the round's row first, so that two people who press at once act
one after the other; `by` goes into the area's record. A slip is one statement that shares that lock with
other phones: it waits for a stop, or a stop for it.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from feedback import seals
from feedback.collation import count, hide_small
from feedback.instruments import Instrument
from feedback.keys import hash_of
from feedback.models import Phase, Round, Slip, Table
from feedback.models.rounds import STOPS_AFTER, random_id
from feedback.seals import Seal, SealLost, SlipContent
from partnerships.models import Act, Entry, User


class WrongPhase(Exception):
    """The round is not in a phase where this can be done; `round` as it is, `phase` in short."""

    def __init__(self, round: Round) -> None:
        super().__init__(round.phase)
        self.round = round
        self.phase = round.phase


class ChangedElsewhere(Exception):
    """A slip with this key and revision, or a later one, says something else; `revision` is the stored one."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


@dataclass(frozen=True)
class Comment:
    """One comment on a slip, as the minute-taker reads it. `name` is the name of its tick box."""

    name: str
    text: str
    withheld: bool


@transaction.atomic
def open_round(*, round_id: int, by: User | None = None) -> None:
    """Opens now, or opens again after a stop. Raises WrongPhase once comments were shown or time is up,
    and SealLost where no key can be made."""
    round = _lock(round_id, Phase.PLANNED, Phase.OPEN, Phase.STOPPED)
    before = round.phase
    if before == Phase.PLANNED:
        _begin(round, at=timezone.now())
    elif before == Phase.STOPPED and not round.may_reopen:
        raise WrongPhase(round)
    _settle(round)
    round.stage = Phase.OPEN
    round.save(update_fields=["stage"])
    if before != Phase.OPEN:
        _note(Act.OPENED, round, by)


@transaction.atomic
def schedule_round(*, round_id: int, opens_at: datetime | None, by: User | None = None) -> None:
    """Sets the time at which it opens by itself; None takes it back."""
    round = _lock(round_id, Phase.PLANNED)
    round.opens_at = opens_at
    round.save(update_fields=["opens_at"])
    _note(Act.SCHEDULED, round, by)


@transaction.atomic
def stop_round(*, round_id: int, by: User | None = None) -> None:
    """Refuses phones from now on. Stopping twice is stopping once."""
    round = _lock(round_id, Phase.OPEN, Phase.STOPPED)
    if round.phase == Phase.OPEN:
        _note(Act.STOPPED, round, by)
    _settle(round)
    round.stage = Phase.STOPPED
    round.save(update_fields=["stage"])


def record_slip(
    *, round_id: int, code: str, instrument: Instrument, key: str, revision: int, content: SlipContent
) -> None:
    """Stores one slip, or replaces the one with the same key if this revision is higher.

    `code` and `instrument` are the round's. The same slip sent again changes nothing. Raises WrongPhase
    unless the round is open, ChangedElsewhere where the stored slip is as new or newer and says
    something else, and SealLost where the round's key is gone. Nothing is stored then.
    """
    try:
        sealed = Seal.of(code, instrument).close(content)
    except SealLost:  # or the first slip of a round that opened by itself
        sealed = b""
    if not (sealed and _upsert(round_id, hash_of(key), revision, sealed)):
        _record_slowly(round_id, hash_of(key), revision, content)


def _upsert(round_id: int, key_hash: bytes, revision: int, sealed: bytes) -> bool:
    """One statement: writes the slip if the round is open and no revision as high is there. Whether it did.

    The round's row is locked against a stop at the same moment, but not against other phones.
    """
    share = "FOR SHARE" if connection.features.has_select_for_update else ""
    opened_after = connection.ops.adapt_datetimefield_value(timezone.now() - STOPS_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Slip._meta.db_table} (id, round_id, key_hash, revision, sealed, withheld)
            SELECT %s, id, %s, %s, %s, '[]' FROM {Round._meta.db_table}
            WHERE id = %s AND stage = 'open' AND opened_at > %s {share}
            ON CONFLICT (round_id, key_hash) DO UPDATE
            SET revision = excluded.revision, sealed = excluded.sealed
            WHERE {Slip._meta.db_table}.revision < excluded.revision
            """,  # noqa: S608  (names of our own tables; every value is a parameter)
            [random_id(), key_hash, revision, sealed, round_id, opened_after],
        )
        return cursor.rowcount == 1


@transaction.atomic
def _record_slowly(round_id: int, key_hash: bytes, revision: int, content: SlipContent) -> None:
    """Where the one statement wrote nothing: opens a round whose time has come, or says what is the matter."""
    round = _lock(round_id, Phase.OPEN)
    _settle(round)
    seal = round.seal()
    if not _upsert(round_id, key_hash, revision, seal.close(content)):
        stored_revision, sealed = Slip.objects.values_list("revision", "sealed").get(round=round, key_hash=key_hash)
        if seal.open(sealed) != content:
            raise ChangedElsewhere(stored_revision)


def stored_slip(*, round_id: int, code: str, instrument: Instrument, key: str) -> tuple[int, SlipContent] | None:
    """Revision and content of the slip with this key; None where there is none, or no more.

    Raises SealLost where it cannot be read.
    """
    found = Slip.objects.filter(round=round_id, key_hash=hash_of(key)).values_list("revision", "sealed")
    return next(((revision, Seal.of(code, instrument).open(sealed)) for revision, sealed in found), None)


@transaction.atomic
def show_comments(*, round_id: int, by: User | None = None) -> None:
    """From here on no slip is added, changed or removed.

    Raises WrongPhase unless the round is stopped (or its comments are shown already) with slips enough,
    and SealLost where they could not be read anyway.
    """
    round = _lock(round_id, Phase.STOPPED, Phase.COMMENTS)
    _settle(round)
    round.seal()
    if round.slips.count() < round.slips_needed:
        raise WrongPhase(round)
    if round.stage != Phase.COMMENTS:
        _note(Act.COMMENTS_SHOWN, round, by)
    round.stage = Phase.COMMENTS
    round.save(update_fields=["stage"])


def comments_of(*, round: Round) -> list[Comment]:
    """All comments of a round whose comments are shown, in the slips' random order.

    Raises WrongPhase in any other phase, SealLost where they cannot be read.
    """
    if round.phase != Phase.COMMENTS:
        raise WrongPhase(round)
    seal = round.seal()
    return [
        Comment(name=f"{slip.pk}-{question}", text=text, withheld=question in slip.withheld)
        for slip in round.slips.order_by("pk")
        for question, text in seal.open(slip.sealed).comments.items()
    ]


@transaction.atomic
def withhold_comments(
    *, round_id: int, withhold: Collection[str], release: Collection[str], by: User | None = None
) -> int:
    """Withholds the comments with these names and releases those; all others stay as they are.

    So two people who read at once undo nothing of each other's. Returns how many are withheld now.
    """
    round = _lock(round_id, Phase.COMMENTS)
    questions = [question.key for question in round.instrument.questions]
    slips = list(round.slips.only("withheld"))
    for slip in slips:
        mine = {question: f"{slip.pk}-{question}" for question in questions}
        slip.withheld = [q for q in questions if mine[q] in withhold or (q in slip.withheld and mine[q] not in release)]
    Slip.objects.bulk_update(slips, ["withheld"], batch_size=200)
    number = sum(len(slip.withheld) for slip in slips)
    if withhold or release:
        _note(Act.WITHHELD, round, by, detail=str(number))
    return number


@transaction.atomic
def collate(*, round_id: int, by: User | None = None) -> None:
    """Makes the table, destroys the slips and the key. Cannot be undone; doing it twice is doing it once.

    Raises WrongPhase unless comments were shown, or the slips are too few for that; SealLost where
    the slips cannot be read. Nothing has changed then.
    """
    round = _lock(round_id, Phase.STOPPED, Phase.COMMENTS, Phase.COLLATED)
    if round.stage == Phase.COLLATED:
        return
    _settle(round)
    slips = list(round.slips.all())
    if len(slips) < round.slips_needed:
        Table.objects.create(round=round, slips=len(slips), **_frame(round))
    elif round.stage == Phase.COMMENTS:
        _make_table(round, slips)
    else:
        raise WrongPhase(round)
    _finish(round, Phase.COLLATED)
    _note(Act.COLLATED, round, by)


@transaction.atomic
def end_overdue(*, round_id: int) -> Phase:
    """Writes down what time has done: stopped after 14 days, ended without a table after 28. Returns the phase."""
    round = Round.objects.locked().get(pk=round_id)
    phase = round.phase
    _settle(round)
    if phase == Phase.ENDED and round.stage != Phase.ENDED:
        _finish(round, Phase.ENDED)
        _note(Act.ENDED, round, None)
    elif phase != round.stage:
        round.stage = phase
        round.save(update_fields=["stage"])
    return phase


def _note(act: Act, round: Round, by: User | None, detail: str = "") -> None:
    """Into the area's record: which step, by whom; never a slip, nor what one says."""
    Entry.objects.write(act, by=by, meeting=round.meeting, detail=detail)


def _lock(round_id: int, *allowed: Phase) -> Round:
    round = Round.objects.locked().get(pk=round_id)
    if round.phase not in allowed:
        raise WrongPhase(round)
    return round


def _settle(round: Round) -> None:
    """A round that opened by itself is written down as open before anything else happens to it."""
    if round.stage == Phase.PLANNED and round.opens_at and round.phase != Phase.PLANNED:
        _begin(round, at=round.opens_at)


def _begin(round: Round, *, at: datetime) -> None:
    round.stage, round.opened_at, round.threshold = Phase.OPEN, at, round.slips_needed
    if round.phase == Phase.OPEN:  # and not one whose time has passed before anybody came
        seals.create_key(round.code)
    round.save(update_fields=["stage", "opened_at", "threshold"])


def _frame(round: Round) -> dict[str, int | None]:
    return {"threshold": round.slips_needed, "present": round.meeting.present}


def _make_table(round: Round, slips: list[Slip]) -> None:
    seal, instrument = round.seal(), round.instrument
    contents = [seal.open(slip.sealed) for slip in slips]
    counts = hide_small(count((content.answers for content in contents), instrument), round.slips_needed)
    printed: dict[str, list[str]] = {question.key: [] for question in instrument.questions}
    withheld = 0
    for slip, content in zip(slips, contents, strict=True):
        for question, text in content.comments.items():
            if question in slip.withheld:
                withheld += 1
            else:
                printed[question].append(text)
    for texts in printed.values():
        random.SystemRandom().shuffle(texts)
    Table.objects.create(
        round=round,
        slips=counts.slips,
        tallies=counts.tallies,
        comments=printed,
        withheld=withheld,
        **_frame(round),
    )


def _finish(round: Round, stage: Phase) -> None:
    """Deletes the slips; once that is committed, destroys the key."""
    round.slips.all().delete()
    round.stage = stage
    round.save(update_fields=["stage"])
    transaction.on_commit(partial(seals.destroy_key, round.code))
