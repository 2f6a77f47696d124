"""Through a whole year: the charter adopted, assessed by each alone and by all together, and a pack without names."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Round
from feedback.scores.instruments import MEMBERS
from partnerships.models import Entry, Member, Organisation, Partnership, User, Year
from partnerships.models.years import current_number
from tests.actors.phones import all_, collate, open_, score
from tests.e2e.conftest import DESKTOP, Screens
from tests.e2e.test_one_meeting import read
from tests.factories import AreaFactory, MeetingFactory, MemberFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = {
    "Alice Specimen": "Derry City and Strabane District Council",
    "Bob Sample": "Libraries NI",
    "Cathal Instance": "North West Community Network",
    "Dara Pattern": "Libraries NI",
    "Erin O’Example": "Sperrin residents",
}
ON_PAPER = "Fionn Proxy"
NEW = "Grace Draft"
HOME = "/partnerships/growth/"


@pytest.fixture
def partnership() -> Partnership:
    """Alice takes the minutes; Bob and three others have an address each, Fionn has none."""
    area = AreaFactory(name="Derry and Strabane", is_demonstration=True)
    partnership = PartnershipFactory(area=area, name="Growth", slug="growth", year_start_month=1)
    bodies = {name: OrganisationFactory(area=area, name=name) for name in set(PEOPLE.values())}
    bodies["Sperrin residents"].sector = Organisation.Sector.RESIDENTS
    bodies["Sperrin residents"].save()
    for name, body in PEOPLE.items():
        email = address(name)
        role = "minute_taker" if name.startswith("Alice") else "member"
        MemberFactory(
            partnership=partnership,
            name=name,
            email=email,
            user=User.objects.for_email(email),
            role=role,
            organisation=bodies[body],
        )
    MemberFactory(partnership=partnership, name=ON_PAPER, organisation=OrganisationFactory(area=area, name="Rural Aid"))
    return partnership


def address(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


def as_member(screens: Screens, name: str, path: str, **options) -> Page:
    """A browser in which this member is signed in."""
    client = Client()
    client.force_login(User.objects.get(email=address(name)))
    page = screens.open("/", **options)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": screens.base}])
    page.goto(path)
    return page


def adopt(page: Page, name: str, *, organisation: bool) -> None:
    page.goto(f"{HOME}charter/")
    page.get_by_role("link", name="Read it and adopt it").click()
    page.get_by_label("I adopt the charter personally").check()
    if organisation:
        page.get_by_label(re.compile("^I adopt the charter on behalf of")).check()
    page.get_by_label("Type your name, as your signature").fill(name)
    page.get_by_role("button", name="Adopt the charter").click()
    expect(page.get_by_role("heading", name="Our charter", exact=True)).to_be_visible()


def standing(page: Page, who: str) -> str:
    page.goto(f"{HOME}charter/")
    return page.get_by_role("listitem").filter(has_text=who).first.inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_a_year(screens: Screens, partnership, scripts):
    number = current_number(partnership)
    today = timezone.localdate()
    year = f"{HOME}years/{number}/"
    options = {"viewport": DESKTOP, "java_script_enabled": scripts}
    page = as_member(screens, "Alice Specimen", HOME, **options)

    # A meeting adopts the charter; then organisations and people do.
    meeting = MeetingFactory(
        partnership=partnership, date=max(today - datetime.timedelta(days=7), datetime.date(number, 1, 1))
    )
    score(
        open_(meeting.round), *[all_("ni")] * 5, comments=("Ask Bob Sample to bring the loop", "Annual dates, please")
    )
    collate(meeting.round)
    page.goto(f"{HOME}charter/")
    page.get_by_role("link", name="Record that we adopted it").click()
    page.get_by_label("Adopted on").fill(meeting.date.isoformat())
    page.get_by_label("What was decided").fill("We adopt the charter, as dara pattern moved.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This partnership adopted the charter on")).to_be_visible()
    adopt(page, "Alice Specimen", organisation=True)
    for name, for_organisation in (("Bob Sample", True), ("Cathal Instance", True), ("Erin O’Example", False)):
        adopt(as_member(screens, name, HOME, **options), name, organisation=for_organisation)
    receipts = {message.to[0]: message for message in mail.outbox}
    assert set(receipts) == {address(name) for name in ("Alice", "Bob", "Cathal", "Erin")}
    assert "Teamwork when developing options and taking decisions" in str(receipts["bob@example.org"].body)

    # One on paper.
    page.goto(f"{HOME}charter/paper/")
    page.get_by_label("Who signed").select_option(label=f"{ON_PAPER}, Rural Aid")
    page.get_by_label("Signed on").fill(today.isoformat())
    page.get_by_label("They adopted it personally").check()
    page.get_by_role("button", name="Save").click()
    assert "Adopted on paper" in standing(page, ON_PAPER)

    # The network's representative is replaced, and the new one is asked.
    page.goto(f"{HOME}members/{Member.objects.get(name='Cathal Instance').pk}/replace/")
    page.get_by_label("Name", exact=True).fill(NEW)
    page.get_by_label("Email address").fill("grace@example.org")
    page.get_by_role("button", name="Make them the representative").click()
    assert "former representative" in standing(page, "North West Community Network")
    grace = as_member(screens, NEW, "/", **options)
    grace.get_by_role("link", name="Adopt the charter").click()
    adopt(grace, NEW, organisation=True)
    assert "Adopted on" in standing(page, "North West Community Network")

    # Twelve members say, each alone, how well it was kept.
    page.goto(year)
    page.get_by_role("link", name="Prepare the assessment").click()
    page.get_by_role("button", name="Prepare").click()
    page.get_by_role("button", name="Open scoring now").click()
    expect(page.get_by_text("Scoring is open.")).to_be_visible()
    round = Round.objects.get(year__number=number)
    keys = [statement.key for statement in MEMBERS.statements]
    score(round, *[dict.fromkeys(keys, "no")] * 12, comments=("Thank Grace Draft for the tea",))
    page.get_by_role("button", name="Stop scoring").click()
    page.get_by_role("link", name="Go on to the comments").click()
    page.get_by_role("button", name="Show the comments").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Make the table and destroy the slips").click()
    expect(page.get_by_role("heading", name="Collated table")).to_be_visible()

    # The partnership says so together, and sees both side by side.
    page.goto(f"{year}together/")
    trust = page.get_by_role("group", name="Trust building across sectors pro-actively facilitated")
    trust.get_by_label("Yes").check()
    page.get_by_label("Note: Trust building across…").fill("As Alice Specimen says: we try.")
    page.get_by_role("button", name="Save our answers").click()
    first = page.get_by_role("table").first.get_by_role("row").nth(1)
    expect(first).to_contain_text("Trust building across sectors pro-actively facilitated")
    expect(first).to_contain_text("members 2.00 lower")

    # The workshop: its facilitator opens the pack from the mail.
    page.goto(f"{year}workshop/")
    page.get_by_label("Day of the workshop").fill(today.isoformat())
    page.get_by_label("Who facilitates it").fill("Maeve Outsider")
    page.get_by_label("Their email address").fill("maeve@example.net")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send a link to maeve@example.net").click()
    expect(page.get_by_text("Sent to maeve@example.net.")).to_be_visible()
    link = re.search(r"http\S+/pack/\S+", str(mail.outbox[-1].body))
    assert link
    maeve = screens.open(link[0].removeprefix(screens.base), **options)
    assert "Growth" not in maeve.locator("main").inner_text()
    maeve.get_by_role("button", name="Open the pack").click()
    expect(maeve.get_by_role("heading", name=f"The pack: year {number}")).to_be_visible()
    shown = " ".join(maeve.locator("body").inner_text().split())
    pdf = read(maeve, maeve.get_by_role("link", name="The pack as PDF").get_attribute("href"))
    for text in (shown, pdf):
        assert "As [name] says: we try." in text
        assert "Ask [name] to bring the loop" in text
        assert "We adopt the charter, as [name] moved." in text
        assert "Annual dates, please" in text
        assert [name for name in (*PEOPLE, ON_PAPER, NEW) if name.lower() in text.lower()] == []
    assert "Libraries NI" in pdf
    assert "Sperrin residents" not in pdf

    # Both openings stand in the record, and an ended link opens nothing.
    page.reload()
    expect(page.get_by_role("heading", name="Opened by the link")).to_be_visible()
    assert list(Entry.objects.filter(act="pack_opened").order_by("pk").values_list("detail", flat=True)) == ["", "PDF"]
    page.get_by_role("button", name="End the link").click()
    maeve.reload()
    expect(maeve.get_by_role("heading", name="This link opens nothing")).to_be_visible()
    assert Year.objects.get().round.table.slips == 12
