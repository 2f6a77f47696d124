"""The forms of signing in: allauth's, in plain words."""

from __future__ import annotations

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from coprod.common.text import LONGEST_ADDRESS, mailable
from partnerships.models import User
from partnerships.sessions import REMEMBER


def _code(help_text, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", **attrs})
    return forms.CharField(
        label=_("Code"), help_text=help_text, widget=widget, error_messages={"required": _("Type the code")}
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("For you alone, to tell them apart. For example: my phone"),
        max_length=60,
        error_messages={"required": _("Type a name")},
    )


class AddressForm(RequestLoginCodeForm):
    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[mailable],
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Type your email address"),
            "invalid": _("Type an email address like name@example.org"),
        },
    )


class MailedCodeForm(ConfirmLoginCodeForm):
    code = _code(
        _("From the latest mail. Small letters will do, and the dash can be left out."), autocapitalize="characters"
    )
    remember = forms.BooleanField(
        required=False,
        label=_("Remember this phone for 30 days"),
        help_text=_("Only if nobody else uses it. Coordinators of an area sign in again after 12 hours all the same."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not self.expected_code:
            # The address is unknown. Look somebody up all the same: it must not show in the time taken.
            User.objects.filter(pk=0).first()

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            # Until the second step is done there is nobody signed in to whom this could be said.
            context.request.session[REMEMBER] = cleaned["remember"]
        return cleaned


_FROM_THE_APP = _("Six numbers from your authenticator app, or one of your recovery codes.")


class OnceOnly:
    """allauth forgets used codes after half a minute; with MFA_TOTP_TOLERANCE they would be good for longer."""

    def clean_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        figures = "".join(filter(str.isalnum, code))
        remembered_for = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        if not cache.add(f"second-step:{self.user.pk}:{figures}", True, remembered_for):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(OnceOnly, second_step.AuthenticateForm):
    code = _code(_FROM_THE_APP, inputmode="numeric")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Whoever has only a passkey is asked for that first.
        self.has_app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).exists()
        if not self.has_app:
            self.fields["code"].help_text = _("One of your recovery codes.")


class ConfirmForm(OnceOnly, second_step.ReauthenticateForm):
    code = _code(_FROM_THE_APP, inputmode="numeric")


class SetUpAppForm(app.ActivateTOTPForm):
    code = _code(_("The six numbers that the app shows now."), inputmode="numeric")

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except forms.ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise forms.ValidationError(_("That code is not right. Type the six numbers the app shows now.")) from error

    def secret_in_fours(self) -> str:
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


class AddPasskeyForm(passkey.AddWebAuthnForm):
    name = _name()
    passwordless = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Sign in with it alone, without a code by email"),
        help_text=_("Your phone or computer then asks for your finger, your face or its PIN."),
    )
    credential = forms.JSONField(
        widget=forms.HiddenInput, error_messages={"required": _("Your browser made no passkey. Try again.")}
    )


class RenamePasskeyForm(passkey.EditWebAuthnForm):
    name = _name()
