"""The slip, for a phone without an account. Touches no session."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from feedback import guessing
from feedback.codes import normalise
from feedback.forms import SlipForm, slip_form
from feedback.keys import is_well_formed, new_key, was_given_out
from feedback.models import Phase, Round
from feedback.models.rounds import ENDS_AFTER
from feedback.scoring import ChangedElsewhere, WrongPhase, record_slip, stored_slip
from feedback.seals import SealLost, SlipContent
from feedback.slip_page import Card, Problem, render_sent, render_slip

COOKIE = "slip"


@login_not_required
@csrf_exempt  # an offline slip is sent after tokens have rotated; _refusal stands in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST" and _is_foreign(request):
        return _page("feedback/foreign.html", status=403)
    round = _find(code)
    if refusal := _refusal(request, code, round):
        return refusal
    assert round is not None
    try:
        return _receive(request, round) if request.method == "POST" else _form(request, round)
    except SealLost:
        typed = slip_form(round.instrument)(request.POST).typed() if request.method == "POST" else None
        return _page("feedback/seal_lost.html", _about(round) | {"typed": typed}, status=503)


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, code: str) -> HttpResponse:
    round = _find(code)
    if refusal := _refusal(request, code, round):
        return refusal
    assert round is not None
    key = _cookie(request)
    try:
        stored = stored_slip(round=round, key=key) if key else None
    except SealLost:
        stored = None
    # Without a receipt it never says "sent": the slip's own page says what is the matter.
    return _sent(round, stored[1], may_change=True) if stored else redirect("feedback:score", round.code)


def _form(request: HttpRequest, round: Round) -> HttpResponse:
    if round.phase != Phase.OPEN:
        return _closed(round)
    cookie = _cookie(request)
    stored = stored_slip(round=round, key=cookie) if cookie else None
    revision, said = stored or (0, None)
    key = cookie or new_key(round.code)
    return _with_cookie(
        HttpResponse(render_slip(Card.of(round), key=key, revision=revision + 1, said=said)), round, key
    )


def _receive(request: HttpRequest, round: Round) -> HttpResponse:
    cookie = _cookie(request)
    form = slip_form(round.instrument)(request.POST, cookie=cookie)
    if not form.is_valid():
        return _again(request, round, form, _problems(form), status=422)
    if blanks := form.unconfirmed_blanks:
        problems = [Problem(statement.key, statement.text) for statement in blanks]
        return _again(request, round, form, problems, asks_about_blanks=True)
    said = form.cleaned_data
    try:
        record_slip(round_id=round.pk, key=said["key"], revision=said["revision"], content=form.content)
    except WrongPhase:
        return _closed(round, typed=form.content, status=409)
    except ChangedElsewhere as changed:
        problem = _("Your answers were changed in another tab. These here are not sent yet: check them and send again.")
        return _again(request, round, form, [Problem("", problem)], revision=changed.revision + 1, status=409)
    if cookie:
        return redirect("feedback:sent", round.code)
    return _sent(round, form.content, may_change=False)


def _find(code: str) -> Round | None:
    normal = normalise(code)
    if normal is None:
        return None
    return next(iter(Round.objects.filter(code=normal)), None)


def _refusal(request: HttpRequest, typed: str, round: Round | None) -> HttpResponse | None:
    """The answer to a code that leads nowhere, to one mistyped, and to an address that guesses."""
    held = request.POST.get("key", "") or _cookie(request) or ""
    if guessing.is_throttled(request) and not (round and was_given_out(held, round.code)):
        return _page("feedback/throttled.html", {"minutes": guessing.MINUTES}, status=429)
    if round is None:
        guessing.count_failure(request)
        return _page("feedback/unknown_code.html", {"typed": typed}, status=404)
    if typed != round.code and request.method != "POST":
        return redirect("feedback:score", round.code)
    return None


def _is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sends this form. Browsers that name no origin are let in."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def _again(
    request: HttpRequest,
    round: Round,
    form: SlipForm,
    problems: list[Problem],
    *,
    asks_about_blanks: bool = False,
    revision: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form once more with everything typed still on it, and a key and revision that will do.

    A good revision stays as it came: a tab that was older must not become the newest by a mistake in it.
    """
    if round.phase != Phase.OPEN:
        return _closed(round, typed=form.typed(), status=409)
    posted = form.data.get("key", "")
    key = _cookie(request) or (posted if is_well_formed(posted) else new_key(round.code))
    if revision is None and {"key", "revision"} <= form.cleaned_data.keys():
        revision = form.cleaned_data["revision"]
    if revision is None:
        stored = stored_slip(round=round, key=key)
        revision = stored[0] + 1 if stored else 1
    page = render_slip(
        Card.of(round),
        key=key,
        revision=revision,
        said=form.typed(),
        problems=problems,
        asks_about_blanks=asks_about_blanks,
    )
    return _with_cookie(HttpResponse(page, status=status), round, key)


def _problems(form: SlipForm) -> list[Problem]:
    shown = {s.key for s in form.instrument.statements} | {q.key for q in form.instrument.questions}
    found = [Problem(name if name in shown else "", str(m)) for name, messages in form.errors.items() for m in messages]
    return list(dict.fromkeys(found))


def _closed(round: Round, *, typed: SlipContent | None = None, status: int = 200) -> HttpResponse:
    return _page("feedback/closed.html", _about(round) | {"round": round, "typed": typed}, status=status)


def _sent(round: Round, content: SlipContent, *, may_change: bool) -> HttpResponse:
    """`may_change`: the phone keeps its key, so it may see its total and come back."""
    is_open = round.phase == Phase.OPEN
    page = render_sent(
        Card.of(round),
        get_language(),
        total=round.instrument.total_of(content.answers) if may_change else None,
        blank=len(round.instrument.statements) - len(content.answers),
        is_open=is_open,
        may_change=may_change and is_open,
    )
    return HttpResponse(page)


def _about(round: Round) -> dict[str, object]:
    return {"card": Card.of(round)}


def _page(template: str, context: dict[str, object] | None = None, *, status: int = 200) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)


def _cookie(request: HttpRequest) -> str | None:
    key = request.COOKIES.get(COOKIE, "")
    return key if is_well_formed(key) else None


def _with_cookie(response: HttpResponse, round: Round, key: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        key,
        max_age=ENDS_AFTER,
        path=reverse("feedback:score", args=[round.code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
