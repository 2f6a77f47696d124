"""Somebody signs in: asks for a code, reads the mail, types it; and has an authenticator app."""

from __future__ import annotations

import re
import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from partnerships.models import User
from tests.actors.phones import text_of

ASK, TYPE = reverse("account_request_login_code"), reverse("account_confirm_login_code")
SECOND_STEP = reverse("mfa_authenticate")


def ask(email: str, **more) -> Client:
    client = Client()
    response = client.post(ASK, {"email": email, **more}, follow=True)
    assert "a code is on its way there" in text_of(response)
    assert "has been sent" not in text_of(response)
    return client


def code() -> str:
    """The one in the latest mail."""
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def sign_in(email: str, **ticked: str) -> Client:
    client = ask(email)
    assert client.post(TYPE, {"code": code(), **ticked}).status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("account_devices")).status_code == 200


def give_app(user: User) -> str:
    """An authenticator app that was set up earlier; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def shown(secret: str, *, later: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
