"""A partnership's year in a browser: axe in every state, the keyboard, small screens, without JavaScript."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.demo import Story, tell
from feedback.models import JointAssessment, Round, Suggestion, Table, Workshop
from feedback.scores.instruments import TOGETHER
from partnerships.models import Aim, Objective, Partnership, Year
from partnerships.models.years import current_number
from tests.actors.phones import open_
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def story() -> Story:
    return tell()


@pytest.fixture
def sperrin(story) -> Partnership:
    """Three years behind it, last year assessed, a workshop to come."""
    return Partnership.objects.get(name="Sperrin DEA")


@pytest.fixture
def last(sperrin) -> Year:
    return Year.objects.written(sperrin, current_number(sperrin) - 1)


@pytest.fixture
def now(sperrin) -> Year:
    return Year.objects.written(sperrin, current_number(sperrin))


def of(year: Year, path: str = "") -> str:
    return f"{year.get_absolute_url()}{path}"


def look(page: Page, paths: list[str], check) -> None:
    for path in paths:
        response = page.goto(path)
        assert response
        assert response.ok, path
        check(page)
        assert does_not_scroll_sideways(page), path


@SIZES
def test_a_year_of_which_nothing_is_known(screens: Screens, now, axe_finds_nothing, viewport):
    Aim.objects.all().delete()
    empty = Year.objects.written(now.partnership, 2000)
    page = screens.open(person="minute_taker", viewport=viewport)
    paths = ["", "together/", "gap/", "workshop/", "pack/", "assessment/prepare/"]
    look(page, [of(empty, path) for path in paths], axe_finds_nothing)
    look(page, [of(now.beside(1))], axe_finds_nothing)


@SIZES
def test_a_full_year(screens: Screens, last, axe_finds_nothing, viewport):
    page = screens.open(person="minute_taker", viewport=viewport)
    paths = ["", "together/", "gap/", "workshop/", "pack/", "assessment/", "assessment/table/"]
    look(page, [of(last, path) for path in paths], axe_finds_nothing)
    page = screens.open(person="member", viewport=viewport)
    look(page, [of(last, path) for path in ("", "gap/", "pack/", "assessment/table/")], axe_finds_nothing)


@SIZES
def test_a_years_round_while_it_runs(screens: Screens, now, axe_finds_nothing, viewport):
    page = screens.open(of(now, "assessment/prepare/"), person="minute_taker", viewport=viewport)
    page.get_by_label("Ask about the twelve steps too").check()
    page.get_by_role("button", name="Prepare").click()
    expect(page.get_by_text("Prepared. Open it when members should answer.")).to_be_visible()
    axe_finds_nothing(page)
    page.get_by_role("button", name="Open scoring now").click()
    expect(page.get_by_text("Scoring is open.")).to_be_visible()
    code = Round.objects.get(year=now).code
    paths = [of(now), of(now, "gap/"), *(of(now, f"assessment/{step}") for step in ("", "paper/", "remind/"))]
    look(page, [*paths, f"/m/{code}/"], axe_finds_nothing)
    expect(page.get_by_role("heading", name="The twelve steps")).to_be_visible()


@SIZES
def test_too_few_answers_and_a_round_that_ended(screens: Screens, last, axe_finds_nothing, viewport):
    Table.objects.filter(round__year=last).update(
        slips=4, tallies=None, comments=None, withheld=0, blacked_out=0, explanation=""
    )
    page = screens.open(person="member", viewport=viewport)
    paths = ["", "gap/", "pack/", "assessment/table/"]
    look(page, [of(last, path) for path in paths], axe_finds_nothing)
    Table.objects.filter(round__year=last).delete()
    Round.objects.filter(year=last).update(stage="ended")
    look(page, [of(last, path) for path in paths], axe_finds_nothing)


def test_mistakes_lead_to_their_fields(screens: Screens, last, axe_finds_nothing):
    page = screens.open(of(last, "workshop/"), person="minute_taker")
    page.get_by_label("Their email address").fill("maeve")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    axe_finds_nothing(page)
    page.get_by_role("link", name="Type an email address").click()
    expect(page.get_by_label("Their email address")).to_be_focused()

    page.goto(of(last, "together/"))
    note = page.get_by_label("Note: Respect for all").first
    note.evaluate("box => { box.value = 'x'.repeat(501) }")
    page.get_by_role("button", name="Save our answers").click()
    page.get_by_role("link", name="Shorten it to 500 characters").click()
    expect(page.get_by_label("Note: Respect for all").first).to_be_focused()
    assert page.get_by_label("Note: Respect for all").first.input_value() == "x" * 501
    axe_finds_nothing(page)
    assert does_not_scroll_sideways(page)


def test_two_at_once(screens: Screens, now, axe_finds_nothing):
    first = screens.open(of(now, "together/"), person="minute_taker")
    second = screens.open(of(now, "together/"), person="coordinator")
    for page, note in ((first, "Niamh’s"), (second, "Rory’s")):
        page.get_by_label("Note: Respect for all").first.fill(note)
        page.get_by_role("button", name="Save our answers").click()
    expect(first.get_by_text("Saved.")).to_be_visible()
    expect(second.get_by_text("Somebody else has saved other answers meanwhile.")).to_be_visible()
    axe_finds_nothing(second)
    assert second.get_by_label("Note: Respect for all").first.input_value() == "Rory’s"
    second.get_by_role("button", name="Save our answers").click()
    expect(second.get_by_text("Saved.")).to_be_visible()
    assert JointAssessment.objects.get(year=now).notes == {"respect": "Rory’s"}


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_the_joint_form_by_keyboard_alone(screens: Screens, now, scripts):
    page = screens.open(of(now, "together/"), person="minute_taker", viewport=DESKTOP, java_script_enabled=scripts)
    commitments = [each.key for each in TOGETHER.statements[:8]]
    page.locator("[name=teamwork]").last.focus()  # what is chosen at first: left open
    for _key in commitments:
        page.keyboard.press("ArrowRight")  # round to the first: Yes
        page.keyboard.press("Tab")
        page.keyboard.type("Kept")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the twelve steps
    expect(page.get_by_label("Note: Come to meetings")).to_be_visible()
    page.get_by_role("button", name="Save our answers").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    joint = JointAssessment.objects.get(year=now)
    assert (joint.answers, joint.notes) == (dict.fromkeys(commitments, "yes"), dict.fromkeys(commitments, "Kept"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_the_facilitator_opens_the_pack_by_keyboard(screens: Screens, last, axe_finds_nothing, scripts):
    def check(page: Page) -> None:
        if scripts:
            axe_finds_nothing(page)
            assert does_not_scroll_sideways(page)

    page = screens.open(of(last, "workshop/"), person="minute_taker", java_script_enabled=scripts)
    page.get_by_role("button", name="Send a link to").press("Enter")
    expect(page.get_by_text("Sent to facilitator@example.org.")).to_be_visible()
    check(page)
    found = re.search(r"(/pack/\S+/)$", str(mail.outbox[-1].body), re.M)
    assert found
    outside = screens.open(found[1], java_script_enabled=scripts)
    check(outside)
    outside.get_by_role("button", name="Open the pack").press("Enter")
    expect(outside.get_by_text("Your link opens it until")).to_be_visible()
    expect(outside.get_by_role("heading", name="Members and partnership, side by side")).to_be_visible()
    check(outside)
    page.goto(of(last, "workshop/"))
    expect(page.get_by_text("Not yet.")).not_to_be_visible()
    page.get_by_role("button", name="End the link").press("Enter")
    expect(page.get_by_text("The link opens nothing any more.")).to_be_visible()
    outside.reload()
    expect(outside.get_by_role("heading", name="This link opens nothing")).to_be_visible()
    check(outside)


def test_while_the_pack_is_made(screens: Screens, last, axe_finds_nothing):
    page = screens.open(of(last, "pack/"), person="member")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="The pack as PDF").click()
    assert download.value.suggested_filename.endswith("-pack.pdf")
    last.pack_pdf.content, last.pack_pdf.step, last.pack_pdf.told_at = b"", 3, timezone.now()
    last.pack_pdf.save()
    page = screens.open(of(last, "pack.pdf"), person="member")
    expect(page.get_by_text("Step 3 of 7.")).to_be_visible()
    axe_finds_nothing(page)


def test_long_words_scroll_nothing_sideways(screens: Screens, last):
    Workshop.objects.update(facilitator="F" * 120, organisation="O" * 200)
    JointAssessment.objects.update(notes=dict.fromkeys(["trust", "respect"], "N" * 500))
    for number, suggestion in enumerate(Suggestion.objects.of(last.partnership)):
        Suggestion.objects.filter(pk=suggestion.pk).update(text=f"{number}" * 1000)
    Aim.objects.update(text="A" * 300)
    Objective.objects.filter(pk__in=[Objective.objects.earliest("pk").pk]).update(text="T" * 300, progress="P" * 300)
    page = screens.open(person="minute_taker")
    for path in ("", "together/", "gap/", "workshop/", "pack/"):
        page.goto(of(last, path))
        assert does_not_scroll_sideways(page), path


def test_the_slip_with_twenty_statements(screens: Screens, now, axe_finds_nothing):
    round = open_(Round.objects.create(year=now, instrument_slug="charter-1-members-steps"))
    page = screens.open(f"/m/{round.code}/", viewport={"width": 320, "height": 640})
    axe_finds_nothing(page)
    assert does_not_scroll_sideways(page)
    for statement in round.instrument.statements:
        page.locator(f"label[for={statement.key}]").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your total: 60 out of 60")).to_be_visible()
    axe_finds_nothing(page)
    assert round.slips.count() == 1
