"""Each member alone: a year's round goes the way that a meeting's goes, from prepared to the table and its PDF."""

import datetime
import gzip
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from charter.texts import COMMITMENTS as CHARTER
from charter.texts import STEPS as TWELVE
from feedback.anonymity import seals
from feedback.models import Round, Slip, Table
from feedback.rounds import lifecycle as scoring
from feedback.scores.instruments import MEMBERS, MEMBERS_WITH_STEPS
from partnerships.models import Entry, Mailing, Meeting, Partnership, Year
from tests.actors.desks import Desk
from tests.actors.phones import Phone, collate, open_, score, text_of
from tests.factories import MeetingFactory, MemberFactory, PartnershipFactory
from tests.feedback.rounds.test_desk import meanwhile
from tests.feedback.rounds.test_printing import codes_on, pages, read, sizes_of_text
from tests.helpers.years import COMMITMENTS, NUMBER, STEPS, assessed, everything, page, prepare, tabled

pytestmark = pytest.mark.django_db
ASKED = "Did our partnership keep to this in the past year?"
FIRST_ROUND_TRIP = 14 * 1024


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def alice(as_):
    return as_("alice")


@pytest.fixture
def desk(alice) -> Desk:
    """Alice at her desk: eight statements, prepared."""
    return Desk(alice, prepare(alice))


@pytest.fixture
def long_desk(alice) -> Desk:
    """The same with the twelve steps: twenty statements."""
    return Desk(alice, prepare(alice, with_steps=True))


def keys(round: Round) -> list[str]:
    return [statement.key for statement in round.instrument.statements]


def yes(desk: Desk, number: int) -> list[dict[str, str]]:
    return [everything(desk.round, "yes")] * number


class TestPreparing:
    def test_is_explained_first(self, alice):
        words = text_of(alice.get(page("prepare")))
        assert (
            "Each member says alone, on a phone or on paper, how well the partnership kept each of the eight" in words
        )
        assert "Ask about the twelve steps too Twenty statements in place of eight: a minute longer." in words

    def test_asks_about_the_eight_commitments_word_for_word(self, desk):
        assert desk.round.instrument == MEMBERS
        assert [each.text for each in MEMBERS.statements] == [each.text for each in CHARTER]
        assert keys(desk.round) == list(COMMITMENTS)

    def test_and_with_a_tick_about_the_twelve_steps_too(self, long_desk):
        assert long_desk.round.instrument == MEMBERS_WITH_STEPS
        assert [each.text for each in MEMBERS_WITH_STEPS.statements] == [
            *(each.text for each in CHARTER),
            *(step.text for step in TWELVE.values()),
        ]
        assert keys(long_desk.round) == [*COMMITMENTS, *STEPS]

    def test_leads_to_a_desk_that_is_still_closed(self, alice):
        response = alice.post(page("prepare"), follow=True)
        assert response.redirect_chain == [(page("year_desk"), 302)]
        words = text_of(response)
        assert "Prepared. Open it when members should answer." in words
        assert "Yearly assessment: each member alone" in words
        assert "Open it when members should look back on the year" in words
        assert Round.objects.get(year__number=NUMBER).spaced_code in words

    def test_twice_is_once_and_may_change_what_is_asked(self, alice, desk):
        again = prepare(alice, with_steps=True)
        assert (again.pk, again.code, again.instrument) == (desk.round.pk, desk.round.code, MEMBERS_WITH_STEPS)
        assert " checked" in _box(alice.get(page("prepare")))
        assert prepare(alice).instrument == MEMBERS
        assert " checked" not in _box(alice.get(page("prepare")))
        assert list(Entry.objects.values_list("act", flat=True)) == ["assessment_begun"] * 3
        prepare(alice)
        assert Entry.objects.count() == 3

    def test_is_too_late_once_it_has_opened(self, alice, desk):
        open_(desk.round)
        for response in (
            alice.get(page("prepare"), follow=True),
            alice.post(page("prepare"), {"with_steps": "on"}, follow=True),
        ):
            assert response.redirect_chain == [(page("year_desk"), 302)]
            assert "It has opened already, so its statements stay as they are." in text_of(response)
        desk.round.refresh_from_db()
        assert desk.round.instrument == MEMBERS

    def test_is_too_late_when_somebody_opens_it_in_that_very_moment(self, alice, desk):
        with meanwhile("feedback_round", lambda: open_(Round.objects.get(year__number=NUMBER))):
            response = alice.post(page("prepare"), {"with_steps": "on"}, follow=True)
        assert response.redirect_chain == [(page("year_desk"), 302)]
        assert "It has opened already, so its statements stay as they are." in text_of(response)
        desk.round.refresh_from_db()
        assert (desk.round.stage, desk.round.instrument) == ("open", MEMBERS)

    def test_for_a_year_to_come_there_is_nothing_to_look_back_on(self, alice):
        for response in (alice.get(page("prepare", 2027), follow=True), alice.post(page("prepare", 2027), follow=True)):
            assert response.redirect_chain == [(page("partnerships:year", 2027), 302)]
            assert "This year has not begun yet: there is nothing to look back on." in text_of(response)
        assert (Year.objects.count(), Round.objects.count()) == (0, 0)

    def test_of_the_year_that_goes_on_is_allowed(self, alice):
        assert str(prepare(alice, number=2026).occasion) == "Strategic Growth Partnership, 2026/27"

    def test_is_not_for_members(self, as_):
        assert as_("bob").post(page("prepare")).status_code == 403
        assert Round.objects.count() == 0

    @pytest.mark.parametrize("name", ["year_desk", "year_table", "year_paper", "year_collate", "year_paper_form_pdf"])
    def test_before_it_there_is_no_round_to_run(self, alice, name):
        assert alice.get(page(name)).status_code == 404

    def test_a_slip_seen_before_asks_what_was_chosen_last(self, alice, desk):
        assert Client().get(f"/m/{desk.round.code}/").status_code == 200  # not open yet; kept in memory
        prepare(alice, with_steps=True)
        open_(desk.round)
        assert Phone(desk.round).load().page.count(b"<fieldset") == 20


class TestTheSlip:
    def test_says_of_which_year_it_is_and_what_is_asked(self, desk):
        words = text_of(Client().get(f"/m/{open_(desk.round).code}/"))
        assert "Strategic Growth Partnership, year 2025/26 How did our year go?" in words
        assert f"when the table is made. {ASKED} 1. Teamwork when developing options and taking decisions Yes" in words
        assert "What would help us to keep our charter better next year?" in words
        assert "meeting" not in words.lower().replace("comments are printed", "")

    def test_a_calendar_year_is_one_number(self, desk):
        Partnership.objects.update(year_start_month=1)
        assert "Partnership, year 2025 How did our year go?" in text_of(Client().get(f"/m/{open_(desk.round).code}/"))

    def test_of_eight_statements_needs_no_headings(self, desk):
        open_(desk.round)
        assert b"<h2>" not in Phone(desk.round).load().page.partition(b"<form")[2].partition(b"</form>")[0]

    def test_of_twenty_heads_its_two_parts_and_counts_on(self, long_desk):
        open_(long_desk.round)
        page_ = Phone(long_desk.round).load().page.decode()
        marks = re.findall(
            r"<h2>([^<]*)</h2>|<legend>(\d+)\. ", page_.partition('<form id="slip"')[2].partition("</form>")[0]
        )
        assert ["".join(mark) for mark in marks] == [
            "Our commitments",
            *map(str, range(1, 9)),
            "The twelve steps",
            *map(str, range(9, 21)),
        ]

    @pytest.mark.parametrize(("with_steps", "most"), [(False, 24), (True, 60)])
    def test_once_sent_tells_the_total_and_where_it_is_talked_about(self, alice, with_steps, most):
        round = open_(prepare(alice, with_steps=with_steps))
        phone = Phone(round).load()
        assert phone.send(everything(round, "yes")).url == f"/m/{round.code}/sent/"
        words = text_of(phone.client.get(f"/m/{round.code}/sent/"))
        assert "Strategic Growth Partnership, year 2025/26 Sent. Thank you" in words
        assert f"Your total: {most} out of {most}" in words
        assert "The table of all answers is discussed at the yearly workshop." in words
        assert "meeting" not in words

    def test_blanks_are_asked_about_and_may_stay(self, desk):
        open_(desk.round)
        phone = Phone(desk.round).load()
        asked = phone.send({"trust": "no"})
        assert asked.content.count(b'<p class="blank"') == 7
        assert Slip.objects.count() == 0
        assert phone.send({"trust": "no"}, blanks="left").status_code == 302
        assert "You left 7 statements blank." in text_of(phone.client.get(f"/m/{desk.round.code}/sent/"))

    def test_an_answer_that_the_scale_does_not_have_is_refused(self, desk):
        open_(desk.round)
        phone = Phone(desk.round).load()
        assert phone.send(everything(desk.round, "perhaps")).status_code == 422
        assert Slip.objects.count() == 0

    def test_tells_nothing_of_the_last_meetings_suggestions(self, meeting, desk):
        assert "You said, we did" not in text_of(Client().get(f"/m/{open_(desk.round).code}/"))
        assert Client().get(f"/m/{desk.round.code}/answers/").status_code in {200, 404}

    def test_with_twenty_statements_is_light_enough_for_the_first_round_trip(self, long_desk):
        open_(long_desk.round)
        static = Path(settings.BASE_DIR) / "static"
        parts = [
            Phone(long_desk.round).load().page,
            *((static / name).read_bytes() for name in ("css/slip.css", "js/slip.js", "js/shelf.js")),
        ]
        assert sum(len(gzip.compress(part)) for part in parts) < FIRST_ROUND_TRIP

    def test_the_same_number_of_queries_for_8_and_for_20_statements(self, alice, django_assert_num_queries):
        for with_steps in (False, True):
            round = open_(prepare(alice, with_steps=with_steps, number=NUMBER - with_steps))
            caches["memory"].clear()
            with django_assert_num_queries(2):
                Client().get(f"/m/{round.code}/")


class TestTheDesk:
    def test_opens_watches_and_stops(self, desk):
        assert "Scoring is open." in text_of(desk.press("open"))
        score(desk.round, *yes(desk, 2), comments=("Do not show me yet",))
        words = text_of(desk.see())
        assert "2 slips have come in." in words
        assert "Do not show me yet" not in words
        assert "Scoring has stopped. Phones can no longer send." in text_of(desk.press("stop"))

    def test_leads_back_to_the_year(self, desk):
        page_ = desk.see().content.decode()
        assert re.search(rf'href="{page("partnerships:year")}"[^>]*>The year<', page_)

    def test_records_how_many_were_asked(self, desk):
        assert "Save number asked" in text_of(desk.see())
        assert "Number of people saved." in text_of(desk.press("desk", present="21"))
        assert Year.objects.get().present == 21
        open_(desk.round)
        assert "0 slips have come in. 21 people were asked." in text_of(desk.see())
        assert "0 slips on paper, 0 by phone, 21 people asked" in text_of(desk.see("paper"))

    def test_more_slips_than_people_asked_need_a_word(self, desk):
        desk.press("desk", present="4")
        open_(desk.round)
        score(desk.round, *yes(desk, 5))
        assert "More slips than people asked: somebody may have answered twice" in text_of(desk.see())
        desk.press("stop")
        desk.press("comments")
        asked = text_of(desk.see("collate"))
        assert "5 slips have come in, 4 people were asked." in asked
        assert "More slips than people asked" in asked
        assert desk.press("collate").status_code == 422
        words = text_of(desk.press("collate", explanation="One sent two"))
        assert "Slips: 5 People asked: 4" in words
        assert "Why there are more slips than people: One sent two" in words

    def test_the_number_asked_may_be_missing(self, desk):
        open_(desk.round)
        desk.press("stop")
        assert "and the number of people asked is not recorded." in text_of(desk.see("collate"))

    @pytest.mark.parametrize("typed", ["many", "-1", "2001"])
    def test_a_strange_number_asked_is_told(self, desk, typed):
        response = desk.press("desk", present=typed)
        assert response.status_code == 422
        assert "There is a problem" in text_of(response)
        assert Year.objects.get().present is None

    def test_the_number_asked_stays_once_the_table_is_made(self, desk):
        open_(desk.round)
        collate(desk.round)
        assert "the number of people stays as it was" in text_of(desk.press("desk", present="21"))
        assert Year.objects.get().present is None

    def test_for_htmx_comes_the_live_part_alone_or_nothing(self, desk):
        open_(desk.round)
        live = {"HX-Request": "true"}
        assert desk.see(query_params={"phase": "open", "came": "0-0-None"}, headers=live).status_code == 204
        score(desk.round, *yes(desk, 1))
        part = desk.see(query_params={"phase": "open", "came": "0-0-None"}, headers=live)
        assert text_of(part) == "1 slip has come in."
        assert page("year_desk") in part.content.decode()

    def test_can_open_at_a_set_time(self, desk, time_machine):
        assert "Scoring will open by itself" in text_of(desk.press("open", opens_at="2026-05-07T09:00"))
        time_machine.move_to("2026-05-07 08:00:00+00:00")
        score(desk.round, *yes(desk, 1))
        desk.round.refresh_from_db()
        assert (desk.round.stage, desk.round.slips.count()) == ("open", 1)

    def test_the_same_number_of_queries_for_1_and_for_3_slips(self, desk, django_assert_num_queries):
        open_(desk.round)
        desk.see()
        for more in (1, 2):
            score(desk.round, *yes(desk, more))
            with django_assert_num_queries(7):
                desk.see()

    def test_a_meetings_round_is_not_reached_by_a_years_address_nor_the_other_way(self, alice, meeting):
        assert alice.get(page("year_desk")).status_code == 404
        round = prepare(alice)
        assert f"/meetings/{round.pk}/" not in round.address("table")
        assert round.address("table") == "/partnerships/growth/years/2025/assessment/table/"


class TestOnPaper:
    @pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
    @pytest.mark.parametrize("name", ["Growth", "W" * 160, "Community Planning Steering Group for Health " * 3])
    @pytest.mark.parametrize("with_steps", [False, True])
    def test_the_form_is_one_page_or_with_the_steps_both_sides_of_a_sheet(
        self, alice, partnership, size, millimetres, name, with_steps
    ):
        Partnership.objects.update(name=name.strip())
        partnership.area.is_demonstration = True
        partnership.area.save()
        round = prepare(alice, with_steps=with_steps)
        pdf = alice.get(round.address("paper_form_pdf"), {"size": size}).content
        assert pages(pdf) == [millimetres] * (2 if with_steps else 1)
        words = read(pdf)
        assert "hand in a slip." in words
        assert "Paper or phone, not both." in words
        assert [each.text for each in round.instrument.statements if each.text.split()[-1] not in words] == []

    def test_the_form_says_what_is_asked_and_of_which_year(self, long_desk):
        words = read(long_desk.see("paper_form_pdf").content, "-layout")
        statements = [f"{n}. {each.text}" for n, each in enumerate(MEMBERS_WITH_STEPS.statements, 1)]
        assert (
            "Strategic Growth Partnership Yearly assessment of our TOGETHER Charter: 2025/26 "
            "Scoring: Yes – 3 Points Needs Improvement – 2 Points No – 1 Point "
            f"{ASKED} Write Yes (Y), Needs Improvement (NI) or No (N) beside each: "
            f"Our commitments {' '.join(statements[:8])} Please turn over "
            f"The twelve steps {' '.join(statements[8:])} TOTAL SCORE "
            "What would help us to keep our charter better next year?"
        ) in words
        assert f"type {long_desk.round.spaced_code}" in words
        assert "Date of Meeting" not in words

    def test_its_letters_are_no_smaller_for_twenty_statements_than_for_eight(self, alice):
        for with_steps in (False, True):
            round = prepare(alice, with_steps=with_steps)
            small, large = (
                min(sizes_of_text(alice.get(round.address("paper_form_pdf"), {"size": size}).content))
                for size in ("a4", "a3")
            )
            # A word's box is 1.12 times as high as its letters are said to be.
            assert (small > 12 * 1.1, large > 18 * 1.1) == (True, True)

    def test_the_form_is_named_after_the_year(self, desk):
        assert (
            desk.see("paper_form_pdf").headers["Content-Disposition"]
            == 'inline; filename="strategic-growth-partnership-2025-paper-form.pdf"'
        )

    def test_is_for_members_to_print_too_until_it_is_over(self, as_, desk):
        assert as_("bob").get(page("year_paper_form_pdf")).status_code == 200
        open_(desk.round)
        collate(desk.round)
        told = as_("bob").get(page("year_paper_form_pdf"), follow=True)
        assert told.redirect_chain == [(page("partnerships:year"), 302)]

    @pytest.mark.parametrize("with_steps", [False, True])
    def test_slips_are_typed_in_and_counted_with_the_phones(self, alice, with_steps):
        round = open_(prepare(alice, with_steps=with_steps))
        desk = Desk(alice, round)
        score(round, *yes(desk, 4))
        row = dict.fromkeys(keys(round), "y") | {"trust": "ni", "comment": "On paper"}
        found = desk.see("paper").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
        assert "Row 1 saved." in text_of(alice.post(desk.url("paper"), hidden | row, follow=True))
        assert "5 slips have come in: 4 by phone, 1 on paper." in text_of(desk.see())
        table = collate(round)
        assert ((table.tallies or {})["trust"], table.comments) == (
            {"yes": 4, "ni": 1, "no": 0},
            {"comment": ["On paper"]},
        )

    def test_for_htmx_come_the_row_and_how_many_were_asked(self, alice, desk):
        desk.press("desk", present="12")
        open_(desk.round)
        found = desk.see("paper").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
        part = alice.post(desk.url("paper"), hidden | {"trust": "y"}, headers={"HX-Request": "true"})
        assert "1 slip on paper, 0 by phone, 12 people asked" in text_of(part)

    def test_single_use_codes_are_printed_and_needed(self, desk):
        desk.press("codes", do="on")
        assert "Print codes first" in text_of(desk.press("open"))
        response = desk.press("codes_pdf", number="3")
        codes = codes_on(response.content)
        assert len(codes) == 3
        assert response.headers["Content-Disposition"].endswith('growth-partnership-2025-codes.pdf"')
        assert "2025/26" in read(response.content)
        desk.press("open")
        assert Phone(desk.round).load().send(everything(desk.round, "yes")).status_code == 422
        phone = Phone(desk.round).load()
        assert phone.send(everything(desk.round, "yes"), code=codes[0]).status_code == 302

    def test_as_many_codes_as_were_asked_or_are_members(self, desk, partnership):
        desk.press("codes", do="on")
        MemberFactory.create_batch(3, partnership=partnership)
        assert 'value="5"' in _field(desk.see("codes"), "number")
        desk.press("desk", present="12")
        assert 'value="12"' in _field(desk.see("codes"), "number")


class TestToTheTable:
    def test_the_whole_way(self, desk, django_capture_on_commit_callbacks):
        desk.press("desk", present="7")
        desk.press("open")
        score(
            desk.round,
            *yes(desk, 3),
            everything(desk.round, "ni"),
            everything(desk.round, "no") | {"respect": ""},
            comments=("Meet in Strabane", "It was the chair", "Thank you"),
        )
        desk.press("stop")
        assert "Meet in Strabane" in text_of(desk.press("comments"))
        withheld = re.search(r'name="([^"]+)-how"', _around(desk.see("comments"), "It was the chair"))
        assert withheld
        form = {"read": "yes", f"{withheld[1]}-how": "withhold", f"{withheld[1]}-reason": "names_somebody"}
        assert "Make the table" in text_of(desk.press("comments", **form))
        with django_capture_on_commit_callbacks(execute=True):
            words = text_of(desk.press("collate"))
        assert "The table is made, and all slips are destroyed." in words
        assert "Trust building across sectors pro-actively facilitated 3 1 1 0 12 2.40" in words
        assert "Respect for all views – – – – – –" in words
        assert "Meet in Strabane" in words
        assert "It was the chair" not in words
        assert (desk.stage, Slip.objects.count(), seals.is_kept(desk.round.code)) == ("collated", 0, False)

    def test_shows_slips_asked_and_totals(self, as_, partnership):
        assessed(partnership, (4, 1, 1), slips=6)
        words = text_of(as_("bob").get(page("year_table")))
        assert "Slips: 6 " in words
        assert "Total points: 120 of 144 (83%) Average total score: 20.0 of 24" in words

    def test_below_the_threshold_it_shows_nothing(self, desk, as_):
        open_(desk.round)
        score(desk.round, *[everything(desk.round, "no")] * 4, comments=("It was the chair",))
        desk.press("stop")
        assert "How it stands: Stopped." in text_of(desk.press("comments"))
        assert "4 slips: too few to show without giving someone away." in text_of(desk.press("collate"))
        table = Table.objects.get()
        assert (table.slips, table.tallies, table.comments) == (4, None, None)
        for words in (
            text_of(as_("bob").get(page("year_table"))),
            read(as_("bob").get(page("year_table_pdf")).content),
        ):
            assert ("chair" in words, "Teamwork" in words, "too few to show" in words) == (False, False, True)

    def test_before_there_is_one(self, as_, desk):
        assert "No table yet" in text_of(as_("bob").get(page("year_table")))
        assert as_("bob").get(page("year_table_pdf")).url == page("year_table")

    def test_the_pdf_says_what_the_page_says(self, as_, partnership):
        assessed(partnership, (4, 1, 1), comments=["<b>Meet</b> in Omagh"])
        response = as_("bob").get(page("year_table_pdf"))
        assert (
            response.headers["Content-Disposition"]
            == 'inline; filename="strategic-growth-partnership-2025-feedback.pdf"'
        )
        words = read(response.content)
        assert "2025/26" in words
        assert "Respect for all views" in words
        assert "<b>Meet</b> in Omagh" in words
        assert "Omagh" not in read(as_("bob").get(page("year_table_pdf"), {"comments": "no"}).content)

    def test_a_comment_on_the_year_is_not_made_a_suggestion_of_a_meeting(self, alice, partnership):
        assessed(partnership, comments=["Meet in Strabane"])
        words = text_of(alice.get(page("year_table")))
        assert "Meet in Strabane" in words
        assert "Make it a suggestion" not in words

    def test_a_low_commitment_has_steps_to_talk_about(self, as_, partnership):
        assessed(partnership, dict.fromkeys(COMMITMENTS, (6, 0, 0)) | {"engagement": (0, 0, 6)})
        words = text_of(as_("bob").get(page("year_table")))
        steps = [number for number in range(1, 13) if f"Step {number}: " in words]
        assert ("scored 1.00 on average" in words, steps) == (True, [2, 4, 9])

    def test_the_same_number_of_queries_however_many_years_there_were(
        self, as_, partnership, django_assert_num_queries
    ):
        bob = as_("bob")
        for numbers in ([2023], [2024, 2025]):
            for number in numbers:
                assessed(partnership, number=number)
            with django_assert_num_queries(6):
                bob.get(page("year_table", numbers[-1]))


class TestTheTableBefore:
    def test_stands_beside_each_average(self, as_, partnership):
        assessed(partnership, (0, 6, 0), number=2024)
        assessed(partnership)
        words = text_of(as_("bob").get(page("year_table")))
        assert "Average 2024/25" in words
        assert "Respect for all views 6 0 0 0 18 3.00 2.00" in words

    def test_is_the_last_with_figures_of_the_same_questionnaire_and_partnership(self, partnership):
        two = assessed(partnership, number=2022)
        assessed(partnership, number=2023, instrument="charter-1-members-steps")
        assessed(partnership, number=2024, slips=4)
        assessed(PartnershipFactory(area=partnership.area), number=2024)
        tabled(MeetingFactory(partnership=partnership, date=datetime.date(2025, 5, 1)).round)
        later = assessed(partnership, number=2026)
        now = assessed(partnership)
        assert now.previous() == two
        assert later.previous() == now
        assert two.previous() is None

    def test_a_meetings_table_never_has_a_years_beside_it(self, partnership, meeting):
        assessed(partnership, number=2024)
        assert tabled(meeting.round).previous() is None


class TestTheMail:
    def test_goes_to_all_members_alike_when_it_opens(self, desk):
        assert "The link to score: 0 of 2 mails are sent to members." in text_of(desk.press("open"))
        assert "2 of 2 mails are sent." in text_of(desk.press("remind", do="go_on"))
        assert sorted(address for each in mail.outbox for address in each.to) == [
            "alice@example.org",
            "bob@example.org",
        ]
        assert len({str(each.body).partition("\n")[2] for each in mail.outbox}) == 1
        body = str(mail.outbox[0].body)
        assert mail.outbox[0].subject == "How did our year go? Strategic Growth Partnership, 2025/26"
        assert f"    http://testserver/m/{desk.round.code}/\n" in body
        assert "Strategic Growth Partnership looks back on its year 2025/26: did we keep to our charter? 8" in body
        assert "Your name is not stored." in body
        assert "meeting" not in body

    def test_says_how_many_statements_there_are(self, long_desk):
        long_desk.press("open")
        long_desk.press("remind", do="go_on")
        assert "20 statements, a minute or two, no account:" in str(mail.outbox[0].body)

    def test_has_a_page_that_leads_back_to_the_desk(self, desk):
        desk.press("open")
        desk.press("remind", do="go_on")
        words = text_of(desk.see("remind"))
        assert "Send the link to score" in words
        assert "Done. Back to the desk" in words
        assert f'href="{page("year_desk")}"' in desk.see("remind").content.decode()

    def test_is_sent_once_however_often_it_opens(self, desk):
        for _twice in range(2):
            desk.press("open")
            desk.press("remind", do="go_on")
            desk.press("stop")
        assert (len(mail.outbox), Mailing.objects.count()) == (2, 1)

    def test_goes_out_anew_when_members_are_asked_again(self, desk, alice):
        desk.press("open")
        desk.press("remind", do="go_on")
        desk.press("stop")
        desk.press("collate")
        assert "Ask members again" in text_of(alice.get(page("partnerships:year")))
        again = Desk(alice, prepare(alice))
        assert again.round.code != desk.round.code
        again.press("open")
        again.press("remind", do="go_on")
        assert [again.round.code in str(each.body) for each in mail.outbox] == [False, False, True, True]

    def test_of_a_year_and_of_a_meeting_are_two(self, desk, meeting, alice):
        meeting_desk = Desk(alice, meeting.round)
        for each in (desk, meeting_desk):
            each.press("open")
            each.press("remind", do="go_on")
        assert [mailing.occasion for mailing in Mailing.objects.all()] == [desk.round.year, meeting]
        assert len(mail.outbox) == 4

    def test_is_not_sent_once_it_has_stopped(self, desk):
        desk.press("open")
        desk.press("stop")
        assert "The link can be sent while scoring is open" in text_of(desk.press("remind", do="go_on"))
        assert mail.outbox == []

    def test_the_command_tells_that_one_opened_by_itself(self, desk):
        Round.objects.update(opens_at=timezone.now() - datetime.timedelta(minutes=5))
        assert _command("send_waiting") == "Scoring is open: Strategic Growth Partnership, 2025/26: 2 of 2 sent\n"
        assert _command("send_waiting") == ""
        assert f"http://127.0.0.1:8000/m/{desk.round.code}/" in str(mail.outbox[0].body)

    def test_the_command_goes_on_where_a_page_was_closed_beside_a_meetings(self, desk, meeting, alice):
        Desk(alice, meeting.round).press("open")
        desk.press("open")
        assert _command("send_waiting").count("2 of 2 sent") == 2
        assert len(mail.outbox) == 4

    def test_the_command_forgets_what_would_not_be_true_any_more(self, desk):
        desk.press("open")
        scoring.stop_round(round_id=desk.round.pk)
        assert (_command("send_waiting"), mail.outbox) == ("", [])


class TestTimeAndTraces:
    def test_daily_stops_and_ends_it(self, desk, cast, time_machine):
        open_(desk.round)
        score(desk.round, *yes(desk, 5))
        time_machine.shift(datetime.timedelta(days=14))
        assert "Strategic Growth Partnership, 2025/26: Open -> Stopped" in _command("daily")
        time_machine.shift(datetime.timedelta(days=14))
        assert "Strategic Growth Partnership, 2025/26: Stopped -> Ended without a table" in _command("daily")
        assert (desk.stage, Slip.objects.count()) == ("ended", 0)
        desk.client.force_login(cast.alice)  # a session does not last as long
        assert "There is no table of members for this year." in text_of(desk.see("table"))

    def test_its_end_holds_without_the_daily_command_too(self, desk, cast, time_machine):
        open_(desk.round)
        score(desk.round, *yes(desk, 5))
        time_machine.shift(datetime.timedelta(days=28))
        desk.client.force_login(cast.alice)  # a session does not last as long
        assert "There is no table of members for this year." in text_of(desk.see())
        assert Slip.objects.count() == 0

    def test_the_record_says_of_which_year_each_step_was(self, desk, as_, partnership):
        desk.press("open")
        score(desk.round, *yes(desk, 5))
        for step in ("stop", "comments", "collate"):
            desk.press(step)
        acts = ["assessment_begun", "opened", "scoring_sent", "stopped", "comments_shown", "collated"]
        year = Year.objects.get().pk
        assert list(Entry.objects.order_by("pk").values_list("act", "year", "meeting")) == [
            (act, year, None) for act in acts
        ]
        words = text_of(as_("carol").get("/areas/derry/record/"))
        assert words.count("Strategic Growth Partnership, year 2025/26") == len(acts)

    def test_deleting_the_year_destroys_its_slips_and_their_key(self, desk, django_capture_on_commit_callbacks):
        open_(desk.round)
        score(desk.round, *yes(desk, 2))
        with django_capture_on_commit_callbacks(execute=True):
            Year.objects.all().delete()
        assert (Round.objects.count(), Slip.objects.count(), seals.is_kept(desk.round.code)) == (0, 0, False)

    def test_deleting_a_meeting_leaves_the_year_alone(self, desk, meeting):
        open_(desk.round)
        score(desk.round, *yes(desk, 2))
        Meeting.objects.all().delete()
        assert (Round.objects.get(), Slip.objects.count()) == (desk.round, 2)


class TestAtHome:
    def test_a_member_is_asked_how_the_year_went(self, as_, desk):
        open_(desk.round)
        response = as_("bob").get("/")
        assert "Say how our year 2025/26 went" in text_of(response)
        assert f'href="/m/{desk.round.code}/"' in response.content.decode()
        assert "Watch the slips come in" not in text_of(response)

    def test_whoever_runs_it_is_led_to_the_desk(self, desk):
        open_(desk.round)
        assert "Say how our year 2025/26 went Watch the slips come in: 2025/26" in text_of(desk.client.get("/"))
        desk.press("stop")
        response = desk.client.get("/")
        assert "Make the table: 2025/26" in text_of(response)
        assert f'href="{page("year_desk")}"' in response.content.decode()

    def test_nobody_is_asked_about_another_partnerships_year(self, as_, desk, partnership, cast):
        other = PartnershipFactory(area=partnership.area)
        open_(desk.round)
        Year.objects.update(partnership=other)
        assert "Say how our year" not in text_of(as_("bob").get("/"))

    def test_nor_once_the_table_is_made(self, as_, desk):
        open_(desk.round)
        collate(desk.round)
        assert "our year" not in text_of(as_("bob").get("/"))


def _box(response) -> str:
    found = re.search(r'<input[^>]*name="with_steps"[^>]*>', response.content.decode())
    assert found
    return found[0]


def _field(response, name: str) -> str:
    (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', response.content.decode())
    return field


def _around(response, words: str) -> str:
    """The page from these words on."""
    return response.content.decode().partition(words)[2]


def _command(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()
