"""A member adopts the charter, and takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charter import adopting, texts
from charter.forms import AdoptForm
from charter.models import Adoption, Level
from charter.receipts import send_receipt
from charter.texts import GUIDE
from coprod.common.forms import posted
from partnerships.models import Member
from partnerships.permissions import SignedInRequest, get_partnership_for


def _member_for(request: SignedInRequest, slug: str) -> Member:
    """The signed-in person's own membership. Raises Http404 for whoever has none."""
    partnership = get_partnership_for(request.user, slug)
    return get_object_or_404(partnership.members.current().select_related("organisation"), user=request.user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: SignedInRequest, slug: str) -> HttpResponse:
    """The whole text, then both ticks and a signature."""
    member = _member_for(request, slug)
    form = AdoptForm(posted(request), member=member)
    if form.is_valid():
        try:
            made = adopting.adopt(
                member=member, levels=form.levels, signed_name=form.cleaned_data["name"], by=request.user
            )
        except adopting.NotTheirs:
            form.add_error(None, _("The list of members has changed in this very moment. See what stands here now."))
        else:
            _tell(request, member, made)
            return redirect("charter:detail", slug)
    context = {
        "partnership": member.partnership,
        "member": member,
        "form": form,
        "wording": texts.WORDING,
        "guide": GUIDE,
        "mine": adopting.standing_of(member),
    }
    return render(request, "charter/adopt.html", context, status=422 if form.errors else 200)


def _tell(request: SignedInRequest, member: Member, made: list[Adoption]) -> None:
    if not made:
        messages.success(request, _("You had adopted it already. Nothing was changed."))
    elif send_receipt(member, made, base=request.build_absolute_uri("/").rstrip("/")):
        messages.success(request, _("Thank you. It is recorded, and a receipt is on its way to you by email."))
    else:
        messages.success(request, _("Thank you. It is recorded."))
        messages.warning(request, _("The receipt could not be sent: the mail server did not answer."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, slug: str, level: str) -> HttpResponse:
    """GET asks, POST takes back what was adopted personally, or for the organisation."""
    member = _member_for(request, slug)
    if level not in Level:
        raise Http404
    if request.method != "POST":
        context = {"partnership": member.partnership, "member": member, "level": level}
        return render(request, "charter/withdraw.html", context)
    if adopting.withdraw(member=member, level=Level(level), by=request.user):
        messages.success(request, _("It is taken back."))
    else:
        messages.success(request, _("There was nothing to take back."))
    return redirect("charter:detail", slug)
