from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.permissions import SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_safe
def detail(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug)
    meetings = partnership.meetings.all()
    return render(
        request,
        "partnerships/detail.html",
        {"partnership": partnership, "upcoming": list(meetings.upcoming()), "past": list(meetings.past())},
    )


@never_cache
@require_safe
def meeting(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, slug, pk)
    return render(
        request,
        "partnerships/meeting.html",
        {"partnership": meeting.partnership, "meeting": meeting, "agenda": meeting.agenda()},
    )
