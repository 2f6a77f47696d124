"""The agenda as one file to print: with the last table, what became of suggestions, and the code to score."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coprod.pdf import render_pdf
from feedback.models import Phase, Suggestion, Table
from feedback.suggesting import answers_before
from feedback.views.desk import get_round_for, qr_code
from feedback.views.table import context_of
from partnerships.agendas import glossary
from partnerships.models import Action, Meeting
from partnerships.permissions import Right, SignedInRequest
from partnerships.reflection import SOURCE, question
from partnerships.timetable import timetable


@never_cache
@require_safe
def agenda_pdf(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """`?short=yes` for the agenda alone, on one page as far as it fits."""
    round = get_round_for(request.user, slug, pk, Right.READ)
    meeting = round.meeting
    address = request.build_absolute_uri(reverse("feedback:score", args=[round.code]))
    takes_slips = round.phase in {Phase.PLANNED, Phase.OPEN} and not meeting.called_off_on
    context = _agenda(meeting) | {
        "round": round,
        "host": request.get_host(),
        "qr": qr_code(address, _("QR code that opens the page to score on")) if takes_slips else "",
    }
    if request.GET.get("short") == "yes":
        html = render_to_string("feedback/agenda_short_pdf.html", context)
    else:
        html = render_to_string("feedback/agenda_pdf.html", context | _last_time(meeting))
    name = f"{slugify(meeting.partnership.name)[:60]}-{meeting.date:%Y-%m-%d}-agenda.pdf"
    return HttpResponse(
        render_pdf(html), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _agenda(meeting: Meeting) -> dict[str, object]:
    items = list(meeting.items.prefetch_related("papers"))
    return {
        "meeting": meeting,
        "timetable": timetable(meeting.agenda(items), start=meeting.start, minutes=meeting.minutes),
        "papers": [(item, paper) for item in items for paper in item.papers.all()],
        "terms": glossary(meeting, items)[0],
        "question": question(meeting.reflection),
        "reflection_source": SOURCE,
        "actions": list(Action.objects.open_at(meeting).for_agenda()),
    }


def _last_time(meeting: Meeting) -> dict[str, object]:
    """The last table, the answers to its suggestions, and what still waits for one."""
    table = Table.objects.last_before(meeting)
    earlier = Suggestion.objects.about_meetings_before(meeting)
    return {
        "last": context_of(table, table.round) | {"for_print": True} if table else None,
        "answered": answers_before(meeting),
        "waiting": list(earlier.open().for_ledger().order_by("meeting__date", "pk")),
    }
