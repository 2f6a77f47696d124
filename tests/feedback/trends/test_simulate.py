"""Invented history in real rows: how the site bears it, and nothing of it beside what is real."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from feedback.models import Round, Standing, Table
from partnerships.models import Area, Meeting, Partnership
from tests.factories import AreaFactory
from tests.helpers.tables import tables_of

pytestmark = pytest.mark.django_db


def simulate(*options: str) -> str:
    out = StringIO()
    call_command("simulate", *options, stdout=out)
    return out.getvalue()


@time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC))
def test_makes_areas_with_a_board_and_groups_that_report_to_it():
    said = simulate("--partnerships", "142", "--years", "1")
    assert list(Area.objects.values_list("name", "is_demonstration")) == [
        ("Simulated area 1", True),
        ("Simulated area 2", True),
    ]
    assert [area.partnerships.count() for area in Area.objects.all()] == [141, 1]
    assert Partnership.objects.filter(parent=None).count() == 2
    assert f"142 partnerships, {Table.objects.count()} tables." in said
    # From 1 April 2025 to today, one in 48 days.
    assert Meeting.objects.count() == 142 * 13


def test_its_tables_are_real_ones_with_their_standing():
    simulate("--partnerships", "20", "--years", "2")
    assert Round.objects.filter(stage="collated").count() == Table.objects.count()
    with_figures = Table.objects.with_figures()
    assert Standing.objects.count() == with_figures.count()
    too_small = Table.objects.filter(tallies__isnull=True)
    assert {table.slips < table.threshold for table in too_small} == {True}
    assert Meeting.objects.count() > Table.objects.count()


def test_its_coordinator_sees_the_areas_trends(client, django_user_model):
    simulate("--partnerships", "3", "--years", "2")
    client.force_login(django_user_model.objects.get(email="simulation@example.org"))
    page = client.get("/areas/simulated-1/trends/")
    assert len(tables_of(page)["The partnerships in figures"]) == 4


def test_keeps_out_of_a_database_that_holds_anything():
    AreaFactory()
    with pytest.raises(CommandError, match="The database holds areas"):
        simulate()
