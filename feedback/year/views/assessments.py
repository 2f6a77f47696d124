"""The yearly assessment: prepared, filled in together, and both sides set side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coprod.common.downloads import pdf_file
from coprod.common.forms import posted
from coprod.common.pdf import render_pdf
from feedback.models import Phase
from feedback.rounds.phases import WrongPhase
from feedback.year import assessments as assessing
from feedback.year.forms import JointForm, PrepareForm
from feedback.year.overview import Assessment, side_by_side
from partnerships.models import Year
from partnerships.permissions import Right, SignedInRequest, get_year_for

_OPENED = gettext_lazy("It has opened already, so its statements stay as they are.")


def _is_to_come(request: SignedInRequest, year: Year) -> bool:
    """Whether nobody can look back on the year yet; if so, that is told."""
    if year.span.first <= timezone.localdate():
        return False
    messages.warning(request, _("This year has not begun yet: there is nothing to look back on."))
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """GET asks whether the twelve steps are asked about too; POST prepares the members' round, which stays closed."""
    year = get_year_for(request.user, slug, number, Right.RUN_FEEDBACK)
    round = Assessment.of(year).round
    if _is_to_come(request, year):
        return redirect(year)
    if round and round.phase != Phase.PLANNED and not round.is_fruitless:
        messages.warning(request, _OPENED)
        return redirect(round.address("desk"))
    form = PrepareForm(posted(request), initial={"with_steps": bool(round and round.instrument.has_parts)})
    if form.is_valid():
        with_steps = form.cleaned_data["with_steps"]
        try:
            round = assessing.prepare(
                partnership=year.partnership, number=number, with_steps=with_steps, by=request.user
            )
            messages.success(request, _("Prepared. Open it when members should answer."))
        except WrongPhase as wrong:  # somebody has opened it in this very moment
            round = wrong.round
            messages.warning(request, _OPENED)
        return redirect(round.address("desk"))
    return render(request, "feedback/year/prepare.html", {"partnership": year.partnership, "year": year, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """For the screen in the room: the partnership's own answer to each commitment, with a note."""
    year = get_year_for(request.user, slug, number, Right.RUN_FEEDBACK)
    if _is_to_come(request, year):
        return redirect(year)
    assessment = Assessment.of(year)
    form = JointForm(posted(request), year=year, joint=assessment.joint)
    if form.is_valid():
        try:
            assessing.record_joint(
                partnership=year.partnership,
                number=number,
                version=form.cleaned_data["version"],
                instrument=form.instrument,
                answers=form.answers,
                notes=form.notes,
                meeting=form.cleaned_data["meeting"],
                by=request.user,
            )
        except assessing.ChangedMeanwhile as changed:
            form.show_as_of(changed.version)
            form.add_error(
                None,
                _(
                    "Somebody else has saved other answers meanwhile. Yours are below, not saved: save again to put "
                    "them in place of theirs, or load the page again to see theirs."
                ),
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:gap", slug, number)
    context = {"partnership": year.partnership, "year": year, "form": form, "assessment": assessment}
    return render(request, "feedback/year/together.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def gap(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    return render(
        request,
        "feedback/year/gap.html",
        side_by_side(year) | {"may_run": Right.RUN_FEEDBACK in year.partnership.rights},
    )


@never_cache
@require_safe
def gap_pdf(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    year = get_year_for(request.user, slug, number)
    html = render_to_string("feedback/year/gap_pdf.html", side_by_side(year))
    return pdf_file(render_pdf(html), year.partnership.name, str(number), _("assessment"))
