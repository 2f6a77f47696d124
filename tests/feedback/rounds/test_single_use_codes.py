"""Single-use codes: chosen before scoring opens, printed as many as asked, known to the paper alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from feedback.anonymity import codes as codes_of_chance
from feedback.anonymity.codes import normalise_single_use
from feedback.anonymity.phone_keys import hash_of_code
from feedback.models import Round, SingleUseCode
from feedback.rounds import lifecycle as scoring
from feedback.rounds import single_use_codes as single_use
from feedback.rounds.phases import WrongPhase
from partnerships.models import Entry
from tests.actors.phones import Phone, all_, collate, open_
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coded(round) -> Round:
    """A planned round whose phones will need a code."""
    single_use.choose_codes(round_id=round.pk, wanted=True)
    round.refresh_from_db()
    return round


def make(round: Round, number: int = 5) -> list[str]:
    return single_use.make_codes(round_id=round.pk, number=number)


def stored(round: Round) -> set[bytes]:
    return {bytes(code.code_hash) for code in round.codes.all()}


def hashes_of(made: list[str], round: Round) -> set[bytes]:
    return {hash_of_code(code, code=round.code) for code in made}


def recorded() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("act", "detail"))


def everything_stored() -> str:
    """Every column of every row of the database, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor for cell in row]
    return " ".join(cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in found)


class TestChoosing:
    def test_is_noted_once_however_often_it_is_pressed(self, round, cast):
        for wanted in (False, True, True, False, False):
            single_use.choose_codes(round_id=round.pk, wanted=wanted, by=cast.alice)
        assert recorded() == [("codes_on", ""), ("codes_off", "")]
        assert set(Entry.objects.values_list("by", flat=True)) == {cast.alice.pk}

    def test_is_over_once_scoring_has_opened(self, round):
        open_(round)
        with pytest.raises(WrongPhase):
            single_use.choose_codes(round_id=round.pk, wanted=True)
        assert not Round.objects.get().uses_codes

    def test_cannot_be_taken_back_once_scoring_has_opened(self, coded):
        make(coded)
        open_(coded)
        for take_back in (
            lambda: single_use.choose_codes(round_id=coded.pk, wanted=False),
            lambda: single_use.discard_codes(round_id=coded.pk),
        ):
            with pytest.raises(WrongPhase):
                take_back()
        assert Round.objects.get().uses_codes
        assert coded.codes.count() == 5

    def test_against_codes_makes_all_printed_ones_invalid_for_good(self, coded):
        make(coded)
        single_use.choose_codes(round_id=coded.pk, wanted=False)
        single_use.choose_codes(round_id=coded.pk, wanted=True)
        assert stored(coded) == set()

    def test_touches_no_other_round(self, coded):
        other = MeetingFactory(partnership=coded.meeting.partnership).round
        single_use.choose_codes(round_id=other.pk, wanted=True)
        made = make(other)
        single_use.choose_codes(round_id=coded.pk, wanted=False)
        assert stored(other) == hashes_of(made, other)


class TestMaking:
    @pytest.mark.parametrize("number", [1, 2, 500])
    def test_makes_as_many_as_asked_no_two_equal(self, coded, number):
        made = make(coded, number)
        assert len(set(made)) == len(made) == number
        assert [normalise_single_use(code) for code in made] == made
        assert stored(coded) == hashes_of(made, coded)
        assert recorded()[-1] == ("codes_printed", str(number))

    def test_stores_nothing_but_hashes(self, coded):
        made = make(coded, 30)
        everything = everything_stored().upper()
        assert coded.code in everything
        assert [code for code in made if code in everything or f"{code[:4]} {code[4:]}" in everything] == []

    def test_two_presses_make_two_sheets_of_different_codes(self, coded):
        first, second = make(coded, 300), make(coded, 300)
        assert not set(first) & set(second)
        assert stored(coded) == hashes_of(first + second, coded)

    def test_never_makes_a_code_twice_even_where_there_are_hardly_others(self, coded, monkeypatch):
        monkeypatch.setattr(codes_of_chance, "ALPHABET", "01")
        made = make(coded, 200) + make(coded, 56)
        assert len(set(made)) == 256

    def test_the_order_in_the_database_says_nothing_about_the_order_on_paper(self, coded):
        made = make(coded, 200)
        on_paper = [hash_of_code(code, code=coded.code) for code in made]
        by_id = [bytes(code_hash) for code_hash in coded.codes.order_by("pk").values_list("code_hash", flat=True)]
        as_found = [bytes(code_hash) for code_hash in SingleUseCode.objects.values_list("code_hash", flat=True)]
        # Of 200 shuffled things fewer than 15 stay in their place, but for one time in a million million.
        for order in (by_id, as_found):
            assert sorted(order) == sorted(on_paper)
            assert sum(a == b for a, b in zip(order, on_paper, strict=True)) < 15
        assert made != sorted(made)

    def test_more_can_be_made_while_scoring_is_open(self, coded):
        make(coded)
        open_(coded)
        assert len(make(coded, 3)) == 3
        assert coded.codes.count() == 8

    def test_none_once_it_has_stopped(self, coded):
        make(coded)
        open_(coded)
        scoring.stop_round(round_id=coded.pk)
        with pytest.raises(WrongPhase):
            make(coded)
        assert coded.codes.count() == 5

    def test_none_where_phones_need_none(self, round):
        for act in (lambda: make(round), lambda: single_use.discard_codes(round_id=round.pk)):
            with pytest.raises(single_use.NotInUse):
                act()
        assert (SingleUseCode.objects.count(), recorded()) == (0, [])

    def test_at_most_2000_in_a_round(self, coded):
        for _sheet in range(4):
            make(coded, 500)
        with pytest.raises(single_use.TooMany) as too_many:
            make(coded, 1)
        assert too_many.value.number == coded.codes.count() == 2000

    def test_the_same_number_of_queries_for_1_and_for_300(self, coded, django_assert_num_queries):
        for number in (1, 300):
            with django_assert_num_queries(9):
                make(coded, number)


class TestDiscarding:
    def test_makes_all_printed_so_far_invalid_and_says_so_in_the_record(self, coded, cast):
        old = make(coded)
        single_use.discard_codes(round_id=coded.pk, by=cast.alice)
        new = make(coded, 2)
        assert stored(coded) == hashes_of(new, coded)
        assert recorded() == [
            ("codes_on", ""),
            ("codes_printed", "5"),
            ("codes_off", ""),
            ("codes_on", ""),
            ("codes_printed", "2"),
        ]
        open_(coded)
        assert _score(coded, old[0]).status_code == 422
        assert _score(coded, new[0]).status_code == 302


class TestOpening:
    def test_waits_for_codes(self, coded):
        with pytest.raises(single_use.NoCodes):
            scoring.open_round(round_id=coded.pk)
        assert Round.objects.get().stage == "planned"
        make(coded)
        assert open_(coded).stage == "open"

    def test_by_itself_waits_for_them_too(self, coded, time_machine):
        time_machine.move_to("2026-03-04T13:00:00Z", tick=False)
        at = _in_an_hour()
        with pytest.raises(single_use.NoCodes):
            scoring.schedule_round(round_id=coded.pk, opens_at=at)
        assert Round.objects.get().opens_at is None
        codes = make(coded)
        scoring.schedule_round(round_id=coded.pk, opens_at=at)
        time_machine.shift(3600)
        assert _score(coded, codes[0]).status_code == 302

    @pytest.mark.parametrize("act", ["choosing", "discarding"])
    def test_a_set_time_is_taken_back_with_the_codes_it_would_need(self, round, act):
        if act == "discarding":
            single_use.choose_codes(round_id=round.pk, wanted=True)
            make(round)
        scoring.schedule_round(round_id=round.pk, opens_at=_in_an_hour())
        if act == "choosing":
            single_use.choose_codes(round_id=round.pk, wanted=True)
        else:
            single_use.discard_codes(round_id=round.pk)
        assert Round.objects.get().opens_at is None

    def test_a_set_time_stays_where_nothing_changes_and_where_codes_are_given_up(self, coded):
        make(coded)
        at = _in_an_hour()
        scoring.schedule_round(round_id=coded.pk, opens_at=at)
        for wanted in (True, False):
            single_use.choose_codes(round_id=coded.pk, wanted=wanted)
            assert Round.objects.get().opens_at == at

    def test_again_after_a_stop_takes_the_same_codes(self, coded):
        codes = make(coded)
        open_(coded)
        scoring.stop_round(round_id=coded.pk)
        open_(coded)
        assert _score(coded, codes[0]).status_code == 302


class TestTheEnd:
    def test_a_table_leaves_no_code(self, coded):
        codes = make(coded, 6)
        open_(coded)
        for code in codes[:5]:
            assert _score(coded, code).status_code == 302
        collate(coded)
        assert SingleUseCode.objects.count() == 0

    def test_nor_does_a_meeting_that_is_deleted(self, coded):
        make(coded)
        coded.meeting.delete()
        assert SingleUseCode.objects.count() == 0


def _score(round: Round, code: str):
    return Phone(round).load().send(all_("yes"), code=code)


def _in_an_hour():
    return timezone.now() + timedelta(hours=1)
