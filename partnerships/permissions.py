"""Who may do what. Loading and authorising are one step.

An outsider gets the same 404 as for a thing that does not exist; an insider without the right gets 403.
Roles are read from the database at every request, so a change takes effect at the next one.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.middleware import HtmxDetails

from partnerships.models import Area, Coordinator, Meeting, Member, Partnership, User, Year
from partnerships.models.years import EARLIEST, LATEST


class Right(models.TextChoices):
    """The words are those of the page that says who may do what."""

    READ = (
        "read",
        gettext_lazy(
            "Read agendas, papers, notes, collated tables, trends, what others share of what worked, suggestions and "
            "their answers, the year, its plan, its pack, the charter and who adopted it, and who is on the partnership"
        ),
    )
    PLAN_MEETINGS = (
        "meetings",
        gettext_lazy(
            "Plan and call off meetings, write and send agendas, record decisions, see what members need to take part, "
            "record who adopted the charter on paper, publish its adoption, write the year’s plan"
        ),
    )
    MANAGE_MEMBERS = "members", gettext_lazy("Add members, change roles, invite, record who left; see email addresses")
    RUN_FEEDBACK = (
        "feedback",
        gettext_lazy(
            "Open and stop scoring, read and withhold comments, make the table, raise and answer suggestions, "
            "run the yearly assessment, prepare the workshop and send its facilitator the pack, write notes on the "
            "charts, share what worked with all areas"
        ),
    )
    SET_UP = (
        "set_up",
        gettext_lazy(
            "Set up partnerships, import and export members, put in tables that were kept on paper, see the trends of "
            "the area, name coordinators, erase people"
        ),
    )
    READ_RECORD = "record", gettext_lazy("Read the record of what was done")


class Role(models.TextChoices):
    MEMBER = "member", gettext_lazy("Member")
    MINUTE_TAKER = "minute_taker", gettext_lazy("Minute-taker")
    CHAIR = "chair", gettext_lazy("Chair")
    COORDINATOR = "coordinator", gettext_lazy("Coordinator")


_RUNS_MEETINGS = frozenset({Right.READ, Right.PLAN_MEETINGS, Right.MANAGE_MEMBERS, Right.RUN_FEEDBACK})

# A coordinator's hold in every partnership of the area, the others' in their own partnership. A site
# administrator (User.is_staff) makes areas and their first coordinators in the admin, and has no right here.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MEMBER: frozenset({Right.READ}),
    Role.MINUTE_TAKER: _RUNS_MEETINGS,
    Role.CHAIR: _RUNS_MEETINGS,
    Role.COORDINATOR: frozenset(Right),
}


class SignedInRequest(HttpRequest):
    """What a view is handed once LoginRequiredMiddleware has let the request in."""

    user: User
    htmx: HtmxDetails


class SecondFactorNeeded(PermissionDenied):
    """The area asks its coordinators for a second step, and this one has none yet."""


def get_area_for(user: User, slug: str, right: Right = Right.SET_UP) -> Area:
    """The area, for its coordinators alone. Raises Http404 for others and unknown names."""
    area = Area.objects.filter(slug=slug).annotate(coordinates=_coordinates(user, "pk")).first()
    if area is None:
        raise Http404
    _authorise(user, area, area, right)
    return area


def get_partnership_for(user: User, slug: str, right: Right = Right.READ) -> Partnership:
    """The partnership, with its area, and in `rights` what this person may do there.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    partnerships = Partnership.objects.select_related("area").filter(slug=slug)
    partnership = partnerships.annotate(**_roles(user, "pk", "area")).first()
    if partnership is None:
        raise Http404
    partnership.rights = _authorise(user, partnership, partnership.area, right)
    return partnership


def get_meeting_for(user: User, slug: str, pk: int, right: Right = Right.READ) -> Meeting:
    """The meeting, with its partnership and area, and in `partnership.rights` what this person may do there.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    meetings = Meeting.objects.select_related("partnership__area").filter(partnership__slug=slug, pk=pk)
    meeting = meetings.annotate(**_roles(user, "partnership", "partnership__area")).first()
    if meeting is None:
        raise Http404
    meeting.partnership.rights = _authorise(user, meeting, meeting.partnership.area, right)
    return meeting


def get_year_for(user: User, slug: str, number: int, right: Right = Right.READ) -> Year:
    """The partnership's year, stored or not, with partnership and area, and in `partnership.rights` as above.

    Raises Http404 for outsiders, unknown names and years out of our time, PermissionDenied for insiders without the
    right.
    """
    partnership = get_partnership_for(user, slug, right)
    if not EARLIEST <= number <= LATEST:
        raise Http404
    year = Year.objects.filter(partnership=partnership, number=number).first() or Year(number=number)
    year.partnership = partnership
    return year


def get_member_for(user: User, slug: str, pk: int, right: Right = Right.MANAGE_MEMBERS) -> Member:
    """The member, present or former, with partnership, area and organisation; `partnership.rights` as above.

    Raises Http404 for outsiders and unknown names, PermissionDenied for insiders without the right.
    """
    members = Member.objects.select_related("partnership__area", "organisation", "user")
    members = members.filter(partnership__slug=slug, pk=pk)
    member = members.annotate(**_roles(user, "partnership", "partnership__area")).first()
    if member is None:
        raise Http404
    member.partnership.rights = _authorise(user, member, member.partnership.area, right)
    return member


def admit_to_exchange(user: User) -> None:
    """Lets those read what partnerships share with all areas who are on one now, or look after an area.

    Raises Http404 for others, SecondFactorNeeded for who is here as a coordinator alone and has not shown one.
    """
    if Member.objects.current().filter(user=user).exists():
        return
    asking = list(Area.objects.filter(coordinators__user=user).values_list("requires_second_factor", flat=True))
    if not asking:
        raise Http404
    if all(asking) and not _has_second_factor(user):
        raise SecondFactorNeeded


def _roles(user: User, partnership: str, area: str) -> dict[str, Subquery]:
    """The person's roles as columns of a query: `my_role` as a member, or null, and `coordinates`."""
    membership = Member.objects.current().order_by().filter(partnership=OuterRef(partnership), user=user)
    return {"my_role": Subquery(membership.values("role")), "coordinates": _coordinates(user, area)}


def _coordinates(user: User, area: str) -> Exists:
    return Exists(Coordinator.objects.filter(area=OuterRef(area), user=user))


def _authorise(user: User, found: models.Model, area: Area, right: Right) -> frozenset[Right]:
    role = getattr(found, "my_role", None)
    rights = RIGHTS[Role(role)] if role else frozenset()
    if found.coordinates:  # type: ignore[attr-defined]
        if not area.requires_second_factor or _has_second_factor(user):
            rights |= RIGHTS[Role.COORDINATOR]
        elif right not in rights:
            raise SecondFactorNeeded
    if not rights:
        raise Http404
    if right not in rights:
        raise PermissionDenied(_("Only the minute-taker, the chair and the area’s coordinators can do this."))
    return rights


def _has_second_factor(user: User) -> bool:
    """Whether the account has one; sessions that have not shown it ended when it was set up."""
    return Authenticator.objects.filter(user=user, type__in=["totp", "webauthn"]).exists()
