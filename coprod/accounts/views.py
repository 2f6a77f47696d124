"""Asking for a code and typing it: allauth's pages, which keep the address and the way on when a code is used up."""

from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

# In the session's data: whose code was mistyped once too often.
ADDRESS = "sign_in_address"


class AskForCode(RequestLoginCodeView):
    def form_valid(self, form) -> HttpResponse:
        """A mail goes out for every address, known or not: so a mail server that is down tells nothing either."""
        try:
            return super().form_valid(form)
        except OSError:
            form.add_error(None, _("The mail could not be sent. Try again in a few minutes."))
            return self.form_invalid(form)

    def get_initial(self) -> dict:
        return super().get_initial() | {"email": self.request.session.pop(ADDRESS, "")}


class TypeCode(ConfirmLoginCodeView):
    def form_invalid(self, form) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return FormView.form_invalid(self, form)
        messages.error(self.request, _("That was the third wrong code, so it works no longer. Ask for a new one here."))
        self.request.session[ADDRESS] = self._process.state["email"]
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_request_login_code")))
