"""The secret that lets the same phone change its slip. Imports no Django models.

A key is 128 random bits and a mark that this server gave it out for this round: a phone that once
held the page is let through when guessing is throttled. The database keeps only a key's hash.
"""

import base64
import hashlib
import hmac
import re
import secrets

from django.conf import settings

_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


def new_key(code: str) -> str:
    """32 letters, 24 bytes: 16 random, 8 of the mark."""
    random = secrets.token_bytes(16)
    return base64.urlsafe_b64encode(random + _mark(random, code)).decode()


def is_well_formed(key: str) -> bool:
    return _WELL_FORMED.fullmatch(key) is not None


def was_given_out(key: str, code: str) -> bool:
    """Whether this server made the key for the round with this code."""
    if not is_well_formed(key):
        return False
    raw = base64.urlsafe_b64decode(key)
    return hmac.compare_digest(raw[16:], _mark(raw[:16], code))


def hash_of(key: str) -> bytes:
    """What the database may know of a key. Unsalted: 128 random bits cannot be guessed."""
    return hashlib.sha256(key.encode()).digest()


def hash_of_code(single_use_code: str, *, code: str) -> bytes:
    """What the database may know of a single-use code of the round with this code: 37 bits could else be tried out."""
    secret = f"single-use code {settings.SECRET_KEY}".encode()
    return hmac.digest(secret, f"{code} {single_use_code}".encode(), "sha256")


def mark_of(code: str) -> str:
    """What our answers about the round with this code carry: no captive portal and no proxy knows it."""
    secret = f"slip answer {settings.SECRET_KEY}".encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, code.encode(), "sha256")[:12]).decode()


def _mark(random: bytes, code: str) -> bytes:
    return hmac.digest(f"slip key {settings.SECRET_KEY}".encode(), random + code.encode(), "sha256")[:8]
