"""Who may do what: the table of partnerships.permissions, in words."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.permissions import RIGHTS, Right, Role


@login_not_required
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    rows = [(right.label, [role for role in Role if right in RIGHTS[role]]) for right in Right]
    return render(request, "partnerships/people/roles.html", {"rows": rows})
