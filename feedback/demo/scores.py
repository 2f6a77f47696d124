"""Invented slips, the same at every telling, on the way that every slip goes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from feedback.anonymity.phone_keys import hash_of, new_key
from feedback.anonymity.seals import SlipContent
from feedback.demo.people import PEOPLE
from feedback.models import Phase, Round
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from partnerships.models import User


def score(
    round: Round,
    slips: int,
    shares: Sequence[int],
    comments: Sequence[str],
    *,
    differing: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Takes a round to its table. `shares`: of 100 answers how many are (yes, needs improvement, no, blank);
    `differing`: those of statements where it is otherwise. The first slips have the comments."""
    by = User.objects.for_email(PEOPLE["minute_taker"].email)
    if round.phase == Phase.PLANNED:
        scoring.open_round(round_id=round.pk, by=by)
        round.refresh_from_db()
    if round.phase == Phase.OPEN:
        for number in range(round.slips.count(), slips):
            _send(round, number, {**dict.fromkeys(_keys(round), shares), **(differing or {})}, comments)
        scoring.stop_round(round_id=round.pk, by=by)
        round.refresh_from_db()
    if round.phase == Phase.STOPPED:
        reading.show_comments(round_id=round.pk, by=by)
        round.refresh_from_db()
    if round.phase == Phase.COMMENTS:
        scoring.collate(round_id=round.pk, by=by)


def _keys(round: Round) -> list[str]:
    return [statement.key for statement in round.instrument.statements]


def _send(round: Round, number: int, shares: Mapping[str, Sequence[int]], comments: Sequence[str]) -> None:
    chance = random.Random(f"{round.when} {number}")  # noqa: S311  (invented scores, no secret)
    options = [*(option.key for option in round.instrument.scale), ""]
    answers = {key: chance.choices(options, shares[key])[0] for key in _keys(round)}
    comment = comments[number] if number < len(comments) else ""
    scoring.record_slip(
        round_id=round.pk,
        code=round.code,
        instrument=round.instrument,
        key_hash=hash_of(new_key(round.code)),
        revision=1,
        content=SlipContent(
            answers={statement: option for statement, option in answers.items() if option},
            comments={"comment": comment} if comment else {},
        ),
    )
