"""What allauth's pages of the second step leave out."""

from allauth.mfa.totp.forms import DeactivateTOTPForm
from allauth.mfa.webauthn.views import RemoveWebAuthnView


class RemovePasskey(RemoveWebAuthnView):
    """Refuses, as allauth does for the authenticator app alone, to take away what an area asks for."""

    form_class = DeactivateTOTPForm

    def get_form_kwargs(self) -> dict:
        # An empty form is checked already when the page is shown: the refusal comes before the question.
        return {"data": {}, **super().get_form_kwargs(), "authenticator": self.object}
