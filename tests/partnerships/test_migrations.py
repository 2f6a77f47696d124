"""A database of the version before, brought up to this one."""

import datetime
import json
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from feedback.anonymity import seals
from feedback.anonymity.seals import Edit, SealLost, SlipContent
from feedback.models import Round, Slip, Table
from partnerships.models import Coordinator, Meeting, Member, Partnership

BEFORE = [("partnerships", "0002_cache_table"), ("feedback", "0001_rounds_slips_tables")]


@pytest.fixture
def before():
    """The models as they were. Afterwards the database is as it should be."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(newest)


def brought_up() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_members_of_the_version_before_are_kept(before):
    area = before.get_model("partnerships", "Area").objects.create(name="Derry", slug="derry")
    place = before.get_model("partnerships", "Partnership").objects.create(area=area, name="Board", kind="board")
    body = before.get_model("partnerships", "Organisation").objects.create(area=area, name="Body", sector="elected")
    members, users = (before.get_model("partnerships", name).objects for name in ("Member", "User"))
    for name in ("Una", "UNA", "Dara", "Una"):
        members.create(partnership=place, organisation=body, name=name)
    rory = users.create(email="rory@example.org", last_login=datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC))
    members.create(partnership=place, organisation=body, name="Rory", email="Rory@Example.org", user=rory)
    members.create(
        partnership=place,
        organisation=body,
        name="New",
        email="new@example.org",
        user=users.create(email="new@example.org"),
    )
    before.get_model("partnerships", "Coordinator").objects.create(area=area, user=rory)
    brought_up()
    assert sorted(Member.objects.values_list("name", "email", "signed_in_on")) == [
        ("Dara", "", None),
        ("New", "new@example.org", None),
        ("Rory", "rory@example.org", datetime.date(2026, 3, 4)),
        ("UNA (2)", "", None),
        ("Una", "", None),
        ("Una (3)", "", None),
    ]
    assert Coordinator.objects.get().signed_in_on == datetime.date(2026, 3, 4)


@pytest.fixture
def round_before(before):
    """A round in which comments are being read, of the version before."""
    area = before.get_model("partnerships", "Area").objects.create(name="Derry", slug="derry")
    place = before.get_model("partnerships", "Partnership").objects.create(area=area, name="Board", kind="board")
    meetings = before.get_model("partnerships", "Meeting").objects

    def make(code: str, stage: str):
        return before.get_model("feedback", "Round").objects.create(
            meeting=meetings.create(partnership=place, date=datetime.date(2026, 3, 4), present=13),
            code=code,
            stage=stage,
            opened_at=datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC),
            threshold=5,
        )

    return make


def sealed_before(settings, code: str, answers: dict, comments: dict) -> bytes:
    """A slip as the version before sealed it: in two parts, and shorter."""
    key, nonce = (settings.SEAL_DIR / f"{code}.key").read_bytes(), os.urandom(12)
    plain = json.dumps([answers, comments]).encode().ljust(4242)
    return nonce + AESGCM(key).encrypt(nonce, plain, code.encode())


@pytest.mark.django_db(transaction=True)
def test_slips_of_a_running_round_and_what_was_withheld_are_kept(before, round_before, settings):
    running, lost = round_before("AAA111", "comments"), round_before("BBB222", "comments")
    slips = before.get_model("feedback", "Slip").objects
    for number, (round, comment, withheld) in enumerate(
        [(running, "Louder", []), (running, "Quieter", ["comment"]), (lost, "Gone", ["comment"])]
    ):
        seals.create_key(round.code)
        sealed = sealed_before(settings, round.code, {"together": "yes"}, {"comment": comment})
        slips.create(round=round, key_hash=bytes([number]) * 32, revision=2, sealed=sealed, withheld=withheld)
    seals.destroy_key(lost.code)
    unreadable = bytes(slips.get(round=lost).sealed)
    brought_up()
    seal = Round.objects.get(code="AAA111").seal()
    kept = Slip.objects.filter(round__code="AAA111").order_by("key_hash")
    assert [(seal.open(slip.sealed), slip.revision, slip.on_paper) for slip in kept] == [
        (SlipContent({"together": "yes"}, {"comment": "Louder"}), 2, False),
        (SlipContent({"together": "yes"}, {"comment": "Quieter"}, {"comment": Edit("other")}), 2, False),
    ]
    assert {len(bytes(slip.sealed)) for slip in kept} == {len(seal.close(SlipContent({}, {})))}
    assert bytes(Slip.objects.get(round__code="BBB222").sealed) == unreadable
    with pytest.raises(SealLost):
        seal.open(unreadable)


@pytest.mark.django_db(transaction=True)
def test_tables_with_more_slips_than_people_say_why_nobody_was_asked(before, round_before):
    tables = before.get_model("feedback", "Table").objects
    for number, present in enumerate([None, 13, 14]):
        tables.create(
            round=round_before(f"AAA11{number}", "collated"),
            slips=14,
            present=present,
            threshold=5,
            tallies={},
            comments={},
        )
    brought_up()
    assert list(Table.objects.order_by("round__code").values_list("present", "explanation")) == [
        (None, ""),
        (13, "Collated before an explanation was asked for."),
        (14, ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_meetings_and_partnerships_of_the_version_before_are_told_apart_in_calendars(before):
    area = before.get_model("partnerships", "Area").objects.create(name="Derry", slug="derry")
    for name in ("Board", "Group"):
        partnerships = before.get_model("partnerships", "Partnership").objects
        place = partnerships.create(area=area, name=name, slug=name.lower(), kind="board")
        before.get_model("partnerships", "Meeting").objects.create(partnership=place, date=datetime.date(2026, 3, 4))
    brought_up()
    assert len({meeting.uid for meeting in Meeting.objects.all()}) == 2
    assert {len(partnership.calendar_key) for partnership in Partnership.objects.all()} == {32}
    assert len({partnership.calendar_key for partnership in Partnership.objects.all()}) == 2
