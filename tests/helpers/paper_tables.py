"""Tables that were kept on paper, as somebody types them in."""

from __future__ import annotations

import html
import re

from feedback.models import Table
from feedback.scores.instruments import MEETING_FEEDBACK
from tests.actors.phones import hidden

URL = "/areas/derry/trends/import/"
HEAD = "Date;Statement;Yes;Needs Improvement;No;Slips;Present"
TEXTS = [statement.text for statement in MEETING_FEEDBACK.statements]
COUNTS = ((9, 4, 1), (6, 6, 2), (12, 2, 0), (5, 7, 2), (8, 5, 1), (7, 6, 1), (6, 5, 1))
TALLIES = {
    statement.key: dict(zip(("yes", "ni", "no"), counts, strict=True))
    for statement, counts in zip(MEETING_FEEDBACK.statements, COUNTS, strict=True)
}
BY_MEETING = ";".join(["Date;Slips;Present", *(f"{n} yes;{n} needs improvement;{n} no" for n in range(1, 8))])


def rows_of(date: str = "27/06/2019", slips: object = 14, present: object = 18, counts=COUNTS) -> list[str]:
    """One row for each statement, the people in the first alone."""
    rows = [f"{date};{text};{yes};{ni};{no}" for text, (yes, ni, no) in zip(TEXTS, counts, strict=True)]
    return [f"{rows[0]};{slips};{present}", *rows[1:]]


def row_of(date: str = "27/06/2019", slips: object = 14, present: object = 18, counts=COUNTS) -> str:
    """One row for the meeting."""
    return ";".join(map(str, [date, slips, present, *(number for each in counts for number in each)]))


def shown(client, partnership, *rows: str, **more):
    """The page that says what would happen to these rows of the partnership."""
    return client.post(URL, {"rows": "\n".join(rows), "partnership": partnership.pk if partnership else "", **more})


def agree(client, page, **more):
    """Presses the button of that page."""
    form = {name: html.unescape(hidden(page.content, name)) for name in ("agreed", "rows", "partnership")}
    return client.post(URL, form | more, follow=True)


def put_in(client, partnership, *rows: str):
    """Agrees to them; all imported tables, the earliest first."""
    page = shown(client, partnership, *rows)
    assert page.status_code == 200, problems(page)
    agree(client, page)
    return list(Table.objects.filter(imported_on__isnull=False).order_by("round__meeting__date"))


def summary(page) -> list[str]:
    """What the line of each meeting says."""
    lines = re.findall(r'<tbody class="app-plan__.*?</tbody>', page.content.decode(), re.DOTALL)
    return [html.unescape(" ".join(re.sub(r"<[^>]+>", " ", each).split())) for each in lines]


def problems(page) -> list[str]:
    """What the summary of errors says."""
    found = re.findall(r'<li><a href="#id_[^>]*>(.*?)</a></li>', page.content.decode(), re.DOTALL)
    return [html.unescape(" ".join(each.split())) for each in found]


def details(page) -> list[list[list[str]]]:
    """The cells of each table as it will stand."""
    text = page.content.decode()
    tables = re.findall(r'<details class="govuk-details" id="meeting-.*?<tbody>(.*?)</tbody>', text, re.DOTALL)
    return [
        [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>.*?</tr>", each, re.DOTALL)]
        for each in tables
    ]
