"""The slip, for a phone without an account. Touches no session."""

from __future__ import annotations

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
@csrf_exempt  # an offline slip is sent after tokens have rotated: the origin and the key stand in for the token
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST" and _is_foreign(request):
        return _page("feedback/foreign.html", status=403)
    try:
        card = _find(request, code)
    except _Refused as refused:
        return refused.response
    try:
        return _receive(request, card) if request.method == "POST" else _form(request, card)
    except Round.DoesNotExist:  # deleted while its card was still in memory
        return _unknown(code)
    except SealLost:
        typed = slip_form(card.instrument)(request.POST).typed() if request.method == "POST" else None
        return _page("feedback/seal_lost.html", {"card": card, "typed": typed}, status=503)


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, code: str) -> HttpResponse:
    try:
        card = _find(request, code)
    except _Refused as refused:
        return refused.response
    try:
        stored = _stored(request, card)
    except SealLost:
        stored = None
    if stored is None:  # Without a receipt it never says "sent": the slip's own page says what is the matter.
        return redirect("feedback:score", card.code)
    _revision, content = stored
    total = card.instrument.total_of(content.answers)
    return HttpResponse(render_sent(card, get_language(), blank=_blank(card, content), total=total, may_change=True))


def _form(request: HttpRequest, card: Card) -> HttpResponse:
    round = Round.objects.get(pk=card.round_id)
    if round.phase != Phase.OPEN:
        return _closed(card, round)
    revision, said = _stored(request, card) or (0, None)
    key = _cookie(request) or new_key(card.code)
    return _with_cookie(HttpResponse(render_slip(card, key=key, revision=revision + 1, said=said)), card, key)


def _receive(request: HttpRequest, card: Card) -> HttpResponse:
    cookie = _cookie(request)
    form = slip_form(card.instrument)(request.POST, cookie=cookie)
    if not form.is_valid():
        return _again(request, card, form, _problems(form), status=422)
    if blanks := form.unconfirmed_blanks:
        problems = [Problem(statement.key, statement.text) for statement in blanks]
        return _again(request, card, form, problems, asks_about_blanks=True)
    said = form.cleaned_data
    try:
        record_slip(
            round_id=card.round_id,
            code=card.code,
            instrument=card.instrument,
            key=said["key"],
            revision=said["revision"],
            content=form.content,
        )
    except WrongPhase as wrong:
        return _closed(card, wrong.round, typed=form.content, status=409)
    except ChangedElsewhere as changed:
        problem = _(
            "Your answers were changed in another tab, or sent before. "
            "These here are not sent yet: check them and send again."
        )
        return _again(request, card, form, [Problem("", problem)], revision=changed.revision + 1, status=409)
    if cookie:
        return redirect("feedback:sent", card.code)
    return HttpResponse(render_sent(card, get_language(), blank=_blank(card, form.content)))


class _Refused(Exception):
    """A code that leads nowhere, one mistyped, or an address that guesses; `response` says so."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def _find(request: HttpRequest, typed: str) -> Card:
    """The card of the round with this code. Raises _Refused."""
    code = normalise(typed)
    card = Card.find(code) if code else None
    held = request.POST.get("key") or _cookie(request) or ""
    if not (card and was_given_out(held, card.code)) and guessing.is_throttled(request):
        raise _Refused(_page("feedback/throttled.html", {"minutes": guessing.MINUTES}, status=429))
    if card is None:
        guessing.count_failure(request)
        raise _Refused(_unknown(typed))
    if typed != card.code and request.method != "POST":
        raise _Refused(redirect("feedback:score", card.code))
    return card


def _unknown(typed: str) -> HttpResponse:
    return _page("feedback/unknown_code.html", {"typed": typed}, status=404)


def _is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sends this form. Browsers that name no origin are let in."""
    host = request.get_host()
    return request.headers.get("Origin") not in {None, f"https://{host}", f"http://{host}"}


def _again(
    request: HttpRequest,
    card: Card,
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
    round = Round.objects.get(pk=card.round_id)
    if round.phase != Phase.OPEN:
        return _closed(card, round, typed=form.typed(), status=409)
    posted = form.data.get("key", "")
    key = _cookie(request) or (posted if is_well_formed(posted) else new_key(card.code))
    if revision is None and {"key", "revision"} <= form.cleaned_data.keys():
        revision = form.cleaned_data["revision"]
    if revision is None:
        stored = _stored(request, card)
        revision = stored[0] + 1 if stored else 1
    page = render_slip(
        card,
        key=key,
        revision=revision,
        said=form.typed(),
        problems=problems,
        asks_about_blanks=asks_about_blanks,
    )
    return _with_cookie(HttpResponse(page, status=status), card, key)


def _problems(form: SlipForm) -> list[Problem]:
    shown = {s.key for s in form.instrument.statements} | {q.key for q in form.instrument.questions}
    found = [Problem(name if name in shown else "", str(m)) for name, messages in form.errors.items() for m in messages]
    return list(dict.fromkeys(found))


def _closed(card: Card, round: Round, *, typed: SlipContent | None = None, status: int = 200) -> HttpResponse:
    return _page("feedback/closed.html", {"card": card, "round": round, "typed": typed}, status=status)


def _stored(request: HttpRequest, card: Card) -> tuple[int, SlipContent] | None:
    """Revision and content of this phone's slip, if it has sent one. Raises SealLost."""
    cookie = _cookie(request)
    if cookie is None:
        return None
    return stored_slip(round_id=card.round_id, code=card.code, instrument=card.instrument, key=cookie)


def _blank(card: Card, content: SlipContent) -> int:
    return len(card.instrument.statements) - len(content.answers)


def _page(template: str, context: dict[str, object] | None = None, *, status: int = 200) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)


def _cookie(request: HttpRequest) -> str | None:
    key = request.COOKIES.get(COOKIE, "")
    return key if is_well_formed(key) else None


def _with_cookie(response: HttpResponse, card: Card, key: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        key,
        max_age=ENDS_AFTER,
        path=reverse("feedback:score", args=[card.code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
