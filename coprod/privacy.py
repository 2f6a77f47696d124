"""What is kept about people, and what each can do about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charter.own_data import adopted_by
from feedback.models.rounds import ENDS_AFTER
from partnerships.models import User
from partnerships.people import membership
from partnerships.people.membership import MONTHS_AN_IDLE_ACCOUNT_IS_KEPT
from partnerships.people.own_data import held_about
from partnerships.permissions import SignedInRequest


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "slips_kept_days": ENDS_AFTER.days,
        "idle_months": MONTHS_AN_IDLE_ACCOUNT_IS_KEPT,
    }
    return render(request, "coprod/privacy.html", context)


def _held_about(person: User) -> dict[str, Any]:
    """What each room of the site holds."""
    return held_about(person) | {"charter": adopted_by(person)}


@never_cache
@require_safe
def own_data(request: SignedInRequest) -> HttpResponse:
    return render(request, "coprod/own_data.html", {"held": _held_about(request.user)})


@never_cache
@require_safe
def own_data_json(request: SignedInRequest) -> HttpResponse:
    return JsonResponse(
        _held_about(request.user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="together-about-me.json"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_erasure(request: SignedInRequest) -> HttpResponse:
    """GET says what will happen, POST asks. With nobody to ask, the account is closed at once."""
    person = request.user
    coordinates = list(person.coordinates.select_related("area"))
    memberships = person.memberships.exists()
    asked_on = person.memberships.aggregate(first=Min("erasure_asked_on"))["first"]
    if request.method != "POST":
        context = {"coordinates": coordinates, "memberships": memberships, "asked_on": asked_on}
        return render(request, "coprod/ask_for_erasure.html", context)
    if "stay" in request.POST:
        membership.stay_after_all(person=person)
        messages.success(request, _("You stay on the list."))
        return redirect("own_data")
    membership.ask_for_erasure(person=person)
    if not User.objects.filter(pk=person.pk).exists():
        logout(request)
        messages.success(request, _("Your account is closed and nothing is held about you here."))
        return redirect("home")
    if memberships:
        messages.success(request, _("You have asked to be erased. The area’s coordinators see it and will do it."))
    else:
        messages.warning(request, _("Nothing was changed: an area or this site depends on your account."))
    return redirect("own_data")
