"""What a coordinator sees of an area at a glance."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partnerships.models import Area, Meeting, Member, Partnership, User


def partnerships_of(area: Area) -> QuerySet[Partnership]:
    """The area's partnerships with `current_members`, and `next_meeting`: its date, if one is planned."""
    meetings = Meeting.objects.taking_place().upcoming().filter(partnership=OuterRef("pk"))
    return area.partnerships.select_related("parent").annotate(
        current_members=_number_of(Member.objects.current(), "partnership"),
        next_meeting=Subquery(meetings.values("date")[:1]),
    )


def areas_of(user: User) -> QuerySet[Area]:
    """The areas the person coordinates, with `partnership_count`, and `erasure_count`: who asks to be erased."""
    asked = Member.objects.filter(erasure_asked_on__isnull=False)
    return Area.objects.filter(coordinators__user=user).annotate(
        partnership_count=_number_of(Partnership.objects.all(), "area"),
        erasure_count=_number_of(asked, "partnership__area"),
    )


def _number_of(things: QuerySet, belongs_to: str) -> Coalesce:
    mine = things.order_by().filter(**{belongs_to: OuterRef("pk")}).values(belongs_to)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)
