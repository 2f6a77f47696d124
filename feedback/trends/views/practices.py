"""The exchange of practice: what worked for a statement, shared by partnerships of all areas. It has no scores."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.forms import posted
from feedback.models import Practice
from feedback.models.changes import STATEMENTS
from feedback.scores.instruments import Statement
from feedback.trends import practices as practising
from feedback.trends.forms import ExchangeForm, PracticeForm
from partnerships.permissions import Right, SignedInRequest, admit_to_exchange, get_partnership_for

NOTES_A_PAGE = 25


@never_cache
@require_safe
def practices(request: SignedInRequest) -> HttpResponse:
    """Those of all areas, statement by statement; `?statement=` shows one."""
    admit_to_exchange(request.user)
    counts = Practice.objects.order_by().values_list("statement_key").annotate(Count("pk"))
    form = ExchangeForm(request.GET, counts=dict(counts))
    found = Practice.objects.for_reading()
    if form.chosen:
        found = found.filter(statement_key=form.chosen)
    page = Paginator(found, NOTES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/trends/practices.html", {"form": form, "page": page})


@never_cache
@require_safe
def own_practices(request: SignedInRequest, slug: str) -> HttpResponse:
    """The seven statements, with what this partnership shares of each."""
    partnership = get_partnership_for(request.user, slug)
    shared = {practice.statement_key: practice for practice in partnership.practices.all()}
    context = {
        "partnership": partnership,
        "rows": [(statement, shared.get(key)) for key, statement in STATEMENTS.items()],
        "may_run": Right.RUN_FEEDBACK in partnership.rights,
    }
    return render(request, "feedback/trends/own_practices.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share_practice(request: SignedInRequest, slug: str, statement: str) -> HttpResponse:
    """Writes, or changes, the partnership's one note on the statement."""
    partnership = get_partnership_for(request.user, slug, Right.RUN_FEEDBACK)
    about = _statement(statement)
    practice = partnership.practices.filter(statement_key=statement).first()
    form = PracticeForm(posted(request), instance=practice or Practice(statement_key=statement))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("text", "decision")}
        practising.share(partnership=partnership, statement_key=statement, by=request.user, **said)
        messages.success(request, _("Shared with all areas."))
        return redirect("feedback:own_practices", slug)
    context = {"partnership": partnership, "statement": about, "practice": practice, "form": form}
    return render(request, "feedback/trends/share_practice.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_practice(request: SignedInRequest, slug: str, statement: str) -> HttpResponse:
    """GET asks, POST does."""
    partnership = get_partnership_for(request.user, slug, Right.RUN_FEEDBACK)
    about = _statement(statement)
    practice = partnership.practices.filter(statement_key=statement).first()
    if practice is None:
        messages.warning(request, _("Nothing is shared about this statement, so nothing was changed."))
        return redirect("feedback:own_practices", slug)
    if request.method != "POST":
        context = {"partnership": partnership, "statement": about, "practice": practice}
        return render(request, "feedback/trends/withdraw_practice.html", context)
    practice.partnership = partnership
    practising.withdraw(practice=practice, by=request.user)
    messages.success(request, _("It is not shared any more."))
    return redirect("feedback:own_practices", slug)


def _statement(key: str) -> Statement:
    if key not in STATEMENTS:
        raise Http404
    return STATEMENTS[key]
