"""Comments: read after the stop, withheld or blacked out, undone until the table is made."""

import re

import pytest
from django.utils.html import escape

from feedback.anonymity import seals
from feedback.anonymity.seals import Edit
from feedback.models import Round, Slip, Table
from feedback.rounds.comments import edit_comments
from feedback.rounds.phases import WrongPhase
from feedback.rounds.redaction import Reason
from partnerships.models import Act, Entry
from tests.actors.desks import Desk, fill
from tests.actors.phones import all_, open_, score, text_of
from tests.factories import MeetingFactory
from tests.feedback.tables.test_table import read

pytestmark = pytest.mark.django_db

LOUDER, PAUL = "Louder please", "Paul ran late. Ask PAUL, or Paul\nMurphy: <b>paul</b>!"
NAMES = "names_somebody"


@pytest.fixture
def desk(as_, round):
    """Alice at her desk."""
    return Desk(as_("alice"), round)


def name_of(desk: Desk, text: str) -> str:
    """The name of the fields of the comment with this text."""
    found = re.search(rf'id="head-(\w+-comment)">Comment \d+</h2>\s*<p[^>]*>{re.escape(escape(text))}</p>', page(desk))
    assert found
    return found[1]


def page(desk: Desk) -> str:
    return desk.see("comments").content.decode()


def section(desk: Desk, name: str) -> str:
    """What the page says of one comment."""
    start = page(desk).index(f'aria-labelledby="head-{name}"')
    return page(desk)[start : page(desk).index("</section>", start)]


def edited(name: str, how: str, words: str = "", reason: str = "", before: str = "") -> dict[str, str]:
    """The fields of one comment, as a browser sends them."""
    return {f"{name}-how": how, f"{name}-words": words, f"{name}-reason": reason, f"{name}-before": before}


def save(desk: Desk, *edits: dict[str, str], **more: str):
    form = {"read": "yes"}
    for edit in edits:
        form |= edit
    return desk.press("comments", **form, **more)


def printed(desk: Desk) -> list[str]:
    """The comments of the table, made now."""
    desk.press("collate")
    return sorted((Table.objects.get(round=desk.round).comments or {})["comment"])


def record() -> list[tuple[str, str]]:
    acts = (Act.WITHHELD, Act.BLACKED_OUT, Act.COMMENT_RELEASED)
    return list(Entry.objects.filter(act__in=acts).order_by("pk").values_list("act", "detail"))


class TestReading:
    @pytest.fixture(autouse=True)
    def _stopped(self, desk):
        open_(desk.round)
        score(desk.round, *[all_("yes")] * 5, comments=(LOUDER, "<i>Thanks</i>"))
        desk.press("stop")

    def test_they_are_shown_only_after_the_question(self, desk):
        asked = text_of(desk.see("comments"))
        assert "5 slips have come in." in asked
        assert "scoring cannot open again" in asked
        assert "Louder" not in asked
        shown = desk.press("comments").content.decode()
        assert LOUDER in shown
        assert "&lt;i&gt;Thanks&lt;/i&gt;" in shown
        assert desk.stage == "comments"

    def test_once_shown_scoring_cannot_open_again(self, desk):
        desk.press("comments")
        assert "Nothing was changed" in text_of(desk.press("open"))
        assert desk.stage == "comments"
        assert "no slip can be added or changed" in text_of(desk.see())

    def test_neither_their_order_nor_their_names_tell_of_which_slip_they_are(self, desk):
        desk.press("comments")
        shown = re.findall(r'id="head-(\w+)-comment"', page(desk))
        assert shown == sorted(shown)
        assert len(shown) == 2
        assert all(str(slip.pk) not in page(desk) for slip in Slip.objects.all())

    def test_each_is_printed_as_written_until_somebody_decides_otherwise(self, desk):
        desk.press("comments")
        assert text_of(desk.see("comments")).count("Printed as written") == 2
        assert printed(desk) == ["<i>Thanks</i>", LOUDER]
        assert record() == []

    def test_they_are_not_shown_where_they_could_not_be_read(self, desk):
        seals.destroy_key(desk.round.code)
        for answer in (desk.client.get(desk.url("comments"), follow=True), desk.press("comments")):
            assert "This round is sealed for good" in text_of(answer)
        assert desk.stage == "stopped"

    def test_nobody_wrote_one(self, desk):
        Slip.objects.all().delete()
        Round.objects.update(stage="open")
        score(desk.round, *[all_("yes")] * 5)
        desk.press("stop")
        assert "Nobody wrote a comment." in text_of(desk.press("comments"))
        assert "Make the table?" in text_of(save(desk))
        assert "All comments" not in text_of(desk.see("collate"))


class TestWithholding:
    @pytest.fixture(autouse=True)
    def _read(self, desk):
        desk.until_comments(LOUDER, PAUL)

    def test_the_comment_is_not_printed_and_the_table_says_how_many(self, desk):
        name = name_of(desk, LOUDER)
        assert "1 comment will be withheld." in text_of(save(desk, edited(name, "withhold", reason="unlawful")))
        assert "Withheld" in section(desk, name)
        assert "Why: it is insulting or unlawful." in section(desk, name)
        assert printed(desk) == [PAUL]
        for words in (text_of(desk.see("table")), read(desk.see("table_pdf").content)):
            assert "1 comment was withheld by the minute-taker." in words
            assert "Louder" not in words

    def test_the_record_keeps_why_and_neither_text_nor_words(self, desk, as_):
        save(desk, edited(name_of(desk, LOUDER), "withhold", reason="unlawful"))
        save(desk, edited(name_of(desk, PAUL), "black_out", "Paul", NAMES))
        assert record() == [("withheld", "unlawful"), ("blacked_out", NAMES)]
        told = text_of(as_("carol").get("/areas/derry/record/"))
        assert "Alice withheld a comment (it is insulting or unlawful)" in told
        assert "Alice blacked out words of a comment (it names somebody)" in told
        assert "Paul" not in told
        assert "you withheld a comment (it is insulting or unlawful)" in text_of(as_("alice").get("/account/data/"))

    def test_it_can_be_undone_until_the_table_is_made(self, desk):
        name = name_of(desk, LOUDER)
        save(desk, edited(name, "withhold", reason="other"))
        assert "All comments will be printed as they were written." in text_of(
            save(desk, edited(name, "print", reason="other", before="other: "))
        )
        assert printed(desk) == sorted([LOUDER, PAUL])
        assert Table.objects.get().withheld == 0
        assert record() == [("withheld", "other"), ("comment_released", "")]

    def test_not_after(self, desk):
        name = name_of(desk, LOUDER)
        save(desk, edited(name, "withhold", reason="other"))
        desk.press("collate")
        answer = save(desk, edited(name, "print", before="other: "))
        assert "Comments cannot be read now. How it stands: Collated." in text_of(answer)
        with pytest.raises(WrongPhase):
            edit_comments(round_id=desk.round.pk, changes={name: None})
        assert Table.objects.get().comments == {"comment": [PAUL]}

    def test_nor_before_they_are_read(self, round):
        with pytest.raises(WrongPhase):
            edit_comments(round_id=open_(MeetingFactory().round).pk, changes={})

    def test_a_reason_is_asked_for(self, desk):
        name = name_of(desk, LOUDER)
        refused = save(desk, edited(name, "withhold"))
        assert refused.status_code == 422
        assert "Error: Comments" in text_of(refused)
        assert f'<a href="#id_{name}-reason">Comment' in refused.content.decode()
        assert "Choose why" in text_of(refused)
        assert "All comments will be printed" in text_of(desk.see("collate"))

    def test_a_double_click_on_show_undoes_nothing(self, desk):
        save(desk, edited(name_of(desk, LOUDER), "withhold", reason="other"))
        desk.press("comments")
        assert "1 comment will be withheld." in text_of(desk.see("collate"))

    @pytest.mark.parametrize("name", ["1-comment", "x", "{}s", "{}\0"])
    def test_a_made_up_comment_changes_nothing(self, desk, name):
        save(desk, edited(name.format(name_of(desk, LOUDER)), "withhold", reason="other"))
        assert printed(desk) == sorted([LOUDER, PAUL])

    def test_nor_does_a_made_up_reason_or_deed(self, desk):
        name = name_of(desk, LOUDER)
        for how, reason in (("withhold", "whim"), ("burn", "other"), ("", "other")):
            assert save(desk, edited(name, how, reason=reason)).status_code == 422
        assert printed(desk) == sorted([LOUDER, PAUL])


class TestBlackingOut:
    @pytest.fixture(autouse=True)
    def _read(self, desk):
        desk.until_comments(LOUDER, PAUL)

    def test_each_occurrence_goes_and_the_page_shows_first_how_it_will_be_printed(self, desk):
        name = name_of(desk, PAUL)
        again = save(desk, edited(name, "black_out", " paul murphy ,, Paul ", NAMES), stay="yes")
        assert "Saved. Nothing is final until the table is made." in text_of(again)
        expected = "[blacked out] ran late. Ask [blacked out], or [blacked out]: <b>[blacked out]</b>!"
        assert "Words blacked out" in section(desk, name)
        assert escape(expected) in section(desk, name)
        assert 'value="paul murphy, Paul"' in section(desk, name)
        assert "In 1 comment words will be blacked out." in text_of(desk.see("collate"))
        assert printed(desk) == sorted([LOUDER, expected])
        for words in (text_of(desk.see("table")), read(desk.see("table_pdf").content)):
            assert "In 1 comment words were blacked out by the minute-taker." in words
            assert "[blacked out] ran late." in words
            assert "Murphy" not in words

    def test_it_can_be_undone(self, desk):
        name = name_of(desk, PAUL)
        save(desk, edited(name, "black_out", "Paul", NAMES))
        save(desk, edited(name, "print", "Paul", NAMES, before=f"{NAMES}: Paul"))
        assert printed(desk) == sorted([LOUDER, PAUL])
        assert Table.objects.get().blacked_out == 0
        assert record() == [("blacked_out", NAMES), ("comment_released", "")]

    def test_saving_once_more_changes_nothing_and_is_not_recorded_again(self, desk):
        name = name_of(desk, PAUL)
        save(desk, edited(name, "black_out", "Paul", NAMES))
        sealed = set(Slip.objects.values_list("sealed", flat=True))
        save(desk, edited(name, "black_out", "Paul", NAMES, before=f"{NAMES}: Paul"))
        save(desk, edited(name, "black_out", "Paul", NAMES))
        assert record() == [("blacked_out", NAMES)]
        assert set(Slip.objects.values_list("sealed", flat=True)) == sealed

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ("", "Type the words to black out, or choose to withhold the comment"),
            (" , ,", "Type the words to black out, or choose to withhold the comment"),
            ("Paul, Peter", "“Peter” is not in this comment"),
            ("<b>Mary", "“<b>Mary” is not in this comment"),
            ("Paul" + " " * 197 + "x", "Shorten the words to 200 characters or fewer, or withhold the comment"),
            ("Pa\0ul", "Type the words again: they hold a character that cannot be stored"),
        ],
    )
    def test_words_that_cannot_be_are_told_at_their_box_and_kept(self, desk, words, message):
        name, other = name_of(desk, PAUL), name_of(desk, LOUDER)
        refused = save(desk, edited(name, "black_out", words, NAMES), edited(other, "withhold", reason="private"))
        assert refused.status_code == 422
        html = refused.content.decode()
        assert f'<a href="#id_{name}-words">Comment' in html
        assert f"Error: {message}" in text_of(refused)
        assert f'value="{escape(words)}"' in html or "\0" in words or not words
        assert html.count('<details class="govuk-details" open>') == 2
        assert f'value="black_out" id="black_out-{name}" checked' in html
        assert f'value="withhold" id="withhold-{other}" checked' in html
        assert '<option value="private" selected>' in html
        assert printed(desk) == sorted([LOUDER, PAUL])

    @pytest.mark.parametrize(
        ("text", "words", "expected"),
        [
            ("Mary Ann Smith", ("Mary Ann", "Ann Smith"), "[blacked out]"),
            ("anananas", ("ana",), "[blacked out]s"),
            ("Ann Anna", ("Ann", "Anna"), "[blacked out] [blacked out]"),
            ("PaulPaul", ("paul",), "[blacked out]"),
            ("a.c abc", ("a.c",), "[blacked out] abc"),
            ("قال أحمد نعم", ("أحمد",), "قال \u2068[blacked out]\u2069 نعم"),
            ("Zoë\u00a0Li and zoë li", ("ZOË LI",), "[blacked out] and [blacked out]"),
            ("(*) [x]", ("(*)", "[x]"), "[blacked out] [blacked out]"),
            ("O’Neill and O'Neill", ("o'neill",), "[blacked out] and [blacked out]"),
            ("Ann-Marie’s “Hub”", ("Ann‑Marie's", '"Hub"'), "[blacked out] [blacked out]"),
        ],
    )
    def test_what_is_left(self, desk, text, words, expected, partnership):
        other = Desk(desk.client, MeetingFactory(partnership=partnership).round)
        other.until_comments(text)
        save(other, edited(name_of(other, text), "black_out", ", ".join(words), NAMES))
        assert printed(other) == [expected]

    def test_the_longest_words_in_any_script_leave_the_slip_as_long_as_the_others(self, desk, partnership):
        long = Desk(desk.client, MeetingFactory(partnership=partnership).round)
        texts = {"\N{PILE OF POO}" * 1000: "\N{PILE OF POO}" * 200, '\\"' * 500: ",".join('\\"' * 50)}
        long.until_comments(*texts)
        for text, words in texts.items():
            save(long, edited(name_of(long, text), "black_out", words, "recognisable"))
        assert text_of(long.see("comments")).count("Words blacked out") == 2
        assert len({len(bytes(slip.sealed)) for slip in Slip.objects.all()}) == 1


class TestTwoWhoReadAtOnce:
    def test_undo_nothing_of_each_others(self, desk):
        desk.until_comments(LOUDER, PAUL)
        one, other = name_of(desk, LOUDER), name_of(desk, PAUL)
        save(desk, edited(one, "withhold", reason="other"), edited(other, "print"))
        page = text_of(save(desk, edited(one, "print"), edited(other, "withhold", reason="other")))
        assert "2 comments will be withheld." in page

    def test_nor_does_one_who_sends_less_than_the_whole_page(self, desk):
        desk.until_comments(LOUDER, PAUL)
        save(desk, edited(name_of(desk, LOUDER), "withhold", reason="other"))
        assert "1 comment will be withheld." in text_of(save(desk))


class TestMany:
    def test_reading_and_editing_take_the_same_number_of_queries_for_1_and_for_300(
        self, desk, django_assert_num_queries, partnership
    ):
        for number in (1, 300):
            other = Desk(desk.client, open_(MeetingFactory(partnership=partnership, present=300).round))
            fill(other.round, number, comment="Paul again")
            fill(other.round, max(5 - number, 0))
            other.press("stop")
            other.press("comments")
            with django_assert_num_queries(6):
                names = re.findall(r'id="head-(\w+-comment)"', page(other))
            assert len(names) == number
            form = {"read": "yes"}
            for name in names:
                form |= edited(name, "black_out", "paul", NAMES, before="x")
            with django_assert_num_queries(14):
                desk.client.post(other.url("comments"), form)
            assert f"In {number} comment" in text_of(other.see("collate"))
            assert len(record()) == number
            Entry.objects.all().delete()

    def test_each_reason_is_recorded_as_often_as_it_was_given(self, desk):
        desk.until_comments(*(f"Comment by {n}" for n in range(5)))
        names = re.findall(r'id="head-(\w+-comment)"', page(desk))
        edit_comments(
            round_id=desk.round.pk,
            changes=dict(zip(names, [Edit(Reason.NAMES)] * 3 + [Edit(Reason.OTHER)] + [None], strict=True)),
        )
        assert sorted(record()) == [("withheld", NAMES)] * 3 + [("withheld", "other")]


class TestALostKey:
    def test_is_told_instead_of_the_comments(self, desk):
        desk.until_comments(LOUDER)
        name = name_of(desk, LOUDER)
        seals.destroy_key(desk.round.code)
        for answer in (
            desk.client.get(desk.url("comments"), follow=True),
            save(desk, edited(name, "withhold", reason="other")),
            desk.client.get(desk.url("collate"), follow=True),
            desk.press("collate"),
        ):
            assert "This round is sealed for good" in text_of(answer)
        assert desk.stage == "comments"
