"""A database of the version before, brought up to this one."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("partnerships", "0002_cache_table"), ("feedback", "0001_rounds_slips_tables")]


@pytest.fixture
def before():
    """The models as they were. Afterwards the database is as it should be."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(newest)


@pytest.mark.django_db(transaction=True)
def test_two_of_one_name_without_an_address_are_told_apart(before):
    area = before.get_model("partnerships", "Area").objects.create(name="Derry", slug="derry")
    place = before.get_model("partnerships", "Partnership").objects.create(area=area, name="Board", kind="board")
    body = before.get_model("partnerships", "Organisation").objects.create(area=area, name="Body", sector="elected")
    members = before.get_model("partnerships", "Member").objects
    for name in ("Una", "UNA", "Dara", "Una"):
        members.create(partnership=place, organisation=body, name=name)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    from partnerships.models import Area, Member

    assert sorted(Member.objects.values_list("name", flat=True)) == ["Dara", "UNA (2)", "Una", "Una (3)"]
    Member.objects.all().delete()
    Area.objects.get().partnerships.all().delete()
    Area.objects.all().delete()
