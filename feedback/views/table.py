"""The collated table, as a page and as the PDF for the next agenda."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter.texts import SOURCE
from feedback.models import Round, Table
from feedback.prompts import prompts_for
from feedback.views.desk import get_round_for, why_sealed
from feedback.views.printing import pdf_response
from partnerships.permissions import Right, SignedInRequest


@never_cache
@require_safe
def table(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    round = get_round_for(request.user, slug, pk, Right.READ)
    table = getattr(round, "table", None)
    if table is None:
        context = {"round": round, "meeting": round.meeting, "sealed": why_sealed(round)}
        return render(request, "feedback/no_table.html", context)
    may_raise = Right.RUN_FEEDBACK in round.meeting.partnership.rights and not table.is_too_small
    return render(request, "feedback/table.html", context_of(table, round, may_raise=may_raise))


@never_cache
@require_safe
def table_pdf(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """`?comments=no` leaves the comments out. A table never changes, so each PDF is made once and kept."""
    round = get_round_for(request.user, slug, pk, Right.READ)
    table = getattr(round, "table", None)
    if table is None:
        return redirect("feedback:table", slug, pk)
    with_comments = request.GET.get("comments") != "no"
    context = context_of(table, round) | {"with_comments": with_comments}
    html = render_to_string("feedback/table_pdf.html", context)
    pdf = table.pdf(html, with_comments=with_comments)
    return pdf_response(round, pdf, "feedback")


def context_of(table: Table, round: Round, *, may_raise: bool = False) -> dict[str, object]:
    """What both templates show: the table, and beside each average that of the table before.

    `may_raise`: each comment has a button that makes it a suggestion.
    """
    tabulation, previous = table.tabulation(), table.previous()
    before = previous.tabulation() if previous else None
    rows = zip(tabulation.rows, before.rows, strict=True) if tabulation and before else None
    return {
        "meeting": round.meeting,
        "round": round,
        "table": table,
        "tabulation": tabulation,
        "rows": rows or [(row, None) for row in (tabulation.rows if tabulation else ())],
        "previous": previous,
        "before": before,
        "questions": [
            (question, (table.comments or {}).get(question.key, [])) for question in round.instrument.questions
        ],
        "raised": set(round.meeting.suggestions.values_list("text", flat=True)) if may_raise else None,
        "with_comments": True,
        "prompts": prompts_for(tabulation),
        "steps_source": SOURCE,
    }
