import pytest

from feedback.templatetags.feedback_numbers import hundredth, percent, tenth


@pytest.mark.parametrize(("number", "shown"), [(2.675, "2.68"), (2, "2.00"), (1 / 3, "0.33"), (None, "–")])
def test_hundredths_halves_go_up(number, shown):
    assert hundredth(number) == shown


def test_tenths_and_percents():
    assert (tenth(17.95), percent(0.855), percent(None)) == ("18.0", "86%", "–")
