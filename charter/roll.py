"""Who has adopted the charter in a partnership, and who has not yet: in words, for whoever may read it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter import texts
from charter.models import Adoption, Level, PartnershipAdoption
from partnerships.models import Member, Organisation, Partnership


class State(models.TextChoices):
    ADOPTED = "adopted", gettext_lazy("Has adopted it")
    EARLIER = "earlier", gettext_lazy("Has adopted an earlier wording")
    FORMER = "former", gettext_lazy("Was adopted by a former representative")
    NOT_YET = "not_yet", gettext_lazy("Has not yet adopted it")


@dataclass(frozen=True)
class OrganisationRow:
    """How one organisation stands. No person's name is in it: a resident is "A resident"."""

    organisation_name: str
    is_residents: bool
    state: State
    # The state as a sentence, with its date.
    standing: str
    # Of what its present representative adopted; 0 where that is nothing.
    version: int


@dataclass(frozen=True)
class PersonRow:
    """How one member stands, personally."""

    name: str
    state: State
    standing: str


@dataclass(frozen=True)
class Roll:
    """`adoption` is the partnership's own, the latest; None where it has adopted no version."""

    adoption: PartnershipAdoption | None
    organisations: tuple[OrganisationRow, ...]
    people: tuple[PersonRow, ...]

    @property
    def adopted_by(self) -> list[str]:
        """The organisations that adopted what the partnership did, for everybody to read: residents last, unnamed."""
        least = self.adoption.version if self.adoption else texts.VERSION
        rows = [row for row in self.organisations if row.version >= least]
        names = [row.organisation_name for row in rows if not row.is_residents]
        return names + [_("residents")] * any(row.is_residents for row in rows)


def latest_of(partnership: Partnership) -> PartnershipAdoption | None:
    """The partnership's adoption of the newest version that it adopted."""
    found = PartnershipAdoption.objects.filter(partnership=partnership).select_related("meeting").first()
    if found:
        found.partnership = partnership
        if found.meeting:
            found.meeting.partnership = partnership
    return found


def roll_of(partnership: Partnership) -> Roll:
    """Three queries, whatever the number of members."""
    members = list(partnership.members.current().select_related("organisation"))
    of_person: dict[int, list[Adoption]] = defaultdict(list)
    of_body: dict[int | None, list[Adoption]] = defaultdict(list)
    for adoption in Adoption.objects.in_(partnership).select_related("member"):
        if adoption.level == Level.PERSON:
            of_person[adoption.member_id].append(adoption)
        else:
            of_body[adoption.organisation_id].append(adoption)
    bodies = {member.organisation_id: member.organisation for member in members}
    # Residents last, in no order that would tell which of them is whose.
    rows = [_organisation(body, of_body[pk]) for pk, body in bodies.items()]
    return Roll(
        adoption=latest_of(partnership),
        organisations=tuple(
            sorted(rows, key=lambda row: (row.is_residents, row.organisation_name.casefold(), row.standing))
        ),
        people=tuple(_person(member, of_person[member.pk]) for member in members),
    )


def _organisation(body: Organisation, adoptions: Sequence[Adoption]) -> OrganisationRow:
    present = [each for each in adoptions if each.member.left_on is None and each.member.organisation_id == body.pk]
    newest = _newest(present) or _newest(adoptions)
    is_residents = body.sector == Organisation.Sector.RESIDENTS
    if newest and not present:
        state, standing = (
            State.FORMER,
            _("Adopted by its former representative in %(month)s. Its new one is asked.")
            % {"month": date_format(newest.adopted_on, "F Y")},
        )
    else:
        state, standing = _stands(newest)
    return OrganisationRow(
        organisation_name=_("A resident") if is_residents else body.name,
        is_residents=is_residents,
        state=state,
        standing=standing,
        version=newest.version if newest and present else 0,
    )


def _person(member: Member, adoptions: Sequence[Adoption]) -> PersonRow:
    state, standing = _stands(_newest(adoptions))
    return PersonRow(name=member.name, state=state, standing=standing)


def _newest(adoptions: Iterable[Adoption]) -> Adoption | None:
    """Of the newest version the first."""
    return min(adoptions, key=lambda each: (-each.version, each.adopted_on, each.pk), default=None)


def _stands(adoption: Adoption | None) -> tuple[State, str]:
    if adoption is None:
        return State.NOT_YET, _("Has not yet adopted it.")
    if adoption.version < texts.VERSION:
        month = {"month": date_format(adoption.adopted_on, "F Y")}
        return State.EARLIER, _("Adopted an earlier wording in %(month)s. Is asked about the new one.") % month
    return State.ADOPTED, _on(adoption.adopted_on, on_paper=adoption.on_paper)


def _on(day: datetime.date, *, on_paper: bool) -> str:
    words = _("Adopted on paper on %(date)s.") if on_paper else _("Adopted on %(date)s.")
    return words % {"date": date_format(day, "j F Y")}
