"""The front page, and what every page says of a demonstration."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coprod.todo import standings_of
from feedback.anonymity.codes import LENGTH, normalise
from feedback.demo import PEOPLE
from partnerships.people.directory import areas_of


class CodeForm(forms.Form):
    """The box for a meeting's code."""

    code = forms.CharField(
        label=_("Meeting code"),
        help_text=_("Six letters and numbers, on the screen or on the agenda. For example: 4F7 K2M"),
        error_messages={"required": _("Type the meeting code")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "app-code"}
        ),
    )

    def clean_code(self) -> str:
        code = normalise(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(
                _("A meeting code has %(length)s letters and numbers. Check it and type it again."),
                params={"length": LENGTH},
            )
        return code


@login_not_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("feedback:score", form.cleaned_data["code"])
    context: dict[str, object] = {"form": form, "demo_people": PEOPLE if settings.DEMO else {}}
    if request.user.is_authenticated:
        members = request.user.memberships.current().select_related("partnership__area", "organisation")
        context |= {
            "standings": standings_of(list(members.order_by("partnership__name"))),
            "areas": areas_of(request.user),
        }
    return render(request, "coprod/home.html", context, status=422 if form.is_bound else 200)


def site(request: HttpRequest) -> dict[str, object]:
    """For templates: whether this whole site is a demonstration, and who runs it."""
    return {"is_demo_site": settings.DEMO, "operator": settings.OPERATOR}
