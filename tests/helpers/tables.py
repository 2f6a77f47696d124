"""The tables of a page, as somebody reads them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Tables(HTMLParser):
    """{what the region around it is called: its rows}; pictures and their titles are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.label = ""
        self.cell: list[str] | None = None
        self.within_picture = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "div" and named.get("aria-label"):
            self.label = named["aria-label"] or ""
        elif tag == "table":
            self.found[self.label] = []
        elif tag == "tr":
            self.found[self.label].append([])
        elif tag in {"td", "th"}:
            self.cell = []
        elif tag == "svg":
            self.within_picture += 1
        elif self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self.cell is not None:
            self.found[self.label][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        elif tag == "svg":
            self.within_picture -= 1

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.within_picture:
            self.cell.append(data)


def tables_of(response) -> dict[str, list[list[str]]]:
    """Heads included."""
    reader = _Tables()
    reader.feed(response.content.decode())
    return reader.found
