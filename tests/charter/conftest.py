"""Alice takes the minutes for the council, Bob is there for Libraries; Una and Dara have no email address."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from charter import texts
from charter.models import Adoption, PartnershipAdoption
from partnerships.models import Member
from tests.factories import MemberFactory, OrganisationFactory

CHARTER = "/partnerships/growth/charter/"
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(autouse=True)
def _the_day_after(time_machine):
    time_machine.move_to("2026-03-05 12:00:00+00:00")


def member(partnership, name: str, organisation: str, sector: str = "community", **more) -> Member:
    body = OrganisationFactory(area=partnership.area, name=organisation, sector=sector)
    return MemberFactory(partnership=partnership, name=name, organisation=body, **more)


def renamed(person, organisation: str) -> Member:
    member = person.memberships.get()
    member.organisation.name = organisation
    member.organisation.save()
    return member


@pytest.fixture
def alice(cast) -> Member:
    return renamed(cast.alice, "Council")


@pytest.fixture
def bob(cast) -> Member:
    return renamed(cast.bob, "Libraries")


@pytest.fixture
def una(partnership) -> Member:
    return member(partnership, "Una", "Health Trust", "statutory")


@pytest.fixture
def adopted(partnership, meeting) -> PartnershipAdoption:
    """The partnership has adopted the charter at its meeting."""
    return PartnershipAdoption.objects.create(
        partnership=partnership, version=1, adopted_on=datetime.date(2026, 3, 4), meeting=meeting, decision="Agreed."
    )


def sign(member: Member, *levels: str, version: int = 1, day: int = 5, month: int = 3, **more) -> None:
    """The member adopted it, on that day of 2026."""
    for level in levels:
        Adoption.objects.create(
            member=member,
            level=level,
            organisation=member.organisation if level == "organisation" else None,
            version=version,
            adopted_on=datetime.date(2026, month, day),
            signed_name=member.name,
            **more,
        )


@pytest.fixture
def second_wording(monkeypatch) -> None:
    """Somebody has changed the wording: there is a version 2."""
    wording = dataclasses.replace(texts.WORDING, number=2, definition="Doing it together.")
    monkeypatch.setattr(texts, "WORDINGS", {**texts.WORDINGS, 2: wording})
    monkeypatch.setattr(texts, "WORDING", wording)
    monkeypatch.setattr(texts, "VERSION", 2)
