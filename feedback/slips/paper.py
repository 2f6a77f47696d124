"""Slips on paper, typed in by the minute-taker until comments are shown.

Once the table is made they are counted like any other. Until then a row of the page is one slip, named by
32 random bytes that take the place of a phone's key: the same row sent twice is one slip.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from feedback.anonymity.seals import Seal, SlipContent
from feedback.models import Phase, Round, Slip
from feedback.rounds.phases import WrongPhase, lock, note, settle
from partnerships.models import Act, Entry, User

TYPED_IN = (Phase.OPEN, Phase.STOPPED)


class RowChanged(Exception):
    """Somebody else changed or removed this row, or its name is not that of a slip on paper."""


@dataclass(frozen=True)
class PaperSlip:
    name: bytes
    revision: int
    content: SlipContent


def paper_slips(*, round: Round) -> list[PaperSlip]:
    """The slips on paper in the order of typing.

    Raises WrongPhase where none can be typed in, SealLost where they cannot be read.
    """
    if round.phase not in TYPED_IN:
        raise WrongPhase(round)
    stored = list(round.slips.filter(on_paper=True))
    if not stored:  # and perhaps no key yet
        return []
    seal = round.seal()
    return sorted((_opened(slip, seal) for slip in stored), key=lambda slip: slip.content.number)


@transaction.atomic
def record_paper_slip(
    *, round_id: int, name: bytes, revision: int, content: SlipContent, by: User | None = None
) -> PaperSlip:
    """Stores a row, or replaces it where this revision is higher. Returns the slip as it is stored now.

    `content.number` is the row's, 0 where it has none yet: then it gets the next. The same content again
    changes nothing. Raises WrongPhase unless paper slips are typed in, RowChanged where the row was changed or
    removed meanwhile, and SealLost where the round's key is gone. Nothing is stored then.
    """
    round = lock(round_id, *TYPED_IN)
    settle(round)
    seal = round.seal()
    slip = round.slips.filter(key_hash=name).first()
    if slip is None:
        slip = _new_slip(round, name, content, seal)
    elif not slip.on_paper:
        raise RowChanged
    else:
        before = seal.open(slip.sealed)
        content = replace(content, number=before.number)
        if content == before:
            return PaperSlip(name, slip.revision, before)
        if revision <= slip.revision:
            raise RowChanged
        slip.sealed = seal.close(content)
    slip.revision = revision
    slip.save()
    _note(round, by)
    return _opened(slip, seal)


@transaction.atomic
def remove_paper_slip(*, round_id: int, name: bytes, by: User | None = None) -> None:
    """Removes a row; one that is gone already stays gone.

    Raises WrongPhase unless paper slips are typed in, SealLost where a round that opened by itself has no key.
    """
    round = lock(round_id, *TYPED_IN)
    settle(round)
    removed, _ = round.slips.filter(key_hash=name, on_paper=True).delete()
    if removed:
        _note(round, by)


def _new_slip(round: Round, name: bytes, content: SlipContent, seal: Seal) -> Slip:
    if content.number:  # it was stored once, so somebody removed it
        raise RowChanged
    last = max((seal.open(slip.sealed).number for slip in round.slips.filter(on_paper=True)), default=0)
    return Slip(round=round, key_hash=name, on_paper=True, sealed=seal.close(replace(content, number=last + 1)))


def _opened(slip: Slip, seal: Seal) -> PaperSlip:
    return PaperSlip(bytes(slip.key_hash), slip.revision, seal.open(slip.sealed))


def _note(round: Round, by: User | None) -> None:
    """One line for all that a person types between two other steps: the record does not count slips on paper."""
    so_far = Entry.objects.filter(meeting=round.meeting_id, year=round.year_id)
    since = so_far.exclude(act=Act.PAPER_TYPED).values_list("pk", flat=True).order_by("-pk").first() or 0
    if not so_far.filter(act=Act.PAPER_TYPED, by=by, pk__gt=since).exists():
        note(Act.PAPER_TYPED, round, by)
