"""A coordinator sets up an area, imports its members and invites them; one of them comes in through the mail."""

import io
import re

import openpyxl
import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import FilePayload, Page, expect

from partnerships.models import Area, Member
from partnerships.people.localities import councils
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.factories import AreaFactory, CoordinatorFactory, MemberFactory, UserFactory
from tests.helpers.signing_in import code

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "Derry City and Strabane District Council"
LOCALITIES = councils()[COUNCIL]
BODIES = [f"Community body {n}" for n in range(1, 9)]


@pytest.fixture(autouse=True)
def _no_limit_reached_yet(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def area() -> Area:
    area = AreaFactory(name=COUNCIL, slug="derry", colour="teal")
    CoordinatorFactory(area=area, name="Niamh Instance", user=UserFactory(email="niamh@example.org"))
    return area


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, name: str, kind: str, parent: str = "") -> None:
    page.get_by_role("link", name="Add a partnership").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Kind").select_option(label=kind)
    if parent:
        page.get_by_label("Reports to").select_option(label=parent)
    page.get_by_role("button", name="Add the partnership").click()
    expect(page.get_by_text(f"“{name}” is set up.")).to_be_visible()
    page.goto("/areas/derry/")


def forty_members() -> bytes:
    """Seven localities, 40 people; every fifth has no address, and the first of each takes the minutes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Partnership", "Name", "Email", "Organisation", "Sector", "Role"])
    for n in range(40):
        email = "" if n % 5 == 4 else f"person{n}@example.org"
        sector = "Community and voluntary" if n < len(BODIES) else ""
        role = "Minute-taker" if n < 7 else "Member"
        sheet.append([LOCALITIES[n % 7], f"Person Number{n}", email, BODIES[n % 8], sector, role])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_seven_localities_forty_members_and_one_who_comes_in(screens: Screens, area, axe_finds_nothing, scripts):
    page = screens.open("/", viewport=DESKTOP, java_script_enabled=scripts)
    sign_in(page, "niamh@example.org")
    page.get_by_role("link", name=COUNCIL).click()
    expect(page.get_by_text("There is no partnership here yet.")).to_be_visible()
    set_up(page, "Strategic Growth Partnership", "Board")
    for name in LOCALITIES:
        set_up(page, name, "Locality group", "Strategic Growth Partnership")
    expect(page.locator(".app-depth-1")).to_have_count(7)

    page.get_by_role("link", name="Import members").click()
    file = FilePayload(name="members.xlsx", mimeType="application/octet-stream", buffer=forty_members())
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("This will happen: 40 new members, 8 new organisations.")).to_be_visible()
    assert Member.objects.count() == 0
    if scripts:
        axe_finds_nothing(page)
    page.get_by_role("button", name="Import them").click()
    expect(page.get_by_text("Imported: 40 new members, 8 new organisations.")).to_be_visible()
    expect(page.get_by_text("8 partnerships, 40 members")).to_be_visible()

    page.get_by_role("link", name="Import members").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("All of this is here already. There is nothing to import.")).to_be_visible()

    page.goto("/areas/derry/")
    page.get_by_role("link", name="Send 32 invitations…").click()
    expect(page.get_by_text("32 people have an email address, were not invited yet")).to_be_visible()
    if scripts:
        axe_finds_nothing(page)
    page.get_by_role("button", name="Send 32 invitations").click()
    expect(page.get_by_text("32 invitations were sent.")).to_be_visible()

    invitation = next(message for message in mail.outbox if message.to == ["person0@example.org"])
    found = re.search(r"^    http://[^/]+(\S+)$", str(invitation.body), re.MULTILINE)
    assert found
    phone = screens.open(found[1], viewport=PHONE, java_script_enabled=scripts)
    expect(phone.get_by_role("heading", name="You are invited")).to_be_visible()
    phone.get_by_role("button", name="Send me a code").click()
    phone.get_by_label("Code").fill(code())
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", name=LOCALITIES[0])).to_be_visible()
    phone.get_by_role("link", name="6 members").click()
    expect(phone.get_by_role("link", name="Add a member")).to_be_visible()
    assert screens.open("/areas/derry/").get_by_role("heading", name="Sign in").is_visible()
    phone.goto("/areas/derry/")
    expect(phone.get_by_role("heading", name="Page not found")).to_be_visible()


def test_rows_with_problems_are_mended_in_the_box(screens: Screens, area, axe_finds_nothing):
    area.partnerships.create(name="Waterside DEA", kind="locality")
    page = screens.open("/", viewport=PHONE)
    sign_in(page, "niamh@example.org")
    page.goto("/areas/derry/import/")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("Choose a file, or paste the cells.").first).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_label("Or paste the cells").fill(
        "Partnership\tName\tEmail\tOrganisation\tSector\nWaterside\tAoife Sample\taoife\tLibraries NI\tStatutory"
    )
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    axe_finds_nothing(page)
    page.get_by_role("link", name="Row 2: No partnership here is called “Waterside”.").click()
    box = page.get_by_label("The rows")
    expect(box).to_be_focused()
    marked = box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert marked == "Waterside;Aoife Sample;aoife;Libraries NI;Statutory;"
    page.keyboard.type("Waterside DEA;Aoife Sample;aoife@example.org;Libraries NI;Statutory;")
    page.get_by_role("button", name="Show what will happen").click()
    page.get_by_role("button", name="Import them").click()
    expect(page.get_by_text("Imported: 1 new member, 1 new organisation.")).to_be_visible()


def test_every_page_of_people_and_areas(screens: Screens, area, axe_finds_nothing):
    board = area.partnerships.create(name="B" * 160, kind="board")
    child = area.partnerships.create(name="Health", kind="thematic", parent=board)
    long = MemberFactory(
        partnership=child, name="N" * 120, email=f"{'e' * 60}@example.org", organisation__name="O" * 200, role="chair"
    )
    left = MemberFactory(partnership=child, name="Una", left_on="2999-01-01", email="una@example.org")
    MemberFactory(partnership=child, name="Dara", erasure_asked_on="2026-06-01")
    members = f"/partnerships/{child.slug}/members/"
    paths = [
        "/",
        "/areas/derry/",
        "/areas/derry/?q=zzz",
        "/areas/derry/settings/",
        "/areas/derry/partnerships/new/",
        "/areas/derry/import/",
        "/areas/derry/coordinators/",
        f"/areas/derry/coordinators/{area.coordinators.get().pk}/remove/",
        "/areas/derry/organisations/",
        f"/areas/derry/organisations/{long.organisation_id}/",
        "/areas/derry/record/",
        "/areas/derry/erasures/",
        "/areas/derry/invite/",
        f"/partnerships/{board.slug}/",
        f"/partnerships/{board.slug}/settings/",
        f"/partnerships/{board.slug}/members/",
        f"/partnerships/{board.slug}/meetings/new/",
        members,
        f"{members}new/",
        f"{members}on-paper/",
        f"{members}invite/",
        *(f"{members}{long.pk}/{page}" for page in ("", "leave/", "replace/", "erase/")),
        f"{members}{left.pk}/",
        "/invitation/x/",
        "/who-may-do-what/",
        "/privacy/",
        "/account/data/",
        "/account/erasure/",
    ]
    for viewport in (PHONE, DESKTOP):
        page = screens.open("/", viewport=viewport)
        cache.clear()
        sign_in(page, "niamh@example.org")
        titles = set()
        for path in paths:
            page.goto(path)
            axe_finds_nothing(page)
            fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            assert fits, f"{path} scrolls sideways"
            titles.add(page.title())
        assert len(titles) == len(paths) - 1, "every page says where it is; a search is the same page"


def test_forms_say_what_is_wrong_and_lead_there(screens: Screens, area, axe_finds_nothing):
    partnership = area.partnerships.create(name="Health", kind="thematic")
    page = screens.open("/", viewport=PHONE)
    sign_in(page, "niamh@example.org")
    for path, button, problem in (
        ("/areas/derry/partnerships/new/", "Add the partnership", "Type the partnership’s name"),
        ("/areas/derry/coordinators/", "Add and invite", "Type the coordinator’s name"),
        (f"/partnerships/{partnership.slug}/members/new/", "Add the member", "Type the member’s name"),
        (f"/partnerships/{partnership.slug}/meetings/new/", "Plan the meeting", "Choose the day of the meeting"),
    ):
        page.goto(path)
        page.get_by_role("button", name=button).press("Enter")
        expect(page.locator("[data-focus]")).to_be_focused()
        axe_finds_nothing(page)
        page.get_by_role("link", name=problem).press("Enter")
        expect(page.locator("input:focus")).to_have_count(1)
