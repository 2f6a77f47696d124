"""What a phone keeps between two visits: its key and, where the round has such, its single-use code. Two cookies."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from feedback.anonymity.codes import normalise_single_use
from feedback.anonymity.phone_keys import hash_of, hash_of_code, is_well_formed
from feedback.models.rounds import ENDS_AFTER
from feedback.slips.page import Card

_KEY, _CODE = "slip", "slip_code"


def key_of(request: HttpRequest) -> str | None:
    key = request.COOKIES.get(_KEY, "")
    return key if is_well_formed(key) else None


def single_use_code_of(request: HttpRequest) -> str:
    return normalise_single_use(request.COOKIES.get(_CODE, "")) or ""


def identity(card: Card, *, key: str, single_use_code: str) -> bytes:
    """What makes two slips of this round the same person's: the hash that the database keeps."""
    return hash_of_code(single_use_code, code=card.code) if card.uses_codes else hash_of(key)


def identity_of(request: HttpRequest, card: Card) -> bytes | None:
    """The same, by the cookies alone; None for a phone that was not here before."""
    key, single_use_code = key_of(request), single_use_code_of(request)
    if not (single_use_code if card.uses_codes else key):
        return None
    return identity(card, key=key or "", single_use_code=single_use_code)


def remember(response: HttpResponse, card: Card, *, key: str = "", single_use_code: str = "") -> HttpResponse:
    for name, value in ((_KEY, key), (_CODE, single_use_code)):
        if value:
            response.set_cookie(
                name,
                value,
                max_age=ENDS_AFTER,
                path=_path(card),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response


def forget_code(response: HttpResponse, card: Card) -> HttpResponse:
    """For the next person on a shared tablet. The key is overwritten by a new one."""
    response.delete_cookie(_CODE, path=_path(card), samesite="Lax")
    return response


def _path(card: Card) -> str:
    return reverse("feedback:score", args=[card.code])
