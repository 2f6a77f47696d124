"""Single-use codes: where it matters, a phone needs one off a slip of paper. The paper alone knows them.

A link limits phones, not people. The database keeps hashes of the codes, in an order that tells nothing of
the order on paper; who got which is written down nowhere.
"""

from __future__ import annotations

from django.db import transaction

from feedback.anonymity.codes import new_single_use_code
from feedback.anonymity.phone_keys import hash_of_code
from feedback.anonymity.randomness import chance
from feedback.models import Phase, Round, SingleUseCode
from feedback.rounds.phases import lock, note
from partnerships.models import Act, User

MOST_AT_ONCE = 500
MOST_IN_A_ROUND = 2000


class NotInUse(Exception):
    """Phones score in this round without a code."""


class NoCodes(Exception):
    """Phones need a single-use code in this round, and nobody has printed any: nobody could score."""


class TooMany(Exception):
    """The round would have more codes than it may; `number` is how many it has."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@transaction.atomic
def choose_codes(*, round_id: int, wanted: bool, by: User | None = None) -> None:
    """Whether phones need a single-use code; choosing what is chosen already changes nothing.

    Once chosen, the round opens by itself only when a time is set anew, with codes printed. Without them all
    codes printed so far are invalid. Raises WrongPhase once the round has opened.
    """
    round = lock(round_id, Phase.PLANNED)
    if round.uses_codes == wanted:
        return
    round.uses_codes = wanted
    if wanted:
        round.opens_at = None
    else:
        round.codes.all().delete()
    round.save(update_fields=["uses_codes", "opens_at"])
    note(Act.CODES_ON if wanted else Act.CODES_OFF, round, by)


@transaction.atomic
def discard_codes(*, round_id: int, by: User | None = None) -> None:
    """Makes all codes printed so far invalid. Raises WrongPhase once the round has opened, NotInUse without codes."""
    if not lock(round_id, Phase.PLANNED).uses_codes:
        raise NotInUse
    choose_codes(round_id=round_id, wanted=False, by=by)
    choose_codes(round_id=round_id, wanted=True, by=by)


@transaction.atomic
def make_codes(*, round_id: int, number: int, by: User | None = None) -> list[str]:
    """New codes, in random order, for whoever prints them: nobody can have them again.

    Raises WrongPhase once the round has stopped, NotInUse where phones need none, TooMany where the round
    would have more than MOST_IN_A_ROUND.
    """
    round = lock(round_id, Phase.PLANNED, Phase.OPEN)
    if not round.uses_codes:
        raise NotInUse
    taken = {bytes(code_hash) for code_hash in round.codes.values_list("code_hash", flat=True)}
    if len(taken) + number > MOST_IN_A_ROUND:
        raise TooMany(len(taken))
    made = _new_codes(round, number, taken)
    hashes, codes = list(made), list(made.values())
    chance.shuffle(hashes)
    chance.shuffle(codes)
    SingleUseCode.objects.bulk_create(SingleUseCode(round=round, code_hash=code_hash) for code_hash in hashes)
    note(Act.CODES_PRINTED, round, by, detail=str(number))
    return codes


def _new_codes(round: Round, number: int, taken: set[bytes]) -> dict[bytes, str]:
    """{hash: code}, so many that are not taken yet."""
    made: dict[bytes, str] = {}
    while len(made) < number:
        drawn = [new_single_use_code() for _ in range(number - len(made))]
        hashed = {hash_of_code(code, code=round.code): code for code in drawn}
        made |= {code_hash: hashed[code_hash] for code_hash in hashed.keys() - taken}
    return made


def require_codes(round: Round) -> None:
    """Raises NoCodes where phones need a code and there is none."""
    if round.uses_codes and not round.codes.exists():
        raise NoCodes
