"""The agenda as one file to print: with the last table, what became of suggestions, and the code to score."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coprod.common.pdf import render_one_page, render_pdf
from feedback.models import Outcome, Phase, Suggestion, Table
from feedback.rounds.views.desk import get_round_for, qr_code
from feedback.rounds.views.printing import pdf_response
from feedback.suggestions.ledger import answers_before
from feedback.tables.views.table import context_of
from partnerships.meetings.agendas import shown
from partnerships.models import Meeting
from partnerships.permissions import Right, SignedInRequest

# Of the agenda on one page, in points: the first that fits is taken.
SIZES = (11, 10, 9, 8)


@never_cache
@require_safe
def agenda_pdf(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """`?short=yes` for the agenda alone, on one page as far as it fits; `?comments=no` leaves the comments out."""
    round = get_round_for(request.user, Right.READ, slug=slug, pk=pk)
    meeting = round.meeting
    assert meeting
    address = request.build_absolute_uri(reverse("feedback:score", args=[round.code]))
    takes_slips = round.phase in {Phase.PLANNED, Phase.OPEN} and not meeting.called_off_on
    context = shown(meeting) | {
        "round": round,
        "host": request.get_host(),
        "qr": qr_code(address, _("QR code that opens the page to score on")) if takes_slips else "",
    }
    if request.GET.get("short") == "yes":
        short = "feedback/suggestions/agenda_short_pdf.html"
        pdf = render_one_page(render_to_string(short, context | {"size": size}) for size in SIZES)
    else:
        last_time = _last_time(meeting, with_comments=request.GET.get("comments") != "no")
        pdf = render_pdf(render_to_string("feedback/suggestions/agenda_pdf.html", context | last_time))
    return pdf_response(round, pdf, "agenda")


def _last_time(meeting: Meeting, *, with_comments: bool) -> dict[str, object]:
    """The last table, the answers to its suggestions, and what still waits for one."""
    table = Table.objects.last_before(meeting)
    earlier = Suggestion.objects.about_meetings_before(meeting)
    shown = {"for_print": True, "with_comments": with_comments}
    return {
        "last": context_of(table, table.round) | shown if table else None,
        "answered": [each for each in answers_before(meeting) if each.outcome != Outcome.CARRIED],
        "waiting": list(earlier.open().for_ledger().order_by("meeting__date", "pk")),
    }
