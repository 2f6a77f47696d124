"""Trends, notes, shared practice, downloads and tables from paper in a browser: axe in every state, at both sizes."""

import pytest
from playwright.sync_api import Page, expect

from feedback.demo import tell
from feedback.models import ChartNote
from partnerships.models import DataToken, Meeting, Partnership, User
from tests.e2e.conftest import DESKTOP, PHONE, WHOLE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways
from tests.helpers.histories import from_paper

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
AREA, SPERRIN, BOARD = (
    "/areas/derry-city-and-strabane",
    "/partnerships/sperrin-dea",
    "/partnerships/strategic-growth-partnership",
)


@pytest.fixture
def sperrin(db) -> Partnership:
    """Fifteen meetings, a note on the charts, two notes shared; and one table from paper."""
    tell()
    sperrin = Partnership.objects.get(slug="sperrin-dea")
    from_paper(sperrin, "2020-05-10", "2.4")
    return sperrin


def look(page: Page, paths: list[str], check) -> None:
    for path in paths:
        response = page.goto(path)
        assert response
        assert response.ok, path
        check(page)
        assert does_not_scroll_sideways(page), path


@SIZES
@pytest.mark.usefixtures("sperrin")
def test_of_a_partnership(screens: Screens, axe_finds_nothing, viewport):
    page = screens.open(person="member", viewport=viewport)
    ways = ["", "?year=all&statement=agenda", "?year=2020"]
    look(page, [f"{SPERRIN}/trends/{way}" for way in ways], axe_finds_nothing)
    look(page, [f"{BOARD}/trends/", f"{SPERRIN}/trends/notes/", "/practice/?statement=agenda"], axe_finds_nothing)
    look(page, [f"{SPERRIN}/practice/", f"{SPERRIN}/data/", "/data/"], axe_finds_nothing)
    page.goto(f"{SPERRIN}/trends/")
    page.locator("summary", has_text="The figures of this chart").click()
    axe_finds_nothing(page)


@SIZES
def test_of_an_area(screens: Screens, sperrin, axe_finds_nothing, viewport):
    page = screens.open(person="coordinator", viewport=viewport)
    ways = ["", "?order=tree", "?show=improved", "?q=nobody", "?year=2001"]
    look(page, [f"{AREA}/trends/{way}" for way in ways], axe_finds_nothing)
    paper = sperrin.meetings.get(date="2020-05-10")
    place = f"{SPERRIN}/meetings/{paper.pk}/feedback"
    look(page, [f"{AREA}/data/", f"{AREA}/trends/import/", f"{place}/table/", f"{place}/remove/"], axe_finds_nothing)


@SIZES
@pytest.mark.usefixtures("sperrin")
def test_what_is_written_beside_the_figures(screens: Screens, axe_finds_nothing, viewport):
    page = screens.open(person="minute_taker", viewport=viewport)
    note = ChartNote.objects.get()
    place = f"{SPERRIN}/trends/notes"
    look(page, [f"{place}/", f"{place}/{note.pk}/", f"{place}/{note.pk}/remove/"], axe_finds_nothing)
    share = f"{SPERRIN}/practice"
    look(page, [f"{share}/agenda/", f"{share}/together/", f"{share}/agenda/withdraw/"], axe_finds_nothing)


@pytest.mark.usefixtures("sperrin")
def test_mistakes_lead_to_their_fields(screens: Screens, axe_finds_nothing):
    page = screens.open(f"{AREA}/trends/import/", person="coordinator")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    axe_finds_nothing(page)
    page.get_by_label("Or paste the cells").fill("Partnership;Date;Statement;Yes;NI;No;Slips\nSperrin DEA;x;9;1;1;y;2")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("row 2", exact=False).first).to_be_visible()
    axe_finds_nothing(page)

    page.goto(f"{SPERRIN}/practice/frank/")
    page.get_by_role("button", name="Share").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    axe_finds_nothing(page)

    page.goto("/account/spreadsheets/")
    axe_finds_nothing(page)
    page.get_by_label("What is it for?").fill("Quarterly report")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text(AREA, exact=False).first).to_be_visible()
    axe_finds_nothing(page)
    token = DataToken.objects.get(user=User.objects.get(email="coordinator@example.org"))
    page.goto(f"/account/spreadsheets/{token.pk}/revoke/")
    axe_finds_nothing(page)


@pytest.mark.usefixtures("sperrin")
def test_without_a_table_there_is_nothing_but_a_hint(screens: Screens, axe_finds_nothing):
    Meeting.objects.all().delete()
    page = screens.open(person="coordinator")
    look(page, [f"{SPERRIN}/trends/", f"{AREA}/trends/", f"{SPERRIN}/data/", f"{AREA}/data/"], axe_finds_nothing)


@pytest.mark.usefixtures("sperrin")
def test_charts_stand_out_in_forced_colours_and_on_paper(screens: Screens):
    """The picture has no background of its own: its text takes the page's colour, whatever that is."""
    assert WHOLE
    page = screens.open(f"{SPERRIN}/trends/", person="member", viewport=DESKTOP, forced_colors="active")
    colour, ground = page.evaluate(
        """() => {
            const words = document.querySelector('.app-chart text')
            return [getComputedStyle(words).fill, getComputedStyle(document.body).backgroundColor]
        }"""
    )
    assert colour != ground
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator(".app-choose")).to_be_hidden()
    expect(page.locator(".app-chart svg").first).to_be_visible()
