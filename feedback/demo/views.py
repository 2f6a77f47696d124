"""One-click sign-in as a person of the demonstration. Its address exists with DEMO=1 alone."""

from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from feedback.demo import PEOPLE


@login_not_required
@csrf_exempt  # anybody may sign in as these people anyway
@require_POST
def sign_in(request: HttpRequest, person: str) -> HttpResponse:
    if person not in PEOPLE:
        raise Http404
    user = get_user_model().objects.filter(email=PEOPLE[person].email).first()
    if user is None:
        raise Http404
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("home")
