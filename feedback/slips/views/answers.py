"""What became of the last suggestions, for a phone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.models import Round
from feedback.slips.views.score import Refused, find_card
from feedback.suggestions.ledger import answers_before, in_short


@login_not_required
@never_cache
@require_safe
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever has the meeting's code: what became of the last meeting's suggestions. No names of members."""
    try:
        card = find_card(request, code)
    except Refused as refused:
        return refused.response
    round = Round.objects.with_occasion().filter(pk=card.round_id).first()
    if round is None:
        raise Http404
    answered = answers_before(round.meeting) if round.meeting else []
    context = {"card": card, "suggestions": [(each, in_short(each)) for each in answered]}
    return HttpResponse(render_to_string("feedback/slips/answers.html", context))
