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


def percent(share: Fraction | None) -> str:
    return NONE if share is None else f"{_rounded(share * 100, 0)}%"


def _rounded(number: Fraction | None, places: int) -> str:
    """Of a number from 0 up. Halves go up, as people round by hand."""
    if number is None:
        return NONE
    whole = int(number * 10**places + Fraction(1, 2))
    return number_format(Decimal(whole).scaleb(-places), decimal_pos=places)
