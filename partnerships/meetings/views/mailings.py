"""Mails about a meeting, or a year, to members, with how far they are."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coprod.common.forms import number
from partnerships import deliveries as mails
from partnerships.deliveries import Compose, Progress
from partnerships.meetings.mails import composer
from partnerships.models import Mailing, Meeting, Year
from partnerships.permissions import Right, SignedInRequest, get_meeting_for

PAGES = (Mailing.Kind.AGENDA, Mailing.Kind.NOTES, Mailing.Kind.CALLED_OFF)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mailing(request: SignedInRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """GET shows who gets it and how far it is; POST begins, goes on, or tries again."""
    meeting = get_meeting_for(request.user, slug, pk, Right.PLAN_MEETINGS)
    if kind not in PAGES:
        raise Http404
    if problem := _why_not(meeting, Mailing.Kind(kind)):
        messages.warning(request, problem)
        return redirect(meeting)
    base = request.build_absolute_uri("/").rstrip("/")
    return run(
        request,
        meeting,
        Mailing.Kind(kind),
        lambda found: composer(found, found.meeting or meeting, base=base),
        "partnerships/meetings/mailing.html",
    )


def _why_not(meeting: Meeting, kind: Mailing.Kind) -> str:
    """Why there is nothing to send, if so."""
    if kind == Mailing.Kind.CALLED_OFF:
        return "" if meeting.called_off_on else _("The meeting takes place: it was not called off.")
    if meeting.called_off_on:
        return _("The meeting is called off: nothing more is sent about it.")
    if kind == Mailing.Kind.AGENDA and not meeting.is_to_come:
        return _("This meeting is over, so its agenda is not sent any more.")
    if kind == Mailing.Kind.AGENDA and not meeting.items.exists():
        return _("The agenda has no items yet. Write it first, then send it.")
    if kind == Mailing.Kind.NOTES and not meeting.actions.exists() and not mails.latest(meeting, kind):
        return _("No decision is recorded yet. Record what was decided, then send the notes.")
    return ""


def run(
    request: SignedInRequest,
    occasion: Meeting | Year,
    kind: Mailing.Kind,
    compose: Callable[[Mailing], Compose],
    template: str,
    back: str = "",
) -> HttpResponse:
    """The page of one kind of mailing; for htmx the part that tells how far it is. `back`: where it was asked for, if
    that is not the page of what it is about."""
    current = mails.latest(occasion, kind)
    there = True
    if request.method == "POST":
        current, there = _press(request, occasion, kind, current, compose)
        if not request.htmx and there:
            return redirect(request.path)
    members = list(occasion.partnership.members.current().select_related("organisation"))
    meeting = occasion if isinstance(occasion, Meeting) else None
    context = {
        "partnership": occasion.partnership,
        "occasion": occasion,
        "back": back or occasion.get_absolute_url(),
        "meeting": meeting,
        "kind": kind,
        "mailing": current,
        "progress": Progress.of(current) if current else None,
        "there": there,
        "reached": [member for member in members if member.email],
        "on_paper": [member for member in members if not member.email],
        "is_out_of_date": bool(current and meeting and current.sequence < meeting.sequence),
    }
    name = f"{template}#progress" if request.htmx else template
    return render(request, name, context, status=200 if there or request.htmx else 503)


def _press(
    request: SignedInRequest,
    occasion: Meeting | Year,
    kind: Mailing.Kind,
    current: Mailing | None,
    compose: Callable[[Mailing], Compose],
) -> tuple[Mailing | None, bool]:
    do, seen = request.POST.get("do", ""), number(request.POST.get("seen"))
    if do == "begin" and seen is not None:
        current = mails.begin(occasion=occasion, kind=kind, seen=seen, by=request.user)
    elif current and do in {"again", "unsure"}:
        mails.retry(current, unsure=do == "unsure")
    if current is None:
        return None, True
    if isinstance(occasion, Meeting):
        current.meeting = Meeting.objects.select_related("partnership__area").get(pk=occasion.pk)
        occasion.sequence = current.meeting.sequence
    return current, mails.go_on(current, compose(current))
