from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from partnerships.deliveries import sent
from partnerships.meetings.agendas import shown
from partnerships.meetings.forms import MeetingForm
from partnerships.meetings.scheduling import check
from partnerships.models import Act, Action, Entry, Meeting
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_safe
def detail(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug)
    meetings = partnership.meetings.all()
    return render(
        request,
        "partnerships/meetings/detail.html",
        {
            "partnership": partnership,
            "member_count": partnership.members.current().count(),
            "may_plan": Right.PLAN_MEETINGS in partnership.rights,
            "may_set_up": Right.SET_UP in partnership.rights,
            "open_actions": Action.objects.of(partnership).open().count(),
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
        _warn(request, form)
        with transaction.atomic():
            Entry.objects.write(Act.MEETING_PLANNED, by=request.user, meeting=form.save())
        messages.success(request, _("The meeting is planned."))
        return redirect(form.instance)
    context = {"partnership": partnership, "form": form}
    return render(request, "partnerships/meetings/meeting_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_meeting(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Puts day, time or venue right, up to two weeks afterwards."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if not meeting.may_move:
        return redirect(meeting)
    form = MeetingForm(posted(request), instance=meeting)
    if form.is_valid():
        if "date" in form.changed_data:
            _warn(request, form)
        concerns_calendars = set(form.changed_data) & {"date", "start", "end", "venue"}
        with transaction.atomic():
            meeting.change(form.changed_data, concerns_calendars=bool(concerns_calendars))
            Entry.objects.write(Act.MEETING_CHANGED, by=request.user, meeting=meeting)
        messages.success(request, _("Saved."))
        if concerns_calendars and meeting.is_to_come and sent(meeting)[1]:
            messages.warning(request, _("The agenda went out before this change. Send it again, so that members know."))
        return redirect(meeting)
    context = {"partnership": meeting.partnership, "meeting": meeting, "form": form}
    return render(request, "partnerships/meetings/meeting_form.html", context, status=422 if form.errors else 200)


def _warn(request: SignedInRequest, form: MeetingForm) -> None:
    """Of what speaks against the day; it is planned all the same."""
    for day in check(form.instance.partnership, [form.cleaned_data["date"]], form.cleaned_data["start"]):
        for warning in day.warnings:
            messages.warning(request, _("%(warning)s. Change the day if you did not mean it.") % {"warning": warning})


@never_cache
@require_safe
def meeting(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, slug, pk)
    may_plan = Right.PLAN_MEETINGS in meeting.partnership.rights
    first, last = sent(meeting)
    context = shown(meeting) | {
        "partnership": meeting.partnership,
        "sent_on": first,
        "in_time": first is not None and first <= meeting.papers_due_on,
        "is_late": meeting.papers_due_on < timezone.localdate(),
        "is_out_of_date": last is not None and last.sequence < meeting.sequence,
        "is_rewritten": last is not None and last.agenda_version < meeting.agenda_version,
        "has_notes": meeting.actions.exists(),
        "may_plan": may_plan,
        "may_change": meeting.may_move and may_plan,
    }
    return render(request, "partnerships/meetings/meeting.html", context)
