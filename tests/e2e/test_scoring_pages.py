"""Every page in every state: axe, the keyboard, small screens, and none of it depends on JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from feedback.anonymity import seals
from feedback.demo import Story, tell_board
from feedback.models import Round
from feedback.rounds import lifecycle as scoring
from partnerships.models import Meeting
from tests.actors.phones import STATEMENTS, all_, collate, open_, score
from tests.e2e.conftest import DESKTOP, PHONE, WHOLE
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return tell_board()


def feedback(meeting: Meeting, page: str = "") -> str:
    return f"{meeting.get_absolute_url()}feedback/{page}"


def does_not_scroll_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


class TestTheSlip:
    def test_in_every_state(self, screens, story, axe_finds_nothing):
        page = screens.open(f"/m/{story.today.round.code}/")
        axe_finds_nothing(page)
        page.get_by_label("Needs Improvement").first.check()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#summary")).to_be_focused()
        axe_finds_nothing(page)
        page.locator("#comment").fill("line\n" * 40)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        axe_finds_nothing(page)
        page.locator("#comment").fill("Fine")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="Sent. Thank you")).to_be_visible()
        axe_finds_nothing(page)

    @pytest.mark.parametrize("stage", ["planned", "stopped", "collated", "ended"])
    def test_when_it_is_closed(self, screens, story, axe_finds_nothing, stage):
        meeting = MeetingFactory(partnership=story.today.partnership)
        if stage != "planned":
            open_(meeting.round)
            Round.objects.filter(meeting=meeting).update(stage=stage)
        axe_finds_nothing(screens.open(f"/m/{meeting.round.code}/"))

    def test_when_nothing_can_be_stored(self, screens, story, axe_finds_nothing):
        page = screens.open(f"/m/{story.today.round.code}/")
        seals.destroy_key(story.today.round.code)
        page.locator("#comment").fill("Keep this")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="Nothing was stored")).to_be_visible()
        expect(page.get_by_text("Keep this")).to_be_visible()
        axe_finds_nothing(page)

    def test_with_a_wrong_code(self, screens, story, axe_finds_nothing):
        page = screens.open("/m/000000/")
        axe_finds_nothing(page)
        page.get_by_label("Meeting code").fill(story.today.round.code.lower())
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="How did the meeting go?")).to_be_visible()

    def test_by_keyboard_alone(self, screens, story):
        page = screens.open(f"/m/{story.today.round.code}/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="All suggestions from last time")).to_be_focused()
        for statement in STATEMENTS:
            page.keyboard.press("Tab")
            expect(page.locator(f"#{statement}")).to_be_focused()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
            expect(page.locator(f"#{statement}-ni")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.type("By keyboard")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your total: 14 out of 21")).to_be_visible()

    def test_an_answer_takes_the_mark_of_a_blank_away(self, screens, story):
        page = screens.open(f"/m/{story.today.round.code}/")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".blank")).to_have_count(7)
        page.locator("#frank + label").click()
        expect(page.locator(".blank")).to_have_count(6)
        expect(page.locator("fieldset.bad")).to_have_count(6)

    def test_long_words_scroll_nothing_sideways(self, screens, story, axe_finds_nothing):
        area, partnership, meeting = story.today.partnership.area, story.today.partnership, story.today
        area.name, partnership.name, meeting.venue = "A" * 120, "P" * 160, "V" * 200
        area.save(), partnership.save(), meeting.save()
        meeting.items.update(title="https://example.org/" + "t" * 180, lead="L" * 200)
        score(meeting.round, *[all_("ni")] * 5, comments=("W" * 1000,))
        page = screens.open(person="minute_taker")
        for path in (
            "/",
            partnership.get_absolute_url(),
            meeting.get_absolute_url(),
            feedback(meeting),
            f"/m/{meeting.round.code}/",
        ):
            page.goto(path)
            assert does_not_scroll_sideways(page), path

    def test_a_summary_link_leads_to_its_statement(self, screens, story):
        page = screens.open(f"/m/{story.today.round.code}/")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("link", name="We are being frank and open about issues").press("Enter")
        expect(page.locator("#frank")).to_be_focused()

    def test_cells_are_wide_and_high_enough_to_tap(self, screens, story):
        page = screens.open(f"/m/{story.today.round.code}/")
        boxes = [cell.bounding_box() for cell in page.locator(".cells label").all()]
        assert len(boxes) == 21
        assert all(box and box["width"] >= 95 and box["height"] >= 76 for box in boxes)

    @pytest.mark.parametrize("width", [320, 256])
    def test_on_a_very_small_screen(self, screens, story, width):
        page = screens.open(f"/m/{story.today.round.code}/", viewport={"width": width, "height": 600})
        assert does_not_scroll_sideways(page)

    def test_counts_the_room_left_as_the_server_does(self, screens, story):
        page = screens.open(f"/m/{story.today.round.code}/")
        page.locator("#comment").fill("\N{PILE OF POO}\né")
        expect(page.locator("#comment-count")).to_have_text("997 characters left")
        page.locator("#comment").fill("x" * 1002)
        expect(page.locator("#comment-count")).to_have_text("2 characters too many")

    def test_with_cookies_blocked(self, browser_type, browser_type_launch_args, story, live_server, tmp_path):
        (tmp_path / "Default").mkdir()
        blocked = '{"profile": {"default_content_setting_values": {"cookies": 2}}}'
        (tmp_path / "Default" / "Preferences").write_text(blocked, encoding="utf-8")
        options = {**browser_type_launch_args, "executable_path": WHOLE}
        context = browser_type.launch_persistent_context(str(tmp_path), **options)
        page = context.new_page()
        page.goto(f"{live_server.url}/m/{story.today.round.code}/")
        for statement in STATEMENTS:
            page.locator(f"#{statement} + label").click()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="Sent. Thank you")).to_be_visible()
        expect(page.get_by_text("Your browser keeps no cookies for this site")).to_be_visible()
        expect(page.get_by_text("Your total")).to_have_count(0)
        assert context.cookies() == []
        page.reload()
        expect(page.get_by_role("heading", name="Sent. Thank you")).to_be_visible()
        context.close()
        assert story.today.round.slips.count() == 1


class TestThePagesOfTheSignedIn:
    @pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
    def test_a_members(self, screens, story, axe_finds_nothing, viewport):
        page = screens.open(person="member", viewport=viewport)
        for path in (
            "/",
            story.last.partnership.get_absolute_url(),
            story.last.get_absolute_url(),
            story.today.get_absolute_url(),
            feedback(story.last, "table/"),
            feedback(story.today, "table/"),
            feedback(story.today),
            "/nowhere/",
            "/account/sign-out/",
        ):
            page.goto(path)
            axe_finds_nothing(page)
            assert does_not_scroll_sideways(page), path

    @pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
    def test_the_desk_from_plan_to_table(self, screens, story, axe_finds_nothing, viewport):
        meeting = MeetingFactory(partnership=story.today.partnership)
        page = screens.open(person="minute_taker", viewport=viewport)

        def look(path: str = "") -> None:
            page.goto(feedback(meeting, path))
            axe_finds_nothing(page)
            assert does_not_scroll_sideways(page), page.url

        look()
        page.get_by_text("Open at a set time").click()
        page.get_by_role("button", name="Set the time").click()
        expect(page.get_by_role("link", name="Choose a day and a time")).to_be_visible()
        axe_finds_nothing(page)
        page.get_by_label("People present").fill("-1")
        page.get_by_role("button", name="Save number present").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        axe_finds_nothing(page)
        open_(meeting.round)
        look()
        score(meeting.round, *[all_("yes")] * 5, comments=("W" * 1000, "Short"))
        scoring.stop_round(round_id=meeting.round.pk)
        look()
        look("comments/")
        page.get_by_role("button", name="Show the comments").click()
        expect(page.get_by_role("heading", name="Comment 1")).to_be_visible()
        axe_finds_nothing(page)
        box = page.locator(".app-comment", has_text="Short")
        box.get_by_text("Withhold it or black out words").click()
        box.get_by_label("Black out words", exact=True).check()
        box.get_by_label("Words to black out").fill("tall, short")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_role("link", name="“tall” is not in this comment")).to_be_visible()
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page)
        page.get_by_role("link", name="“tall” is not in this comment").click()
        expect(box.get_by_label("Words to black out")).to_be_focused()
        box.get_by_label("Words to black out").fill("short")
        box.get_by_label("Why?").select_option("names_somebody")
        page.get_by_role("button", name="Save and see it as printed").click()
        expect(page.locator(".app-preview")).to_have_text("[blacked out]")
        axe_finds_nothing(page)
        Meeting.objects.filter(pk=meeting.pk).update(present=4)
        look()
        look("comments/")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_label("Why are there more slips than people?")).to_be_visible()
        axe_finds_nothing(page)
        page.get_by_role("button", name="Make the table").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        axe_finds_nothing(page)
        page.get_by_label("Why are there more slips than people?").fill("A visitor scored too")
        page.get_by_role("button", name="Make the table").click()
        expect(page.get_by_role("heading", name="Collated table")).to_be_visible()
        axe_finds_nothing(page)
        look()

    def test_too_few(self, screens, story, axe_finds_nothing):
        meeting = MeetingFactory(partnership=story.today.partnership)
        open_(meeting.round)
        scoring.stop_round(round_id=meeting.round.pk)
        page = screens.open(person="minute_taker")
        for path in ("", "collate/"):
            page.goto(feedback(meeting, path))
            axe_finds_nothing(page)
        collate(meeting.round)
        page.goto(feedback(meeting, "table/"))
        axe_finds_nothing(page)

    def test_nothing_yet(self, screens, story, axe_finds_nothing):
        page = screens.open(person="outsider")
        axe_finds_nothing(page)

    def test_signing_in(self, screens, story, axe_finds_nothing):
        page = screens.open("/account/sign-in/")
        axe_finds_nothing(page)
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        axe_finds_nothing(page)
        page.get_by_label("Email").fill("member@example.org")
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_role("heading", name="Type your code")).to_be_visible()
        axe_finds_nothing(page)

    def test_the_box_for_the_code(self, screens, story, axe_finds_nothing):
        page = screens.open("/")
        page.get_by_label("Meeting code").fill("four")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("[data-focus]")).to_be_focused()
        axe_finds_nothing(page)

    def test_the_desk_by_keyboard_and_without_javascript(self, screens, story):
        page = screens.open(feedback(story.today), person="minute_taker", viewport=DESKTOP, java_script_enabled=False)
        score(story.today.round, all_("yes"))
        page.get_by_role("link", name="Load the number again").press("Enter")
        expect(page.locator(".app-live")).to_contain_text("1 slip has come in")
        page.get_by_role("button", name="Stop scoring").press("Enter")
        expect(page.get_by_text("Phones can no longer send.")).to_be_visible()
        page.get_by_role("button", name="Open scoring again").press("Enter")
        expect(page.get_by_role("button", name="Stop scoring")).to_be_visible()

    def test_the_desk_follows_somebody_else(self, screens, story):
        page = screens.open(feedback(story.today), person="minute_taker", viewport=DESKTOP)
        scoring.stop_round(round_id=story.today.round.pk)
        expect(page.get_by_text("Phones can no longer send.")).to_be_visible(timeout=10_000)
