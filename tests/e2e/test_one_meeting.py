"""The main job, from the demonstration's open meeting to the PDF, with twelve phones at once."""

import random
import re
import subprocess

import pytest
from playwright.sync_api import Locator, Page, expect

from feedback.demo import Story, tell_board
from tests.actors.phones import STATEMENTS
from tests.e2e.conftest import DESKTOP, Screens

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = {"yes": 3, "ni": 2, "no": 1}


@pytest.fixture
def story() -> Story:
    return tell_board()


def sign_in(page: Page, who: str) -> None:
    page.get_by_role("button", name=who, exact=True).click()
    expect(page.get_by_role("heading", name="My partnerships")).to_be_visible()


def tap(page: Page, answers: dict[str, str]) -> None:
    for statement, option in answers.items():
        page.locator(f"input[name={statement}][value={option}] + label").click()


def choose(desk: Page, comment: str, how: str) -> Locator:
    box = desk.locator(".app-comment", has_text=comment)
    box.get_by_text("Withhold it or black out words").click()
    box.get_by_label(how, exact=True).check()
    box.get_by_label("Why?").select_option(label="it names somebody")
    return box


def withhold(desk: Page, comment: str) -> None:
    choose(desk, comment, "Withhold it")


def black_out(desk: Page, comment: str, words: str) -> None:
    choose(desk, comment, "Black out words").get_by_label("Words to black out").fill(words)


def test_score_change_stop_collate_and_print(screens: Screens, story: Story):
    chance = random.Random(12)
    slips = [{statement: chance.choice(list(POINTS)) for statement in STATEMENTS} for _ in range(12)]
    del slips[3]["frank"]
    code = story.today.round.code

    desk = screens.open("/", viewport=DESKTOP)
    sign_in(desk, "The minute-taker")
    desk.goto(f"{story.today.get_absolute_url()}feedback/")
    desk.get_by_label("People present").fill("14")
    desk.get_by_role("button", name="Save number present").click()

    # All twelve have the page open before the first one sends; the last has no JavaScript.
    phones = [screens.open(f"/m/{code}/", java_script_enabled=number != 11) for number in range(12)]
    for number, (phone, answers) in enumerate(zip(phones, slips, strict=True)):
        tap(phone, answers)
        if number < 3:
            phone.locator("#comment").fill(f"Comment number {number} <b>& more</b>")
    for phone in phones:
        phone.get_by_role("button", name="Send", exact=True).click()
    phones[3].locator("#summary").get_by_role("button", name="Send with blanks").click()
    for phone, answers in zip(phones, slips, strict=True):
        expect(phone.get_by_role("heading", name="Sent. Thank you")).to_be_visible()
        if len(answers) == 7:
            total = sum(POINTS[option] for option in answers.values())
            expect(phone.get_by_text(f"Your total: {total} out of 21")).to_be_visible()

    # The desk has counted them by itself.
    expect(desk.locator(".app-live")).to_contain_text(
        "12 slips have come in. 14 people are recorded present.", timeout=10_000
    )

    # One changes its mind, the one without JavaScript another time.
    for phone, number in ((phones[0], 0), (phones[11], 11)):
        phone.get_by_role("link", name="Change my answers").click()
        expect(phone.locator("input:checked")).to_have_count(7)
        slips[number] = dict.fromkeys(STATEMENTS, "no")
        tap(phone, slips[number])
        phone.get_by_role("button", name="Send", exact=True).click()
        expect(phone.get_by_text("Your total: 7 out of 21")).to_be_visible()

    desk.get_by_role("button", name="Stop scoring").click()
    late = screens.open(f"/m/{code}/")
    expect(late.get_by_role("heading", name="Scoring has stopped")).to_be_visible()
    desk.get_by_role("link", name="Go on to the comments").click()
    desk.get_by_role("button", name="Show the comments").click()
    withhold(desk, "Comment number 1")
    black_out(desk, "Comment number 2", "NUMBER")
    desk.get_by_role("button", name="Save and see it as printed").click()
    expect(desk.locator(".app-preview")).to_have_text("Comment [blacked out] 2 <b>& more</b>")
    desk.get_by_role("button", name="Save and go on").click()
    expect(desk.get_by_text("This cannot be undone.")).to_be_visible()
    desk.get_by_role("button", name="Make the table and destroy the slips").click()
    expect(desk.get_by_role("heading", name="Collated table")).to_be_visible()

    # The same figures on the page and in the PDF as in a sum of our own.
    expected = [sum_of(statement, slips) for statement in STATEMENTS]
    rows = desk.locator("tbody tr").all()
    assert [" ".join(row.locator("td").all_inner_texts()[:6]) for row in rows] == expected
    points = sum(POINTS[option] for slip in slips for option in slip.values())
    answered = sum(len(slip) for slip in slips)
    expect(desk.locator(".app-figures")).to_contain_text(f"{points} of {3 * answered}")
    printed = read(desk, desk.get_by_role("link", name="PDF for the next agenda").get_attribute("href"))
    assert all(f"{figures}" in printed for figures in expected)
    assert f"Total points: {points} of {3 * answered}" in printed
    assert "Comment number 0 <b>& more</b>" in printed
    assert "Comment number 1" not in printed
    assert "1 comment was withheld by the minute-taker." in printed
    assert "Comment [blacked out] 2 <b>& more</b>" in printed
    assert "In 1 comment words were blacked out by the minute-taker." in printed
    assert "Demonstration: scores, adoptions and people are invented" in printed


def sum_of(statement: str, slips: list[dict[str, str]]) -> str:
    given = [slip[statement] for slip in slips if statement in slip]
    counts = [given.count(option) for option in POINTS]
    points = sum(POINTS[option] for option in given)
    average = f"{int(points * 100 / len(given) + 0.5) / 100:.2f}"
    return " ".join(map(str, [*counts, len(slips) - len(given), points, average]))


def read(page: Page, path: str | None) -> str:
    assert path
    pdf = page.request.get(path).body()
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"\s+", " ", text)
