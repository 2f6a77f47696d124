"""What must not outlive a round: its slips, what is left of them in the database's files, its key."""

from __future__ import annotations

import logging
from functools import partial

from django.db import Error, connection, transaction
from django.utils import timezone

from feedback.anonymity import seals
from feedback.models import Phase, Round, SingleUseCode, Slip
from feedback.models.rounds import ENDS_AFTER

_log = logging.getLogger("together")


# SQLite: `secure_delete` has blanked the rows already; then nothing of them is left in pages, and then in the log.
# PostgreSQL: the rows' room is free; what they said lingers until it is used again, sealed by a key that is gone.
_STATEMENTS = {
    "sqlite": ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "postgresql": (f"VACUUM {Slip._meta.db_table}, {SingleUseCode._meta.db_table}",),
}


def destroy_slips(round: Round) -> None:
    """Deletes slips and single-use codes; once that is committed destroys the key, and then sweeps."""
    slips, _of_each = round.slips.all().delete()
    codes, _of_each = round.codes.all().delete()
    transaction.on_commit(partial(seals.destroy_key, round.code))
    if slips or codes:
        transaction.on_commit(sweep)


def sweep() -> bool:
    """Leaves as little of deleted rows in the database's files as it lets us. Whether it could.

    If not, the log says so, and `manage.py daily` does it: nothing that went before fails by it.
    """
    try:
        obstacle = "a transaction is open" if connection.in_atomic_block else _sweep()
    except Error as error:
        obstacle = str(error)
    if obstacle:
        _log.warning("Deleted rows were not swept out of the database's files (%s): manage.py daily does it.", obstacle)
    return not obstacle


def _sweep() -> str:
    """What was in the way; nothing if all is swept."""
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]:
            cursor.execute(statement)
        is_busy = cursor.description and cursor.fetchone()[0]
    return "somebody is reading" if is_busy else ""


def destroy_outlived() -> list[bool]:
    """Destroys keys that outlived their rounds, after a power cut perhaps. For each, whether it is gone now."""
    return [seals.destroy_key(name) for name in _outlived()]


def _outlived() -> list[str]:
    """Keys of finished rounds; and keys that belong to no round here, once no round anywhere can need them."""
    keys = seals.kept_keys()
    known = dict(Round.objects.filter(code__in=keys).values_list("code", "stage"))
    finished = {code for code, stage in known.items() if stage in {Phase.COLLATED, Phase.ENDED}}
    oldest = timezone.now() - ENDS_AFTER
    return sorted(name for name, made in keys.items() if name in finished or (name not in known and made < oldest))


def mend_at_start() -> None:
    """What a crash left undone between a table and the end of its key. A server starts even where it cannot."""
    try:
        destroy_outlived()
    except Error as error:
        _log.warning("Keys of finished rounds were not looked for (%s): run manage.py daily.", type(error).__name__)
