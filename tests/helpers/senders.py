"""The page that mails all members something about a meeting, as a browser sees it."""

from __future__ import annotations

from django.core import mail
from django.test import Client

from partnerships.models import Meeting


class Sender:
    def __init__(self, client: Client, meeting: Meeting, kind: str = "agenda") -> None:
        self.client, self.url = client, f"{meeting.get_absolute_url()}mail/{kind}/"

    def see(self, **more):
        return self.client.get(self.url, **more)

    def press(self, do: str = "begin", seen: int = 0, **more):
        return self.client.post(self.url, {"do": do, "seen": seen}, follow=True, **more)


def reached() -> list[str]:
    """Who got a mail, in order: the first half of each address."""
    return [address.split("@")[0] for message in mail.outbox for address in message.to]
