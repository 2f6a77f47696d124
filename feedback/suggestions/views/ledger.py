"""Suggestions: raised from the table, considered in the room, and all of them in one ledger."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from feedback.models import Outcome, Suggestion, Table
from feedback.suggestions import ledger as suggesting
from feedback.suggestions.forms import AnswerForm, LedgerForm, SaidForm
from feedback.suggestions.ledger import AnsweredAlready, raise_suggestion, to_consider
from feedback.tables.views.table import context_of
from partnerships.models import Meeting
from partnerships.permissions import Right, SignedInRequest, get_meeting_for, get_partnership_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """POST makes a printed comment of this meeting's table a suggestion. GET, after a sign-in, does nothing."""
    meeting = get_meeting_for(request.user, slug, pk, Right.RUN_FEEDBACK)
    if request.method == "POST" and (text := _comment(meeting, request.POST.get("comment", ""))):
        if raise_suggestion(meeting=meeting, text=text, from_comment=True, by=request.user):
            messages.success(request, _("Raised as a suggestion. It waits for the next meeting."))
        else:
            messages.warning(request, _("It is a suggestion already."))
    return redirect("feedback:table", slug, pk)


def _comment(meeting: Meeting, name: str) -> str | None:
    """A printed comment by its question and its place: "comment-3"."""
    table = Table.objects.filter(round__meeting=meeting).first()
    question, _dash, place = name.rpartition("-")
    texts = (table.comments or {}).get(question, []) if table else []
    return dict(enumerate(texts)).get(int(place)) if place.isdecimal() and len(place) < 6 else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consider(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """For the screen in the room: the last table, then one suggestion at a time with its answer below it."""
    meeting = get_meeting_for(request.user, slug, pk, Right.RUN_FEEDBACK)
    waiting = to_consider(meeting)
    do = request.POST.get("do", "")
    if do in {"answer", "withdraw"}:
        current = next((each for each in waiting if str(each.pk) == request.POST.get("suggestion")), None)
        if current is None:
            messages.warning(request, _("It is gone: somebody else was faster. Nothing was changed."))
            return redirect(request.path)
    else:
        current = _chosen(waiting, request.GET.get("suggestion"))
    said = SaidForm(posted(request) if do == "said" else None)
    if said.is_valid():
        raise_suggestion(meeting=meeting, text=said.cleaned_data["text"], from_comment=False, by=request.user)
        messages.success(request, _("Raised."))
        return redirect(request.path)
    if do == "withdraw" and current:
        return _withdraw(request, current)
    form = None
    if current:
        answering = posted(request) if do == "answer" else None
        form = AnswerForm(answering, suggestion=current, partnership=meeting.partnership)
        if form.is_valid():
            return _answer(request, meeting, current, form, waiting)
    return _page(request, meeting, waiting, current, form, said)


def _chosen(waiting: Sequence[Suggestion], wanted: str | None) -> Suggestion | None:
    """The suggestion that was asked for, else the first without an answer, else the last."""
    found = next((each for each in waiting if str(each.pk) == wanted), None)
    found = found or next((each for each in waiting if each.outcome == Outcome.RAISED), None)
    return found or (waiting[-1] if waiting else None)


def _withdraw(request: SignedInRequest, current: Suggestion) -> HttpResponse:
    try:
        suggesting.withdraw(suggestion_id=current.pk, by=request.user)
        messages.success(request, _("The suggestion is taken away."))
    except AnsweredAlready:
        messages.warning(request, _("It was considered meanwhile, so it stays."))
    return redirect(request.path)


def _answer(
    request: SignedInRequest, meeting: Meeting, current: Suggestion, form: AnswerForm, waiting: Sequence[Suggestion]
) -> HttpResponse:
    said = form.cleaned_data
    member, organisation = said["owner"]
    try:
        suggesting.answer(
            suggestion_id=current.pk,
            seen=said["seen"],
            considered_at=meeting,
            outcome=Outcome(said["outcome"]),
            words=said["answer"],
            member=member,
            organisation=organisation,
            due_on=said["due_on"],
            by=request.user,
        )
    except AnsweredAlready:
        messages.warning(
            request, _("Somebody else has answered it meanwhile. See their answer; save again to change it.")
        )
        return redirect(f"{request.path}?suggestion={current.pk}")
    messages.success(request, _("Answered: %(outcome)s.") % {"outcome": Outcome(said["outcome"]).label})
    following = [each for each in waiting if each.outcome == Outcome.RAISED and each.pk != current.pk]
    return redirect(f"{request.path}?suggestion={(following or [current])[0].pk}")


def _page(
    request: SignedInRequest,
    meeting: Meeting,
    waiting: Sequence[Suggestion],
    current: Suggestion | None,
    form: AnswerForm | None,
    said: SaidForm,
) -> HttpResponse:
    place = next((n for n, each in enumerate(waiting) if each == current), 0)
    table = Table.objects.last_before(meeting)
    wrong = bool(said.errors or (form and form.errors))
    context = {
        "partnership": meeting.partnership,
        "waiting": waiting,
        "current": current,
        "number": place + 1,
        "unanswered": sum(each.outcome == Outcome.RAISED for each in waiting),
        "before": waiting[place - 1] if place else None,
        "after": waiting[place + 1] if place + 1 < len(waiting) else None,
        "form": form,
        "said": said,
        "last": context_of(table, table.round) | {"with_comments": False} if table else None,
        "meeting": meeting,
        "wrong": wrong,
    }
    return render(request, "feedback/suggestions/consider.html", context, status=422 if wrong else 200)


@never_cache
@require_safe
def ledger(request: SignedInRequest, slug: str) -> HttpResponse:
    """You said, we did: the suggestions of all meetings and what became of them."""
    partnership = get_partnership_for(request.user, slug)
    form = LedgerForm(request.GET)
    found = Suggestion.objects.of(partnership).for_ledger()
    context = {
        "partnership": partnership,
        "form": form,
        "suggestions": list(form.narrow(found)),
        "total": found.count(),
    }
    return render(request, "feedback/suggestions/ledger.html", context)
