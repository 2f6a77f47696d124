"""Slips on paper, typed in: one row a slip, each saved by a request of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Unpack

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from feedback.anonymity.seals import SealLost
from feedback.models import Phase, Round
from feedback.rounds.phases import WrongPhase
from feedback.rounds.views.desk import Came, Place, frame, get_round_for, sealed, to_desk
from feedback.scores.instruments import Instrument
from feedback.slips.paper import RowChanged, paper_slips, record_paper_slip, remove_paper_slip
from feedback.slips.paper_forms import NO_NAME, PaperForm, Row, paper_form
from partnerships.permissions import SignedInRequest


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """GET shows the rows and an empty one; POST saves or removes one. htmx gets what is new in that row alone."""
    round = get_round_for(request.user, **place)
    form = paper_form(round.instrument)(request.POST) if request.method == "POST" else None
    try:
        return _receive(request, round, form) if form else _page(request, round)
    except WrongPhase as wrong:
        return _refuse(request, round, form, _closed(wrong.phase))
    except SealLost:
        return _refuse(request, round, form, sealed())


def _receive(request: SignedInRequest, round: Round, form: PaperForm) -> HttpResponse:
    is_valid = form.is_valid()
    if form.asks_to_remove:
        return _remove(request, round, form)
    if not is_valid:
        return _again(request, round, form, status=422)
    try:
        slip = record_paper_slip(
            round_id=round.pk,
            name=bytes.fromhex(form.row_name),
            revision=form.cleaned_data["revision"],
            content=form.content,
            by=request.user,
        )
    except RowChanged:
        form.add_error(None, _("Somebody else changed this row. Load the page again."))
        return _again(request, round, form, status=409)
    row = Row.stored(round.instrument, slip, total=form.cleaned_data["total"])
    if request.htmx:
        return _part(request, round, row)
    if row.differs:
        return _page(request, round, replace(row, focus=row.boxes[0].key))
    messages.success(request, _("Row %(number)s saved.") % {"number": row.number})
    return redirect(request.path)


def _remove(request: SignedInRequest, round: Round, form: PaperForm) -> HttpResponse:
    remove_paper_slip(round_id=round.pk, name=bytes.fromhex(form.row_name), by=request.user)
    row = Row.typed(form)
    done = _("Row %(number)s removed.") % {"number": row.number}
    if request.htmx:
        context = frame(round) | {"done": done, "came": Came.of(round)}
        headers = {"HX-Retarget": f"#row-{row.id}", "HX-Reswap": "delete"}
        return HttpResponse(render_to_string("feedback/slips/_paper_part.html", context), headers=headers)
    messages.success(request, done)
    return redirect(request.path)


def _again(request: SignedInRequest, round: Round, form: PaperForm, *, status: int) -> HttpResponse:
    """The row with everything typed still in it, and what is wrong."""
    row = Row.typed(form)
    if request.htmx:
        return _part(request, round, row, status=status)
    form.auto_id = f"{row.id}-%s"
    return _page(request, round, row, form=form, status=status)


def _refuse(request: SignedInRequest, round: Round, form: PaperForm | None, problem: str) -> HttpResponse:
    """Where no row can be typed in: to the desk, which says why. A row that was just sent stays in sight."""
    if form and request.htmx:
        form.add_error(None, problem)
        return _part(request, round, Row.typed(form), status=409)
    messages.warning(request, problem)
    return to_desk(round)


def _closed(phase: Phase) -> str:
    if phase == Phase.PLANNED:
        return _("Scoring is not open yet. Paper slips can be typed in once it is.")
    return _("Slips on paper can no longer be added or changed. How it stands: %(phase)s.") % {"phase": phase.label}


def _part(request: SignedInRequest, round: Round, row: Row, *, status: int = 200) -> HttpResponse:
    context = frame(round) | {"row": row, "came": Came.of(round)}
    return render(request, "feedback/slips/_paper_part.html", context, status=status)


def _page(
    request: SignedInRequest, round: Round, sent: Row | None = None, *, form: PaperForm | None = None, status: int = 200
) -> HttpResponse:
    """All rows and an empty one. `sent` is a row to look at again: it stands in its place, and typing goes on there."""
    instrument = round.instrument
    rows = {row.name: row for row in (Row.stored(instrument, slip) for slip in paper_slips(round=round))}
    if sent:
        rows[sent.name] = sent
    short = {option.key: option.short for option in instrument.scale}
    context = frame(round) | {
        "came": Came.of(round),
        "form": form,
        "rows": [*rows.values(), Row.empty(instrument, focus="" if sent else instrument.statements[0].key)],
        "pattern": Row.empty(instrument, name=NO_NAME),
        "marks": json.dumps({mark: short[key] for mark, key in instrument.marks.items()}),
        "letters": ", ".join(short.values()),
        "is_many": instrument.is_long,
        "legend": _legend(instrument),
    }
    return render(request, "feedback/slips/paper.html", context, status=status)


def _legend(instrument: Instrument) -> list[tuple[str, list[str]]]:
    """Each answer, and all that may be typed for it."""
    return [
        (option.label, [mark.upper() for mark, key in instrument.marks.items() if key == option.key])
        for option in instrument.scale
    ]
