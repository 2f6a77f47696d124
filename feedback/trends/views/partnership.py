"""The trends of one partnership, as a page and as a PDF."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coprod.common.downloads import pdf_file
from coprod.common.pdf import render_pdf
from feedback.trends.history import KEYS, label_of
from feedback.trends.partnership import Trends
from partnerships.permissions import Right, SignedInRequest, get_partnership_for


@never_cache
@require_safe
def trends(request: SignedInRequest, slug: str) -> HttpResponse:
    """`?year=` a number or all, `?statement=` a key or total."""
    trends = _trends(request, slug)
    rights = trends.partnership.rights
    context = {
        "partnership": trends.partnership,
        "trends": trends,
        "statements": [(key, label_of(key)) for key in KEYS],
        "may_run": Right.RUN_FEEDBACK in rights,
        "may_set_up": Right.SET_UP in rights,
    }
    return render(request, "feedback/trends/partnership.html", context)


@never_cache
@require_safe
def trends_pdf(request: SignedInRequest, slug: str) -> HttpResponse:
    trends = _trends(request, slug)
    html = render_to_string("feedback/trends/trends_pdf.html", {"partnership": trends.partnership, "trends": trends})
    year = str(trends.year) if trends.year else _("all-years")
    return pdf_file(render_pdf(html), trends.partnership.name, year, _("trends"))


def _trends(request: SignedInRequest, slug: str) -> Trends:
    partnership = get_partnership_for(request.user, slug)
    try:
        return Trends.of(partnership, year=request.GET.get("year", ""), key=request.GET.get("statement", ""))
    except LookupError:
        raise Http404 from None
