"""The button that asks those who have not adopted it yet: one mail in 28 days at most, and none by itself."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command

from charter import asking
from partnerships.models import Entry, Member
from tests.actors.phones import text_of
from tests.charter.conftest import CHARTER, sign
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
ASK = f"{CHARTER}ask/"


@pytest.fixture
def press(as_, alice, bob, adopted):
    """`press()`: Alice presses the button."""
    return lambda: text_of(as_("alice").post(ASK, follow=True))


def asked() -> dict[str, datetime.date | None]:
    return dict(Member.objects.values_list("name", "charter_asked_on"))


class TestThePage:
    def test_says_who_gets_a_mail_and_who_signs_on_paper(self, as_, alice, bob, una, adopted):
        page = text_of(as_("alice").get(ASK))
        assert "Send 2 mails Alice Council Bob Libraries On paper" in page
        assert "The sheet to sign (PDF) Una Health Trust" in page
        assert mail.outbox == []

    def test_leaves_out_who_has_adopted_it(self, as_, alice, bob, adopted):
        sign(alice, "person", "organisation")
        sign(bob, "organisation")
        assert "Send 1 mail Bob Libraries" in text_of(as_("alice").get(ASK))
        sign(bob, "person")
        assert "Nobody is to be asked by mail today." in text_of(as_("alice").get(ASK))

    def test_first_wants_the_partnership_to_adopt_it(self, as_, alice, bob):
        assert "First the partnership adopts the charter" in text_of(as_("alice").get(ASK))
        assert "There was nobody to ask. No mail was sent." in text_of(as_("alice").post(ASK, follow=True))
        assert mail.outbox == []

    def test_is_not_for_members(self, as_, cast):
        assert [as_(who).post(ASK).status_code for who in ("bob", "eve")] == [403, 404]

    def test_costs_the_same_for_1_and_for_40(self, as_, alice, adopted, partnership, django_assert_num_queries):
        client = as_("alice")
        for more in (1, 39):
            for number in range(more):
                MemberFactory(partnership=partnership, email=f"{more}-{number}@example.org")
            with django_assert_num_queries(7):
                client.get(ASK)


class TestTheMail:
    def test_goes_to_each_with_the_way_to_the_charter(self, press):
        assert "2 mails are sent." in press()
        assert [each.to for each in mail.outbox] == [["alice@example.org"], ["bob@example.org"]]
        assert mail.outbox[1].subject == "Will you adopt the charter? Strategic Growth Partnership"
        assert mail.outbox[1].body.startswith("Hello Bob\n")
        assert f"http://testserver{CHARTER}adopt/" in mail.outbox[1].body
        assert asked() == {"Alice": datetime.date(2026, 3, 5), "Bob": datetime.date(2026, 3, 5)}
        assert list(Entry.objects.values_list("act", "by__email", "detail")) == [
            ("charter_asked", "alice@example.org", "2")
        ]

    def test_goes_to_nobody_again_within_28_days(self, press, as_, time_machine):
        press()
        time_machine.move_to("2026-04-01 12:00:00+00:00")
        assert "Asked not long ago Alice Asked on 5 March 2026." in text_of(as_("alice").get(ASK))
        assert "There was nobody to ask. No mail was sent." in press()
        time_machine.move_to("2026-04-02 12:00:00+00:00")
        assert "Last asked on 5 March 2026." in text_of(as_("alice").get(ASK))
        assert "2 mails are sent." in press()
        assert len(mail.outbox) == 4

    def test_goes_once_where_two_press_at_once(self, alice, bob, partnership, adopted, cast, monkeypatch):
        seen = asking.missing_in(partnership)
        monkeypatch.setattr(asking, "missing_in", lambda _partnership: seen)
        results = [asking.ask(partnership=partnership, base="", by=cast.alice) for _press in range(2)]
        assert [each.sent for each in results] == [2, 0]
        assert len(mail.outbox) == 2

    def test_is_never_sent_by_itself(self, alice, bob, adopted):
        call_command("daily")
        call_command("send_waiting")
        assert mail.outbox == []
        assert set(asked().values()) == {None}

    def test_stops_when_a_press_takes_too_long(self, press, as_, monkeypatch):
        monkeypatch.setattr(asking, "SECONDS_A_PRESS", -1)
        press()
        assert mail.outbox == []
        monkeypatch.undo()
        assert "2 mails are sent." in press()


class TestAMailServerThatFails:
    def test_is_not_there_and_nobody_counts_as_asked(self, press, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        page = press()
        assert "The mail server is not there. Whoever got no mail does not count as asked: try again later." in page
        assert set(asked().values()) == {None}
        assert Entry.objects.count() == 0

    def test_lets_nobody_in(self, press, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.Locked"}}
        assert "The mail server is not there." in press()
        assert set(asked().values()) == {None}

    def test_goes_away_half_way_and_who_was_asked_stays_so(self, press, partnership, settings):
        MemberFactory(partnership=partnership, name="Two", email="two@example.org")
        MemberFactory(partnership=partnership, name="Zoe", email="zoe@example.org")
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.GoneAtTwo"}}
        page = press()
        assert "2 mails are sent." in page
        assert "The mail server is not there." in page
        assert [name for name, day in asked().items() if day is None] == ["Two", "Zoe"]

    def test_breaks_the_connection_and_only_that_one_counts_as_asked(self, press, partnership, settings):
        MemberFactory(partnership=partnership, name="Two", email="two@example.org")
        MemberFactory(partnership=partnership, name="Zoe", email="zoe@example.org")
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.DropsAtTwo"}}
        page = press()
        assert "2 mails are sent." in page
        assert "1 mail could not be sent." in page
        assert "The mail server is not there." in page
        assert [name for name, day in asked().items() if day is None] == ["Zoe"]

    def test_refuses_one_address(self, press, partnership, settings):
        MemberFactory(partnership=partnership, name="Two", email="two@example.org")
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.RefusesTwo"}}
        page = press()
        assert "2 mails are sent." in page
        assert "1 mail could not be sent." in page
