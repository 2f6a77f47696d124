"""Where somebody must sign in first."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails


class LoginRequired(LoginRequiredMiddleware):
    """Like Django's; but where a part of a page asks, the whole page goes to sign in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:  # type: ignore[override]
        if HtmxDetails(request):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().handle_no_permission(request, view_func)
