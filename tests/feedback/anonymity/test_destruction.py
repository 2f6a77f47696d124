"""Sealed to the last byte: what is left of slips after the table, after a crash, and in a restored backup."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import OperationalError, connection

from feedback.anonymity import seals
from feedback.models import Round, SingleUseCode, Slip, Table
from feedback.rounds import comments as reading
from feedback.rounds import destruction as sweeping
from feedback.rounds.destruction import mend_at_start, sweep
from tests.actors.desks import Desk
from tests.actors.phones import Phone, address, all_, collate, open_, score, text_of
from tests.factories import MeetingFactory

on_real_files = pytest.mark.django_db(transaction=True)
sqlite_alone = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's heap may keep dead ciphertext")
SEALED = "This round is sealed for good: the key that could open its slips was destroyed when the table was made"


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


def on_disk() -> bytes:
    """The database's file and its write-ahead log, as somebody who steals the disk reads them."""
    name = Path(connection.settings_dict["NAME"])
    return name.read_bytes() + Path(f"{name}-wal").read_bytes()


def pieces(*secrets: bytes) -> set[bytes]:
    """Each secret in parts of 16 bytes: a page of the database may end in the middle of it."""
    return {secret[place : place + 16] for secret in secrets for place in range(0, len(secret) - 15, 16)}


def found(secrets: set[bytes]) -> int:
    disk = on_disk()
    return sum(piece in disk for piece in secrets)


def secrets_of(round: Round) -> set[bytes]:
    slips = [bytes(secret) for slip in round.slips.values_list("sealed", "key_hash") for secret in slip]
    return pieces(*slips, *(bytes(code) for code in round.codes.values_list("code_hash", flat=True)))


@on_real_files
class TestAfterTheTable:
    @sqlite_alone
    def test_no_byte_of_a_slip_a_key_or_a_withheld_comment_is_left_in_the_files(self, desk):
        desk.until_comments("Print this one", "Withhold this secret one")
        before = secrets_of(desk.round)
        desk.round.refresh_from_db()
        name = next(each.name for each in reading.comments_of(round=desk.round) if "secret" in each.text)
        desk.press("comments", **{"read": "yes", f"{name}-how": "withhold", f"{name}-reason": "other"})
        SingleUseCode.objects.create(round=desk.round, code_hash=os.urandom(32))
        secrets = before | secrets_of(desk.round)
        assert found(secrets) > 5 * 250
        desk.press("collate")
        assert found(secrets) == 0
        assert b"Print this one" in on_disk()
        assert b"secret one" not in on_disk()

    @sqlite_alone
    def test_nor_of_a_meeting_that_was_deleted(self, round):
        open_(round)
        score(round, *[all_("no")] * 3)
        secrets = secrets_of(round)
        assert found(secrets) > 3 * 250
        round.meeting.delete()
        assert found(secrets) == 0
        assert not seals.is_kept(round.code)

    def test_slips_and_codes_are_deleted_and_the_key_is_gone(self, desk):
        desk.until_comments("Louder please")
        SingleUseCode.objects.create(round=desk.round, code_hash=os.urandom(32))
        desk.press("collate")
        assert (Slip.objects.count(), SingleUseCode.objects.count(), seals.kept_keys()) == (0, 0, {})

    def test_other_rounds_stay_as_they_are(self, desk):
        other = open_(MeetingFactory().round)
        score(other, all_("no"), comments=("Stay",))
        desk.until_comments("Louder please")
        desk.press("collate")
        assert [other.seal().open(slip.sealed).comments for slip in other.slips.all()] == [{"comment": "Stay"}]

    @sqlite_alone
    def test_a_reader_in_the_way_fails_nothing_and_the_daily_command_sweeps(self, desk, caplog):
        desk.until_comments("Louder please")
        secrets = secrets_of(desk.round)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 100")
        reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM feedback_slip").fetchone()
        page = desk.press("collate")
        reader.close()
        assert "Collated table" in text_of(page)
        assert "were not swept out of the database's files (somebody is reading)" in caplog.text
        assert not seals.is_kept(desk.round.code)
        call_command("daily")
        assert found(secrets) == 0


@pytest.mark.django_db
class TestSweeping:
    @on_real_files
    def test_it_can_be_done_at_any_time(self):
        assert sweep()

    def test_inside_a_transaction_it_only_says_so(self, caplog):
        assert not sweep()
        assert "were not swept out of the database's files (a transaction is open)" in caplog.text

    def test_planned_meetings_are_deleted_without_it(self, round, django_capture_on_commit_callbacks, caplog):
        with django_capture_on_commit_callbacks(execute=True):
            round.meeting.delete()
        assert caplog.text == ""

    @on_real_files
    def test_a_full_disk_fails_nothing(self, desk, caplog):
        desk.until_comments("Louder please")
        with connection.execute_wrapper(_refuse("VACUUM")):
            page = desk.press("collate")
        assert "Collated table" in text_of(page)
        assert "(database or disk is full): manage.py daily does it." in caplog.text
        assert not seals.is_kept(desk.round.code)


@pytest.mark.django_db
class TestACrashBetweenTheTableAndTheKey:
    """Nothing that waits for the end of a transaction is run inside a test's own."""

    def test_is_mended_at_the_next_start(self, round):
        open_(round)
        score(round, *[all_("yes")] * 5)
        collate(round)
        other = open_(MeetingFactory().round)
        assert set(seals.kept_keys()) == {round.code, other.code}
        mend_at_start()
        assert set(seals.kept_keys()) == {other.code}

    def test_a_database_that_cannot_be_reached_stops_no_start(self, round, caplog):
        open_(round)
        with connection.execute_wrapper(_refuse("SELECT")):
            mend_at_start()
        assert "Keys of finished rounds were not looked for (OperationalError): run manage.py daily." in caplog.text
        assert seals.is_kept(round.code)

    def test_nor_does_one_that_has_no_tables_yet(self, tmp_path):
        (tmp_path / "seals" / "AAA111.key").write_bytes(b"x")
        started = subprocess.run(
            [sys.executable, "-c", "import coprod.wsgi"],
            cwd=site.BASE_DIR,
            env={**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert started.stderr.splitlines() == [
            "WARNING together Keys of finished rounds were not looked for (OperationalError): run manage.py daily."
        ]

    def test_a_folder_that_is_gone_stops_none_either(self, settings, tmp_path):
        settings.SEAL_DIR = tmp_path / "unmounted"
        assert sweeping.destroy_outlived() == []


@on_real_files
class TestABackupFromBeforeCollation:
    @pytest.fixture(params=["open", "stopped", "comments"])
    def restored(self, desk, request) -> Desk:
        """The rows as they were in this phase, put back after the table was made."""
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5, comments=("Louder please",))
        for phase, step in (("open", "stop"), ("stopped", "comments"), ("comments", "collate")):
            if phase == request.param:
                rounds, slips = list(Round.objects.values()), list(Slip.objects.values())
            desk.press(step)
        Table.objects.all().delete()
        for row in rounds:
            Round.objects.filter(pk=row["id"]).update(**row)
        Slip.objects.bulk_create(Slip(**row) for row in slips)
        assert (desk.stage, Slip.objects.count()) == (request.param, 5)
        return desk

    def test_shows_the_round_as_sealed(self, restored, as_):
        for name in ("desk", "table"):
            assert SEALED in text_of(restored.see(name))
        restored.press("stop")
        assert restored.url("comments") not in restored.see().content.decode()
        for name in ("comments", "collate"):
            for page in (restored.client.get(restored.url(name), follow=True), restored.press(name)):
                assert SEALED in text_of(page)
                assert "Louder" not in text_of(page)
        assert Table.objects.count() == 0

    def test_takes_no_slip(self, restored):
        phone = Phone(restored.round)
        if restored.stage == "open":
            refused = phone.load().send(all_("yes"), "Keep what I typed")
            assert refused.status_code == 503
            assert "Nothing was stored" in text_of(refused)
            assert "was destroyed when its table was made" in text_of(refused)
            assert "Keep what I typed" in text_of(refused)
        else:
            assert "Scoring has stopped" in text_of(phone.client.get(address(restored.round)))
        assert Slip.objects.count() == 5


@pytest.mark.django_db
class TestTheFolderOfKeys:
    """Lost, or not to be written: a file in its place, as root may write everywhere."""

    @pytest.fixture
    def lost(self, settings, tmp_path):
        def lose() -> None:
            (tmp_path / "file").write_text("")
            settings.SEAL_DIR = tmp_path / "file"

        return lose

    def test_the_desk_says_that_it_cannot_be_reached_and_recovers(self, desk, lost, settings):
        open_(desk.round)
        before = settings.SEAL_DIR
        lost()
        page = text_of(desk.see())
        assert "The folder of keys cannot be reached: slips can neither be taken nor read until it is back." in page
        assert "sealed for good" not in page
        settings.SEAL_DIR = before
        assert "cannot be reached" not in text_of(desk.see())

    def test_nothing_opens(self, desk, lost):
        lost()
        assert "Scoring could not open: the server cannot keep this meeting’s key." in text_of(desk.press("open"))
        assert desk.stage == "planned"

    def test_a_phone_gets_no_receipt(self, desk, lost):
        open_(desk.round)
        phone = Phone(desk.round).load()
        lost()
        refused = phone.send(all_("yes"), "Keep this")
        assert refused.status_code == 503
        assert "Keep this" in text_of(refused)
        assert "Sent. Thank you" not in text_of(refused)

    def test_no_table_is_made_of_what_cannot_be_read(self, desk, lost):
        desk.until_comments("Louder please")
        lost()
        assert "The folder of keys cannot be reached" in text_of(desk.press("collate"))
        assert (desk.stage, Slip.objects.count(), Table.objects.count()) == ("comments", 5, 0)

    def test_too_few_slips_are_destroyed_all_the_same(self, desk, lost):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 4)
        desk.press("stop")
        lost()
        assert "4 slips: too few to show" in text_of(desk.press("collate"))
        assert Slip.objects.count() == 0

    def test_a_planned_round_has_no_key_and_misses_none(self, desk, lost):
        lost()
        assert "cannot be reached" not in text_of(desk.see())


def _refuse(first: str):
    def refuse(execute, sql, *rest):
        if sql.startswith(first):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    return refuse
