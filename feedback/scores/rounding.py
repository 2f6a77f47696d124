"""Rounding, once, where a number is shown. A number that there is not is a dash."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format

NONE = "–"


def tenth(number: Fraction | None) -> str:
    return _rounded(number, 1)


def hundredth(number: Fraction | None) -> str:
    return _rounded(number, 2)


def limit(number: float) -> str:
    """Of what is usual, two places: no fraction, for it comes out of a chart's own arithmetic."""
    return hundredth(Fraction(number))


def percent(share: Fraction | None) -> str:
    return NONE if share is None else f"{_rounded(share * 100, 0)}%"


def ten_thousandth(number: Fraction | None) -> Decimal | None:
    """For programs to go on with, and so without zeros at its end."""
    if number is None:
        return None
    rounded = _half_up(number, 4)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def _rounded(number: Fraction | None, places: int) -> str:
    return NONE if number is None else number_format(_half_up(number, places), decimal_pos=places)


def _half_up(number: Fraction, places: int) -> Decimal:
    """Of a number from 0 up. Halves go up, as people round by hand."""
    return Decimal(int(number * 10**places + Fraction(1, 2))).scaleb(-places)
