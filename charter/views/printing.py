"""What hangs on the wall, and what is signed with a pen."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter import texts
from charter.adopting import missing_of
from charter.roll import roll_of
from charter.texts import GUIDE
from coprod.common.downloads import pdf_file
from coprod.common.pdf import render_one_page, render_pdf
from partnerships.permissions import Right, SignedInRequest, get_partnership_for

# Of the organisations on the poster, from a few short names to 40 long ones: the first that fits is taken.
DENSITIES = range(6)
EMPTY_LINES = 6


@never_cache
@require_safe
def poster_pdf(request: SignedInRequest, slug: str) -> HttpResponse:
    """The commitments and who adopted them, on one page; `?size=a3` for the wall. No person is named."""
    partnership = get_partnership_for(request.user, slug)
    roll = roll_of(partnership)
    context = {
        "partnership": partnership,
        "adoption": roll.adoption,
        "adopted_by": roll.adopted_by if roll.adoption else [],
        "wording": roll.adoption.wording if roll.adoption else texts.WORDING,
        "guide": GUIDE,
        "is_large": request.GET.get("size") == "a3",
    }
    template = "charter/poster_pdf.html"
    pdf = render_one_page(render_to_string(template, context | {"density": density}) for density in DENSITIES)
    return pdf_file(pdf, partnership.name, _("charter"))


@never_cache
@require_safe
def sheet_pdf(request: SignedInRequest, slug: str) -> HttpResponse:
    """The text and lines to sign on: with the names of those without an address who have not yet, then empty ones."""
    partnership = get_partnership_for(request.user, slug, Right.PLAN_MEETINGS)
    members = list(partnership.members.current().filter(email="").select_related("organisation"))
    missing = missing_of(members)
    context = {
        "partnership": partnership,
        "members": [member for member in members if missing[member.pk]],
        "empty": range(EMPTY_LINES),
        "wording": texts.WORDING,
        "guide": GUIDE,
    }
    return pdf_file(
        render_pdf(render_to_string("charter/sheet_pdf.html", context)), partnership.name, _("charter-sheet")
    )
