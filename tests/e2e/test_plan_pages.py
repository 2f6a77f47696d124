"""The plan for a year in a browser: axe in every state, the keyboard, small screens, without JavaScript."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.demo import Story, tell_board
from partnerships.models import Aim, Meeting, Objective, PlanOutcome, User, Year
from partnerships.models.years import current_number
from partnerships.plans import service as plans
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return tell_board()


@pytest.fixture
def year(story) -> Year:
    """Of today's meeting; nothing is planned for it."""
    partnership = story.today.partnership
    Aim.objects.all().delete()
    return Year.objects.written(partnership, current_number(partnership, story.today.date))


@pytest.fixture
def planned(year) -> Objective:
    """The first of three objectives: overdue, to come, done; last year's plan has one more."""
    fill(Year.objects.written(year.partnership, year.number - 1))
    return fill(year)


def fill(year: Year) -> Objective:
    by, today = User.objects.get(email="minutes@example.org"), timezone.localdate()
    aim = Aim(year=year, text="Residents help to decide how the centre is renewed")
    outcome = PlanOutcome(aim=aim, text="People see that their ideas were used")
    member = year.partnership.members.all()[0]
    rows = [
        Objective(outcome=outcome, text="Set up a panel", member=member, due_on=today - datetime.timedelta(days=9)),
        Objective(outcome=outcome, text="Publish what became of each idea", due_on=today + datetime.timedelta(days=9)),
        Objective(outcome=outcome, text="Print it in large type", standing="done", done_on=today, progress="Twice"),
    ]
    for row in (aim, outcome, *rows):
        plans.add(year=year, row=row, by=by)
    return rows[0]


def row(objective: Objective, more: str = "") -> str:
    return f"{objective.outcome.aim.year.plan_url}objectives/{objective.pk}/{more}"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page(screens: Screens, story, year, axe_finds_nothing, viewport):
    page = screens.open(year.plan_url, person="minute_taker", viewport=viewport)
    expect(page.get_by_role("link", name="Begin with an aim")).to_be_visible()
    axe_finds_nothing(page)
    fill(Year.objects.written(year.partnership, year.number - 1))
    objective = fill(year)
    Meeting.objects.update(shows_plan=True)
    outcome = objective.outcome
    for path in (
        year.plan_url,
        year.get_absolute_url(),
        f"{year.plan_url}aims/new/",
        f"{year.plan_url}aims/{outcome.aim_id}/outcomes/new/",
        f"{year.plan_url}outcomes/{outcome.pk}/objectives/new/",
        row(objective),
        row(objective, "progress/"),
        row(objective, "remove/"),
        f"{year.plan_url}aims/{outcome.aim_id}/remove/",
        story.today.get_absolute_url(),
        f"{story.today.get_absolute_url()}agenda/",
    ):
        response = page.goto(path)
        assert response
        assert response.ok, path
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page), path
    page = screens.open(year.plan_url, person="member", viewport=viewport)
    axe_finds_nothing(page)


def test_mistakes_lead_to_their_fields(screens: Screens, planned, axe_finds_nothing):
    page = screens.open(f"{planned.outcome.aim.year.plan_url}aims/new/", person="minute_taker")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    axe_finds_nothing(page)
    page.get_by_role("link", name="Type it in words").click()
    expect(page.get_by_label("What do you hope to achieve?")).to_be_focused()

    page.goto(row(planned, "progress/"))
    page.get_by_label("More about it").evaluate("box => { box.value = 'x'.repeat(301) }")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Shorten this").click()
    expect(page.get_by_label("More about it")).to_be_focused()
    axe_finds_nothing(page)


def test_two_at_once(screens: Screens, planned, axe_finds_nothing):
    first = screens.open(row(planned), person="minute_taker")
    second = screens.open(row(planned), person="coordinator")
    first.get_by_label("What will you complete?").fill("Set up a panel of twelve")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("Saved.")).to_be_visible()
    second.get_by_label("What will you complete?").fill("Set up a small panel")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("It now says: “Set up a panel of twelve”")).to_be_visible()
    axe_finds_nothing(second)
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("Saved.")).to_be_visible()

    first.goto(row(planned, "remove/"))
    first.get_by_role("button", name="Remove it").click()
    expect(first.get_by_text("Removed.")).to_be_visible()
    second.goto(row(planned, "progress/"))
    expect(second.get_by_text("somebody has removed this")).to_be_visible()
    axe_finds_nothing(second)


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_a_plan_from_its_first_aim_on_by_keyboard(screens: Screens, year, scripts):
    page = screens.open(year.plan_url, person="minute_taker", viewport=DESKTOP, java_script_enabled=scripts)
    follow(page, "Begin with an aim")
    type_in(page, "What do you hope to achieve?", "A greener city")
    follow(page, "Add an outcome")
    type_in(page, "What will have changed?", "Streets have shade")
    follow(page, "Add an objective")
    type_in(page, "What will you complete?", "Plant forty trees")
    follow(page, "How far is it?")
    page.get_by_label("Not begun").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("All forty stand")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1 objective is done.")).to_be_visible()
    assert Objective.objects.get().progress == "All forty stand"
    page.locator(".app-plan-outcome").get_by_role("link", name="Remove").first.press("Enter")
    expect(page.get_by_text("All that stands under it goes too:")).to_be_visible()
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(page.get_by_text("It has no objectives yet.")).to_be_visible()


def follow(page: Page, link: str) -> None:
    page.get_by_role("link", name=link).press("Enter")


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.type(text)
    page.get_by_role("button", name="Add it").press("Enter")
    expect(page.get_by_text("Added to the plan.")).to_be_visible()


def test_a_meeting_goes_through_all_that_is_open(screens: Screens, planned):
    year = planned.outcome.aim.year
    page = screens.open(year.plan_url, person="minute_taker", java_script_enabled=False)
    page.get_by_role("link", name="Go through them").click()
    page.get_by_label("Under way").check()
    page.get_by_role("button", name="Save, and on to the next").click()
    expect(page.get_by_role("heading", name="Publish what became of each idea")).to_be_visible()
    page.get_by_label("Done").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("2 of 3 objectives are done. 1 is overdue.")).to_be_visible()


def test_what_last_year_left_is_taken_over(screens: Screens, story, year):
    fill(Year.objects.written(year.partnership, year.number - 1))
    page = screens.open(year.plan_url, person="minute_taker", java_script_enabled=False)
    page.get_by_role("button", name="Take over what is not done").click()
    expect(page.get_by_text("2 objectives are taken over.")).to_be_visible()
    expect(page.get_by_role("heading", name="People see that their ideas were used")).to_be_visible()
    expect(page.get_by_role("button", name="Take over what is not done")).not_to_be_visible()


def test_long_words_scroll_nothing_sideways(screens: Screens, story, planned):
    for model in (Aim, PlanOutcome):
        model.objects.update(text="W" * 300)
    Objective.objects.filter(pk=planned.pk).update(text="O" * 300, progress="P" * 300)
    Meeting.objects.update(shows_plan=True)
    page = screens.open(person="minute_taker")
    year = planned.outcome.aim.year
    for path in (year.plan_url, row(planned), row(planned, "progress/"), row(planned, "remove/")):
        page.goto(path)
        assert does_not_scroll_sideways(page), path
    page.goto(story.today.get_absolute_url())
    assert does_not_scroll_sideways(page)
