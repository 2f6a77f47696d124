"""The slip, for a phone without an account. Touches no session.

With JavaScript the slip is posted by static/js/slip.js, which keeps it until an answer carries the round's
mark and says that it is stored: no captive portal and no proxy knows that mark.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from feedback.anonymity import seals
from feedback.anonymity.codes import normalise
from feedback.anonymity.phone_keys import is_well_formed, mark_of, new_key, was_given_out
from feedback.anonymity.seals import SealLost, SlipContent
from feedback.models import Phase, Round
from feedback.rounds.lifecycle import ChangedElsewhere, UnknownCode, record_slip, stored_slip
from feedback.rounds.phases import WrongPhase
from feedback.slips import cookies as phones
from feedback.slips import rate_limits as guessing
from feedback.slips.forms import SlipForm, slip_form
from feedback.slips.page import Card, Problem, render_sent, render_slip


@login_not_required
@csrf_exempt  # an offline slip is sent after tokens have rotated: the origin and the key stand in for the token
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST" and _is_foreign(request):
        return _page("feedback/slips/foreign.html", status=403)
    try:
        card = find_card(request, code)
    except Refused as refused:
        return _marked(refused.response, normalise(code))
    if request.method != "POST":
        return _answer(request, card)
    try:
        response = _answer(request, card)
    except DatabaseError:  # locked, or its disk is full
        return _busy(request, card)
    return _marked(response, card.code)


def _marked(response: HttpResponse, code: str | None) -> HttpResponse:
    """Says to a script that this answer is ours, and no receipt unless it says so already."""
    response.headers.setdefault("Slip-Answer", f"{mark_of(code or '')} refused")
    return response


def _answer(request: HttpRequest, card: Card) -> HttpResponse:
    try:
        if request.method != "POST":
            return _form(request, card)
        return _next_person(card) if "next" in request.POST else _receive(request, card)
    except Round.DoesNotExist:  # deleted while its card was still in memory
        return _unknown(card.code)
    except SealLost:
        if request.method == "POST" and not seals.has_folder():  # it may come back
            return _busy(request, card)
        typed = _slip_form(request, card).typed() if request.method == "POST" else None
        return _page("feedback/slips/seal_lost.html", {"card": card, "typed": typed}, status=503)


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, code: str) -> HttpResponse:
    try:
        card = find_card(request, code)
    except Refused as refused:
        return refused.response
    try:
        stored = _stored(request, card)
    except SealLost:
        stored = None
    if stored is None:  # Without a receipt it never says "sent": the slip's own page says what is the matter.
        return redirect("feedback:score", card.code)
    return HttpResponse(_receipt(card, stored[1], may_change=True))


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: under /m/, because it may serve only what lies beside it."""
    parts = ", ".join(f'"{static(f"js/{name}.js")}"' for name in ("shelf", "worker"))
    return HttpResponse(
        f"importScripts({parts});\n", content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


def _form(request: HttpRequest, card: Card) -> HttpResponse:
    round = Round.objects.get(pk=card.round_id)
    if round.phase != Phase.OPEN:
        return _closed(card, round)
    card = card.as_of(round)
    revision, said = _stored(request, card) or (0, None)
    key = phones.key_of(request) or new_key(card.code)
    page = render_slip(
        card, key=key, revision=revision + 1, said=said, single_use_code=phones.single_use_code_of(request)
    )
    response = HttpResponse(page)
    if said is None:  # a page without anybody's answers: one that a phone may keep for when there is no signal
        response.headers["Slip-Page"] = "blank"
    return phones.remember(response, card, key=key)


def _next_person(card: Card) -> HttpResponse:
    """A tablet that goes round: the key of the person before is forgotten."""
    round = Round.objects.get(pk=card.round_id)
    if round.phase != Phase.OPEN:
        return _closed(card, round)
    card, key = card.as_of(round), new_key(card.code)
    response = HttpResponse(render_slip(card, key=key, revision=1, is_next=True))
    return phones.remember(phones.forget_code(response, card), card, key=key)


def _receive(request: HttpRequest, card: Card) -> HttpResponse:
    form = _slip_form(request, card)
    if _is_another_persons(request):
        return _page("feedback/slips/handed_on.html", {"card": card, "typed": form.typed()}, status=409)
    if not form.is_valid():
        return _again(request, card, form, _problems(form), status=422)
    if blanks := form.unconfirmed_blanks:
        problems = [Problem(statement.key, statement.text) for statement in blanks]
        return _again(request, card, form, problems, asks_about_blanks=True)
    said = form.cleaned_data
    single_use_code = said.get("code", "")
    if card.uses_codes and guessing.is_phone_throttled(
        request, said["key"], was_given_out=was_given_out(said["key"], card.code)
    ):
        return _throttled(form.content)
    try:
        record_slip(
            round_id=card.round_id,
            code=card.code,
            instrument=card.instrument,
            key_hash=phones.identity(card, key=said["key"], single_use_code=single_use_code),
            revision=said["revision"],
            content=form.content,
        )
    except WrongPhase as wrong:
        return _closed(card, wrong.round, typed=form.content, status=409)
    except UnknownCode:
        guessing.count_wrong_code(request, said["key"])
        problem = _("No slip of paper has this code. Look again: eight letters and numbers.")
        return _again(request, card, form, [Problem("code", problem)], status=422)
    except ChangedElsewhere as changed:
        problem = (
            _(
                "Answers were sent with this code before, or changed in another tab. If they were yours, send again to "
                "put these in their place. If not, ask the minute-taker for another slip of paper."
            )
            if card.uses_codes
            else _(
                "Your answers were changed in another tab, or sent before. "
                "These here are not sent yet: check them and send again."
            )
        )
        return _again(request, card, form, [Problem("", problem)], revision=changed.revision + 1, status=409)
    return phones.remember(_thanks(request, card, form), card, single_use_code=single_use_code)


def _thanks(request: HttpRequest, card: Card, form: SlipForm) -> HttpResponse:
    """The receipt: for a script on the spot, with the mark that it looks for, else at an address of its own."""
    has_cookie = phones.key_of(request) is not None
    if "Slip" in request.headers:
        page = _receipt(card, form.content, may_change=has_cookie)
        return HttpResponse(page, headers={"Slip-Answer": f"{card.mark} stored {form.cleaned_data['revision']}"})
    if has_cookie:
        return redirect("feedback:sent", card.code)
    return HttpResponse(_receipt(card, form.content, may_change=False))


def _receipt(card: Card, content: SlipContent, *, may_change: bool) -> str:
    """With one's own total only for a phone with a cookie: any other may have been handed on."""
    blank = len(card.instrument.statements) - len(content.answers)
    total = card.instrument.total_of(content.answers) if may_change else None
    return render_sent(card, get_language(), blank=blank, total=total, may_change=may_change)


class Refused(Exception):
    """A code that leads nowhere, one mistyped, or an address that guesses; `response` says so."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def find_card(request: HttpRequest, typed: str) -> Card:
    """The card of the round with this code. Raises Refused."""
    code = normalise(typed)
    card = Card.find(code) if code else None
    held = request.POST.get("key") or phones.key_of(request) or ""
    if not (card and was_given_out(held, card.code)) and guessing.is_throttled(request):
        raise Refused(_throttled())
    if card is None:
        guessing.count_failure(request)
        raise Refused(_unknown(typed))
    if typed != card.code and request.method != "POST":
        raise Refused(redirect("feedback:score", card.code))
    return card


def _unknown(typed: str) -> HttpResponse:
    return _page("feedback/slips/unknown_code.html", {"typed": typed}, status=404)


def _throttled(typed: SlipContent | None = None) -> HttpResponse:
    return _page("feedback/slips/throttled.html", {"minutes": guessing.MINUTES, "typed": typed}, status=429)


def _is_foreign(request: HttpRequest) -> bool:
    """Whether another site's page sends this form. Browsers that name no origin are let in."""
    host = request.get_host()
    return request.headers.get("Origin") not in {None, f"https://{host}", f"http://{host}"}


def _is_another_persons(request: HttpRequest) -> bool:
    """Whether this page was opened before the phone was handed on: its answers must not replace the next person's."""
    cookie, key = phones.key_of(request), request.POST.get("key", "")
    return cookie is not None and is_well_formed(key) and key != cookie


def _slip_form(request: HttpRequest, card: Card) -> SlipForm:
    return slip_form(card.instrument, card.uses_codes)(request.POST)


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
    card = card.as_of(round)
    if revision is None and {"key", "revision"} <= form.cleaned_data.keys():
        revision = form.cleaned_data["revision"]
    if revision is None:
        stored = _stored(request, card)
        revision = stored[0] + 1 if stored else 1
    return _refill(request, card, form, problems, revision=revision, asks_about_blanks=asks_about_blanks, status=status)


def _busy(request: HttpRequest, card: Card) -> HttpResponse:
    """Nothing could be stored, and nothing is asked of the database to say so."""
    problem = _("Not sent: the server could not store it just now. Wait a moment, then press Send again.")
    form = _slip_form(request, card)
    revision = form.cleaned_data["revision"] if form.is_valid() else 1
    response = _refill(request, card, form, [Problem("", problem)], revision=revision, status=503)
    response.headers["Slip-Answer"] = "later"  # without the mark: a script keeps the slip and tries again
    return response


def _refill(
    request: HttpRequest,
    card: Card,
    form: SlipForm,
    problems: list[Problem],
    *,
    revision: int,
    asks_about_blanks: bool = False,
    status: int,
) -> HttpResponse:
    posted = form.data.get("key", "")
    key = phones.key_of(request) or (posted if is_well_formed(posted) else new_key(card.code))
    page = render_slip(
        card,
        key=key,
        revision=revision,
        said=form.typed(),
        single_use_code=form.data.get("code", ""),
        problems=problems,
        asks_about_blanks=asks_about_blanks,
    )
    return phones.remember(HttpResponse(page, status=status), card, key=key)


def _problems(form: SlipForm) -> list[Problem]:
    shown = {s.key for s in form.instrument.statements} | {q.key for q in form.instrument.questions} | {"code"}
    found = [Problem(name if name in shown else "", str(m)) for name, messages in form.errors.items() for m in messages]
    return list(dict.fromkeys(found))


def _closed(card: Card, round: Round, *, typed: SlipContent | None = None, status: int = 200) -> HttpResponse:
    return _page("feedback/slips/closed.html", {"card": card, "round": round, "typed": typed}, status=status)


def _stored(request: HttpRequest, card: Card) -> tuple[int, SlipContent] | None:
    """Revision and content of this phone's slip, if it has sent one. Raises SealLost."""
    key_hash = phones.identity_of(request, card)
    if key_hash is None:
        return None
    return stored_slip(round_id=card.round_id, code=card.code, instrument=card.instrument, key_hash=key_hash)


def _page(template: str, context: dict[str, object] | None = None, *, status: int = 200) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)
