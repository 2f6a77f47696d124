"""A partnership's year on one page: looking back, and planning ahead."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.models.years import EARLIEST, LATEST, current_number
from partnerships.permissions import SignedInRequest, get_partnership_for, get_year_for


@never_cache
@require_safe
def this_year(request: SignedInRequest, slug: str) -> HttpResponse:
    """Leads to the year that it is now."""
    partnership = get_partnership_for(request.user, slug)
    return redirect("partnerships:year", slug, current_number(partnership))


@never_cache
@require_safe
def year(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    context = {
        "partnership": year.partnership,
        "year": year,
        "earlier": year.beside(-1) if number > EARLIEST else None,
        "later": year.beside(1) if number < LATEST else None,
        "meetings": list(year.meetings()),
    }
    return render(request, "partnerships/year.html", context)
