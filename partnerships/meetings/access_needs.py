"""What members need to take part: told by themselves, seen to by whoever prepares the meeting.

None of it goes into the record of what was done, and none of it outlives the membership.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from partnerships.models import AccessNeed, Arrangement, Meeting, Member


@transaction.atomic
def tell(*, member: Member, needs: Mapping[str, str], shows_name: bool) -> None:
    """Keeps exactly these needs of a member who agrees to that: {kind: more about it}. With none, nothing is kept,
    and nothing of somebody who has just left."""
    if not Member.objects.current().select_for_update(no_key=True).filter(pk=member.pk).exists():
        return
    before = dict(member.access_needs.values_list("kind", "detail"))
    member.access_needs.exclude(kind__in=needs).delete()
    AccessNeed.objects.bulk_create(
        [AccessNeed(member=member, kind=kind, detail=detail, shows_name=shows_name) for kind, detail in needs.items()],
        update_conflicts=True,
        unique_fields=["member", "kind"],
        update_fields=["detail", "shows_name"],
    )
    # What was arranged for another wording may not be what is needed now.
    changed = [kind for kind, detail in needs.items() if before.get(kind, detail) != detail]
    to_come = Arrangement.objects.filter(need__member=member, meeting__date__gte=timezone.localdate())
    to_come.filter(need__kind__in=changed).delete()


def needs_for(meeting: Meeting) -> list[AccessNeed]:
    """What its members need, in an order that tells nothing of who they are."""
    needs = AccessNeed.objects.filter(member__partnership=meeting.partnership_id, member__left_on__isnull=True)
    return list(needs.select_related("member").order_by("kind", "detail", "pk"))


def arranged_for(meeting: Meeting) -> set[int]:
    """The keys of the needs that are seen to for this meeting."""
    return set(meeting.arrangements.values_list("need", flat=True))


@transaction.atomic
def arrange(*, meeting: Meeting, shown: Collection[int], ticked: Collection[int]) -> None:
    """Of the needs that the page has shown, exactly those that are ticked are seen to."""
    meeting.arrangements.filter(need__in=set(shown) - set(ticked)).delete()
    real = {need.pk for need in needs_for(meeting)}
    Arrangement.objects.bulk_create(
        [Arrangement(meeting=meeting, need_id=pk) for pk in real & set(shown) & set(ticked)], ignore_conflicts=True
    )
