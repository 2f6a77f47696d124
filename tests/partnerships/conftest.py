"""A plan for 2026 with one row of each level, and Bob, who is there for the libraries."""

import pytest

from partnerships.models import Aim, Member, Objective, PlanOutcome, Year
from tests.helpers.plans import put


@pytest.fixture
def bob(cast) -> Member:
    bob = Member.objects.get(user=cast.bob)
    bob.organisation.name = "Libraries"
    bob.organisation.save()
    return bob


@pytest.fixture
def year(partnership) -> Year:
    return Year.objects.create(partnership=partnership, number=2026)


@pytest.fixture
def aim(year, cast) -> Aim:
    return put(Aim(year=year, text="A greener city"), cast)


@pytest.fixture
def outcome(aim, cast) -> PlanOutcome:
    return put(PlanOutcome(aim=aim, text="Streets have shade"), cast)


@pytest.fixture
def plant(outcome, cast) -> Objective:
    return put(Objective(outcome=outcome, text="Plant forty trees"), cast)
