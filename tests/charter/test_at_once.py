"""Many who press at once, on real connections: one adoption, one record, one mail each."""

import datetime

import pytest
from django.core import mail

from charter import adopting, asking, deciding
from charter.models import Adoption, Level, PartnershipAdoption
from partnerships.models import Entry, Member
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_presses_adopt_it_once(bob, cast):
    member = Member.objects.select_related("partnership", "organisation").get(pk=bob.pk)

    def press() -> int:
        return len(adopting.adopt(member=member, levels=list(Level), signed_name="Bob", by=cast.bob))

    made = at_once([press] * 10)
    assert (made.count(0), made.count(2)) == (9, 1)
    assert (Adoption.objects.count(), Entry.objects.count()) == (2, 2)


def test_two_who_record_and_publish_make_one_adoption_with_one_address(partnership, cast):
    def press() -> None:
        day = datetime.date(2026, 3, 4)
        deciding.record(partnership=partnership, adopted_on=day, meeting=None, decision="Yes", by=cast.alice)
        deciding.publish(partnership=partnership, by=cast.alice)

    at_once([press] * 5)
    assert PartnershipAdoption.objects.get().token
    assert Entry.objects.filter(act="charter_published").count() == 1


def test_ten_presses_ask_each_once(adopted, alice, bob, cast, partnership):
    at_once([lambda: asking.ask(partnership=partnership, base="https://together.example", by=cast.alice)] * 10)
    assert sorted(each.to[0] for each in mail.outbox) == ["alice@example.org", "bob@example.org"]
