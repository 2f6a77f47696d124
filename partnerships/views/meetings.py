from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.forms import MeetingForm, posted
from partnerships.models import Act, Entry, Meeting
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_safe
def detail(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug)
    meetings = partnership.meetings.all()
    return render(
        request,
        "partnerships/detail.html",
        {
            "partnership": partnership,
            "member_count": partnership.members.current().count(),
            "may_plan": Right.PLAN_MEETINGS in partnership.rights,
            "may_set_up": Right.SET_UP in partnership.rights,
            "upcoming": list(meetings.upcoming()),
            "past": list(meetings.past()),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    form = MeetingForm(posted(request), instance=Meeting(partnership=partnership))
    if form.is_valid():
        _save(request, form, Act.MEETING_PLANNED)
        messages.success(request, _("The meeting is planned."))
        return redirect(form.instance)
    context = {"partnership": partnership, "form": form}
    return render(request, "partnerships/meeting_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_meeting(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Puts day, time or venue right, up to two weeks afterwards."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if not meeting.may_move:
        return redirect(meeting)
    form = MeetingForm(posted(request), instance=meeting)
    if form.is_valid():
        _save(request, form, Act.MEETING_CHANGED)
        messages.success(request, _("Saved."))
        return redirect(meeting)
    context = {"partnership": meeting.partnership, "meeting": meeting, "form": form}
    return render(request, "partnerships/meeting_form.html", context, status=422 if form.errors else 200)


def _save(request: SignedInRequest, form: MeetingForm, act: Act) -> None:
    with transaction.atomic():
        Entry.objects.write(act, by=request.user, meeting=form.save())


@never_cache
@require_safe
def meeting(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, slug, pk)
    return render(
        request,
        "partnerships/meeting.html",
        {
            "partnership": meeting.partnership,
            "meeting": meeting,
            "agenda": meeting.agenda(),
            "may_change": meeting.may_move and Right.PLAN_MEETINGS in meeting.partnership.rights,
        },
    )
