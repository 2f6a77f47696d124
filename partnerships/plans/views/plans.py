"""The plan for a year: to read, to write row by row, and to say how far it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import number as number_in
from coprod.common.forms import posted
from partnerships.models import Aim, PlanRow, Year
from partnerships.permissions import Right, SignedInRequest, get_year_for
from partnerships.plans import service as plans
from partnerships.plans.forms import LEVELS, Level, PlanForm, ProgressForm

type View[**More] = Callable[Concatenate[SignedInRequest, str, int, More], HttpResponse]


def _says_what_is_gone[**More](view: View[More]) -> View[More]:
    """Back to the plan, with what was typed, from the page of something that is no longer in it."""

    @wraps(view)
    def inside(request: SignedInRequest, slug: str, number: int, *args: More.args, **kwargs: More.kwargs):
        try:
            return view(request, slug, number, *args, **kwargs)
        except plans.Gone:
            words = _("Nothing was saved: somebody has removed this, or what it stands under, from the plan meanwhile.")
            if typed := request.POST.get("text") or request.POST.get("progress"):
                words += " " + _("You typed: “%(text)s”") % {"text": typed[:1000]}
            messages.warning(request, words)
            return redirect("partnerships:plan", slug, number)

    return inside


def _found(year: Year, level: Level, pk: int) -> PlanRow:
    """The row of this year's plan, with all that it stands under. Raises Gone."""
    model = level.model
    rows = model.objects.in_year(year.partnership, year.number).select_related(model.to_year)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise plans.Gone
    return row


def _level(name: str) -> Level:
    if name not in LEVELS:
        raise Http404
    return LEVELS[name]


@never_cache
@require_safe
def plan(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    may_change = Right.PLAN_MEETINGS in year.partnership.rights
    context = {
        "partnership": year.partnership,
        "year": year,
        "plan": plans.plan_of(year),
        "levels": LEVELS.values(),
        "may_change": may_change,
        "left_over": plans.left_over(year).count() if may_change else 0,
    }
    return render(request, "partnerships/plans/plan.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_says_what_is_gone
def new_row(request: SignedInRequest, slug: str, number: int, *, level: str, under: int = 0) -> HttpResponse:
    """An aim, an outcome under an aim, or an objective under an outcome: `under` is the key of that."""
    year = get_year_for(request.user, slug, number, Right.PLAN_MEETINGS)
    kind = _level(level)
    above = _found(year, LEVELS[_ABOVE[level]], under) if level in _ABOVE else year
    form = kind.form(posted(request), instance=kind.model(**{kind.model.parent_field: above}), year=year)
    if _written(form, lambda: plans.add(year=year, row=form.instance, by=request.user)):
        messages.success(request, _("Added to the plan."))
        return redirect(f"{year.plan_url}#{level}-{form.instance.pk}")
    return _page(request, "partnerships/plans/plan_row.html", kind, form)


# What the rows of a level stand under; aims stand under the year.
_ABOVE = {"outcomes": "aims", "objectives": "outcomes"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_says_what_is_gone
def row(request: SignedInRequest, slug: str, number: int, level: str, pk: int) -> HttpResponse:
    """Changes it; `do=up` and `do=down` save what is typed, and move it too."""
    year = get_year_for(request.user, slug, number, Right.PLAN_MEETINGS)
    kind = _level(level)
    form = kind.form(posted(request), instance=_found(year, kind, pk), year=year)
    step = {"up": -1, "down": 1}.get(request.POST.get("do", ""), 0)
    if _changed(request, form, step=step):
        messages.success(request, _("Saved."))
        return redirect(request.path if step else f"{year.plan_url}#{level}-{pk}")
    siblings = list(form.instance.siblings().values_list("pk", flat=True))
    place = {"place": siblings.index(pk) + 1, "places": len(siblings)}
    return _page(request, "partnerships/plans/plan_row.html", kind, form, row=form.instance, level_name=level, **place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_says_what_is_gone
def progress(request: SignedInRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Says how far an objective is; `do=next` goes on to the next one that is open."""
    year = get_year_for(request.user, slug, number, Right.PLAN_MEETINGS)
    objectives = plans.plan_of(year).objectives
    place = next((n for n, each in enumerate(objectives) if each.pk == pk), None)
    if place is None:
        raise plans.Gone
    following = next((each for each in objectives[place + 1 :] if each.is_open), None)
    form = ProgressForm(posted(request), instance=objectives[place], year=year)
    if _changed(request, form):
        messages.success(request, _("Saved."))
        if following and request.POST.get("do") == "next":
            return redirect("partnerships:plan_progress", slug, number, following.pk)
        return redirect(f"{year.plan_url}#objectives-{pk}")
    return _page(request, "partnerships/plans/plan_progress.html", LEVELS["objectives"], form, following=following)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_says_what_is_gone
def remove_row(request: SignedInRequest, slug: str, number: int, level: str, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    year = get_year_for(request.user, slug, number, Right.PLAN_MEETINGS)
    kind = _level(level)
    found = _found(year, kind, pk)
    if request.method == "POST":
        under = number_in(request.POST.get("under")) or 0
        try:
            plans.remove(year=year, row=found, under=under, by=request.user)
        except plans.Refused as refused:
            messages.warning(request, refused.message)
            return redirect(request.path)
        messages.success(request, _("Removed."))
        return redirect(year.plan_url)
    context = {"partnership": year.partnership, "year": year, "level": kind, "row": found, "under": found.under()}
    return render(request, "partnerships/plans/plan_remove.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Copies what the year before has not finished. GET, after a sign-in, does nothing."""
    year = get_year_for(request.user, slug, number, Right.PLAN_MEETINGS)
    if request.method == "POST":
        taken, left = plans.take_over(year=year, by=request.user)
        said = ngettext("%(n)s objective is taken over.", "%(n)s objectives are taken over.", taken)
        messages.success(request, said % {"n": taken})
        if left:
            said = ngettext("For %(n)s there is no room.", "For %(n)s there is no room.", left)
            messages.warning(request, said % {"n": left})
    return redirect("partnerships:plan", slug, number)


def _changed(request: SignedInRequest, form: PlanForm, *, step: int = 0) -> bool:
    """Whether the form's fields of its row are saved. Raises Gone."""

    def write() -> None:
        seen = form.cleaned_data["seen"]
        plans.change(year=form.year, row=form.instance, names=form.names, seen=seen, by=request.user, step=step)

    return _written(form, write)


def _written(form: PlanForm, write: Callable[[], object]) -> bool:
    """Whether the form is right and all of it is written; if not it says why. Raises Gone."""
    if not form.is_valid():
        return False
    try:
        write()
    except plans.ChangedMeanwhile as changed:
        form.rebase(changed)
    except plans.Refused as refused:
        form.add_error("text", refused.message)
    return not form.errors


def _page(request: SignedInRequest, template: str, level: Level, form: PlanForm, **more: Any) -> HttpResponse:
    year, row = form.year, form.instance
    above = None if isinstance(row, Aim) else row.parent
    context = {"partnership": year.partnership, "year": year, "level": level, "form": form, "above": above, **more}
    return render(request, template, context, status=422 if form.errors else 200)
