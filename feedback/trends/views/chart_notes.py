"""Notes on the charts: what changed from which day on, and where what is usual is worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coprod.common.forms import posted
from feedback.models import ChartNote
from feedback.trends import chart_notes as noting
from feedback.trends.forms import ChartNoteForm
from partnerships.models import Partnership
from partnerships.permissions import Right, SignedInRequest, get_partnership_for


def _one_at_a_time[**More](
    view: Callable[Concatenate[SignedInRequest, More], HttpResponse],
) -> Callable[Concatenate[SignedInRequest, More], HttpResponse]:
    """What a page sends is looked at and saved in one transaction; who only reads waits for nobody."""

    @wraps(view)
    def inside(request: SignedInRequest, *args: More.args, **kwargs: More.kwargs) -> HttpResponse:
        with transaction.atomic() if request.method == "POST" else nullcontext():
            return view(request, *args, **kwargs)

    return inside


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_one_at_a_time
def chart_notes(request: SignedInRequest, slug: str) -> HttpResponse:
    """All notes, for all members; who runs feedback adds one."""
    partnership = _loaded(request, slug, Right.READ if request.method != "POST" else Right.RUN_FEEDBACK)
    may_run = Right.RUN_FEEDBACK in partnership.rights
    form = ChartNoteForm(posted(request), instance=ChartNote(partnership=partnership)) if may_run else None
    if form and form.is_valid():
        noting.note_change(note=form.instance, by=request.user)
        return _saved(request, slug, form)
    context = {"partnership": partnership, "form": form, "notes": partnership.chart_notes.all()}
    return render(request, "feedback/trends/chart_notes.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_one_at_a_time
def chart_note(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    partnership = _loaded(request, slug, Right.RUN_FEEDBACK)
    note = partnership.chart_notes.filter(pk=pk).first()
    if note is None:
        return _gone(request, slug)
    note.partnership = partnership
    form = ChartNoteForm(posted(request), instance=note)
    if form.is_valid():
        noting.change_note(note=note, by=request.user)
        return _saved(request, slug, form)
    context = {"partnership": partnership, "form": form, "pk": pk}
    return render(request, "feedback/trends/chart_note.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_one_at_a_time
def remove_chart_note(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    partnership = _loaded(request, slug, Right.RUN_FEEDBACK)
    note = partnership.chart_notes.filter(pk=pk).first()
    if note is None:
        return _gone(request, slug)
    note.partnership = partnership
    if request.method == "POST":
        noting.remove_note(note=note, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("feedback:trends", slug)
    return render(request, "feedback/trends/remove_chart_note.html", {"partnership": partnership, "note": note})


def _loaded(request: SignedInRequest, slug: str, right: Right) -> Partnership:
    """The partnership; whoever writes has its notes to themselves until all is done."""
    partnership = get_partnership_for(request.user, slug, right)
    if request.method == "POST":
        noting.lock(partnership)
    return partnership


def _saved(request: SignedInRequest, slug: str, form: ChartNoteForm) -> HttpResponse:
    words = _("Saved.")
    if form.instance.resets_limits and {"resets_limits", "date"} & set(form.changed_data):
        words += " " + _(
            "What is usual is worked out anew from %(day)s on: nothing is called real until ten meetings have "
            "followed. To take that back, change or remove the note."
        ) % {"day": date_format(form.instance.date, "j F Y")}
    messages.success(request, words)
    return redirect("feedback:trends", slug)


def _gone(request: SignedInRequest, slug: str) -> HttpResponse:
    messages.warning(request, _("This note is gone: somebody has removed it. Nothing was changed."))
    return redirect("feedback:chart_notes", slug)
