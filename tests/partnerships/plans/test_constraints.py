"""What the database itself holds of the plan for a year."""

import datetime

import pytest

from partnerships.models import Aim, Objective, PlanOutcome, Year
from tests.test_constraints import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def objective(partnership) -> Objective:
    aim = Aim.objects.create(year=Year.objects.create(partnership=partnership, number=2026), order=1, text="Greener")
    outcome = PlanOutcome.objects.create(aim=aim, order=1, text="Trees")
    return Objective.objects.create(outcome=outcome, order=1, text="Plant")


def test_a_row_says_something_else_than_those_beside_it(objective):
    outcome = objective.outcome
    refused("aim_once_in_a_year", lambda: Aim.objects.create(year=outcome.aim.year, order=2, text="GREENER"))
    refused(
        "plan_outcome_once_under_an_aim",
        lambda: PlanOutcome.objects.create(aim=outcome.aim, order=2, text="trees"),
    )
    refused(
        "objective_once_under_an_outcome",
        lambda: Objective.objects.create(outcome=outcome, order=2, text="plant"),
    )
    elsewhere = PlanOutcome.objects.create(aim=outcome.aim, order=2, text="Shade")
    assert Objective.objects.create(outcome=elsewhere, order=1, text="Plant")


def test_an_objective_stands_where_objectives_can_stand(objective):
    refused("objective_standing_known", lambda: Objective.objects.update(standing="lost"))


@pytest.mark.parametrize("standing", ["not_begun", "under_way", "dropped"])
def test_an_objective_is_done_on_a_day_exactly_when_it_is_done(objective, standing):
    name, today = "objective_done_on_a_day_exactly_when_done", datetime.date(2026, 3, 5)
    refused(name, lambda: Objective.objects.update(standing="done"))
    refused(name, lambda: Objective.objects.update(standing=standing, done_on=today))
    assert Objective.objects.update(standing="done", done_on=today)


def test_an_objective_continues_another_one_alone(objective):
    refused("objective_does_not_continue_itself", lambda: Objective.objects.update(continues=objective))
    beside = {"outcome": objective.outcome, "order": 2, "continues": objective}
    Objective.objects.create(text="Water", **beside)
    refused("continues_id", lambda: Objective.objects.create(text="Prune", **beside))
