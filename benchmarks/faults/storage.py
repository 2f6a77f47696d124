"""A database that is locked, and a disk that is full: no false receipt, and all well afterwards without a restart."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html import escape
from pathlib import Path

from django.db import connection

from faults.phones import RECEIPT, Findings, Letter, Writer, all_at_once, open_round, send
from faults.posts import Verdict
from faults.site import Site
from feedback.models import Round, Slip

SECONDS_LOCKED = 10
# What holds the lock is a process of its own: it says when it has it, and lets go after so many seconds.
_HOLD_SQLITE = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE"); print("locked", flush=True); time.sleep(float(sys.argv[2]))
"""
_HOLD_PG = """
import psycopg, sys, time
with psycopg.connect(sys.argv[1]) as database:
    database.execute(f"LOCK TABLE {sys.argv[3]} IN ACCESS EXCLUSIVE MODE"); print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def locked(site: Site, *, phones: int = 40) -> Verdict:
    """Phones send while another process holds the database, and afterwards."""
    writer, found, round = Writer(random.Random(5)), Findings(), open_round()
    during = [writer.letter(round) for _ in range(phones)]
    after = [writer.letter(round) for _ in range(phones)]
    with _locked_for(SECONDS_LOCKED):
        all_at_once([partial(send, site, round, letter) for letter in during])
    all_at_once([partial(send, site, round, letter) for letter in after])
    found.add(round, during + after)
    waited = sum(letter.answer == RECEIPT for letter in during)
    good = _is_honest(found, during + after, round) and all(letter.answer == RECEIPT for letter in after)
    return good, f"{SECONDS_LOCKED} s locked: {waited} of {phones} waited and were stored; with those after: {found}"


@contextmanager
def _locked_for(seconds: int) -> Iterator[None]:
    if connection.vendor == "sqlite":
        arguments = [_HOLD_SQLITE, str(connection.settings_dict["NAME"]), str(seconds)]
    else:
        arguments = [_HOLD_PG, os.environ["DATABASE_URL"], str(seconds), Slip._meta.db_table]
    holder = subprocess.Popen([sys.executable, "-c", *arguments], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    holder.stdout.readline()
    yield
    holder.wait()


def full(site: Site, *, phones: int = 40) -> Verdict:
    """The disk under the slips fills up; then there is room again."""
    writer, found, round = Writer(random.Random(6)), Findings(), open_round()
    before, during, after = ([writer.letter(round) for _ in range(number)] for number in (5, phones, phones))
    try:
        with _small_disk(site) as (fill_up, make_room):
            _send_all(site, round, before)
            fill_up()
            _send_all(site, round, during)
            make_room()
            _send_all(site, round, after)
            found.add(round, before + during + after)
    except NoSmallDisk as none:
        return False, f"not tried: {none}"
    refused = sum(letter.answer == "503" for letter in during)
    good = _is_honest(found, before + during + after, round)
    good &= all(letter.answer == RECEIPT for letter in before + after) and refused > 0
    return good, f"disk full for {phones} phones: {refused} refused and shown their answers; with the others: {found}"


def _send_all(site: Site, round: Round, letters: list[Letter]) -> None:
    all_at_once([partial(send, site, round, letter) for letter in letters])


def _is_honest(found: Findings, letters: list[Letter], round: Round) -> bool:
    """Whoever got no receipt got their words back, on a page that does not say "Sent"."""
    told = all(
        "Sent. Thank you" not in letter.page and escape(letter.said.comments["comment"]) in letter.page
        for letter in letters
        if letter.answer != RECEIPT
    )
    acknowledged = sum(letter.answer == RECEIPT for letter in letters)
    return told and found.good and found.stored == acknowledged and found.answers.keys() <= {RECEIPT, "503"}


class NoSmallDisk(Exception):
    """None can be had here: it takes root, and mount."""


Act = Callable[[], object]


@contextmanager
def _small_disk(site: Site) -> Iterator[tuple[Act, Act]]:
    """Puts the slips onto a small disk; gives what fills it to the last byte, and what makes room again."""
    with tempfile.TemporaryDirectory(prefix="together-disk-") as name:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", name], capture_output=True)
        if mounted.returncode:
            raise NoSmallDisk(mounted.stderr.decode().strip())
        filler = Path(name) / "filler"
        try:
            with _sqlite_on(site, Path(name)) if connection.vendor == "sqlite" else _slips_on(Path(name)):
                yield partial(_fill, filler), filler.unlink
        finally:
            subprocess.run(["umount", name], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (2**16, 2**12, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


@contextmanager
def _sqlite_on(site: Site, disk: Path) -> Iterator[None]:
    """The database's whole folder, as it stands: the site is started anew on it, and this process looks there."""
    database = Path(connection.settings_dict["NAME"])
    site.stop()
    connection.close()
    subprocess.run(["cp", *database.parent.glob(f"{database.name}*"), disk], check=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{disk / database.name}"
    connection.settings_dict["NAME"] = str(disk / database.name)
    site.start()
    try:
        yield
    finally:
        site.stop()
        connection.close()
        del os.environ["DATABASE_URL"]
        connection.settings_dict["NAME"] = str(database)


@contextmanager
def _slips_on(disk: Path) -> Iterator[None]:
    """PostgreSQL's table of slips, in a tablespace there."""
    table = Slip._meta.db_table
    disk.chmod(0o711)
    home = disk / "pg"
    home.mkdir()
    subprocess.run(["chown", "postgres", home], check=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLESPACE IF EXISTS together_faults")
        cursor.execute(f"CREATE TABLESPACE together_faults LOCATION '{home}'")
        try:
            cursor.execute(f"ALTER TABLE {table} SET TABLESPACE together_faults")
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE together_faults")
