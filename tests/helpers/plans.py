"""The plan for 2026, past the front door."""

import datetime

from partnerships.models import PlanRow, Year
from partnerships.plans import service as plans
from tests.conftest import Cast

YEAR = "/partnerships/growth/years/2026/"
PLAN = f"{YEAR}plan/"


def put[Row: PlanRow](row: Row, cast: Cast) -> Row:
    """Alice adds it as the last in its place."""
    year = row.parent
    while isinstance(year, PlanRow):
        year = year.parent
    assert isinstance(year, Year)
    plans.add(year=year, row=row, by=cast.alice)
    return row


def day(number: int, month: int = 5) -> datetime.date:
    return datetime.date(2026, month, number)
