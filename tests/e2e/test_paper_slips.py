"""Paper slips, typed in by keyboard alone: with the script, without it, and when the signal goes."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from feedback.anonymity.seals import SlipContent
from feedback.demo import Story, tell_board
from feedback.models import Phase, Round
from feedback.slips.paper import paper_slips
from partnerships.models import Meeting
from tests.actors.phones import STATEMENTS, all_, score
from tests.e2e.conftest import DESKTOP, PHONE
from tests.feedback.slips.test_paper import answers

pytestmark = pytest.mark.django_db(transaction=True)

TWENTY = [
    *("yyyyyyy", "nnnnnnn", "iiiiiii", "yinyiny", "inyinyi", "nyinyin", "yyynnni", "iyyyyyn", "nyyyyyi", "yiyiyiy"),
    *("ynynyny", "yyyyyyi", "iyyyyyy", "yyiyyyy", "nnnyyyy", "yyyynnn", "iiiyyyy", "yyyyiii", "ininini", "yyyiyyy"),
]
FAILED = "Not saved. Press Enter in this row to try again."


@pytest.fixture
def story() -> Story:
    story = tell_board()
    Meeting.objects.filter(pk=story.today.pk).update(present=13)
    return story


@pytest.fixture
def round(story) -> Round:
    return story.today.round


@pytest.fixture
def sheet(screens, story):
    """Opens the page in a browser of its own, in which somebody is signed in. Typing starts in the first box."""

    def open_sheet(person: str = "minute_taker", **options) -> Page:
        path = f"{story.today.get_absolute_url()}feedback/paper/"
        page = screens.open(path, person=person, **{"viewport": DESKTOP, **options})
        expect(box(page, -1, "together")).to_be_focused()
        return page

    return open_sheet


def row(page: Page, place: int) -> Locator:
    """Rows from 1; -1 is the last, the empty one."""
    return page.locator("#paper tbody tr").nth(place - 1 if place > 0 else place)


def box(page: Page, place: int, name: str) -> Locator:
    return row(page, place).locator(f"[name='{name}']")


def letters(page: Page, place: int) -> list[str]:
    return [box(page, place, name).input_value() for name in STATEMENTS]


def saved(page: Page, place: int) -> None:
    expect(row(page, place).locator("[data-saved]")).to_have_text("Saved")


def stored(round: Round) -> list[SlipContent]:
    return [slip.content for slip in paper_slips(round=Round.objects.get(pk=round.pk))]


class Keyboard:
    """The page's keyboard, counting."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.strokes += len(keys)


class TestByKeyboardAlone:
    def test_twenty_slips(self, sheet, round):
        page = sheet()
        keyboard = Keyboard(page)
        points = {"y": 3, "i": 2, "n": 1}
        for slip in TWENTY:
            for letter, after in zip(slip, [*slip[1:], ""], strict=True):
                # An I straight after an N would make it NI.
                keyboard.press("1" if letter == "n" and after == "i" else letter)
            keyboard.press(*str(sum(points[letter] for letter in slip)), "Enter")
        saved(page, 20)
        expect(page.locator("#counts")).to_have_text("20 slips on paper, 0 by phone, 13 people present")
        assert keyboard.strokes <= 20 * 10
        assert stored(round) == [SlipContent(answers(slip), {}, number=number) for number, slip in enumerate(TWENTY, 1)]
        expect(page.locator("[data-differs]")).to_have_count(0)
        expect(box(page, 21, "together")).to_be_focused()

    def test_a_key_fills_its_box_and_moves_on(self, sheet):
        page = sheet()
        for key, shown, following in (("3", "Y", "agenda"), ("I", "NI", "respect"), ("1", "N", "decisions")):
            page.keyboard.press(key)
            expect(box(page, 1, following)).to_be_focused()
            assert shown in letters(page, 1)

    def test_an_i_straight_after_an_n_makes_it_ni_and_stays(self, sheet, round):
        page = sheet()
        page.keyboard.type("ni")
        expect(box(page, 1, "agenda")).to_be_focused()
        page.keyboard.type("nniyyyni")
        expect(box(page, 1, "total")).to_be_focused()
        assert letters(page, 1) == ["NI", "N", "NI", "Y", "Y", "Y", "NI"]
        assert box(page, 1, "total").input_value() == ""
        page.keyboard.press("Enter")
        expect(row(page, 1).locator("strong")).to_have_text("16")
        saved(page, 1)
        assert stored(round) == [SlipContent(answers("iniyyyi"), {}, number=1)]

    def test_an_i_after_anything_else_is_an_answer_of_its_own(self, sheet):
        page = sheet()
        page.keyboard.type("1iyi")  # a No by its points
        assert letters(page, 1)[:4] == ["N", "NI", "Y", "NI"]
        page.keyboard.type("n")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("i")
        assert letters(page, 1)[4:6] == ["N", "NI"]

    def test_an_i_that_joins_leaves_the_next_box_as_it_was(self, sheet):
        page = sheet()
        page.keyboard.type("yyyyyyy")
        saved(page, 1)
        page.keyboard.type("21")
        page.keyboard.press("ArrowLeft")
        expect(box(page, 1, "total")).to_be_focused()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        expect(box(page, 1, "charter")).to_be_focused()
        page.keyboard.type("ni")
        expect(box(page, 1, "charter")).to_have_value("NI")
        expect(box(page, 1, "total")).to_have_value("21")
        page.keyboard.press("Enter")
        expect(row(page, 1)).to_contain_text("Adds up to 20; the paper says 21. Check the boxes.")

    def test_space_leaves_blank_and_backspace_goes_back(self, sheet):
        page = sheet()
        page.keyboard.type("y i")
        assert letters(page, 1)[:3] == ["Y", "", "NI"]
        page.keyboard.press("Backspace")
        expect(box(page, 1, "respect")).to_be_focused()
        page.keyboard.press("Backspace")
        expect(box(page, 1, "respect")).to_have_value("")
        page.keyboard.press("Backspace")
        expect(box(page, 1, "agenda")).to_be_focused()

    def test_arrows_move_between_boxes_and_rows(self, sheet):
        page = sheet()
        page.keyboard.type("yyyyyyy")
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
        expect(box(page, 1, "agenda")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowDown")
        expect(box(page, 2, "together")).to_be_focused()

    def test_a_key_that_is_no_answer_is_told_and_the_next_one_takes_its_place(self, sheet):
        page = sheet()
        page.keyboard.type("yx")
        expect(box(page, 1, "agenda")).to_be_focused()
        expect(box(page, 1, "agenda")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#told")).to_have_text("Type one of these: Y, NI, N")
        page.keyboard.type("n")
        assert letters(page, 1)[:2] == ["Y", "N"]
        expect(box(page, 1, "agenda")).to_have_attribute("aria-invalid", "false")

    def test_a_wrong_letter_left_behind_is_told_at_its_box(self, sheet, round):
        page = sheet()
        page.keyboard.type("yx")
        page.keyboard.press("Tab")
        page.keyboard.type("yyyyy")
        problem = row(page, 1).locator(".govuk-error-message")
        expect(problem).to_have_text("“We are sticking to our agenda”: type Y, NI, N, or nothing")
        expect(box(page, 1, "agenda")).to_have_attribute("aria-describedby", problem.get_attribute("id") or "")
        assert letters(page, 1) == ["Y", "x", "Y", "Y", "Y", "Y", "Y"]
        box(page, 1, "agenda").focus()
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        saved(page, 1)
        expect(problem).to_have_count(0)
        assert stored(round) == [SlipContent(answers("yiyyyyy"), {}, number=1)]

    def test_a_full_row_saves_itself_and_the_next_one_appears(self, sheet, round):
        page = sheet()
        page.keyboard.type("yyyyyy")
        expect(row(page, 1)).to_contain_text("Not saved yet")
        page.keyboard.type("i")
        saved(page, 1)
        expect(page.locator("#told")).to_have_text("Row 1: saved, 20 points")
        expect(row(page, 2)).to_contain_text("New row")
        expect(box(page, 1, "total")).to_be_focused()
        assert stored(round) == [SlipContent(answers("yyyyyyi"), {}, number=1)]

    def test_the_total_and_the_comment(self, sheet, round):
        page = sheet()
        page.keyboard.type("yyyyyyi18")
        page.keyboard.press("Tab")
        page.keyboard.type("Louder")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("please")
        page.keyboard.press("Enter")
        expect(box(page, 2, "together")).to_be_focused()
        expect(row(page, 1)).to_contain_text("Adds up to 20; the paper says 18. Check the boxes.")
        expect(page.locator("#told")).to_have_text("Row 1: Adds up to 20; the paper says 18. Check the boxes.")
        assert stored(round) == [SlipContent(answers("yyyyyyi"), {"comment": "Louder\nplease"}, number=1)]

    def test_a_saved_row_that_is_changed_saves_itself(self, sheet, round):
        page = sheet()
        page.keyboard.type("yyyyyyy")
        saved(page, 1)
        box(page, 1, "agenda").focus()
        page.keyboard.type("n")
        expect(row(page, 1).locator("strong")).to_have_text("19")
        page.keyboard.type("i")
        expect(box(page, 1, "respect")).to_have_value("Y")
        expect(box(page, 1, "agenda")).to_have_value("NI")
        expect(row(page, 1).locator("strong")).to_have_text("20")
        assert stored(round) == [SlipContent(answers("yiyyyyy"), {}, number=1)]

    def test_a_row_left_half_full_saves_itself(self, sheet, round):
        page = sheet()
        page.keyboard.type("yyy")
        page.get_by_role("heading", name="Paper slips").click()
        saved(page, 1)
        assert stored(round) == [SlipContent(answers("yyy...."), {}, number=1)]

    def test_rows_are_numbered_as_they_were_typed_however_slow_the_first_one_is(self, sheet, round):
        page = sheet()
        under_way: list[Route] = []
        page.route("**/paper/", lambda route: under_way.append(route), times=1)
        for slip in ("yyyyyyy", "nnnnnnn"):
            page.keyboard.type(slip)
            page.keyboard.press("Enter")
        expect(row(page, 2)).to_contain_text("Not saved yet")
        expect(box(page, 3, "together")).to_be_focused()
        under_way[0].continue_()
        saved(page, 1)
        saved(page, 2)
        assert [said.answers["together"] for said in stored(round)] == ["yes", "no"]

    def test_nothing_is_sent_for_an_empty_row(self, sheet, round):
        page = sheet()
        page.keyboard.press("Enter")
        expect(box(page, 1, "together")).to_be_focused()
        page.keyboard.type("y")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Backspace")
        page.get_by_role("heading", name="Paper slips").click()
        page.reload()
        assert stored(round) == []

    def test_a_row_is_removed_and_the_next_one_has_the_focus(self, sheet, round):
        page = sheet()
        for slip in ("yyyyyyy", "nnnnnnn"):
            page.keyboard.type(slip)
            page.keyboard.press("Enter")
        saved(page, 2)
        page.get_by_role("button", name="Remove row 1").press("Enter")
        expect(page.locator("#counts")).to_contain_text("1 slip on paper")
        expect(page.locator("#told")).to_have_text("Row 1 removed.")
        expect(row(page, 1)).to_contain_text("2")
        expect(box(page, 1, "together")).to_be_focused()
        assert stored(round) == [SlipContent(answers("nnnnnnn"), {}, number=2)]

    def test_an_emptied_row_asks_to_be_removed(self, sheet, round):
        page = sheet()
        page.keyboard.type("y")
        page.keyboard.press("Enter")
        saved(page, 1)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        expect(row(page, 1)).to_contain_text("Nothing is left in this row. To take it away, press Remove.")
        page.get_by_role("button", name="Remove row 1").click()
        expect(page.locator("#counts")).to_contain_text("0 slips on paper")
        assert stored(round) == []

    def test_save_with_the_mouse(self, sheet, round):
        page = sheet()
        box(page, 1, "comment").fill("Only words")
        row(page, 1).get_by_role("button", name="Save").click()
        saved(page, 1)
        expect(row(page, 2)).to_contain_text("New row")


@pytest.fixture
def failures_are_meant(screens):
    """htmx reports each request that failed to the console, too."""
    yield
    assert all("htmx:" in each or "Response Status Error Code" in each for each in screens.complaints)
    screens.complaints.clear()


class TestTwoAtOnce:
    def test_both_type_and_each_sees_the_count_grow(self, sheet, round):
        one, other = sheet(), sheet("coordinator")
        for slip in ("yyyyyyy", "iiiiiii"):
            for page in (one, other):
                page.keyboard.type(slip)
                page.keyboard.press("Enter")
        saved(one, 2)
        saved(other, 2)
        score(round, all_("no"))
        other.keyboard.type("yyyyyyy")
        expect(other.locator("#counts")).to_have_text("5 slips on paper, 1 by phone, 13 people present")
        assert [said.number for said in stored(round)] == [1, 2, 3, 4, 5]

    def test_a_row_that_somebody_else_changed_says_so_and_keeps_what_was_typed(self, sheet, round):
        one = sheet()
        one.keyboard.type("yyyyyyy")
        saved(one, 1)
        other = sheet("coordinator")
        box(one, 1, "together").focus()
        one.keyboard.type("n")
        expect(row(one, 1).locator("strong")).to_have_text("19")
        box(other, 1, "together").focus()
        other.keyboard.type("2")
        expect(row(other, 1)).to_contain_text("Somebody else changed this row. Load the page again.")
        assert letters(other, 1) == ["NI", "Y", "Y", "Y", "Y", "Y", "Y"]
        assert stored(round) == [SlipContent(answers("nyyyyyy"), {}, number=1)]


@pytest.mark.usefixtures("failures_are_meant")
class TestWithoutSignal:
    def test_what_could_not_be_saved_stays_and_enter_tries_again(self, sheet, round):
        page = sheet()
        page.context.set_offline(True)
        page.keyboard.type("yyyyyyy")
        expect(row(page, 1)).to_contain_text(FAILED)
        expect(page.locator("#told")).to_have_text(FAILED)
        page.keyboard.press("Enter")
        page.keyboard.type("nnnnnnn")
        expect(row(page, 2)).to_contain_text(FAILED)
        page.context.set_offline(False)
        page.keyboard.press("Enter")
        saved(page, 2)
        box(page, 1, "comment").focus()
        page.keyboard.press("Enter")
        saved(page, 1)
        assert stored(round) == [
            SlipContent(answers("nnnnnnn"), {}, number=1),
            SlipContent(answers("yyyyyyy"), {}, number=2),
        ]

    def test_a_lost_reply_and_a_change_are_one_slip(self, sheet, round):
        page = sheet()

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route("**/paper/", lose)
        page.keyboard.type("yyyyyyy")
        expect(row(page, 1)).to_contain_text(FAILED)
        page.unroute_all()
        box(page, 1, "together").focus()
        page.keyboard.type("n")
        page.keyboard.press("Enter")
        saved(page, 1)
        assert stored(round) == [SlipContent(answers("nyyyyyy"), {}, number=1)]

    def test_a_row_that_could_not_be_removed_says_so(self, sheet, round):
        page = sheet()
        page.keyboard.type("yyyyyyy")
        saved(page, 1)
        page.route("**/paper/", lambda route: route.fulfill(status=502))
        page.get_by_role("button", name="Remove row 1").click()
        expect(row(page, 1)).to_contain_text("Not removed. Press Remove again.")
        page.unroute_all()
        page.get_by_role("button", name="Remove row 1").click()
        expect(page.locator("#counts")).to_contain_text("0 slips on paper")

    def test_leaving_with_an_unsaved_row_is_asked_about_and_only_then(self, sheet):
        page = sheet()
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", leave)
        page.keyboard.type("yyyyyyy")
        page.keyboard.press("Enter")
        saved(page, 1)
        page.reload()
        assert asked == []
        page.keyboard.type("yy")
        page.reload()
        assert asked == ["beforeunload"]

    def test_a_session_that_ended_leads_to_the_sign_in(self, sheet, story):
        page = sheet()
        page.on("dialog", lambda dialog: dialog.accept())
        page.context.clear_cookies(name="sessionid")
        with page.expect_navigation(url=re.compile("/account/sign-in/")):
            page.keyboard.type("yyyyyyy")


class TestWithoutJavaScript:
    def test_rows_are_plain_forms(self, sheet, round):
        page = sheet(java_script_enabled=False)
        for slip in ("yyyyyyi", "nnnnnnn"):
            for letter in slip:
                page.keyboard.type(letter)
                page.keyboard.press("Tab")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            expect(box(page, -1, "together")).to_be_focused()
        box(page, 1, "agenda").fill("n")
        box(page, 1, "total").fill("20")
        with page.expect_navigation():
            row(page, 1).get_by_role("button", name="Save").press("Enter")
        expect(row(page, 1)).to_contain_text("Adds up to 18; the paper says 20. Check the boxes.")
        expect(box(page, 1, "together")).to_be_focused()
        with page.expect_navigation():
            page.get_by_role("button", name="Remove row 2").press("Enter")
        expect(page.get_by_text("Row 2 removed.")).to_be_visible()
        assert stored(round) == [SlipContent(answers("ynyyyyi"), {}, number=1)]
        expect(page.locator("noscript p")).to_be_visible()
        expect(page.get_by_text("Each key moves on")).not_to_be_visible()

    def test_a_wrong_letter_has_the_focus(self, sheet):
        page = sheet(java_script_enabled=False)
        box(page, 1, "frank").fill("x")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(box(page, 1, "frank")).to_be_focused()
        expect(page.get_by_role("link", name="“We are being frank and open about issues”")).to_be_visible()


@pytest.mark.usefixtures("failures_are_meant")
class TestHowItLooks:
    @pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
    def test_in_every_state(self, sheet, axe_finds_nothing, viewport):
        page = sheet(viewport=viewport)

        def look() -> None:
            axe_finds_nothing(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

        look()
        page.keyboard.type("yyyyyyy18")
        page.keyboard.press("Tab")
        page.keyboard.type("W" * 200)
        page.keyboard.press("Enter")
        expect(row(page, 1)).to_contain_text("Adds up to 21")
        look()
        page.keyboard.type("yx")
        look()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(row(page, 2)).to_contain_text("Not saved")
        look()
        page.context.set_offline(True)
        page.keyboard.type("nnnnnnn")
        expect(row(page, 3)).to_contain_text(FAILED)
        look()

    @pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
    def test_without_javascript_after_a_mistake(self, sheet, axe_finds_nothing, viewport, screens):
        page = sheet(viewport=viewport, java_script_enabled=False)
        box(page, 1, "agenda").fill("x")
        box(page, 1, "total").fill("many")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        scripted = screens.open(person="minute_taker", viewport=viewport)
        scripted.set_content(page.content())
        axe_finds_nothing(scripted)

    @pytest.mark.parametrize("width", [390, 320, 1280])
    def test_boxes_are_large_enough_to_tap(self, sheet, width):
        page = sheet(viewport={"width": width, "height": 844})
        boxes = [each.bounding_box() for each in row(page, 1).locator("input:not([type=hidden])").all()]
        assert len(boxes) == 8
        assert all(each and each["height"] >= 44 and each["width"] >= (44 if width > 320 else 34) for each in boxes)

    def test_leads_back_to_the_desk_once_comments_were_shown(self, sheet, round):
        page = sheet()
        Round.objects.filter(pk=round.pk).update(stage=Phase.COMMENTS)
        page.keyboard.type("yyyyyyy")
        expect(row(page, 1)).to_contain_text("Slips on paper can no longer be added or changed.")
        page.on("dialog", lambda dialog: dialog.accept())
        with page.expect_navigation():
            page.reload()
        expect(page.get_by_text("Slips on paper can no longer be added or changed.")).to_be_visible()
        expect(page.get_by_role("heading", name="Feedback on this meeting")).to_be_visible()
