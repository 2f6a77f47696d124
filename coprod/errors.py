"""Pages for when something is refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or cookies are blocked: nothing was done, and what to do now."""
    return render(request, "403_csrf.html", status=403)
