"""The page of an agenda, as a browser holds it."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any

from django.test import Client

from partnerships.models import Meeting
from tests.actors.phones import text_of
from tests.factories import AgendaItemFactory


class Fields(HTMLParser):
    """What a browser would send of the form on the page, without files and buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside, self._area, self._select = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = said.get("id") == "agenda"
        elif tag == "textarea":
            self._area = said["name"]
            self.fields[self._area] = [""]
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and "selected" in said:
            self.fields[self._select] = [said["value"]]
        elif tag == "input" and self._inside and said.get("type") != "file":
            ticks = said.get("type") == "checkbox"
            if not ticks or "checked" in said:
                self.fields.setdefault(said["name"], []).append(said.get("value", "on" if ticks else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser leaves out the line break with which Django begins each.
            self.fields[self._area] = [self.fields[self._area][0] + data.removeprefix("\n")]


class Editor:
    """The page as somebody has it before them: what it says, and what is in its fields."""

    # Fields that each page has of its own.
    ANEW = ("csrfmiddlewaretoken", "version")

    def __init__(self, client: Client, meeting: Meeting) -> None:
        self.client, self.meeting, self.url = client, meeting, f"{meeting.get_absolute_url()}agenda/"
        self.load()

    def load(self) -> Editor:
        return self._see(self.client.get(self.url))

    def _see(self, response) -> Editor:
        self.response, self.status = response, response.status_code
        self.fields = Fields(response.content.decode()).fields
        self.said = text_of(response)
        return self

    def press(self, do: str = "stay", typed: Mapping[str, Any] = MappingProxyType({})) -> Editor:
        """Types this into the fields, presses the button and sees the page that comes."""
        sent = self.fields | {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        self.sent = {name: value for name, value in sent.items() if name not in self.ANEW}
        return self._see(self.client.post(self.url, sent | {"do": do}, follow=True))

    @property
    def kept(self) -> dict[str, list[str]]:
        """What is in the fields of the page that came, beside `sent`."""
        return {name: value for name, value in self.fields.items() if name not in self.ANEW}

    def start_from(self, name: str, **more: str) -> Editor:
        form = {"version": self.fields["version"][0], "from": name} | more
        return self._see(self.client.post(f"{self.url}copy/", form, follow=True))

    @property
    def titles(self) -> list[str]:
        return [self.fields[f"{row}-title"][0] for row in self.fields["row"]]

    def leads_to(self, field: str) -> bool:
        """The summary on top has a link to a field that is on the page."""
        page = self.response.content.decode()
        return f'<a href="#{field}">' in page and f'id="{field}"' in page


def write(meeting: Meeting, *titles: str, **more) -> list[str]:
    """So many items, past the front door; the names of their rows."""
    items = [AgendaItemFactory(meeting=meeting, order=n, title=title, **more) for n, title in enumerate(titles, 1)]
    return [f"i{item.pk}" for item in items]
