"""You said, we did: whoever scores sees first what became of the suggestions of the meeting before.

March's suggestions are answered in June, and stand on June's slip.
"""

import datetime
import gzip
import random
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.models import Outcome, Suggestion
from feedback.rounds.lifecycle import stop_round
from feedback.slips import rate_limits as guessing
from feedback.suggestions.ledger import answer, answers_before, in_short
from partnerships.models import Action, Meeting, Member, Organisation
from tests.actors.phones import Phone, address, open_, text_of
from tests.factories import MeetingFactory, MemberFactory, SuggestionFactory

pytestmark = pytest.mark.django_db
# What a server may send before it has to wait for the phone.
FIRST_ROUND_TRIP = 14 * 1024


@pytest.fixture
def june(meeting) -> Meeting:
    june = MeetingFactory(partnership=meeting.partnership, date=datetime.date(2026, 6, 3))
    open_(june.round)
    return june


@pytest.fixture
def dara(partnership) -> Member:
    return MemberFactory(partnership=partnership, name="Dara Sample", organisation__name="Libraries NI")


@pytest.fixture
def answered(cast, june, dara):
    """`answered(suggestion, "declined", "Buses")`: considered in June by all; agreed, it is Dara's by September."""

    def put_down(suggestion: Suggestion, outcome: str, words: str = "", *, done: bool = False) -> Suggestion:
        agreed = outcome == "agreed"
        answer(
            suggestion_id=suggestion.pk,
            considered_at=june,
            seen=suggestion.outcome,
            outcome=Outcome(outcome),
            words=words,
            member=dara if agreed else None,
            organisation=dara.organisation if agreed else None,
            due_on=datetime.date(2026, 9, 1) if agreed else None,
            by=cast.alice,
        )
        if done:
            Action.objects.filter(suggestion=suggestion).update(done_on=datetime.date(2026, 6, 10))
        suggestion.refresh_from_db()
        return suggestion

    return put_down


def slip_of(meeting: Meeting) -> str:
    """What stands on the slip before the statements, as a phone that has just come in sees it."""
    caches["memory"].clear()
    return (
        text_of(Client().get(address(meeting.round))).partition("How did the meeting go?")[2].partition("Your name")[0]
    )


def lines(meeting: Meeting) -> list[str]:
    caches["memory"].clear()
    body = Client().get(address(meeting.round)).content.decode()
    return [line.partition("</li>")[0] for line in body.split("<li>")[1:] if "<q" in line]


class TestOnTheSlip:
    def test_a_line_each_with_a_link_to_the_rest(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="We could not hear"), "agreed", "A loop is set up")
        assert lines(june) == ['<q dir="auto">We could not hear</q> <b>Agreed: A loop is set up</b>']
        page = Client().get(address(june.round))
        assert "You said, we did We could not hear Agreed: A loop is set up All suggestions from" in text_of(page)
        assert f'href="/m/{june.round.code}/answers/"' in page.content.decode()

    def test_three_at_most_what_was_done_first(self, meeting, june, answered):
        for text, *told in (
            ("Lunch", "carried"),
            ("Later", "declined", "Buses"),
            ("Louder", "agreed"),
            ("Shorter", "declined", "Law"),
        ):
            answered(SuggestionFactory(meeting=meeting, text=text), *told)
        answered(SuggestionFactory(meeting=meeting, text="Loop"), "agreed", "It is here", done=True)
        SuggestionFactory(meeting=meeting, text="Not considered yet")
        assert [line.replace('<q dir="auto">', "").replace("</q>", "") for line in lines(june)] == [
            "Loop <b>Done: It is here</b>",
            "Louder <b>Agreed</b>",
            "Later <b>Declined: Buses</b>",
        ]
        assert [str(each) for each in answers_before(june)] == ["Loop", "Louder", "Later", "Shorter", "Lunch"]

    def test_shortened_to_a_line(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="s" * 1000), "declined", "a" * 500)
        assert lines(june) == [f'<q dir="auto">{"s" * 49}…</q> <b>Declined: {"a" * 59}…</b>']

    def test_as_text_whatever_is_in_it(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="<script>alert(1)</script>"), "declined", "</b><img src=x>")
        assert lines(june) == [
            '<q dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</q> <b>Declined: &lt;/b&gt;&lt;img src=x&gt;</b>'
        ]

    def test_only_of_the_last_meeting_that_had_answers(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="Of March"), "carried")
        # In between they did not come round to it, and another partnership is another matter.
        SuggestionFactory(meeting__partnership=june.partnership, meeting__date=datetime.date(2026, 4, 1))
        elsewhere = SuggestionFactory(text="Elsewhere", meeting__date=datetime.date(2026, 5, 1))
        Suggestion.objects.filter(pk=elsewhere.pk).update(outcome="carried", considered_at=elsewhere.meeting)
        answered(SuggestionFactory(meeting=june, text="Of June itself"), "carried")
        autumn = MeetingFactory(partnership=june.partnership, date=datetime.date(2026, 9, 2))
        open_(autumn.round)
        assert [str(each) for each in answers_before(june)] == ["Of March"]
        assert [str(each) for each in answers_before(autumn)] == ["Of June itself"]
        assert "Of June itself" in slip_of(autumn)
        assert "Of March" not in slip_of(autumn)

    def test_nothing_where_nothing_was_answered(self, meeting, june):
        SuggestionFactory(meeting=meeting)
        assert "You said, we did" not in slip_of(june)
        assert list(answers_before(june)) == []

    def test_names_nobody(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="We could not hear"), "agreed", "A loop")
        assert "Dara" not in slip_of(june)

    def test_is_known_to_the_next_phone_without_asking_the_database_again(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting), "carried")
        caches["memory"].clear()
        numbers = []
        for _phone in range(2):
            with CaptureQueriesContext(connection) as queries:
                Phone(june.round).load()
            numbers.append(len(queries))
        assert numbers == [3, 1]

    def test_40_answers_take_no_more_queries_than_1(self, meeting, june, answered):
        numbers = []
        for more in (1, 39):
            for suggestion in SuggestionFactory.create_batch(more, meeting=meeting):
                answered(suggestion, "agreed")
            caches["memory"].clear()
            with CaptureQueriesContext(connection) as queries:
                Phone(june.round).load()
                Client().get(f"{address(june.round)}answers/")
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_leaves_the_slip_light_enough_for_the_first_round_trip(self, meeting, june, answered):
        """With three of the longest answers in a script of three bytes a letter, style and scripts that it needs."""
        chance = random.Random(3)
        for _ in range(3):
            text, words = ("".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(500)) for _ in range(2))
            answered(SuggestionFactory(meeting=meeting, text=text), "declined", words)
        page = Phone(june.round).load().page
        assert page.count(b"Declined: ") == 3
        static = Path(settings.BASE_DIR) / "static"
        parts = [page, *((static / name).read_bytes() for name in ("css/slip.css", "js/slip.js", "js/shelf.js"))]
        assert sum(len(gzip.compress(part)) for part in parts) < FIRST_ROUND_TRIP


class TestTheRest:
    def see(self, meeting: Meeting, code: str = ""):
        caches["memory"].clear()
        return Client().get(f"/m/{code or meeting.round.code}/answers/")

    def test_is_all_of_it_in_full(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="s" * 1000), "declined", "a" * 500)
        for n in range(3):
            answered(SuggestionFactory(meeting=meeting, text=f"Suggestion {n}"), "carried")
        page = text_of(self.see(june))
        assert f"{'s' * 1000} Declined: {'a' * 500} Suggestion 0 Carried over" in page
        assert "Suggestion 2" in page

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (("agreed", "A loop"), "Agreed: A loop, Libraries NI, by 1 September 2026"),
            (("agreed",), "Agreed, Libraries NI, by 1 September 2026"),
            (("declined", "Buses"), "Declined: Buses"),
            (("carried",), "Carried over"),
            (("carried", "In June"), "Carried over: In June"),
        ],
    )
    def test_says_what_became_of_it_and_names_no_member(self, meeting, june, answered, told, words):
        suggestion = answered(SuggestionFactory(meeting=meeting, text="Loop"), *told)
        assert in_short(suggestion) == words
        page = self.see(june)
        assert f"Loop {words}" in text_of(page)
        assert "Dara" not in page.content.decode()

    def test_what_is_done_has_no_day_any_more(self, meeting, answered):
        done = answered(SuggestionFactory(meeting=meeting), "agreed", "A loop", done=True)
        assert in_short(done) == "Done: A loop, Libraries NI"

    def test_nor_an_owner_where_none_is_left(self, meeting, answered):
        answered(SuggestionFactory(meeting=meeting), "agreed", "A loop")
        Action.objects.update(organisation=None, member=None, due_on=None)
        assert in_short(Suggestion.objects.get()) == "Agreed: A loop"

    def test_nor_one_who_speaks_for_nobody_else(self, meeting, answered):
        """A resident's organisation may be the resident."""
        Organisation.objects.update(sector=Organisation.Sector.RESIDENTS)
        answered(SuggestionFactory(meeting=meeting), "agreed", "A loop")
        assert in_short(Suggestion.objects.get()) == "Agreed: A loop, by 1 September 2026"

    def test_as_text_whatever_is_in_it(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="<script>alert(1)</script>"), "declined", "</b><img src=x>")
        page = self.see(june).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "Declined: &lt;/b&gt;&lt;img src=x&gt;" in page

    def test_says_so_where_there_is_none(self, june):
        page = text_of(self.see(june))
        assert "No suggestion has been answered yet." in page
        assert "Back to scoring" in page

    def test_stays_when_scoring_has_stopped(self, meeting, june, answered):
        answered(SuggestionFactory(meeting=meeting, text="Loop"), "carried")
        stop_round(round_id=june.round.pk)
        assert "Loop" in text_of(self.see(june))

    def test_is_for_whoever_has_a_meetings_code(self, june):
        assert self.see(june).status_code == 200
        assert self.see(june, "ZZZZZZ").status_code == 404
        assert Client().post(f"{address(june.round)}answers/").status_code == 405

    def test_guessing_codes_here_is_guessing(self, june, monkeypatch):
        monkeypatch.setattr(guessing, "FAILURES_ALLOWED", 2)
        client = Client()
        assert [client.get("/m/ZZZZZZ/answers/").status_code for _ in range(3)] == [404, 404, 429]

    def test_of_a_meeting_that_is_gone_there_is_none(self, june):
        """Its card is still in memory."""
        client, page = Client(), f"{address(june.round)}answers/"
        assert client.get(page).status_code == 200
        june.delete()
        assert client.get(page).status_code == 404

    def test_touches_no_session(self, june):
        response = self.see(june)
        assert (dict(response.cookies), response.headers["Cache-Control"]) == (
            {},
            "max-age=0, no-cache, no-store, must-revalidate, private",
        )
