"""Round the loop, twice: agenda, meeting, table, suggestion, answer, next agenda, next slip."""

import datetime
import json
import re
from pathlib import Path

import icalendar
import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.demo import PEOPLE
from feedback.models import Suggestion
from partnerships.models import Meeting, Partnership, User
from tests.actors.phones import all_, score
from tests.e2e.conftest import DESKTOP, Screens
from tests.e2e.test_one_meeting import read
from tests.factories import AreaFactory, MemberFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
AGENDAS = Path("feedback") / "demo" / "agendas.json"
JUNE = next(each for each in json.loads(AGENDAS.read_text(encoding="utf-8")) if each["date"] == "2019-06-27")
FIRST, SECOND = "Papers came two days before. A week, please.", "Could we meet in Strabane next time?"


@pytest.fixture
def partnership() -> Partnership:
    """Rory takes the minutes, Aoife is a member for Libraries NI, Dara has no address."""
    partnership = PartnershipFactory(
        area=AreaFactory(name="Derry and Strabane", is_demonstration=True), name="Growth", slug="growth"
    )
    libraries = OrganisationFactory(area=partnership.area, name="Libraries NI")
    for person, role in (("minute_taker", "minute_taker"), ("member", "member")):
        name, email = PEOPLE[person].name, PEOPLE[person].email
        user = User.objects.for_email(email)
        MemberFactory(partnership=partnership, name=name, email=email, user=user, role=role, organisation=libraries)
    MemberFactory(partnership=partnership, name="Dara Sample", organisation=libraries)
    return partnership


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def plan(page: Page, date: datetime.date) -> Meeting:
    page.goto("/partnerships/growth/")
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("Date").fill(date.isoformat())
    page.get_by_label("Starts at").fill("11:00")
    page.get_by_label("Ends at").fill("13:00")
    page.get_by_label("Venue", exact=True).fill(JUNE["venue"])
    page.get_by_role("button", name="Plan the meeting").click()
    expect(page.get_by_text("The meeting is planned.")).to_be_visible()
    return Meeting.objects.get(date=date)


def write_agenda(page: Page, meeting: Meeting) -> None:
    """Three empty rows at a time, as the page offers them."""
    page.goto(f"{meeting.get_absolute_url()}agenda/")
    items = JUNE["items"]
    for start in range(0, len(items), 3):
        for number, item in enumerate(items[start : start + 3]):
            row = page.locator(f"#row-n{number}")
            row.get_by_label("Title", exact=True).fill(item["title"])
            row.get_by_label("Who leads it").fill(item["lead"])
            row.get_by_label("Minutes").fill("8")
            if item.get("for_information"):
                row.get_by_label("What for").select_option(label="For information")
        if start + 3 < len(items):
            page.get_by_role("button", name="Save and add more items").click()
            expect(page.locator("[data-row]")).to_have_count(start + 6)
    page.get_by_role("button", name="Save the agenda").click()
    expect(page.get_by_text("The agenda is saved.")).to_be_visible()


def send_agenda(page: Page) -> None:
    page.get_by_role("link", name="Send the agenda").click()
    page.get_by_role("button", name="Send to 2 members").click()
    expect(page.get_by_text("2 of 2 mails are sent.")).to_be_visible()
    expect(page.get_by_text("Dara Sample")).to_be_visible()


def score_and_collate(page: Page, meeting: Meeting, comment: str) -> None:
    page.goto(f"{meeting.get_absolute_url()}feedback/")
    page.get_by_role("button", name="Open scoring now").click()
    expect(page.get_by_role("button", name="Stop scoring")).to_be_visible()
    score(meeting.round, *[all_("no")] * 5, comments=(comment,))
    page.get_by_role("button", name="Stop scoring").click()
    page.get_by_role("link", name="Go on to the comments").click()
    page.get_by_role("button", name="Show the comments").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Make the table and destroy the slips").click()
    expect(page.get_by_role("heading", name="Collated table")).to_be_visible()


def raise_it(page: Page, comment: str) -> None:
    page.get_by_role("listitem").filter(has_text=comment).get_by_role("button", name="Make it a suggestion").click()
    expect(page.get_by_text("Raised as a suggestion.")).to_be_visible()


def slip_of(screens: Screens, meeting: Meeting) -> Page:
    return screens.open(f"/m/{meeting.round.code}/")


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_twice_round(screens: Screens, partnership, scripts):
    page = screens.open("/", person="minute_taker", viewport=DESKTOP, java_script_enabled=scripts)

    # A meeting with the agenda of 27 June 2019, sent.
    june = plan(page, day(7))
    write_agenda(page, june)
    expect(page.locator(".app-agenda > li")).to_have_count(15)
    expect(page.locator(".app-agenda > li").last).to_contain_text("12:52–13:02 Feedback on this meeting")
    expect(page.get_by_text("The items take 2 minutes more than the meeting has.")).to_be_visible()
    send_agenda(page)
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {PEOPLE["member"].email, PEOPLE["minute_taker"].email}
    message = sent[PEOPLE["member"].email]
    assert "5. 11:32-11:40 The potential for a Participatory Budgeting pilot (Deputation: Community Places)" in str(
        message.body
    )
    invitation = icalendar.Calendar.from_ical(message.attachments[0].content)
    assert invitation.events[0].decoded("dtstart").date() == june.date

    # Scored, collated; a comment becomes a suggestion.
    score_and_collate(page, june, FIRST)
    expect(page.get_by_text("“We are sticking to our agenda” scored 1.00 on average.")).to_be_visible()
    raise_it(page, FIRST)

    # The next meeting starts from the last agenda, and agrees, with an owner and a day.
    autumn = plan(page, day(35))
    page.get_by_role("link", name="Write the agenda").click()
    page.get_by_role("button", name=re.compile("^The meeting of")).click()
    expect(page.get_by_text("Items were added.")).to_be_visible()
    page.goto(autumn.get_absolute_url())
    page.get_by_role("link", name="Look back: last table and suggestions").click()
    expect(page.get_by_text("Suggestion 1 of 1")).to_be_visible()
    page.get_by_label("Agreed").check()
    page.get_by_label("Our answer").fill("Papers go out seven days before")
    page.get_by_label("Who does it").select_option(label="Aoife Sample, Libraries NI")
    page.get_by_label("By when").fill(day(60).isoformat())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Answered: Agreed.")).to_be_visible()

    # It stands on that agenda, and on the slip of that meeting.
    printed = read(page, f"{autumn.get_absolute_url()}agenda.pdf")
    assert f"{FIRST} Agreed: Papers go out seven days before Aoife Sample, Libraries NI" in printed
    assert "Feedback on this meeting" in printed
    score_and_collate(page, autumn, SECOND)
    raise_it(page, SECOND)

    # Round again: declined this time, and told.
    winter = plan(page, day(63))
    page.get_by_role("link", name="Look back: last table and suggestions").click()
    page.get_by_label("Declined").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Say why it is declined")).to_be_visible()
    page.get_by_label("Our answer").fill("The chamber there is booked")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Answered: Declined.")).to_be_visible()
    printed = read(page, f"{winter.get_absolute_url()}agenda.pdf")
    assert f"{SECOND} Declined: The chamber there is booked" in printed
    assert "Open actions" in printed
    assert "Papers go out seven days before Aoife Sample" in printed
    page.goto(f"{winter.get_absolute_url()}feedback/")
    page.get_by_role("button", name="Open scoring now").click()
    slip = slip_of(screens, winter)
    expect(slip.locator(".answers li")).to_have_text([re.compile(f"{re.escape(SECOND)}.* Declined: The chamber")])
    slip.get_by_role("link", name="All suggestions from last time").click()
    expect(slip.get_by_text("Declined: The chamber there is booked")).to_be_visible()

    # What was agreed is done, and the ledger knows both.
    page.goto("/partnerships/growth/actions/")
    page.get_by_role("button", name="It is done").click()
    page.goto("/partnerships/growth/suggestions/")
    expect(page.locator("main .app-tag")).to_have_text(["Declined", "Done"])
    assert Suggestion.objects.count() == 2
