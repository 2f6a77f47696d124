"""What the database itself holds of adoptions."""

import datetime

import pytest

from charter.models import Adoption, PartnershipAdoption
from tests.charter.conftest import sign
from tests.factories import PartnershipFactory
from tests.test_constraints import refused

pytestmark = pytest.mark.django_db


def test_a_member_adopts_a_version_once_at_each_level(bob):
    sign(bob, "person", "organisation")
    for level in ("person", "organisation"):
        refused("charter_adopted_once_by_a_member_at_a_level", lambda level=level: sign(bob, level))
    sign(bob, "person", version=2)


def test_an_adoption_is_a_persons_or_an_organisations(bob):
    sign(bob, "person")
    refused(
        "adoption_is_a_persons_or_an_organisations",
        lambda: Adoption.objects.update(organisation=bob.organisation_id),
    )
    refused("adoption_is_a_persons_or_an_organisations", lambda: Adoption.objects.update(level="organisation"))
    refused("adoption_is_a_persons_or_an_organisations", lambda: Adoption.objects.update(level="dog"))


def test_an_adoption_is_of_a_version_and_signed(bob, cast):
    sign(bob, "person")
    refused("adoption_of_a_version", lambda: Adoption.objects.update(version=0))
    refused("adoption_is_signed", lambda: Adoption.objects.update(signed_name=""))
    refused("adoption_entered_by_somebody_was_on_paper", lambda: Adoption.objects.update(entered_by=cast.alice))


def test_a_partnership_adopts_a_version_once(adopted, partnership):
    more = {"adopted_on": datetime.date(2026, 3, 4), "decision": "Yes"}
    refused(
        "charter_adopted_once_by_a_partnership",
        lambda: PartnershipAdoption.objects.create(partnership=partnership, version=1, **more),
    )
    refused("partnership_adopted_a_version", lambda: PartnershipAdoption.objects.update(version=0))


def test_an_address_is_one_partnerships_or_none(adopted):
    refused("partnership_adoption_token_not_empty", lambda: PartnershipAdoption.objects.update(token=""))
    PartnershipAdoption.objects.update(token="t")
    more = {"version": 1, "adopted_on": datetime.date(2026, 3, 4), "decision": "Yes"}
    refused(
        "token",
        lambda: PartnershipAdoption.objects.create(partnership=PartnershipFactory(), token="t", **more),
    )
