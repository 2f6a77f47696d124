"""What the minute-taker prints: the paper form, and the slips with single-use codes."""

import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from feedback.anonymity.codes import normalise_single_use
from feedback.anonymity.phone_keys import hash_of_code
from feedback.models import Round, SingleUseCode
from feedback.rounds import lifecycle as scoring
from feedback.rounds import single_use_codes as single_use
from feedback.rounds.views.printing import SLIPS_ON_A_PAGE
from feedback.scores.instruments import MEETING_FEEDBACK
from tests.actors.desks import Desk
from tests.actors.phones import collate, open_, text_of
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
LONGEST = ["W" * 160, ("Community Planning Steering Group for Health and Wellbeing " * 3)[:160], "i " * 79 + "im"]
DEMONSTRATION = "Demonstration: scores, adoptions and people are invented"


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


@pytest.fixture
def coded(desk):
    """Alice at her desk, codes chosen."""
    desk.press("codes", do="on")
    desk.round.refresh_from_db()
    return desk


def read(pdf: bytes, *options: str) -> str:
    """What pdftotext reads on all pages, in one line."""
    return " ".join(" ".join(lines_of(pdf, *options)).split())


def lines_of(pdf: bytes, *options: str) -> list[str]:
    found = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return found.stdout.decode().splitlines()


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page, in millimetres."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        boxes = [[float(side) for side in page.mediabox] for page in opened.pages]
    return [(int(box[2] * 25.4 / 72 + 0.5), int(box[3] * 25.4 / 72 + 0.5)) for box in boxes]


def sizes_of_text(pdf: bytes) -> set[float]:
    """The height of each word's box in points, which is above its letters' size."""
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    boxes = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', found.stdout.decode())
    return {float(bottom) - float(top) for top, bottom in boxes}


def sheet(desk: Desk, number: int = 30) -> bytes:
    response = desk.client.post(desk.url("codes_pdf"), {"number": number})
    assert response.status_code == 200, response.content
    return response.content


def codes_on(pdf: bytes) -> list[str]:
    return [line.replace(" ", "") for line in lines_of(pdf, "-raw") if re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4}", line)]


def hashes_stored(round: Round) -> list[bytes]:
    return sorted(bytes(code.code_hash) for code in round.codes.all())


def hashes_of(codes: list[str], round: Round) -> list[bytes]:
    return sorted(hash_of_code(code, code=round.code) for code in codes)


def hear(pdf: bytes, tmp_path: Path) -> str:
    """What a checker that reads as a screen reader does says of it."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    outloud = str(Path(sys.executable).with_name("outloud"))
    return subprocess.run([outloud, str(path)], capture_output=True, text=True, check=False).stdout


@contextmanager
def disk_full():
    """Whatever would add a code is refused."""

    def refuse(execute, sql, *rest):
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


class TestThePaperForm:
    def form(self, desk: Desk, **query: str) -> bytes:
        response = desk.see("paper_form_pdf", query_params=query)
        assert response.headers["Content-Type"] == "application/pdf"
        return response.content

    def test_is_the_guides_table_word_for_word(self, desk):
        words = read(self.form(desk), "-layout")
        table = " ".join(statement.text for statement in MEETING_FEEDBACK.statements)
        assert (
            "Strategic Growth Partnership Evaluating Progress: Date of Meeting 4 March 2026 "
            "Scoring: Yes – 3 Points Needs Improvement – 2 Points No – 1 Point "
            "Please give your feedback by writing Yes (Y), Needs Improvement (NI) or No (N) "
            f"beside each of the following: {table} TOTAL SCORE "
            "Please add any comments or suggestions for improvements here:"
        ) in words
        assert DEMONSTRATION not in words

    def test_says_what_becomes_of_it(self, desk, partnership):
        partnership.threshold = 4
        partnership.save()
        words = read(self.form(desk))
        assert "Do not write your name. Leave this sheet face down with the minute-taker" in words
        assert "who types it in and sees your handwriting" in words
        assert "a blank has no points and is not a No" in words
        assert "There is a table of results only if at least 4 people hand in a slip." in words

    @pytest.mark.parametrize("phase", ["planned", "open"])
    def test_has_the_way_to_score_by_phone_until_the_stop(self, desk, phase):
        if phase == "open":
            open_(desk.round)
        words = read(self.form(desk))
        assert f"go to testserver and type {desk.round.spaced_code}. Paper or phone, not both." in words

    def test_has_no_other_way_where_a_phone_needs_a_code(self, coded):
        words = read(self.form(coded))
        assert "phone" not in words
        assert coded.round.spaced_code not in words

    def test_has_no_other_way_after_the_stop(self, desk):
        open_(desk.round)
        desk.press("stop")
        assert "phone" not in read(self.form(desk))

    @pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
    @pytest.mark.parametrize("name", LONGEST)
    def test_is_one_page_however_long_the_name(self, desk, partnership, name, size, millimetres):
        partnership.name = name
        partnership.save()
        partnership.area.is_demonstration = True
        partnership.area.save()
        pdf = self.form(desk, size=size)
        assert pages(pdf) == [millimetres]
        words = read(pdf)
        assert DEMONSTRATION in words
        assert name.replace(" ", "") in words.replace(" ", "")
        assert "Paper or phone, not both." in words
        assert "hand in a slip." in words

    def test_large_print_is_18_points_and_more(self, desk):
        small, large = sizes_of_text(self.form(desk)), sizes_of_text(self.form(desk, size="a3"))
        # A word's box is 1.15 times as high as its letters are said to be.
        assert 12 * 1.1 < min(small) < 12 * 1.2
        assert 18 * 1.1 < min(large) < 18 * 1.2

    def test_a_name_with_markup_is_printed_as_text(self, desk, partnership):
        partnership.name = "<b>Growth</b> & <script>more"
        partnership.save()
        assert "<b>Growth</b> & <script>more" in read(self.form(desk))

    def test_its_file_has_the_meetings_name(self, desk):
        assert (
            desk.see("paper_form_pdf").headers["Content-Disposition"]
            == 'inline; filename="strategic-growth-partnership-2026-03-04-paper-form.pdf"'
        )

    def test_there_is_none_once_paper_is_over(self, as_, desk):
        open_(desk.round)
        collate(desk.round)
        told = as_("bob").get(desk.url("paper_form_pdf"), follow=True)
        assert told.redirect_chain == [(desk.round.meeting.get_absolute_url(), 302)]
        assert "Paper slips can no longer be typed in" in text_of(told)

    @pytest.mark.parametrize("size", ["a4", "a3"])
    def test_outloud_finds_no_error(self, desk, tmp_path, size):
        heard = hear(self.form(desk, size=size), tmp_path)
        assert "0 error(s), 0 warning(s)" in heard, heard


class TestTheDesk:
    def test_offers_all_that_can_be_printed(self, desk):
        assert _offers(desk) == ["form.pdf", "form.pdf?size=a3", "codes/"]
        assert "A phone needs a single-use code to score." not in text_of(desk.see())

    def test_offers_no_codes_once_it_has_opened_without(self, desk):
        open_(desk.round)
        assert _offers(desk) == ["form.pdf", "form.pdf?size=a3"]

    def test_offers_more_codes_while_it_is_open_with(self, coded):
        sheet(coded)
        open_(coded.round)
        assert _offers(coded) == ["form.pdf", "form.pdf?size=a3", "codes/"]
        assert "A phone needs a single-use code to score." in text_of(coded.see())
        coded.press("stop")
        assert _offers(coded) == ["form.pdf", "form.pdf?size=a3"]

    def test_offers_nothing_once_comments_are_shown(self, desk):
        desk.until_comments()
        assert _offers(desk) == []

    @pytest.mark.parametrize("how", [{}, {"opens_at": "2027-07-01T19:30"}])
    def test_says_to_print_codes_first(self, coded, how):
        told = coded.press("open", **how)
        assert "Print codes first: without a single-use code nobody could score." in text_of(told)
        assert (coded.stage, coded.round.opens_at) == ("planned", None)
        sheet(coded, 1)
        assert "Print codes first" not in text_of(coded.press("open", **how))


class TestChoosingCodes:
    def test_is_explained_first(self, desk):
        page = text_of(desk.see("codes"))
        assert "The meeting’s link limits phones, not people" in page
        assert "Nobody notes who got which." in page
        assert "How many?" not in page

    def test_takes_one_press_and_is_undone_with_one(self, desk):
        page = text_of(desk.press("codes", do="on"))
        assert "Phones now need a single-use code to score." in page
        assert "No code has been printed yet. Scoring cannot open before." in page
        assert Round.objects.get().uses_codes
        page = text_of(desk.press("codes", do="off"))
        assert "Phones score without a code. Codes printed before are invalid." in page
        assert not Round.objects.get().uses_codes

    def test_says_how_many_there_are(self, coded):
        sheet(coded, 1)
        assert "1 code has been printed." in text_of(coded.see("codes"))
        sheet(coded, 2)
        assert "3 codes have been printed." in text_of(coded.see("codes"))

    def test_all_printed_so_far_can_be_made_invalid(self, coded):
        assert "Make all codes printed so far invalid" not in text_of(coded.see("codes"))
        sheet(coded, 3)
        assert "Make all codes printed so far invalid" in text_of(coded.see("codes"))
        page = text_of(coded.press("codes", do="renew"))
        assert "All codes printed so far are invalid. Print new ones." in page
        assert "No code has been printed yet." in page

    def test_says_beforehand_that_a_set_time_is_taken_back(self, desk):
        scoring.schedule_round(round_id=desk.round.pk, opens_at=timezone.now() + timedelta(days=1))
        assert "With codes this is taken back" in text_of(desk.see("codes"))
        assert "taken back" not in text_of(desk.press("codes", do="on"))
        sheet(desk, 3)
        scoring.schedule_round(round_id=desk.round.pk, opens_at=timezone.now() + timedelta(days=1))
        assert "Scoring then no longer opens by itself" in text_of(desk.see("codes"))

    def test_once_it_is_open_there_is_nothing_to_choose(self, desk):
        open_(desk.round)
        page = text_of(desk.see("codes"))
        assert "They can be chosen only before it opens." in page
        assert "Use single-use codes" not in page
        for do in ("on", "renew"):
            assert "Nothing was changed: somebody else was faster." in text_of(desk.press("codes", do=do))
        assert not Round.objects.get().uses_codes

    def test_once_it_is_open_codes_can_be_printed_and_not_given_up(self, coded):
        sheet(coded, 3)
        open_(coded.round)
        page = text_of(coded.see("codes"))
        assert "Print more slips" in page
        assert "Score without codes" not in page
        assert len(codes_on(sheet(coded, 2))) == 2

    def test_once_it_has_stopped_no_code_is_needed(self, coded):
        sheet(coded, 3)
        open_(coded.round)
        coded.press("stop")
        told = coded.client.get(coded.url("codes"), follow=True)
        assert told.redirect_chain == [(coded.url("desk"), 302)]
        assert "Scoring has stopped: no code is needed any more." in text_of(told)
        assert "Nothing was changed" in text_of(coded.press("codes_pdf", number="3"))
        assert coded.round.codes.count() == 3

    def test_an_unknown_wish_changes_nothing(self, coded):
        coded.press("codes", do="<script>")
        assert Round.objects.get().uses_codes

    def test_a_full_disk_is_told(self, desk):
        with disk_full():
            page = text_of(desk.press("codes", do="on"))
        assert "Nothing was changed: the server could not write it down." in page
        assert not Round.objects.get().uses_codes


class TestHowMany:
    def test_starts_from_the_people_present(self, coded):
        assert _how_many(coded) == "13"

    def test_or_from_the_members(self, coded, partnership):
        MemberFactory.create_batch(3, partnership=partnership)
        MemberFactory(partnership=partnership, left_on=timezone.localdate())
        coded.round.meeting.present = None
        coded.round.meeting.save()
        assert _how_many(coded) == "5"

    def test_but_never_from_more_than_can_be_printed_at_once(self, coded):
        coded.round.meeting.present = 2000
        coded.round.meeting.save()
        assert _how_many(coded) == "500"

    @pytest.mark.parametrize("typed", ["", "0", "-1", "501", "many", "1.5", "9" * 5000])
    def test_a_strange_number_is_told_and_kept(self, coded, typed):
        response = coded.client.post(coded.url("codes_pdf"), {"number": typed})
        assert response.status_code == 422
        assert "Type how many slips to print, from 1 to 500" in text_of(response)
        assert _value_of(response) == typed
        assert SingleUseCode.objects.count() == 0

    def test_more_than_a_meeting_can_have_is_told(self, coded):
        for _sheet in range(4):
            single_use.make_codes(round_id=coded.round.pk, number=500)
        response = coded.client.post(coded.url("codes_pdf"), {"number": "7"})
        assert response.status_code == 422
        assert "A meeting can have at most 2000 codes. It has 2000 already." in text_of(response)
        assert _value_of(response) == "7"

    def test_where_phones_need_no_code_none_is_made(self, desk):
        assert "Nothing was changed" in text_of(desk.press("codes_pdf", number="3"))
        assert SingleUseCode.objects.count() == 0

    def test_a_full_disk_is_told(self, coded):
        with disk_full():
            page = text_of(coded.press("codes_pdf", number="3"))
        assert "the server could not write it down" in page
        assert SingleUseCode.objects.count() == 0


class TestTheSlips:
    @pytest.mark.parametrize("number", [1, SLIPS_ON_A_PAGE, SLIPS_ON_A_PAGE + 1, 30])
    def test_hold_exactly_the_codes_whose_hashes_are_stored(self, coded, number):
        pdf = sheet(coded, number)
        codes = codes_on(pdf)
        assert len(codes) == number
        assert hashes_of(codes, coded.round) == hashes_stored(coded.round)
        assert pages(pdf) == [(210, 297)] * -(-number // SLIPS_ON_A_PAGE)

    def test_each_says_all_that_its_holder_must_know(self, coded):
        words = read(sheet(coded, 3))
        code = coded.round.spaced_code
        for said in (
            "Strategic Growth Partnership",
            "4 March 2026",
            f"Scan, or go to testserver and type meeting code {code}, then this code.",
            "Works once. You can change your answers until scoring stops. Nobody notes who got which.",
        ):
            assert words.count(said) == 3, said
        assert "Cut, mix, hand out face down." in words
        assert "Page 1 of 1." in words

    def test_each_fits_however_long_the_name(self, coded, partnership):
        for name in LONGEST:
            partnership.name = name
            partnership.save()
            pdf = sheet(coded, 20)
            assert pages(pdf) == [(210, 297)] * 2
            words = read(pdf)
            assert words.count("Nobody notes who got which.") == 20
            assert len(codes_on(pdf)) == 20

    def test_a_second_press_makes_a_second_sheet(self, coded):
        first, second = codes_on(sheet(coded, 3)), codes_on(sheet(coded, 3))
        assert not set(first) & set(second)
        assert hashes_of(first + second, coded.round) == hashes_stored(coded.round)

    def test_a_demonstration_says_so_once_a_page(self, coded, partnership):
        assert DEMONSTRATION not in read(sheet(coded, 1))
        partnership.area.is_demonstration = True
        partnership.area.save()
        assert read(sheet(coded, SLIPS_ON_A_PAGE + 1)).count(DEMONSTRATION) == 2

    def test_are_a_download_that_nobody_keeps(self, coded):
        response = coded.client.post(coded.url("codes_pdf"), {"number": "1"})
        assert (
            response.headers["Content-Disposition"]
            == 'attachment; filename="strategic-growth-partnership-2026-03-04-codes.pdf"'
        )
        assert "no-store" in response.headers["Cache-Control"]

    def test_are_not_made_by_a_get(self, coded):
        assert coded.client.get(coded.url("codes_pdf")).headers["Location"] == coded.url("codes")
        assert SingleUseCode.objects.count() == 0

    def test_what_is_typed_off_them_is_the_code(self, coded):
        (code,) = codes_on(sheet(coded, 1))
        assert normalise_single_use(f"{code[:4]} {code[4:]}".lower()) == code

    def test_outloud_finds_no_error(self, coded, tmp_path):
        heard = hear(sheet(coded, SLIPS_ON_A_PAGE + 2), tmp_path)
        assert "0 error(s), 0 warning(s)" in heard, heard

    def test_the_same_number_of_queries_for_1_and_for_300(self, coded, django_assert_num_queries):
        address = coded.url("codes_pdf")
        for number in (1, 300):
            with django_assert_num_queries(13):
                coded.client.post(address, {"number": number})
        assert coded.round.codes.count() == 301


def _offers(desk: Desk) -> list[str]:
    """What the desk offers to print, as it stands in the links."""
    links = re.findall(r'href="([^"]*)"', desk.see().content.decode())
    return [link.removeprefix(desk.url("desk")) for link in links if re.search(r"/(form\.pdf|codes/)", link)]


def _how_many(desk: Desk) -> str:
    return _value_of(desk.see("codes"))


def _value_of(response) -> str:
    (field,) = re.findall(r'<input[^>]*name="number"[^>]*>', response.content.decode())
    found = re.search(r'value="([^"]*)"', field)
    return found[1] if found else ""
