"""Who comes, changes, leaves and is erased. Each act is one transaction and stands in the record.

Each takes the lock of its area first and then looks again, so that acts on the same people come one after
the other. An account can belong to two areas: it has a lock of its own, taken by whoever links or closes it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.models import AccessNeed, Act, Action, Area, Coordinator, Entry, Member, Objective, Organisation, User

MONTHS_AN_IDLE_ACCOUNT_IS_KEPT = 24
_MAY_CHANGE = ("name", "email", "organisation", "role")


class LastCoordinator(Exception):
    """Nobody who has ever signed in would be left to look after the area."""


class Gone(Http404):
    """Somebody else has ended the membership in this very moment."""


def lock(area_id: int) -> Area:
    """The area, for this transaction alone."""
    return Area.objects.select_for_update(no_key=True).get(pk=area_id)


@transaction.atomic
def add(*, member: Member, by: User) -> None:
    """Saves a new member; one with an address can sign in from now on."""
    lock(member.partnership.area_id)
    _save_new(member)
    Entry.objects.write(Act.MEMBER_ADDED, by=by, member=member, detail=member.get_role_display())


@transaction.atomic
def change(*, member: Member, by: User) -> bool:
    """Saves what differs from the database. Whether anything did. Raises Gone."""
    lock(member.partnership.area_id)
    before = Member.objects.current().select_related("organisation").filter(pk=member.pk).first()
    if before is None:
        raise Gone
    store_organisation(member)
    changed = [name for name in _MAY_CHANGE if getattr(before, name) != getattr(member, name)]
    if "email" in changed:
        member.invited_on = member.signed_in_on = None
    if "email" in changed or (member.email and not before.user_id):
        member.link_account()
    member.save(update_fields=[*changed, "user", "invited_on", "signed_in_on"])
    if before.user_id and member.user_id != before.user_id:
        AccessNeed.objects.filter(member=member).delete()  # told in confidence, by whoever had the address before
    if member.user_id != before.user_id:
        close_unused(before.user_id, only_never_used=True)
    if not before.organisation.members.exists():  # the same body under its right name
        for owned in (Action.objects, Objective.objects):
            owned.filter(organisation=before.organisation).update(organisation=member.organisation)
    _forget_unused({before.organisation_id})
    _note_change(before, member, changed, by)
    return bool(changed)


def _note_change(before: Member, member: Member, changed: list[str], by: User) -> None:
    if "role" in changed:
        detail = f"{before.get_role_display()} → {member.get_role_display()}"
        Entry.objects.write(Act.ROLE_CHANGED, by=by, member=member, detail=detail)
    labels = {"name": _("name"), "email": _("email address"), "organisation": _("organisation")}
    if others := [labels[name] for name in changed if name in labels]:
        detail = capfirst(", ".join(others))
        Entry.objects.write(Act.MEMBER_CHANGED, by=by, member=member, detail=detail)


@transaction.atomic
def leave(*, member: Member, by: User) -> bool:
    """Ends a membership today. Whether it had not ended already."""
    lock(member.partnership.area_id)
    left = Member.objects.current().filter(pk=member.pk).update(left_on=timezone.localdate())
    if left:
        AccessNeed.objects.filter(member=member).delete()
        Entry.objects.write(Act.MEMBER_LEFT, by=by, member=member)
    return bool(left)


@transaction.atomic
def replace(*, member: Member, successor: Member, by: User) -> None:
    """The organisation is represented by somebody else from today, who is asked everything anew. Raises Gone."""
    if not leave(member=member, by=by):
        raise Gone
    successor.succeeds = member
    _save_new(successor)
    Entry.objects.write(Act.MEMBER_REPLACED, by=by, member=successor)


def _save_new(member: Member) -> None:
    store_organisation(member)
    member.link_account()
    member.save()


def store_organisation(member: Member) -> None:
    """Saves an organisation that is new, unless somebody else has done so meanwhile."""
    organisation = member.organisation
    if organisation.pk is None:
        known = Organisation.objects.filter(area=organisation.area, name__iexact=organisation.name).first()
        organisation = known or organisation
        organisation.save()
    member.organisation = organisation


@transaction.atomic
def appoint(*, area: Area, email: str, name: str, by: User) -> tuple[Coordinator, bool]:
    """Makes somebody a coordinator of the area. Whether they were none before; who was one stays as they are."""
    lock(area.pk)
    person = User.objects.for_email(email)
    coordinator, is_new = Coordinator.objects.get_or_create(area=area, user=person, defaults={"name": name})
    if is_new:
        Entry.objects.write(Act.COORDINATOR_ADDED, by=by, area=area, person=person)
    return coordinator, is_new


@transaction.atomic
def dismiss(*, coordinator: Coordinator, by: User) -> None:
    """Takes a coordinator's rights away. Raises LastCoordinator where nobody else has ever signed in."""
    area = lock(coordinator.area_id)
    others = area.coordinators.exclude(pk=coordinator.pk)
    if not others.filter(user__is_active=True, signed_in_on__isnull=False).exists():
        raise LastCoordinator
    deleted, _each = area.coordinators.filter(pk=coordinator.pk).delete()
    if deleted:
        Entry.objects.write(Act.COORDINATOR_REMOVED, by=by, area=area, person=coordinator.user)


def all_of(member: Member) -> list[Member]:
    """Everything that the area holds about the person: their memberships in it, past and present."""
    held = Member.objects.select_related("partnership__area", "organisation").order_by("partnership__name", "pk")
    held = held.filter(partnership__area=member.partnership.area_id)
    return list(held.filter(user=member.user_id) if member.user_id else held.filter(pk=member.pk))


@transaction.atomic
def erase(*, member: Member, by: User) -> None:
    """The person goes from the whole area, and their account too if nothing else needs it. Tables stay."""
    lock(member.partnership.area_id)
    held = all_of(member)
    _delete(held)
    for each in held:
        Entry.objects.write(Act.MEMBER_ERASED, by=by, partnership=each.partnership)


@transaction.atomic
def ask_for_erasure(*, person: User) -> int:
    """Marks the person's memberships for the coordinators. How many; with none the account goes at once."""
    asking = list(person.memberships.filter(erasure_asked_on__isnull=True).select_related("partnership__area"))
    person.memberships.filter(erasure_asked_on__isnull=True).update(erasure_asked_on=timezone.localdate())
    for member in asking:
        Entry.objects.write(Act.ERASURE_ASKED, by=person, partnership=member.partnership)
    close_unused(person.pk)
    return len(asking)


@transaction.atomic
def stay_after_all(*, person: User) -> None:
    """Takes the person's request to be erased back."""
    for member in person.memberships.exclude(erasure_asked_on=None).select_related("partnership__area"):
        Entry.objects.write(Act.ERASURE_WITHDRAWN, by=person, partnership=member.partnership)
    person.memberships.update(erasure_asked_on=None)


def forget_former() -> Iterator[tuple[Area, int]]:
    """Erases who left an area longer ago than it keeps them; yields each area and how many."""
    today = timezone.localdate()
    for area in Area.objects.all():
        with transaction.atomic():
            lock(area.pk)
            former = Member.objects.former().filter(partnership__area=area)
            due = list(former.filter(left_on__lt=months_before(today, area.months_kept)))
            _delete(due)
            if due:
                Entry.objects.write(Act.RETENTION, by=None, area=area, detail=str(len(due)))
        if due:
            yield area, len(due)


def _delete(members: list[Member]) -> None:
    """With what is theirs alone."""
    Member.objects.filter(pk__in=[member.pk for member in members]).delete()
    _forget_unused({member.organisation_id for member in members})
    for user_id in sorted({member.user_id for member in members if member.user_id}):
        close_unused(user_id)


def _forget_unused(organisations: Collection[int]) -> None:
    """Those of them that nobody is or was on a partnership for: mistyped ones, or a resident's own name."""
    Organisation.objects.filter(pk__in=organisations, members__isnull=True).delete()


def close_idle_accounts() -> int:
    """Deletes accounts that nothing needs and nobody has used for two years. How many."""
    since = months_before(timezone.localdate(), MONTHS_AN_IDLE_ACCOUNT_IS_KEPT)
    idle = User.objects.unused().not_since(timezone.make_aware(datetime.combine(since, time())))
    return sum(close_unused(user_id) for user_id in idle.values_list("pk", flat=True))


@transaction.atomic
def close_unused(user_id: int | None, *, only_never_used: bool = False) -> bool:
    """Deletes an account that is on no partnership, looks after no area and administers nothing. Whether it did."""
    if not User.objects.select_for_update().filter(pk=user_id or 0).exists():
        return False
    unused = User.objects.unused().filter(pk=user_id or 0)
    if only_never_used:
        unused = unused.filter(last_login__isnull=True)
    return bool(unused.delete()[0])


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
