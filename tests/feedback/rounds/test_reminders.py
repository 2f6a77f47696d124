"""The link to score goes to all members alike, once, when scoring opens."""

import datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from feedback.models import Round
from feedback.rounds.lifecycle import open_round, schedule_round
from feedback.rounds.phases import CalledOff
from partnerships import deliveries as mails
from partnerships.deliveries import MAILS_A_STEP
from partnerships.models import Delivery, Entry, Mailing, Meeting
from tests.actors.desks import Desk
from tests.actors.phones import text_of
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


def sent() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def send_waiting() -> str:
    out = StringIO()
    call_command("send_waiting", stdout=out)
    return out.getvalue()


class TestOpenedByHand:
    def test_the_mails_wait_and_the_desk_sends_them(self, desk):
        page = desk.press("open")
        assert "The link to score: 0 of 2 mails are sent to members." in text_of(page)
        assert sent() == []
        page = desk.press("remind", do="go_on")
        assert "2 of 2 mails are sent." in text_of(page)
        assert sent() == ["alice@example.org", "bob@example.org"]
        assert "2 of 2 mails are sent to members." in text_of(desk.see())

    def test_everybody_gets_the_same_link_and_the_promise(self, desk):
        desk.press("open")
        desk.press("remind", do="go_on")
        bodies = {str(message.body).partition("\n")[2] for message in mail.outbox}
        assert len(bodies) == 1
        assert f"    http://testserver/m/{desk.round.code}/\n" in bodies.pop()
        assert "Your name is not stored." in str(mail.outbox[0].body)
        assert mail.outbox[0].subject == "How did the meeting go? Strategic Growth Partnership, 4 March 2026"

    def test_once_a_meeting_however_often_it_opens(self, desk):
        for _twice in range(2):
            desk.press("open")
            desk.press("remind", do="go_on")
            desk.press("stop")
        assert len(mail.outbox) == 2

    def test_not_once_it_has_stopped(self, desk):
        desk.press("open")
        desk.press("stop")
        for do in ("go_on", "begin", "again"):
            assert "The link can be sent while scoring is open" in text_of(desk.press("remind", do=do, seen="1"))
        assert sent() == []

    def test_opened_again_those_who_were_left_out_are_told(self, desk):
        desk.press("open")
        desk.press("stop")
        desk.press("remind", do="go_on")
        desk.press("open")
        desk.press("remind", do="go_on")
        assert sent() == ["alice@example.org", "bob@example.org"]

    def test_for_htmx_only_how_far_it_is(self, desk):
        desk.press("open")
        part = desk.client.post(desk.url("remind"), headers={"HX-Request": "true"})
        assert part.content.decode().startswith('<div id="progress">')
        assert "2 of 2 mails are sent." in text_of(part)

    def test_not_where_phones_need_a_code_on_paper(self, desk):
        desk.press("codes", do="on")
        desk.press("codes_pdf", number="5")
        desk.press("open")
        assert "phones need no code on paper" in text_of(desk.press("remind", do="begin", seen="0"))
        assert (sent(), Mailing.objects.count()) == ([], 0)

    def test_nor_before_it_opens(self, desk):
        assert "The link can be sent while scoring is open" in text_of(desk.see("remind", follow=True))

    def test_nor_where_nobody_has_an_address(self, desk, partnership):
        partnership.members.update(email="")
        desk.press("open")
        assert Mailing.objects.count() == 0

    def test_a_mail_server_that_is_down_keeps_nobody_from_scoring(self, desk, settings):
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        desk.press("open")
        page = desk.press("remind", do="go_on")
        assert (page.status_code, desk.stage) == (503, "open")
        assert "The mail server does not answer just now." in text_of(page)

    def test_the_record_says_that_it_went_to_all(self, desk):
        desk.press("open")
        assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == ["opened", "scoring_sent"]


class TestByTheCommand:
    def test_a_round_that_opened_by_itself_is_told(self, cast, round):
        Round.objects.update(opens_at=timezone.now() - datetime.timedelta(minutes=5))
        assert "2 of 2 sent" in send_waiting()
        assert send_waiting() == ""
        assert sent() == ["alice@example.org", "bob@example.org"]
        assert f"http://127.0.0.1:8000/m/{round.code}/" in str(mail.outbox[0].body)

    def test_not_one_that_opened_longer_ago_than_a_day(self, cast, round):
        Round.objects.update(opens_at=timezone.now() - datetime.timedelta(hours=25))
        assert (send_waiting(), sent()) == ("", [])

    def test_it_goes_on_where_a_page_was_closed(self, desk, meeting):
        desk.press("open")
        notes = f"{meeting.get_absolute_url()}mail/notes/"
        meeting.actions.create(decided="Plan")
        settings_of = {"do": "begin", "seen": "0"}
        desk.client.post(notes, settings_of)
        mail.outbox.clear()
        Mailing.objects.get(kind="notes").deliveries.update(state="waiting", tried_at=None)
        assert send_waiting().count("2 of 2 sent") == 2
        assert len(mail.outbox) == 4

    def test_however_many_members_there_are(self, desk, partnership):
        for number in range(MAILS_A_STEP):
            MemberFactory(partnership=partnership, email=f"person{number}@example.org")
        desk.press("open")
        assert f"{MAILS_A_STEP + 2} of {MAILS_A_STEP + 2} sent" in send_waiting()

    def test_what_is_not_true_any_more_is_never_sent(self, desk, meeting):
        """Scoring has stopped, the meeting is called off: what waited of link and notes is forgotten."""
        meeting.actions.create(decided="Plan")
        desk.press("open")
        mails.begin(occasion=meeting, kind=Mailing.Kind.NOTES, seen=0, by=None)
        desk.press("stop")
        Meeting.objects.update(called_off_on=timezone.localdate())
        assert (send_waiting(), sent(), Delivery.objects.count()) == ("", [], 0)

    def test_that_it_is_called_off_is_sent(self, cast, meeting):
        Meeting.objects.update(called_off_on=timezone.localdate())
        mails.begin(occasion=meeting, kind=Mailing.Kind.CALLED_OFF, seen=0, by=None)
        assert "2 of 2 sent" in send_waiting()
        assert mail.outbox[0].subject.startswith("Called off:")

    def test_it_stops_at_a_mail_server_that_is_down(self, desk, settings):
        desk.press("open")
        settings.MAILERS = {"default": {"BACKEND": "tests.helpers.mailboxes.Down"}}
        assert "0 of 2 sent" in send_waiting()


class TestCalledOff:
    @pytest.fixture(autouse=True)
    def _called_off(self, round):
        round.meeting.called_off_on = timezone.localdate()
        round.meeting.save()

    def test_nothing_opens(self, desk):
        assert "This meeting is called off: there is nothing to score." in text_of(desk.press("open"))
        assert "called off" in text_of(desk.press("open", opens_at="2027-07-01T19:30"))
        assert desk.stage == "planned"

    def test_nor_does_the_house_open_it(self, round):
        with pytest.raises(CalledOff):
            open_round(round_id=round.pk)
        with pytest.raises(CalledOff):
            schedule_round(round_id=round.pk, opens_at=timezone.now())


def test_a_time_that_was_set_is_taken_back_when_the_meeting_is_called_off(desk):
    Meeting.objects.update(date=timezone.localdate() + datetime.timedelta(days=1))
    desk.press("open", opens_at="2027-03-01T19:30")
    desk.client.post(f"{desk.round.meeting.get_absolute_url()}call-off/")
    desk.round.refresh_from_db()
    assert desk.round.opens_at is None
