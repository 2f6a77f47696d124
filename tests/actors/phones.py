"""A phone, as the server sees it: loads the slip, fills it in, sends it."""

from __future__ import annotations

import html
import re

from django.test import Client

from feedback.models import Round, Table
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.scores.instruments import MEETING_FEEDBACK

STATEMENTS = [statement.key for statement in MEETING_FEEDBACK.statements]


def address(round: Round) -> str:
    return f"/m/{round.code}/"


def all_(option: str) -> dict[str, str]:
    """The same answer to every statement."""
    return dict.fromkeys(STATEMENTS, option)


def hidden(html: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html.decode())
    assert found, name
    return found[1]


def text_of(response) -> str:
    """What a page says, without its markup."""
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
    return re.sub(r" ([,.])", r"\1", words)


class Phone:
    def __init__(self, round: Round, *, cookies: bool = True) -> None:
        self.client, self.address, self.cookies = Client(), address(round), cookies
        self.page = b""

    def load(self) -> Phone:
        response = self.client.get(self.address)
        assert response.status_code == 200, response.content
        self.page = response.content
        return self

    def send(self, answers: dict[str, str] | None = None, comment: str = "", **more: str):
        """Fills in what was loaded, and sends it."""
        if not self.cookies:
            self.client.cookies.clear()
        form = {"key": hidden(self.page, "key"), "revision": hidden(self.page, "revision"), "comment": comment}
        return self.client.post(self.address, form | (answers or {}) | more)


def score(round: Round, *slips: dict[str, str], comments: tuple[str, ...] = ()) -> None:
    """So many phones send a slip each; the first ones also a comment."""
    for place, answers in enumerate(slips):
        comment = comments[place] if place < len(comments) else ""
        response = Phone(round).load().send(answers, comment, blanks="left")
        assert response.status_code == 302, response.content


def open_(round: Round) -> Round:
    scoring.open_round(round_id=round.pk)
    round.refresh_from_db()
    return round


def collate(round: Round) -> Table:
    scoring.stop_round(round_id=round.pk)
    round.refresh_from_db()
    if round.slips.count() >= round.slips_needed:
        reading.show_comments(round_id=round.pk)
    scoring.collate(round_id=round.pk)
    return Table.objects.get(round=round)
