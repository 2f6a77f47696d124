"""The page that an invitation's link opens, for anybody who has the link."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships import invitations
from partnerships.invitations import NoInvitation
from partnerships.models import Coordinator


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Its button asks for a code to sign in, sent to the address that was invited. Opening it changes nothing."""
    try:
        invited = invitations.read(token)
    except NoInvitation:
        return render(request, "partnerships/no_invitation.html", status=404)
    place = invited.area if isinstance(invited, Coordinator) else invited.partnership
    context = {"invited": invited, "place": place, "is_mine": request.user == invited.user}
    return render(request, "partnerships/invitation.html", context)
