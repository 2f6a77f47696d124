"""Who may do what. Loading and authorising are one step.

An outsider gets the same 404 as for a thing that does not exist; a member without the right gets 403.
"""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from partnerships.models import Coordinator, Meeting, Member, Partnership, User


class Right(StrEnum):
    READ = "read"  # agendas and collated tables
    RUN_FEEDBACK = "run_feedback"  # open, stop and collate scoring, read comments and withhold them


class Role(StrEnum):
    MEMBER = "member"
    MINUTE_TAKER = "minute_taker"
    CHAIR = "chair"
    COORDINATOR = "coordinator"


# A site administrator (User.is_staff) sets up areas in the admin and has no right here at all.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MEMBER: frozenset({Right.READ}),
    Role.MINUTE_TAKER: frozenset({Right.READ, Right.RUN_FEEDBACK}),
    Role.CHAIR: frozenset({Right.READ, Right.RUN_FEEDBACK}),
    Role.COORDINATOR: frozenset({Right.READ, Right.RUN_FEEDBACK}),
}


class SignedInRequest(HttpRequest):
    """What a view is handed once LoginRequiredMiddleware has let the request in."""

    user: User
    htmx: HtmxDetails


def get_partnership_for(user: User, slug: str, right: Right = Right.READ) -> Partnership:
    """The partnership, with its area, and in `rights` what this person may do there.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    partnerships = Partnership.objects.select_related("area").filter(slug=slug)
    partnership = partnerships.annotate(**_roles(user, "pk", "area")).first()
    if partnership is None:
        raise Http404
    _authorise(partnership, partnership, right)
    return partnership


def get_meeting_for(user: User, slug: str, pk: int, right: Right = Right.READ) -> Meeting:
    """The meeting, with its partnership and area, and in `partnership.rights` what this person may do there.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    meetings = Meeting.objects.select_related("partnership__area").filter(partnership__slug=slug, pk=pk)
    meeting = meetings.annotate(**_roles(user, "partnership", "partnership__area")).first()
    if meeting is None:
        raise Http404
    _authorise(meeting, meeting.partnership, right)
    return meeting


def _roles(user: User, partnership: str, area: str) -> dict[str, Subquery]:
    """The person's roles as columns of a query: `role` as a member, or null, and `coordinates`."""
    membership = Member.objects.order_by().filter(partnership=OuterRef(partnership), user=user)
    coordination = Coordinator.objects.filter(area=OuterRef(area), user=user)
    return {"role": Subquery(membership.values("role")), "coordinates": Exists(coordination)}


def _authorise(found: Partnership | Meeting, partnership: Partnership, right: Right) -> None:
    roles = {found.role} if found.role else set()  # type: ignore[union-attr]
    if found.coordinates:  # type: ignore[union-attr]
        roles.add(Role.COORDINATOR)
    rights = frozenset().union(*(RIGHTS[Role(role)] for role in roles))
    if not rights:
        raise Http404
    if right not in rights:
        raise PermissionDenied(_("Only the minute-taker, the chair and the area’s coordinators can do this."))
    partnership.rights = rights
