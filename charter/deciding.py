"""The partnership itself adopts the charter, and shows that to everybody or to nobody. Each act is recorded."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from charter import texts
from charter.models import PartnershipAdoption, new_token
from charter.roll import latest_of
from partnerships.models import Act, Entry, Meeting, Partnership, User
from partnerships.people.membership import lock


@transaction.atomic
def record(
    *, partnership: Partnership, adopted_on: datetime.date, meeting: Meeting | None, decision: str, by: User
) -> None:
    """Writes that it adopted today's wording, or puts that right. The public address goes over to it."""
    lock(partnership.area_id)
    told: dict[str, Any] = {"adopted_on": adopted_on, "meeting": meeting, "decision": decision}
    before = latest_of(partnership)
    if before and before.token and before.version < texts.VERSION:
        told["token"] = before.token
        PartnershipAdoption.objects.filter(pk=before.pk).update(token=None)
    PartnershipAdoption.objects.update_or_create(partnership=partnership, version=texts.VERSION, defaults=told)
    Entry.objects.write(Act.CHARTER_ADOPTED, by=by, partnership=partnership, meeting=meeting)


@transaction.atomic
def forget(*, partnership: Partnership, by: User) -> None:
    """Takes the latest adoption away, which was recorded by mistake; one of an earlier wording stands again."""
    lock(partnership.area_id)
    if adoption := latest_of(partnership):
        adoption.delete()
        Entry.objects.write(Act.CHARTER_WITHDRAWN, by=by, partnership=partnership)


@transaction.atomic
def publish(*, partnership: Partnership, by: User) -> None:
    """Gives the latest adoption an address that nobody can guess, unless it has one."""
    lock(partnership.area_id)
    adoption = latest_of(partnership)
    if adoption and not adoption.token:
        adoption.token = new_token()
        adoption.save(update_fields=["token"])
        Entry.objects.write(Act.CHARTER_PUBLISHED, by=by, partnership=partnership)


@transaction.atomic
def hide(*, partnership: Partnership, by: User) -> None:
    """The address leads nowhere from now on. Publishing again makes another one."""
    lock(partnership.area_id)
    if PartnershipAdoption.objects.filter(partnership=partnership, token__isnull=False).update(token=None):
        Entry.objects.write(Act.CHARTER_HIDDEN, by=by, partnership=partnership)
