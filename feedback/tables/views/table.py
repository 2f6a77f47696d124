"""The collated table, as a page and as the PDF for the next agenda."""

from __future__ import annotations

from typing import Unpack

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.models import Round, Table
from feedback.rounds.views.desk import Place, frame, get_round_for, why_sealed
from feedback.rounds.views.printing import pdf_response
from feedback.tables.context import shown_of
from partnerships.permissions import Right, SignedInRequest


@never_cache
@require_safe
def table(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    round = get_round_for(request.user, Right.READ, **place)
    table = getattr(round, "table", None)
    if table is None:
        context = frame(round) | {"sealed": why_sealed(round)}
        return render(request, "feedback/tables/no_table.html", context)
    may_raise = Right.RUN_FEEDBACK in round.partnership.rights and not table.is_too_small
    may_remove = Right.SET_UP in round.partnership.rights and table.imported_on is not None
    context = context_of(table, round, may_raise=may_raise) | {"may_remove": may_remove}
    return render(request, "feedback/tables/table.html", context)


@never_cache
@require_safe
def table_pdf(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """`?comments=no` leaves the comments out. A table never changes, so each PDF is made once and kept."""
    round = get_round_for(request.user, Right.READ, **place)
    table = getattr(round, "table", None)
    if table is None:
        return redirect(round.address("table"))
    with_comments = request.GET.get("comments") != "no"
    context = context_of(table, round) | {"with_comments": with_comments}
    html = render_to_string("feedback/tables/table_pdf.html", context)
    pdf = table.pdf(html, with_comments=with_comments)
    return pdf_response(round, pdf, "feedback")


def context_of(table: Table, round: Round, *, may_raise: bool = False) -> dict[str, object]:
    """What both templates show. `may_raise`: each comment on a meeting has a button that makes it a suggestion."""
    raised = None
    if may_raise and round.meeting:
        raised = set(round.meeting.suggestions.values_list("text", flat=True))
    return frame(round) | shown_of(table, round, table.previous(), raised=raised)
