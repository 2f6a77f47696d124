"""For everybody, without signing in: the charter, what a partnership published of its own, and the self-check."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from charter import texts
from charter.models import PartnershipAdoption
from charter.roll import roll_of
from charter.self_check import check
from charter.texts import GUIDE, PRINCIPLES, TOOLKIT
from partnerships.people.name_removal import Nameless


@login_not_required
@never_cache
@require_safe
def public(request: HttpRequest, token: str = "") -> HttpResponse:
    """The text; behind a token a partnership's adoption, for as long as it is published. No person is named."""
    if not token:
        context = {"wording": texts.WORDING, "principles": PRINCIPLES, "guide": GUIDE, "toolkit": TOOLKIT}
        return render(request, "charter/public.html", context)
    adoptions = PartnershipAdoption.objects.select_related("partnership__area", "meeting")
    adoption = get_object_or_404(adoptions, token=token)
    context = {
        "partnership": adoption.partnership,
        "adoption": adoption,
        "decision": Nameless.of(adoption.partnership)(adoption.decision),
        "wording": adoption.wording,
        "adopted_by": roll_of(adoption.partnership).adopted_by,
        "guide": GUIDE,
    }
    return render(request, "charter/published.html", context)


@csrf_exempt  # it changes nothing and keeps nothing; a token would need a cookie, and this page sets none
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest) -> HttpResponse:
    """The twelve steps before a meeting. POST answers on the spot, so that no address or history holds the answers."""
    checked = check(request.POST)
    context = {
        "checked": checked,
        "is_answered": request.method == "POST",
        "to_do": [each for each in checked if not each.is_taken],
        "guide": GUIDE,
    }
    return render(request, "charter/self_check.html", context)
