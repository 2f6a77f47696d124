"""The charter's pages in every state: axe, the keyboard, small screens, and none of it depends on JavaScript."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from charter.models import Adoption, PartnershipAdoption
from feedback.demo import PEOPLE, Story, tell_board
from partnerships.models import Member, Organisation
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways

pytestmark = pytest.mark.django_db(transaction=True)
CHARTER = "/partnerships/strategic-growth-partnership/charter/"
VIEWPORTS = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def story() -> Story:
    return tell_board()


def published() -> PartnershipAdoption:
    return PartnershipAdoption.objects.get(partnership__slug="strategic-growth-partnership")


@pytest.fixture
def looks_right(axe_finds_nothing):
    def check(page: Page) -> None:
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page), page.url

    return check


@VIEWPORTS
def test_what_everybody_sees(screens: Screens, story, looks_right, viewport):
    page = screens.open("/charter/", viewport=viewport)
    looks_right(page)
    page.get_by_role("link", name="Check the twelve steps").click()
    looks_right(page)
    page.get_by_label("Yes").first.check()
    page.get_by_role("button", name="What can I do before the meeting?").click()
    expect(page.get_by_role("heading", name="Before the meeting")).to_be_visible()
    expect(page.get_by_text("Step 1:")).to_have_count(0)
    looks_right(page)
    page.goto("/charter/self-check/")
    for step in range(12):
        page.get_by_label("Yes").nth(step).check()
    page.get_by_role("button", name="What can I do before the meeting?").click()
    expect(page.get_by_text("you are well prepared")).to_be_visible()
    looks_right(page)
    page.goto(published().public_address)
    expect(page.get_by_role("heading", name="Strategic Growth Partnership")).to_be_visible()
    looks_right(page)
    assert screens.contexts[0].cookies() == []


@VIEWPORTS
def test_what_a_member_sees(screens: Screens, story, looks_right, viewport):
    page = screens.open(CHARTER, person="member", viewport=viewport)
    looks_right(page)
    page.get_by_role("link", name="Read it and adopt it").click()
    looks_right(page)
    page.get_by_role("button", name="Adopt the charter").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    looks_right(page)
    page.get_by_role("link", name="Tick how it is adopted").click()
    expect(page.get_by_label("I adopt the charter personally")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_label("Type your name").fill("Aoife Sample")
    page.get_by_role("button", name="Adopt the charter").click()
    expect(page.get_by_text("Thank you. It is recorded")).to_be_visible()
    looks_right(page)
    page.goto(f"{CHARTER}adopt/")
    looks_right(page)
    page.goto(f"{CHARTER}withdraw/organisation/")
    looks_right(page)
    page.goto(f"{CHARTER}withdraw/person/")
    looks_right(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("It is taken back.")).to_be_visible()
    page.goto("/account/data/")
    looks_right(page)


@VIEWPORTS
def test_what_the_minute_taker_sees(screens: Screens, story, looks_right, viewport):
    page = screens.open(CHARTER, person="minute_taker", viewport=viewport)
    looks_right(page)
    page.get_by_role("link", name="Ask those who have not yet").click()
    looks_right(page)
    page.get_by_role("button", name="Send 2 mails").click()
    expect(page.get_by_text("2 mails are sent.")).to_be_visible()
    looks_right(page)
    for path in ("record/", "paper/", "publish/"):
        page.goto(f"{CHARTER}{path}")
        looks_right(page)
    page.get_by_role("button", name="Stop publishing").click()
    expect(page.get_by_text("It is not published.")).to_be_visible()
    looks_right(page)
    page.goto(f"{CHARTER}paper/")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Choose who signed").click()
    expect(page.get_by_label("Who signed")).to_be_focused()
    looks_right(page)
    page.get_by_label("Who signed").select_option(label="Dara Sample, Waterside DEA")
    page.get_by_label("Signed on").fill("2026-01-05")
    page.get_by_label("They adopted it on behalf").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Dara Sample: recorded.")).to_be_visible()
    looks_right(page)
    page.goto(f"{CHARTER}record/")
    page.get_by_label("What was decided").fill("")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Type what was decided").click()
    expect(page.get_by_label("What was decided")).to_be_focused()
    looks_right(page)
    page.get_by_text("Recorded by mistake?").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("has not adopted the charter yet")).to_be_visible()
    looks_right(page)
    page.goto(f"{CHARTER}ask/")
    looks_right(page)
    page.goto(CHARTER.removesuffix("charter/"))
    looks_right(page)


def test_is_adopted_by_keyboard_alone_and_without_a_script(screens: Screens, story):
    page = screens.open(f"{CHARTER}adopt/", person="member", viewport=DESKTOP, java_script_enabled=False)
    personally = page.get_by_label("I adopt the charter personally")
    personally.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Aoife Sample")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you. It is recorded")).to_be_visible()
    adopted = Adoption.objects.filter(member__email=PEOPLE["member"].email)
    assert set(adopted.values_list("level", flat=True)) == {"person", "organisation"}


def test_the_self_check_needs_no_script(screens: Screens, story):
    page = screens.open("/charter/self-check/", java_script_enabled=False)
    page.get_by_label("Not yet").first.check()
    page.get_by_role("button", name="What can I do before the meeting?").click()
    expect(page.get_by_text("Step 1:")).to_be_visible()


def test_two_presses_are_one_adoption(screens: Screens, story):
    page = screens.open(f"{CHARTER}adopt/", person="member")
    page.get_by_label("I adopt the charter personally").check()
    page.get_by_label("Type your name").fill("Aoife Sample")
    page.get_by_role("button", name="Adopt the charter").dblclick()
    expect(page.get_by_text("You adopted it personally on")).to_be_visible()
    assert Adoption.objects.filter(member__email=PEOPLE["member"].email).count() == 1


def test_long_words_scroll_nothing_sideways(screens: Screens, story):
    for member in Member.objects.all():
        Member.objects.filter(pk=member.pk).update(name=f"{member.pk}" + "N" * 110)
    for number, body in enumerate(Organisation.objects.all()):
        Organisation.objects.filter(pk=body.pk).update(name=f"{number}" + "O" * 190)
    PartnershipAdoption.objects.update(decision="D" * 500)
    Adoption.objects.update(signed_name="S" * 120)
    page = screens.open(CHARTER, person="minute_taker")
    for path in (CHARTER, *(f"{CHARTER}{path}/" for path in ("adopt", "record", "publish", "paper", "ask"))):
        page.goto(path)
        assert does_not_scroll_sideways(page), path
    address = published().public_address
    assert Client().get(address).status_code == 200
    page.goto(address)
    assert does_not_scroll_sideways(page)
