"""Phones without a browser: what they send, what they were told, and what is stored of it."""

from __future__ import annotations

import datetime
import http.client
import random
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from faults.site import ADDRESS, Site
from feedback.anonymity.phone_keys import hash_of, new_key
from feedback.anonymity.seals import Seal, SealLost, SlipContent
from feedback.models import Round
from feedback.rounds import lifecycle as scoring
from feedback.scores.instruments import MEETING_FEEDBACK
from partnerships.models import Area, Meeting, Partnership

STATEMENTS = [statement.key for statement in MEETING_FEEDBACK.statements]
OPTIONS = [option.key for option in MEETING_FEEDBACK.scale]
RECEIPT, NO_ANSWER = "receipt", "no answer"


def open_round() -> Round:
    """A new meeting that is being scored."""
    area, _ = Area.objects.get_or_create(slug="faults", defaults={"name": "Faults"})
    board, _ = Partnership.objects.get_or_create(
        slug="faults", defaults={"area": area, "name": "Board", "kind": "board"}
    )
    day = datetime.date(2026, 1, 1) + datetime.timedelta(Meeting.objects.count())
    held = Meeting.objects.create(partnership=board, date=day, venue="Hall", present=2000)
    scoring.open_round(round_id=held.round.pk)
    return Round.objects.get(meeting=held)


@dataclass
class Letter:
    """One slip as a phone sends it, and what came back: RECEIPT, a status, or NO_ANSWER."""

    key: str
    revision: int
    said: SlipContent
    answer: str = ""
    page: str = ""

    @property
    def fields(self) -> dict[str, str]:
        head = {"key": self.key, "revision": str(self.revision), "blanks": "left"}
        return head | dict(self.said.answers) | dict(self.said.comments)


@dataclass
class Writer:
    """Makes up what people say, always the same for the same seed."""

    chance: random.Random
    number: int = 0

    def letter(self, round: Round, key: str = "", revision: int = 1) -> Letter:
        self.number += 1
        answers = {name: self.chance.choice([*OPTIONS, ""]) for name in STATEMENTS}
        words = "A word on this, " * self.chance.randrange(20)
        said = SlipContent(
            {name: answer for name, answer in answers.items() if answer}, {"comment": f"{words}number {self.number}"}
        )
        return Letter(key or new_key(round.code), revision, said)


def send(site: Site, round: Round, letter: Letter, *, timeout: float = 60) -> Letter:
    """Posts it with its cookie, as a phone without JavaScript does."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"slip={letter.key}"}
    try:
        letter.answer, letter.page = _ask(site, "POST", f"/m/{round.code}/", urlencode(letter.fields), headers, timeout)
    except (OSError, http.client.HTTPException):
        letter.answer = NO_ANSWER
    return letter


def load(site: Site, round: Round, *, timeout: float = 60) -> str:
    """The key on a fresh form."""
    status, page = _ask(site, "GET", f"/m/{round.code}/", None, {}, timeout)
    found = re.search('name="key" value="([^"]*)"', page)
    if status != "200" or not found:
        raise OSError(status)
    return found[1]


def _ask(
    site: Site, method: str, path: str, body: str | None, headers: dict[str, str], timeout: float
) -> tuple[str, str]:
    connection = http.client.HTTPConnection(ADDRESS, site.port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        page = response.read().decode()
        receipt = response.status == 302 and response.headers["Location"] == f"{path}sent/"
        return RECEIPT if receipt else str(response.status), page
    finally:
        connection.close()


def all_at_once(acts: Sequence[Callable[[], Letter]]) -> list[Letter]:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Letter]) -> Letter:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _open(seal: Seal, sealed: bytes) -> SlipContent | None:
    try:
        return seal.open(sealed)
    except SealLost:
        return None


@dataclass
class Findings:
    """What the database holds, beside what phones were told."""

    lost: int = 0  # acknowledged and not there
    partial: int = 0  # there, and not what was sent
    doubled: int = 0  # more than one with the same key
    stored: int = 0
    answers: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not (self.lost or self.partial or self.doubled)

    def add(self, round: Round, letters: Sequence[Letter]) -> None:
        """Opens every slip of a round and lays it against the letters."""
        seal = round.seal()
        slips = [(bytes(slip.key_hash), slip.revision, _open(seal, slip.sealed)) for slip in round.slips.all()]
        sent = {(hash_of(letter.key), letter.revision): letter.said for letter in letters}
        there = {key_hash: revision for key_hash, revision, _said in slips}
        self.stored += len(slips)
        self.doubled += len(slips) - len(there)
        self.partial += sum(sent.get((key_hash, revision), ...) != said for key_hash, revision, said in slips)
        for letter in letters:
            self.answers[letter.answer] = self.answers.get(letter.answer, 0) + 1
            if letter.answer == RECEIPT:
                self.lost += there.get(hash_of(letter.key), 0) < letter.revision

    def __str__(self) -> str:
        told = ", ".join(f"{number} x {answer}" for answer, number in sorted(self.answers.items()))
        return f"{told}; {self.stored} slips stored, {self.lost} lost, {self.partial} partial, {self.doubled} doubled"
