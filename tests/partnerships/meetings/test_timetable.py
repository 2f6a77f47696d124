"""What is worked out around an agenda: its times, its words in capitals, its question for reflection."""

from dataclasses import dataclass
from datetime import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.meetings.abbreviations import LONGEST_WORD, abbreviations
from partnerships.meetings.reflection import QUESTIONS, next_number, question
from partnerships.meetings.timetable import timetable
from partnerships.models import Meeting, Term
from partnerships.models.meetings import LAST_QUESTION
from tests.actors.editors import Editor, write
from tests.actors.phones import text_of
from tests.factories import MeetingFactory, PartnershipFactory


@dataclass(frozen=True)
class Item:
    minutes: int | None


def items(*minutes: int | None) -> list[Item]:
    return [Item(each) for each in minutes]


def clock(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment else "?"


def times(*minutes: int | None, start: time | None = time(11, 30)) -> list[str]:
    table = timetable(items(*minutes), start=start, minutes=None)
    return [f"{clock(row.begins)}-{clock(row.ends)}" for row in table.rows]


class TestTimes:
    def test_run_on_from_the_start(self):
        assert times(10, 45, 5) == ["11:30-11:40", "11:40-12:25", "12:25-12:30"]

    def test_are_not_known_after_an_item_without_minutes(self):
        assert times(10, None, 5) == ["11:30-11:40", "11:40-?", "?-?"]

    def test_are_not_known_without_a_start(self):
        assert times(10, 45, start=None) == ["?-?", "?-?"]

    def test_go_on_past_midnight(self):
        assert times(45, 30, start=time(23, 15)) == ["23:15-00:00", "00:00-00:30"]

    def test_an_item_of_no_minutes_takes_no_time(self):
        table = timetable(items(10, 0, None), start=time(9), minutes=None)
        assert [row.takes_time for row in table.rows] == [True, False, False]

    def test_midnight_is_a_time_like_any_other(self):
        assert times(10, start=time(0)) == ["00:00-00:10"]


class TestTheTotal:
    @pytest.mark.parametrize(("meeting", "over"), [(None, 0), (61, 0), (60, 0), (59, 1), (0, 60)])
    def test_says_by_how_much_the_items_exceed_the_meeting(self, meeting, over):
        assert timetable(items(20, 40), start=None, minutes=meeting).over == over

    def test_counts_the_items_that_nobody_has_timed(self):
        table = timetable(items(20, None, 0, None), start=None, minutes=30)
        assert (table.total, table.untimed, table.over) == (20, 2, 0)

    def test_of_nothing_is_nothing(self):
        table = timetable(items(), start=time(9), minutes=0)
        assert (table.rows, table.total, table.untimed, table.over) == ((), 0, 0, 0)


MINUTES = st.none() | st.integers(0, 600)
STARTS = st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


class TestWhateverTheItems:
    @given(st.lists(MINUTES), STARTS, st.none() | st.integers(0, 1440))
    def test_each_begins_when_the_one_before_ends(self, minutes, start, length):
        table = timetable(items(*minutes), start=start, minutes=length)
        assert [row.item for row in table.rows] == items(*minutes)
        assert [row.begins for row in table.rows[:1]] == [start][: len(minutes)]
        assert all(before.ends == after.begins for before, after in pairwise(table.rows))

    @given(st.lists(st.integers(0, 600), min_size=1), STARTS.filter(bool))
    def test_the_last_ends_when_all_minutes_have_gone_by(self, minutes, start):
        table = timetable(items(*minutes), start=start, minutes=None)
        ends = table.rows[-1].ends
        assert ends
        gone = (ends.hour - start.hour) * 60 + ends.minute - start.minute
        assert gone % 1440 == sum(minutes) % 1440 == table.total % 1440


class TestWordsInCapitals:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Minutes of the last meeting", []),
            ("Update from DAERA and the PHA", ["DAERA", "PHA"]),
            ("A.O.B.", ["A.O.B."]),
            ("H&SC budget", ["H&SC"]),
            ("DfC and DfI", ["DfC", "DfI"]),
            ("ODPs: an ODP for each theme", ["ODP"]),
            ("COVID-19", ["COVID"]),
            ("ÉIRE", ["ÉIRE"]),
            ("Part II of Volume XIV", []),
            ("A plan, I hope", []),
            ("4G in 2019", []),
            ("McDonald has a PhD", ["PhD"]),
            ("(SIB)/NICVA.", ["SIB", "NICVA"]),
            ("A" * LONGEST_WORD, ["A" * LONGEST_WORD]),
            ("A" * (LONGEST_WORD + 1), []),
        ],
    )
    def test_are_found(self, text, words):
        assert abbreviations([text]) == words

    def test_come_once_in_order_of_appearance(self):
        assert abbreviations(["PHA and SIB", "", "SIBs, NIHE, PHA"]) == ["PHA", "SIB", "NIHE"]

    @given(st.lists(st.text() | st.text("AB.&sf 1é_É-")))
    def test_each_is_found_in_itself_and_fits_its_place(self, texts):
        # The page sends each word back, and only what is such a word is kept.
        for word in abbreviations(texts):
            assert abbreviations([word]) == [word]
            assert 2 <= len(word) <= LONGEST_WORD


# "During co-production", of the framework that the questions come from.
DURING_CO_PRODUCTION = (
    "Are we assuming that people who are here are speaking for wider groups and is this justified?",
    "What is realistic and achievable within the (practical) constraints that we have? For example resources, "
    "timeframes and decision-making.",
    "Is everyone able to contribute to discussions? Who is quiet and who dominates? Can strategies be put in place to "
    "enable all members of the group to contribute?",
    "Is everyone asking questions and sharing their knowledge? Is everyone’s knowledge valued?",
    "Does any jargon or local context need explaining?",
    "Does anything need to happen to support the group to work for everyone?",
    "Are the times and places that we meet making our work accessible to everyone?",
)


class TestQuestionsForReflection:
    def test_are_the_frameworks_word_for_word(self):
        assert QUESTIONS == DURING_CO_PRODUCTION

    def test_are_as_many_as_a_meeting_may_name(self):
        assert len(QUESTIONS) == LAST_QUESTION

    def test_come_in_turn_and_then_again(self):
        asked = [next_number(None)]
        while len(asked) < 8:
            asked.append(next_number(asked[-1]))
        assert asked == [1, 2, 3, 4, 5, 6, 7, 1]
        assert tuple(question(number) for number in asked[:7]) == DURING_CO_PRODUCTION

    def test_where_none_is_asked_nothing_is_said(self):
        assert question(None) == ""


@pytest.fixture
def editor(as_, meeting) -> Editor:
    """Alice writes the agenda."""
    return Editor(as_("alice"), meeting)


@pytest.mark.django_db
class TestExplainingThem:
    @pytest.fixture(autouse=True)
    def _an_agenda_with_two(self, meeting):
        write(meeting, "Update from the PHA", "Budget", lead="SIB")

    def explained(self, editor: Editor) -> dict[str, str]:
        return dict(zip(editor.fields["word"], editor.fields["meaning"], strict=True))

    def test_each_in_a_title_or_a_lead_has_its_place(self, editor):
        assert self.explained(editor) == {"PHA": "", "SIB": ""}

    def test_an_agenda_without_any_has_none(self, editor, meeting):
        meeting.items.all().delete()
        assert "Words in capitals" not in editor.load().said

    def test_what_is_explained_is_printed_below_the_agenda(self, editor):
        editor.press("save", {"meaning": [" Public  Health Agency ", ""]})
        assert "What the letters mean PHA Public Health Agency" in editor.said
        assert [(str(term), term.meaning) for term in Term.objects.all()] == [("PHA", "Public Health Agency")]

    def test_and_below_every_other_of_this_partnership(self, as_, editor, partnership):
        editor.press("save", {"meaning": ["Public Health Agency", ""]})
        later = MeetingFactory(partnership=partnership)
        write(later, "The PHA’s answer, in short: A.O.B.")
        assert self.explained(Editor(editor.client, later)) == {"PHA": "Public Health Agency", "A.O.B.": ""}
        elsewhere = MeetingFactory(partnership=PartnershipFactory(area=partnership.area))
        write(elsewhere, "The PHA’s answer")
        assert self.explained(Editor(as_("carol"), elsewhere)) == {"PHA": ""}

    def test_it_can_be_explained_in_other_words_or_no_more(self, editor):
        editor.press("stay", {"meaning": ["Public Health", "Strategic Investment Board"]})
        editor.press("stay", {"meaning": ["Public Health Agency", ""]})
        assert self.explained(editor) == {"PHA": "Public Health Agency", "SIB": ""}
        assert Term.objects.count() == 1

    def test_too_many_words_are_told_and_kept(self, editor):
        editor.press("stay", {"meaning": ["x" * 201, "Strategic Investment Board"]})
        assert editor.status == 422
        assert "There is a problem Nothing is saved yet. Explain “PHA” in fewer words" in editor.said
        assert editor.leads_to("meaning-0")
        assert editor.kept == editor.sent
        assert not Term.objects.exists()

    def test_nothing_else_can_be_explained_and_that_as_text_alone(self, editor):
        words = {"word": ["<b>", "pha", "PHA SIB", "PHA", ""], "meaning": ["a", "b", "c", "<i>d</i>\0", "e"]}
        editor.press("stay", words | {"before": [""] * 5})
        assert list(Term.objects.values_list("word", "meaning")) == [("PHA", "<i>d</i>")]
        assert "<i>" not in editor.response.content.decode()

    def test_what_somebody_else_has_explained_meanwhile_stays(self, as_, editor, partnership):
        later = MeetingFactory(partnership=partnership)
        write(later, "The PHA’s answer")
        Editor(as_("carol"), later).press("save", {"meaning": ["Public Health Agency"]})
        editor.press("save", {"meaning": ["", "Strategic Investment Board"]})
        assert dict(Term.objects.values_list("word", "meaning")) == {
            "PHA": "Public Health Agency",
            "SIB": "Strategic Investment Board",
        }


@pytest.mark.django_db
class TestAskingOne:
    def asked(self, client, meeting) -> str:
        page = text_of(client.get(meeting.get_absolute_url()))
        _before, asks, after = page.partition("To talk about at the end: ")
        return after.partition(" Co-production framework:")[0] if asks else ""

    def test_at_the_end_of_the_agenda_where_the_minute_taker_wants_one(self, editor, meeting):
        editor.press("save", {"reflects": "on"})
        assert self.asked(editor.client, meeting) == DURING_CO_PRODUCTION[0]

    def test_otherwise_none(self, editor, meeting):
        assert self.asked(editor.client, meeting) == ""

    def test_saving_again_asks_the_same_one(self, editor, meeting):
        editor.press("stay", {"reflects": "on"}).press("save")
        assert self.asked(editor.client, meeting) == DURING_CO_PRODUCTION[0]

    def test_it_can_be_taken_away_again(self, editor, meeting):
        editor.press("stay", {"reflects": "on"}).press("save", {"reflects": []})
        assert self.asked(editor.client, meeting) == ""

    @pytest.mark.parametrize(("before", "now"), [(1, 2), (7, 1)])
    def test_the_one_after_that_of_the_last_meeting_that_had_one(self, editor, meeting, before, now):
        MeetingFactory(partnership=meeting.partnership, date="2026-01-01", reflection=before)
        MeetingFactory(partnership=meeting.partnership, date="2026-02-01")
        MeetingFactory(partnership=meeting.partnership, date="2026-05-01", reflection=5)
        MeetingFactory(date="2026-02-01", reflection=4)
        editor.press("save", {"reflects": "on"})
        assert self.asked(editor.client, meeting) == DURING_CO_PRODUCTION[now - 1]
        assert Meeting.objects.get(pk=meeting.pk).reflection == now
