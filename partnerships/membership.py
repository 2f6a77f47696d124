"""Who comes, changes, leaves and is erased. Each act is one transaction and stands in the record."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from partnerships.models import Act, Area, Coordinator, Entry, Member, User

MONTHS_AN_IDLE_ACCOUNT_IS_KEPT = 24


class LastCoordinator(Exception):
    """An area without a coordinator could not be helped by anybody here."""


@transaction.atomic
def add(*, member: Member, by: User) -> None:
    """Saves a new member; one with an address can sign in from now on."""
    member.link_account()
    member.save()
    Entry.objects.write(Act.MEMBER_ADDED, by=by, member=member, detail=member.get_role_display())


@transaction.atomic
def change(*, member: Member, by: User) -> bool:
    """Saves what differs from the database. Whether anything did."""
    before = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    changed = {
        name for name in ("name", "email", "organisation_id", "role") if getattr(before, name) != getattr(member, name)
    }
    if "email" in changed:
        member.link_account()
        member.invited_on = None
    if changed:
        member.save()
        _close_unused(before.user_id)
    if "role" in changed:
        detail = f"{before.get_role_display()} → {member.get_role_display()}"
        Entry.objects.write(Act.ROLE_CHANGED, by=by, member=member, detail=detail)
    if changed - {"role"}:
        Entry.objects.write(Act.MEMBER_CHANGED, by=by, member=member)
    return bool(changed)


@transaction.atomic
def leave(*, member: Member, by: User) -> bool:
    """Ends a membership today. Whether it had not ended already."""
    left = Member.objects.current().filter(pk=member.pk).update(left_on=timezone.localdate())
    if left:
        Entry.objects.write(Act.MEMBER_LEFT, by=by, member=member)
    return bool(left)


@transaction.atomic
def replace(*, member: Member, successor: Member, by: User) -> None:
    """The organisation is represented by somebody else from today: the new one is asked everything anew."""
    leave(member=member, by=by)
    successor.succeeds = member
    successor.link_account()
    successor.save()
    Entry.objects.write(Act.MEMBER_REPLACED, by=by, member=successor)


@transaction.atomic
def appoint(*, area: Area, email: str, name: str, by: User) -> Coordinator:
    """Makes somebody a coordinator of the area; who is one already stays one."""
    person = User.objects.for_email(email)
    coordinator, is_new = Coordinator.objects.get_or_create(area=area, user=person, defaults={"name": name})
    if is_new:
        Entry.objects.write(Act.COORDINATOR_ADDED, by=by, area=area, person=person)
    return coordinator


@transaction.atomic
def dismiss(*, coordinator: Coordinator, by: User) -> None:
    """Takes a coordinator's rights away. Raises LastCoordinator for the only one of the area."""
    area = Area.objects.select_for_update(no_key=True).get(pk=coordinator.area_id)
    if not area.coordinators.exclude(pk=coordinator.pk).exists():
        raise LastCoordinator
    coordinator.delete()
    Entry.objects.write(Act.COORDINATOR_REMOVED, by=by, area=area, person=coordinator.user)


def all_of(member: Member) -> list[Member]:
    """Everything that the area holds about the person: their memberships in it, past and present."""
    held = Member.objects.select_related("partnership__area", "organisation").order_by("partnership__name", "pk")
    same = {"user": member.user_id} if member.user_id else {"pk": member.pk}
    return list(held.filter(partnership__area=member.partnership.area_id, **same))


@transaction.atomic
def erase(*, member: Member, by: User) -> None:
    """The person goes from the whole area, and their account too if nothing else needs it. Tables stay."""
    for each in all_of(member):
        each.delete()
        Entry.objects.write(Act.MEMBER_ERASED, by=by, partnership=each.partnership)
    _close_unused(member.user_id)


@transaction.atomic
def ask_for_erasure(*, person: User) -> int:
    """Marks the person's memberships for the coordinators. How many; with none the account goes at once."""
    asked = person.memberships.filter(erasure_asked_on__isnull=True).update(erasure_asked_on=timezone.localdate())
    _close_unused(person.pk)
    return asked


def forget_former() -> Iterator[tuple[Area, int]]:
    """Erases who left an area longer ago than it keeps them; yields each area and how many."""
    today = timezone.localdate()
    for area in Area.objects.all():
        with transaction.atomic():
            due = Member.objects.former().filter(
                partnership__area=area, left_on__lt=months_before(today, area.months_kept)
            )
            accounts = set(due.exclude(user=None).values_list("user", flat=True))
            number = due.count()
            due.delete()
            for account in accounts:
                _close_unused(account)
            if number:
                Entry.objects.write(Act.RETENTION, by=None, area=area, detail=str(number))
        if number:
            yield area, number


def close_idle_accounts() -> int:
    """Deletes accounts that nothing needs and nobody has used for two years. How many."""
    since = months_before(timezone.localdate(), MONTHS_AN_IDLE_ACCOUNT_IS_KEPT)
    idle = User.objects.idle(timezone.make_aware(datetime.combine(since, time())))
    number = idle.count()
    idle.delete()
    return number


def _close_unused(user_id: int | None) -> None:
    """Deletes an account that is on no partnership, looks after no area and administers nothing."""
    unused = User.objects.filter(memberships__isnull=True, coordinates__isnull=True, is_staff=False)
    if user_id:
        unused.filter(pk=user_id).delete()


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
