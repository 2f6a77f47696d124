"""The specification of the maths. The example is the Guide's table, filled in by six people."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.scores.collation import Counts, count, hide_small, tabulate
from feedback.scores.instruments import MEETING_FEEDBACK, Instrument, OpenQuestion, Option, PaperWords, Statement

Y, I, N = "yes", "ni", "no"  # noqa: E741  (as people write it on paper)
KEYS = [statement.key for statement in MEETING_FEEDBACK.statements]


def slip(*letters: str) -> dict[str, str]:
    """One answer a statement, in order; "" is a blank."""
    return {key: letter for key, letter in zip(KEYS, letters, strict=True) if letter}


SIX = [
    slip(Y, Y, Y, I, Y, I, I),
    slip(Y, I, Y, I, I, I, I),
    slip(Y, N, Y, N, I, "", Y),
    slip(I, N, Y, I, N, N, ""),
    slip(Y, I, Y, Y, Y, I, I),
    slip(I, N, I, "", I, "", I),
]


def test_the_guides_table_filled_in_by_six():
    table = tabulate(count(SIX, MEETING_FEEDBACK), MEETING_FEEDBACK)
    assert [
        (row.statement.text, *(tally.count for tally in row.tallies), row.blank, row.points, row.average)
        for row in table.rows
    ] == [
        ("We are working well together", 4, 2, 0, 0, 16, Fraction(16, 6)),
        ("We are sticking to our agenda", 1, 2, 3, 0, 10, Fraction(10, 6)),
        ("People are being respectful of one another", 5, 1, 0, 0, 17, Fraction(17, 6)),
        ("We take and implement decisions", 1, 3, 1, 1, 10, Fraction(10, 5)),
        ("We are being frank and open about issues", 2, 3, 1, 0, 13, Fraction(13, 6)),
        ("We are gradually achieving what we set out to do", 0, 3, 1, 2, 7, Fraction(7, 4)),
        ("Overall, we are implementing our TOGETHER Charter", 1, 4, 0, 1, 11, Fraction(11, 5)),
    ]
    assert [tally.count for tally in table.tallies] == [14, 18, 6]
    assert (table.slips, table.answered, table.blank) == (6, 38, 4)
    assert (table.points, table.most_points) == (84, 3 * 38)
    assert table.share == Fraction(84, 114)
    assert table.average_total == Fraction(16 + 10 + 17 + 13, 6) + 2 + Fraction(7, 4) + Fraction(11, 5)
    assert table.most_total == 21


def test_a_statement_nobody_answered_has_no_average_and_the_table_no_average_total():
    table = tabulate(count([slip(Y, Y, Y, Y, Y, Y, "")] * 5, MEETING_FEEDBACK), MEETING_FEEDBACK)
    last = table.rows[-1]
    assert (last.answered, last.blank, last.points, last.average, last.share) == (0, 5, 0, None, None)
    assert (table.points, table.most_points, table.average_total) == (90, 90, None)


def test_one_slip():
    table = tabulate(count([slip(Y, I, N, Y, I, N, Y)], MEETING_FEEDBACK), MEETING_FEEDBACK)
    assert (table.slips, table.points, table.average_total) == (1, 15, 15)


def test_no_slip_at_all():
    table = tabulate(count([], MEETING_FEEDBACK), MEETING_FEEDBACK)
    assert (table.slips, table.points, table.share, table.average_total) == (0, 0, None, None)


def test_the_total_of_one_full_slip_is_7_to_21_and_a_slip_with_a_blank_has_none():
    assert MEETING_FEEDBACK.total_of(slip(*[N] * 7)) == 7
    assert MEETING_FEEDBACK.total_of(slip(*[Y] * 7)) == 21
    assert MEETING_FEEDBACK.total_of(slip(Y, Y, Y, Y, Y, Y, "")) is None


def test_a_statement_that_too_few_answered_is_hidden_and_left_out_of_every_sum():
    counts = hide_small(count(SIX, MEETING_FEEDBACK), threshold=5)
    table = tabulate(counts, MEETING_FEEDBACK)
    hidden = table.rows[5]
    assert hidden.hidden
    assert (hidden.tallies, hidden.blank, hidden.points, hidden.average) == ((), None, 0, None)
    assert "achieving" not in counts.tallies
    assert [tally.count for tally in table.tallies] == [14, 15, 5]
    assert (table.answered, table.blank, table.points, table.most_points) == (34, 2, 77, 102)
    assert table.average_total is None
    assert table.hides_rows


def test_answers_the_instrument_does_not_have_are_not_counted():
    table = tabulate(count([{"together": "perhaps", "weather": "yes"}], MEETING_FEEDBACK), MEETING_FEEDBACK)
    assert (table.slips, table.answered, table.blank) == (1, 0, 7)


def test_more_answers_than_slips_are_refused():
    with pytest.raises(ValueError, match="together: 3 answers on 2 slips"):
        tabulate(Counts(2, {"together": {"yes": 3}}), MEETING_FEEDBACK)


def test_a_scale_of_1_to_5_goes_the_same_way():
    five = Instrument(
        slug="five",
        title="",
        source="",
        scale=tuple(Option(str(n), str(n), str(n), n) for n in range(1, 6)),
        statements=(Statement("a", "A"), Statement("b", "B")),
        questions=(OpenQuestion("c", "C", 10),),
        paper=PaperWords("", "", "", ""),
    )
    table = tabulate(count([{"a": "5", "b": "4"}, {"a": "2"}], five), five)
    assert [(row.points, row.most_points, row.average) for row in table.rows] == [(7, 10, Fraction(7, 2)), (4, 5, 4)]
    assert (table.average_total, table.most_total) == (Fraction(15, 2), 10)


slips = st.lists(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([Y, I, N])), max_size=40)


@given(slips, st.randoms(use_true_random=False))
def test_sums_agree_however_the_slips_are_ordered(said, chance: random.Random):
    shuffled = chance.sample(said, len(said))
    assert count(shuffled, MEETING_FEEDBACK) == count(said, MEETING_FEEDBACK)


@given(slips, st.integers(min_value=3, max_value=5))
def test_shown_rows_sum_up_to_the_totals(said, threshold):
    table = tabulate(hide_small(count(said, MEETING_FEEDBACK), threshold), MEETING_FEEDBACK)
    shown = [row for row in table.rows if not row.hidden]
    assert all(row.answered >= threshold for row in shown)
    assert table.points == sum(
        {Y: 3, I: 2, N: 1}[s[row.statement.key]] for s in said for row in shown if row.statement.key in s
    )
    assert table.answered + table.blank == len(shown) * table.slips
    assert all(1 <= row.average <= 3 for row in shown if row.average is not None)
