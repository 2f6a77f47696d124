"""The yearly workshop: its day, its facilitator, and a link that opens the year's pack for a while."""

import datetime
import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from feedback.models import Workshop
from partnerships.models import Entry, Year
from partnerships.models.tokens import hash_of
from tests.actors.phones import text_of
from tests.factories import MemberFactory, PartnershipFactory
from tests.helpers.years import NUMBER, page

pytestmark = pytest.mark.django_db
MAEVE = {
    "date": "2026-05-20",
    "facilitator": "Maeve Byrne",
    "organisation": "Community Places",
    "email": "maeve@example.com",
}
NOT_OPEN = "This link opens nothing"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def alice(as_) -> Client:
    return as_("alice")


@pytest.fixture
def planned(alice) -> Workshop:
    plan(alice)
    return Workshop.objects.get()


@pytest.fixture
def link(alice, planned) -> str:
    """What is in Maeve's mail."""
    return send(alice)


def plan(client: Client, **more: str):
    return client.post(page("workshop"), MAEVE | more, follow=True)


def send(client: Client) -> str:
    client.post(page("workshop_link"), {"do": "send"})
    found = re.findall(r"^    http://testserver(/pack/\S+/)$", str(mail.outbox[-1].body), re.M)
    assert len(found) == 1
    return found[0]


def revoke(client: Client):
    return client.post(page("workshop_link"), {"do": "revoke"}, follow=True)


def opens(link: str) -> bool:
    """Whether a browser that was never here before is offered the button."""
    response = Client().get(link)
    assert (response.status_code, NOT_OPEN in text_of(response)) in {(200, False), (404, True)}
    return response.status_code == 200


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


class TestPlanning:
    def test_notes_day_and_facilitator(self, alice):
        response = plan(alice)
        assert response.redirect_chain == [(page("workshop"), 302)]
        assert "Saved." in text_of(response)
        workshop = Workshop.objects.get()
        assert (workshop.year.number, workshop.date, workshop.facilitator, workshop.organisation, workshop.email) == (
            NUMBER,
            datetime.date(2026, 5, 20),
            "Maeve Byrne",
            "Community Places",
            "maeve@example.com",
        )
        assert (acts(), Entry.objects.get().year) == (["workshop_planned"], workshop.year)

    def test_makes_no_link_yet(self, planned, alice):
        assert (planned.token_hash, planned.link_ends_on, mail.outbox) == (None, None, [])
        assert "No link opens the pack now." in text_of(alice.get(page("workshop")))

    def test_before_it_there_is_nobody_to_send_a_link_to(self, alice, partnership):
        assert "The facilitator’s link" not in text_of(alice.get(page("workshop")))
        assert alice.post(page("workshop_link"), {"do": "send"}).url == page("workshop")
        Year.objects.written(partnership, NUMBER)
        assert alice.post(page("workshop_link"), {"do": "revoke"}).url == page("workshop")
        assert (mail.outbox, Workshop.objects.count()) == ([], 0)

    def test_can_be_changed(self, alice, planned):
        plan(alice, date="2026-06-03", facilitator="Una Quinn", organisation="")
        workshop = Workshop.objects.get()
        assert (workshop.pk, workshop.date, workshop.facilitator) == (
            planned.pk,
            datetime.date(2026, 6, 3),
            "Una Quinn",
        )
        assert 'value="2026-06-03"' in alice.get(page("workshop")).content.decode()

    def test_is_of_its_year_alone(self, alice, planned):
        alice.post(page("workshop", 2026), MAEVE)
        assert list(Workshop.objects.order_by("pk").values_list("year__number", flat=True)) == [2025, 2026]

    @pytest.mark.parametrize("day", ["2025-04-01", "2026-03-31", "2026-04-01", "2027-03-31"])
    def test_is_in_its_year_or_the_one_after(self, alice, day):
        plan(alice, date=day)
        assert str(Workshop.objects.get().date) == day

    @pytest.mark.parametrize("day", ["2025-03-31", "2027-04-01", "2999-01-01", "0001-01-01"])
    def test_and_on_no_other_day(self, alice, day):
        response = plan(alice, date=day)
        assert response.status_code == 422
        assert "Choose a day in the year 2025/26, or in the twelve months after it" in text_of(response)
        assert f'value="{day}"' in response.content.decode()
        assert Workshop.objects.count() == 0

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("date", "", "Choose the day of the workshop"),
            ("date", "soon", "Type a day, for example 30/11/2026"),
            ("facilitator", "  ", "Type the name of whoever facilitates it"),
            ("facilitator", "x" * 121, "Shorten the name to 120 characters or fewer"),
            ("facilitator", "=SUM(1)", "begins with ="),
            ("organisation", "x" * 201, "Shorten the name to 200 characters or fewer"),
            ("email", "", "Type their email address"),
            ("email", "maeve", "Type an email address, for example name@example.org"),
            ("email", "mäve@example.com", "Type an email address, for example name@example.org"),
        ],
    )
    def test_a_mistake_is_told_and_kept(self, alice, field, typed, message):
        response = plan(alice, **{field: typed})
        assert response.status_code == 422
        assert message in text_of(response)
        assert f'href="#id_{field}"' in response.content.decode()
        assert Workshop.objects.count() == 0

    @pytest.mark.parametrize("typed", ["bob@example.org", "BOB@example.org"])
    def test_a_members_address_is_refused(self, alice, typed):
        response = plan(alice, email=typed)
        assert "A member has this address. The facilitator should be independent." in text_of(response)
        assert Workshop.objects.count() == 0

    @pytest.mark.parametrize("typed", ["Bob", " BOB "])
    def test_so_is_a_members_name(self, alice, typed):
        response = plan(alice, facilitator=typed)
        assert "A member has this name. The facilitator should be independent." in text_of(response)
        assert Workshop.objects.count() == 0

    def test_a_former_members_and_another_partnerships_are_not(self, alice, partnership):
        gone = datetime.date(2999, 1, 1)
        MemberFactory(partnership=partnership, email="una@example.org", left_on=gone)
        MemberFactory(partnership=PartnershipFactory(area=partnership.area), email="una@example.org")
        plan(alice, email="Una@example.org")
        assert Workshop.objects.get().email == "una@example.org"

    def test_a_mistake_promises_no_link_to_an_address_that_is_not_saved(self, alice, planned):
        words = text_of(plan(alice, date="", email="other@example.com"))
        assert "Send a link to maeve@example.com" in words
        assert "Send a link to other@example.com" not in words

    def test_hostile_text_stays_text(self, alice):
        plan(alice, facilitator="<script>alert(1)</script>", organisation="<b>Body</b>")
        send(alice)
        for response in (alice.get(page("workshop")), alice.get(page("partnerships:year")), alice.get(page("pack"))):
            assert "<script>alert" not in response.content.decode()
            assert "<b>Body</b>" not in response.content.decode()

    @pytest.mark.parametrize("name", ["workshop", "workshop_link"])
    def test_is_not_for_members(self, as_, planned, name):
        assert as_("bob").post(page(name), MAEVE | {"do": "send"}).status_code == 403
        assert as_("eve").post(page(name), MAEVE | {"do": "send"}).status_code == 404
        assert mail.outbox == []

    def test_the_same_number_of_queries_for_1_and_for_3_openings(self, alice, link, django_assert_num_queries):
        for more in (1, 2):
            for _each in range(more):
                Client().post(link)
            with django_assert_num_queries(6):
                alice.get(page("workshop"))


class TestWhoFacilitated:
    def test_is_forgotten_when_a_former_member_would_be(self, alice, link, partnership, time_machine):
        assert partnership.area.months_kept == 24
        time_machine.move_to("2028-05-20 12:00:00+00:00")
        call_command("daily", stdout=StringIO())
        assert Workshop.objects.get().facilitator == "Maeve Byrne"
        time_machine.move_to("2028-05-21 12:00:00+00:00")
        call_command("daily", stdout=StringIO())
        workshop = Workshop.objects.get()
        assert (workshop.facilitator, workshop.organisation, workshop.email, workshop.token_hash) == ("", "", "", None)
        assert workshop.date == datetime.date(2026, 5, 20)

    def test_and_the_pages_go_on_without(self, alice, planned, as_):
        Workshop.objects.update(facilitator="", organisation="", email="")
        assert "The workshop 20 May 2026. The pack" in text_of(as_("bob").get(page("partnerships:year")))
        assert alice.get(page("workshop")).status_code == 200


class TestTheLink:
    def test_is_mailed_to_the_facilitator_alone(self, link):
        (message,) = mail.outbox
        assert message.to == ["maeve@example.com"]
        assert message.subject == "For the workshop: Strategic Growth Partnership, 2025/26"
        body = str(message.body)
        assert body.startswith("Hello Maeve Byrne\n")
        assert (
            "You facilitate the yearly workshop of Strategic Growth Partnership (Derry City and Strabane) on Wednesday "
            "20 May 2026. Here is its year 2025/26" in body
        )
        assert "The link works until 3 June 2026. You need no account" in body
        assert message.reply_to == ["alice@example.org"]

    def test_names_no_member(self, link):
        assert [name for name in ("Alice", "Bob", "Carol") if name in str(mail.outbox[0].body)] == []

    def test_is_kept_as_a_hash_alone(self, link):
        token = link.split("/")[2]
        workshop = Workshop.objects.get()
        assert workshop.token_hash == hash_of(token)
        assert token not in str(Workshop.objects.values().get())
        assert len(token) >= 32

    def test_opens_until_14_days_after_the_workshop(self, link, time_machine):
        time_machine.move_to("2026-06-03 22:30:00+00:00")
        assert opens(link)
        time_machine.move_to("2026-06-03 23:30:00+00:00")
        assert not opens(link)

    def test_sent_after_the_workshop_it_opens_for_14_days(self, alice, planned, time_machine):
        time_machine.move_to("2026-07-01 12:00:00+00:00")
        plan(alice)
        alice.force_login(Entry.objects.earliest("pk").by)
        late = send(alice)
        time_machine.move_to("2026-07-15 12:00:00+00:00")
        assert opens(late)
        time_machine.move_to("2026-07-16 12:00:00+00:00")
        assert not opens(late)

    def test_that_has_expired_is_told_on_the_page(self, alice, link, cast, time_machine):
        assert "It opens the pack until 3 June 2026, without an account." in text_of(alice.get(page("workshop")))
        time_machine.move_to("2026-06-04 12:00:00+00:00")
        alice.force_login(cast.alice)
        words = text_of(alice.get(page("workshop")))
        assert "Its time is up." in words
        assert "End the link" not in words

    def test_that_is_ended_opens_nothing(self, alice, link):
        assert "The link opens nothing any more." in text_of(revoke(alice))
        assert not opens(link)
        revoke(alice)
        assert acts() == ["workshop_planned", "pack_sent", "pack_revoked"]

    def test_that_is_replaced_opens_nothing(self, alice, link):
        newer = send(alice)
        assert (opens(link), opens(newer)) == (False, True)

    @pytest.mark.parametrize("guess", ["x", "a" * 32, "%20", "None", "null", "é", "a" * 3000, "..%2f"])
    def test_that_is_guessed_opens_nothing(self, link, guess):
        for response in (Client().get(f"/pack/{guess}/"), Client().post(f"/pack/{guess}/")):
            assert response.status_code == 404
        assert acts() == ["workshop_planned", "pack_sent"]

    def test_without_one_no_guess_fits(self, planned):
        assert not opens("/pack/None/")
        assert not opens(f"/pack/{hash_of('')}/")

    def test_a_hash_is_not_a_link(self, link):
        assert not opens(f"/pack/{Workshop.objects.get().token_hash}/")

    def test_goes_with_the_address_to_which_it_was_sent(self, alice, link):
        response = plan(alice, email="una@example.com")
        assert "The link went to another address. It opens nothing any more: send a new one." in text_of(response)
        assert not opens(link)
        assert opens(send(alice))
        assert mail.outbox[-1].to == ["una@example.com"]

    def test_another_address_before_any_link_went_out_is_nothing_to_warn_of(self, alice, planned):
        assert "The link went to another address" not in text_of(plan(alice, email="una@example.com"))

    def test_stays_when_all_else_is_changed(self, alice, link):
        response = plan(alice, date="2026-05-27", facilitator="Maeve Quinn", email="MAEVE@example.com")
        assert "another address" not in text_of(response)
        assert opens(link)

    def test_a_mail_server_that_is_down_changes_nothing(self, alice, link, settings):
        before = Workshop.objects.values().get()
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        response = alice.post(page("workshop_link"), {"do": "send"}, follow=True)
        assert "The mail server did not take it. Nothing was sent: try again in a few minutes." in text_of(response)
        assert Workshop.objects.values().get() == before
        assert opens(link)

    def test_a_connection_that_breaks_half_way_is_told_as_what_it_is(self, alice, planned, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.DropsAtTwo"}}
        plan(alice, email="two@example.com")
        response = alice.post(page("workshop_link"), {"do": "send"}, follow=True)
        assert "The connection broke while it was sent: it may have arrived, or not." in text_of(response)
        assert Workshop.objects.get().has_link

    def test_a_mail_server_that_never_answers_may_have_sent_it_too(self, alice, planned, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.broken_mailboxes.SilentAtTwo"}}
        plan(alice, email="two@example.com")
        assert "it may have arrived, or not" in text_of(alice.post(page("workshop_link"), {"do": "send"}, follow=True))
        assert Workshop.objects.get().has_link

    def test_a_mail_server_that_refuses_the_address_changes_nothing(self, alice, planned, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.RefusesTwo"}}
        plan(alice, email="two@example.com")
        response = alice.post(page("workshop_link"), {"do": "send"}, follow=True)
        assert "The mail server did not take it." in text_of(response)
        assert Workshop.objects.get().token_hash is None

    def test_after_a_sign_in_nothing_is_sent(self, alice, planned):
        assert alice.get(page("workshop_link")).url == page("workshop")
        assert mail.outbox == []

    def test_the_page_tells_when_it_was_opened(self, alice, link, time_machine):
        assert "Opened by the link Not yet." in text_of(alice.get(page("workshop")))
        Client().post(link)
        time_machine.move_to("2026-05-06 13:30:00+00:00")
        browser = Client()
        browser.post(link)
        browser.get(f"{link}pack.pdf")
        words = text_of(alice.get(page("workshop")))
        assert "Opened by the link 6 May 2026, 14:30 (PDF) 6 May 2026, 14:30 6 May 2026, 13:00 " in words

    def test_the_record_says_that_it_was_opened_by_nobody_of_the_area(self, as_, link):
        Client().post(link)
        words = text_of(as_("carol").get("/areas/derry/record/"))
        assert "The facilitator opened the pack" in words
        assert "Somebody since erased The facilitator" not in words
        assert "Alice sent the facilitator a link to the pack" in words
        assert "maeve" not in words.lower()
