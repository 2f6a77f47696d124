"""The XmR chart: mean, limits and what is special, by examples worked out by hand and by what holds for every series.

The rules are those of NHS England's Making Data Count, as the public package NHSRplotthedots applies them.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback.scores.xmr import Point, Xmr, since, xmr

# Whole numbers: sums and differences are exact, so no rounding decides which range is left out.
WHOLE = st.integers(-1000, 1000)
SERIES = st.lists(WHOLE, min_size=1, max_size=40)
# Six noisy values on both sides of what follows: wide limits, and no run.
NOISE = [6, 0, 6, 0, 6]
SMALL_NOISE = [0, 1] * 6


def causes(values) -> list[str | None]:
    return [point.cause for point in xmr(values).points]


def marks(values) -> list[tuple[str | None, int]]:
    return [(point.cause, point.direction) for point in xmr(values).points]


def limits(values) -> tuple[float, float, float]:
    found = xmr(values)
    return found.lower, found.mean, found.upper


NOTHING = (None, 0)


class TestMeanAndLimits:
    def test_lie_2_66_average_moving_ranges_from_the_mean(self):
        # mean 3; ranges 2, 2, 2: their average is 2; 2.66 x 2 = 5.32.
        assert limits([2, 4, 2, 4]) == pytest.approx((3 - 5.32, 3, 3 + 5.32))

    def test_a_moving_range_that_is_too_large_is_left_out(self):
        # Ten ranges of 1 and one of 12: average 2, and 12 is more than 6.534. Without it the average is 1.
        assert limits([0, 1] * 5 + [0, 12]) == pytest.approx((17 / 12 - 2.66, 17 / 12, 17 / 12 + 2.66))

    def test_but_once_only(self):
        # Ten ranges of 1, one of 5, one of 24: average 3.25, and 24 is more than 10.6. Without it the average is
        # 15 / 11 = 1.364, of which 5 is more than 3.267 times; it stays all the same.
        assert limits([0, 1] * 5 + [0, 5, 29]) == pytest.approx((3 - 2.66 * 15 / 11, 3, 3 + 2.66 * 15 / 11))

    def test_one_of_exactly_3_267_times_the_average_is_left_out(self):
        # Ranges 733, 733, 733, 9801: average 3000, and 3.267 x 3000 = 9801.
        assert limits([0, 733, 0, 733, 10534]) == pytest.approx((2400 - 2.66 * 733, 2400, 2400 + 2.66 * 733))

    def test_one_a_little_smaller_is_not(self):
        # Ranges 733, 733, 733, 9800: average 2999.75, and 3.267 times that is 9800.18.
        lower, mean, upper = limits([0, 733, 0, 733, 10533])
        assert (upper - mean, mean - lower) == pytest.approx((2.66 * 2999.75, 2.66 * 2999.75))

    def test_the_mean_is_exact(self):
        """0.1 added ten times is not 1: a mean by simple addition would lie beside the values."""
        assert limits([0.1] * 10) == (0.1, 0.1, 0.1)

    def test_are_neither_rounded_nor_held_on_a_scale(self):
        assert xmr([1, 3, 1, 3]).upper == pytest.approx(2 + 5.32)
        assert xmr([1, 1, 2]).mean == pytest.approx(4 / 3)

    def test_of_one_value(self):
        assert xmr([2.5]) == Xmr(2.5, 2.5, 2.5, (Point(2.5, None, 0),))

    def test_of_two(self):
        assert xmr([2, 3]) == Xmr(2.5, 2.5 - 2.66, 2.5 + 2.66, (Point(2, None, 0), Point(3, None, 0)))

    def test_of_none(self):
        with pytest.raises(ValueError, match="at least one data point"):
            xmr([])


class TestOutside:
    def test_is_special_in_its_direction(self):
        # Mean 13 / 14; ranges eleven of 1, then 3 and 1: average 15 / 13; upper limit 0.929 + 3.069 = 3.998.
        assert marks([*SMALL_NOISE, 4, 3]) == [NOTHING] * 12 + [("outside", 1), NOTHING]
        assert marks([-value for value in (*SMALL_NOISE, 4, 3)])[12] == ("outside", -1)

    def test_nearly_constant(self):
        """The one step is left out, the other ranges are 0, and so are the limits' distances: as NHSRplotthedots."""
        found = xmr([2] * 10 + [3])
        assert (found.lower, found.upper) == (found.mean, found.mean)
        assert found.mean == pytest.approx(23 / 11)
        assert marks([2] * 10 + [3]) == [("outside", -1)] * 10 + [("outside", 1)]


class TestTrend:
    def test_seven_in_a_row_that_rise(self):
        assert marks([*NOISE, 0, 1, 2, 3, 4, 5, 6]) == [NOTHING] * 5 + [("trend", 1)] * 7

    def test_or_fall(self):
        assert marks([*NOISE, 0, 6, 5, 4, 3, 2, 1, 0]) == [NOTHING] * 6 + [("trend", -1)] * 7

    def test_not_six(self):
        assert causes([*NOISE, 1, 2, 3, 4, 5, 6]) == [None] * 11

    def test_an_equal_neighbour_breaks_it(self):
        assert causes([*NOISE, 0, 1, 2, 2, 3, 4, 5, 6]) == [None] * 13

    def test_where_one_ends_and_another_begins_the_value_is_of_the_later(self):
        """The peak: as in NHSRplotthedots, which looks to the right."""
        found = marks([*NOISE, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0])
        assert found == [NOTHING] * 5 + [("trend", 1)] * 6 + [("trend", -1)] * 7

    def test_direction_is_its_runs_on_either_side_of_the_mean(self):
        found = xmr([*NOISE, 0, 1, 2, 3, 4, 5, 6])
        assert [point.direction for point in found.points if point.cause and point.value < found.mean] == [1] * 4


class TestTwoInThree:
    # Mean 11 / 14; ranges eleven of 1, then 1.5 and 0: average 12.5 / 13 = 0.9615; two thirds of the way to the limit
    # are 0.786 + 1.705 = 2.491.
    def test_two_close_to_the_limit_of_three_on_one_side(self):
        assert marks([*SMALL_NOISE, 2.5, 2.5]) == [NOTHING] * 12 + [("two_in_three", 1)] * 2

    def test_below_the_mean_too(self):
        assert marks([-value for value in (*SMALL_NOISE, 2.5, 2.5)]) == [NOTHING] * 12 + [("two_in_three", -1)] * 2

    def test_only_those_that_are_close_are_special(self):
        # (1, 3, 3) are all above the mean of 0.8; 1 is not close to the limit.
        assert causes([*SMALL_NOISE, 3, 3, 0]) == [None] * 12 + ["two_in_three"] * 2 + [None]

    def test_not_one_alone(self):
        # Close is from 2.455 on.
        assert causes([*SMALL_NOISE, 2, 2.5]) == [None] * 14

    def test_not_where_the_third_is_on_the_other_side(self):
        # Close is from 3.463 on, and 0 is below the mean of 0.867.
        assert causes([*SMALL_NOISE, 3.5, 0, 3.5]) == [None] * 15

    def test_one_outside_the_limits_does_not_count(self):
        # 4 is outside, and 3 is close: from 2.975 on. Were 4 counted, 3 would be special.
        assert causes([*SMALL_NOISE, 4, 3]) == [None] * 12 + ["outside", None]


class TestShift:
    # Mean 33 / 14 = 2.36; ranges twelve of 2 and one of 3: average 27 / 13; no value is close to the limits.
    LOW, HIGH = [0, 2, 0, 2, 0, 2, 0], [3, 5, 3, 5, 3, 5, 3]

    def test_seven_in_a_row_on_the_same_side_of_the_mean(self):
        assert marks(self.LOW + self.HIGH) == [("shift", -1)] * 7 + [("shift", 1)] * 7

    def test_not_six(self):
        assert causes(self.LOW[:6] + self.HIGH[:6]) == [None] * 12

    def test_one_equal_to_the_mean_breaks_it(self):
        # The second half mirrors the first: the mean is 2.5.
        low = [0, 2, 0, 2.5, 2, 0, 2]
        assert xmr(low + [5 - value for value in low]).mean == 2.5
        assert causes(low + [5 - value for value in low]) == [None] * 14


class TestWhereSeveralHold:
    def test_outside_comes_before_trend(self):
        # Mean 4, average range 1: limits 1.34 and 6.66.
        assert marks([1, 2, 3, 4, 5, 6, 7]) == [("outside", -1), *[("trend", 1)] * 5, ("outside", 1)]

    def test_trend_before_two_in_three(self):
        # Mean 0.842; average range 14 / 18 = 0.778: close is from 2.221 on, as 2.25 and 2.5 are.
        assert causes([*SMALL_NOISE, 0.25, 0.5, 1, 1.5, 2, 2.25, 2.5])[12:] == ["trend"] * 7

    def test_trend_before_shift(self):
        # All of the last eight lie above the mean of 1.52.
        assert causes([0, 2] * 8 + [2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75])[15:] == ["trend"] * 8

    def test_two_in_three_before_shift(self):
        # Mean 2.43, average range 16 / 13 = 1.23: close are those under 0.246 and over 4.611.
        halves = [0, 1, 0, 1, 0, 1, 0], [4, 5, 4, 5, 4, 5, 4]
        two, shift = "two_in_three", "shift"
        assert causes(halves[0] + halves[1]) == [
            *(two, shift, two, shift, two, shift, two),
            *(shift, two, shift, two, shift, two, shift),
        ]


class TestEverySeries:
    # Beyond that, the sum of fifty is none that a float can hold.
    @given(st.floats(-1e300, 1e300), st.integers(1, 50))
    @example(0.1, 10)
    @example(2.2, 3)
    @example(5e-324, 7)
    @example(-0.0, 1)
    def test_that_is_constant_has_no_special_point(self, value, length):
        assert xmr([value] * length) == Xmr(value, value, value, (Point(value, None, 0),) * length)

    @given(SERIES, WHOLE)
    def test_moves_its_mean_and_limits_by_what_is_added(self, values, more):
        moved = limits([value + more for value in values])
        assert moved == pytest.approx([number + more for number in limits(values)])

    @given(SERIES)
    def test_keeps_mean_and_limits_when_time_is_reversed(self, values):
        assert limits(values[::-1]) == limits(values)

    @given(SERIES)
    def test_upside_down_has_the_same_special_points_in_the_other_direction(self, values):
        found = marks([-value for value in values])
        assert found == [(cause, -direction) for cause, direction in marks(values)]

    @given(SERIES)
    def test_has_a_point_for_each_value_and_a_direction_where_there_is_a_cause(self, values):
        found = xmr(values)
        assert [point.value for point in found.points] == values
        assert [bool(point.direction) for point in found.points] == [point.cause is not None for point in found.points]
        assert found.lower <= found.mean <= found.upper


def points(*directions: int) -> list[Point]:
    return [Point(2.0, "shift" if each else None, each) for each in directions]  # type: ignore[arg-type]


class TestSince:
    def test_the_first_of_the_unbroken_special_points(self):
        assert since(points(0, 1, 0, 1, 1, 1)) == 3

    def test_of_any_cause(self):
        assert since([Point(2, "outside", 1), Point(2, "trend", 1), Point(2, "two_in_three", 1)]) == 0

    def test_in_the_direction_of_the_last(self):
        assert since(points(0, -1, -1, 1, 1)) == 3
        assert since(points(1, -1, 1, -1)) == 3

    def test_the_last_alone(self):
        assert since(points(0, 0, -1)) == 2

    def test_of_all(self):
        assert since(points(1, 1, 1)) == 0

    def test_none_where_the_last_is_not_special(self):
        assert since(points(1, 1, 0)) is None

    def test_none_of_none(self):
        assert since([]) is None

    def test_of_a_series_that_turned(self):
        """Rose, and then fell: the drop began at the peak."""
        assert since(xmr([*NOISE, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]).points) == 11
