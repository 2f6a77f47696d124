"""Whether a change is real: the XmR chart and its rules. Imports no Django.

The rules are those of NHS England's Making Data Count, as the public package NHSRplotthedots applies them. The averages
of a statement always go up and down from meeting to meeting. Limits around their mean say how far they usually go; only
what does not fit into that is called a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import fmean
from typing import Literal

type Cause = Literal["outside", "trend", "two_in_three", "shift"]
type Direction = Literal[1, 0, -1]

# So many values before anything is said about them.
NEEDED = 10
# Limits lie so many average moving ranges from the mean.
REACH = 2.66
# Moving ranges of so many times their average or more are left out, once.
TOO_FAR = 3.267
# So many in a row are a trend, or a shift.
IN_A_ROW = 7


@dataclass(frozen=True)
class Point:
    """One value: why it is special (None: it is not), and which way it goes, 1 up, -1 down, 0 neither."""

    value: float
    cause: Cause | None
    direction: Direction


@dataclass(frozen=True)
class Xmr:
    """The mean of the values, the limits of what is usual, unrounded and on no scale, and the values judged by them."""

    mean: float
    lower: float
    upper: float
    points: tuple[Point, ...]


def xmr(values: Sequence[float]) -> Xmr:
    """Mean, limits and special points of values in order of time.

    A point is special for the first of these that holds: it lies outside the limits; it is one of 7 in a row that
    rise or fall; it is one of 2 in 3 consecutive ones, all three on the same side of the mean, beyond two thirds of
    the way to the limit; it is one of 7 in a row on the same side of the mean. Raises ValueError without values.
    """
    # Between the least and the most: where all are the same, so is their mean, to the last bit.
    mean = min(max(fmean(values), min(values)), max(values))
    ranges = [abs(after - before) for before, after in pairwise(values)]
    average = fmean(ranges) if ranges else 0.0
    usual = [each for each in ranges if each < TOO_FAR * average]
    average = fmean(usual) if usual else 0.0
    lower, upper = mean - REACH * average, mean + REACH * average
    near = 2 * (REACH / 3) * average
    sides = [_sign(value - mean) for value in values]
    outside = [not lower <= value <= upper for value in values]
    close = [not out and not mean - near <= value <= mean + near for value, out in zip(values, outside, strict=True)]
    trends = _trends(values)
    two_in_three = _two_in_three(close, sides)
    shifts = _shifts(sides)
    points = []
    for place, (value, side) in enumerate(zip(values, sides, strict=True)):
        if outside[place]:
            points.append(Point(value, "outside", side))
        elif trends[place]:
            points.append(Point(value, "trend", trends[place]))
        elif two_in_three[place]:
            points.append(Point(value, "two_in_three", side))
        elif shifts[place]:
            points.append(Point(value, "shift", side))
        else:
            points.append(Point(value, None, 0))
    return Xmr(mean, lower, upper, tuple(points))


def since(points: Sequence[Point]) -> int | None:
    """Where the change that the last point belongs to began: the place of the first of the unbroken special points in
    its direction. None where the last point is not special."""
    if not points or points[-1].cause is None:
        return None
    place = len(points) - 1
    while place and points[place - 1].cause is not None and points[place - 1].direction == points[-1].direction:
        place -= 1
    return place


def _sign(number: float) -> Direction:
    return 1 if number > 0 else -1 if number < 0 else 0


def _runs(signs: Sequence[Direction]) -> Iterator[tuple[Direction, int, int]]:
    """Each sign that is not 0, with the place of the first of its row and the place after the last."""
    place = 0
    for sign, row in groupby(signs):
        first, place = place, place + sum(1 for _each in row)
        if sign:
            yield sign, first, place


def _trends(values: Sequence[float]) -> list[Direction]:
    """The direction of the run to which each value belongs; where it ends one and begins another, of the later."""
    found: list[Direction] = [0] * len(values)
    for sign, first, after in _runs([_sign(later - value) for value, later in pairwise(values)]):
        if after + 1 - first >= IN_A_ROW:
            found[first : after + 1] = [sign] * (after + 1 - first)
    return found


def _two_in_three(close: Sequence[bool], sides: Sequence[Direction]) -> list[bool]:
    found = [False] * len(close)
    for first in range(len(close) - 2):
        three = range(first, first + 3)
        if sum(close[place] for place in three) >= 2 and abs(sum(sides[place] for place in three)) == 3:
            for place in three:
                found[place] = found[place] or close[place]
    return found


def _shifts(sides: Sequence[Direction]) -> list[bool]:
    found = [False] * len(sides)
    for _side, first, after in _runs(sides):
        if after - first >= IN_A_ROW:
            found[first:after] = [True] * (after - first)
    return found
