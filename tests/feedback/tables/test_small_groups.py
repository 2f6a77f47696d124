"""Small groups: whatever a few people said, every page and file says the same."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Meeting
from tests.actors.desks import Desk
from tests.actors.phones import all_, collate, open_, score, text_of
from tests.factories import MeetingFactory
from tests.feedback.tables.test_table import read

pytestmark = pytest.mark.django_db

SAYINGS = [(all_("yes"), "It was a joy"), (all_("no"), "It was the chair"), ({}, "")]
PLACES = ("feedback:desk", "feedback:comments", "feedback:collate", "feedback:table", "partnerships:meeting")


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2026-03-04 15:00:00+00:00", tick=False)


@pytest.fixture
def people(as_) -> list[Client]:
    """Bob, Alice and Carol, each in a browser of their own."""
    return [as_(name) for name in ("bob", "alice", "carol")]


def everything_shown(people: list[Client], meeting: Meeting) -> list[str]:
    """What a member, the minute-taker and the coordinator can read anywhere of this meeting and after it."""
    here = [reverse(name, args=[meeting.partnership.slug, meeting.pk]) for name in PLACES]
    around = ["/", meeting.partnership.get_absolute_url(), "/areas/derry/record/", "/account/data/"]
    file = reverse("feedback:table_pdf", args=[meeting.partnership.slug, meeting.pk])
    shown = []
    for client in people:
        shown += [text_of(client.get(path, follow=True)) for path in [*here, *around]]
        for path in (file, f"{file}?comments=no"):
            pdf = client.get(path)
            shown.append(read(pdf.content) if pdf.status_code == 200 else "")
        shown.append(client.get("/account/data.json").content.decode())
    return shown


@pytest.mark.parametrize("until", ["stopped", "finished"])
def test_under_the_threshold_nothing_depends_on_what_was_said(people, partnership, until):
    told = []
    for answers, comment in SAYINGS:
        meeting = MeetingFactory(partnership=partnership)
        desk = Desk(people[1], open_(meeting.round))
        score(desk.round, *[answers] * 4, comments=(comment,))
        desk.press("stop")
        if until == "finished":
            desk.press("collate")
        told.append(everything_shown(people, meeting))
        meeting.delete()
        partnership.area.record.all().delete()
    assert told[0] == told[1] == told[2]
    if until == "finished":
        sentence = "4 slips: too few to show without giving someone away. 13 people were present."
        assert sum(sentence in each for each in told[0]) == 3 * 3


def test_nor_does_anything_depend_on_the_few_answers_to_one_statement(people, partnership):
    """Not on its own table, nor on the next one beside it; no sum betrays it."""
    told = []
    for few in ("yes", "ni", "no"):
        first, second = (MeetingFactory(partnership=partnership, date=date(2026, 3, day)) for day in (3, 4))
        rest = {statement: "yes" for statement in all_("yes") if statement != "charter"}
        score(open_(first.round), *[rest | {"charter": few}] * 4, *[rest] * 2, comments=("Louder please",))
        assert "charter" not in (collate(first.round).tallies or {})
        score(open_(second.round), *[all_("ni")] * 5)
        collate(second.round)
        told.append([*everything_shown(people, first), *everything_shown(people, second)])
        Meeting.objects.all().delete()
        partnership.area.record.all().delete()
    assert told[0] == told[1] == told[2]
    assert sum("fewer than 5 people answered this statement" in each for each in told[0]) == 3 * 3


@pytest.mark.parametrize("threshold", [3, 4, 5])
def test_the_threshold_is_the_partnerships_own(partnership, threshold):
    partnership.threshold = threshold
    partnership.save()
    for slips, is_shown in ((threshold - 1, False), (threshold, True)):
        round = open_(MeetingFactory(partnership=partnership).round)
        score(round, *[all_("yes")] * slips)
        assert (collate(round).tallies is not None) is is_shown


def test_blank_slips_count_as_slips_and_hide_every_figure(people, round):
    """A comment's writer is hidden among all who sent a slip, blank or not; the figures are too few to show."""
    open_(round)
    score(round, all_("no"), *[{}] * 4, comments=("Louder please",))
    table = collate(round)
    assert (table.slips, table.tallies, table.comments) == (5, {}, {"comment": ["Louder please"]})
    words = text_of(people[0].get(reverse("feedback:table", args=["growth", round.meeting_id])))
    assert "Total points: 0 of 0 (–) Average total score: not shown" in words
