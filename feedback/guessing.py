"""Limits on guessing meeting codes.

Failures are counted in this process's memory by a keyed hash of the address, for ten minutes, and
written down nowhere. Correct codes never count, so a hall of 300 phones behind one address gets in.
"""

import hmac

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

FAILURES_ALLOWED = 100
MINUTES = 10


def is_throttled(request: HttpRequest) -> bool:
    """Whether this address has mistyped too many codes."""
    return caches["memory"].get(_name(request), 0) >= FAILURES_ALLOWED


def count_failure(request: HttpRequest) -> None:
    memory, name = caches["memory"], _name(request)
    memory.add(name, 0, timeout=MINUTES * 60)
    memory.incr(name)


def _name(request: HttpRequest) -> str:
    address = get_adapter().get_client_ip(request)
    return "guess" + hmac.digest(settings.SECRET_KEY.encode(), address.encode(), "sha256").hex()
