"""A real browser, and a real server on a thread of its own."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

# Playwright runs an event loop beside the ORM, which is on another thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


# The whole browser draws windows for nobody to see: the one without them takes half the time, but reads no preferences.
WHOLE = shutil.which("chromium") or shutil.which("chromium-browser")
WITHOUT_WINDOWS = shutil.which("chromium-headless-shell")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": WITHOUT_WINDOWS or WHOLE,
        "args": ["--no-sandbox"],
    }


class Screens:
    """Opens pages that fail the test on whatever the content policy blocks and on script errors."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, path: str = "/", *, person: str = "", viewport: ViewportSize = PHONE, **options) -> Page:
        """A page in a browser of its own, in which that person of the demonstration is signed in."""
        context = self.browser.new_context(base_url=self.base, viewport=viewport, **options)
        self.contexts.append(context)
        if person:
            session = Client().post(f"/demo/sign-in/{person}/").cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.base}])
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx on purpose, which Chromium reports too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def screens(browser: Browser, live_server) -> Iterator[Screens]:
    screens = Screens(browser, live_server.url)
    yield screens
    for context in screens.contexts:
        context.close()
    assert screens.complaints == []


@pytest.fixture
def axe_finds_nothing():
    """Fails on any violation of WCAG 2.2 A or AA, or of axe's best practices, on the page as it is now."""
    script = Axe().axe_script

    def check(page: Page) -> None:
        page.evaluate(script)
        # Of what axe finds in order, which is most of a page, nothing is sent back: that takes as long as finding it.
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then(({violations}) => violations)")
        told = [f"{each['id']}: {each['help']} {[node['html'] for node in each['nodes']]}" for each in found]
        assert told == [], page.url

    return check
