"""The partner bodies of an area: their names and sectors."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from partnerships.models import Act, Entry
from partnerships.people import membership
from partnerships.people.forms import OrganisationForm
from partnerships.permissions import SignedInRequest, get_area_for


@never_cache
@require_safe
def organisations(request: SignedInRequest, slug: str) -> HttpResponse:
    area = get_area_for(request.user, slug)
    current = Count("members", filter=Q(members__left_on=None))
    context = {"area": area, "organisations": area.organisations.annotate(current_members=current).order_by("name")}
    return render(request, "partnerships/people/organisations.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def organisation(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    area = get_area_for(request.user, slug)
    if request.method == "POST":
        membership.lock(area.pk)
    organisation = get_object_or_404(area.organisations, pk=pk)
    name = organisation.name
    form = OrganisationForm(posted(request), instance=organisation)
    if form.is_valid():
        form.save()
        Entry.objects.write(Act.ORGANISATION_CHANGED, by=request.user, area=area)
        messages.success(request, _("Saved."))
        return redirect("partnerships:organisations", slug)
    context = {"area": area, "form": form, "name": name}
    return render(request, "partnerships/people/organisation_form.html", context, status=422 if form.errors else 200)
