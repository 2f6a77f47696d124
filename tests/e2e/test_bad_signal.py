"""The slip in a hall with poor signal: nothing lost, nothing twice, and "Sent" only when it is true."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect

from feedback.anonymity.phone_keys import hash_of_code
from feedback.demo import Story, tell_board
from feedback.models import Round, SingleUseCode
from feedback.rounds import lifecycle as scoring
from tests.actors.phones import STATEMENTS, all_
from tests.e2e.conftest import Screens
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = "Saved on this phone, not sent yet"


@pytest.fixture
def round(db) -> Round:
    story: Story = tell_board()
    return story.today.round


@pytest.fixture
def phone(screens: Screens, round) -> Page:
    return with_page_kept(screens.open(f"/m/{round.code}/"))


@pytest.fixture
def alone(screens: Screens, round) -> Page:
    """A phone without its service worker, which would send behind the test's back what the page cannot."""
    return screens.open(f"/m/{round.code}/", service_workers="block")


def with_page_kept(page: Page) -> Page:
    """Once the page has been put on the shelf, all the rest works without a signal."""
    until(page, "(await (await caches.open('slips')).keys()).length >= 4 && navigator.serviceWorker.controller")
    return page


def until(page: Page, condition: str) -> None:
    """Playwright's own wait_for_function needs eval, which our pages forbid."""
    page.evaluate(f"async () => {{ while (!({condition})) await new Promise((on) => setTimeout(on, 20)); }}")


def answer(page: Page, option: str = "yes", comment: str = "") -> None:
    for statement in STATEMENTS:
        page.locator(f"input[name={statement}][value={option}] + label").click()
    if comment:
        page.locator("#comment").fill(comment)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def says(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=20_000)


def stored(round: Round) -> list[tuple[int, dict, str]]:
    """(revision, answers, comment) of every slip."""
    contents = [(slip.revision, round.seal().open(slip.sealed)) for slip in round.slips.all()]
    return [(revision, dict(said.answers), said.comments.get("comment", "")) for revision, said in contents]


def answer_posts(page: Page, how: Callable[[Route], None]) -> None:
    """What becomes of a slip on its way, from now on."""
    page.context.route("**/m/*/", lambda route: how(route) if route.request.method == "POST" else route.fallback())


def let_through(page: Page) -> None:
    page.context.unroute_all(behavior="wait")


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def off(context: BrowserContext) -> None:
    context.set_offline(True)


def on(context: BrowserContext) -> None:
    context.set_offline(False)


class TestWithoutASignal:
    def test_a_slip_waits_and_is_sent_when_the_signal_returns(self, phone, round, axe_finds_nothing):
        off(phone.context)
        answer(phone, "ni", "Speak up")
        send(phone)
        says(phone, SAVED)
        expect(phone.locator("#state")).to_have_text(SAVED)
        expect(phone.get_by_role("heading", name=SAVED)).to_be_focused()
        assert stored(round) == []
        axe_finds_nothing(phone)
        on(phone.context)
        says(phone, "Sent. Thank you")
        expect(phone.get_by_text("Your total: 14 out of 21")).to_be_visible()
        expect(phone.locator("#state")).to_have_text("Sent")
        assert stored(round) == [(1, all_("ni"), "Speak up")]
        axe_finds_nothing(phone)

    def test_a_closed_page_opens_again_without_a_signal_and_still_knows(self, phone, round):
        off(phone.context)
        answer(phone)
        send(phone)
        says(phone, SAVED)
        context = phone.context
        phone.close()
        again = context.new_page()
        again.goto(f"/m/{round.code}/")
        says(again, SAVED)
        on(context)
        says(again, "Sent. Thank you")
        assert stored(round) == [(1, all_("yes"), "")]

    def test_trying_again_by_hand(self, screens, round):
        page = screens.open("about:blank", service_workers="block")
        page.clock.install()
        page.goto(f"/m/{round.code}/")
        answer_posts(page, lambda route: route.abort())
        answer(page)
        page.clock.pause_at(timezone.now() + timedelta(hours=1))  # so it does not try again by itself
        page.get_by_role("button", name="Send", exact=True).press("Enter")
        says(page, SAVED)
        let_through(page)
        page.get_by_role("button", name="Try again").press("Enter")
        says(page, "Sent. Thank you")
        assert len(stored(round)) == 1

    def test_answers_are_kept_as_they_are_tapped(self, phone, round):
        answer(phone, "no", "Half a thought")
        off(phone.context)
        phone.reload()
        expect(phone.locator("input[value=no]:checked")).to_have_count(7)
        expect(phone.locator("#comment")).to_have_value("Half a thought")
        expect(phone.get_by_text("These are the answers you began with on this phone.")).to_be_visible()
        assert stored(round) == []

    def test_what_was_begun_can_be_thrown_away(self, phone, round, axe_finds_nothing):
        answer(phone, "no", "Somebody else’s")
        phone.reload()
        expect(phone.get_by_text("These are the answers you began with on this phone.")).to_be_visible()
        axe_finds_nothing(phone)
        phone.get_by_role("button", name="Start afresh").click()
        expect(phone.locator("input:checked")).to_have_count(0)
        expect(phone.locator("#comment")).to_have_value("")
        until(phone, f"!(await (await caches.open('slips')).match('/m/{round.code}/kept'))")
        phone.reload()
        expect(phone.get_by_role("button", name="Start afresh")).to_be_hidden()
        expect(phone.locator("#comment")).to_have_value("")

    def test_blanks_are_asked_about_on_the_phone(self, phone, round, axe_finds_nothing):
        off(phone.context)
        phone.locator("#together + label").click()
        send(phone)
        says(phone, "Some statements are blank")
        expect(phone.locator("#summary")).to_be_focused()
        expect(phone.locator("#summary li")).to_have_count(6)
        expect(phone.locator("fieldset.bad")).to_have_count(6)
        phone.get_by_role("link", name="We are being frank and open about issues").click()
        expect(phone.locator("#frank")).to_be_focused()
        axe_finds_nothing(phone)
        phone.get_by_role("button", name="Send with blanks").click()
        says(phone, SAVED)
        on(phone.context)
        says(phone, "Sent. Thank you")
        assert stored(round) == [(1, {"together": "yes"}, "")]

    def test_too_long_a_comment_is_not_put_aside(self, phone, round):
        off(phone.context)
        answer(phone, comment="x" * 1003)
        send(phone)
        expect(phone.locator("#comment")).to_be_focused()
        expect(phone.locator("#comment-count")).to_have_text("3 characters too many")

    def test_changing_what_waits(self, phone, round):
        off(phone.context)
        answer(phone)
        send(phone)
        says(phone, SAVED)
        phone.get_by_role("button", name="Change my answers").click()
        expect(phone.locator("input[value=yes]:checked")).to_have_count(7)
        answer(phone, "no", "On second thoughts")
        send(phone)
        says(phone, SAVED)
        on(phone.context)
        says(phone, "Sent. Thank you")
        assert stored(round) == [(2, all_("no"), "On second thoughts")]

    def test_changing_what_was_sent(self, phone, round):
        answer(phone)
        send(phone)
        says(phone, "Sent. Thank you")
        off(phone.context)
        phone.reload()
        says(phone, "Sent. Thank you")
        phone.get_by_role("link", name="Change my answers").click()
        answer(phone, "no")
        send(phone)
        says(phone, SAVED)
        on(phone.context)
        says(phone, "Sent. Thank you")
        assert stored(round) == [(2, all_("no"), "")]

    def test_the_browser_sends_in_the_background_where_it_can(self, phone, round):
        answer_posts(phone, lambda route: route.abort())
        answer(phone)
        send(phone)
        says(phone, SAVED)
        let_through(phone)
        phone.goto("/privacy/")
        cdp = phone.context.new_cdp_session(phone)
        registrations: list[dict] = []
        cdp.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
        cdp.send("ServiceWorker.enable")
        while not any(each["scopeURL"].endswith("/m/") for each in registrations):
            phone.wait_for_timeout(20)
        where = next(each for each in registrations if each["scopeURL"].endswith("/m/"))
        cdp.send(
            "ServiceWorker.dispatchSyncEvent",
            {
                "origin": where["scopeURL"].removesuffix("/m/"),
                "registrationId": where["registrationId"],
                "tag": "slips",
                "lastChance": False,
            },
        )
        shelf = f"(await caches.open('slips')).match('/m/{round.code}/kept')"
        until(phone, f"(await (await {shelf}).json()).state === 'sent'")
        assert stored(round) == [(1, all_("yes"), "")]


class TestOnTheWay:
    @pytest.mark.parametrize(
        "portal",
        [
            lambda route: route.fulfill(
                status=200, content_type="text/html", body="<main id=main><h1>Sent. Thank you</h1></main>"
            ),
            lambda route: route.fulfill(status=302, headers={"Location": "/"}),
            lambda route: route.fulfill(status=503, body="Bad gateway"),
            lambda route: route.fulfill(status=200, headers={"Slip-Answer": "AAAAAAAAAAAAAAAA stored 1"}, body="Sent"),
        ],
        ids=["page", "redirect", "error", "wrong mark"],
    )
    def test_what_a_captive_portal_answers_is_no_receipt(self, alone, round, portal):
        answer_posts(alone, portal)
        answer(alone)
        send(alone)
        says(alone, SAVED)
        assert stored(round) == []
        let_through(alone)
        says(alone, "Sent. Thank you")
        assert len(stored(round)) == 1

    def test_a_lost_answer_is_no_second_slip(self, alone, round):
        answer_posts(alone, lose_the_answer)
        answer(alone)
        send(alone)
        says(alone, SAVED)
        assert len(stored(round)) == 1
        let_through(alone)
        says(alone, "Sent. Thank you")
        assert stored(round) == [(1, all_("yes"), "")]

    def test_a_change_after_a_lost_answer_replaces_it(self, alone, round):
        answer_posts(alone, lose_the_answer)
        answer(alone)
        send(alone)
        says(alone, SAVED)
        alone.get_by_role("button", name="Change my answers").click()
        let_through(alone)
        answer(alone, "no")
        send(alone)
        says(alone, "Sent. Thank you")
        assert stored(round) == [(2, all_("no"), "")]

    def test_a_double_tap_is_one_slip(self, phone, round):
        answer(phone)
        phone.get_by_role("button", name="Send", exact=True).dblclick()
        says(phone, "Sent. Thank you")
        assert len(stored(round)) == 1

    def test_while_it_is_under_way_nothing_can_be_changed(self, alone, round):
        held: list[Route] = []
        answer_posts(alone, held.append)
        answer(alone)
        send(alone)
        expect(alone.locator("#state")).to_have_text("Sending…")
        expect(alone.locator("#answers")).to_have_attribute("inert", "")
        held[0].continue_()
        says(alone, "Sent. Thank you")
        assert stored(round) == [(1, all_("yes"), "")]

    def test_scoring_that_stopped_first_is_told_and_the_text_stays(self, phone, round, axe_finds_nothing):
        off(phone.context)
        answer(phone, comment="Too late, alas")
        send(phone)
        says(phone, SAVED)
        scoring.stop_round(round_id=round.pk)
        on(phone.context)
        says(phone, "Scoring has stopped")
        expect(phone.get_by_text("The answers you just sent were not counted.")).to_be_visible()
        expect(phone.get_by_text("Too late, alas")).to_be_visible()
        expect(phone.locator("#state")).to_have_text("Not sent")
        axe_finds_nothing(phone)
        phone.reload()
        expect(phone.get_by_text("Too late, alas")).to_be_visible()
        scoring.open_round(round_id=round.pk)
        phone.get_by_role("link", name="Load again").click()
        expect(phone.locator("#comment")).to_have_value("Too late, alas")
        send(phone)
        says(phone, "Sent. Thank you")
        assert stored(round) == [(1, all_("yes"), "Too late, alas")]

    def test_the_older_of_two_tabs_is_told(self, phone, round):
        older = phone.context.new_page()
        older.goto(f"/m/{round.code}/")
        answer(older, "no", "From the older tab")
        answer(phone, "yes")
        send(phone)
        says(phone, "Sent. Thank you")
        send(older)
        expect(older.get_by_text("Your answers were changed in another tab")).to_be_visible()
        expect(older.locator("#comment")).to_have_value("From the older tab")
        assert stored(round) == [(1, all_("yes"), "")]
        send(older)
        says(older, "Sent. Thank you")
        assert stored(round) == [(2, all_("no"), "From the older tab")]

    def test_of_two_tabs_that_wait_neither_takes_the_others_receipt(self, alone, round):
        other = alone.context.new_page()
        other.goto(f"/m/{round.code}/")
        answer_posts(alone, lambda route: route.abort())
        for tab, option in ((alone, "yes"), (other, "no")):
            answer(tab, option, f"All {option}")
            send(tab)
            says(tab, SAVED)
        let_through(alone)
        for tab in (alone, other):
            tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        either = alone.get_by_text("Sent. Thank you").or_(alone.get_by_text("changed in another tab"))
        expect(either).to_be_visible(timeout=20_000)
        (slip,) = stored(round)
        is_mine = slip[1:] == (all_("yes"), "All yes")
        expect(alone.get_by_text("Your total: 21 out of 21")).to_be_visible(visible=is_mine)
        expect(alone.get_by_text("Your total: 7 out of 21")).to_be_hidden()

    def test_a_full_shelf_does_not_bring_an_older_slip_back(self, alone, round):
        answer_posts(alone, lambda route: route.abort())
        answer(alone, "yes", "Old")
        send(alone)
        says(alone, SAVED)
        alone.evaluate("() => { Cache.prototype.put = () => Promise.reject(new DOMException('full')); }")
        alone.get_by_role("button", name="Change my answers").click()
        answer(alone, "no", "New")
        send(alone)
        says(alone, "Not sent yet")
        let_through(alone)
        alone.reload()
        says(alone, "Sent. Thank you")
        assert stored(round) == [(2, all_("no"), "New")]

    def test_looking_at_what_waits_does_not_take_it_back(self, phone, round):
        off(phone.context)
        answer(phone)
        send(phone)
        says(phone, SAVED)
        phone.get_by_role("button", name="Change my answers").click()
        expect(phone.locator("#state")).to_have_text("Not sent yet: send when you are done.")
        on(phone.context)
        phone.reload()
        sent = phone.get_by_text("Sent. Thank you").or_(phone.get_by_text("You have sent these answers"))
        expect(sent).to_be_visible(timeout=20_000)
        assert stored(round) == [(1, all_("yes"), "")]

    def test_the_server_finds_a_mistake_that_the_phone_does_not_see(self, phone, round):
        answer(phone, comment="\n".join("line" for _ in range(40)))
        send(phone)
        says(phone, "There is a problem")
        expect(phone.locator("#summary")).to_be_focused()
        phone.locator("#comment").fill("Shorter")
        send(phone)
        says(phone, "Sent. Thank you")
        assert stored(round) == [(1, all_("yes"), "Shorter")]


class TestABrowserThatKeepsNothing:
    @pytest.fixture
    def phone(self, screens, round) -> Page:
        page = screens.open("about:blank")
        page.add_init_script(
            "CacheStorage.prototype.open = () => Promise.reject(new DOMException('', 'SecurityError'))"
        )
        page.goto(f"/m/{round.code}/")
        until(page, "navigator.serviceWorker.controller")
        return page

    def test_sends_all_the_same(self, phone, round):
        answer(phone)
        send(phone)
        says(phone, "Sent. Thank you")
        assert len(stored(round)) == 1

    def test_says_that_the_page_must_stay_open(self, phone, round, axe_finds_nothing):
        off(phone.context)
        answer(phone)
        send(phone)
        says(phone, "Not sent yet")
        expect(phone.get_by_text("this browser keeps nothing")).to_be_visible()
        expect(phone.get_by_text(SAVED)).to_be_hidden()
        axe_finds_nothing(phone)
        on(phone.context)
        says(phone, "Sent. Thank you")


class TestASharedTablet:
    def test_the_next_person_starts_afresh_and_is_another_slip(self, phone, round, axe_finds_nothing):
        answer(phone, "yes", "Mine")
        send(phone)
        says(phone, "Sent. Thank you")
        phone.get_by_role("button", name="Next person").click()
        expect(phone.get_by_text("Ready for the next person.")).to_be_visible()
        expect(phone.locator("input:checked")).to_have_count(0)
        expect(phone.locator("#comment")).to_have_value("")
        axe_finds_nothing(phone)
        answer(phone, "no")
        send(phone)
        says(phone, "Sent. Thank you")
        assert sorted(stored(round), key=str) == [(1, all_("no"), ""), (1, all_("yes"), "Mine")]

    def test_nothing_of_the_person_before_is_left_on_it(self, phone, round):
        answer(phone, comment="Mine alone")
        send(phone)
        says(phone, "Sent. Thank you")
        phone.get_by_role("button", name="Next person").click()
        expect(phone.get_by_text("Ready for the next person.")).to_be_visible()
        with_page_kept(phone)
        left = phone.evaluate(
            """async () => {
                const shelf = await caches.open("slips"), texts = [];
                for (const request of await shelf.keys()) texts.push(await (await shelf.match(request)).text());
                return texts.join();
            }"""
        )
        assert "Mine alone" not in json.dumps(left)
        phone.reload()
        expect(phone.locator("input:checked")).to_have_count(0)

    def test_is_not_handed_on_without_a_signal(self, phone):
        answer(phone)
        send(phone)
        says(phone, "Sent. Thank you")
        off(phone.context)
        phone.get_by_role("button", name="Next person").click()
        expect(phone.locator("#state")).to_contain_text("cannot be handed on yet")
        says(phone, "Sent. Thank you")

    def test_works_without_javascript(self, screens, round):
        page = screens.open(f"/m/{round.code}/", java_script_enabled=False)
        answer(page)
        send(page)
        says(page, "Sent. Thank you")
        page.get_by_role("button", name="Next person").click()
        expect(page.get_by_text("Ready for the next person.")).to_be_visible()
        expect(page.locator("input:checked")).to_have_count(0)


def test_a_code_behind_the_hash_is_filled_in_and_leaves_the_address_bar(screens, round, axe_finds_nothing):
    Round.objects.filter(pk=round.pk).update(uses_codes=True)
    SingleUseCode.objects.create(round=round, code_hash=hash_of_code("K7M29XPP", code=round.code))
    page = with_page_kept(screens.open(f"/m/{round.code}/#K7M29XPP"))
    expect(page.locator("#code")).to_have_value("K7M29XPP")
    assert page.url.endswith(f"/m/{round.code}/")
    axe_finds_nothing(page)
    answer(page)
    off(page.context)
    send(page)
    says(page, SAVED)
    on(page.context)
    says(page, "Sent. Thank you")
    assert [bytes(slip.key_hash) for slip in round.slips.all()] == [hash_of_code("K7M29XPP", code=round.code)]


def test_the_next_code_on_the_same_tablet_finds_a_blank_slip(screens, round):
    codes = ["K7M29XPP", "4F7K2MFF"]
    Round.objects.filter(pk=round.pk).update(uses_codes=True)
    for code in codes:
        SingleUseCode.objects.create(round=round, code_hash=hash_of_code(code, code=round.code))
    tablet = screens.open(f"/m/{round.code}/#{codes[0]}")
    answer(tablet, "no", "Secret")
    send(tablet)
    says(tablet, "Sent. Thank you")
    tablet.goto("/privacy/")
    tablet.goto(f"/m/{round.code}/#{codes[1]}")
    expect(tablet.locator("#code")).to_have_value(codes[1])
    expect(tablet.locator("#comment")).to_have_value("")
    expect(tablet.locator("input:checked")).to_have_count(0)
    expect(tablet.get_by_text("You have sent these answers")).to_be_hidden()
    answer(tablet, "yes")
    send(tablet)
    says(tablet, "Sent. Thank you")
    assert sorted(comment for _revision, _answers, comment in stored(round)) == ["", "Secret"]


def test_a_code_scanned_after_a_mistyped_one_or_into_an_open_page_is_taken(screens, round):
    Round.objects.filter(pk=round.pk).update(uses_codes=True)
    SingleUseCode.objects.create(round=round, code_hash=hash_of_code("K7M29XPP", code=round.code))
    page = screens.open(f"/m/{round.code}/")
    answer(page)
    page.locator("#code").fill("00000000")
    send(page)
    says(page, "There is a problem")
    page.evaluate("location.hash = 'K7M29XPP'")
    expect(page.locator("#code")).to_have_value("K7M29XPP")
    answer(page)
    send(page)
    says(page, "Sent. Thank you")


def test_a_slip_without_its_code_is_not_put_aside(screens, round):
    Round.objects.filter(pk=round.pk).update(uses_codes=True)
    page = with_page_kept(screens.open(f"/m/{round.code}/"))
    answer(page)
    off(page.context)
    send(page)
    expect(page.locator("#code")).to_be_focused()
    expect(page.get_by_text(SAVED)).to_be_hidden()


def test_a_code_scanned_too_early_is_taken_along(screens, round):
    meeting = MeetingFactory(partnership=round.meeting.partnership)
    page = screens.open(f"/m/{meeting.round.code}/#K7M29XPP")
    expect(page.get_by_role("link", name="Load again")).to_have_attribute("href", re.compile("#K7M29XPP$"))


def test_a_page_with_somebodys_answers_is_not_kept(screens, round):
    page = with_page_kept(screens.open(f"/m/{round.code}/"))
    answer(page, "no")
    send(page)
    says(page, "Sent. Thank you")
    page.reload()
    expect(page.locator("input:checked")).to_have_count(7)
    copy = page.evaluate("async (path) => (await (await caches.open('slips')).match(path)).text()", f"/m/{round.code}/")
    assert " checked" not in copy


def test_what_is_older_than_four_weeks_is_cleared_out(screens, round):
    page = with_page_kept(screens.open(f"/m/{round.code}/"))
    page.evaluate(
        """async () => (await caches.open("slips")).put("/m/000000/kept",
            new Response("{}", {headers: {Date: new Date(Date.now() - 29 * 86400000).toUTCString()}}))"""
    )
    page.reload()
    until(page, "!(await (await caches.open('slips')).match('/m/000000/kept'))")
