"""What was decided, who does it by when, and the notes of a meeting."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import RestrictedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import number, posted
from partnerships.deliveries import latest
from partnerships.meetings.action_forms import ActionForm
from partnerships.meetings.notes import notes_of
from partnerships.models import Act, Action, Entry, Mailing, Meeting
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """All that was decided so far, and a form for the next; `?item=` chooses the item it belongs to."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    form = ActionForm(
        posted(request), instance=Action(meeting=meeting), initial={"item": number(request.GET.get("item"))}
    )
    if form.is_valid():
        _save(request, meeting, form)
        messages.success(request, _("Recorded."))
        return redirect("partnerships:decisions", slug, pk)
    context = {
        "partnership": meeting.partnership,
        "meeting": meeting,
        "form": form,
        "notes": notes_of(meeting),
        "sent": latest(meeting, Mailing.Kind.NOTES),
    }
    return render(request, "partnerships/meetings/decisions.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(request: SignedInRequest, meeting: Meeting, form: ActionForm) -> None:
    form.save()
    Entry.objects.write(Act.ACTION_CHANGED, by=request.user, meeting=meeting)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action(request: SignedInRequest, slug: str, pk: int, action: int) -> HttpResponse:
    """Changes a decision; `do=remove` takes it away."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    found = get_object_or_404(Action.objects.for_agenda(), meeting=meeting, pk=action)
    found.meeting = meeting
    if request.POST.get("do") == "remove":
        return _remove(request, meeting, found)
    form = ActionForm(posted(request), instance=found)
    if form.is_valid():
        _save(request, meeting, form)
        messages.success(request, _("Saved."))
        return redirect("partnerships:decisions", slug, pk)
    context = {"partnership": meeting.partnership, "meeting": meeting, "form": form}
    return render(request, "partnerships/meetings/action.html", context, status=422 if form.errors else 200)


def _remove(request: SignedInRequest, meeting: Meeting, found: Action) -> HttpResponse:
    try:
        with transaction.atomic():
            found.delete()
            Entry.objects.write(Act.ACTION_CHANGED, by=request.user, meeting=meeting)
    except RestrictedError:
        messages.error(request, _("This answers a suggestion. Change the answer there instead."))
    else:
        messages.success(request, _("Removed."))
    return redirect("partnerships:decisions", meeting.partnership.slug, meeting.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def actions(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is still to be done, overdue first, and what was done last. POST, with the right, says that one is done,
    or with `again` that it is not."""
    right = Right.PLAN_MEETINGS if request.method == "POST" else Right.READ
    partnership = get_partnership_for(request.user, slug, right)
    found = Action.objects.of(partnership).filter(nothing_to_do=False).for_agenda()
    if request.method == "POST":
        each = get_object_or_404(found, pk=number(request.POST.get("action")) or 0)
        with transaction.atomic():
            each.done_on = None if "again" in request.POST else each.done_on or timezone.localdate()
            each.save(update_fields=["done_on"])
            Entry.objects.write(Act.ACTION_CHANGED, by=request.user, meeting=each.meeting)
        messages.success(request, _("Done.") if each.is_done else _("It is open again."))
        return redirect("partnerships:actions", slug)
    context = {
        "partnership": partnership,
        "open": list(found.open()),
        "done": list(found.filter(done_on__isnull=False).order_by("-done_on", "-pk")[:50]),
        "may_change": Right.PLAN_MEETINGS in partnership.rights,
    }
    return render(request, "partnerships/meetings/actions.html", context)


@never_cache
@require_safe
def notes(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The meeting's notes, to read and to print."""
    meeting = get_meeting_for(request.user, slug, pk)
    context = {
        "partnership": meeting.partnership,
        "meeting": meeting,
        "notes": notes_of(meeting),
        "may_change": Right.PLAN_MEETINGS in meeting.partnership.rights,
    }
    return render(request, "partnerships/meetings/notes.html", context)
