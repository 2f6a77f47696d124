"""A round that takes no slip by phone without one of its single-use codes."""

import pytest
from django.test import Client

from feedback.anonymity.phone_keys import hash_of, hash_of_code, new_key
from feedback.anonymity.seals import SlipContent
from feedback.models import Round, SingleUseCode, Slip
from feedback.rounds import lifecycle as scoring
from feedback.rounds.lifecycle import UnknownCode
from feedback.slips import rate_limits as guessing
from tests.actors.phones import Phone, address, all_, hidden, open_, text_of
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db

CODES = ["K7M29XPP", "00000000", "4F7K2MFF"]


def hand_out(round: Round, *codes: str) -> None:
    SingleUseCode.objects.bulk_create(
        SingleUseCode(round=round, code_hash=hash_of_code(code, code=round.code)) for code in codes
    )
    Round.objects.filter(pk=round.pk).update(uses_codes=True)
    round.refresh_from_db()


@pytest.fixture
def coded(round) -> Round:
    hand_out(round, *CODES)
    return open_(round)


def send(phone: Phone, code: str, option: str = "yes", **more: str):
    return phone.send(all_(option), code=code, **more)


class TestThePage:
    def test_asks_for_the_code(self, coded):
        page = Phone(coded).load().page.decode()
        assert '<label for="code">The code on your slip of paper</label>' in page

    def test_asks_as_soon_as_codes_are_chosen(self, round):
        Client().get(address(round))  # its card is in memory now
        hand_out(round, CODES[0])
        phone = Phone(open_(round)).load()
        assert 'name="code"' in phone.page.decode()

    def test_asks_a_phone_that_had_the_page_before(self, coded):
        Round.objects.update(uses_codes=False)
        phone = Phone(coded).load()
        Round.objects.update(uses_codes=True)
        told = phone.send(all_("yes"))
        assert told.status_code == 422
        assert "No slip of paper has this code" in text_of(told)
        phone.page = told.content
        assert send(phone, CODES[0]).status_code == 302

    def test_does_not_ask_where_a_round_has_none(self, round):
        assert 'name="code"' not in Phone(open_(round)).load().page.decode()


class TestACode:
    def test_lets_one_slip_in_and_only_its_hash_is_stored(self, coded):
        assert send(Phone(coded).load(), CODES[0]).status_code == 302
        assert bytes(Slip.objects.get().key_hash) == hash_of_code(CODES[0], code=coded.code)

    @pytest.mark.parametrize("typed", ["k7m2 9xpp", "K7M2-9XPP", " k7m29xpp "])
    def test_is_read_as_people_type_it(self, coded, typed):
        assert send(Phone(coded).load(), typed).status_code == 302
        assert bytes(Slip.objects.get().key_hash) == hash_of_code(CODES[0], code=coded.code)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Type the code on your slip of paper"),
            ("K7M2", "Type the code on your slip of paper"),
            ("K7M29XP0", "No slip of paper has this code"),
        ],
    )
    def test_that_is_none_is_told_and_everything_typed_is_kept(self, coded, typed, words):
        response = Phone(coded).load().send(all_("ni"), "Mind this", code=typed)
        assert response.status_code == 422
        assert words in text_of(response)
        page = response.content.decode()
        assert '<a href="#code">' in page
        assert f'name="code" id="code" value="{typed}"' in page
        assert page.count(" checked") == 7
        assert "Mind this</textarea>" in page
        assert Slip.objects.count() == 0

    def test_may_be_used_again_to_change_the_slip_from_the_same_phone(self, coded):
        phone = Phone(coded).load()
        send(phone, CODES[0])
        phone.load()
        assert f'value="{CODES[0]}"' in phone.page.decode()
        assert phone.page.count(b" checked") == 7
        assert hidden(phone.page, "revision") == "2"
        assert send(phone, CODES[0], "no").status_code == 302
        assert Slip.objects.count() == 1

    def test_may_be_used_on_another_phone_which_is_told_first(self, coded):
        send(Phone(coded).load(), CODES[0])
        other = Phone(coded).load()
        told = send(other, CODES[0], "no")
        assert told.status_code == 409
        assert "Answers were sent with this code before" in text_of(told)
        other.page = told.content
        assert send(other, CODES[0], "no").status_code == 302
        assert (Slip.objects.get().revision, Slip.objects.count()) == (2, 1)

    def test_needs_no_cookies(self, coded):
        response = send(Phone(coded, cookies=False).load(), CODES[0])
        assert "Sent. Thank you" in text_of(response)

    def test_of_another_meeting_is_none(self, coded):
        other = MeetingFactory(partnership=coded.meeting.partnership).round
        hand_out(other, CODES[1])
        assert send(Phone(open_(other)).load(), CODES[0]).status_code == 422

    def test_two_on_one_tablet_are_two_slips(self, coded):
        tablet = Phone(coded).load()
        for code in CODES[:2]:
            send(tablet, code, revision="1")
        assert Slip.objects.count() == 2

    def test_is_forgotten_for_the_next_person(self, coded):
        tablet = Phone(coded).load()
        send(tablet, CODES[0])
        page = tablet.client.post(tablet.address, {"next": "person"}).content.decode()
        assert CODES[0] not in page
        assert CODES[0] not in tablet.load().page.decode()

    def test_is_needed_by_whoever_writes_a_slip(self, coded):
        with pytest.raises(UnknownCode):
            scoring.record_slip(
                round_id=coded.pk,
                code=coded.code,
                instrument=coded.instrument,
                key_hash=hash_of(new_key(coded.code)),
                revision=1,
                content=SlipContent({}, {}),
            )

    def test_comes_too_late_after_the_stop(self, coded):
        phone = Phone(coded).load()
        scoring.stop_round(round_id=coded.pk)
        assert send(phone, CODES[0]).status_code == 409
        assert Slip.objects.count() == 0


class TestGuessing:
    WRONG = "K7M29XP0"

    def test_a_phone_that_mistypes_twenty_times_waits_and_nobody_else_does(self, coded, time_machine):
        time_machine.move_to(coded.opened_at, tick=False)
        guesser, other = Phone(coded).load(), Phone(coded).load()
        assert [send(guesser, self.WRONG).status_code for _ in range(21)] == [422] * 20 + [429]
        refused = guesser.send(all_("yes"), "Mind this", code=CODES[0])
        assert refused.status_code == 429
        assert "Nothing was sent. Wait 10 minutes" in text_of(refused)
        assert "Mind this" in text_of(refused)
        assert send(other, CODES[0]).status_code == 302
        time_machine.shift(guessing.MINUTES * 60 + 1)
        assert send(guesser, CODES[1]).status_code == 302

    def test_a_script_that_makes_up_keys_is_stopped_by_its_address(self, coded, monkeypatch):
        monkeypatch.setattr(guessing, "WRONG_CODES_ALLOWED", 5)
        form = all_("yes") | {"revision": "1"}
        answers = [
            Client(REMOTE_ADDR="192.0.2.7")
            .post(address(coded), form | {"key": f"{number:032}", "code": self.WRONG})
            .status_code
            for number in range(7)
        ]
        assert answers == [422] * 5 + [429] * 2
        phone = Phone(coded).load()
        phone.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
        assert send(phone, CODES[0]).status_code == 302

    def test_300_phones_behind_one_address_get_in_after_a_mistake_each(self, coded):
        codes = [f"{number:08}".translate(str.maketrans("6", "C")) for number in range(300, 600)]
        hand_out(coded, *codes)
        for code in codes:
            phone = Phone(coded).load()
            assert send(phone, self.WRONG).status_code == 422
            assert send(phone, code).status_code == 302
        assert Slip.objects.count() == 300


def test_the_same_number_of_queries_with_a_code(coded, django_assert_num_queries):
    phone = Phone(coded).load()
    with django_assert_num_queries(1):
        response = send(phone, CODES[0])
    with django_assert_num_queries(1):
        phone.client.get(response.headers["Location"])
