"""The year's pack: for members signed in, and for the workshop's facilitator by a link that needs no account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.downloads import pdf_file
from feedback.models import Workshop
from feedback.year.pack import pack_of
from feedback.year.pack_pdf import CouldNotBeMade, in_the_making, pack_pdf
from feedback.year.workshops import note_opening
from partnerships.models import Year
from partnerships.models.tokens import hash_of
from partnerships.permissions import SignedInRequest, get_year_for

# A browser in which the button was pressed reads on for so long.
_OPEN_FOR = 12 * 60 * 60
_COOKIE = "pack"


def _keeps_its_address[**Given](view: Callable[Given, HttpResponse]) -> Callable[Given, HttpResponse]:
    """What a page behind the link loads tells no log the address, which opens the pack."""

    @wraps(view)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return inside


@never_cache
@require_safe
def pack(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    pdf = reverse("feedback:pack_pdf", args=[slug, number])
    context = pack_of(year) | {"pdf": pdf, "back": year.get_absolute_url()}
    return render(request, "feedback/year/pack.html", context)


@never_cache
@require_safe
def pack_as_pdf(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    return _pdf(request, year, back=reverse("feedback:pack", args=[slug, number]))


@login_not_required
@_keeps_its_address
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_pack(request: HttpRequest, token: str) -> HttpResponse:
    """GET, as a mail program's scanner sends it, shows a button and no more. POST opens the pack in this browser."""
    workshop = Workshop.objects.opened_by(token).first()
    if workshop is None:
        return render(request, "feedback/year/no_pack.html", status=404)
    here = reverse("feedback:open_pack", args=[token])
    if request.method == "POST":
        note_opening(workshop=workshop)
        response: HttpResponse = redirect("feedback:open_pack", token)
        response.set_signed_cookie(
            _COOKIE,
            hash_of(token),
            max_age=_OPEN_FOR,
            path=here,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    if not _is_open(request, token):
        return render(request, "feedback/year/open_pack.html", {"workshop": workshop})
    pdf = reverse("feedback:open_pack_pdf", args=[token])
    return render(request, "feedback/year/pack.html", pack_of(workshop.year) | {"pdf": pdf, "is_outside": True})


@login_not_required
@_keeps_its_address
@never_cache
@require_safe
def open_pack_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Only in a browser in which the button was pressed."""
    workshop = Workshop.objects.opened_by(token).first()
    if workshop is None or not _is_open(request, token):
        return redirect("feedback:open_pack", token)
    response = _pdf(request, workshop.year, back=reverse("feedback:open_pack", args=[token]))
    if response.status_code == 200 and request.method == "GET":
        note_opening(workshop=workshop, detail="PDF")
    return response


def _is_open(request: HttpRequest, token: str) -> bool:
    """Whether the button was pressed in this browser, not long ago."""
    try:
        return request.get_signed_cookie(_COOKIE, max_age=_OPEN_FOR) == hash_of(token)
    except (KeyError, signing.BadSignature):
        return False


def _pdf(request: HttpRequest, year: Year, *, back: str) -> HttpResponse:
    """The PDF; or, while it is being made, a page that tells how far it is and looks again by itself."""
    context = {"year": year, "partnership": year.partnership, "back": back}
    try:
        made = in_the_making(year)
        if made is None:
            html = render_to_string("feedback/year/pack_pdf.html", pack_of(year))
            made = pack_pdf(partnership_year=year, html=html)
    except CouldNotBeMade:
        return render(request, "feedback/year/not_made.html", context, status=503)
    if made.pdf:
        return pdf_file(made.pdf, year.partnership.name, str(year.number), _("pack"))
    response = render(request, "feedback/year/making.html", context | {"made": made}, status=202)
    response.headers["Refresh"] = "2"
    return response
