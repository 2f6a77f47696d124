"""The least that makes each thing valid."""

import datetime

import factory
from factory.django import DjangoModelFactory

from feedback.models import Suggestion
from partnerships.models import AgendaItem, Area, Coordinator, Meeting, Member, Organisation, Partnership, User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area

    name = factory.Sequence(lambda n: f"Area {n}")
    slug = factory.Sequence(lambda n: f"area-{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    area = factory.SubFactory(AreaFactory)
    name = factory.Sequence(lambda n: f"Organisation {n}")
    sector = Organisation.Sector.COMMUNITY


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    area = factory.SubFactory(AreaFactory)
    name = factory.Sequence(lambda n: f"Partnership {n}")
    slug = factory.Sequence(lambda n: f"partnership-{n}")
    kind = Partnership.Kind.BOARD


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory, area=factory.SelfAttribute("..partnership.area"))
    name = factory.Sequence(lambda n: f"Member {n}")


class CoordinatorFactory(DjangoModelFactory):
    class Meta:
        model = Coordinator

    area = factory.SubFactory(AreaFactory)
    user = factory.SubFactory(UserFactory)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    partnership = factory.SubFactory(PartnershipFactory)
    date = datetime.date(2026, 3, 4)
    venue = "The Guildhall"
    present = 13


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    order = factory.Sequence(lambda n: n + 1)
    title = "Minutes"


class SuggestionFactory(DjangoModelFactory):
    class Meta:
        model = Suggestion

    meeting = factory.SubFactory(MeetingFactory)
    text = factory.Sequence(lambda n: f"Suggestion {n}")
