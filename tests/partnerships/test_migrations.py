"""A database of the version before, brought up to this one."""

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from partnerships.models import Coordinator, Member

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
