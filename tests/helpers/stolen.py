"""What lies on the disks of whoever keeps the database: rows with their hidden columns, files, write-ahead log."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

from feedback.models import Round, Slip
from tests.actors.intruder import Row

SEGMENT = 16 * 2**20
MOST_OF_THE_LOG = 8  # segments: others write into PostgreSQL's too

_SLIPS = Slip._meta.db_table
_ROWS = {
    "sqlite": f"SELECT rowid, 0, id, key_hash, revision, sealed, on_paper FROM {_SLIPS} WHERE round_id = %s",
    "postgresql": f"SELECT ctid, xmin::text::bigint, id, key_hash, revision, sealed, on_paper FROM {_SLIPS}"
    " WHERE round_id = %s",
}
# All files of tables, indexes and overflow that are not PostgreSQL's own.
_HEAPS = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE relkind IN ('r', 't', 'i') AND oid >= 16384 AND pg_relation_size(oid) > 0 ORDER BY oid
"""


def dump(round: Round) -> dict[bytes, Row]:
    """{hash of a key: its slip} of one round."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS[connection.vendor], [round.pk])
        found = [_row(*values) for values in cursor.fetchall()]
    return {row.key_hash: row for row in found}


def _row(place: int | str, xmin: int, id: int, key_hash: bytes, revision: int, sealed: bytes, on_paper: bool) -> Row:
    numbers = str(place).strip("()").split(",")
    return Row(id, tuple(map(int, numbers)), xmin, bytes(key_hash), revision, bytes(sealed), bool(on_paper))


class Disk:
    """The database's files. What they held before `start` is not this test's."""

    def __init__(self) -> None:
        self.since = 0
        self.holder = f"intruder_{os.getpid()}"

    def start(self) -> None:
        if connection.vendor == "sqlite":
            _ask("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        self.let_go()
        _ask(f"SELECT pg_create_physical_replication_slot('{self.holder}', true, true)")
        self.since = _ask("SELECT pg_current_wal_insert_lsn() - '0/0'")[0][0]

    def let_go(self) -> None:
        """PostgreSQL may forget its log again. Until then no checkpoint takes a part of it away."""
        if connection.vendor == "postgresql":
            mine = f"FROM pg_replication_slots WHERE slot_name = '{self.holder}'"
            _ask(f"SELECT pg_drop_replication_slot(slot_name) {mine}")

    def files(self) -> dict[str, bytes]:
        """All bytes of the database, and of its write-ahead log as it was before it was copied into the database."""
        if connection.vendor == "sqlite":
            name = connection.settings_dict["NAME"]
            log = Path(f"{name}-wal").read_bytes()
            _ask("PRAGMA wal_checkpoint")
            return {"database": Path(name).read_bytes(), "log": log}
        log = self._wal()
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        return {"database": b"".join(bytes(content) for (content,) in _ask(_HEAPS)), "log": log}

    def tidy_itself(self, on: bool) -> None:
        """Whether the server tidies, at a moment of its own: that would make each run another one."""
        if connection.vendor == "sqlite":
            _ask(f"PRAGMA wal_autocheckpoint = {1000 if on else 0}")
            return
        how = ", ".join(f"{table}autovacuum_enabled = {on}" for table in ("", "toast."))
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {_SLIPS} SET ({how})")

    def _wal(self) -> bytes:
        """PostgreSQL's log since the start: the segments that it lies in."""
        end = _ask("SELECT pg_current_wal_insert_lsn() - '0/0'")[0][0]
        first, last = int(self.since) // SEGMENT, int(end) // SEGMENT
        segments = range(first, min(last + 1, first + MOST_OF_THE_LOG))
        skip = int(self.since) % SEGMENT  # and behind the end lies what the file held when it was used before
        return b"".join(_segment(number) for number in segments)[skip : skip + int(end - self.since)]


def _segment(number: int) -> bytes:
    """One file of PostgreSQL's log."""
    name = f"'pg_wal/' || pg_walfile_name('0/0'::pg_lsn + {number * SEGMENT + 1})"
    return bytes(_ask(f"SELECT pg_read_binary_file({name})")[0][0])


def _ask(question: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()
