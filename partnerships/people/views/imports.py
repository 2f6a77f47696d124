"""Many members at once: in from a spreadsheet, out as one."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from coprod.common.sheets import MOST_BYTES, write_csv, write_typed
from coprod.common.uploads import takes_file
from partnerships.models import Act, Area, Entry, Member, Partnership
from partnerships.people.imports import HEADINGS, Changed, Line, Plan, carry_out, lines_of, make_plan, told
from partnerships.people.imports.forms import ImportForm
from partnerships.permissions import SignedInRequest, get_area_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(most_bytes=MOST_BYTES)
def import_members(request: SignedInRequest, slug: str) -> HttpResponse:
    """POST shows what would happen; sent again with that plan's fingerprint, it happens."""
    area = get_area_for(request.user, slug)
    initial = {"partnership": request.GET.get("partnership")}
    form = ImportForm(posted(request), request.FILES or None, area=area, initial=initial)
    lines, unused = form.lines(lines_of)
    if lines and "agreed" in request.POST:
        if _done(request, area, lines, form.cleaned_data["partnership"]):
            return redirect(form.cleaned_data["partnership"] or area)
        messages.warning(request, _("Nothing was imported: things have changed since you looked. Look again."))
    plan = make_plan(area, lines, partnership=form.cleaned_data["partnership"]) if lines else None
    return _page(request, area, form, plan, unused)


def _done(request: SignedInRequest, area: Area, lines: Sequence[Line], partnership: Partnership | None) -> bool:
    agreed = request.POST["agreed"]
    try:
        done = carry_out(area, lines, partnership=partnership, agreed=agreed, by=request.user)
    except Changed:
        return False
    messages.success(request, _("Imported: %(what)s.") % {"what": done})
    return True


def _page(request: SignedInRequest, area: Area, form: ImportForm, plan: Plan | None, unused: list[str]) -> HttpResponse:
    sheet = form.cleaned_data.get("sheet") if form.is_bound else None
    context = {"area": area, "form": form, "plan": plan, "unused": unused, "sheet": sheet}
    if plan:
        rows = [(1, [column.capitalize() for column in HEADINGS])]
        rows += [(step.line.number, step.line.cells) for step in plan.steps]
        context |= {"cells": write_typed(rows), "told": told(plan)}
    elif sheet:
        context["cells"] = write_typed([(row.number, row.cells) for row in sheet.rows])
    context["may_agree"] = may_agree = plan is not None and not plan.wrong
    refused = form.is_bound and not may_agree
    return render(request, "partnerships/people/import.html", context, status=422 if refused else 200)


@never_cache
@require_safe
def export_members(request: SignedInRequest, slug: str) -> HttpResponse:
    """All current members of the area as CSV, in the columns that the import reads."""
    area = get_area_for(request.user, slug)
    members = Member.objects.current().filter(partnership__area=area).select_related("partnership", "organisation")
    rows = [
        (m.partnership.name, m.name, m.email, m.organisation.name, m.organisation.get_sector_display(), role)
        for m in members.order_by("partnership__name", "name", "pk")
        if (role := m.get_role_display())
    ]
    Entry.objects.write(Act.EXPORTED, by=request.user, area=area, detail=str(len(rows)))
    name = f"{area.slug}-members-{timezone.localdate():%Y-%m-%d}.csv"
    return HttpResponse(
        write_csv([[column.capitalize() for column in HEADINGS], *rows]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
