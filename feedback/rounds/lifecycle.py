"""What happens to a round and its slips, from open to collated.

Each step is one transaction that locks the round's row first, so that two people who press at once act
one after the other; `by` goes into the area's record. A slip is one statement that shares that lock with
other phones: it waits for a stop, or a stop for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from feedback.anonymity.randomness import chance, random_id
from feedback.anonymity.seals import Seal, SealLost, SlipContent
from feedback.models import Phase, Round, SingleUseCode, Slip, Table
from feedback.models.rounds import STOPS_AFTER
from feedback.rounds.destruction import destroy_slips
from feedback.rounds.phases import WrongPhase, begin, lock, note, require_meeting, settle
from feedback.rounds.redaction import as_printed
from feedback.rounds.single_use_codes import require_codes
from feedback.scores.collation import count, hide_small
from feedback.scores.instruments import Instrument
from feedback.trends.standings import keep_standings
from partnerships.models import Act, User


class ChangedElsewhere(Exception):
    """A slip with this key and revision, or a later one, says something else; `revision` is the stored one."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class NeedsExplanation(Exception):
    """There are more slips than people present, and nobody has said why."""


class UnknownCode(Exception):
    """The round takes slips with one of its single-use codes alone, and this is none of them."""


@transaction.atomic
def open_round(*, round_id: int, by: User | None = None) -> None:
    """Opens now, or opens again after a stop. Raises WrongPhase once comments were shown or time is up,
    CalledOff, NoCodes where phones need one and there is none, and SealLost where no key can be made."""
    round = lock(round_id, Phase.PLANNED, Phase.OPEN, Phase.STOPPED)
    before = round.phase
    require_meeting(round)
    if before == Phase.PLANNED:
        require_codes(round)
        begin(round, at=timezone.now())
    elif before == Phase.STOPPED and not round.may_reopen:
        raise WrongPhase(round)
    settle(round)
    round.stage = Phase.OPEN
    round.save(update_fields=["stage"])
    if before != Phase.OPEN:
        note(Act.OPENED, round, by)


@transaction.atomic
def schedule_round(*, round_id: int, opens_at: datetime | None, by: User | None = None) -> None:
    """Sets the time at which it opens by itself; None takes it back.

    Raises WrongPhase once it has opened, CalledOff, and NoCodes where phones need one and there is none, which
    nobody would notice.
    """
    round = lock(round_id, Phase.PLANNED)
    if opens_at:
        require_meeting(round)
        require_codes(round)
    round.opens_at = opens_at
    round.save(update_fields=["opens_at"])
    note(Act.SCHEDULED, round, by)


@transaction.atomic
def stop_round(*, round_id: int, by: User | None = None) -> None:
    """Refuses phones from now on. Stopping twice is stopping once."""
    round = lock(round_id, Phase.OPEN, Phase.STOPPED)
    if round.phase == Phase.OPEN:
        note(Act.STOPPED, round, by)
    settle(round)
    round.stage = Phase.STOPPED
    round.save(update_fields=["stage"])


@transaction.atomic
def record_present(*, round_id: int, present: int | None) -> None:
    """Puts down how many people are there, or are asked about the year. Raises WrongPhase once that is finished."""
    round = lock(round_id, Phase.PLANNED, Phase.OPEN, Phase.STOPPED, Phase.COMMENTS)
    occasion = round.occasion
    type(occasion).objects.filter(pk=occasion.pk).update(present=present)


def record_slip(
    *, round_id: int, code: str, instrument: Instrument, key_hash: bytes, revision: int, content: SlipContent
) -> None:
    """Stores one slip, or replaces the one with the same key if this revision is higher.

    `code` and `instrument` are the round's; `key_hash` is that of the phone's key, or of the single-use
    code where the round has such. The same slip sent again changes nothing. Raises WrongPhase unless the
    round is open, UnknownCode where it has no such code, ChangedElsewhere where the stored slip is as new
    or newer and says something else, and SealLost where the round's key is gone. Nothing is stored then.
    """
    try:
        sealed = Seal.of(code, instrument).close(content)
    except SealLost:  # or the first slip of a round that opened by itself
        sealed = b""
    if not (sealed and _upsert(round_id, key_hash, revision, sealed)):
        _record_slowly(round_id, key_hash, revision, content)


def _upsert(round_id: int, key_hash: bytes, revision: int, sealed: bytes) -> bool:
    """One statement: writes the slip if the round is open to it and no revision as high is there. Whether it did.

    The round's row is locked against a stop at the same moment, but not against other phones.
    """
    rounds, slips, codes = (model._meta.db_table for model in (Round, Slip, SingleUseCode))
    share = f"FOR SHARE OF {rounds}" if connection.features.has_select_for_update else ""
    opened_after = connection.ops.adapt_datetimefield_value(timezone.now() - STOPS_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {slips} (id, round_id, key_hash, revision, sealed, on_paper)
            SELECT %s, id, %s, %s, %s, %s FROM {rounds}
            WHERE id = %s AND stage = 'open' AND opened_at > %s
            AND (NOT uses_codes OR EXISTS (SELECT 1 FROM {codes} WHERE round_id = {rounds}.id AND code_hash = %s))
            {share}
            ON CONFLICT (round_id, key_hash) DO UPDATE
            SET revision = excluded.revision, sealed = excluded.sealed
            WHERE {slips}.revision < excluded.revision
            """,  # noqa: S608  (names of our own tables; every value is a parameter)
            [random_id(), key_hash, revision, sealed, False, round_id, opened_after, key_hash],
        )
        return cursor.rowcount == 1


@transaction.atomic
def _record_slowly(round_id: int, key_hash: bytes, revision: int, content: SlipContent) -> None:
    """Where the one statement wrote nothing: opens a round whose time has come, or says what is the matter."""
    round = lock(round_id, Phase.OPEN)
    settle(round)
    if round.uses_codes and not round.codes.filter(code_hash=key_hash).exists():
        raise UnknownCode
    seal = round.seal()
    if not _upsert(round_id, key_hash, revision, seal.close(content)):
        stored_revision, sealed = Slip.objects.values_list("revision", "sealed").get(round=round, key_hash=key_hash)
        if seal.open(sealed) != content:
            raise ChangedElsewhere(stored_revision)


def stored_slip(*, round_id: int, code: str, instrument: Instrument, key_hash: bytes) -> tuple[int, SlipContent] | None:
    """Revision and content of the slip with this hash; None where there is none, or no more.

    Raises SealLost where it cannot be read.
    """
    found = Slip.objects.filter(round=round_id, key_hash=key_hash).values_list("revision", "sealed")
    return next(((revision, Seal.of(code, instrument).open(sealed)) for revision, sealed in found), None)


@transaction.atomic
def collate(*, round_id: int, explanation: str = "", by: User | None = None) -> None:
    """Makes the table, destroys the slips and the key. Cannot be undone; doing it twice is doing it once.

    Raises WrongPhase unless comments were shown, or the slips are too few for that; NeedsExplanation where
    there are more slips than people present and no `explanation`; SealLost where the slips cannot be read.
    Nothing has changed then.
    """
    round = lock(round_id, Phase.STOPPED, Phase.COMMENTS, Phase.COLLATED)
    if round.stage == Phase.COLLATED:
        return
    settle(round)
    slips = list(round.slips.order_by("pk"))
    present = round.occasion.present
    exceed = present is not None and len(slips) > present
    if exceed and not explanation:
        raise NeedsExplanation
    frame = {"threshold": round.slips_needed, "present": present, "explanation": explanation if exceed else ""}
    if len(slips) < round.slips_needed:
        Table.objects.create(round=round, slips=len(slips), **frame)
    elif round.stage == Phase.COMMENTS:
        _make_table(round, slips, frame)
    else:
        raise WrongPhase(round)
    _finish(round, Phase.COLLATED)
    if round.meeting:
        keep_standings(round.meeting.partnership_id)
    note(Act.COLLATED, round, by)


@transaction.atomic
def end_overdue(*, round_id: int) -> Phase:
    """Writes down what time has done: stopped after 14 days, ended without a table after 28. Returns the phase."""
    round = Round.objects.locked().get(pk=round_id)
    phase = round.phase
    settle(round)
    if phase == Phase.ENDED and round.stage != Phase.ENDED:
        _finish(round, Phase.ENDED)
        note(Act.ENDED, round, None)
    elif phase != round.stage:
        round.stage = phase
        round.save(update_fields=["stage"])
    return phase


def _make_table(round: Round, slips: list[Slip], frame: dict[str, Any]) -> None:
    seal, instrument = round.seal(), round.instrument
    contents = [seal.open(slip.sealed) for slip in slips]
    counts = hide_small(count((content.answers for content in contents), instrument), round.slips_needed)
    printed: dict[str, list[str]] = {question.key: [] for question in instrument.questions}
    for content in contents:
        for question, text in content.comments.items():
            left = as_printed(text, content.edits.get(question))
            if left is not None:
                printed[question].append(left)
    for texts in printed.values():
        chance.shuffle(texts)
    edits = [edit for content in contents for edit in content.edits.values()]
    withheld = sum(edit.withholds for edit in edits)
    Table.objects.create(
        round=round,
        slips=counts.slips,
        tallies=counts.tallies,
        comments=printed,
        withheld=withheld,
        blacked_out=len(edits) - withheld,
        **frame,
    )


def _finish(round: Round, stage: Phase) -> None:
    """Nothing is left of the round but its table."""
    destroy_slips(round)
    round.stage = stage
    round.save(update_fields=["stage"])
