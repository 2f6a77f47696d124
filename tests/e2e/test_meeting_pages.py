"""The loop's pages in every state: axe, the keyboard, small screens, long names, two at once."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from feedback.demo import Story, tell_board
from feedback.models import Suggestion
from partnerships.models import AccessNeed, Action, Meeting
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways
from tests.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db(transaction=True)
PARTNERSHIP = "/partnerships/strategic-growth-partnership/"


@pytest.fixture
def story() -> Story:
    return tell_board()


@pytest.fixture
def next_week(story) -> Meeting:
    return MeetingFactory(
        partnership=story.today.partnership,
        date=timezone.localdate() + datetime.timedelta(days=7),
        start=datetime.time(11, 0),
        end=datetime.time(12, 0),
    )


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_minute_takers_pages(screens: Screens, story, next_week, axe_finds_nothing, viewport):
    AgendaItemFactory(meeting=next_week, title="DfC and NISMP", minutes=70, guidance="Be kind", resources="Pens")
    AccessNeed.objects.create(member=story.today.partnership.members.all()[0], kind="breaks", detail="Each hour")
    page = screens.open(person="minute_taker", viewport=viewport)
    meeting, today = next_week.get_absolute_url(), story.today.get_absolute_url()
    for path in (
        PARTNERSHIP,
        f"{PARTNERSHIP}suggestions/",
        f"{PARTNERSHIP}suggestions/?state=done&q=nothing",
        f"{PARTNERSHIP}actions/",
        f"{PARTNERSHIP}calendar/",
        f"{PARTNERSHIP}meetings/dates/",
        f"{PARTNERSHIP}access/",
        meeting,
        f"{meeting}agenda/",
        f"{meeting}mail/agenda/",
        f"{meeting}access/",
        f"{meeting}call-off/",
        f"{meeting}decisions/",
        f"{today}feedback/suggestions/",
        f"{today}feedback/remind/",
        f"{story.last.get_absolute_url()}decisions/",
        f"{story.last.get_absolute_url()}notes/",
        f"{story.last.get_absolute_url()}feedback/table/",
        f"/m/{story.today.round.code}/answers/",
    ):
        response = page.goto(path)
        assert response
        assert response.ok, path
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page), path


def test_mistakes_and_what_follows(screens: Screens, story, next_week, axe_finds_nothing):
    page = screens.open(f"{next_week.get_absolute_url()}agenda/", person="minute_taker")
    axe_finds_nothing(page)
    row = page.locator("#row-n0")
    row.get_by_label("Minutes").fill("ten")
    row.get_by_text("Paper, notes, things to bring").click()
    row.get_by_label("Title of the paper").fill("Plan")
    not_pdf = FilePayload(name="plan.pdf", mimeType="application/pdf", buffer=b"MZ")
    row.get_by_label("Or a file").set_input_files(not_pdf)
    page.get_by_role("button", name="Save the agenda").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.get_by_text("Choose your files once more")).to_be_visible()
    page.get_by_role("link", name="is not what its name says").click()
    expect(row.get_by_label("Or a file")).to_be_focused()
    axe_finds_nothing(page)

    page.goto(f"{PARTNERSHIP}meetings/dates/")
    page.get_by_role("button", name="Show the days").click()
    expect(page.get_by_role("link", name="Choose the day of the first meeting")).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_label("First meeting").fill(next_week.date.isoformat())
    page.get_by_role("button", name="Show the days").click()
    expect(page.locator("input[name=day]").first).not_to_be_checked()
    axe_finds_nothing(page)

    page.goto(f"{story.last.get_absolute_url()}decisions/")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("link", name="Type what was decided")).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_role("link", name="Change").first.click()
    axe_finds_nothing(page)

    page.goto(f"{story.today.get_absolute_url()}feedback/suggestions/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Choose whether it is agreed").click()
    expect(page.get_by_label("Agreed")).to_be_focused()
    axe_finds_nothing(page)

    page.goto(f"{PARTNERSHIP}access/")
    page.goto(f"{next_week.get_absolute_url()}call-off/")
    page.get_by_role("button", name="Call it off").click()
    expect(page.get_by_role("heading", name="Tell the members")).to_be_visible()
    page.get_by_role("button", name="Send to 2 members").click()
    expect(page.get_by_text("2 of 2 mails are sent.")).to_be_visible()
    axe_finds_nothing(page)
    page.goto(next_week.get_absolute_url())
    axe_finds_nothing(page)


def test_what_a_member_needs(screens: Screens, story, axe_finds_nothing):
    page = screens.open(f"{PARTNERSHIP}access/", person="member")
    page.get_by_label("Hearing loop", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Tick “I agree”").click()
    expect(page.get_by_label("I agree that this is kept")).to_be_focused()
    axe_finds_nothing(page)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/account/data/")
    expect(page.get_by_text("Hearing loop")).to_be_visible()
    axe_finds_nothing(page)


def titles(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_label("Title", exact=True).all()]


def test_items_are_moved_by_keyboard_and_by_dragging(screens: Screens, story, next_week):
    for number, title in enumerate(("One", "Two", "Three"), 1):
        AgendaItemFactory(meeting=next_week, order=number, title=title, minutes=10)
    page = screens.open(f"{next_week.get_absolute_url()}agenda/", person="minute_taker", viewport=DESKTOP)
    down = page.locator(f"#row-i{next_week.items.get(order=1).pk} [data-move=down]")
    down.focus()
    page.keyboard.press("Enter")
    expect(down).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Now in place 2")
    page.keyboard.press("Enter")
    assert titles(page)[:3] == ["Two", "Three", "One"]
    expect(page.get_by_text("Save to see the new times.")).to_be_visible()
    expect(page.locator("[data-row] legend").nth(2)).to_have_text("Item 3")
    page.evaluate("window.scrollTo(0, 0)")  # the keyboard has scrolled the page
    legends = page.locator("[data-row] legend")
    legends.nth(1).drag_to(legends.nth(0))
    assert titles(page)[:3] == ["Three", "Two", "One"]
    page.get_by_role("button", name="Save the agenda").click()
    expect(page.get_by_text("The agenda is saved.")).to_be_visible()
    assert [item.title for item in next_week.items.all()] == ["Three", "Two", "One"]
    expect(page.locator(".app-agenda > li").nth(1)).to_contain_text("11:10–11:20 Two")


def test_enter_in_a_field_saves_and_moves_nothing(screens: Screens, story, next_week):
    AgendaItemFactory(meeting=next_week, order=1, title="One")
    AgendaItemFactory(meeting=next_week, order=2, title="Two")
    page = screens.open(f"{next_week.get_absolute_url()}agenda/", person="minute_taker")
    page.get_by_label("Title", exact=True).nth(1).press("Enter")
    expect(page.get_by_text("The agenda is saved.")).to_be_visible()
    assert [item.title for item in next_week.items.all()] == ["One", "Two"]


def test_two_who_write_at_once(screens: Screens, story, next_week, axe_finds_nothing):
    first = screens.open(f"{next_week.get_absolute_url()}agenda/", person="minute_taker")
    second = screens.open(f"{next_week.get_absolute_url()}agenda/", person="coordinator")
    first.get_by_label("Title", exact=True).first.fill("Rory’s item")
    first.get_by_role("button", name="Save the agenda").click()
    expect(first.get_by_text("The agenda is saved.")).to_be_visible()
    second.get_by_label("Title", exact=True).first.fill("Niamh’s item")
    second.get_by_role("button", name="Save the agenda").click()
    expect(second.get_by_text("Somebody else has changed this agenda meanwhile")).to_be_visible()
    expect(second.get_by_text("Rory Specimen saved it on")).to_be_visible()
    axe_finds_nothing(second)
    assert "Niamh’s item" in titles(second)
    second.get_by_role("button", name="Save the agenda").click()
    expect(second.get_by_text("The agenda is saved.")).to_be_visible()
    assert [item.title for item in next_week.items.all()] == ["Niamh’s item", "Rory’s item"]


def test_a_suggestion_is_answered_by_keyboard_alone(screens: Screens, story):
    page = screens.open(
        f"{story.today.get_absolute_url()}feedback/suggestions/", person="minute_taker", viewport=DESKTOP
    )
    page.get_by_label("Agreed").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Not this year")
    for _field in ("owner", "day", "month", "year", "picker", "save"):
        page.keyboard.press("Tab")
        if page.get_by_role("button", name="Save", exact=True).evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answered: Declined.")).to_be_visible()
    assert Suggestion.objects.get(answer="Not this year").outcome == "declined"


def test_long_words_scroll_nothing_sideways(screens: Screens, story):
    partnership = story.today.partnership
    partnership.terms.update(meaning="M" * 200)
    story.today.items.update(title="T" * 200, lead="L" * 200)
    for number, suggestion in enumerate(Suggestion.objects.all()):
        Suggestion.objects.filter(pk=suggestion.pk).update(text=f"{number}" * 1000)
    Suggestion.objects.exclude(answer="").update(answer="A" * 500)
    Action.objects.update(decided="D" * 500)
    page = screens.open(person="minute_taker")
    for path in (
        "/",
        story.today.get_absolute_url(),
        f"{story.today.get_absolute_url()}agenda/",
        f"{story.today.get_absolute_url()}feedback/suggestions/",
        f"{PARTNERSHIP}suggestions/",
        f"{PARTNERSHIP}actions/",
        f"{story.last.get_absolute_url()}notes/",
        f"/m/{story.today.round.code}/answers/",
    ):
        page.goto(path)
        assert does_not_scroll_sideways(page), path
