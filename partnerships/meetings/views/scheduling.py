"""Planning ahead: a year's dates, calling off, the calendar; and what members need."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import number, posted
from partnerships.meetings import access_needs as needs
from partnerships.meetings import calendars
from partnerships.meetings import scheduling as dates
from partnerships.meetings.scheduling_forms import AccessForm, DatesForm
from partnerships.models import Act, Entry, Partnership
from partnerships.models.areas import new_key
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan_dates(request: SignedInRequest, slug: str) -> HttpResponse:
    """POST proposes days; with `plan` in it, plans meetings on those that are ticked."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    form = DatesForm(posted(request))
    days = None
    if form.is_valid():
        days = dates.check(partnership, form.cleaned_data["dates"], form.cleaned_data["start"])
        ticked = set(request.POST.getlist("day"))
        chosen = [day.date for day in days if day.date.isoformat() in ticked]
        if "plan" in request.POST and not chosen:
            messages.warning(request, _("Nothing is planned: tick the days on which you want to meet."))
        elif "plan" in request.POST:
            made = dates.plan(partnership=partnership, dates=chosen, details=form.details, by=request.user)
            words = ngettext("%(n)s meeting is planned.", "%(n)s meetings are planned.", len(made))
            messages.success(request, words % {"n": len(made)})
            return redirect(partnership)
    context = {"partnership": partnership, "form": form, "days": days}
    return render(request, "partnerships/meetings/dates.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """GET asks, POST calls a meeting off that is to come. The next page tells the members."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if not meeting.may_call_off:
        return redirect(meeting)
    if request.method != "POST":
        return render(
            request, "partnerships/meetings/call_off.html", {"partnership": meeting.partnership, "meeting": meeting}
        )
    with transaction.atomic():
        meeting.called_off_on = timezone.localdate()
        meeting.change(["called_off_on"], concerns_calendars=True)
        Entry.objects.write(Act.CALLED_OFF, by=request.user, meeting=meeting)
    messages.success(request, _("The meeting is called off. Tell the members."))
    return redirect("partnerships:mailing", slug, pk, "called_off")


@login_not_required
@never_cache
@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The partnership's meetings of the last year and all to come, for whoever has the address."""
    partnership = get_object_or_404(Partnership, calendar_key=key)
    since = timezone.localdate() - timedelta(days=366)
    meetings = partnership.meetings.filter(date__gte=since).select_related("partnership").order_by("date", "pk")
    file = calendars.feed(partnership, meetings, base=request.build_absolute_uri("/").rstrip("/"))
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_address(request: SignedInRequest, slug: str) -> HttpResponse:
    """GET tells the calendar's address and how to use it; POST, with the right, makes a new one."""
    right = Right.PLAN_MEETINGS if request.method == "POST" else Right.READ
    partnership = get_partnership_for(request.user, slug, right)
    if request.method == "POST":
        with transaction.atomic():
            partnership.calendar_key = new_key()
            partnership.save(update_fields=["calendar_key"])
            Entry.objects.write(Act.CALENDAR_RENEWED, by=request.user, partnership=partnership)
        messages.success(request, _("The calendar has a new address. The old one leads nowhere."))
        return redirect("partnerships:calendar_address", slug)
    address = request.build_absolute_uri(reverse("partnerships:calendar", args=[partnership.calendar_key]))
    may_change = Right.PLAN_MEETINGS in partnership.rights
    context = {"partnership": partnership, "address": address, "may_change": may_change}
    return render(request, "partnerships/meetings/calendar.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the signed-in member needs to take part."""
    partnership = get_partnership_for(request.user, slug)
    member = partnership.members.current().filter(user=request.user).first()
    if member is None:
        raise Http404
    form = AccessForm(posted(request), needs={need.kind: need for need in member.access_needs.all()})
    if form.is_valid():
        said = form.cleaned_data
        needs.tell(member=member, needs=form.wanted(said), shows_name=said["shows_name"])
        done = _("Saved. The minute-taker can now see what you need.") if form.wanted(said) else _("Nothing is kept.")
        messages.success(request, done)
        return redirect("partnerships:access", slug)
    context = {"partnership": partnership, "form": form}
    return render(request, "partnerships/meetings/access.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrangements(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The checklist of what members need at this meeting; POST saves the ticks."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if request.method == "POST":
        shown, ticked = ({number(pk) or 0 for pk in request.POST.getlist(name)} for name in ("shown", "ticked"))
        needs.arrange(meeting=meeting, shown=shown, ticked=ticked)
        messages.success(request, _("Saved."))
        return redirect("partnerships:arrangements", slug, pk)
    arranged = needs.arranged_for(meeting)
    context = {
        "partnership": meeting.partnership,
        "meeting": meeting,
        "needs": [(need, need.pk in arranged) for need in needs.needs_for(meeting)],
    }
    return render(request, "partnerships/meetings/arrangements.html", context)
