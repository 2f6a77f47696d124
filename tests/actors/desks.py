"""The minute-taker's desk, as a browser sees it."""

from __future__ import annotations

from django.test import Client

from feedback.anonymity.seals import SlipContent
from feedback.models import Round, Slip
from tests.actors.phones import all_, open_, score


class Desk:
    def __init__(self, client: Client, round: Round) -> None:
        self.client, self.round = client, round

    def url(self, name: str) -> str:
        return self.round.address(name)

    def see(self, name: str = "desk", **more):
        return self.client.get(self.url(name), **more)

    def press(self, name: str, **form):
        """One POST and the page it leads to."""
        return self.client.post(self.url(name), form, follow=True)

    @property
    def stage(self) -> str:
        self.round.refresh_from_db()
        return self.round.stage

    def until_comments(self, *comments: str, slips: int = 5) -> None:
        """So many slips, the first ones with these comments, which the minute-taker reads now."""
        open_(self.round)
        score(self.round, *[all_("yes")] * slips, comments=comments)
        self.press("stop")
        self.press("comments")


def fill(round: Round, number: int, *, comment: str = "", on_paper: bool = False) -> None:
    """So many slips at once, past the front door."""
    seal, before = round.seal(), round.slips.count()
    content = SlipContent({"together": "yes"}, {"comment": comment} if comment else {})
    Slip.objects.bulk_create(
        Slip(
            round=round,
            key_hash=(before + n).to_bytes(4),
            revision=1,
            sealed=seal.close(content),
            on_paper=on_paper,
        )
        for n in range(number)
    )
