"""Many members at once: in from a spreadsheet, out as one."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.uploads import takes_file
from partnerships.forms import ImportForm, posted
from partnerships.imports import HEADINGS, Plan, carry_out, lines_of, make_plan, told
from partnerships.models import Act, Area, Entry, Member
from partnerships.permissions import SignedInRequest, get_area_for
from partnerships.sheets import MOST_BYTES, Sheet, Unreadable, write_csv


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(most_bytes=MOST_BYTES)
def import_members(request: SignedInRequest, slug: str) -> HttpResponse:
    """POST shows what would happen; sent again with that plan's fingerprint, it happens."""
    area = get_area_for(request.user, slug)
    form = ImportForm(posted(request), request.FILES or None, area=area, initial=request.GET.dict())
    plan, unused = _plan(area, form) if form.is_valid() else (None, [])
    if plan and not plan.wrong and request.POST.get("agreed") == plan.fingerprint:
        if _done(request, plan):
            return redirect(area)
        plan, unused = _plan(area, form)
    return _page(request, area, form, plan, unused)


def _plan(area: Area, form: ImportForm) -> tuple[Plan | None, list[str]]:
    partnership = form.cleaned_data["partnership"]
    try:
        lines, unused = lines_of(form.cleaned_data["sheet"], needs_partnership=partnership is None)
    except Unreadable as unreadable:
        form.add_error("rows" if form.cleaned_data["rows"] else "file", str(unreadable))
        return None, []
    return make_plan(area, lines, partnership=partnership), unused


def _done(request: SignedInRequest, plan: Plan) -> bool:
    try:
        carry_out(plan, by=request.user)
    except IntegrityError:
        messages.warning(request, _("Nothing was imported: somebody changed the members meanwhile. Look again."))
        return False
    messages.success(request, _("Imported: %(what)s. You can send invitations now.") % {"what": told(plan)})
    return True


def _page(request: SignedInRequest, area: Area, form: ImportForm, plan: Plan | None, unused: list[str]) -> HttpResponse:
    sheet = form.cleaned_data.get("sheet") if form.is_bound else None
    context = {"area": area, "form": form, "plan": plan, "unused": unused, "sheet": sheet}
    if sheet:
        context["cells"] = _as_text(sheet)
    if plan:
        context["told"] = told(plan)
    refused = form.is_bound and (plan is None or plan.wrong)
    return render(request, "partnerships/import.html", context, status=422 if refused else 200)


def _as_text(sheet: Sheet) -> str:
    """The cells as pasting them would give them, so that they can be mended in the box."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(row.cells for row in sheet.rows)
    return text.getvalue()


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
