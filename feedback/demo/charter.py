"""Who of the demonstration has adopted the charter: not everybody, and one on paper. Invented, like the scores."""

from __future__ import annotations

import datetime

from charter import adopting, deciding
from charter.models import Adoption, Level, PartnershipAdoption
from charter.texts import VERSION
from feedback.demo.people import PEOPLE
from partnerships.models import Meeting, Member, User

DECISION = "The partnership adopts the TOGETHER charter. Each partner is asked to adopt it too."
BOTH = (Level.PERSON, Level.ORGANISATION)
# So many days after the meeting, and how; one line for each of the first members by name.
SIGNED = (
    (1, BOTH),
    (1, BOTH),
    (3, (Level.PERSON,)),
    (6, BOTH),
    (8, (Level.ORGANISATION,)),
    (9, BOTH),
    (14, BOTH),
    (20, BOTH),
    (21, (Level.PERSON,)),
)
ON_PAPER = 28


def tell_charter(meeting: Meeting, by: User) -> None:
    """The partnership adopts it at this meeting and publishes that; then some sign. What is there already stays so.

    The demonstration's own member has still to adopt it, so that a visitor can.
    """
    partnership = meeting.partnership
    if PartnershipAdoption.objects.filter(partnership=partnership).exists():
        return
    deciding.record(partnership=partnership, adopted_on=meeting.date, meeting=meeting, decision=DECISION, by=by)
    deciding.publish(partnership=partnership, by=by)
    members = partnership.members.current().exclude(email=PEOPLE["member"].email)
    *signing, on_paper = members.select_related("organisation", "partnership")[: len(SIGNED) + 1]
    for member, (days, levels) in zip(signing, SIGNED, strict=False):
        _sign(member, levels, meeting.date + datetime.timedelta(days=days))
    late = meeting.date + datetime.timedelta(days=ON_PAPER)
    adopting.enter_on_paper(member=on_paper, levels=BOTH, adopted_on=late, by=by)


def _sign(member: Member, levels: tuple[Level, ...], day: datetime.date) -> None:
    """On that day: people who have no account here cannot do it today, the usual way."""
    Adoption.objects.bulk_create(
        Adoption(
            member=member,
            level=level,
            organisation=member.organisation if level == Level.ORGANISATION else None,
            version=VERSION,
            adopted_on=day,
            signed_name=member.name,
        )
        for level in levels
    )
