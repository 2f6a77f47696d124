"""What members say each alone beside what the partnership says of itself; and apart from that the year's meetings."""

import itertools
import random
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.models import Round
from feedback.scores.collation import Counts, Tabulation, add, hide_small, tabulate
from feedback.scores.gap import STATEMENTS_FOR, Said, gaps, speaking
from feedback.scores.instruments import MEETING_FEEDBACK, MEMBERS, TOGETHER
from feedback.templatetags.feedback_numbers import difference_in_words
from partnerships.models import Year
from tests.actors.phones import STATEMENTS, open_, text_of
from tests.factories import MeetingFactory
from tests.feedback.rounds.test_printing import read
from tests.helpers.years import COMMITMENTS, NUMBER, STEPS, assessed, met, page, prepare, together

OPTIONS = {option.key: option for option in TOGETHER.scale}
NOTHING = Said(None, {})
EIGHT = TOGETHER.statements[:8]

tallies = st.fixed_dictionaries(dict.fromkeys(("yes", "ni", "no"), st.integers(0, 12)))


def members_of(**of: tuple[int, int, int]) -> Tabulation:
    """How many members said yes, needs improvement, no; what is left out is hidden."""
    tallies = {key: dict(zip(("yes", "ni", "no"), each, strict=True)) for key, each in of.items()}
    return tabulate(Counts(12, tallies), MEMBERS)


def ours(**answers: str) -> dict:
    return {key: OPTIONS[answer] for key, answer in answers.items()}


def meetings_of(**of: tuple[int, int, int]) -> Tabulation:
    tallies = {key: dict(zip(("yes", "ni", "no"), each, strict=True)) for key, each in of.items()}
    return tabulate(Counts(12, tallies), MEETING_FEEDBACK)


@st.composite
def said(draw) -> Said:
    """Anything that a year may hold: each statement hidden, unanswered or answered, by either side."""
    known = draw(st.dictionaries(st.sampled_from(COMMITMENTS), tallies))
    table = draw(st.sampled_from([None, tabulate(Counts(36, known), MEMBERS)]))
    answers = draw(st.dictionaries(st.sampled_from([*COMMITMENTS, *STEPS]), st.sampled_from([*OPTIONS])))
    return Said(table, ours(**answers))


class TestTheGap:
    def test_by_example(self):
        this = Said(
            members_of(trust=(0, 6, 6), respect=(12, 0, 0), engagement=(3, 6, 3)),
            ours(trust="yes", respect="ni", honesty="no"),
        )
        last = Said(members_of(trust=(6, 6, 0)), ours(trust="ni", respect="yes"))
        assert [
            (each.statement.key, each.members, each.ours and each.ours.key, each.difference)
            for each in gaps(TOGETHER, this, last)
        ] == [
            ("trust", Fraction(3, 2), "yes", Fraction(3, 2)),
            ("respect", 3, "ni", -1),
            ("honesty", None, "no", None),
            ("engagement", 2, None, None),
        ]

    def test_last_year_stands_beside_it(self):
        last = Said(members_of(trust=(6, 6, 0)), ours(trust="ni"))
        (gap,) = gaps(TOGETHER, Said(None, ours(trust="yes")), last)
        assert (gap.members_before, gap.ours_before) == (Fraction(5, 2), OPTIONS["ni"])

    def test_what_only_last_year_spoke_of_is_no_line_of_this(self):
        assert gaps(TOGETHER, NOTHING, Said(members_of(trust=(6, 6, 0)), ours(trust="ni"))) == []

    def test_a_statement_that_nobody_answered_or_that_is_hidden_has_no_average(self):
        this = Said(members_of(trust=(0, 0, 0)), ours(trust="yes", respect="no"))
        assert [(each.members, each.difference) for each in gaps(TOGETHER, this, NOTHING)] == [(None, None)] * 2

    @given(this=said(), last=said())
    def test_the_largest_differences_come_first_whichever_way_they_go(self, this, last):
        known = [abs(each.difference) for each in gaps(TOGETHER, this, last) if each.difference is not None]
        assert known == sorted(known, reverse=True)

    @given(this=said(), last=said())
    def test_unknown_ones_come_last_and_in_the_charters_order(self, this, last):
        found = gaps(TOGETHER, this, last)
        are_known = [each.difference is not None for each in found]
        assert are_known == sorted(are_known, reverse=True)
        order = [each.key for each in TOGETHER.statements]
        places = [order.index(each.statement.key) for each in found if each.difference is None]
        assert places == sorted(places)

    @given(this=said(), last=said())
    def test_equal_differences_keep_the_charters_order(self, this, last):
        order = [each.key for each in TOGETHER.statements]
        found = [each for each in gaps(TOGETHER, this, last) if each.difference is not None]
        for one, next_ in itertools.pairwise(found):
            if abs(one.difference or 0) == abs(next_.difference or 0):
                assert order.index(one.statement.key) < order.index(next_.statement.key)

    @given(this=said(), last=said())
    def test_holds_every_statement_of_which_either_side_said_anything_once(self, this, last):
        found = [each.statement.key for each in gaps(TOGETHER, this, last)]
        averages = {row.statement.key for row in this.members.rows if row.average} if this.members else set()
        assert sorted(found) == sorted(averages | set(this.ours))

    @given(this=said(), last=said(), other=said())
    def test_last_year_never_changes_this_years_order_nor_figures(self, this, last, other):
        def lines(before: Said) -> list[tuple]:
            return [(each.statement, each.members, each.ours) for each in gaps(TOGETHER, this, before)]

        assert lines(last) == lines(other)

    @given(this=said(), last=said())
    def test_no_difference_is_larger_than_the_scale(self, this, last):
        for each in gaps(TOGETHER, this, last):
            assert each.difference is None or -2 <= each.difference <= 2

    @pytest.mark.parametrize(
        ("tally", "answer", "words"),
        [
            ((6, 0, 0), "yes", "the same"),
            ((0, 0, 6), "yes", "members 2.00 lower"),
            ((6, 0, 0), "no", "members 2.00 higher"),
            ((5, 1, 0), "yes", "members 0.17 lower"),
            ((999, 1, 0), "yes", "the same"),
        ],
    )
    def test_in_words_it_is_what_the_rounded_figures_say(self, tally, answer, words):
        table = tabulate(Counts(1000, {"trust": dict(zip(("yes", "ni", "no"), tally, strict=True))}), MEMBERS)
        (gap,) = gaps(TOGETHER, Said(table, ours(trust=answer)), NOTHING)
        assert difference_in_words(gap) == words

    def test_in_words_it_is_a_dash_where_a_side_is_missing(self):
        (gap,) = gaps(TOGETHER, Said(None, ours(trust="yes")), NOTHING)
        assert difference_in_words(gap) == "–"


class TestSpeaking:
    def test_each_commitment_has_the_statements_that_speak_to_it(self):
        found = speaking(EIGHT, meetings_of(**dict.fromkeys(STATEMENTS, (6, 0, 0))), None)
        lines = [(each.commitment and each.commitment.key, each.row and each.row.statement.key) for each in found]
        assert lines == [
            ("teamwork", "together"),
            ("teamwork", "decisions"),
            ("openness", "frank"),
            ("genuine", "agenda"),
            ("genuine", "frank"),
            ("equitable", None),
            ("trust", "together"),
            ("trust", "respect"),
            ("honesty", "frank"),
            ("engagement", None),
            ("respect", "respect"),
            (None, "achieving"),
            (None, "charter"),
        ]

    def test_knows_every_commitment_and_names_statements_that_there_are(self):
        assert list(STATEMENTS_FOR) == [each.key for each in EIGHT] == list(COMMITMENTS)
        assert {key for keys in STATEMENTS_FOR.values() for key in keys} <= set(STATEMENTS)

    def test_every_statement_about_meetings_stands_somewhere(self):
        found = speaking(EIGHT, meetings_of(**dict.fromkeys(STATEMENTS, (6, 0, 0))), None)
        assert {each.row.statement.key for each in found if each.row} == set(STATEMENTS)

    def test_last_years_average_stands_beside_it(self):
        this, last = (meetings_of(frank=each) for each in ((6, 6, 0), (0, 6, 6)))
        found = [(each.row, each.before) for each in speaking(EIGHT, this, last)]
        pairs = {(row.average, before) for row, before in found if row and row.statement.key == "frank"}
        assert pairs == {(Fraction(5, 2), Fraction(3, 2))}
        assert {each.before for each in speaking(EIGHT, this, None)} == {None}

    @given(this=st.dictionaries(st.sampled_from(STATEMENTS), tallies), year=said(), last=said())
    def test_no_number_of_the_meetings_enters_the_gap(self, this, year, last):
        before = gaps(TOGETHER, year, last)
        speaking(EIGHT, tabulate(Counts(36, this), MEETING_FEEDBACK), None)
        assert gaps(TOGETHER, year, last) == before
        rows = {each.row for each in speaking(EIGHT, tabulate(Counts(36, this), MEETING_FEEDBACK), None) if each.row}
        assert {row.statement.key for row in rows} <= set(STATEMENTS)


@st.composite
def tables(draw) -> Counts:
    """One meeting's counts, with the statements hidden that fewer than five answered."""
    counts = Counts(36, {key: draw(tallies) for key in STATEMENTS})
    return hide_small(counts, 5)


class TestSums:
    """collation.add: a year's meetings as one table."""

    def test_by_example(self):
        one = Counts(6, {"together": {"yes": 3, "ni": 2, "no": 1}, "agenda": {"yes": 5, "ni": 0, "no": 0}})
        other = Counts(8, {"together": {"yes": 1, "ni": 0, "no": 6}})
        summed = add([one, other])
        assert (summed.slips, dict(summed.slips_of)) == (14, {"together": 14, "agenda": 6})
        assert {key: dict(tally) for key, tally in summed.tallies.items()} == {
            "together": {"yes": 4, "ni": 2, "no": 7},
            "agenda": {"yes": 5, "ni": 0, "no": 0},
        }
        first, second, *hidden = tabulate(summed, MEETING_FEEDBACK).rows
        assert (first.answered, first.blank, first.average) == (13, 1, Fraction(23, 13))
        assert (second.answered, second.blank, second.average) == (5, 1, 3)
        assert [row.hidden for row in hidden] == [True] * 5

    @given(parts=st.lists(tables(), max_size=5))
    def test_every_count_is_the_sum_of_its_parts(self, parts):
        summed = add(parts)
        for key in STATEMENTS:
            shown = [part.tallies[key] for part in parts if key in part.tallies]
            assert (key in summed.tallies) == bool(shown)
            for option in OPTIONS:
                assert summed.tallies.get(key, {}).get(option, 0) == sum(tally[option] for tally in shown)

    @given(parts=st.lists(tables(), max_size=5))
    def test_where_a_table_hides_a_statement_its_slips_are_left_out_too(self, parts):
        table = tabulate(add(parts), MEETING_FEEDBACK)
        assert table.slips == sum(part.slips for part in parts)
        for row in table.rows:
            shown = [part for part in parts if row.statement.key in part.tallies]
            if shown:
                assert row.answered + (row.blank or 0) == sum(part.slips for part in shown)

    @given(parts=st.lists(tables(), max_size=5), seed=st.integers())
    def test_the_order_does_not_matter(self, parts, seed):
        shuffled = random.Random(seed).sample(parts, len(parts))
        assert tabulate(add(shuffled), MEETING_FEEDBACK) == tabulate(add(parts), MEETING_FEEDBACK)

    @given(parts=st.lists(tables(), min_size=1, max_size=5), place=st.integers(1, 5))
    def test_sums_can_be_summed(self, parts, place):
        in_two = add([add(parts[:place]), add(parts[place:])])
        assert tabulate(in_two, MEETING_FEEDBACK) == tabulate(add(parts), MEETING_FEEDBACK)

    @given(part=tables())
    def test_of_one_table_it_is_that_table(self, part):
        assert tabulate(add([part]), MEETING_FEEDBACK) == tabulate(part, MEETING_FEEDBACK)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def bob(as_):
    return as_("bob")


def rows_of(response, label: str) -> list[list[str]]:
    """Of the table with this label, cell by cell."""
    part = response.content.decode().partition(f'aria-label="{label}"')[2].partition("</table>")[0]
    body = part.partition("<tbody")[2]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return [[" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", cell, flags=re.S).split()) for cell in row] for row in cells]


@pytest.mark.django_db
class TestThePage:
    def test_sets_both_sides_beside_each_other_and_beside_last_year(self, bob, partnership):
        of = dict.fromkeys(COMMITMENTS, (6, 0, 0)) | {"trust": (0, 0, 6), "respect": (0, 6, 0)}
        assessed(partnership, of)
        assessed(partnership, (0, 6, 0), number=NUMBER - 1)
        together(partnership, trust="yes", respect="yes", honesty="yes")
        together(partnership, number=NUMBER - 1, trust="ni")
        found = rows_of(bob.get(page("gap")), "Commitment")
        assert found[:4] == [
            [CHARTERS["trust"], "", "members 2.00 lower", "1.00", "Yes (3)", "2.00", "Needs Improvement (2)"],
            [CHARTERS["respect"], "", "members 1.00 lower", "2.00", "Yes (3)", "2.00", "–"],
            [CHARTERS["honesty"], "", "the same", "3.00", "Yes (3)", "2.00", "–"],
            [CHARTERS["teamwork"], "", "–", "3.00", "–", "2.00", "–"],
        ]
        assert len(found) == 8

    def test_each_picture_says_in_a_sentence_what_it_shows(self, bob, partnership):
        assessed(partnership, (3, 3, 0))
        together(partnership, trust="no")
        titles = re.findall(r"<title>([^<]*)</title>", bob.get(page("gap")).content.decode())
        assert f"{CHARTERS['trust']}: members 2.50, the partnership No" in titles
        assert f"{CHARTERS['honesty']}: members 2.50, the partnership left open" in titles

    def test_the_steps_stand_apart_where_anybody_was_asked(self, bob, partnership):
        assessed(partnership, (6, 0, 0), instrument="charter-1-members-steps")
        response = bob.get(page("gap"))
        assert (len(rows_of(response, "Commitment")), len(rows_of(response, "Step"))) == (8, 12)

    def test_nor_are_they_shown_where_nobody_was(self, bob, partnership):
        assessed(partnership)
        assert "The twelve steps" not in text_of(bob.get(page("gap")))

    def test_the_partnerships_notes_stand_under_their_commitments(self, bob, partnership):
        together(partnership, trust="yes", notes={"trust": "We <b>kept</b> our word", "respect": "Always"})
        page_ = bob.get(page("gap")).content.decode()
        assert "We &lt;b&gt;kept&lt;/b&gt; our word" in page_
        notes = text_of(bob.get(page("gap"))).partition("The partnership’s notes")[2]
        assert notes.index(CHARTERS["trust"]) < notes.index("We <b>kept") < notes.index("Always")

    def test_too_few_slips_show_the_partnerships_own_answer_alone(self, bob, partnership):
        assessed(partnership, slips=4)
        together(partnership, trust="yes")
        for words in (text_of(bob.get(page("gap"))), read(bob.get(page("gap_pdf")).content)):
            assert (
                "4 members answered: too few to show without giving someone away. "
                "Here is the partnership’s own answer alone." in words
            )
            assert "lower" not in words
            assert "filled disc" not in words
        assert rows_of(bob.get(page("gap")), "Commitment") == [[CHARTERS["trust"], "–", "Yes (3)", "–", "–"]]

    def test_one_slip_is_said_in_the_singular(self, bob, partnership):
        assessed(partnership, slips=1)
        assert "1 member answered: too few to show" in text_of(bob.get(page("gap")))

    def test_a_statement_that_too_few_answered_shows_nothing_of_the_members(self, bob, partnership):
        assessed(partnership, {key: (6, 0, 0) for key in COMMITMENTS if key != "trust"})
        together(partnership, trust="yes")
        (line,) = [row for row in rows_of(bob.get(page("gap")), "Commitment") if row[0] == CHARTERS["trust"]]
        assert (
            line[-5:] == ["–", "–", "Yes (3)", "–", "–"] if len(line) == 6 else line[1:] == ["–", "Yes (3)", "–", "–"]
        )

    def test_last_years_too_few_are_not_shown_beside_it_either(self, bob, partnership):
        assessed(partnership, slips=4, number=NUMBER - 1)
        assessed(partnership)
        assert {row[-2] for row in rows_of(bob.get(page("gap")), "Commitment")} == {"–"}

    def test_while_the_round_runs_nothing_of_it_is_shown(self, as_, bob, partnership):
        open_(prepare(as_("alice")))
        words = text_of(bob.get(page("gap")))
        assert "The members’ table is not made yet." in words
        assert "Go on with it" not in words
        assert f'href="{page("year_desk")}"' in as_("alice").get(page("gap")).content.decode()

    def test_a_round_that_ended_without_a_table_is_told(self, as_, bob, time_machine):
        open_(prepare(as_("alice")))
        Round.objects.update(stage="ended")
        words = text_of(bob.get(page("gap")))
        assert "Nobody made the members’ table in time, so there is none for this year." in words
        assert "not made yet" not in words

    def test_of_an_empty_year_says_what_is_missing_and_leads_whoever_may_there(self, as_, bob):
        words = text_of(bob.get(page("gap")))
        assert "Members were not asked about this year yet." in words
        assert "The partnership has not filled in its own answers yet." in words
        assert "No meeting of this year has a table." in words
        assert page("prepare") not in bob.get(page("gap")).content.decode()
        alice = as_("alice").get(page("gap")).content.decode()
        assert f'href="{page("prepare")}"' in alice
        assert f'href="{page("together")}"' in alice

    def test_writes_nothing_down(self, bob):
        bob.get(page("gap"))
        bob.get(page("gap_pdf"))
        assert (Year.objects.count(), Round.objects.count()) == (0, 0)

    def test_the_same_number_of_queries_for_1_and_for_3_meetings(self, bob, partnership, django_assert_num_queries):
        assessed(partnership)
        together(partnership, trust="yes")
        bob.get(page("gap"))
        for dates in (["2025-05-01"], ["2025-06-01", "2024-07-01"]):
            for date in dates:
                met(partnership, date)
            with django_assert_num_queries(9):
                bob.get(page("gap"))


@pytest.mark.django_db
class TestTheMeetings:
    def test_are_summed_and_stand_apart(self, bob, partnership):
        assessed(partnership, (0, 6, 0))
        met(partnership, "2025-05-01", (6, 0, 0))
        met(partnership, "2025-06-01", (0, 0, 6))
        met(partnership, "2025-03-31", (0, 6, 0))
        response = bob.get(page("gap"))
        assert "What people said at the end of 2 meetings, summed" in text_of(response)
        assert "they are not added to the figures above" in text_of(response)
        lines = rows_of(response, "Meetings of the year")
        assert {tuple(line[-2:]) for line in lines} == {("2.00", "2.00"), ("–", "–")}
        assert [line[0] for line in lines if line[-1] == "–"] == [CHARTERS["equitable"], CHARTERS["engagement"]]
        assert {row[-4] for row in rows_of(response, "Commitment")} == {"2.00"}

    def test_with_too_few_slips_are_in_no_sum(self, bob, partnership):
        met(partnership, "2025-05-01", (6, 0, 0))
        met(partnership, "2025-06-01", slips=4)
        words = text_of(bob.get(page("gap")))
        assert "What people said at the end of 1 meeting," in words
        assert "1 meeting had too few slips to show and is in no sum." in words

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (1, "1 meeting of this year was scored, with too few slips to show."),
            (2, "2 meetings of this year were scored, each with too few slips to show."),
        ],
    )
    def test_of_which_none_has_figures_show_none(self, bob, partnership, number, words):
        for month in range(1, number + 1):
            met(partnership, f"2026-0{month}-01", slips=4)
        assert words in text_of(bob.get(page("gap")))
        assert rows_of(bob.get(page("gap")), "Meetings of the year") == []

    def test_a_statement_hidden_at_one_is_summed_over_the_others(self, bob, partnership):
        met(partnership, "2025-05-01", {"together": (6, 0, 0), "frank": (6, 0, 0)})
        met(partnership, "2025-06-01", {"together": (0, 0, 6)})
        averages = {line[1]: line[2] for line in rows_of(bob.get(page("gap")), "Meetings of the year")}
        assert averages["We are working well together"] == "2.00"
        assert averages["We are being frank and open about issues"] == "3.00"
        assert averages["We are sticking to our agenda"] == "–"

    def test_called_off_planned_and_foreign_ones_are_not_counted(self, bob, partnership):
        met(partnership, "2025-05-01")
        MeetingFactory(partnership=partnership)
        met(Year.objects.written(MeetingFactory().partnership, NUMBER).partnership, "2025-07-01")
        assert "What people said at the end of 1 meeting," in text_of(bob.get(page("gap")))


@pytest.mark.django_db
class TestThePdf:
    def test_says_what_the_page_says(self, bob, partnership):
        assessed(partnership, (0, 0, 6))
        together(partnership, trust="yes", notes={"trust": "We <b>kept</b> our word"})
        met(partnership, "2025-05-01")
        response = bob.get(page("gap_pdf"))
        assert (
            response.headers["Content-Disposition"]
            == 'inline; filename="strategic-growth-partnership-2025-assessment.pdf"'
        )
        words = read(response.content)
        assert "Year 2025/26: members and partnership, side by side" in words
        assert "members 2.00 lower" in words
        assert "We <b>kept</b> our word" in words
        assert "What people said at the end of 1 meeting" in words
        assert "Their table" not in words

    def test_of_a_demonstration_says_so(self, bob, partnership):
        words = "Demonstration: scores, adoptions and people are invented"
        assert words not in read(bob.get(page("gap_pdf")).content)
        partnership.area.is_demonstration = True
        partnership.area.save()
        assert words in read(bob.get(page("gap_pdf")).content)


CHARTERS = {each.key: each.text for each in TOGETHER.statements}
