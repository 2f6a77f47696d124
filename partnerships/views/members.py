"""Who is on a partnership: add, change, invite, leave, replace, erase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import invitations, membership
from partnerships.forms import MemberForm, posted
from partnerships.models import Member, Partnership
from partnerships.permissions import (
    Right,
    SignedInRequest,
    get_area_for,
    get_member_for,
    get_partnership_for,
)

MAILS_A_PRESS = 50


def _may_manage(partnership: Partnership) -> bool:
    return Right.MANAGE_MEMBERS in partnership.rights


@never_cache
@require_safe
def members(request: SignedInRequest, slug: str) -> HttpResponse:
    """Names and organisations for all members; email addresses for those who manage them."""
    partnership = get_partnership_for(request.user, slug)
    everybody = partnership.members.select_related("organisation", "user")
    context: dict[str, Any] = {
        "partnership": partnership,
        "members": list(everybody.current()),
        "may_manage": _may_manage(partnership),
        "may_set_up": Right.SET_UP in partnership.rights,
    }
    if context["may_manage"]:
        context["on_paper"] = sum(not each.email for each in context["members"])
        context["former"] = list(everybody.former().order_by("-left_on", "name"))
        context["waiting"] = invitations.waiting(partnership.members.all()).count()
    return render(request, "partnerships/members.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    form = MemberForm(posted(request), instance=Member(partnership=partnership))
    if form.is_valid() and _saved(form, lambda: membership.add(member=form.ready(), by=request.user)):
        messages.success(request, _("%(name)s is a member now.") % {"name": form.instance})
        return redirect("partnerships:members", slug)
    return _form_page(request, "partnerships/member_form.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return render(request, "partnerships/former_member.html", _about(member))
    name = member.name
    form = MemberForm(posted(request), instance=member)
    if form.is_valid() and _saved(form, lambda: membership.change(member=form.ready(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("partnerships:members", slug)
    return _form_page(request, "partnerships/member_form.html", form, name=name, **_about(member))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST ends the membership today."""
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return redirect("partnerships:member", slug, pk)
    if request.method != "POST":
        return render(request, "partnerships/leave.html", _about(member))
    membership.leave(member=member, by=request.user)
    messages.success(request, _("%(name)s is not a member any more.") % {"name": member})
    return redirect("home") if member.user == request.user else redirect("partnerships:members", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The form for whoever represents the organisation next; the member leaves when it is sent."""
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return redirect("partnerships:member", slug, pk)
    successor = Member(partnership=member.partnership, organisation=member.organisation, role=member.role)
    form = MemberForm(posted(request), instance=successor, replaces=member)
    if form.is_valid() and _saved(
        form, lambda: membership.replace(member=member, successor=form.ready(), by=request.user)
    ):
        names = {"old": member, "new": form.instance}
        messages.success(request, _("%(new)s takes the place of %(old)s.") % names)
        return redirect("home") if member.user == request.user else redirect("partnerships:members", slug)
    return _form_page(request, "partnerships/replace.html", form, **_about(member))


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Sends an invitation, or sends it again. GET, after a sign-in, does nothing."""
    member = get_member_for(request.user, slug, pk)
    if request.method == "POST" and member.user and not member.left_on:
        _invite(request, [member])
    return redirect("partnerships:members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_all(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sends one to everybody on the partnership who has had none. GET, after a sign-in, does nothing."""
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    if request.method == "POST":
        _invite(request, list(invitations.waiting(partnership.members.all())[:MAILS_A_PRESS]))
    return redirect("partnerships:members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invite_area(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same for everybody in the area, so many at a time."""
    area = get_area_for(request.user, slug)
    if request.method == "POST":
        everybody = Member.objects.filter(partnership__area=area)
        _invite(request, list(invitations.waiting(everybody)[:MAILS_A_PRESS]))
    return redirect(area)


def _invite(request: SignedInRequest, members: list[Member]) -> None:
    sent, failed = invitations.send(invited=members, by=request.user, request=request)
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET says what goes and what stays, POST erases."""
    member = get_member_for(request.user, slug, pk, Right.SET_UP)
    if request.method != "POST":
        return render(request, "partnerships/erase.html", _about(member) | {"held": membership.all_of(member)})
    is_me = member.user == request.user
    membership.erase(member=member, by=request.user)
    messages.success(request, _("The person is erased. Tables stay as they were."))
    return redirect("home") if is_me else redirect("partnerships:members", slug)


@never_cache
@require_safe
def on_paper(request: SignedInRequest, slug: str) -> HttpResponse:
    """Invitations to print, for members without an email address."""
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    context = {
        "partnership": partnership,
        "members": partnership.members.current().filter(email="").select_related("organisation"),
        "meeting": partnership.meetings.upcoming().first(),
    }
    return render(request, "partnerships/on_paper.html", context)


def _about(member: Member) -> dict[str, object]:
    partnership = member.partnership
    return {"partnership": partnership, "member": member, "may_set_up": Right.SET_UP in partnership.rights}


def _saved(form: MemberForm, act: Callable[[], object]) -> bool:
    """Whether the act was done; the database has the last word on who is on the partnership already."""
    try:
        act()
    except IntegrityError:
        form.add_error(
            None, _("Somebody with this address, or of this name and organisation, is on the partnership already.")
        )
        return False
    return True


def _form_page(request: SignedInRequest, template: str, form: MemberForm, **more: object) -> HttpResponse:
    context = {"form": form, "partnership": form.instance.partnership, **more}
    return render(request, template, context, status=422 if form.errors else 200)
