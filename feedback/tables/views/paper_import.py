"""Tables that were kept on paper: in from a spreadsheet, and out again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import number, posted
from coprod.common.sheets import MOST_BYTES, write_csv, write_typed
from coprod.common.uploads import takes_file
from feedback.rounds.views.desk import frame, get_round_for
from feedback.tables.forms import TablesForm
from feedback.tables.paper_import import Changed, Line, Plan, carry_out, lines_of, make_plan, remove, told
from feedback.tables.paper_import.examples import example
from partnerships.models import Area, Partnership
from partnerships.permissions import Right, SignedInRequest, get_area_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(most_bytes=MOST_BYTES)
def import_tables(request: SignedInRequest, slug: str) -> HttpResponse:
    """POST shows what would happen; sent again with that plan's fingerprint, it happens."""
    area = get_area_for(request.user, slug)
    chosen = area.partnerships.filter(pk=number(request.GET.get("partnership")) or 0).first()
    form = TablesForm(posted(request), request.FILES or None, area=area, initial={"partnership": chosen})
    lines, unused = form.lines(lines_of)
    partnership = form.cleaned_data.get("partnership") if form.is_bound else chosen
    if lines and "agreed" in request.POST:
        if _done(request, area, lines, partnership):
            trends = ("feedback:trends", partnership.slug) if partnership else ("feedback:area_trends", slug)
            return redirect(*trends)
        messages.warning(request, _("Nothing was put in: things have changed since you looked. Look again."))
    plan = make_plan(area, lines, partnership=partnership) if lines else None
    context = {"area": area, "partnership": partnership, "form": form, "plan": plan, "unused": unused}
    return _page(request, form, plan, context)


def _done(request: SignedInRequest, area: Area, lines: Sequence[Line], partnership: Partnership | None) -> bool:
    agreed = request.POST["agreed"]
    try:
        done = carry_out(area, lines, partnership=partnership, agreed=agreed, by=request.user)
    except Changed:
        return False
    messages.success(request, _("Put in: %(what)s.") % {"what": done})
    return True


def _page(request: SignedInRequest, form: TablesForm, plan: Plan | None, context: dict[str, object]) -> HttpResponse:
    sheet = form.cleaned_data.get("sheet") if form.is_bound else None
    if sheet:
        cells = write_typed([(row.number, row.cells) for row in sheet.rows])
        context |= {"sheet": sheet, "cells": cells, "told": told(plan) if plan else ""}
    context["may_agree"] = may_agree = plan is not None and not plan.problems
    refused = form.is_bound and not may_agree
    return render(request, "feedback/tables/import_tables.html", context, status=422 if refused else 200)


@never_cache
@require_safe
def example_file(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """A sheet to fill in, with an invented meeting."""
    get_area_for(request.user, slug)
    rows = example(kind)
    if rows is None:
        raise Http404
    return HttpResponse(
        write_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="old-tables-{kind}.csv"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_table(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    round = get_round_for(request.user, Right.SET_UP, slug=slug, pk=pk)
    table = getattr(round, "table", None)
    is_from_paper = table is not None and table.imported_on is not None
    if is_from_paper and request.method != "POST":
        return render(request, "feedback/tables/remove_table.html", frame(round) | {"table": table})
    if request.method == "POST" and remove(round=round, by=request.user):
        messages.success(request, _("The table is removed."))
        return redirect("feedback:trends", slug)
    messages.warning(request, _("Nothing was removed: only a table that was kept on paper can be."))
    return redirect(round.address("table"))
