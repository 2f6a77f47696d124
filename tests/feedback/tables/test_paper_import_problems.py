"""Old paper tables with something wrong in them: each is told by its row, and nothing is stored."""

import datetime

import pytest
import time_machine

from feedback.models import Round, Table
from partnerships.models import Entry, Meeting
from tests.actors.phones import open_, text_of
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.paper_tables import BY_MEETING, HEAD, TEXTS, URL, problems, row_of, rows_of, shown, summary
from tests.helpers.sheet_files import TOO_MANY_ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_day")]
DAY = datetime.date(2019, 6, 27)
AVERAGES = "Date;Statement;Average;Slips"
NO_SLIPS = "The number of slips is missing. Without it nobody can tell whether enough people answered."
FIGURES = "Date;Statement;Yes;NI;No;Average;Slips;Present"


@pytest.fixture
def _on_a_day():
    with time_machine.travel("2026-11-26 12:00", tick=False):
        yield


@pytest.fixture
def carol(as_):
    return as_("carol")


def nothing_stored() -> bool:
    return not (Table.objects.exists() or Meeting.objects.exists() or Entry.objects.exists())


class TestACell:
    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("27/06/2019;1;9;4;1;;12;18", "Yes, Needs Improvement and No add up to 14, but there are 12 slips."),
            (
                "27/06/2019;1;9;4;1;;14;13",
                "14 slips, but 13 people present: put the number right, or leave Present empty.",
            ),
            ("27/06/2019;1;9;4;1;;2001;", "Slips: “2001” is more than 2,000."),
            ("27/06/2019;1;9;4;1;;14;99999999", "Present: “99999999” is more than 2,000."),
            ("27/06/2019;1;-9;4;1;;14;18", "Yes: “-9” is below zero."),
            ("27/06/2019;1;9;4,5;1;;14;18", "NI: “4,5” is not a whole number."),
            ("27/06/2019;1;9;4;one;;14;18", "No: “one” is not a whole number."),
            ("27/06/2019;1;9;4;1;;a lot;18", "Slips: “a lot” is not a whole number."),
            ("27/06/2019;1;9;4;1;;14;=SUM(A1)", "Present: “=SUM(A1)” is not a whole number."),
            ("27/06/2019;1;9;4;1;;;18", NO_SLIPS),
            ("27/06/2019;1;;;;3.1;14;", "Average: “3.1” is no average: it lies between 1 and 3."),
            ("27/06/2019;1;;;;0,9;14;", "Average: “0,9” is no average: it lies between 1 and 3."),
            ("27/06/2019;1;;;;-2;14;", "Average: “-2” is below zero."),
            ("27/06/2019;1;;;;good;14;", "Average: “good” is not a number."),
            (
                "27/06/2019;1;9;4;1;1.9;14;",
                "The average 1.9 is not that of the figures beside it, which is 2.57.",
            ),
            ("27/06/2019;1;0;0;0;1.9;14;", "The average 1.9 is not that of the figures beside it, which is –."),
            ("27/06/2019;1;50%;30%;10%;;14;", "The percentages add up to 90, not to about 100."),
            ("27/06/2019;1;50%;30%;24,5%;;14;", "The percentages add up to 104.5, not to about 100."),
            ("27/06/2019;1;0%;0%;0%;;14;", "The percentages add up to 0, not to about 100."),
            ("27/06/2019;1;-1%;30%;71%;;14;", "Yes: “-1” is below zero."),
            ("27/06/2019;1;50%;x%;10%;;14;", "NI: “x” is not a number."),
            (
                "27/06/2019;1;50%;30;20%;;14;",
                "Some of the figures have a percent sign and some have none. Write them all in one way.",
            ),
            (
                "27/06/2019;1;50%;30%;20%;1.9;14;",
                "The average 1.9 is not that of the figures beside it, which is 2.30.",
            ),
            ("27/06/2019;1;;;;;14;18", "There are no figures in the rows of this meeting."),
            ("27/06/2019;;9;4;1;;14;18", "The statement is missing."),
            ("27/06/2019;8;9;4;1;;14;18", "“8” is none of the seven statements."),
            (
                "27/06/2019;We are werking wel together;9;4;1;;14;18",
                "“We are werking wel together” is none of the seven statements. "
                "Did you mean “We are working well together”?",
            ),
            (";1;9;4;1;;14;18", "The date is missing."),
            ("last June;1;9;4;1;;14;18", "“last June” is no date. Write it as 27/06/2019 or 27 June 2019."),
            ("27 Juno 2019;1;9;4;1;;14;18", "“27 Juno 2019” is no date. Write it as 27/06/2019 or 27 June 2019."),
            ("27/06/19;1;9;4;1;;14;18", "“27/06/19” is no date. Write it as 27/06/2019 or 27 June 2019."),
            ("30/02/2019;1;9;4;1;;14;18", "There is no day “30/02/2019”. The day comes before the month."),
            ("06/27/2019;1;9;4;1;;14;18", "There is no day “06/27/2019”. The day comes before the month."),
            ("27/11/2026;1;9;4;1;;14;18", "The date “27/11/2026” is in the future."),
            ("31/12/2000;1;9;4;1;;14;18", "The date “31/12/2000” is before the year 2001."),
        ],
    )
    def test_that_cannot_be_is_told_by_its_row(self, carol, partnership, row, told):
        page = shown(carol, partnership, FIGURES, row)
        assert page.status_code == 422
        assert problems(page) == [f"Row 2: {told}"]
        assert f"Row 2: {told}" in summary(page)[0]
        assert "There is 1 problem. Nothing is saved." in text_of(page)
        assert b'name="agreed"' not in page.content

    @pytest.mark.parametrize("date", ["26/11/2026", "01/01/2001"])
    def test_of_the_first_and_the_last_day_can(self, carol, partnership, date):
        assert shown(carol, partnership, BY_MEETING, row_of(date=date)).status_code == 200

    def test_moved_by_a_comma_that_is_not_in_quotation_marks(self, carol, partnership):
        page = shown(carol, partnership, "Date,Statement,Slips,Average", "27/06/2019,1,12,2,57")
        told = "A cell stands where there is no heading. Write a number with a comma in quotation marks."
        assert problems(page) == [f"Row 2: {told}"]
        quoted = shown(carol, partnership, "Date,Statement,Slips,Average", '27/06/2019,1,12,"2,57"')
        assert quoted.status_code == 200

    def test_whose_number_is_not_that_of_its_words(self, carol, partnership):
        page = shown(carol, partnership, FIGURES, "27/06/2019;2. We are working well together;9;4;1;;14;18")
        assert problems(page) == ["Row 2: “2. We are working well together”: these are not the words of that number."]

    def test_of_one_row_a_meeting_is_told_by_its_column(self, carol, partnership):
        page = shown(carol, partnership, BY_MEETING, row_of().replace(";2;0;", ";2;x;"))
        assert problems(page) == ["Row 2: 3 no: “x” is not a whole number."]

    @pytest.mark.parametrize("percentages", ["49%;31%;17%", "50%;31%;22%"])
    def test_with_rounded_percentages_can(self, carol, partnership, percentages):
        page = shown(carol, partnership, "Date;Statement;Yes;NI;No;Slips", f"27/06/2019;1;{percentages};14")
        assert page.status_code == 200


class TestRows:
    def test_of_the_same_date_and_statement(self, carol, partnership):
        page = shown(carol, partnership, HEAD, *rows_of(), f"2019-06-27;{TEXTS[0]};9;4;1")
        assert problems(page) == ["Row 9: The same statement stands for the same date in row 2 already."]

    def test_of_the_same_meeting(self, carol, partnership):
        page = shown(carol, partnership, BY_MEETING, row_of(), row_of(date="27 June 2019"))
        assert problems(page) == ["Row 3: Row 2 has the same date already: one row for each meeting."]

    def test_that_do_not_agree_how_many_people_there_were(self, carol, partnership):
        rows = rows_of()
        rows[2] += ";13;18"
        assert problems(shown(carol, partnership, HEAD, *rows)) == [
            "Row 4: Slips: 13 here, but 14 in row 2 for the same meeting."
        ]

    def test_with_figures_of_two_kinds(self, carol, partnership):
        page = shown(
            carol,
            partnership,
            FIGURES,
            "27/06/2019;1;9;4;1;;14",
            "27/06/2019;2;50%;30%;20%",
            "27/06/2019;3;;;;2.4",
        )
        assert problems(page) == [
            "Row 3: Percentages here, but numbers of answers in row 2: give one kind for the whole meeting.",
            "Row 4: Averages here, but numbers of answers in row 2: give one kind for the whole meeting.",
        ]

    def test_with_many_problems_tell_twenty_at_the_top_and_all_below(self, carol, partnership):
        page = shown(carol, partnership, BY_MEETING, *[row_of(date=f"{n}/1/2030") for n in range(1, 26)])
        assert (len(problems(page)), len(summary(page))) == (20, 25)
        assert "There are 25 problems. Nothing is saved." in text_of(page)
        assert "The others are marked below, meeting by meeting." in text_of(page)

    def test_without_a_partnership(self, carol, partnership):
        head = f"{BY_MEETING};Partnership"
        page = shown(
            carol, None, head, f"{row_of()};Strategic Groth Partnership", f"{row_of()};", f"{row_of(date='x')};Nobody"
        )
        assert problems(page) == [
            "Row 2: No partnership here is called “Strategic Groth Partnership”. "
            "Did you mean “Strategic Growth Partnership”?",
            "Row 3: The partnership is missing.",
            "Row 4: No partnership here is called “Nobody”.",
            "Row 4: “x” is no date. Write it as 27/06/2019 or 27 June 2019.",
        ]

    def test_get_twenty_guesses_and_no_more(self, carol, partnership):
        head = f"{BY_MEETING};Partnership"
        rows = [f"{row_of()};Strategic Groth Partnership {n}" for n in range(25)]
        page = shown(carol, None, head, *rows, f"{row_of(date='1/1/2019')};Strategic Groth Partnership 1")
        assert sum("Did you mean" in line for line in summary(page)) == 21

    def test_that_are_right_are_kept_out_by_one_that_is_wrong(self, carol, partnership):
        rows = [BY_MEETING, row_of(), row_of(date="28/06/2019", slips="")]
        page = shown(carol, partnership, *rows)
        assert [line[:15] for line in summary(page)] == ["28 Jun 2019 Pro", "27 Jun 2019 New"]
        shown(carol, partnership, *rows, agreed="x")
        assert nothing_stored()

    def test_stay_in_the_box_to_be_mended(self, carol, partnership):
        page = shown(carol, partnership, HEAD, "", "27/06/2019;8;9;4;1;14;18", "", "28/06/2019;<b>;9;4;1;14;18")
        box = page.content.decode().split("<textarea")[1].split("</textarea>")[0].split(">\n", 1)[1]
        assert box.splitlines() == [
            HEAD,
            "",
            "27/06/2019;8;9;4;1;14;18",
            "",
            "28/06/2019;&lt;b&gt;;9;4;1;14;18",
        ]
        assert [each[:6] for each in problems(page)] == ["Row 3:", "Row 5:"]
        assert f'<option value="{partnership.pk}" selected>' in page.content.decode()


class TestAMeeting:
    def told(self, carol, partnership) -> list[str]:
        return problems(shown(carol, partnership, HEAD, *rows_of()))

    def test_that_has_not_begun_yet(self, carol, partnership):
        MeetingFactory(partnership=partnership, date=datetime.date(2026, 11, 26), start=datetime.time(23, 59))
        rows = rows_of(date="2026-11-26")
        assert problems(shown(carol, partnership, HEAD, *rows)) == ["Row 2: The meeting of that day has not begun yet."]

    def test_that_was_called_off(self, carol, partnership):
        MeetingFactory(partnership=partnership, date=DAY, called_off_on=DAY)
        assert self.told(carol, partnership) == ["Row 2: The meeting of that day was called off."]

    def test_on_a_day_with_two(self, carol, partnership):
        MeetingFactory.create_batch(2, partnership=partnership, date=DAY)
        assert self.told(carol, partnership) == [
            "Row 2: The partnership has more than one meeting on that day: of which one the table is cannot be told."
        ]

    @pytest.mark.parametrize("stage", ["open", "stopped", "comments"])
    def test_whose_scoring_is_running(self, carol, partnership, stage):
        open_(MeetingFactory(partnership=partnership, date=DAY).round)
        Round.objects.update(stage=stage)
        assert self.told(carol, partnership) == [
            "Row 2: Scoring of that day’s meeting is running, or set to open: finish it first."
        ]

    @pytest.mark.parametrize("at", ["2026-11-26 11:00Z", "2026-11-26 19:00Z"])
    def test_whose_scoring_opens_by_itself(self, carol, partnership, at):
        MeetingFactory(partnership=partnership, date=DAY)
        Round.objects.update(opens_at=at)
        assert self.told(carol, partnership) == [
            "Row 2: Scoring of that day’s meeting is running, or set to open: finish it first."
        ]

    def test_of_another_partnership_is_in_nobodys_way(self, carol, partnership):
        MeetingFactory(partnership=PartnershipFactory(area=partnership.area), date=DAY, called_off_on=DAY)
        assert self.told(carol, partnership) == []


class TestASheet:
    @pytest.mark.parametrize(
        ("head", "missing"),
        [
            ("Date;Statement;Yes;NI;Slips", "No."),
            ("Date;Statement;Slips", "Yes, Needs Improvement, No."),
            ("Statement;Average;Slips", "Date."),
            ("Date;Slips", "Statement."),
            ("Date;Yes;NI;No;Slips", "Statement."),
            ("Date;Slips;1 yes;1 NI;2 average", "1 No."),
            (
                "Date;1 average",
                "Slips. Without the number of slips nobody can tell whether enough people answered.",
            ),
        ],
    )
    def test_without_a_heading(self, carol, partnership, head, missing):
        page = shown(carol, partnership, head, "x")
        told = f"The first row must name the columns. It says: {head.replace(';', ', ')}. Not among them: {missing}"
        assert problems(page) == [told]
        assert page.status_code == 422

    def test_without_a_partnership_for_its_rows(self, carol):
        page = shown(carol, None, BY_MEETING, row_of())
        assert problems(page)[0].endswith(
            "Not among them: Partnership. Instead of a column Partnership you can choose one partnership for all rows."
        )

    @pytest.mark.parametrize(
        ("head", "twice"),
        [(f"{HEAD};Responses", "Slips"), (f"{BY_MEETING};2 NI;Statement 3 No", "2 Needs Improvement, 3 No")],
    )
    def test_with_a_heading_twice(self, carol, partnership, head, twice):
        page = shown(carol, partnership, head, row_of())
        assert problems(page) == [f"Two columns are called {twice}. Rename one."]

    def test_without_rows(self, carol, partnership):
        assert problems(shown(carol, partnership, HEAD)) == ["There is no row below the headings."]

    def test_of_a_hundred_thousand_rows(self, carol, partnership):
        page = carol.post(URL, {"rows": "\n".join([HEAD, *["1/1/2019;1;9;4;1;14;18"] * 3000]), "partnership": ""})
        assert problems(page) == [TOO_MANY_ROWS]

    def test_that_is_empty(self, carol):
        assert problems(carol.post(URL, {})) == ["Choose a file, or paste the cells."]

    def test_with_a_strange_partnership_chosen(self, carol, partnership):
        page = carol.post(URL, {"rows": f"{BY_MEETING}\n{row_of()}", "partnership": PartnershipFactory().pk})
        assert page.status_code == 422
        assert nothing_stored()
