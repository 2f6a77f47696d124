"""People with real browsers on a bad network: nothing lost, nothing doubled, and "Sent" only when it is true."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from faults.phones import STATEMENTS, Letter, Writer, open_round
from faults.posts import Verdict
from faults.proxy import BadNetwork
from faults.site import ADDRESS, Site
from feedback.anonymity.phone_keys import hash_of
from feedback.anonymity.seals import SlipContent
from feedback.models import Round

SLIPS_A_BROWSER = 8  # then another person comes with a phone of their own
PATIENCE = 240  # seconds before somebody gives up: one post may hang for 80 until the page tries again


class GaveUp(Exception):
    """Somebody who pressed again and again and never saw "Sent"."""


@dataclass
class Crowd:
    round: Round
    slips: int
    left: int = 0
    sent: dict[bytes, SlipContent] = field(default_factory=dict)
    submissions: int = 0
    false: int = 0
    gave_up: list[str] = field(default_factory=list)
    pressed_again: int = 0
    changed: int = 0

    def __post_init__(self) -> None:
        self.left = self.slips
        self.seal = self.round.seal()
        self.looking = ThreadPoolExecutor(1)  # the one thread that asks the database

    async def check(self, letter: Letter) -> None:
        """The page says "Sent": so this slip must be stored now, as it was filled in."""
        self.submissions += 1
        self.sent[hash_of(letter.key)] = letter.said
        stored = await asyncio.get_running_loop().run_in_executor(self.looking, self.stored)
        self.false += stored.get(hash_of(letter.key)) != letter.said

    def stored(self) -> dict[bytes, SlipContent]:
        return {bytes(slip.key_hash): self.seal.open(slip.sealed) for slip in self.round.slips.all()}


def bad_network(site: Site, *, slips: int = 2000, browsers: int = 12) -> Verdict:
    crowd = Crowd(open_round(), slips)
    met = asyncio.run(_run(site, crowd, browsers))
    stored = crowd.looking.submit(crowd.stored).result()
    lost = sum(stored.get(key_hash) is None for key_hash in crowd.sent)
    other = sum(stored.get(key_hash, said) != said for key_hash, said in crowd.sent.items())
    doubled = len(stored) - crowd.submissions
    good = crowd.submissions == slips and not (lost or other or doubled or crowd.false or crowd.gave_up)
    fates = ", ".join(f"{number} {fate}" for fate, number in met)
    return good, (
        f"{crowd.submissions} of {slips} submissions say “Sent”: {lost} lost, {other} altered, {doubled} doubled, "
        f"{crowd.false} false “Sent”, {len(crowd.gave_up)} gave up {crowd.gave_up[:3] or ''}; {crowd.pressed_again} "
        f"times pressed again, {crowd.changed} changed while waiting; {sum(n for _, n in met)} posts: {fates}"
    )


async def _run(site: Site, crowd: Crowd, browsers: int) -> list[tuple[str, int]]:
    async with BadNetwork(site.port) as network, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        base = f"http://{ADDRESS}:{network.port}"
        await asyncio.gather(*(_queue(browser, base, crowd, random.Random(n)) for n in range(browsers)))
        await browser.close()
    return network.met.most_common()


async def _queue(browser: Browser, base: str, crowd: Crowd, chance: random.Random) -> None:
    """One phone after the other, each handed on a few times."""
    writer = Writer(chance, number=chance.randrange(10**9))
    while crowd.left > 0:
        async with _phone(browser, base) as phone:
            person = Person(phone, f"/m/{crowd.round.code}/", crowd, writer)
            for _ in range(SLIPS_A_BROWSER):
                if crowd.left <= 0:
                    return
                crowd.left -= 1
                try:
                    await person.score()
                except GaveUp as why:
                    crowd.gave_up.append(str(why))
                    break


@asynccontextmanager
async def _phone(browser: Browser, base: str) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(base_url=base, viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)  # a busy machine is no bad network
    try:
        yield context
    finally:
        await context.close()


@dataclass
class Person:
    """Somebody who fills in the slip, and presses what there is to press until it says "Sent"."""

    phone: BrowserContext
    path: str
    crowd: Crowd
    writer: Writer
    page: Page | None = None
    last_key: str = ""
    since: float = 0

    async def score(self) -> None:
        letter = await self._fill(await self._blank_slip())
        self.since = time.monotonic()
        while self._is_patient():
            try:
                if await self._sees("h1:has-text('Sent. Thank you')"):
                    break
                letter = await self._press_on(letter)
            except Error:  # the page went away under the finger
                await self._wait(0.2, 0.5)
        else:
            raise GaveUp(await self._words())
        await self.crowd.check(letter)
        self.last_key = letter.key

    async def _press_on(self, letter: Letter) -> Letter:
        """What somebody does who does not see "Sent"; returns what is being sent now."""
        if await self._sees("[data-do=try]"):
            await self._wait(0.5, 3)
            what = self.writer.chance.random()
            if what < 0.1 and await self._sees("[data-do=change]"):
                self.crowd.changed += 1
                await self._at().click("[data-do=change]")
                return await self._fill(await self._key())
            if what < 0.15:
                await self._at().reload()
            elif await self._sees("[data-do=try]"):
                self.crowd.pressed_again += 1
                await self._at().click("[data-do=try]")
        elif await self._sees("#slip") and await self._is_sending():
            await self._wait(0.5, 2)
        elif await self._sees("text=Send with blanks"):
            await self._at().click("text=Send with blanks")
        elif await self._sees("#slip"):
            return await self._fill(await self._key())
        else:  # a portal's page, or the browser's own about a lost connection
            await self._open()
        await self._wait(0.2, 0.6)
        return letter

    async def _blank_slip(self) -> str:
        """The key of a slip that nobody has used: the first on this phone, or the next person's."""
        self.since = time.monotonic()
        while self._is_patient():
            try:
                if self.page is None:
                    self.page = await self.phone.new_page()
                    await self._open()
                elif await self._sees("#next button"):
                    await self._at().click("#next button")
                elif await self._sees("#slip") and (key := await self._key()) != self.last_key:
                    return key
                else:
                    await self._open()
            except Error:
                pass
            await self._wait(0.2, 0.6)
        raise GaveUp(f"no blank slip: {await self._words()}")

    async def _fill(self, key: str) -> Letter:
        """Taps new answers, types a comment, presses Send."""
        page, letter = self._at(), self.writer.letter(self.crowd.round, key=key)
        # Whoever looks at a form that is filled in already answers all of it again.
        if await page.locator("#slip input:checked").count():
            letter.said = SlipContent(
                {name: self.writer.chance.choice(("yes", "ni", "no")) for name in STATEMENTS}, letter.said.comments
            )
        for statement, answer in letter.said.answers.items():
            await page.click(f"input[name={statement}][value={answer}] + label")
        await page.fill("#comment", letter.said.comments["comment"])
        await page.click("#slip button:text-is('Send')")
        return letter

    def _is_patient(self) -> bool:
        return time.monotonic() < self.since + PATIENCE

    async def _is_sending(self) -> bool:
        return (await self._at().locator("#state").text_content()) == "Sending…"

    async def _key(self) -> str:
        return await self._at().locator("#slip input[name=key]").get_attribute("value") or ""

    async def _open(self) -> None:
        await self._at().goto(self.path)

    async def _sees(self, what: str) -> bool:
        return await self._at().locator(what).first.is_visible()

    async def _words(self) -> str:
        return " ".join((await self._at().locator("main").first.inner_text()).split())[:200]

    async def _wait(self, least: float, most: float) -> None:
        await asyncio.sleep(self.writer.chance.uniform(least, most))

    def _at(self) -> Page:
        assert self.page
        return self.page
