"""The partnership's page of the charter: the text, how it stands, who has adopted it and who has not yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter import texts
from charter.adopting import standing_of
from charter.roll import roll_of
from charter.texts import GUIDE
from partnerships.permissions import Right, SignedInRequest, get_partnership_for


@never_cache
@require_safe
def detail(request: SignedInRequest, slug: str) -> HttpResponse:
    partnership = get_partnership_for(request.user, slug)
    member = partnership.members.current().select_related("organisation").filter(user=request.user).first()
    roll = roll_of(partnership)
    address = roll.adoption.public_address if roll.adoption else ""
    context = {
        "partnership": partnership,
        "wording": texts.WORDING,
        "guide": GUIDE,
        "roll": roll,
        "member": member,
        "mine": standing_of(member) if member else {},
        "may_plan": Right.PLAN_MEETINGS in partnership.rights,
        "address": request.build_absolute_uri(address) if address else "",
    }
    return render(request, "charter/detail.html", context)
