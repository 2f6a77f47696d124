"""Between stop and table: the comments, and the last question."""

from __future__ import annotations

from typing import Unpack

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coprod.common.forms import posted
from feedback.anonymity.seals import SealLost
from feedback.models import Phase, Round
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.rounds.comment_forms import EditForm, ExplanationForm
from feedback.rounds.phases import WrongPhase
from feedback.rounds.views.desk import Came, Place, frame, get_round_for, sealed, to_desk, unwritable
from partnerships.permissions import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """GET reads them, or asks whether to; POST shows them, and once read edits those that were changed."""
    round = get_round_for(request.user, **place)
    try:
        if request.method == "POST":
            return _edit(request, round) if "read" in request.POST else _show(request, round)
        return _read(request, round)
    except WrongPhase as wrong:
        messages.warning(
            request, _("Comments cannot be read now. How it stands: %(phase)s.") % {"phase": wrong.phase.label}
        )
    except SealLost:
        messages.error(request, sealed())
    except OperationalError:
        messages.error(request, unwritable())
    return to_desk(round)


def _read(request: SignedInRequest, round: Round) -> HttpResponse:
    came = Came.of(round)
    if round.phase == Phase.STOPPED and came.slips >= round.slips_needed:
        round.seal()
        return render(request, "feedback/rounds/show_comments.html", frame(round) | {"came": came})
    return _page(request, round, [EditForm(comment) for comment in reading.comments_of(round=round)])


def _show(request: SignedInRequest, round: Round) -> HttpResponse:
    reading.show_comments(round_id=round.pk, by=request.user)
    return redirect(round.address("comments"))


def _edit(request: SignedInRequest, round: Round) -> HttpResponse:
    forms = [
        EditForm(comment, request.POST if f"{comment.name}-how" in request.POST else None)
        for comment in reading.comments_of(round=round)
    ]
    touched = [form for form in forms if form.is_touched]
    if any(form.errors for form in touched):
        return _page(request, round, forms, status=422)
    try:
        reading.edit_comments(
            round_id=round.pk, changes={form.comment.name: form.edit for form in touched}, by=request.user
        )
    except OperationalError:
        messages.error(request, unwritable())
        return _page(request, round, forms, status=503)
    if "stay" in request.POST:
        messages.success(request, _("Saved. Nothing is final until the table is made."))
        return redirect(round.address("comments"))
    return redirect(round.address("collate"))


def _page(request: SignedInRequest, round: Round, forms: list[EditForm], *, status: int = 200) -> HttpResponse:
    context = frame(round) | {"forms": forms, "wrong": status == 422}
    return render(request, "feedback/rounds/comments.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collate(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """GET asks, POST does."""
    round = get_round_for(request.user, **place)
    came = Came.of(round)
    if round.phase == Phase.STOPPED and came.slips >= round.slips_needed:
        return redirect(round.address("comments"))
    try:
        return _make(request, round, came) if request.method == "POST" else _ask(request, round, came)
    except WrongPhase as wrong:
        messages.warning(
            request, _("It cannot be collated now. How it stands: %(phase)s.") % {"phase": wrong.phase.label}
        )
    except SealLost:
        messages.error(request, sealed())
    except OperationalError:
        messages.error(request, unwritable())
    return to_desk(round)


def _make(request: SignedInRequest, round: Round, came: Came) -> HttpResponse:
    form = ExplanationForm(posted(request))
    if came.exceed and not form.is_valid():
        return _ask(request, round, came, form)
    try:
        scoring.collate(
            round_id=round.pk, explanation=form.cleaned_data["explanation"] if came.exceed else "", by=request.user
        )
    except scoring.NeedsExplanation:  # somebody has just put another number present down
        return redirect(round.address("collate"))
    made = round.phase == Phase.COMMENTS
    messages.success(
        request,
        _("The table is made, and all slips are destroyed.")
        if made
        else _("Finished without figures. All slips are destroyed."),
    )
    return redirect(round.address("table"))


def _ask(request: SignedInRequest, round: Round, came: Came, form: ExplanationForm | None = None) -> HttpResponse:
    if round.phase not in {Phase.STOPPED, Phase.COMMENTS}:
        return to_desk(round)
    comments = reading.comments_of(round=round) if round.phase == Phase.COMMENTS else []
    edits = [comment.edit for comment in comments if comment.edit]
    withheld = sum(edit.withholds for edit in edits)
    context = frame(round) | {
        "came": came,
        "form": (form or ExplanationForm()) if came.exceed else None,
        "comments": len(comments),
        "withheld": withheld,
        "blacked_out": len(edits) - withheld,
    }
    return render(request, "feedback/rounds/collate.html", context, status=422 if form else 200)
