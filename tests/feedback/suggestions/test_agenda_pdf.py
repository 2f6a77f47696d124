"""The agenda as one file to print."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone

from feedback.models import Round, Suggestion
from feedback.rounds.single_use_codes import choose_codes
from partnerships.models import Action, AgendaItem, Meeting, Paper, Term
from tests.actors.phones import all_, collate, open_, score
from tests.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db
AGENDAS = json.loads((Path("feedback") / "demo" / "agendas.json").read_text(encoding="utf-8"))


@pytest.fixture
def june(partnership) -> Meeting:
    return MeetingFactory(
        partnership=partnership,
        date=datetime.date(2026, 6, 10),
        start=datetime.time(11, 0),
        end=datetime.time(13, 0),
        venue_access="Step-free from Guildhall Street",
        reflection=5,
    )


def pdf(client, meeting: Meeting, **asked: str) -> bytes:
    response = client.get(f"{meeting.get_absolute_url()}agenda.pdf", asked)
    assert response.headers["Content-Disposition"] == (
        f'inline; filename="strategic-growth-partnership-{meeting.date}-agenda.pdf"'
    )
    return response.content


def pages(content: bytes) -> list[str]:
    """What stands on each page, without line breaks."""
    out = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s+", " ", page) for page in out.split("\f")[:-1]]


def text(content: bytes) -> str:
    return " ".join(pages(content))


def fill(meeting: Meeting, items: list[dict]) -> None:
    for number, item in enumerate(items, 1):
        AgendaItemFactory(meeting=meeting, order=number, title=item["title"], lead=item["lead"], minutes=10)


@pytest.fixture
def full(cast, meeting, june) -> Meeting:
    """June's meeting after March's, with all that an agenda can hold."""
    open_(meeting.round)
    score(meeting.round, *[all_("no")] * 5, comments=("Speak up <b>please</b>",))
    collate(meeting.round)
    bob = cast.bob.memberships.get()
    plan = Action.objects.create(
        meeting=meeting, decided="Draw up a plan", organisation=bob.organisation, due_on=datetime.date(2026, 8, 1)
    )
    for decided, due_on in (("Never", None), ("Overdue thing", datetime.date(2020, 1, 1))):
        Action.objects.create(meeting=meeting, decided=decided, due_on=due_on)
    Suggestion.objects.create(
        meeting=meeting, text="Longer breaks", outcome="agreed", considered_at=june, action=plan, answer="Ten minutes"
    )
    Suggestion.objects.create(meeting=meeting, text="Meet in Strabane")
    item = AgendaItemFactory(meeting=june, order=1, title="ODP report", lead="Chair", minutes=15, purpose="decision")
    Paper.objects.create(item=item, title="The report", kind="link", url="https://example.org/report")
    Paper.objects.create(item=item, title="The figures", kind="ods", file="x.ods")
    Term.objects.create(partnership=june.partnership, word="ODP", meaning="Outcome Delivery Partnership")
    return june


def test_all_of_it_stands_in_its_order(as_, full):
    content = pdf(as_("bob"), full)
    words = text(content)
    order = [
        "Agenda of the meeting on Wednesday 10 June 2026, 11:00–13:00",
        "Step-free from Guildhall Street",
        "Open actions",
        "Overdue thing",
        "Draw up a plan",
        "Never",
        "11:00–11:15",
        "ODP report",
        "11:15–11:25",
        "Feedback on this meeting",
        "Does any jargon or local context need explaining?",
        "The report: https://example.org/report",
        "The figures (ODS)",
        "ODP: Outcome Delivery Partnership",
        "What we said last time: feedback on the meeting of 4 March 2026",
        "We are working well together",
        "“We are working well together” scored 1.00 on average",
        "Speak up <b>please</b>",
        "You said, we did",
        "Longer breaks Agreed: Ten minutes",
        "Suggestions to consider at this meeting",
        "Meet in Strabane Not considered yet",
        "Last item: how did the meeting go?",
    ]
    places = [words.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert sorted(order, key=words.find) == order
    # The code is on the last page.
    assert full.round.spaced_code in pages(content)[-1]
    assert "Seven statements, half a minute, no account." in pages(content)[-1]


def test_it_is_an_accessible_pdf(as_, full, tmp_path):
    path = tmp_path / "agenda.pdf"
    path.write_bytes(pdf(as_("bob"), full))
    heard = subprocess.run(
        [str(Path(sys.executable).with_name("outloud")), str(path)], capture_output=True, text=True, check=False
    )
    assert "0 error(s)" in heard.stdout, heard.stdout
    with pikepdf.open(path) as opened:
        assert str(opened.Root.Lang) == "en-GB"
        assert opened.docinfo["/Title"] == "Strategic Growth Partnership: agenda of the meeting of 10 June 2026"
        assert "pdfuaid" in opened.open_metadata().pdfa_status or opened.Root.MarkInfo.Marked


def test_a_first_meeting_has_little_more_than_its_agenda(as_, june):
    june.start = june.end = None
    june.venue = june.venue_access = ""
    june.reflection = None
    june.save()
    words = text(pdf(as_("bob"), june))
    assert "Agenda of the meeting on Wednesday 10 June 2026 Agenda" in words
    assert "10 min 1. Feedback on this meeting" in words
    for heading in ("Open actions", "Papers", "What the letters mean", "What we said last time", "You said, we did"):
        assert heading not in words.replace("What we said last time, what became", "")


@pytest.mark.parametrize("agenda", AGENDAS, ids=lambda agenda: agenda["date"])
def test_the_short_one_has_one_page_for_real_agendas(as_, june, agenda):
    fill(june, agenda["items"])
    found = pages(pdf(as_("bob"), june, short="yes"))
    assert len(found) == 1
    assert agenda["items"][-1]["title"] in found[0]
    assert june.round.spaced_code in found[0]


@pytest.mark.parametrize(("items", "number"), [(1, 1), (22, 1), (40, 1)])
def test_however_many_items(as_, june, items, number):
    fill(june, [{"title": "Report of the sub-group on rural transport", "lead": "Chair"}] * items)
    assert len(pages(pdf(as_("bob"), june, short="yes"))) == number
    assert f"{items + 1}. Feedback on this meeting" in text(pdf(as_("bob"), june))


def test_hostile_text_is_printed_as_it_is(as_, june):
    AgendaItemFactory(meeting=june, title="<img src=file:///etc/passwd> {{ x }}", lead="<script>1</script>")
    words = text(pdf(as_("bob"), june))
    assert "<img src=file:///etc/passwd> {{ x }}" in words
    assert "<script>1</script>" in words


def test_codes_of_ones_own_are_asked_for(as_, june):
    choose_codes(round_id=june.round.pk, wanted=True)
    assert "You get a slip of paper with a code of your own." in text(pdf(as_("bob"), june))


@pytest.mark.parametrize("why", ["stopped", "called off"])
def test_there_is_no_code_where_nobody_can_score(as_, june, why):
    if why == "stopped":
        open_(june.round)
        Round.objects.update(stage="stopped")
    else:
        june.called_off_on = timezone.localdate()
        june.save()
    words = text(pdf(as_("bob"), june))
    assert june.round.spaced_code not in words
    assert ("Called off" in words) is (why == "called off")


def test_the_same_number_of_queries_for_1_and_for_40_items(as_, full, django_assert_num_queries):
    bob, address = as_("bob"), f"{full.get_absolute_url()}agenda.pdf"
    for more in (0, 39):
        AgendaItem.objects.bulk_create(AgendaItem(meeting=full, order=2 + n, title="ODP") for n in range(more))
        with django_assert_num_queries(12):
            bob.get(address)
