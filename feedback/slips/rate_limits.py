"""Limits on guessing codes.

Failures are counted in this process's memory by a keyed hash, for ten minutes, and written down
nowhere. Correct codes never count, so a hall of 300 phones behind one address gets in; and the limits
of an address leave room for a mistake or more of each of them.
"""

import hmac
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

# A meeting's code is one of 244 million, a single-use code one of 152,000 million.
FAILURES_ALLOWED = 400
WRONG_CODES_ALLOWED = 1000
WRONG_CODES_ALLOWED_A_PHONE = 20
MINUTES = 10


def is_throttled(request: HttpRequest) -> bool:
    """Whether this address has mistyped too many meeting codes."""
    return _count(_address("guess", request)) >= FAILURES_ALLOWED


def count_failure(request: HttpRequest) -> None:
    _add(_address("guess", request))


def is_phone_throttled(request: HttpRequest, key: str, *, was_given_out: bool) -> bool:
    """Whether this phone has mistyped too many single-use codes.

    The address counts only for keys that we never gave out: whoever guesses in a hall locks out nobody else.
    """
    of_phone = _count(_keyed("phone", key))
    if of_phone >= WRONG_CODES_ALLOWED_A_PHONE:
        return True
    return not was_given_out and _count(_address("code", request)) >= WRONG_CODES_ALLOWED


def count_wrong_code(request: HttpRequest, key: str) -> None:
    _add(_keyed("phone", key))
    _add(_address("code", request))


def _count(name: str | None) -> int:
    return 0 if name is None else caches["memory"].get(name, 0)


def _add(name: str | None) -> None:
    if name is not None:
        memory = caches["memory"]
        memory.add(name, 0, timeout=MINUTES * 60)
        memory.incr(name)


def _address(kind: str, request: HttpRequest) -> str | None:
    """Stands for the address; one that is not known is not throttled, rather than everybody together."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return None
    # A home or a phone has a whole /64 of IPv6 to itself.
    return _keyed(kind, str(ip_network((address, 64 if address.version == 6 else 32), strict=False)))


def _keyed(kind: str, what: str) -> str:
    return kind + hmac.digest(settings.SECRET_KEY.encode(), what.encode(), "sha256").hex()
