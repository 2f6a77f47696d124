"""The coordinator's area: its partnerships, its settings, who looks after it, what was done."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from coprod.common.tree import branches
from partnerships.models import Act, Area, Coordinator, Entry, Member, Partnership
from partnerships.people import invitations, membership
from partnerships.people.directory import partnerships_of
from partnerships.people.forms import AreaForm, CoordinatorForm, FindForm, PartnershipForm
from partnerships.people.membership import LastCoordinator
from partnerships.permissions import Right, SignedInRequest, get_area_for, get_partnership_for

ENTRIES_A_PAGE = 50


@never_cache
@require_safe
def area(request: SignedInRequest, slug: str) -> HttpResponse:
    """All partnerships with their depth; of a search, those that fit."""
    area = get_area_for(request.user, slug)
    form = FindForm(request.GET)
    members = Member.objects.filter(partnership__area=area)
    context = {
        "area": area,
        "form": form,
        "branches": branches(form.narrow(partnerships_of(area))),
        "total": area.partnerships.count(),
        "members": members.current().count(),
        "waiting": invitations.waiting(members).count(),
        "erasures": members.exclude(erasure_asked_on=None).count(),
    }
    return render(request, "partnerships/people/area.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_partnership(request: SignedInRequest, slug: str) -> HttpResponse:
    area = get_area_for(request.user, slug)
    form = PartnershipForm(posted(request), instance=Partnership(area=area))
    if _saved(request, form, Act.PARTNERSHIP_ADDED):
        messages.success(request, _("“%(name)s” is set up. Add its members next.") % {"name": form.instance})
        return redirect("partnerships:members", form.instance.slug)
    context = {"area": area, "form": form, "partnership": None}
    return render(request, "partnerships/people/partnership_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def partnership_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug, Right.SET_UP)
    name = partnership.name
    form = PartnershipForm(posted(request), instance=partnership)
    if _saved(request, form, Act.PARTNERSHIP_CHANGED):
        messages.success(request, _("Saved."))
        return redirect(partnership)
    context = {"area": partnership.area, "form": form, "partnership": partnership, "name": name}
    return render(request, "partnerships/people/partnership_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _saved(request: SignedInRequest, form: PartnershipForm, act: Act) -> bool:
    """Whether it was sent, was right and is saved. Checked under the area's lock: a name is taken once."""
    if not form.is_bound:
        return False
    membership.lock(form.instance.area_id)
    if not form.is_valid():
        return False
    partnership = form.save()
    Entry.objects.write(act, by=request.user, partnership=partnership, detail=_changed(form))
    return True


def _changed(form: AreaForm | PartnershipForm) -> str:
    """What was changed, by the fields' labels, as long as the record takes."""
    return ", ".join(str(form.fields[name].label) for name in form.changed_data)[:200]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def area_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    area = get_area_for(request.user, slug)
    form = AreaForm(posted(request), instance=area)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            Entry.objects.write(Act.AREA_CHANGED, by=request.user, area=area, detail=_changed(form))
        messages.success(request, _("Saved."))
        return redirect(area)
    return render(
        request, "partnerships/people/area_form.html", {"area": area, "form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def coordinators(request: SignedInRequest, slug: str) -> HttpResponse:
    """POST names another one and invites them."""
    area = get_area_for(request.user, slug)
    form = CoordinatorForm(posted(request))
    if form.is_valid():
        _appoint(request, area, form)
        return redirect("partnerships:coordinators", area.slug)
    context = {"area": area, "form": form, "coordinators": area.coordinators.select_related("user")}
    return render(request, "partnerships/people/coordinators.html", context, status=422 if form.errors else 200)


def _appoint(request: SignedInRequest, area: Area, form: CoordinatorForm) -> None:
    coordinator, is_new = membership.appoint(area=area, by=request.user, **form.cleaned_data)
    if not is_new:
        words = _("%(name)s is a coordinator already. Nothing was changed.")
    elif invitations.send(invited=[coordinator], by=request.user, request=request, most=1) == (1, 0):
        words = _("%(name)s is a coordinator now, and was sent an invitation.")
    else:
        words = _("%(name)s is a coordinator now, but the invitation could not be sent. Tell them to sign in.")
    messages.success(request, words % {"name": coordinator})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    area = get_area_for(request.user, slug)
    coordinator = get_object_or_404(Coordinator.objects.select_related("user"), area=area, pk=pk)
    is_me = coordinator.user == request.user
    if request.method != "POST":
        return render(
            request, "partnerships/people/dismiss.html", {"area": area, "coordinator": coordinator, "is_me": is_me}
        )
    try:
        membership.dismiss(coordinator=coordinator, by=request.user)
    except LastCoordinator:
        messages.error(request, _("An area needs a coordinator who has signed in. Add another one, and wait for that."))
        return redirect("partnerships:coordinators", area.slug)
    messages.success(request, _("%(name)s is no longer a coordinator of this area.") % {"name": coordinator})
    return redirect("home") if is_me else redirect("partnerships:coordinators", area.slug)


@never_cache
@require_safe
def record(request: SignedInRequest, slug: str) -> HttpResponse:
    area = get_area_for(request.user, slug, Right.READ_RECORD)
    entries = area.record.select_related("by", "partnership", "meeting", "year__partnership", "member", "person")
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    members = Member.objects.filter(partnership__area=area, user__in={entry.by_id for entry in page})
    names = dict(members.values_list("user", "name"))
    # A coordinator's name is given by a coordinator: no minute-taker can change it.
    names |= {each.user_id: each.name for each in area.coordinators.exclude(name="")}
    for entry in page:
        entry.who = names.get(entry.by_id or 0, "")
    return render(request, "partnerships/people/record.html", {"area": area, "page": page})


@never_cache
@require_safe
def erasures(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who asked to be erased, oldest first."""
    area = get_area_for(request.user, slug)
    asked = Member.objects.filter(partnership__area=area).exclude(erasure_asked_on=None)
    asked = asked.select_related("partnership", "organisation").order_by("erasure_asked_on", "name", "pk")
    return render(request, "partnerships/people/erasures.html", {"area": area, "members": asked})
