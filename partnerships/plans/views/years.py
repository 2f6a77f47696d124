"""A partnership's year on one page: looking back, and planning ahead."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.models import Meeting, Year
from partnerships.models.years import current_number
from partnerships.permissions import SignedInRequest, get_partnership_for, get_year_for
from partnerships.plans.service import plan_of


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
    current = current_number(year.partnership)
    context = {
        "partnership": year.partnership,
        "year": year,
        "earlier": year.beside(-1) if number > min(_first(year), current) else None,
        "later": year.beside(1) if number <= current else None,
        "meetings": list(year.meetings()),
        "plan": plan_of(year),
    }
    return render(request, "partnerships/plans/year.html", context)


def _first(year: Year) -> int:
    """The number of the earliest year of which anything is known; without any, that of this one."""
    partnership = year.partnership
    first = Meeting.objects.filter(partnership=partnership).order_by("date").values_list("date", flat=True).first()
    stored = Year.objects.filter(partnership=partnership).order_by("number").values_list("number", flat=True).first()
    known = [stored] if stored is not None else []
    return min([*known, current_number(partnership, first) if first else year.number, year.number])
