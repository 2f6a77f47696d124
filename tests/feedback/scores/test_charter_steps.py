"""From a low score to a talk: which steps of the charter bear on which statement."""

import subprocess
from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from charter.texts import SOURCE, STEPS
from feedback.models import Round, Table
from feedback.scores.charter_steps import STEPS_FOR, prompts_for
from feedback.scores.collation import Counts, Tabulation, tabulate
from feedback.scores.instruments import (
    MEETING_FEEDBACK,
    MEMBERS,
    Instrument,
    OpenQuestion,
    Option,
    PaperWords,
    Statement,
)
from feedback.trends.standings import keep_standings
from partnerships.models import Meeting, Partnership
from tests.actors.phones import STATEMENTS, all_, collate, open_, score, text_of
from tests.helpers.years import assessed, met

DAY = date(2025, 3, 4)
# Typed off the Guide, section 6, "Applying the Charter - 12 Steps": its dashes and apostrophes too.
THE_GUIDES_WORDS = """\
Come to meetings prepared to participate - having read and considered papers in advance;
Present information in readily accessible ways and avoid overuse of jargon;
Focus on discussing agenda issues within time agreed for each item;
Actively contribute to all discussions – including on issues outside of partner body’s direct responsibilities;
Encourage others to contribute and be respectful of different views;
Contribute to ensuring decisions made are clear with responsibility for action identified;
Respect confidentiality where appropriate to allow sharing of information and views;
Seek consensus where possible while not avoiding differences of opinion being acknowledged;
Value both community knowledge and professional expertise;
Be represented by people who have the authority to contribute fully and reach agreements;
Work collectively to secure the resources (people and finance) needed to implement decisions;
Contribute to discussions and evaluations on improving the meetings and the overall work of the Partnership.
"""


def averages(**of: tuple[int, int, int]) -> Tabulation:
    """A table where everybody said yes, but for these statements: how many said yes, needs improvement, no."""
    tallies = {key: dict(zip(("yes", "ni", "no"), of.get(key, (6, 0, 0)), strict=True)) for key in STATEMENTS}
    return tabulate(Counts(6, tallies), MEETING_FEEDBACK)


def offered(tabulation: Tabulation | None) -> dict[str, list[int]]:
    return {prompt.row.statement.key: [step.number for step in prompt.steps] for prompt in prompts_for(tabulation)}


class TestTheSteps:
    def test_are_the_guides_word_for_word(self):
        assert [step.text for step in STEPS.values()] == THE_GUIDES_WORDS.splitlines()

    def test_are_counted_from_1_to_12(self):
        assert [(number, step.number) for number, step in STEPS.items()] == [(n, n) for n in range(1, 13)]

    def test_name_their_source(self):
        assert SOURCE.startswith("Community Places: Guide and Charter for Partnerships on Applying Co-Production")


class TestEveryStatement:
    def test_has_steps_to_talk_about(self):
        commitments = [statement.key for statement in MEMBERS.statements]
        assert list(STEPS_FOR) == [*STATEMENTS, *(key for key in commitments if key not in STATEMENTS)]
        assert [numbers for numbers in STEPS_FOR.values() if not numbers or not set(numbers) <= set(STEPS)] == []

    def test_and_every_step_is_talked_about_somewhere(self):
        assert {number for numbers in STEPS_FOR.values() for number in numbers} == set(STEPS)

    def test_sticking_to_the_agenda_asks_about_the_first_three(self):
        """The example of the Guide's readers: papers, plain words, time."""
        assert offered(averages(agenda=(0, 0, 6))) == {"agenda": [1, 2, 3]}


class TestOffered:
    def test_not_at_an_average_of_exactly_2(self):
        assert offered(averages(agenda=(2, 2, 2))) == {}

    def test_a_hair_under_2(self):
        assert offered(averages(agenda=(1, 3, 2))) == {"agenda": [1, 2, 3]}

    def test_the_lowest_first(self):
        low = averages(together=(0, 5, 1), agenda=(0, 0, 6), frank=(0, 3, 3))
        assert list(offered(low)) == ["agenda", "frank", "together"]

    def test_for_what_is_shown_alone(self):
        """Nobody may work out from a prompt how a hidden statement scored."""
        assert offered(tabulate(Counts(6, {"agenda": {"no": 6}}), MEETING_FEEDBACK)) == {"agenda": [1, 2, 3]}
        assert offered(tabulate(Counts(6, {}), MEETING_FEEDBACK)) == {}
        assert offered(None) == {}

    def test_for_a_real_drop_too_even_where_the_average_is_fair(self):
        (prompt,) = prompts_for(averages(agenda=(3, 3, 0)), {"agenda": DAY})
        assert (prompt.row.statement.key, prompt.average, prompt.is_low, prompt.dropped_since) == (
            "agenda",
            Fraction(5, 2),
            False,
            DAY,
        )

    def test_for_both(self):
        prompts = prompts_for(averages(agenda=(0, 0, 6), frank=(0, 3, 3)), {"agenda": DAY})
        assert [(prompt.row.statement.key, prompt.is_low, prompt.dropped_since) for prompt in prompts] == [
            ("agenda", True, DAY),
            ("frank", True, None),
        ]

    def test_what_dropped_stands_among_what_is_low_by_its_average(self):
        found = prompts_for(averages(together=(1, 3, 2), agenda=(0, 6, 0)), {"agenda": DAY, "charter": DAY})
        assert [prompt.row.statement.key for prompt in found] == ["together", "agenda", "charter"]

    def test_no_drop_of_what_is_hidden(self):
        assert prompts_for(tabulate(Counts(6, {}), MEETING_FEEDBACK), {"agenda": DAY}) == []
        assert prompts_for(None, {"agenda": DAY}) == []

    def test_nothing_for_a_statement_that_the_charters_steps_do_not_know(self):
        one = Option("no", "No", "N", 1), Option("yes", "Yes", "Y", 3)
        words, tea = PaperWords("How was it?", "", "", ""), Statement("tea", "The tea was hot")
        other = Instrument("tea", "Tea", "Nobody", one, (tea,), (OpenQuestion("c", "Else?", 9),), words)
        assert offered(tabulate(Counts(6, {"tea": {"no": 6}}), other)) == {}


@pytest.mark.django_db
class TestOnTheTable:
    @pytest.fixture
    def table(self, round: Round) -> Table:
        open_(round)
        score(round, *[all_("yes") | {"agenda": "no"}] * 5)
        return collate(round)

    def url(self, table: Table, name: str) -> str:
        return reverse(f"feedback:{name}", args=["growth", table.round.meeting_id])

    WORDS = (
        "To talk about “We are sticking to our agenda” scored 1.00 on average. How are we doing with these steps of "
        "the charter? "
    )

    def test_with_the_steps_and_their_source(self, as_, table):
        page = text_of(as_("bob").get(self.url(table, "table")))
        steps = " ".join(f"Step {number}: {STEPS[number].text}" for number in (1, 2, 3))
        link = "What worked for others : We are sticking to our agenda"
        assert f"{self.WORDS}{steps} {link} {SOURCE}" in page
        assert "Step 4" not in page

    def test_in_its_pdf_too(self, as_, table):
        pdf = as_("bob").get(self.url(table, "table_pdf")).content
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        words = " ".join(text.replace("•", "").split())
        assert self.WORDS + f"Step 1: {STEPS[1].text}" in words
        assert f"Step 3: {STEPS[3].text} {SOURCE}" in words

    def test_not_where_nothing_scored_low(self, as_, round):
        open_(round)
        score(round, *[all_("ni")] * 5)
        assert "To talk about" not in text_of(as_("bob").get(self.url(collate(round), "table")))


def steps(*numbers: int) -> str:
    return " ".join(f"Step {number}: {STEPS[number].text}" for number in numbers)


def dropped(partnership: Partnership, agenda: tuple[int, int, int]) -> Meeting:
    """The last of ten meetings, at which this statement fell out of its limits. The others went up and down."""
    for month in range(1, 10):
        met(partnership, f"2025-{month:02}-04", (6, 0, 0) if month % 2 else (5, 1, 0))
    others = dict.fromkeys(STATEMENTS, (5, 1, 0))
    meeting = met(partnership, "2025-10-04", others | {"agenda": agenda})
    keep_standings(partnership.pk)
    return meeting


@pytest.mark.django_db
class TestARealDrop:
    ASKS = "How are we doing with these steps of the charter?"

    def url(self, meeting: Meeting, name: str = "table") -> str:
        return reverse(f"feedback:{name}", args=["growth", meeting.pk])

    def test_is_talked_about_though_the_average_is_fair(self, as_, partnership):
        words = text_of(as_("bob").get(self.url(dropped(partnership, (0, 6, 0)))))
        told = "“We are sticking to our agenda”: a real drop since 4 October 2025, more than the usual ups and downs."
        link = "What worked for others : We are sticking to our agenda"
        assert f"To talk about {told} {self.ASKS} {steps(1, 2, 3)} {link} {SOURCE}" in words

    def test_beside_a_low_average(self, as_, partnership):
        words = text_of(as_("bob").get(self.url(dropped(partnership, (0, 3, 3)))))
        told = (
            "“We are sticking to our agenda” scored 1.50 on average, and there is a real drop since 4 October 2025: "
            "more than the usual ups and downs."
        )
        assert f"To talk about {told} {self.ASKS} {steps(1, 2, 3)}" in words

    def test_leads_to_what_worked_for_others(self, as_, partnership):
        page = as_("bob").get(self.url(dropped(partnership, (0, 6, 0)))).content.decode()
        assert 'href="/practice/?statement=agenda"' in page

    def test_a_real_improvement_does_not(self, as_, partnership):
        for month in range(1, 10):
            met(partnership, f"2025-{month:02}-04", (0, 6, 0) if month % 2 else (1, 5, 0))
        meeting = met(partnership, "2025-10-04", (6, 0, 0))
        keep_standings(partnership.pk)
        assert "To talk about" not in text_of(as_("bob").get(self.url(meeting)))

    def test_nor_a_low_point_that_is_usual_here(self, as_, partnership):
        """As long as nothing is kept of it either."""
        meeting = dropped(partnership, (4, 2, 0))
        assert "To talk about" not in text_of(as_("bob").get(self.url(meeting)))
        meeting.round.table.standing.delete()
        assert "To talk about" not in text_of(as_("bob").get(self.url(meeting)))

    def test_in_its_pdf_without_the_link(self, as_, partnership):
        pdf = as_("bob").get(self.url(dropped(partnership, (0, 6, 0)), "table_pdf")).content
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        words = " ".join(text.split())
        assert "a real drop since 4 October 2025, more than the usual ups and downs" in words
        assert "What worked for others" not in words

    def test_in_the_room_where_we_look_back(self, as_, partnership):
        dropped(partnership, (0, 6, 0))
        following = met(partnership, "2025-11-04")
        page = as_("alice").get(self.url(following, "consider"))
        assert "a real drop since 4 October 2025" in text_of(page)
        assert 'href="/practice/?statement=agenda"' in page.content.decode()

    def test_and_on_the_next_agenda_without_the_link(self, as_, partnership):
        dropped(partnership, (0, 6, 0))
        pdf = as_("bob").get(self.url(met(partnership, "2025-11-04"), "agenda_pdf")).content
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert "a real drop since 4 October 2025" in " ".join(text.split())
        assert "What worked for others" not in text

    def test_not_in_the_facilitators_pack(self, as_, partnership):
        dropped(partnership, (0, 6, 0))
        page = as_("bob").get(reverse("feedback:pack", args=["growth", 2025]))
        assert ("real drop" in text_of(page), "/practice/" in page.content.decode()) == (False, False)

    def test_the_year_stands_among_no_others_and_has_nothing_to_read_elsewhere(self, as_, partnership):
        assessed(partnership, (0, 3, 3))
        page = as_("bob").get(reverse("feedback:year_table", args=["growth", 2025]))
        assert text_of(page).count("scored 1.50 on average. How are we doing") == 8
        assert "/practice/" not in page.content.decode()

    def test_costs_no_query(self, as_, partnership, django_assert_num_queries):
        bob, meeting = as_("bob"), dropped(partnership, (0, 6, 0))
        with django_assert_num_queries(5):
            bob.get(self.url(meeting))
