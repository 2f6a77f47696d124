"""What the minute-taker prints before a meeting: the paper form, and slips with single-use codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Unpack

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.downloads import pdf_file
from coprod.common.pdf import render_pdf
from feedback.anonymity.codes import spaced
from feedback.models import Phase, Round
from feedback.rounds.forms import CodesForm
from feedback.rounds.phases import WrongPhase
from feedback.rounds.single_use_codes import (
    MOST_AT_ONCE,
    MOST_IN_A_ROUND,
    NotInUse,
    TooMany,
    choose_codes,
    discard_codes,
    make_codes,
)
from feedback.rounds.views.desk import Place, frame, get_round_for, qr_code, to_desk, unwritable
from partnerships.models import Year
from partnerships.permissions import Right, SignedInRequest

SLIPS_ON_A_PAGE = 10


@never_cache
@require_safe
def paper_form_pdf(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """The blank table on one page; `?size=a3` in large print."""
    round = get_round_for(request.user, Right.READ, **place)
    if round.phase not in {Phase.PLANNED, Phase.OPEN, Phase.STOPPED}:
        messages.warning(request, _("Paper slips can no longer be typed in, so there is no form to print."))
        return redirect(round.occasion)
    address = _address(request, round)
    by_phone = round.phase != Phase.STOPPED and not round.uses_codes
    context = frame(round) | {
        "is_large": request.GET.get("size") == "a3",
        "address": address,
        "host": request.get_host(),
        "lines": range(60),
        "qr": qr_code(address, _("QR code that opens the page to score on")) if by_phone else "",
    }
    return _pdf(round, render_to_string("feedback/rounds/paper_form_pdf.html", context), _("paper-form"), "inline")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """GET explains and asks how many; POST chooses codes, or not, or makes those printed so far invalid."""
    round = get_round_for(request.user, **place)
    if request.method != "POST":
        return _show(request, round, CodesForm(initial={"number": _everybody(round)}))
    acts: dict[str, tuple[Callable[..., None], str]] = {
        "on": (partial(choose_codes, wanted=True), _("Phones now need a single-use code to score.")),
        "off": (
            partial(choose_codes, wanted=False),
            _("Phones score without a code. Codes printed before are invalid."),
        ),
        "renew": (discard_codes, _("All codes printed so far are invalid. Print new ones.")),
    }
    with _told(request):
        if chosen := acts.get(request.POST.get("do", "")):
            act, done = chosen
            act(round_id=round.pk, by=request.user)
            messages.success(request, done)
    return redirect(round.address("codes"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes_pdf(request: SignedInRequest, **place: Unpack[Place]) -> HttpResponse:
    """POST makes new codes and answers with the sheet, which is kept nowhere."""
    round = get_round_for(request.user, **place)
    if request.method != "POST":
        return redirect(round.address("codes"))
    form = CodesForm(request.POST)
    if not form.is_valid():
        return _show(request, round, form)
    with _told(request):
        try:
            made = make_codes(round_id=round.pk, number=form.cleaned_data["number"], by=request.user)
        except TooMany as many:
            form.add_error("number", _too_many(many.number))
            return _show(request, round, form)
        return _sheet(request, round, made)
    return redirect(round.address("codes"))


@contextmanager
def _told(request: SignedInRequest) -> Iterator[None]:
    """Whoever comes too late, or meets a full disk, is told; the page that follows shows how it stands."""
    try:
        yield
    except (WrongPhase, NotInUse):
        messages.warning(request, _("Nothing was changed: somebody else was faster. See how it stands now."))
    except OperationalError:
        messages.error(request, unwritable())


def _too_many(number: int) -> str:
    return _("A meeting can have at most %(most)s codes. It has %(n)s already.") % {
        "most": MOST_IN_A_ROUND,
        "n": number,
    }


def _show(request: SignedInRequest, round: Round, form: CodesForm) -> HttpResponse:
    if round.phase not in {Phase.PLANNED, Phase.OPEN}:
        messages.warning(request, _("Scoring has stopped: no code is needed any more."))
        return to_desk(round)
    context = frame(round) | {"form": form, "number": round.codes.count()}
    return render(request, "feedback/rounds/codes.html", context, status=422 if form.is_bound else 200)


def _everybody(round: Round) -> int | None:
    """How many people will want a slip, as far as anybody knows."""
    number = round.occasion.present or round.partnership.members.current().count()
    return min(number, MOST_AT_ONCE) or None


def _sheet(request: SignedInRequest, round: Round, made: Sequence[str]) -> HttpResponse:
    """Slips to cut apart, in the order of `made`. What follows # is never sent to a server, so no log has it."""
    address = _address(request, round)
    alt = _("QR code that opens the page to score on, with this code")
    slips = [{"code": spaced(code), "qr": qr_code(f"{address}#{code}", alt)} for code in made]
    context = frame(round) | {
        "host": request.get_host(),
        "printed_at": timezone.now(),
        "pages": [slips[n : n + SLIPS_ON_A_PAGE] for n in range(0, len(slips), SLIPS_ON_A_PAGE)],
    }
    return _pdf(round, render_to_string("feedback/rounds/codes_pdf.html", context), _("codes"), "attachment")


def _address(request: SignedInRequest, round: Round) -> str:
    return request.build_absolute_uri(reverse("feedback:score", args=[round.code]))


def _pdf(round: Round, html: str, what: str, disposition: str) -> HttpResponse:
    return pdf_response(round, render_pdf(html), what, disposition=disposition)


def pdf_response(round: Round, pdf: bytes, what: str, *, disposition: str = "inline") -> HttpResponse:
    """A finished PDF under a name that says of which partnership and meeting or year it is, and what."""
    occasion = round.occasion
    when = str(occasion.number) if isinstance(occasion, Year) else f"{occasion.date:%Y-%m-%d}"
    return pdf_file(pdf, round.partnership.name, when, what, disposition=disposition)
