"""Who is on a partnership: add, change, leave, replace, erase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from partnerships.models import Member, Partnership
from partnerships.people import invitations, membership
from partnerships.people.forms import MemberForm
from partnerships.permissions import Right, SignedInRequest, get_member_for, get_partnership_for


@never_cache
@require_safe
def members(request: SignedInRequest, slug: str) -> HttpResponse:
    """Names and organisations for all members; email addresses for those who manage them."""
    partnership = get_partnership_for(request.user, slug)
    everybody = partnership.members.select_related("organisation", "user")
    context: dict[str, Any] = {
        "partnership": partnership,
        "members": list(everybody.current()),
        "may_manage": Right.MANAGE_MEMBERS in partnership.rights,
        "may_set_up": Right.SET_UP in partnership.rights,
    }
    if context["may_manage"]:
        context["on_paper"] = sum(not each.email for each in context["members"])
        context["former"] = list(everybody.former().order_by("-left_on", "name"))
        context["waiting"] = invitations.waiting(partnership.members.all()).count()
    return render(request, "partnerships/people/members.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    form = MemberForm(posted(request), instance=Member(partnership=partnership))
    if form.is_valid() and _saved(form, lambda: membership.add(member=form.instance, by=request.user)):
        messages.success(request, _("%(name)s is a member now.") % {"name": form.instance})
        return redirect("partnerships:members", slug)
    return _form_page(request, "partnerships/people/member_form.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return render(request, "partnerships/people/former_member.html", _about(request, member))
    name = member.name
    form = MemberForm(posted(request), instance=member)
    if form.is_valid() and _saved(form, lambda: membership.change(member=form.instance, by=request.user)):
        messages.success(request, _("Saved."))
        _warn_without_minute_taker(request, member.partnership)
        return redirect("partnerships:members", slug)
    return _form_page(request, "partnerships/people/member_form.html", form, **_about(request, member), name=name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST ends the membership today."""
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return redirect("partnerships:member", slug, pk)
    if request.method != "POST":
        return render(request, "partnerships/people/leave.html", _about(request, member))
    membership.leave(member=member, by=request.user)
    messages.success(request, _("%(name)s is not a member any more.") % {"name": member})
    return _onwards(request, member)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The form for whoever represents the organisation next; the member leaves when it is sent."""
    member = get_member_for(request.user, slug, pk)
    if member.left_on:
        return redirect("partnerships:member", slug, pk)
    successor = Member(partnership=member.partnership, organisation=member.organisation)
    form = MemberForm(posted(request), instance=successor, replaces=member)
    if form.is_valid() and _saved(
        form, lambda: membership.replace(member=member, successor=form.instance, by=request.user)
    ):
        names = {"old": member, "new": form.instance}
        messages.success(request, _("%(new)s takes the place of %(old)s.") % names)
        return _onwards(request, member)
    return _form_page(request, "partnerships/people/replace.html", form, **_about(request, member))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET says what goes and what stays, POST erases."""
    member = get_member_for(request.user, slug, pk, Right.SET_UP)
    area = member.partnership.area
    if request.method != "POST":
        coordinates = member.user is not None and member.user.coordinates.filter(area=area).exists()
        context = {"held": membership.all_of(member), "coordinates": coordinates}
        return render(request, "partnerships/people/erase.html", _about(request, member) | context)
    membership.erase(member=member, by=request.user)
    messages.success(request, _("The person is erased. Tables stay as they were."))
    if member.user == request.user:
        return redirect("home")
    return (
        redirect("partnerships:erasures", area.slug)
        if member.erasure_asked_on
        else redirect("partnerships:members", slug)
    )


@never_cache
@require_safe
def on_paper(request: SignedInRequest, slug: str) -> HttpResponse:
    """Invitations to print, for members without an email address; `?member=` for one of them alone."""
    partnership = get_partnership_for(request.user, slug, Right.MANAGE_MEMBERS)
    members = partnership.members.current().select_related("organisation")
    wanted = request.GET.get("member", "")
    context = {
        "partnership": partnership,
        "members": members.filter(pk=wanted) if wanted.isdecimal() and len(wanted) < 19 else members.filter(email=""),
        "minute_taker": members.filter(role=Member.Role.MINUTE_TAKER).first(),
        "meeting": partnership.meetings.taking_place().upcoming().first(),
    }
    return render(request, "partnerships/people/on_paper.html", context)


def _about(request: SignedInRequest, member: Member) -> dict[str, Any]:
    partnership = member.partnership
    return {
        "partnership": partnership,
        "member": member,
        "is_me": member.user == request.user,
        "is_last_minute_taker": member.role == Member.Role.MINUTE_TAKER
        and _minute_takers(partnership) == 1
        and not member.left_on,
        "may_set_up": Right.SET_UP in partnership.rights,
    }


def _minute_takers(partnership: Partnership) -> int:
    return partnership.members.current().filter(role=Member.Role.MINUTE_TAKER).count()


def _warn_without_minute_taker(request: SignedInRequest, partnership: Partnership) -> None:
    if not _minute_takers(partnership):
        messages.warning(request, _("This partnership has no minute-taker now."))


def _onwards(request: SignedInRequest, left: Member) -> HttpResponse:
    """Where to go once a membership has ended: whoever ended their own may not see the list any more."""
    _warn_without_minute_taker(request, left.partnership)
    return redirect("home") if left.user == request.user else redirect("partnerships:members", left.partnership.slug)


def _saved(form: MemberForm, act: Callable[[], object]) -> bool:
    """Whether the act was done; the database has the last word on who is on the partnership already."""
    try:
        act()
    except IntegrityError:
        if form.cleaned_data["email"]:
            form.add_error("email", _("Somebody on this partnership has this email address already."))
        else:
            form.add_error("name", _("Somebody of this name and organisation is here already, without an address."))
        return False
    return True


def _form_page(request: SignedInRequest, template: str, form: MemberForm, **more: object) -> HttpResponse:
    context = {"form": form, "partnership": form.instance.partnership, **more}
    return render(request, template, context, status=422 if form.errors else 200)
