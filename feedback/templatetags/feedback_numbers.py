"""Rounding, once, where a number is shown. A number that there is not is a dash."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()

NONE = "–"


@register.filter
def tenth(number: float | None) -> str:
    return _rounded(number, 1)


@register.filter
def hundredth(number: float | None) -> str:
    return _rounded(number, 2)


@register.filter
def percent(share: float | None) -> str:
    return NONE if share is None else f"{_rounded(share * 100, 0)}%"


def _rounded(number: float | None, places: int) -> str:
    """Halves go up, as people round by hand."""
    if number is None or number == "":
        return NONE
    exact = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(exact, decimal_pos=places)
