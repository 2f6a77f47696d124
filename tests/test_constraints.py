"""The rules that the database itself holds."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from feedback.models import Round, Slip, Table, TablePdf
from partnerships.models import Act, Area, Coordinator, Entry, Meeting, Member, Organisation, Partnership, User
from tests.factories import AgendaItemFactory, MemberFactory, OrganisationFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(name: str, act) -> None:
    """The database says no, and it is this rule that says it (SQLite names only checks)."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    message = str(error.value)
    assert name in message or "UNIQUE constraint failed" in message


def test_one_account_per_address_in_any_case(cast):
    refused("email", lambda: User.objects.create(email="ALICE@example.org"))
    refused("user_email_in_lower_case", lambda: User.objects.update(email="ALICE@example.org"))


def test_an_organisation_is_named_once_in_an_area(partnership):
    OrganisationFactory(area=partnership.area, name="Libraries")
    OrganisationFactory(name="Libraries")
    refused(
        "organisation_named_once_in_an_area",
        lambda: Organisation.objects.create(area=partnership.area, name="LIBRARIES", sector="statutory"),
    )


def test_a_partnership_is_named_once_in_an_area(partnership):
    refused(
        "partnership_named_once_in_an_area",
        lambda: PartnershipFactory(area=partnership.area, name="strategic growth partnership"),
    )


def test_a_partnership_is_not_its_own_parent(partnership):
    refused("partnership_not_its_own_parent", lambda: Partnership.objects.update(parent=partnership))


@pytest.mark.parametrize("threshold", [0, 2, 6])
def test_a_table_needs_3_to_5_slips(partnership, threshold):
    refused("partnership_threshold_3_to_5", lambda: Partnership.objects.update(threshold=threshold))


def test_kinds_sectors_roles_and_purposes_are_known_ones(partnership, meeting):
    MemberFactory(partnership=partnership)
    AgendaItemFactory(meeting=meeting)
    refused("partnership_kind_known", lambda: Partnership.objects.update(kind="club"))
    refused("organisation_sector_known", lambda: Organisation.objects.update(sector="other"))
    refused("member_role_known", lambda: Member.objects.update(role="king"))
    refused("agenda_item_purpose_known", lambda: meeting.items.update(purpose="fun"))


def test_a_members_address_stands_once_in_a_partnership(cast, partnership):
    refused(
        "member_email_once_in_a_partnership", lambda: MemberFactory(partnership=partnership, email="Alice@example.org")
    )


def test_many_members_may_have_no_address(partnership):
    MemberFactory.create_batch(3, partnership=partnership, email="")
    assert partnership.members.count() == 3


def test_nor_does_anybody_without_one_stand_there_twice_for_an_organisation(partnership):
    una = MemberFactory(partnership=partnership, name="Una")
    refused(
        "member_without_address_once_for_an_organisation",
        lambda: MemberFactory(partnership=partnership, name="UNA", organisation=una.organisation),
    )
    MemberFactory(partnership=partnership, name="Una")


def test_who_left_may_come_back(cast, partnership):
    cast.bob.memberships.update(left_on=datetime.date(2999, 1, 1))
    MemberFactory(partnership=partnership, user=cast.bob, email=cast.bob.email)
    assert cast.bob.memberships.count() == 2


def test_nobody_leaves_before_joining_and_nobody_is_their_own_successor(cast):
    refused("member_left_after_joining", lambda: cast.bob.memberships.update(left_on=datetime.date(1999, 1, 1)))
    refused(
        "member_not_their_own_successor",
        lambda: cast.bob.memberships.update(succeeds=cast.bob.memberships.values("pk")),
    )


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_begins_in_a_month(partnership, month):
    refused("partnership_year_starts_in_a_month", lambda: Partnership.objects.update(year_start_month=month))


@pytest.mark.parametrize("months", [0, 121])
def test_an_area_keeps_people_for_1_to_120_months(partnership, months):
    refused("area_keeps_1_to_120_months", lambda: Area.objects.update(months_kept=months))


def test_the_record_knows_its_acts(cast, meeting):
    Entry.objects.write(Act.OPENED, by=cast.alice, meeting=meeting)
    refused("entry_act_known", lambda: Entry.objects.update(act="gossiped"))


def test_an_account_is_one_member_of_a_partnership(cast, partnership):
    refused("member_account_once_in_a_partnership", lambda: MemberFactory(partnership=partnership, user=cast.bob))


def test_a_coordinator_stands_once_in_an_area(cast, partnership):
    refused("coordinator_once_in_an_area", lambda: Coordinator.objects.create(area=partnership.area, user=cast.carol))


def test_items_have_different_places_on_an_agenda(meeting):
    AgendaItemFactory(meeting=meeting, order=1)
    refused("agenda_item_order_once_in_a_meeting", lambda: AgendaItemFactory(meeting=meeting, order=1))


def test_a_meeting_has_some_time_for_feedback_and_not_a_stadium_present(meeting):
    refused("meeting_feedback_has_time", lambda: Meeting.objects.update(feedback_minutes=0))
    refused("meeting_present_most", lambda: Meeting.objects.update(present=2001))


def test_a_round_that_has_opened_says_when_and_with_which_threshold(round):
    refused("round_opened_with_a_threshold", lambda: Round.objects.update(stage="open"))
    refused("round_opened_with_a_threshold", lambda: Round.objects.update(stage="lost"))
    refused("round_opened_with_a_threshold", lambda: Round.objects.update(threshold=5))
    refused(
        "round_opened_with_a_threshold",
        lambda: Round.objects.update(stage="open", opened_at=timezone.now(), threshold=1),
    )


def test_a_meeting_has_one_round_and_a_round_a_code_of_its_own(round):
    refused("meeting_id", lambda: Round.objects.create(meeting=round.meeting))


def test_a_key_has_one_slip_in_a_round(round):
    Slip.objects.create(round=round, key_hash=b"k", revision=1, sealed=b"")
    refused("slip_once_per_key_in_a_round", lambda: Slip.objects.create(round=round, key_hash=b"k", revision=2))


def test_a_slip_has_no_running_number(round):
    """SQLite would count arrivals in a hidden column if the key were not the row's own number."""
    slips = [Slip.objects.create(round=round, key_hash=bytes([n]), revision=1, sealed=b"") for n in range(3)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM feedback_slip")
            assert {row[0] for row in cursor.fetchall()} == {slip.pk for slip in slips}
    assert len({slip.pk for slip in slips}) == 3


def test_revisions_start_at_1(round):
    refused("slip_revision_from_1", lambda: Slip.objects.create(round=round, key_hash=b"k", revision=0, sealed=b""))


@pytest.mark.parametrize(
    "shown",
    [
        {"slips": 4, "tallies": {}, "comments": {}},
        {"slips": 4, "tallies": None, "comments": {"comment": ["Psst"]}},
        {"slips": 4, "tallies": None, "comments": None, "withheld": 1},
        {"slips": 5, "tallies": None, "comments": None},
    ],
)
def test_a_table_shows_nothing_under_its_threshold(round, shown):
    refused("table_shows_nothing_under_its_threshold", lambda: Table.objects.create(round=round, threshold=5, **shown))


def test_a_table_has_one_pdf_of_a_kind(round):
    table = Table.objects.create(round=round, slips=1, threshold=5)
    TablePdf.objects.create(table=table, with_comments=True, made_from="x", content=b"")
    refused(
        "table_pdf_kept_once",
        lambda: TablePdf.objects.create(table=table, with_comments=True, made_from="y", content=b""),
    )


def test_no_table_has_a_threshold_under_3(round):
    refused(
        "table_threshold_from_3",
        lambda: Table.objects.create(round=round, threshold=2, slips=2, tallies={}, comments={}),
    )


def test_an_area_is_named_once(partnership):
    refused("name", lambda: Area.objects.create(name=partnership.area.name, slug="other"))
    assert UserFactory().email
