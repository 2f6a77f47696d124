"""People adopt the charter, personally and for their organisation, and take it back. Each act stands in the record.

Each takes the lock of its area first and then looks again: a double click is one adoption.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from charter import texts
from charter.models import Adoption, Level, PartnershipAdoption
from charter.roll import Roll, roll_of
from partnerships.models import Act, Entry, Member, Partnership, User
from partnerships.people.membership import lock

__all__ = ["NotTheirs", "Roll", "adopt", "asked_of", "enter_on_paper", "missing_of", "remove", "roll_of", "withdraw"]


class NotTheirs(Exception):
    """The member has left, or represents somebody else now."""


@transaction.atomic
def adopt(*, member: Member, levels: Collection[Level], signed_name: str, by: User) -> list[Adoption]:
    """Writes what is new of it, and returns that; nothing where all of it was adopted already. Raises NotTheirs."""
    made = _adopt(member, levels, Adoption(adopted_on=timezone.localdate(), signed_name=signed_name))
    for adoption in made:
        Entry.objects.write(Act.CHARTER_SIGNED, by=by, member=member, detail=adoption.get_level_display())
    return made


@transaction.atomic
def enter_on_paper(*, member: Member, levels: Collection[Level], adopted_on: datetime.date, by: User) -> list[Adoption]:
    """The same for a sheet that the member has signed: it is their name that stands there. Raises NotTheirs."""
    paper = Adoption(adopted_on=adopted_on, signed_name=member.name, on_paper=True, entered_by=by)
    made = _adopt(member, levels, paper)
    for adoption in made:
        Entry.objects.write(Act.CHARTER_ON_PAPER, by=by, member=member, detail=adoption.get_level_display())
    return made


def _adopt(member: Member, levels: Collection[Level], like: Adoption) -> list[Adoption]:
    lock(member.partnership.area_id)
    if not Member.objects.current().filter(pk=member.pk, organisation=member.organisation_id).exists():
        raise NotTheirs
    made = []
    for level in levels:
        if _standing(member, level).exists():
            continue
        Adoption.objects.filter(member=member, level=level, version=texts.VERSION).delete()  # for another body
        adoption = Adoption(
            member=member,
            level=level,
            version=texts.VERSION,
            organisation=member.organisation if level == Level.ORGANISATION else None,
            adopted_on=like.adopted_on,
            signed_name=like.signed_name,
            on_paper=like.on_paper,
            entered_by=like.entered_by,
        )
        adoption.save()
        made.append(adoption)
    return made


def _standing(member: Member, level: Level) -> QuerySet[Adoption]:
    """What stands of it: an organisation's adoption through whoever represents it beside the member, too."""
    standing = Adoption.objects.in_(member.partnership).standing().filter(level=level)
    if level == Level.ORGANISATION:
        return standing.filter(organisation=member.organisation_id)
    return standing.filter(member=member)


def standing_of(member: Member) -> dict[str, Adoption]:
    """{level: what stands at it}, as the member sees it."""
    found = ((level.value, _standing(member, level).select_related("member").first()) for level in Level)
    return {level: adoption for level, adoption in found if adoption}


@transaction.atomic
def withdraw(*, member: Member, level: Level, by: User) -> bool:
    """Takes back what the member adopted, personally or for their organisation, in any wording. Whether any was."""
    lock(member.partnership.area_id)
    deleted, _each = Adoption.objects.filter(member=member, level=level).delete()
    if deleted:
        Entry.objects.write(Act.CHARTER_WITHDRAWN, by=by, member=member, detail=str(level.label))
    return bool(deleted)


def on_paper_in(partnership: Partnership) -> list[Adoption]:
    """What was typed in of those who are on the partnership still, the latest first."""
    found = Adoption.objects.in_(partnership).filter(on_paper=True, member__left_on__isnull=True)
    found = found.select_related("member__partnership__area", "organisation")
    return list(found.order_by("-adopted_on", "-pk"))


@transaction.atomic
def remove(*, adoption: Adoption, by: User) -> bool:
    """Takes away what was typed in by mistake. Whether nobody had done so before."""
    lock(adoption.member.partnership.area_id)
    deleted, _each = Adoption.objects.filter(pk=adoption.pk, on_paper=True).delete()
    if deleted:
        Entry.objects.write(Act.CHARTER_WITHDRAWN, by=by, member=adoption.member, detail=adoption.get_level_display())
    return bool(deleted)


def missing_of(members: Iterable[Member]) -> dict[int, list[Level]]:
    """{member: what they have still to adopt}, for members of any partnerships. One query."""
    members = list(members)
    standing = Adoption.objects.standing().filter(member__partnership__in={each.partnership_id for each in members})
    done = {
        (level, place, member if level == Level.PERSON else body)
        for level, place, member, body in standing.values_list("level", "member__partnership", "member", "organisation")
    }
    return {
        each.pk: [level for level in Level if (level, each.partnership_id, _adopter(each, level)) not in done]
        for each in members
    }


def _adopter(member: Member, level: Level) -> int:
    return member.pk if level == Level.PERSON else member.organisation_id


def asked_of(members: Iterable[Member]) -> set[int]:
    """Of these, the keys of those who have something to adopt, where their partnership itself has. Two queries."""
    members = list(members)
    places = PartnershipAdoption.objects.filter(version=texts.VERSION).filter(
        partnership__in={member.partnership_id for member in members}
    )
    adopted = set(places.values_list("partnership", flat=True))
    missing = missing_of(members)
    return {member.pk for member in members if member.partnership_id in adopted and missing[member.pk]}
