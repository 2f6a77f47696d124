"""Slips on paper: typed in by the minute-taker, corrected until comments are shown, then counted like any other."""

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.anonymity import seals
from feedback.anonymity.phone_keys import hash_of
from feedback.anonymity.seals import SlipContent
from feedback.models import Phase, Round, SingleUseCode, Slip, Table
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.rounds.phases import WrongPhase
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.slips.paper import RowChanged, paper_slips, record_paper_slip, remove_paper_slip
from partnerships.models import Entry, Meeting, Member
from tests.actors.phones import STATEMENTS, Phone, all_, open_, score, text_of
from tests.factories import MeetingFactory
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db

ALL_YES = "y y y y y y y"
ALL_NO = "n n n n n n n"


@pytest.fixture
def sheet(as_, round):
    """Alice, who types in slips of an open round."""
    return Sheet(as_("alice"), open_(round))


class Sheet:
    """The page as its forms alone make it: a browser without JavaScript. Rows count from 1; None is the empty one."""

    def __init__(self, client: Client, round: Round) -> None:
        self.client, self.round = client, round
        self.url = round.address("paper")

    def see(self):
        return self.client.get(self.url)

    def rows(self, page=None) -> list[dict[str, str]]:
        """What stands in each row's form, by the names of its boxes; `focus` is the box with autofocus."""
        found = (page or self.see()).content.decode().partition('<template id="new-row">')[0]
        return [_fields(row) for row in re.findall(r'<tr id="row-.*?</tr>', found, re.S)]

    def form(self, letters: str | None = None, *, row: int | None = None, **more: str) -> dict[str, str]:
        """A row as it would be sent: what stands in it, changed by what is typed now. `.` leaves a box empty."""
        fields = self.rows()[-1 if row is None else row - 1]
        if letters is not None:
            typed = [letter.replace(".", "") for letter in letters.split(" ")]
            fields |= dict(zip(STATEMENTS, typed, strict=True))
        return {name: value for name, value in (fields | more).items() if name != "focus"}

    def send(self, form: dict[str, str], **more):
        return self.client.post(self.url, form, follow=True, **more)

    def type(self, letters: str | None = None, *, row: int | None = None, **more: str):
        return self.send(self.form(letters, row=row, **more))

    def type_at_once(self, letters: str | None = None, *, row: int | None = None, **more: str):
        """The same by htmx: what is new in this row alone."""
        return self.send(self.form(letters, row=row, **more), headers={"HX-Request": "true"})

    def stored(self) -> list[SlipContent]:
        return [slip.content for slip in paper_slips(round=self.round)]


def _fields(row: str) -> dict[str, str]:
    inputs = re.findall(r"<input[^>]*>", row)
    fields = {_attribute(tag, "name"): html.unescape(_attribute(tag, "value")) for tag in inputs}
    texts = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', row, re.S)
    fields |= {name: html.unescape(text) for name, text in texts}
    fields.pop("csrfmiddlewaretoken")
    focused = re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"[^>]*autofocus', row)
    return fields | {"focus": "".join(focused)}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    assert found, tag
    return found[1]


def answers(letters: str) -> dict[str, str]:
    """What seven letters mean, Y, I or N; a full stop is a blank."""
    meant = {"y": "yes", "i": "ni", "n": "no"}
    return {key: meant[letter] for key, letter in zip(STATEMENTS, letters, strict=True) if letter != "."}


class TestTypingIn:
    def test_one_row_is_one_slip_on_paper(self, sheet):
        page = sheet.type("y y ni n y i n", comment="Louder please")
        slip = Slip.objects.get()
        assert (slip.on_paper, slip.revision, len(slip.key_hash)) == (True, 1, 32)
        assert sheet.stored() == [SlipContent(answers("yyinyin"), {"comment": "Louder please"}, number=1)]
        assert "Row 1 saved." in text_of(page)

    @pytest.mark.parametrize("typed", ["3", "y", "Y", " y"])
    def test_every_way_to_write_a_yes(self, sheet, typed):
        sheet.send(sheet.form() | {"together": typed})
        assert [said.answers for said in sheet.stored()] == [{"together": "yes"}]

    @pytest.mark.parametrize("typed", ["2", "i", "I", "NI", "nI", "ni"])
    def test_every_way_to_write_needs_improvement(self, sheet, typed):
        sheet.send(sheet.form() | {"together": typed})
        assert [said.answers for said in sheet.stored()] == [{"together": "ni"}]

    @pytest.mark.parametrize("typed", ["1", "n", "N"])
    def test_every_way_to_write_a_no(self, sheet, typed):
        sheet.send(sheet.form() | {"together": typed})
        assert [said.answers for said in sheet.stored()] == [{"together": "no"}]

    def test_the_saved_row_comes_back_and_the_next_one_waits_for_its_first_letter(self, sheet):
        page = sheet.type("y . 2 n y i n")
        saved, empty = sheet.rows(page)
        assert [saved[key] for key in STATEMENTS] == ["Y", "", "NI", "N", "Y", "NI", "N"]
        assert (saved["number"], saved["revision"], saved["focus"]) == ("1", "2", "")
        assert [empty[key] for key in STATEMENTS] == [""] * 7
        assert (empty["number"], empty["revision"], empty["focus"]) == ("0", "1", STATEMENTS[0])
        assert empty["name"] != saved["name"]

    def test_rows_keep_the_order_of_typing_and_their_numbers(self, sheet):
        for letters in (ALL_YES, ALL_NO, "i i i i i i i"):
            sheet.type(letters)
        sheet.send(sheet.form(row=2) | {"remove": "yes"})
        sheet.type("2 2 2 2 2 2 .")
        assert [(said.number, len(said.answers)) for said in sheet.stored()] == [(1, 7), (3, 7), (4, 6)]
        assert [row["number"] for row in sheet.rows()] == ["1", "3", "4", "0"]

    def test_a_row_with_a_comment_alone_is_a_slip(self, sheet):
        sheet.type(comment="Nothing was ticked\r\nbut this")
        assert sheet.stored() == [SlipContent({}, {"comment": "Nothing was ticked\nbut this"}, number=1)]

    def test_what_was_typed_is_text_and_nothing_else(self, sheet):
        sheet.type(ALL_YES, comment="</textarea><script>alert(1)</script>")
        assert sheet.rows()[0]["comment"] == "</textarea><script>alert(1)</script>"
        assert "<script>alert" not in sheet.see().content.decode()

    def test_says_how_many_came_on_paper_and_by_phone(self, sheet):
        score(sheet.round, all_("yes"))
        assert "0 slips on paper, 1 by phone, 13 people present" in text_of(sheet.see())
        assert "1 slip on paper, 1 by phone, 13 people present" in text_of(sheet.type(ALL_YES))
        Meeting.objects.update(present=None)
        assert "1 slip on paper, 1 by phone One row a slip." in text_of(sheet.see())

    def test_each_box_is_named_by_its_row_and_its_statement(self, sheet):
        sheet.type(ALL_YES)
        page = sheet.see().content.decode()
        named = re.findall(r'aria-labelledby="(\S+) (head-\w+)"', page)
        marked = re.findall(r'<(th|span)[^>]* id="([\w-]+)">(.*?)</\1>', page, re.S)
        texts = {id: " ".join(re.sub("<[^>]+>", "", text).split()) for _, id, text in marked}
        assert [f"{texts[row]}: {texts[head]}" for row, head in named[:9]] == [
            *[f"Row 1: {statement.text}" for statement in MEETING_FEEDBACK.statements],
            "Row 1: Total on the paper",
            "Row 1: Comment",
        ]
        assert texts[named[9][0]] == "New row"

    def test_needs_no_single_use_code(self, sheet):
        Round.objects.update(uses_codes=True)
        SingleUseCode.objects.create(round=sheet.round, code_hash=b"1")
        sheet.type(ALL_YES)
        assert len(sheet.stored()) == 1
        assert SingleUseCode.objects.count() == 1

    def test_the_desk_leads_there_while_slips_can_be_typed_in(self, sheet):
        desk = reverse("feedback:desk", args=[sheet.round.meeting.partnership.slug, sheet.round.meeting_id])
        link = f'href="{sheet.url}"'
        assert link in sheet.client.get(desk).content.decode()
        scoring.stop_round(round_id=sheet.round.pk)
        assert link in sheet.client.get(desk).content.decode()
        Round.objects.update(stage=Phase.COMMENTS)
        assert link not in sheet.client.get(desk).content.decode()

    def test_the_same_number_of_queries_for_1_and_for_300_rows(self, sheet, django_assert_num_queries):
        for more in (1, 299):
            _fill(sheet.round, more)
            with django_assert_num_queries(6):
                sheet.see()
            form = sheet.form(ALL_YES)
            with django_assert_num_queries(16 if more == 1 else 12):  # the first one also goes into the record
                sheet.client.post(sheet.url, form)
        assert [row["number"] for row in sheet.rows()] == [*map(str, range(1, 303)), "0"]


class TestTheTotal:
    def test_stands_beside_the_rows_points(self, sheet):
        sheet.type("y y ni n y . n", total="13")
        assert "Points 13 Total on the paper" in text_of(sheet.see())

    def test_a_difference_is_pointed_out_and_the_row_is_stored(self, sheet):
        page = sheet.type("y y ni n y i n", total="18")
        assert page.status_code == 200
        assert "Saved Adds up to 15; the paper says 18. Check the boxes." in text_of(page)
        assert len(sheet.stored()) == 1
        row, empty = sheet.rows(page)
        assert (row["total"], row["focus"], empty["focus"]) == ("18", STATEMENTS[0], "")

    def test_correcting_the_box_settles_it(self, sheet):
        sheet.type("y y ni n y i n", total="18")
        assert "Adds up to" not in text_of(sheet.type("y y ni y y 2 2", row=1, total="18"))
        assert [said.answers for said in sheet.stored()] == [answers("yyiyyii")]

    def test_is_not_stored(self, sheet):
        sheet.type(ALL_YES, total="20")
        assert sheet.rows()[0]["total"] == ""
        assert "Adds up to" not in text_of(sheet.see())

    @pytest.mark.parametrize("typed", ["many", "-1", "1.5", "99999"])
    def test_one_that_is_no_number_is_told_and_kept(self, sheet, typed):
        page = sheet.type(ALL_YES, total=typed)
        assert page.status_code == 422
        assert "Total on the paper: type a number, or nothing" in text_of(page)
        assert (sheet.rows(page)[0]["total"], sheet.rows(page)[0]["focus"]) == (typed, "total")
        assert sheet.stored() == []


class TestMistakes:
    @pytest.mark.parametrize("wrong", ["x", "4", "0", "yn", "ny", "\0", "é", "y" * 9000])
    def test_a_wrong_letter_is_told_at_its_box_and_all_is_kept(self, sheet, wrong):
        page = sheet.send(sheet.form("y . n i 2 1 3", total="14", comment="Mine") | {"agenda": wrong})
        assert page.status_code == 422
        row = sheet.rows(page)[0]
        assert [row[key] for key in STATEMENTS] == ["y", wrong.replace("\0", ""), "n", "i", "2", "1", "3"]
        assert (row["total"], row["comment"], row["focus"]) == ("14", "Mine", "agenda")
        box = re.search(r'<input[^>]* id="([0-9a-f]{12}-agenda)"[^>]*>', page.content.decode())
        assert box
        assert f'aria-invalid="true" aria-describedby="problem-{box[1]}"' in box[0]
        assert (
            f'<a href="#{box[1]}">“We are sticking to our agenda”: type Y, NI, N, or nothing</a>'
            in page.content.decode()
        )
        assert "<title>Error: Paper slips" in page.content.decode()
        assert sheet.stored() == []

    def test_a_comment_too_long_is_told_and_kept(self, sheet):
        page = sheet.type(ALL_YES, comment="x" * 1001)
        assert page.status_code == 422
        assert "The comment is too long: 1001 characters. Shorten it to 1000 or fewer." in text_of(page)
        assert (sheet.rows(page)[0]["comment"], sheet.rows(page)[0]["focus"]) == ("x" * 1001, "comment")

    def test_a_comment_that_cannot_be_stored_is_told(self, sheet):
        page = sheet.type(ALL_YES, comment="a\0b")
        assert "The comment holds a character that cannot be stored." in text_of(page)
        assert sheet.rows(page)[0]["comment"] == "ab"

    def test_a_row_with_nothing_in_it_is_not_stored(self, sheet):
        page = sheet.type("  . . . . .", total="21")
        assert page.status_code == 422
        assert "Nothing is typed in this row yet." in text_of(page)
        assert sheet.stored() == []

    def test_emptying_a_row_asks_to_remove_it(self, sheet):
        sheet.type(ALL_YES)
        page = sheet.type(". . . . . . .", row=1)
        assert page.status_code == 422
        assert "Nothing is left in this row. To take it away, press Remove." in text_of(page)
        assert [said.answers for said in sheet.stored()] == [all_("yes")]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "a" * 63),
            ("name", "é" * 64),
            ("name", "a" * 64 + "\n"),
            ("revision", "0"),
            ("revision", "x"),
            ("revision", "9" * 99),
            ("number", "-1"),
            ("number", ""),
        ],
    )
    def test_a_form_that_is_not_ours_is_refused_and_its_letters_are_kept(self, sheet, field, value):
        page = sheet.send(sheet.form(ALL_NO) | {field: value})
        assert page.status_code == 422
        assert "This page was out of date. Load it again." in text_of(page)
        assert [sheet.rows(page)[0][key] for key in STATEMENTS] == ["n"] * 7
        assert sheet.stored() == []

    def test_a_removal_that_names_no_row_removes_none(self, sheet):
        sheet.type(ALL_YES)
        assert sheet.send({"remove": "yes"}).status_code == 422
        assert len(sheet.stored()) == 1


class TestCorrecting:
    def test_a_row_is_replaced_and_keeps_its_number(self, sheet):
        sheet.type(ALL_YES)
        sheet.type(ALL_YES)
        sheet.type("n i y . y y y", row=1, comment="Seen late")
        assert sheet.stored() == [
            SlipContent(answers("niy.yyy"), {"comment": "Seen late"}, number=1),
            SlipContent(all_("yes"), {}, number=2),
        ]
        assert [slip.revision for slip in paper_slips(round=sheet.round)] == [2, 1]

    def test_the_same_row_sent_twice_is_one_slip(self, sheet):
        form = sheet.form(ALL_YES)
        assert [sheet.send(form).status_code for _ in range(2)] == [200, 200]
        assert len(sheet.stored()) == 1

    def test_a_row_sent_again_with_more_is_one_slip(self, sheet):
        """The reply to the first was lost: the script counts on."""
        form = sheet.form("y y y y y y .")
        sheet.send(form)
        sheet.send(form | {"charter": "n", "revision": "2"})
        assert sheet.stored() == [SlipContent(answers("yyyyyyn"), {}, number=1)]

    def test_what_somebody_else_changed_is_not_overwritten(self, sheet):
        sheet.type(ALL_YES)
        old = sheet.form(ALL_NO, row=1)
        sheet.type("i i i i i i i", row=1)
        page = sheet.send(old)
        assert page.status_code == 409
        assert "Somebody else changed this row. Load the page again." in text_of(page)
        assert [sheet.rows(page)[0][key] for key in STATEMENTS] == ["n"] * 7
        assert sheet.stored() == [SlipContent(all_("ni"), {}, number=1)]

    def test_a_row_sent_again_unchanged_leaves_room_for_a_change_elsewhere(self, sheet):
        sheet.type(ALL_YES)
        other = sheet.form(ALL_NO, row=1)
        sheet.type(row=1, total="21")
        assert sheet.send(other).status_code == 200
        assert sheet.stored() == [SlipContent(all_("no"), {}, number=1)]

    def test_a_removed_row_is_gone_and_stays_gone(self, sheet):
        sheet.type(ALL_YES)
        sheet.type(ALL_NO)
        old = sheet.form("i i i i i i i", row=1)
        page = sheet.send(old | {"remove": "yes", "together": "x"})
        assert "Row 1 removed." in text_of(page)
        assert "1 slip on paper" in text_of(page)
        sheet.send(old | {"remove": "yes"})
        assert sheet.send(old).status_code == 409
        assert sheet.stored() == [SlipContent(all_("no"), {}, number=2)]

    def test_a_phones_slip_is_neither_shown_nor_touched(self, sheet):
        phone = Phone(sheet.round).load()
        phone.send(all_("yes"), "By phone")
        name = bytes(Slip.objects.get().key_hash).hex()
        assert "By phone" not in text_of(sheet.see())
        assert sheet.type(ALL_NO, name=name, revision="9").status_code == 409
        sheet.type(ALL_NO, name=name, number="1", remove="yes")
        slip = Slip.objects.get()
        assert (slip.on_paper, sheet.round.seal().open(slip.sealed)) == (
            False,
            SlipContent(all_("yes"), {"comment": "By phone"}),
        )

    def test_two_who_type_at_once_have_rows_of_their_own(self, sheet, as_):
        carol = Sheet(as_("carol"), sheet.round)
        hers, mine = carol.form(ALL_NO), sheet.form(ALL_YES)
        carol.send(hers)
        sheet.send(mine)
        assert sheet.stored() == [SlipContent(all_("no"), {}, number=1), SlipContent(all_("yes"), {}, number=2)]


class TestByScript:
    """htmx asks for what is new in one row; the boxes themselves stay as they are."""

    def test_a_saved_row_gets_its_number_its_points_and_its_next_revision(self, sheet):
        part = sheet.type_at_once("y y ni n y i n", total="15")
        assert part.status_code == 200
        assert (
            text_of(part)
            == "Remove row 1 Saved Row 1 15 1 slip on paper, 0 by phone, 13 people present Row 1: saved, 15 points"
        )
        assert 'name="revision" value="2"' in part.content.decode()
        assert "<table" not in part.content.decode()

    def test_a_difference_is_said_beside_the_row_and_aloud(self, sheet):
        said = "Adds up to 21; the paper says 18. Check the boxes."
        assert text_of(sheet.type_at_once(ALL_YES, total="18")).count(said) == 2

    def test_a_mistake_is_said_beside_the_row_and_aloud(self, sheet):
        part = sheet.send(sheet.form(ALL_YES) | {"agenda": "x"}, headers={"HX-Request": "true"})
        assert part.status_code == 422
        assert text_of(part).count("“We are sticking to our agenda”: type Y, NI, N, or nothing") == 2
        assert "points-" not in part.content.decode()

    def test_a_removed_row_leaves_the_page(self, sheet):
        sheet.type(ALL_YES)
        form = sheet.form(row=1)
        part = sheet.send(form | {"remove": "yes"}, headers={"HX-Request": "true"})
        assert (part.headers["HX-Retarget"], part.headers["HX-Reswap"]) == (f"#row-{form['name'][:12]}", "delete")
        assert text_of(part) == "0 slips on paper, 0 by phone, 13 people present Row 1 removed."

    def test_a_row_that_comes_too_late_is_told(self, sheet):
        form = sheet.form(ALL_YES)
        Round.objects.update(stage=Phase.COMMENTS)
        part = sheet.send(form, headers={"HX-Request": "true"})
        assert part.status_code == 409
        assert "Slips on paper can no longer be added or changed." in text_of(part)


class TestWhen:
    def test_also_after_the_stop(self, sheet):
        scoring.stop_round(round_id=sheet.round.pk)
        sheet.type(ALL_YES)
        assert len(Slip.objects.all()) == 1

    def test_in_a_round_that_opened_by_itself(self, round, as_):
        Round.objects.update(opens_at=timezone.now() - timedelta(hours=1))
        round.refresh_from_db()
        sheet = Sheet(as_("alice"), round)
        sheet.type(ALL_YES)
        round.refresh_from_db()
        assert (round.stage, len(sheet.stored())) == ("open", 1)

    def test_not_before_it_is_open(self, round, as_):
        sheet = Sheet(as_("alice"), round)
        for page in (sheet.client.get(sheet.url, follow=True), sheet.send(_new_row(ALL_YES))):
            assert page.redirect_chain == [(f"{round.meeting.get_absolute_url()}feedback/", 302)]
            assert "Scoring is not open yet. Paper slips can be typed in once it is." in text_of(page)
        assert Slip.objects.count() == 0

    @pytest.mark.parametrize("stage", [Phase.COMMENTS, Phase.COLLATED, Phase.ENDED])
    def test_not_once_comments_were_shown(self, sheet, stage):
        sheet.type(ALL_YES)
        row = sheet.form(row=1)
        Round.objects.update(stage=stage)
        for page in (
            sheet.client.get(sheet.url, follow=True),
            sheet.send(_new_row(ALL_YES)),
            sheet.send(row | {"together": "n"}),
            sheet.send(row | {"remove": "yes"}),
        ):
            assert page.redirect_chain == [(f"{sheet.round.meeting.get_absolute_url()}feedback/", 302)]
            said = f"Slips on paper can no longer be added or changed. How it stands: {stage.label}."
            assert said in text_of(page)
        assert [slip.revision for slip in Slip.objects.all()] == [1]

    @pytest.mark.parametrize("stage", [Phase.PLANNED, Phase.COMMENTS, Phase.COLLATED, Phase.ENDED])
    def test_each_function_refuses_by_itself(self, sheet, stage):
        opened = {"opened_at": None, "threshold": None} if stage == Phase.PLANNED else {}
        Round.objects.update(stage=stage, **opened)
        sheet.round.refresh_from_db()
        for act in (
            partial(paper_slips, round=sheet.round),
            partial(_record, sheet.round, b"1" * 32, 1, SlipContent({}, {"comment": "x"})),
            partial(remove_paper_slip, round_id=sheet.round.pk, name=b"1" * 32),
        ):
            with pytest.raises(WrongPhase):
                act()

    def test_a_lost_key_is_told(self, sheet):
        seals.destroy_key(sheet.round.code)
        assert "No slip can be taken or read" in text_of(sheet.type(ALL_YES))
        part = sheet.type_at_once(ALL_YES)
        assert (part.status_code, "No slip can be taken or read" in text_of(part)) == (409, True)
        assert Slip.objects.count() == 0

    def test_rows_that_can_no_longer_be_read_are_told(self, sheet):
        sheet.type(ALL_YES)
        seals.destroy_key(sheet.round.code)
        assert "No slip can be taken or read" in text_of(sheet.client.get(sheet.url, follow=True))


class TestTheRecord:
    def test_has_one_line_for_all_that_one_person_types(self, sheet, cast):
        for letters in (ALL_YES, ALL_NO):
            sheet.type(letters, comment="Mine")
        sheet.type("i i i i i i i", row=1)
        sheet.send(sheet.form(row=2) | {"remove": "yes"})
        assert _record_of(sheet.round) == [("paper_typed", cast.alice, ""), ("opened", None, "")]

    def test_says_who_and_what_came_between(self, sheet, as_, cast):
        sheet.type(ALL_YES)
        carol = Sheet(as_("carol"), sheet.round)
        carol.type(ALL_YES)
        scoring.stop_round(round_id=sheet.round.pk, by=cast.carol)
        carol.type(ALL_YES)
        assert [(act, by) for act, by, _ in _record_of(sheet.round)] == [
            ("paper_typed", cast.carol),
            ("stopped", cast.carol),
            ("paper_typed", cast.carol),
            ("paper_typed", cast.alice),
            ("opened", None),
        ]

    def test_nothing_is_noted_where_nothing_was_changed(self, sheet):
        sheet.type("x x x x x x x")
        sheet.send(_new_row(ALL_YES) | {"remove": "yes"})
        assert _record_of(sheet.round) == [("opened", None, "")]


class TestOnceCollated:
    def test_nothing_tells_a_slip_on_paper_from_a_phones(self, sheet, partnership, cast):
        """Two meetings with the same answers: all that is left is the same, however many came on paper."""
        other = Sheet(sheet.client, open_(MeetingFactory(partnership=partnership).round))
        for each, on_paper in ((sheet, 2), (other, 4)):
            for place, letters in enumerate(("yyyyyyy", "nnnnnnn", "iiiiiii", "yinyiny", "ynyny..")):
                comment = f"Comment {place}"
                if place < on_paper:
                    each.type(" ".join(letters), comment=comment)
                else:
                    score(each.round, answers(letters), comments=(comment,))
            scoring.stop_round(round_id=each.round.pk, by=cast.alice)
            reading.show_comments(round_id=each.round.pk, by=cast.alice)
            scoring.collate(round_id=each.round.pk, by=cast.alice)
        assert _all_that_is_left(sheet.round) == _all_that_is_left(other.round)
        table = Table.objects.get(round=sheet.round)
        assert table.slips == 5
        assert set(*(table.comments or {}).values()) == {f"Comment {place}" for place in range(5)}

    def test_they_count_towards_what_a_table_needs(self, sheet):
        for _ in range(3):
            sheet.type(ALL_YES)
        score(sheet.round, all_("no"), all_("no"))
        scoring.stop_round(round_id=sheet.round.pk)
        reading.show_comments(round_id=sheet.round.pk)
        scoring.collate(round_id=sheet.round.pk)
        table = Table.objects.get()
        assert table.tallies is not None
        assert table.tallies["together"] == {"yes": 3, "ni": 0, "no": 2}


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_twenty_taps_on_one_row_are_one_slip(self, sheet):
        form = sheet.form(ALL_YES)
        assert at_once([lambda: sheet.client.post(sheet.url, form).status_code] * 20) == [302] * 20
        assert sheet.stored() == [SlipContent(all_("yes"), {}, number=1)]
        assert [act for act, _, _ in _record_of(sheet.round)] == ["paper_typed", "opened"]

    def test_rows_typed_at_the_same_moment_have_numbers_of_their_own(self, round):
        open_(round)
        content = SlipContent(all_("yes"), {})
        at_once([partial(_record, round, bytes([n] * 32), 1, content) for n in range(8)])
        assert [slip.content.number for slip in paper_slips(round=round)] == [*range(1, 9)]

    def test_of_two_who_change_a_row_one_is_told(self, round):
        open_(round)
        _record(round, b"1" * 32, 1, SlipContent(all_("yes"), {}))

        def change(option: str) -> bool:
            try:
                _record(round, b"1" * 32, 2, SlipContent(all_(option), {}, number=1))
            except RowChanged:
                return False
            return True

        assert at_once([partial(change, "no"), partial(change, "ni")]).count(True) == 1

    def test_a_row_that_races_the_comments_is_counted_or_refused(self, round):
        open_(round)
        for n in range(5):
            _record(round, bytes([n] * 32), 1, SlipContent(all_("yes"), {}))
        scoring.stop_round(round_id=round.pk)

        def record(n: int) -> bool:
            try:
                _record(round, bytes([n] * 32), 1, SlipContent(all_("yes"), {}))
            except WrongPhase:
                return False
            return True

        acts = [partial(record, n) for n in range(10, 14)]
        answers = at_once([*acts, lambda: reading.show_comments(round_id=round.pk)])
        assert Slip.objects.count() == 5 + answers.count(True)


def _new_row(letters: str) -> dict[str, str]:
    """As a script makes one: with a name of its own."""
    boxes = dict(zip(STATEMENTS, letters.split(" "), strict=True))
    return {"name": hash_of("new").hex(), "revision": "1", "number": "0", **boxes}


def _record(round: Round, name: bytes, revision: int, content: SlipContent) -> None:
    record_paper_slip(round_id=round.pk, name=name, revision=revision, content=content)


def _record_of(round: Round) -> list[tuple[str, object, str]]:
    return [(entry.act, entry.by, entry.detail) for entry in Entry.objects.filter(meeting=round.meeting_id)]


def _fill(round: Round, number: int) -> None:
    """So many rows more, as quickly as can be."""
    seal, before = round.seal(), round.slips.count()
    Slip.objects.bulk_create(
        Slip(
            round=round,
            key_hash=n.to_bytes(32),
            revision=1,
            on_paper=True,
            sealed=seal.close(SlipContent(all_("ni"), {"comment": "Fine"}, number=n)),
        )
        for n in range(before + 1, before + number + 1)
    )


def _all_that_is_left(round: Round) -> list[object]:
    """Every row that belongs to the round or its meeting, but for its own numbers, names and times."""
    own = {"id", "meeting", "round", "code", "opened_at", "at", "uid"}
    found: list[object] = [Member.objects.count()]
    for rows in (
        Round.objects.filter(pk=round.pk),
        Slip.objects.filter(round=round.pk),
        SingleUseCode.objects.filter(round=round.pk),
        Table.objects.filter(round=round.pk),
        Meeting.objects.filter(pk=round.occasion.pk),
        Entry.objects.filter(meeting=round.meeting_id),
    ):
        names = [field.name for field in rows.model._meta.concrete_fields if field.name not in own]
        found.append([_in_order(values) for values in rows.values(*names)])
    return found


def _in_order(values: dict[str, Any]) -> dict[str, Any]:
    """Comments stand in random order."""
    comments: dict[str, list[str]] = values.get("comments") or {}
    return values | {"comments": [sorted(texts) for texts in comments.values()]}
