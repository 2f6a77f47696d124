"""The collated table, as a page and as a PDF."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from feedback.models import Round, Table, TablePdf
from feedback.scores.instruments import INSTRUMENTS, Instrument, OpenQuestion, Option, PaperWords, Statement
from tests.actors.phones import Phone, all_, collate, hidden, open_, score, text_of
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db


def url(round: Round, name: str = "table") -> str:
    return round.address(name)


def read(pdf: bytes) -> str:
    """What pdftotext reads on all pages, in one line."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


@pytest.fixture
def bob(as_):
    return as_("bob")


@pytest.fixture
def table(round) -> Table:
    open_(round)
    score(
        round,
        *[all_("yes")] * 3,
        all_("ni") | {"agenda": "no"},
        all_("no") | {"charter": ""},
        {},
        comments=("Ran <b>late</b>\nagain", '<img src="file:///etc/passwd">'),
    )
    return collate(round)


def rows_of(response) -> list[list[str]]:
    body = response.content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", body[body.index("<tbody") :], re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


class TestThePage:
    def test_shows_counts_points_and_averages_of_each_statement_and_the_total(self, bob, table):
        response = bob.get(url(table.round))
        assert rows_of(response) == [
            ["We are working well together", "3", "1", "1", "1", "12", "2.40"],
            ["We are sticking to our agenda", "3", "0", "2", "1", "11", "2.20"],
            ["People are being respectful of one another", "3", "1", "1", "1", "12", "2.40"],
            ["We take and implement decisions", "3", "1", "1", "1", "12", "2.40"],
            ["We are being frank and open about issues", "3", "1", "1", "1", "12", "2.40"],
            ["We are gradually achieving what we set out to do", "3", "1", "1", "1", "12", "2.40"],
            ["Overall, we are implementing our TOGETHER Charter", "–", "–", "–", "–", "–", "–"],
            ["TOTAL SCORE", "18", "5", "7", "6", "71", "–"],
        ]

    def test_shows_slips_present_and_totals(self, bob, table):
        words = text_of(bob.get(url(table.round)))
        assert "Slips: 6 People present: 13 Total points: 71 of 90 (79%) Average total score: not shown" in words
        assert "A dash: fewer than 5 people answered this statement" in words

    def test_prints_markup_in_comments_as_text(self, bob, table):
        page = bob.get(url(table.round)).content.decode()
        assert "Ran &lt;b&gt;late&lt;/b&gt;\nagain" in page
        assert "&lt;img src=&quot;file:///etc/passwd&quot;&gt;" in page

    def test_an_average_total_when_all_statements_are_shown(self, bob, round):
        open_(round)
        score(round, *[all_("yes")] * 4, all_("no"))
        collate(round)
        assert "Total points: 91 of 105 (87%) Average total score: 18.2 of 21" in text_of(bob.get(url(round)))

    def test_before_there_is_one(self, bob, round):
        assert "No table yet" in text_of(bob.get(url(round)))
        assert bob.get(url(round, "table_pdf")).status_code == 302

    def test_when_nobody_made_one_in_time(self, bob, round):
        open_(round)
        Round.objects.update(stage="ended")
        assert "There is no table for this meeting" in text_of(bob.get(url(round)))

    def test_no_comments(self, bob, round):
        open_(round)
        score(round, *[all_("yes")] * 5)
        collate(round)
        assert "Nobody wrote a comment." in text_of(bob.get(url(round)))

    def test_presence_not_recorded(self, bob, round):
        round.meeting.present = None
        round.meeting.save()
        open_(round)
        score(round, *[all_("yes")] * 5)
        collate(round)
        assert "People present: not recorded" in text_of(bob.get(url(round)))

    def test_the_same_number_of_queries_for_1_and_for_300_slips(self, bob, round, django_assert_num_queries):
        for number in (1, 300):
            other = open_(
                MeetingFactory(partnership=round.meeting.partnership, date=date(2026, 5, 1), present=None).round
            )
            score(other, *[all_("yes")] * number, comments=("Again",) * number)
            collate(other)
            address = url(other)
            with django_assert_num_queries(5):
                bob.get(address)
            other.occasion.delete()


class TestThePreviousTable:
    def test_stands_beside_each_average(self, bob, partnership, table):
        later = open_(MeetingFactory(partnership=partnership, date=date(2026, 6, 4)).round)
        score(later, *[all_("ni")] * 5)
        collate(later)
        response = bob.get(url(later))
        assert "Average 4 Mar 2026" in text_of(response)
        assert [row[-2:] for row in rows_of(response)] == [
            ["2.00", "2.40"],
            ["2.00", "2.20"],
            ["2.00", "2.40"],
            ["2.00", "2.40"],
            ["2.00", "2.40"],
            ["2.00", "2.40"],
            ["2.00", "–"],
            ["14.00", "–"],
        ]

    def test_is_the_last_one_with_figures_of_an_earlier_meeting_of_the_same_partnership(self, partnership, table):
        few = open_(MeetingFactory(partnership=partnership, date=date(2026, 5, 4)).round)
        collate(few)
        later = open_(MeetingFactory(partnership=partnership, date=date(2026, 6, 4)).round)
        score(later, *[all_("ni")] * 5)
        elsewhere = open_(MeetingFactory(date=date(2026, 6, 1)).round)
        score(elsewhere, *[all_("no")] * 5)
        collate(elsewhere)
        after = open_(MeetingFactory(partnership=partnership, date=date(2026, 7, 4)).round)
        score(after, *[all_("no")] * 5)
        collate(after)
        assert collate(later).previous() == table
        assert table.previous() is None


class TestThePdf:
    def test_holds_what_the_page_holds(self, bob, table):
        response = bob.get(url(table.round, "table_pdf"))
        assert response.headers["Content-Type"] == "application/pdf"
        assert (
            response.headers["Content-Disposition"]
            == 'inline; filename="strategic-growth-partnership-2026-03-04-feedback.pdf"'
        )
        words = read(response.content)
        assert "Feedback on the meeting of 4 March 2026, The Guildhall" in words
        assert "We are sticking to our agenda 3 0 2 1 11 2.20" in words
        assert "TOTAL SCORE 18 5 7 6 71 –" in words
        assert "Ran <b>late</b> again" in words
        assert '<img src="file:///etc/passwd">' in words
        assert "Notes of the discussion" in words
        assert "1/1" in words

    def test_without_comments(self, bob, table):
        words = read(bob.get(url(table.round, "table_pdf") + "?comments=no").content)
        assert "TOTAL SCORE" in words
        assert "late" not in words
        assert "Comments and suggestions" not in words

    def test_below_the_threshold_one_sentence_and_two_numbers(self, bob, round):
        open_(round)
        score(round, *[all_("no")] * 4, comments=("Secret",))
        collate(round)
        words = read(bob.get(url(round, "table_pdf")).content)
        assert "4 slips: too few to show without giving someone away. 13 people were present." in words
        assert "Secret" not in words
        assert "Needs Improvement" not in words

    def test_is_made_once_and_kept(self, bob, table):
        first = bob.get(url(table.round, "table_pdf")).content
        assert bob.get(url(table.round, "table_pdf")).content == first
        assert str(TablePdf.objects.get()).endswith("Feedback on this meeting.pdf")

    def test_is_made_anew_when_it_says_something_else(self, bob, table, partnership):
        bob.get(url(table.round, "table_pdf"))
        partnership.name = "Growth Board"
        partnership.save()
        assert "Growth Board" in read(bob.get(url(table.round, "table_pdf")).content)
        assert TablePdf.objects.count() == 1

    def test_a_demonstration_says_so(self, bob, table, partnership):
        partnership.area.is_demonstration = True
        partnership.area.save()
        words = "Demonstration: scores, adoptions and people are invented"
        assert words in read(bob.get(url(table.round, "table_pdf")).content)
        assert words in text_of(bob.get(url(table.round)))

    @pytest.mark.parametrize("comments", [0, 300])
    def test_300_slips_and_as_many_long_comments_are_all_there(self, bob, round, comments):
        open_(round)
        table = Table.objects.create(
            round=round,
            slips=300,
            present=300,
            threshold=5,
            tallies={s.key: {"yes": 100, "ni": 100, "no": 100} for s in round.instrument.statements},
            comments={"comment": [f"c{n:03} " + "W" * 990 + f" e{n:03}" for n in range(comments)]},
        )
        Round.objects.update(stage="collated")
        pdf = bob.get(url(table.round, "table_pdf")).content
        words = read(pdf)
        assert "TOTAL SCORE 700 700 700 0 4200 14.00" in words
        assert [f"c{n:03}" in words and f"e{n:03}" in words for n in range(comments)] == [True] * comments


class TestAnotherInstrument:
    """A 1-5 scale with two open questions goes the same way without new code."""

    @pytest.fixture(autouse=True)
    def five(self, monkeypatch, round) -> Instrument:
        five = Instrument(
            slug="five",
            title="Five",
            source="Nobody",
            scale=tuple(Option(str(n), f"{n} stars", str(n), n) for n in range(5, 0, -1)),
            statements=(Statement("tea", "The tea was hot"), Statement("cake", "There was cake")),
            questions=(OpenQuestion("liked", "What did you like?", 100), OpenQuestion("missed", "And miss?", 200)),
            paper=PaperWords("How was it?", "5 to 1", "Write a number beside each:", "Sum"),
        )
        monkeypatch.setitem(INSTRUMENTS, "five", five)
        Round.objects.update(instrument_slug="five")
        round.refresh_from_db()
        return five

    def test_from_the_slip_to_the_table_and_its_pdf(self, bob, round):
        open_(round)
        for n in range(5):
            phone = Phone(round).load()
            form = {
                "key": hidden(phone.page, "key"),
                "revision": "1",
                "tea": "5",
                "cake": str(n + 1),
                "liked": f"Bun {n}",
            }
            sent = phone.client.post(phone.address, form | {"missed": ""}, follow=True)
            assert f"Your total: {6 + n} out of 10" in text_of(sent)
        collate(round)
        response = bob.get(url(round))
        assert rows_of(response) == [
            ["The tea was hot", "5", "0", "0", "0", "0", "0", "25", "5.00"],
            ["There was cake", "1", "1", "1", "1", "1", "0", "15", "3.00"],
            ["TOTAL SCORE", "6", "1", "1", "1", "1", "0", "40", "8.00"],
        ]
        words = read(bob.get(url(round, "table_pdf")).content)
        assert "There was cake 1 1 1 1 1 0 15 3.00" in words
        assert all(f"Bun {n}" in words for n in range(5))
        assert "What did you like?" in words


def test_outloud_finds_no_error_in_the_pdf(bob, table, tmp_path):
    path = tmp_path / "table.pdf"
    path.write_bytes(bob.get(url(table.round, "table_pdf")).content)
    heard = subprocess.run(
        [str(Path(sys.executable).with_name("outloud")), str(path)], capture_output=True, text=True, check=False
    )
    assert "0 error(s), 0 warning(s)" in heard.stdout, heard.stdout
