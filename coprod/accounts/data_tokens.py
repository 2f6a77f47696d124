"""A person's addresses for spreadsheets and reporting tools: made, listed, revoked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coprod.common.forms import TidyField, posted
from partnerships.models import Area, DataToken, Partnership, User
from partnerships.models.tokens import MOST_TOKENS
from partnerships.permissions import SignedInRequest

_DATA_SETS = ("tables", "trends")


class TokenForm(forms.Form):
    """What the address is for, so that its owner knows which one to revoke."""

    name = TidyField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("Such as “Yearly report, Excel on my laptop”."),
        max_length=80,
        error_messages={
            "required": gettext_lazy("Say what the address is for"),
            "max_length": gettext_lazy("Shorten it to %(limit_value)s characters or fewer"),
        },
    )

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self.user = user

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.user.data_tokens.filter(name__iexact=name).exists():
            raise ValidationError(_("You have an address of this name already. Give this one another name."))
        return name

    def clean(self) -> None:
        if self.user.data_tokens.count() >= MOST_TOKENS:
            raise ValidationError(_("You have %(most)s addresses. Revoke one first."), params={"most": MOST_TOKENS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_tokens(request: SignedInRequest) -> HttpResponse:
    """POST makes one, and its answer is the only page that ever shows it."""
    form = TokenForm(posted(request), user=request.user)
    context: dict[str, object] = {"form": form, "most": MOST_TOKENS}
    if form.is_valid():
        name = form.cleaned_data["name"]
        secret = DataToken.objects.make(user=request.user, name=name)
        context |= {"form": TokenForm(user=request.user), "made": name, "addresses": _addresses(request, secret)}
    context["tokens"] = request.user.data_tokens.all()
    return render(request, "account/data_tokens.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_data_token(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    token = get_object_or_404(request.user.data_tokens, pk=pk)
    if request.method != "POST":
        return render(request, "account/revoke_data_token.html", {"token": token})
    token.delete()
    messages.success(request, _("“%(name)s” is revoked: its addresses open nothing any more.") % {"name": token})
    return redirect("data_tokens")


def _addresses(request: SignedInRequest, secret: str) -> list[tuple[str, list[str]]]:
    """Of all areas and partnerships of this person: the name, and where each data set is read as CSV."""
    areas = [(each.area, "feedback:token_area_data") for each in request.user.coordinates.select_related("area")]
    mine = Partnership.objects.filter(pk__in=request.user.memberships.current().values("partnership"))
    places: list[tuple[Area | Partnership, str]] = [
        *areas,
        *((each, "feedback:token_partnership_data") for each in mine),
    ]
    return [
        (place.name, [_address(request, name, secret, place.slug, each) for each in _DATA_SETS])
        for place, name in places
    ]


def _address(request: HttpRequest, name: str, *parts: str) -> str:
    return request.build_absolute_uri(reverse(name, args=[*parts, "csv"]))
