"""What pages of partnerships show of the charter: those rooms cannot know of it."""

from __future__ import annotations

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from charter.models import PartnershipAdoption
from partnerships.models import Partnership

register = template.Library()


@register.simple_tag
def charter_standing(partnership: Partnership) -> str:
    """How the partnership's own adoption stands, in a few words. One query."""
    adoption = PartnershipAdoption.objects.filter(partnership=partnership).first()
    if adoption is None:
        return _("not adopted yet")
    date = {"date": date_format(adoption.adopted_on, "j F Y")}
    if adoption.is_of_earlier_wording:
        return _("an earlier wording adopted on %(date)s") % date
    return _("adopted on %(date)s") % date
