"""Five years of paper tables, put in by a coordinator: the real change is found, and noise is not taken for one."""

import csv
import datetime
import random
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.scores.instruments import MEETING_FEEDBACK
from partnerships.models import Area, Coordinator, Partnership, User
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways
from tests.factories import AreaFactory, PartnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

# A change with the 22nd of thirty meetings: before it half say Yes, from then on nearly all.
MEETINGS, FROM = 30, 21
NOISE = range(1, 21)


@pytest.fixture
def area() -> Area:
    """The group that changed, twenty with noise alone, and their coordinator."""
    area = AreaFactory(name="Derry and Strabane", slug="derry", is_demonstration=True)
    PartnershipFactory(area=area, name="Changed", slug="changed")
    for seed in NOISE:
        PartnershipFactory(area=area, name=f"Noise {seed:02}", slug=f"noise-{seed}")
    Coordinator.objects.create(area=area, user=User.objects.for_email("coordinator@example.org"), name="Carol")
    return area


def days() -> list[datetime.date]:
    """Six meetings a year over five years, the last of them a week ago."""
    last = timezone.localdate() - datetime.timedelta(days=7)
    return [last - datetime.timedelta(days=61 * back) for back in range(MEETINGS - 1, -1, -1)]


def slips(chance: random.Random, yes: float) -> tuple[int, int, int]:
    """What fourteen people say, of whom so many say Yes, and of the others one in four No."""
    said = [1 if chance.random() < yes else 2 if chance.random() < 0.75 else 3 for _each in range(14)]
    return said.count(1), said.count(2), said.count(3)


def rows() -> list[list[object]]:
    """As an old spreadsheet has them: of the first group all statements, of the others one."""
    found: list[list[object]] = [
        ["Partnership", "Date", "Statement", "Yes", "Needs Improvement", "No", "Slips", "Present"]
    ]
    chance = random.Random("changed")
    for place, day in enumerate(days()):
        for number in range(1, len(MEETING_FEEDBACK.statements) + 1):
            yes = 0.95 if number == 2 and place >= FROM else 0.5
            found.append(["Changed", f"{day:%d/%m/%Y}", number, *slips(chance, yes), 14, 18])
    for seed in NOISE:
        chance = random.Random(seed)
        found += [[f"Noise {seed:02}", f"{day:%d/%m/%Y}", 1, *slips(chance, 0.6), 14, 18] for day in days()]
    return found


def put_in(page: Page, tmp_path, sheet_rows: list[list[object]]) -> None:
    sheet = tmp_path / "tables.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(sheet_rows)
    page.get_by_role("link", name="Put in old paper tables").click()
    page.get_by_label("File").set_input_files(sheet)
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("heading", name="Check what will happen", level=1)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_five_years_of_paper(screens: Screens, area, tmp_path, javascript):
    page = screens.open("/areas/derry/trends/", person="coordinator", viewport=DESKTOP, java_script_enabled=javascript)
    put_in(page, tmp_path, rows())
    page.get_by_role("button", name="Put them in").first.click()
    expect(page.get_by_text(f"{MEETINGS * 21} new tables")).to_be_visible()

    page.goto("/areas/derry/trends/")
    page.get_by_label("Show").select_option(label="Where something really changed")
    page.get_by_role("button", name="Show").click()
    lines = page.get_by_role("region", name="The partnerships in figures").locator("tbody th a").all_inner_texts()
    assert "Changed" in lines
    assert len(lines) - 1 <= 2, lines

    page.get_by_role("link", name="Changed", exact=True).click()
    began = f"{days()[FROM]:%-d %B %Y}"
    expect(page.get_by_text(f"Real improvement since {began}", exact=True).first).to_be_visible()
    real = page.locator(".app-real li").all_inner_texts()
    assert [line for line in real if "agenda" in line] == [
        f"Real improvement since {began}: We are sticking to our agenda"
    ]
    page.get_by_role("link", name=re.compile(r"^\d+ \w+ \d{4}$")).first.click()
    expect(page.get_by_text("From a table that was kept on paper")).to_be_visible()
    assert Partnership.objects.get(slug="changed").meetings.count() == MEETINGS


def test_on_a_phone_and_by_keyboard(screens: Screens, area, tmp_path, axe_finds_nothing):
    page = screens.open("/areas/derry/trends/", person="coordinator", viewport=PHONE)
    put_in(page, tmp_path, rows()[: 1 + MEETINGS * len(MEETING_FEEDBACK.statements)])
    assert does_not_scroll_sideways(page)
    axe_finds_nothing(page)
    page.get_by_role("button", name="Put them in").first.click()
    page.goto("/partnerships/changed/trends/")
    assert does_not_scroll_sideways(page)
    axe_finds_nothing(page)
    page.get_by_label("Chart of").focus()
    page.keyboard.type("We are sticking")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="We are sticking to our agenda")).to_be_visible()
    page.locator("summary", has_text="The figures of this chart").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="The figures of this chart")).to_be_visible()
    region = page.get_by_role("region", name="Averages of each meeting")
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(region).to_be_focused()
