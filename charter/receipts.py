"""What an adopter is sent: what was adopted, for whom, how to take it back, and the wording itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from charter import texts
from charter.models import Adoption
from charter.texts import GUIDE
from coprod.common.text import tidy
from partnerships.models import Member


def send_receipt(member: Member, adoptions: Sequence[Adoption], *, base: str) -> bool:
    """Whether it went out; what was adopted stays so in either case. `base`: where the site is."""
    context = {
        "member": member,
        "partnership": member.partnership,
        "adoptions": [
            (each, f"{base}{reverse('charter:withdraw', args=[member.partnership.slug, each.level])}")
            for each in adoptions
        ],
        "wording": texts.WORDINGS[adoptions[0].version],
        "guide": GUIDE,
        "link": f"{base}{reverse('charter:detail', args=[member.partnership.slug])}",
    }
    subject = tidy(_("You have adopted the charter: %(name)s") % {"name": member.partnership.name})
    mail = EmailMessage(subject=subject, body=render_to_string("charter/email/receipt.txt", context), to=[member.email])
    try:
        mail.send()
    except OSError:
        return False
    return True
