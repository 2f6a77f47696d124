"""The rules about years, their rounds, workshops and mails that the database itself holds."""

import datetime

import pytest

from feedback.models import JointAssessment, PackPdf, Round, Workshop
from partnerships.models import Act, Entry, Mailing, Year
from partnerships.models.tokens import hash_of
from tests.factories import PartnershipFactory
from tests.test_constraints import refused

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 20)


@pytest.fixture
def year(partnership) -> Year:
    return Year.objects.written(partnership, 2025)


@pytest.fixture
def workshop(year) -> Workshop:
    return Workshop.objects.create(year=year, date=DAY, facilitator="Maeve", email="maeve@example.com")


def test_a_year_stands_once_in_a_partnership(year):
    refused("year_once_of_a_partnership", lambda: Year.objects.create(partnership=year.partnership, number=2025))
    assert Year.objects.create(partnership=PartnershipFactory(), number=2025).pk


@pytest.mark.parametrize("number", [0, 1999, 2101, 9999])
def test_a_year_is_of_our_time(year, number):
    refused("year_of_our_time", lambda: Year.objects.update(number=number))


@pytest.mark.parametrize("number", [2000, 2100])
def test_the_first_and_the_last_are(year, number):
    assert Year.objects.update(number=number) == 1


def test_no_year_asks_a_stadium(year):
    assert Year.objects.update(present=2000) == 1
    refused("year_asked_most", lambda: Year.objects.update(present=2001))


def test_a_round_is_of_a_meeting_or_of_a_year(round, year):
    refused("round_of_a_meeting_or_a_year", lambda: Round.objects.create())
    refused("round_of_a_meeting_or_a_year", lambda: Round.objects.update(year=year))
    refused("round_of_a_meeting_or_a_year", lambda: Round.objects.update(meeting=None))
    assert Round.objects.create(year=year).occasion == year


def test_a_year_has_one_round(year):
    Round.objects.create(year=year)
    refused("year_id", lambda: Round.objects.create(year=year))


def test_a_mailing_is_about_a_meeting_or_a_year(meeting, year):
    refused("mailing_about_a_meeting_or_a_year", lambda: Mailing.objects.create(kind="scoring", number=1))
    refused(
        "mailing_about_a_meeting_or_a_year",
        lambda: Mailing.objects.create(meeting=meeting, year=year, kind="scoring", number=1),
    )


@pytest.mark.parametrize("kind", ["agenda", "called_off", "notes"])
def test_about_a_year_only_the_link_to_score_is_mailed(year, kind):
    refused("mailing_about_a_meeting_or_a_year", lambda: Mailing.objects.create(year=year, kind=kind, number=1))


def test_two_who_press_at_once_start_one_mailing_about_a_year(meeting, year):
    Mailing.objects.create(year=year, kind="scoring", number=1)
    refused("mailing_of_a_year_numbered_once", lambda: Mailing.objects.create(year=year, kind="scoring", number=1))
    assert Mailing.objects.create(meeting=meeting, kind="scoring", number=1).pk


@pytest.mark.parametrize(
    "act",
    [
        Act.ASSESSMENT_BEGUN,
        Act.JOINT_ANSWERED,
        Act.WORKSHOP_PLANNED,
        Act.PACK_SENT,
        Act.PACK_REVOKED,
        Act.PACK_OPENED,
        Act.PLAN_CHANGED,
    ],
)
def test_the_record_knows_the_acts_of_a_year_and_outlives_it(cast, year, act):
    Entry.objects.write(act, by=cast.alice, year=year)
    refused("entry_act_known", lambda: Entry.objects.update(act=f"{act}_"))
    year.delete()
    assert (Entry.objects.get().act, Entry.objects.get().year) == (act, None)


def test_a_link_has_an_end_and_an_end_a_link(workshop):
    refused("workshop_link_has_an_end", lambda: Workshop.objects.update(token_hash=hash_of("x")))
    refused("workshop_link_has_an_end", lambda: Workshop.objects.update(link_ends_on=DAY))
    assert Workshop.objects.update(token_hash=hash_of("x"), link_ends_on=DAY) == 1


def test_a_year_has_one_workshop_one_joint_assessment_and_one_pdf(workshop):
    year = workshop.year
    JointAssessment.objects.create(year=year)
    PackPdf.objects.create(year=year, made_from="x")
    refused("year_id", lambda: Workshop.objects.create(year=year, date=DAY))
    refused("year_id", lambda: JointAssessment.objects.create(year=year))
    refused("year_id", lambda: PackPdf.objects.create(year=year, made_from="y"))
    year.delete()
    assert [model.objects.count() for model in (Workshop, JointAssessment, PackPdf)] == [0, 0, 0]


def test_no_two_links_are_the_same(workshop, partnership):
    Workshop.objects.update(token_hash=hash_of("x"), link_ends_on=DAY)
    other = Year.objects.written(partnership, 2026)
    refused(
        "token_hash",
        lambda: Workshop.objects.create(year=other, date=DAY, token_hash=hash_of("x"), link_ends_on=DAY),
    )
    assert str(workshop) == "Strategic Growth Partnership, 2025/26: workshop"
