"""Figures taken out: as files for whoever is signed in, and by a personal token for tools that cannot sign in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coprod.common.forms import number
from feedback.exports.datasets import DATA_SETS
from feedback.exports.formats import FORMATS, dictionary_csv
from feedback.exports.lines import Extent
from feedback.models import Table
from feedback.scores.instruments import MEETING_FEEDBACK
from partnerships.models import Area, DataToken, Partnership, User
from partnerships.models.years import EARLIEST, LATEST
from partnerships.permissions import SecondFactorNeeded, SignedInRequest, get_area_for, get_partnership_for


@never_cache
@require_safe
def partnership_data(request: SignedInRequest, slug: str, name: str, kind: str) -> HttpResponse:
    return _file(request, get_partnership_for(request.user, slug), name, kind)


@never_cache
@require_safe
def area_data(request: SignedInRequest, slug: str, name: str, kind: str) -> HttpResponse:
    return _file(request, get_area_for(request.user, slug), name, kind)


@login_not_required
@never_cache
@require_safe
def token_partnership_data(request: HttpRequest, token: str, slug: str, name: str, kind: str) -> HttpResponse:
    return _for_a_tool(request, token, get_partnership_for, slug, name, kind)


@login_not_required
@never_cache
@require_safe
def token_area_data(request: HttpRequest, token: str, slug: str, name: str, kind: str) -> HttpResponse:
    return _for_a_tool(request, token, get_area_for, slug, name, kind)


@never_cache
@require_safe
def partnership_data_page(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug)
    tables = Table.objects.of_partnerships(Partnership.objects.filter(pk=partnership.pk))
    context = {"owner": partnership, "partnership": partnership, "meetings": tables.count()}
    return render(request, "feedback/exports/data.html", context | _files("feedback:partnership_data", slug))


@never_cache
@require_safe
def area_data_page(request: SignedInRequest, slug: str) -> HttpResponse:
    area = get_area_for(request.user, slug)
    tables = Table.objects.of_partnerships(area.partnerships.all())
    context = {"owner": area, "area": area, "meetings": tables.count()}
    return render(request, "feedback/exports/data.html", context | _files("feedback:area_data", slug))


@login_not_required
@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    context = {
        "data_sets": DATA_SETS.values(),
        "source": MEETING_FEEDBACK.source,
        "site": request.build_absolute_uri("/"),
    }
    return render(request, "feedback/exports/data_dictionary.html", context)


@login_not_required
@require_safe
def data_dictionary_csv(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="together-data-dictionary.csv"'}
    return HttpResponse(dictionary_csv(), content_type=FORMATS["csv"].content_type, headers=headers)


def _files(address: str, slug: str) -> dict[str, object]:
    """Each data set, with where to load it in which format."""
    files = [
        (data_set, [(each.label, reverse(address, args=[slug, data_set.name, kind])) for kind, each in FORMATS.items()])
        for data_set in DATA_SETS.values()
    ]
    return {"files": files}


def _for_a_tool(
    request: HttpRequest,
    token: str,
    load: Callable[[User, str], Partnership | Area],
    slug: str,
    name: str,
    kind: str,
) -> HttpResponse:
    """What the token's owner may read now. A refusal is one line of text: a page would load a style sheet, and tell
    it the address."""
    try:
        key = get_object_or_404(DataToken.objects.opened_by(token))
        response = _file(request, load(key.user, slug), name, kind)
        key.note_use()
    except Http404:
        return nothing_there(request)
    except SecondFactorNeeded:
        response = _refusal(403, _("This area asks its coordinators for a second step. Sign in and set one up."))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
def nothing_there(request: HttpRequest, **mistyped: str) -> HttpResponse:
    """So also at an address that is mistyped behind its token."""
    response = _refusal(404, _("There is nothing at this address, or nothing that it may read any more."))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refusal(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def _file(request: HttpRequest, owner: Partnership | Area, name: str, kind: str) -> HttpResponse:
    if name not in DATA_SETS or kind not in FORMATS:
        raise Http404
    extent, format = Extent(owner, _year(request)), FORMATS[kind]
    parts = [owner.slug, name, *([str(extent.year)] if extent.year else []), f"{timezone.localdate():%Y-%m-%d}"]
    headers = {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.{kind}"'}
    return HttpResponse(format.write(DATA_SETS[name], extent), content_type=format.content_type, headers=headers)


def _year(request: HttpRequest) -> int | None:
    """`?year=2025`; None without one. Anything that is no year of our time is not there."""
    typed = request.GET.get("year", "")
    year = number(typed)
    if typed and (year is None or not EARLIEST <= year <= LATEST):
        raise Http404
    return year
