"""What the minute-taker does: records, publishes, types in what was signed on paper, asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charter import adopting, asking, deciding, texts
from charter.forms import DecisionForm, PaperForm
from charter.models import PartnershipAdoption
from charter.roll import latest_of, roll_of
from coprod.common.forms import number, posted
from partnerships.models import Partnership
from partnerships.people.name_removal import Nameless
from partnerships.permissions import Right, SignedInRequest, get_partnership_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, slug: str) -> HttpResponse:
    """That the partnership adopted the charter; `do=remove` takes away what was recorded by mistake."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    if request.POST.get("do") == "remove":
        deciding.forget(partnership=partnership, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("charter:detail", slug)
    latest = latest_of(partnership)
    is_recorded = latest is not None and latest.version == texts.VERSION
    adoption = latest if is_recorded else PartnershipAdoption(partnership=partnership)
    form = DecisionForm(posted(request), instance=adoption)
    if form.is_valid():
        deciding.record(partnership=partnership, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Saved.") if is_recorded else _("Recorded. Now ask organisations and members to adopt it.")
        )
        return redirect("charter:detail", slug)
    context = {"partnership": partnership, "form": form, "is_recorded": is_recorded}
    return render(request, "charter/record.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """GET shows what everybody would see; POST publishes it, with `do=hide` takes it back."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    roll = roll_of(partnership)
    if roll.adoption is None:
        messages.warning(request, _("First record that the partnership adopted the charter."))
        return redirect("charter:detail", slug)
    if request.method != "POST":
        address = request.build_absolute_uri(roll.adoption.public_address) if roll.adoption.token else ""
        decision = Nameless.of(partnership)(roll.adoption.decision)
        context = {"partnership": partnership, "adoption": roll.adoption, "roll": roll, "address": address}
        context |= {"decision": decision}
        return render(request, "charter/publish.html", context)
    if request.POST.get("do") == "hide":
        deciding.hide(partnership=partnership, by=request.user)
        messages.success(request, _("It is taken back: the address leads nowhere now."))
    else:
        deciding.publish(partnership=partnership, by=request.user)
        messages.success(request, _("Published."))
    return redirect("charter:publish", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sheets that members without an address signed; `do=remove` takes one away that was typed in by mistake."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    if request.POST.get("do") == "remove":
        return _remove(request, partnership)
    form = PaperForm(posted(request), partnership=partnership)
    if form.is_valid() and _entered(request, form):
        return redirect("charter:paper", slug)
    addresses = set(partnership.members.current().values_list("email", flat=True))
    context = {
        "partnership": partnership,
        "form": form,
        "entered": adopting.on_paper_in(partnership),
        "has_members": bool(addresses),
        "without_address": "" in addresses,
    }
    return render(request, "charter/paper.html", context, status=422 if form.errors else 200)


def _entered(request: SignedInRequest, form: PaperForm) -> bool:
    """Whether it could be typed in: the member may have left in this very moment."""
    member = form.cleaned_data["member"]
    try:
        made = adopting.enter_on_paper(
            member=member, levels=form.levels, adopted_on=form.cleaned_data["adopted_on"], by=request.user
        )
    except adopting.NotTheirs:
        form.add_error("member", form.fields["member"].error_messages["invalid_choice"])
        return False
    words = _("%(name)s: recorded.") if made else _("%(name)s had adopted it already. Nothing was changed.")
    messages.success(request, words % {"name": member})
    return True


def _remove(request: SignedInRequest, partnership: Partnership) -> HttpResponse:
    pk = number(request.POST.get("adoption"))
    found = next((each for each in adopting.on_paper_in(partnership) if each.pk == pk), None)
    if found and adopting.remove(adoption=found, by=request.user):
        messages.success(request, _("Removed."))
    else:
        messages.warning(request, _("It was gone already. Nothing was changed."))
    return redirect("charter:paper", partnership.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """GET says who would get a mail, POST sends them."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    if request.method == "POST":
        base = request.build_absolute_uri("/").rstrip("/")
        _tell(request, asking.ask(partnership=partnership, base=base, by=request.user))
        return redirect("charter:ask", slug)
    adoption = latest_of(partnership)
    context = {
        "partnership": partnership,
        "is_adopted": adoption is not None and adoption.version == texts.VERSION,
        "missing": asking.missing_in(partnership),
        "days": asking.DAYS_BETWEEN,
    }
    return render(request, "charter/ask.html", context)


def _tell(request: SignedInRequest, asked: asking.Asked) -> None:
    if asked.sent:
        words = ngettext("%(n)s mail is sent.", "%(n)s mails are sent.", asked.sent)
        messages.success(request, words % {"n": asked.sent})
    if asked.failed:
        words = ngettext("%(n)s mail could not be sent.", "%(n)s mails could not be sent.", asked.failed)
        messages.warning(request, words % {"n": asked.failed})
    if not asked.is_there:
        messages.error(
            request, _("The mail server is not there. Whoever got no mail does not count as asked: try again later.")
        )
    elif not asked.sent and not asked.failed:
        messages.warning(request, _("There was nobody to ask. No mail was sent."))
