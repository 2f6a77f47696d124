"""Where somebody is signed in, and signing out elsewhere."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.models.sessions import SessionQuerySet
from partnerships.permissions import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: SignedInRequest) -> HttpResponse:
    sessions = request.user.sessions.current().order_by("-signed_in_at", "pk")
    others = sessions.exclude(session_key=request.session.session_key)
    if request.method == "POST":
        return _sign_out(request, others)
    this = sessions.filter(session_key=request.session.session_key).first()
    return render(request, "account/devices.html", {"this": this, "others": others})


def _sign_out(request: SignedInRequest, others: SessionQuerySet) -> HttpResponse:
    if "everywhere" in request.POST:
        others.delete()
        messages.success(request, _("You are signed out everywhere but here."))
        return redirect("account_devices")
    wanted = next((each for each in others if each.handle == request.POST.get("session")), None)
    if wanted is None:
        raise Http404
    wanted.delete()
    messages.success(request, _("Signed out: %(device)s") % {"device": wanted.device})
    return redirect("account_devices")
