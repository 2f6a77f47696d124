"""What somebody adopted, for that person."""

from __future__ import annotations

from typing import Any

from charter.models import Adoption
from partnerships.models import User


def adopted_by(person: User) -> list[dict[str, Any]]:
    """Plain values, ready for JSON."""
    adoptions = Adoption.objects.filter(member__user=person).select_related("member__partnership", "organisation")
    return [
        {
            "partnership": each.member.partnership.name,
            "how": each.get_level_display(),
            "organisation": each.organisation.name if each.organisation else None,
            "version": each.version,
            "adopted_on": each.adopted_on,
            "signed_as": each.signed_name,
            "on_paper": each.on_paper,
        }
        for each in adoptions
    ]
