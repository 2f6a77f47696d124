"""The partnership together: on one page, at a meeting, an answer and a note to each commitment."""

import datetime
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape

from charter.texts import COMMITMENTS as CHARTER
from charter.texts import STEPS as TWELVE
from feedback.models import JointAssessment, Round
from feedback.rounds.phases import WrongPhase
from feedback.scores.instruments import TOGETHER
from feedback.year import assessments as assessing
from feedback.year.assessments import ChangedMeanwhile
from partnerships.models import Entry, Meeting, Year
from tests.actors.phones import open_, text_of
from tests.factories import MeetingFactory, PartnershipFactory
from tests.helpers.years import COMMITMENTS, NUMBER, STEPS, assessed, page, together

pytestmark = pytest.mark.django_db
HOSTILE = "</textarea><script>alert('x')</script>"
CHANGED = "Somebody else has saved other answers meanwhile. Yours are below, not saved"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


class Room:
    """The page as it stands on the screen: what is chosen and typed in it."""

    def __init__(self, client: Client, number: int = NUMBER) -> None:
        self.client, self.url = client, page("together", number)
        self.load()

    def load(self) -> None:
        self._see(self.client.get(self.url))

    def _see(self, response) -> None:
        self.response, self.words = response, text_of(response)
        body = response.content.decode().replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")
        chosen = re.findall(r'<input[^>]*type="radio"[^>]*name="(\w+)"[^>]*value="(\w*)"[^>]*checked', body)
        written = re.findall(r'<textarea[^>]*name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', body, re.S)
        found = re.search(r'name="version" value="(\d+)"', body)
        meeting = re.search(r'<option value="(\d*)" selected', body)
        self.version = found[1] if found else ""
        self.meeting = meeting[1] if meeting else ""
        self.answers = {key: option for key, option in chosen if option}
        self.notes = {name.removesuffix("-note"): text for name, text in written if text}

    def save(self, *, notes: dict[str, str] | None = None, meeting: object = None, **answers: str):
        """What stands there, changed by what is chosen and typed now."""
        self.answers |= answers
        self.notes |= notes or {}
        form = {"version": self.version, "meeting": self.meeting if meeting is None else meeting} | self.answers
        self._see(self.client.post(self.url, form | {f"{key}-note": text for key, text in self.notes.items()}))
        return self.response


@pytest.fixture
def alice(as_):
    return as_("alice")


@pytest.fixture
def room(alice) -> Room:
    return Room(alice)


def stored() -> tuple[dict, dict, int]:
    joint = JointAssessment.objects.get()
    return joint.answers, joint.notes, joint.version


class TestThePage:
    def test_asks_about_the_charter_word_for_word(self, room):
        legends = re.findall(r"<legend[^>]*>\s*([^<]*?)\s*</legend>", room.response.content.decode())
        assert [text.replace("&#x27;", "'") for text in legends] == [
            *(each.text for each in CHARTER),
            *(step.text for step in TWELVE.values()),
        ]
        assert "Did our partnership keep to this in the past year?" in room.words
        assert [each.key for each in TOGETHER.statements] == [*COMMITMENTS, *STEPS]

    def test_begins_empty_with_the_steps_folded_away(self, room):
        assert (room.answers, room.notes, room.version) == ({}, {}, "0")
        assert '<details class="govuk-details">' in room.response.content.decode()

    def test_warns_of_no_names(self, room):
        assert "No names: the notes go into the pack for the workshop." in room.words

    def test_says_so_when_the_members_table_is_there_to_be_seen_already(self, alice, partnership):
        warning = "The members’ table is made already. Fill this in before you look at it"
        assert warning not in Room(alice).words
        assessed(partnership)
        assert warning in Room(alice).words
        together(partnership, trust="yes")
        assert warning not in Room(alice).words

    def test_for_a_year_to_come_there_is_nothing_to_look_back_on(self, alice):
        for response in (
            alice.get(page("together", 2027), follow=True),
            alice.post(page("together", 2027), follow=True),
        ):
            assert response.redirect_chain == [(page("partnerships:year", 2027), 302)]
            assert "This year has not begun yet" in text_of(response)
        assert Year.objects.count() == 0

    def test_is_not_for_members_to_fill_in(self, as_):
        assert as_("bob").post(page("together"), {"version": "0", "trust": "yes"}).status_code == 403
        assert JointAssessment.objects.count() == 0

    def test_a_form_without_its_token_is_refused(self, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.alice)
        for name in ("together", "prepare", "workshop", "workshop_link", "year_desk", "year_open"):
            assert client.post(page(name), {"version": "0"}).status_code == 403
        assert Year.objects.count() == 0

    def test_the_same_number_of_queries_for_1_and_for_3_meetings(self, alice, partnership, django_assert_num_queries):
        together(partnership)
        JointAssessment.objects.update(answers=dict.fromkeys([*COMMITMENTS, *STEPS], "yes"))
        alice.get(page("together"))
        for more in (1, 2):
            MeetingFactory.create_batch(more, partnership=partnership)
            with django_assert_num_queries(8):
                alice.get(page("together"))


class TestSaving:
    def test_answers_and_notes_are_put_down_and_lead_to_the_comparison(self, room):
        response = room.save(trust="yes", respect="no", notes={"trust": "We kept our word"})
        assert (response.status_code, response.url) == (302, page("gap"))
        assert stored() == ({"trust": "yes", "respect": "no"}, {"trust": "We kept our word"}, 1)

    def test_stand_there_when_it_is_loaded_again(self, room):
        room.save(trust="ni", step12="yes", notes={"trust": "Half", "step12": "Always"})
        room.load()
        assert (room.answers, room.notes, room.version) == (
            {"trust": "ni", "step12": "yes"},
            {"trust": "Half", "step12": "Always"},
            "1",
        )
        assert '<details class="govuk-details" open>' in room.response.content.decode()

    def test_a_note_may_stand_without_an_answer(self, room):
        room.save(notes={"engagement": "We did not agree"})
        assert stored() == ({}, {"engagement": "We did not agree"}, 1)

    def test_all_left_open_without_a_word_is_nothing_to_save(self, room):
        assert room.save().status_code == 422
        assert "Choose an answer, or note why it is left open, for at least one commitment" in room.words
        assert JointAssessment.objects.count() == 0

    def test_an_answer_can_be_left_open_again(self, room):
        room.save(trust="yes", respect="yes")
        room.load()
        room.save(trust="")
        assert stored() == ({"respect": "yes"}, {}, 2)

    def test_all_twenty_with_the_longest_notes(self, room):
        keys = [*COMMITMENTS, *STEPS]
        assert room.save(**dict.fromkeys(keys, "no"), notes=dict.fromkeys(keys, "é" * 500)).status_code == 302
        assert stored() == (dict.fromkeys(keys, "no"), dict.fromkeys(keys, "é" * 500), 1)

    def test_pressing_twice_is_pressing_once(self, alice):
        room, again = Room(alice), Room(alice)
        for each in (room, again):
            assert each.save(trust="yes", notes={"trust": "Kept"}).status_code == 302
        assert stored() == ({"trust": "yes"}, {"trust": "Kept"}, 1)
        assert list(Entry.objects.values_list("act", flat=True)) == ["joint_answered"]

    def test_the_record_says_of_which_year(self, room):
        room.save(trust="yes")
        assert Entry.objects.values_list("act", "year__number", "by__email").get() == (
            "joint_answered",
            NUMBER,
            "alice@example.org",
        )

    def test_hostile_text_stays_text(self, room):
        room.save(notes={"trust": HOSTILE})
        room.load()
        assert stored()[1] == {"trust": HOSTILE}
        page_ = room.response.content.decode()
        assert "<script>alert" not in page_
        assert escape(HOSTILE) in page_

    def test_is_of_one_partnership_and_one_year(self, alice, partnership):
        together(PartnershipFactory(area=partnership.area), trust="no")
        together(partnership, number=2024, trust="no")
        room = Room(alice)
        assert room.answers == {}
        room.save(trust="yes")
        assert JointAssessment.objects.count() == 3


class TestMistakes:
    def test_a_note_that_is_too_long_is_told_and_kept_with_all_the_rest(self, room):
        response = room.save(trust="yes", notes={"respect": "x" * 501, "step3": "On time"})
        assert response.status_code == 422
        assert "There is a problem Note: Respect for all… Shorten it to 500 characters or fewer" in room.words
        assert 'href="#id_respect-note"' in response.content.decode()
        assert (room.answers, room.notes) == ({"trust": "yes"}, {"respect": "x" * 501, "step3": "On time"})
        assert '<details class="govuk-details" open>' in response.content.decode()
        assert JointAssessment.objects.count() == 0

    @pytest.mark.parametrize("form", [{"trust": "perhaps"}, {"version": "x"}, {"version": "-1"}, {"meeting": "x"}])
    def test_what_the_page_cannot_send_is_refused(self, alice, form):
        response = alice.post(page("together"), {"version": "0"} | form)
        assert response.status_code == 422
        assert "There is a problem" in text_of(response)
        assert JointAssessment.objects.count() == 0

    def test_a_zero_byte_is_refused(self, alice):
        assert alice.post(page("together"), {"version": "0", "trust-note": "a\0b"}).status_code == 422


class TestTheMeeting:
    def test_can_be_chosen_and_is_named_on_the_years_page(self, room, meeting, as_):
        room.save(trust="yes", meeting=meeting.pk)
        assert JointAssessment.objects.get().meeting == meeting
        room.load()
        assert room.meeting == str(meeting.pk)
        assert "Filled in at the meeting of 4 March 2026." in text_of(as_("bob").get(page("partnerships:year")))

    def test_is_one_of_this_partnership_that_has_taken_place(self, alice, meeting, partnership):
        to_come = MeetingFactory(partnership=partnership, date=datetime.date(2026, 5, 7))
        off = MeetingFactory(partnership=partnership, called_off_on=datetime.date(2026, 3, 1))
        elsewhere = MeetingFactory(partnership=PartnershipFactory(area=partnership.area))
        offered = re.findall(r'<option value="(\d+)"', Room(alice).response.content.decode())
        assert offered == [str(meeting.pk)]
        for other in (to_come, off, elsewhere):
            assert Room(alice).save(meeting=other.pk).status_code == 422

    def test_deleted_leaves_the_answers(self, room, meeting):
        room.save(trust="yes", meeting=meeting.pk)
        Meeting.objects.all().delete()
        assert stored() == ({"trust": "yes"}, {}, 1)


class TestTwoAtOnce:
    @pytest.fixture
    def rooms(self, as_) -> tuple[Room, Room]:
        """Alice and Carol have the page before them at the same time."""
        return Room(as_("alice")), Room(as_("carol"))

    def test_nothing_typed_is_lost(self, rooms):
        alice, carol = rooms
        alice.save(trust="yes", notes={"trust": "Alice’s"})
        response = carol.save(trust="no", respect="ni", notes={"respect": "Carol’s"})
        assert response.status_code == 422
        assert CHANGED in carol.words
        assert (carol.answers, carol.notes) == ({"trust": "no", "respect": "ni"}, {"respect": "Carol’s"})
        assert stored() == ({"trust": "yes"}, {"trust": "Alice’s"}, 1)

    def test_saved_once_more_it_takes_the_place(self, rooms):
        alice, carol = rooms
        alice.save(trust="yes")
        carol.save(trust="no")
        assert carol.save().status_code == 302
        assert stored() == ({"trust": "no"}, {}, 2)

    def test_unless_somebody_has_saved_again_meanwhile(self, rooms):
        alice, carol = rooms
        alice.save(trust="yes")
        carol.save(trust="no")
        alice.load()
        alice.save(trust="ni")
        assert carol.save().status_code == 422
        assert carol.save().status_code == 302
        assert stored() == ({"trust": "no"}, {}, 3)

    def test_who_saves_the_same_is_not_told_of_anything(self, rooms):
        for room in rooms:
            assert room.save(trust="yes").status_code == 302
        assert stored() == ({"trust": "yes"}, {}, 1)

    def test_it_holds_below_the_page_too(self, cast, partnership):
        def record(version: int, **answers: str) -> None:
            assessing.record_joint(
                partnership=partnership,
                number=NUMBER,
                version=version,
                instrument=TOGETHER,
                answers=answers,
                notes={},
                meeting=None,
                by=cast.alice,
            )

        record(0, trust="yes")
        with pytest.raises(ChangedMeanwhile) as changed:
            record(0, trust="no")
        assert changed.value.version == 1
        record(1, trust="no")
        assert stored() == ({"trust": "no"}, {}, 2)


class TestPreparingBelowThePage:
    def test_what_has_opened_keeps_its_statements(self, cast, partnership):
        def prepared(*, with_steps: bool) -> Round:
            found = assessing.prepare(partnership=partnership, number=NUMBER, with_steps=with_steps, by=cast.alice)
            return Round.objects.get(pk=found.pk)

        open_(prepared(with_steps=True))
        with pytest.raises(WrongPhase):
            prepared(with_steps=False)
        assert prepared(with_steps=True).instrument_slug == "charter-1-members-steps"


def test_a_year_has_one_joint_assessment_that_goes_with_it(partnership):
    joint = together(partnership, trust="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        JointAssessment.objects.create(year=joint.year)
    assert str(joint) == "Strategic Growth Partnership, 2025/26: Yearly assessment of our charter"
    joint.year.delete()
    assert JointAssessment.objects.count() == 0
