"""Limits on guessing meeting codes.

Failures are counted in this process's memory by a keyed hash of the address, for ten minutes, and
written down nowhere. Correct codes never count, so a hall of 300 phones behind one address gets in.
"""

import hmac
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

FAILURES_ALLOWED = 100
MINUTES = 10


def is_throttled(request: HttpRequest) -> bool:
    """Whether this address has mistyped too many codes."""
    name = _name(request)
    return name is not None and caches["memory"].get(name, 0) >= FAILURES_ALLOWED


def count_failure(request: HttpRequest) -> None:
    if name := _name(request):
        memory = caches["memory"]
        memory.add(name, 0, timeout=MINUTES * 60)
        memory.incr(name)


def _name(request: HttpRequest) -> str | None:
    """Stands for the address; one that is not known is not throttled, rather than everybody together."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return None
    # A home or a phone has a whole /64 of IPv6 to itself.
    net = ip_network((address, 64 if address.version == 6 else 32), strict=False)
    return "guess" + hmac.digest(settings.SECRET_KEY.encode(), str(net).encode(), "sha256").hex()
