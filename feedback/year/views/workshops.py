"""The yearly workshop: its day, its facilitator, and the link that opens the pack."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coprod.common.forms import posted
from feedback.models import Workshop
from feedback.year.forms import WorkshopForm
from feedback.year.workshops import PerhapsSent, plan_workshop, revoke_link, send_link
from partnerships.models import Act, Entry
from partnerships.permissions import Right, SignedInRequest, get_year_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workshop(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """GET shows it, and who opened the pack; POST saves it."""
    year = get_year_for(request.user, slug, number, Right.RUN_FEEDBACK)
    workshop = Workshop.objects.filter(year=year).first() if year.pk else None
    typed = copy(workshop) if workshop else Workshop()
    typed.year = year
    form = WorkshopForm(posted(request), instance=typed)
    if form.is_valid():
        plan_workshop(workshop=typed, by=request.user)
        messages.success(request, _("Saved."))
        if workshop and workshop.has_link and workshop.email != typed.email:
            messages.warning(request, _("The link went to another address. It opens nothing any more: send a new one."))
        return redirect("feedback:workshop", slug, number)
    context = {
        "partnership": year.partnership,
        "year": year,
        "workshop": workshop,
        "form": form,
        "openings": list(Entry.objects.filter(year=year, act=Act.PACK_OPENED)[:20]) if year.pk else [],
    }
    return render(request, "feedback/year/workshop.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workshop_link(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """POST mails the facilitator a new link, or with `do=revoke` ends it. GET, after a sign-in, does nothing."""
    year = get_year_for(request.user, slug, number, Right.RUN_FEEDBACK)
    workshop = Workshop.objects.filter(year=year).first() if year.pk else None
    if workshop and request.method == "POST":
        workshop.year = year
        if request.POST.get("do") == "revoke":
            revoke_link(workshop=workshop, by=request.user)
            messages.success(request, _("The link opens nothing any more."))
        else:
            _send(request, workshop)
    return redirect("feedback:workshop", slug, number)


def _send(request: SignedInRequest, workshop: Workshop) -> None:
    base = request.build_absolute_uri("/").rstrip("/")
    try:
        send_link(workshop=workshop, base=base, by=request.user)
    except PerhapsSent:
        messages.warning(
            request, _("The connection broke while it was sent: it may have arrived, or not. Ask, or send a new link.")
        )
    except OSError:
        messages.error(request, _("The mail server did not take it. Nothing was sent: try again in a few minutes."))
    else:
        messages.success(request, _("Sent to %(email)s.") % {"email": workshop.email})
