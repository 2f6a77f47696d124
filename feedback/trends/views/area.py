"""The coordinator's view of an area's year."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.trends.area import AreaYear, Line, as_tree, with_cells, with_held
from feedback.trends.area_forms import AreaTrendsForm
from partnerships.permissions import Right, SignedInRequest, get_area_for

LINES_A_PAGE = 25


@never_cache
@require_safe
def area_trends(request: SignedInRequest, slug: str) -> HttpResponse:
    """All partnerships by name or in their tree; never by a score."""
    area = get_area_for(request.user, slug, Right.READ)
    form = AreaTrendsForm(request.GET, area=area)
    partnerships = list(with_held(area.partnerships.select_related("parent"), form.span))
    year = AreaYear.of(area, form.span, form.other, partnerships)
    lines = _chosen(form, year)
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": area,
        "form": form,
        "year": year,
        "page": page,
        "lines": with_cells(list(page)),
        "statements": MEETING_FEEDBACK.statements,
        "found": len(lines),
    }
    return render(request, "feedback/trends/area.html", context)


def _chosen(form: AreaTrendsForm, year: AreaYear) -> list[Line]:
    found = set(form.narrow(year.area.partnerships.all()).values_list("pk", flat=True))
    lines = [line for line in year.lines if line.partnership.pk in found and form.fits(line)]
    return as_tree(lines) if form.by_tree else lines
