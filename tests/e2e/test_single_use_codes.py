"""Slips with single-use codes in a real browser: chosen, printed, handed out, scored with. And the paper form."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.demo import Story, tell_board
from feedback.models import Round
from feedback.rounds import lifecycle as scoring
from tests.actors.phones import STATEMENTS, address, open_
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_scoring_pages import does_not_scroll_sideways, feedback
from tests.factories import MeetingFactory
from tests.feedback.rounds.test_printing import codes_on, pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return tell_board()


@pytest.fixture
def planned(story) -> Round:
    """The next meeting's round, of a partnership whose name is as long as a name can be."""
    partnership = story.today.partnership
    partnership.name = ("Community Planning Steering Group for Health and Wellbeing " * 3)[:160]
    partnership.save()
    return MeetingFactory(partnership=partnership, date=timezone.localdate() + timedelta(days=7)).round


def print_slips(page: Page, number: int) -> list[str]:
    page.get_by_label("How many?").fill(str(number))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the slips").click()
    return codes_on(Path(download.value.path()).read_bytes())


@pytest.mark.parametrize("options", [{"viewport": DESKTOP}, {"viewport": PHONE, "java_script_enabled": False}])
def test_from_the_desk_to_slips_that_people_score_with(screens, planned, options):
    page = screens.open(feedback(planned.meeting), person="minute_taker", **options)
    page.get_by_role("link", name="Single-use codes").click()
    page.get_by_role("button", name="Use single-use codes").click()
    expect(page.get_by_text("No code has been printed yet.")).to_be_visible()
    codes = print_slips(page, 3)
    assert len(codes) == 3
    page.get_by_role("link", name="The desk").click()
    page.get_by_role("button", name="Open scoring now").click()
    expect(page.get_by_text("Scoring is open.", exact=True)).to_be_visible()
    for code, sent in ((codes[0], True), (codes[1], True), ("0000 0000", False)):
        phone = screens.open(address(planned))
        phone.get_by_label("The code on your slip of paper").fill(f"{code[:4]} {code[4:]}".lower())
        for statement in STATEMENTS:
            phone.locator(f"input[name={statement}][value=yes] + *").click()
        phone.get_by_role("button", name="Send").click()
        if sent:
            expect(phone.get_by_role("heading", level=1)).to_have_text("Sent. Thank you")
        else:
            expect(phone.get_by_text("No slip of paper has this code").first).to_be_visible()
    assert planned.slips.count() == 2


def test_what_a_qr_code_says_fills_the_code_in(screens, planned):
    page = screens.open(feedback(planned.meeting, "codes/"), person="minute_taker", viewport=DESKTOP)
    page.get_by_role("button", name="Use single-use codes").click()
    (code,) = print_slips(page, 1)
    open_(planned)
    phone = screens.open(f"{address(planned)}#{code}")
    box = phone.get_by_label("The code on your slip of paper")
    expect(box).to_have_value(re.compile(f"{code[:4]} ?{code[4:]}"))
    expect(phone).to_have_url(re.compile(f"{planned.code}/$"))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, {"width": 320, "height": 640}])
def test_the_page_of_codes_in_every_state(screens, planned, viewport, axe_finds_nothing):
    def look() -> None:
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page)

    scoring.schedule_round(round_id=planned.pk, opens_at=timezone.now() + timedelta(days=1))
    page = screens.open(feedback(planned.meeting, "codes/"), person="minute_taker", viewport=viewport)
    expect(page.get_by_text("With codes this is taken back")).to_be_visible()
    look()
    page.get_by_role("button", name="Use single-use codes").click()
    expect(page.get_by_role("heading", name="Print the slips")).to_be_visible()
    look()
    page.get_by_label("How many?").fill("501")
    page.get_by_role("button", name="Download the slips").click()
    page.get_by_role("link", name="Type how many slips to print, from 1 to 500").click()
    expect(page.get_by_label("How many?")).to_be_focused()
    look()
    print_slips(page, 2)
    page.goto(feedback(planned.meeting, "codes/"))
    renew = page.get_by_role("button", name="Make all codes printed so far invalid")
    expect(renew).not_to_be_visible()
    page.get_by_text("Begin again with the codes, or do without").click()
    expect(renew).to_be_visible()
    look()
    open_(planned)
    page.reload()
    expect(page.get_by_role("button", name="Score without codes")).to_have_count(0)
    look()
    page.goto(feedback(planned.meeting))
    expect(page.get_by_role("heading", name="Print")).to_be_visible()
    look()


def test_a_round_that_is_open_without_codes(screens, story, axe_finds_nothing):
    page = screens.open(feedback(story.today, "codes/"), person="minute_taker", viewport=PHONE)
    expect(page.get_by_text("Scoring is open without codes.")).to_be_visible()
    axe_finds_nothing(page)


def test_a_member_may_print_the_paper_form_too(screens, planned):
    page = screens.open(person="member", viewport=DESKTOP)
    answer = page.request.get(feedback(planned.meeting, "form.pdf"))
    assert answer.headers["content-type"] == "application/pdf"
    assert pages(answer.body()) == [(210, 297)]
