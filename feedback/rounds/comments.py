"""Comments, between the stop and the table: shown shuffled, withheld or blacked out, all undone until collation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from feedback.anonymity.seals import Edit, Seal
from feedback.models import Phase, Round, Slip
from feedback.rounds.phases import WrongPhase, lock, note, settle
from feedback.rounds.redaction import as_printed
from partnerships.models import Act, User


@dataclass(frozen=True)
class Comment:
    """One comment on a slip, as the minute-taker reads it. `name` is that of its fields in the form."""

    name: str
    text: str
    edit: Edit | None

    @property
    def printed(self) -> str | None:
        """As the table prints it; None where it is withheld."""
        return as_printed(self.text, self.edit)


@transaction.atomic
def show_comments(*, round_id: int, by: User | None = None) -> None:
    """From here on no slip is added, changed or removed.

    Raises WrongPhase unless the round is stopped (or its comments are shown already) with slips enough,
    and SealLost where they could not be read anyway.
    """
    round = lock(round_id, Phase.STOPPED, Phase.COMMENTS)
    settle(round)
    round.seal()
    if round.slips.count() < round.slips_needed:
        raise WrongPhase(round)
    if round.stage != Phase.COMMENTS:
        note(Act.COMMENTS_SHOWN, round, by)
    round.stage = Phase.COMMENTS
    round.save(update_fields=["stage"])


def comments_of(*, round: Round) -> list[Comment]:
    """All comments of a round whose comments are shown, in an order and under names that tell nothing of the slips.

    Raises WrongPhase in any other phase, SealLost where they cannot be read.
    """
    if round.phase != Phase.COMMENTS:
        raise WrongPhase(round)
    seal = round.seal()
    found = [
        Comment(name=_name(seal, slip, question), text=text, edit=content.edits.get(question))
        for slip in round.slips.all()
        for content in (seal.open(slip.sealed),)
        for question, text in content.comments.items()
    ]
    return sorted(found, key=lambda comment: comment.name)


@transaction.atomic
def edit_comments(*, round_id: int, changes: Mapping[str, Edit | None], by: User | None = None) -> None:
    """Edits the comments with these names, or with None prints them as written; all others stay as they are.

    So two people who read at once undo nothing of each other's. Raises WrongPhase unless comments are
    shown and the table is not made, SealLost where they cannot be read.
    """
    round = lock(round_id, Phase.COMMENTS)
    seal = round.seal()
    slips, acts = list(round.slips.order_by("pk")), Counter[tuple[Act, str]]()
    for slip in slips:
        content = seal.open(slip.sealed)
        edits = {
            question: changes.get(_name(seal, slip, question), content.edits.get(question))
            for question in content.comments
        }
        slip.sealed = seal.close(replace(content, edits={name: edit for name, edit in edits.items() if edit}))
        acts.update(_act_of(edit) for question, edit in edits.items() if edit != content.edits.get(question))
    if acts:  # Every slip is written anew, or the write-ahead log would tell whose comment was edited.
        round.slips.bulk_update(slips, ["sealed"])
    for (act, reason), times in acts.items():
        note(act, round, by, reason, times=times)


def _name(seal: Seal, slip: Slip, question: str) -> str:
    return f"{seal.alias(slip.pk)}-{question}"


def _act_of(edit: Edit | None) -> tuple[Act, str]:
    """What the record says of a change, and why: never the words."""
    if edit is None:
        return Act.COMMENT_RELEASED, ""
    return (Act.WITHHELD if edit.withholds else Act.BLACKED_OUT), edit.reason
