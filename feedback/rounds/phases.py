"""What every step of a round has in common: it locks the round's row, checks the phase, notes who did it."""

from __future__ import annotations

from datetime import datetime

from feedback.anonymity import seals
from feedback.models import Phase, Round
from partnerships.models import Act, Entry, User


class WrongPhase(Exception):
    """The round is not in a phase where this can be done; `round` as it is, `phase` in short."""

    def __init__(self, round: Round) -> None:
        super().__init__(round.phase)
        self.round = round
        self.phase = round.phase


class CalledOff(Exception):
    """The meeting will not take place, so there is nothing to score."""


def lock(round_id: int, *allowed: Phase) -> Round:
    """The round, which nobody else changes until this transaction ends. Raises WrongPhase in any other phase."""
    round = Round.objects.locked().get(pk=round_id)
    if round.phase not in allowed:
        raise WrongPhase(round)
    return round


def settle(round: Round) -> None:
    """A round that opened by itself is written down as open before anything else happens to it."""
    if round.stage == Phase.PLANNED and round.opens_at and round.phase != Phase.PLANNED:
        begin(round, at=round.opens_at)


def begin(round: Round, *, at: datetime) -> None:
    """Writes a round down as open, and makes its key. Raises SealLost where none can be made."""
    round.stage, round.opened_at, round.threshold = Phase.OPEN, at, round.slips_needed
    if round.phase == Phase.OPEN:  # and not one whose time has passed before anybody came
        seals.create_key(round.code)
    round.save(update_fields=["stage", "opened_at", "threshold"])


def note(act: Act, round: Round, by: User | None, detail: str = "", *, times: int = 1) -> None:
    """Into the area's record: which step, by whom; never a slip, nor what one says."""
    Entry.objects.write(act, by=by, meeting=round.meeting, year=round.year, detail=detail, times=times)


def require_meeting(round: Round) -> None:
    """Raises CalledOff where the meeting will not take place."""
    if round.meeting and round.meeting.called_off_on:
        raise CalledOff
