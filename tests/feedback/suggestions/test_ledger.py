"""Suggestions: raised from a comment or aloud, considered one at a time, and each of them answered.

March has a table with comments; June looks back at it.
"""

import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import Suggestion, Table
from feedback.suggestions.ledger import AnsweredAlready, raise_suggestion, to_consider, withdraw
from partnerships.models import Action, Entry, Meeting, Member
from tests.actors.phones import all_, collate, hidden, open_, score, text_of
from tests.factories import MeetingFactory, MemberFactory, PartnershipFactory, SuggestionFactory

pytestmark = pytest.mark.django_db
LEDGER = "/partnerships/growth/suggestions/"
HOSTILE = '<img src="file:///etc/passwd"> {{ late }}\nagain'


@pytest.fixture
def june(meeting) -> Meeting:
    return MeetingFactory(partnership=meeting.partnership, date=datetime.date(2026, 6, 3))


@pytest.fixture
def dara(partnership) -> Member:
    return MemberFactory(partnership=partnership, name="Dara", organisation__name="Libraries NI")


@pytest.fixture
def table(round) -> Table:
    open_(round)
    score(round, *[all_("yes")] * 5, comments=(HOSTILE, "Meet in Strabane"))
    return collate(round)


def url(meeting: Meeting, name: str = "consider") -> str:
    return reverse(f"feedback:{name}", args=["growth", meeting.pk])


def say(client, meeting: Meeting, suggestion: Suggestion, outcome: str = "", **more: str):
    """Types an answer in below a suggestion, as it stands now."""
    form = {"do": "answer", "suggestion": suggestion.pk, "seen": standing(suggestion)[0], "outcome": outcome}
    return client.post(url(meeting), form | more, follow=True)


def agree(client, meeting: Meeting, suggestion: Suggestion, who: Member, **more: str):
    form = {"answer": "A loop is set up", "owner": f"m{who.pk}", "due_on": "2026-09-01"}
    return say(client, meeting, suggestion, "agreed", **form | more)


def standing(suggestion: Suggestion) -> tuple[str, str, int | None]:
    suggestion.refresh_from_db()
    return suggestion.outcome, suggestion.answer, suggestion.considered_at_id


class TestRaisedFromAComment:
    def press(self, client, table: Table, place: int | str):
        return client.post(table.round.address("raise"), {"comment": f"comment-{place}"}, follow=True)

    def test_with_one_click(self, as_, table):
        place = table.comments["comment"].index("Meet in Strabane")
        page = as_("alice").get(url(table.round.meeting, "table"))
        assert f'name="comment" value="comment-{place}"' in page.content.decode()
        page = text_of(self.press(as_("alice"), table, place))
        assert "Raised as a suggestion." in page
        assert "Meet in Strabane Suggestion" in page
        assert list(Suggestion.objects.values_list("meeting", "text", "from_comment", "outcome")) == [
            (table.round.meeting_id, "Meet in Strabane", True, "raised")
        ]
        assert Entry.objects.filter(act="suggestion_raised").count() == 1

    def test_twice_is_once(self, as_, table):
        self.press(as_("alice"), table, 0)
        assert "It is a suggestion already." in text_of(self.press(as_("carol"), table, 0))
        assert (Suggestion.objects.count(), Entry.objects.filter(act="suggestion_raised").count()) == (1, 1)

    def test_as_text_whatever_is_in_it(self, as_, table):
        self.press(as_("alice"), table, table.comments["comment"].index(HOSTILE))
        assert Suggestion.objects.get().text == HOSTILE
        page = as_("bob").get(LEDGER).content.decode()
        assert "&lt;img src=&quot;file:///etc/passwd&quot;&gt; {{ late }}\nagain" in page

    def test_however_long_in_whatever_script(self, as_, round):
        """PostgreSQL's index does not hold a thousand such letters."""
        chance = random.Random(1)
        comment = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(1000))
        open_(round)
        score(round, *[all_("yes")] * 5, comments=(comment,))
        table = collate(round)
        for _twice in range(2):
            self.press(as_("alice"), table, 0)
        assert Suggestion.objects.get().text == comment

    @pytest.mark.parametrize(
        "place", ["2", "-1", "", "1.0", "one", "²", "0000009", "99999999999999999999999", "0 or 1=1", "comment-0"]
    )
    def test_only_one_that_was_printed(self, as_, table, place):
        assert self.press(as_("alice"), table, place).status_code == 200
        assert not Suggestion.objects.exists()

    def test_nothing_before_there_is_a_table_and_nothing_where_it_is_too_small(self, as_, round):
        alice, form = as_("alice"), {"comment": "comment-0"}
        alice.post(url(round.meeting, "raise"), form)
        open_(round)
        score(round, all_("yes"), comments=("Only I wrote this",))
        collate(round)
        page = text_of(alice.post(url(round.meeting, "raise"), form, follow=True))
        assert "Make it a suggestion" not in page
        assert not Suggestion.objects.exists()

    def test_loading_the_address_raises_nothing(self, as_, table):
        as_("alice").get(url(table.round.meeting, "raise"), {"comment": "comment-0"})
        assert not Suggestion.objects.exists()

    def test_a_member_reads_the_comments_and_raises_none(self, as_, table):
        assert "Make it a suggestion" not in text_of(as_("bob").get(url(table.round.meeting, "table")))
        assert self.press(as_("bob"), table, 0).status_code == 403
        assert self.press(as_("eve"), table, 0).status_code == 404


class TestSaidInTheRoom:
    def test_is_typed_in_on_one_line(self, as_, june):
        page = as_("alice").post(url(june), {"do": "said", "text": " Start \n at noon "}, follow=True)
        assert "Raised." in text_of(page)
        assert "Start at noon Said at the meeting of 3 June 2026." in text_of(page)
        assert Suggestion.objects.get().from_comment is False

    @pytest.mark.parametrize(
        ("text", "problem"), [(" ", "Type the suggestion"), ("\u200b", "Type the suggestion"), ("x" * 501, "500 char")]
    )
    def test_needs_words_and_not_too_many(self, as_, june, text, problem):
        page = as_("alice").post(url(june), {"do": "said", "text": text})
        assert (page.status_code, problem in text_of(page)) == (422, True)
        assert text.strip() in page.content.decode()


class TestConsidered:
    def test_with_the_last_table_large_above_it(self, as_, june, table):
        page = text_of(as_("alice").get(url(june)))
        assert "Table of 4 March 2026 Slips: 5 People present: 13" in page
        assert "Comments and suggestions" not in page
        assert "No suggestion waits for an answer." in page
        assert "No earlier meeting has a table yet." in text_of(as_("alice").get(url(table.round.meeting)))

    def test_one_at_a_time_on_to_the_next(self, as_, meeting, june):
        first, second, third = (SuggestionFactory(meeting=meeting, text=text) for text in ("One", "Two", "Three"))
        alice = as_("alice")
        page = alice.get(url(june))
        assert "Suggestion 1 of 3. 3 still to answer One Said at the meeting of 4 March 2026." in text_of(page)
        assert f"?suggestion={second.pk}#" in page.content.decode()
        assert "Suggestion before" not in text_of(page)
        page = alice.get(url(june), {"suggestion": second.pk})
        assert "Suggestion 2 of 3. 3 still to answer Two" in text_of(page)
        assert [f"?suggestion={each.pk}#" in page.content.decode() for each in (first, third)] == [True, True]
        page = say(alice, june, second, "carried")
        assert "Answered: Carried over. " in text_of(page)
        assert "Suggestion 1 of 3. 2 still to answer One" in text_of(page)
        say(alice, june, first, "carried")
        page = say(alice, june, third, "carried", answer="In autumn")
        # The last one stays, to be read aloud as it was written down.
        assert (
            "Suggestion 3 of 3. 0 still to answer Three Said at the meeting of 4 March 2026. Carried over"
            in text_of(page)
        )
        assert "All suggestions have an answer." in text_of(alice.get(url(june)))

    def test_oldest_first_with_those_of_the_meeting_itself_and_what_was_answered_at_it(self, meeting, june):
        autumn = MeetingFactory(partnership=meeting.partnership, date=datetime.date(2026, 9, 2))
        of_june, later, of_march, done, carried = (
            SuggestionFactory(meeting=where, text=text)
            for where, text in ((june, "a"), (autumn, "b"), (meeting, "c"), (meeting, "d"), (meeting, "e"))
        )
        SuggestionFactory(text="of another partnership", meeting__date=meeting.date)
        for suggestion, outcome in ((done, "declined"), (carried, "carried")):
            Suggestion.objects.filter(pk=suggestion.pk).update(outcome=outcome, considered_at=june, answer="No")
        assert to_consider(meeting) == [of_march, carried]
        assert to_consider(june) == [of_march, done, carried, of_june]
        assert to_consider(autumn) == [of_march, carried, of_june, later]

    def test_by_whoever_runs_the_meeting_alone(self, as_, june):
        answers = [as_(name).get(url(june)).status_code for name in ("alice", "carol", "bob", "eve")]
        assert answers == [200, 200, 403, 404]
        assert as_("bob").post(url(june), {"do": "said", "text": "I"}).status_code == 403

    def test_the_same_number_of_queries_for_1_and_40(self, as_, meeting, june):
        alice, numbers = as_("alice"), []
        for more in (1, 39):
            SuggestionFactory.create_batch(more, meeting=meeting)
            with CaptureQueriesContext(connection) as queries:
                assert f"Suggestion 1 of {Suggestion.objects.count()}. " in text_of(alice.get(url(june)))
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]


class TestAnswered:
    @pytest.fixture
    def suggestion(self, meeting) -> Suggestion:
        return SuggestionFactory(meeting=meeting, text="We could not hear")

    def test_agreed_is_somebodys_by_some_day(self, as_, june, suggestion, dara):
        agree(as_("alice"), june, suggestion, dara)
        assert standing(suggestion) == ("agreed", "A loop is set up", june.pk)
        action = Action.objects.get()
        assert (action.meeting, action.decided, action.owner, action.due_on) == (
            june,
            "A loop is set up",
            "Dara, Libraries NI",
            datetime.date(2026, 9, 1),
        )
        assert Entry.objects.filter(act="suggestion_answered").count() == 1
        # Typed in as it stands, should it have to be changed.
        page = as_("alice").get(url(june), {"suggestion": suggestion.pk}).content.decode()
        assert 'value="2026-09-01"' in page
        assert f'<option value="m{dara.pk}" selected>' in page

    def test_agreed_without_words_is_the_suggestion_itself(self, as_, june, suggestion, dara):
        agree(as_("alice"), june, suggestion, dara, answer=" ")
        assert (Action.objects.get().decided, standing(suggestion)[1]) == ("We could not hear", "")

    @pytest.mark.parametrize(
        ("form", "problems"),
        [
            ({}, ["Choose whether it is agreed, declined or carried over"]),
            ({"outcome": "raised"}, ["Select a valid choice"]),
            ({"outcome": "agreed"}, ["Choose who does it", "Choose by when"]),
            ({"outcome": "agreed", "owner": "m0", "due_on": "soon"}, ["Select a valid choice", "Type a day"]),
            ({"outcome": "declined", "answer": " \u200b\n "}, ["Say why it is declined"]),
            ({"outcome": "declined", "answer": "x" * 501}, ["Shorten the answer to 500 characters"]),
        ],
    )
    def test_needs_what_its_outcome_asks_for(self, as_, june, suggestion, form, problems):
        page = say(as_("alice"), june, suggestion, **form)
        assert (page.status_code, [problem in text_of(page) for problem in problems]) == (422, [True] * len(problems))
        assert form.get("answer", "") in page.content.decode()
        assert standing(suggestion) == ("raised", "", None)

    def test_an_owner_of_another_partnership_is_nobody_here(self, as_, june, suggestion):
        page = agree(as_("alice"), june, suggestion, MemberFactory())
        assert (page.status_code, Action.objects.count()) == (422, 0)

    def test_carried_over_comes_back_at_the_next_meeting(self, as_, june, suggestion):
        say(as_("alice"), june, suggestion, "carried")
        autumn = MeetingFactory(partnership=june.partnership, date=datetime.date(2026, 9, 2))
        assert "Suggestion 1 of 1. 0 still to answer We could not hear" in text_of(as_("alice").get(url(autumn)))
        say(as_("alice"), autumn, suggestion, "declined", answer="The loop cannot be mended")
        assert standing(suggestion) == ("declined", "The loop cannot be mended", autumn.pk)
        assert to_consider(june) == []

    def test_an_answer_can_be_changed_and_its_action_with_it(self, as_, june, suggestion, dara):
        alice = as_("alice")
        agree(alice, june, suggestion, dara)
        first = Action.objects.get()
        agree(alice, june, suggestion, dara, answer="Two loops", due_on="2026-10-01", owner=f"o{dara.organisation_id}")
        first.refresh_from_db()
        assert (first.decided, first.owner, first.due_on) == ("Two loops", "Libraries NI", datetime.date(2026, 10, 1))
        assert Action.objects.count() == 1
        say(alice, june, suggestion, "declined", answer="Too dear")
        assert (standing(suggestion), Action.objects.count()) == (("declined", "Too dear", june.pk), 0)

    def test_is_done_when_its_action_is(self, as_, june, suggestion, dara):
        agree(as_("alice"), june, suggestion, dara)
        assert "Agreed A loop is set up Considered on 3 June 2026. Dara, Libraries NI, by 1 September 2026." in text_of(
            as_("bob").get(LEDGER)
        )
        Action.objects.update(done_on=datetime.date(2026, 8, 30))
        assert (
            "Done A loop is set up Considered on 3 June 2026. Dara, Libraries NI, done on 30 August 2026."
            in text_of(as_("bob").get(LEDGER))
        )
        suggestion.refresh_from_db()
        assert (suggestion.is_done, suggestion.standing, str(suggestion)) == (True, "Done", "We could not hear")

    def test_its_action_cannot_be_taken_away_among_the_decisions(self, as_, june, suggestion, dara):
        agree(as_("alice"), june, suggestion, dara)
        address = reverse("partnerships:action", args=["growth", june.pk, Action.objects.get().pk])
        page = text_of(as_("alice").post(address, {"do": "remove"}, follow=True))
        assert "This answers a suggestion." in page
        assert Action.objects.count() == 1

    def test_one_that_is_gone_is_not_taken_for_the_next(self, as_, june, meeting, suggestion):
        gone = SuggestionFactory(meeting=meeting)
        form = {"do": "answer", "suggestion": gone.pk, "seen": "raised", "outcome": "declined", "answer": "No"}
        gone.delete()
        page = as_("alice").post(url(june), form, follow=True)
        assert "somebody else was faster. Nothing was changed." in text_of(page)
        assert standing(suggestion) == ("raised", "", None)

    def test_whoever_is_second_sees_the_answer_of_the_first(self, as_, june, suggestion):
        say(as_("carol"), june, suggestion, "carried", answer="In autumn")
        page = say(as_("alice"), june, suggestion, "declined", answer="No", seen="raised")
        assert "Somebody else has answered it meanwhile." in text_of(page)
        assert "In autumn</textarea>" in page.content.decode()
        assert standing(suggestion) == ("carried", "In autumn", june.pk)

    def test_with_long_words_the_action_has_room_for_a_comment(self, as_, june, meeting, dara):
        suggestion = SuggestionFactory(meeting=meeting, text="W" * 1000)
        agree(as_("alice"), june, suggestion, dara, answer="")
        assert Action.objects.get().decided == "W" * 500


class TestRaisedByMistake:
    def take_away(self, client, meeting: Meeting, suggestion: Suggestion):
        return client.post(url(meeting), {"do": "withdraw", "suggestion": suggestion.pk}, follow=True)

    def test_is_taken_away(self, as_, meeting):
        suggestion = SuggestionFactory(meeting=meeting)
        page = as_("alice").get(url(meeting))
        assert hidden(page.content, "suggestion") == str(suggestion.pk)
        assert "Raised by mistake" in text_of(page)
        assert "The suggestion is taken away." in text_of(self.take_away(as_("alice"), meeting, suggestion))
        assert not Suggestion.objects.exists()
        assert list(Entry.objects.values_list("act", flat=True)) == ["suggestion_withdrawn"]

    def test_and_can_be_raised_again(self, meeting, cast):
        for _ in range(2):
            assert raise_suggestion(meeting=meeting, text="Speak up", from_comment=False, by=cast.alice)
            withdraw(suggestion_id=Suggestion.objects.get().pk, by=cast.alice)

    def test_but_not_once_it_was_considered(self, as_, meeting, cast):
        suggestion = SuggestionFactory(meeting=meeting)
        say(as_("carol"), meeting, suggestion, "carried")
        assert "Raised by mistake" not in text_of(as_("alice").get(url(meeting)))
        assert "It was considered meanwhile, so it stays." in text_of(self.take_away(as_("alice"), meeting, suggestion))
        with pytest.raises(AnsweredAlready):
            withdraw(suggestion_id=suggestion.pk, by=cast.alice)

    def test_a_second_press_takes_nothing_else_away(self, as_, meeting):
        mistake, other = SuggestionFactory.create_batch(2, meeting=meeting)
        self.take_away(as_("alice"), meeting, mistake)
        page = self.take_away(as_("alice"), meeting, mistake)
        assert "somebody else was faster. Nothing was changed." in text_of(page)
        assert list(Suggestion.objects.all()) == [other]


class TestTheLedger:
    @pytest.fixture
    def four(self, as_, meeting, june, dara) -> None:
        """One of each: agreed and done, declined, carried over, raised."""
        each = [SuggestionFactory(meeting=meeting, text=text) for text in ("Louder", "Later", "Loop", "Lunch")]
        agree(as_("alice"), june, each[0], dara)
        Action.objects.update(done_on=datetime.date(2026, 8, 30))
        say(as_("alice"), june, each[1], "declined", answer="Buses")
        say(as_("alice"), june, each[2], "carried")
        SuggestionFactory(meeting=june, text="June", from_comment=True)
        SuggestionFactory(text="Of another partnership")

    def found(self, client, **query: str) -> list[str]:
        return [suggestion.text for suggestion in client.get(LEDGER, query).context["suggestions"]]

    def test_lists_all_the_latest_meetings_first(self, as_, four):
        page = as_("bob").get(LEDGER)
        assert self.found(as_("bob")) == ["June", "Louder", "Later", "Loop", "Lunch"]
        assert "5 suggestions June From a comment on the meeting of 3 June 2026. Not considered yet" in text_of(page)
        assert "Later Said at the meeting of 4 March 2026. Declined Buses Considered on 3 June 2026." in text_of(page)
        assert "Show all" not in text_of(page)

    @pytest.mark.parametrize(
        ("query", "texts"),
        [
            ({"state": "declined"}, ["Later"]),
            ({"state": "carried"}, ["Loop"]),
            ({"state": "raised"}, ["June", "Lunch"]),
            ({"state": "done"}, ["Louder"]),
            ({"q": "LO"}, ["Louder", "Loop"]),
            ({"q": "%"}, []),
            ({"state": "raised", "q": "lunch"}, ["Lunch"]),
            # What cannot be narrowed is shown whole.
            ({"state": "lost"}, ["June", "Louder", "Later", "Loop", "Lunch"]),
            ({"q": "\0"}, ["June", "Louder", "Later", "Loop", "Lunch"]),
        ],
    )
    def test_can_be_narrowed(self, as_, four, query, texts):
        assert self.found(as_("bob"), **query) == texts

    def test_says_when_nothing_fits_and_leads_back_to_all(self, as_, four):
        assert "No suggestion fits. Show all" in text_of(as_("bob").get(LEDGER, {"q": "zebra"}))

    def test_an_action_whose_day_was_taken_away(self, as_, four):
        Action.objects.update(due_on=None, done_on=None)
        assert "Considered on 3 June 2026. Dara, Libraries NI. Later" in text_of(as_("bob").get(LEDGER))

    def test_empty(self, as_, partnership):
        assert "No suggestion has been raised yet." in text_of(as_("bob").get(LEDGER))

    def test_is_the_partnerships_own(self, as_):
        PartnershipFactory(slug="elsewhere")
        assert [as_(name).get(LEDGER).status_code for name in ("bob", "alice", "carol", "eve")] == [200, 200, 200, 404]
        assert as_("bob").post(LEDGER).status_code == 405

    def test_the_same_number_of_queries_for_1_and_40(self, as_, meeting, june, dara):
        numbers = []
        for more in (1, 39):
            for each in SuggestionFactory.create_batch(more, meeting=meeting):
                action = Action.objects.create(meeting=june, member=dara, organisation=dara.organisation, decided="Yes")
                Suggestion.objects.filter(pk=each.pk).update(outcome="agreed", considered_at=june, action=action)
            with CaptureQueriesContext(connection) as queries:
                assert len(self.found(as_("bob"))) == Suggestion.objects.count()
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]
