"""Where somebody must sign in first, and where a coordinator needs a second step."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from partnerships.permissions import SecondFactorNeeded


class LoginRequired(LoginRequiredMiddleware):
    """Like Django's; but where a part of a page asks, the whole page goes to sign in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:  # type: ignore[override]
        if HtmxDetails(request):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().handle_no_permission(request, view_func)


class SecondStep(MiddlewareMixin):
    """A coordinator without the second step that the area asks for is led to where it is set up."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecondFactorNeeded):
            return None
        if HtmxDetails(request):
            return HttpResponse(headers={"HX-Refresh": "true"})
        messages.warning(
            request, _("This area asks its coordinators for a second step when they sign in. Set one up here.")
        )
        return redirect("mfa_index")
