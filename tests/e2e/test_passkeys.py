"""A real passkey in a real browser; the second step and My devices on small screens, by keyboard, without scripts."""

import datetime
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import CDPSession, Page, expect

from feedback.demo import Story, tell_board
from partnerships.models import User
from partnerships.sessions import LONG, SHORT
from tests.e2e.conftest import DESKTOP, PHONE, Screens
from tests.e2e.test_scoring_pages import does_not_scroll_sideways
from tests.helpers.signing_in import code, give_app, shown

pytestmark = pytest.mark.django_db(transaction=True)

WHO = "minutes@example.org"
INDEX, PASSKEYS, DEVICES = "/account/second-step/", "/account/second-step/passkeys/", "/account/devices/"


@pytest.fixture(autouse=True)
def _no_limit_reached_yet(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def story() -> Story:
    return tell_board()


def signed_in(screens: Screens, person: str, **options) -> Page:
    page = screens.open("/", **options)
    page.locator(f"form[action$='{person}/'] button").click()
    page.get_by_role("heading", name="My partnerships").wait_for()
    return page


@pytest.fixture
def look(axe_finds_nothing):
    """Axe, and whether the page fits the screen."""

    def look(page: Page) -> None:
        axe_finds_nothing(page)
        assert does_not_scroll_sideways(page), page.url

    return look


def with_authenticator(page: Page) -> CDPSession:
    """A finger that is always at hand, as a phone's own passkeys are."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def type_the_mailed_code(page: Page, *, remember: bool = False) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill(WHO)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Type your code")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code())
    page.get_by_label("Remember this phone for 30 days").set_checked(remember)
    page.get_by_role("button", name="Sign in").click()


def lasts(email: str) -> datetime.timedelta:
    session = User.objects.get(email=email).sessions.get()
    assert session.signed_in_at
    return session.expire_date - session.signed_in_at


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/sign-in/")


def is_in(page: Page) -> None:
    expect(page.get_by_role("heading", name="My partnerships")).to_be_visible()


def add_passkey(page: Page, name: str) -> None:
    page.goto(f"{PASSKEYS}add/")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_passkey_from_adding_to_removing(screens: Screens, story: Story, look, viewport):
    page = signed_in(screens, "minute_taker", viewport=viewport)
    with_authenticator(page)
    page.goto(INDEX)
    look(page)
    page.get_by_role("link", name="Add a passkey").click()
    look(page)
    add_passkey(page, "My phone " + "x" * 51)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look(page)
    page.goto(INDEX)
    expect(page.get_by_text("You have 1 passkey.")).to_be_visible()
    look(page)

    sign_out(page)
    look(page)
    page.goto(DEVICES)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My devices")).to_be_visible()
    assert lasts(WHO) == SHORT

    sign_out(page)
    type_the_mailed_code(page, remember=True)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    expect(page.get_by_text("One of your recovery codes.", exact=True)).to_be_visible()
    expect(page.locator("main .govuk-button")).to_have_text(["Use a passkey", "Sign in"])
    look(page)
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)
    assert lasts(WHO) == LONG

    page.goto(PASSKEYS)
    look(page)
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_role("heading", name="Show that it is you")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Use a passkey instead").click()
    look(page)
    expect(page.get_by_role("link", name="Use a code instead")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Rename the passkey")).to_be_visible()
    look(page)
    page.get_by_label("Name of the passkey").fill("Old phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", name="Remove “Old phone”")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_key_that_asks_for_the_code_too(screens: Screens, story: Story):
    page = signed_in(screens, "minute_taker")
    with_authenticator(page)
    page.goto(f"{PASSKEYS}add/")
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert str(Authenticator.objects.get(type="webauthn")) == "Passkey 1"
    sign_out(page)
    type_the_mailed_code(page)
    page.get_by_role("button", name="Use a passkey").click()
    is_in(page)


def test_a_stale_passkey_is_told(screens: Screens, story: Story, look):
    page = signed_in(screens, "minute_taker")
    with_authenticator(page)
    add_passkey(page, "My phone")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    Authenticator.objects.all().delete()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That was not accepted.")).to_be_visible()
    look(page)


def test_a_passkey_that_is_broken_off(screens: Screens, story: Story, look):
    page = screens.open("/account/sign-in/")
    with_authenticator(page)  # it holds none
    page.get_by_role("button", name="Use a passkey").click()
    failed = page.get_by_text("The passkey was not used. Try again, or use another way.")
    expect(failed).to_be_visible()
    expect(failed).to_be_focused()
    look(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_app_and_the_recovery_codes(screens: Screens, story: Story, look, viewport):
    page = signed_in(screens, "minute_taker", viewport=viewport)
    page.goto(f"{INDEX}app/")
    look(page)
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    page.get_by_label("Code", exact=True).fill("1")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page)
    link = page.get_by_role("link", name="open it from here").get_attribute("href")
    secret = re.search(r"secret=(\w+)", link or "")
    assert secret
    page.get_by_label("Code", exact=True).fill(shown(secret[1]))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    spare = page.locator("code").first.inner_text()
    for path in (INDEX, PASSKEYS, f"{INDEX}codes/new/", f"{INDEX}app/remove/"):
        page.goto(path)
        look(page)
    sign_out(page)
    type_the_mailed_code(page)
    page.get_by_label("Code", exact=True).fill("1")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That was not accepted.").first).to_be_visible()
    look(page)
    page.get_by_label("Code", exact=True).fill(spare)
    page.get_by_role("button", name="Sign in").click()
    is_in(page)


def test_without_scripts(screens: Screens, story: Story, look):
    secret = give_app(User.objects.get(email=WHO))
    page = screens.open("/account/sign-in/", java_script_enabled=False)
    type_the_mailed_code(page)
    expect(page.get_by_text("A passkey cannot be used in this browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.get_by_label("Code", exact=True).fill(shown(secret))
    page.get_by_role("button", name="Sign in").click()
    is_in(page)
    page.goto(DEVICES)
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    page.goto(f"{INDEX}app/remove/")
    page.get_by_label("Code", exact=True).fill(shown(secret, later=1))
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{PASSKEYS}add/")
    expect(page.get_by_text("A passkey cannot be made in this browser.")).to_be_visible()
    expect(page.get_by_label("Name of the passkey")).to_have_count(1)
    expect(page.get_by_label("Name of the passkey")).to_be_hidden()
    page.get_by_role("link", name="Set up an authenticator app instead").click()
    expect(page.get_by_role("heading", name="Remove the authenticator app")).to_be_visible()


def test_signing_in_by_keyboard_with_the_box(screens: Screens, story: Story, look):
    page = screens.open("/account/sign-in/")
    page.get_by_label("Email").focus()
    page.keyboard.type("member@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Type your code")).to_be_visible()
    look(page)
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type(code())
    page.keyboard.press("Tab")
    expect(page.get_by_label("Remember this phone for 30 days")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    is_in(page)
    assert lasts("member@example.org") == LONG


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_my_devices(screens: Screens, story: Story, look, viewport):
    phone, other, laptop = (signed_in(screens, "minute_taker", viewport=viewport) for _ in range(3))
    laptop.goto(DEVICES)
    look(laptop)
    laptop.get_by_role("button", name="Sign out Chrome").first.press("Enter")
    expect(laptop.get_by_text("Signed out: Chrome on Linux")).to_be_visible()
    look(laptop)
    laptop.get_by_role("button", name="Sign out everywhere else").click()
    expect(laptop.get_by_text("You are signed out everywhere but here.")).to_be_visible()
    look(laptop)
    for page in (phone, other):
        page.goto(DEVICES)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_too_many_tries(screens: Screens, story: Story, look):
    give_app(User.objects.get(email=WHO))
    page = signed_in(screens, "minute_taker")
    page.goto(f"{INDEX}confirm/")
    for _ in range(11):
        if page.get_by_label("Code", exact=True).count():
            page.get_by_label("Code", exact=True).fill("1")
            with page.expect_navigation():
                page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    look(page)
