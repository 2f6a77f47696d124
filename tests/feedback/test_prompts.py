"""From a low score to a talk: which steps of the charter bear on which statement."""

import subprocess

import pytest
from django.urls import reverse

from charter.texts import SOURCE, STEPS
from feedback.collation import Counts, Tabulation, tabulate
from feedback.instruments import MEETING_FEEDBACK, MEMBERS, Instrument, OpenQuestion, Option, PaperWords, Statement
from feedback.models import Round, Table
from feedback.prompts import STEPS_FOR, prompts_for
from tests.phones import STATEMENTS, all_, collate, open_, score, text_of

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
        assert f"{self.WORDS}{steps} {SOURCE}" in page
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
