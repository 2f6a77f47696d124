"""Sending invitations, and the page that an invitation's link opens, for anybody who has the link."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlencode

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.models import Area, Coordinator, Member, Partnership
from partnerships.people import invitations
from partnerships.people.invitations import Invited, NoInvitation
from partnerships.permissions import Right, SignedInRequest, get_area_for, get_member_for, get_partnership_for

MAILS_A_PRESS = 50


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing. POST mails a code to sign in, to the address that was invited and no other."""
    try:
        invited = invitations.read(token)
    except NoInvitation:
        return render(request, "partnerships/people/no_invitation.html", status=404)
    place = invited.area if isinstance(invited, Coordinator) else invited.partnership
    if request.method == "POST" and not request.user.is_authenticated:
        return _ask_for_code(request, invited, place.get_absolute_url())
    context = {"invited": invited, "place": place, "is_mine": request.user == invited.user}
    return render(request, "partnerships/people/invitation.html", context)


def _ask_for_code(request: HttpRequest, invited: Invited, way_on: str) -> HttpResponse:
    """As if the person had typed the address; a code asked for before, for whatever address, is forgotten."""
    assert invited.user
    logout(request)
    request.POST = QueryDict(urlencode({"email": invited.user.email}))
    response = account.request_login_code(request)
    if response.status_code != HTTPStatus.FOUND:
        return response
    return redirect(f"{reverse('account_confirm_login_code')}?{urlencode({'next': way_on})}")


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Sends one member an invitation, or sends it again. GET, after a sign-in, does nothing."""
    member = get_member_for(request.user, slug, pk)
    if request.method == "POST" and member.user and not member.left_on:
        _send(request, [member])
    return redirect("partnerships:members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_coordinator(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The same for a coordinator."""
    area = get_area_for(request.user, slug)
    coordinator = get_object_or_404(Coordinator.objects.select_related("area", "user"), area=area, pk=pk)
    if request.method == "POST":
        _send(request, [coordinator])
    return redirect("partnerships:coordinators", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_all(request: SignedInRequest, slug: str) -> HttpResponse:
    """GET lists everybody on the partnership who has had none, POST sends them one."""
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    return _invite_waiting(request, partnership.members.all(), partnership)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_area(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same for everybody in the area."""
    area = get_area_for(request.user, slug)
    return _invite_waiting(request, Member.objects.filter(partnership__area=area), area)


def _invite_waiting(request: SignedInRequest, members: QuerySet[Member], place: Area | Partnership) -> HttpResponse:
    waiting = list(invitations.waiting(members))
    if request.method != "POST":
        names = {"partnership": place, "area": place.area} if isinstance(place, Partnership) else {"area": place}
        context = {"place": place, "waiting": waiting, "most": MAILS_A_PRESS, **names}
        return render(request, "partnerships/people/invite.html", context)
    sent = _send(request, waiting)
    if len(waiting) > sent > 0:
        left = len(waiting) - sent
        words = ngettext("%(n)s is still to be sent.", "%(n)s are still to be sent.", left)
        messages.warning(request, words % {"n": left})
    return redirect("partnerships:members", place.slug) if isinstance(place, Partnership) else redirect(place)


def _send(request: SignedInRequest, invited: Iterable[Invited]) -> int:
    sent, failed = invitations.send(invited=invited, by=request.user, request=request, most=MAILS_A_PRESS)
    if sent:
        words = ngettext("%(n)s invitation was sent.", "%(n)s invitations were sent.", sent)
        messages.success(request, words % {"n": sent})
    if failed:
        words = ngettext(
            "%(n)s invitation could not be sent. Try again later.",
            "%(n)s invitations could not be sent. Try again later.",
            failed,
        )
        messages.error(request, words % {"n": failed})
    if not sent and not failed:
        messages.warning(request, _("Nothing was sent: invitations went out a few minutes ago."))
    return sent
