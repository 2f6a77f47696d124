"""How people sign in: with a code by email, if somebody has invited them, and a second step if they set one up."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import User

_TOO_MANY = gettext_lazy("Too many tries. Wait a few minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That code is not right or is too old. Check the latest mail, or ask for a new code."
        ),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That was not accepted. Try again with the newest code, or with your passkey."),
        "cannot_delete_authenticator": gettext_lazy(
            "You cannot remove this: an area you coordinate asks for a second step, and you have no other. "
            "Set up another one first."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an authenticator app or a passkey first."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second step stays while an area that one coordinates asks for one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=["totp", "webauthn"])
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return not authenticator.user.coordinates.filter(area__requires_second_factor=True).exists()

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=3, light="#fff", lineclass=None)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Together"}

    def get_public_key_credential_user_entity(self, user: User) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.email}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Seals with today's SECRET_KEY, and opens what former ones have sealed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("partnerships.second-step", "", secret=each, algorithm="sha256").digest() for each in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
