from fractions import Fraction

import pytest

from feedback.templatetags.feedback_numbers import hundredth, percent, tenth


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(107, 40), "2.68"),
        (Fraction(607, 40), "15.18"),
        (Fraction(2), "2.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (None, "–"),
    ],
)
def test_hundredths_halves_go_up(number, shown):
    assert hundredth(number) == shown


def test_tenths_and_percents_too():
    assert tenth(Fraction(301, 20)) == "15.1"
    assert percent(Fraction(483, 840)) == "58%"
    assert percent(None) == "–"
