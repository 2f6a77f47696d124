"""What is said of a change, in words; and that it is kept as it was said."""

from datetime import date

import pytest

from feedback.scores.verdicts import REASONS, Verdict
from feedback.scores.xmr import NEEDED

DAY = date(2025, 3, 4)
BETTER = Verdict(12, "trend", 1, DAY)
WORSE = Verdict(12, "outside", -1, DAY)
USUAL = Verdict(12)
EARLY = Verdict(6)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (BETTER, "Real improvement since 4 March 2025"),
        (WORSE, "Real drop since 4 March 2025"),
        (USUAL, "No real change: the ups and downs are what is usual here"),
        (EARLY, "Too soon to tell: 6 of 10 meetings"),
        (Verdict(0), "Too soon to tell: 0 of 10 meetings"),
        (Verdict(9), "Too soon to tell: 9 of 10 meetings"),
        (Verdict(10), "No real change: the ups and downs are what is usual here"),
    ],
)
def test_each_is_said_in_words(verdict, words):
    assert verdict.words == words


@pytest.mark.parametrize(
    ("verdict", "known", "real", "drop"),
    [
        (BETTER, True, True, False),
        (WORSE, True, True, True),
        (USUAL, True, False, False),
        (EARLY, False, False, False),
    ],
)
def test_what_it_means(verdict, known, real, drop):
    assert (verdict.is_known, verdict.is_real, verdict.is_drop) == (known, real, drop)


def test_before_ten_meetings_nothing_is_real():
    early = Verdict(NEEDED - 1, "outside", -1, DAY)
    assert (early.is_real, early.is_drop, early.reason) == (False, False, "")
    assert early.words == "Too soon to tell: 9 of 10 meetings"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("outside", "outside the limits of what is usual"),
        ("trend", "one of seven or more meetings running that go the same way"),
        ("two_in_three", "one of two in three meetings running that come close to the same limit"),
        ("shift", "one of seven or more meetings running on the same side of the average"),
    ],
)
def test_the_reason_is_the_rule_that_says_so(cause, reason):
    assert Verdict(12, cause, 1, DAY).reason == reason
    assert len(REASONS) == 4


def test_without_a_change_there_is_no_reason():
    assert (USUAL.reason, EARLY.reason) == ("", "")


@pytest.mark.parametrize("verdict", [BETTER, WORSE, USUAL, EARLY, Verdict(0)])
def test_is_kept_and_read_back(verdict):
    assert Verdict.of_kept(verdict.as_kept()) == verdict


def test_is_kept_as_what_any_database_holds():
    assert BETTER.as_kept() == [12, "trend", 1, "2025-03-04"]
    assert USUAL.as_kept() == [12, None, 0, None]
