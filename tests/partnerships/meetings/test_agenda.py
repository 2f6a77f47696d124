"""The page on which the minute-taker writes the agenda."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.meetings.agenda_templates import TEMPLATES
from partnerships.meetings.agendas import MOST_ITEMS
from partnerships.meetings.timetable import timetable
from partnerships.models import Action, Entry, Meeting, Paper
from partnerships.models.agendas import agenda_of
from tests.actors.editors import Editor, write
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(as_, meeting) -> Editor:
    """Alice at the agenda of a meeting that has none."""
    return Editor(as_("alice"), meeting)


def titles(meeting: Meeting) -> list[str]:
    return [str(item) for item in meeting.items.all()]


class TestWriting:
    def test_begins_with_three_empty_rows_and_something_to_start_from(self, editor):
        assert (editor.fields["row"], editor.titles) == (["n0", "n1", "n2"], ["", "", ""])
        assert "An ordinary meeting The first meeting of a co-production group The yearly workshop" in editor.said
        assert "Add the items of another agenda" not in editor.said

    def test_keeps_all_that_is_typed(self, editor, meeting):
        typed = {"title": "  Budget\tfor 2027 ", "lead": "The  treasurer", "minutes": "20", "purpose": "decision"}
        notes = {"guidance": "First figures,\nthen questions", "resources": "Projector"}
        editor.press("save", {f"n1-{name}": value for name, value in (typed | notes).items()})
        assert editor.response.redirect_chain == [(meeting.get_absolute_url(), 302)]
        assert "The agenda is saved." in editor.said
        names = ("order", "title", "lead", "minutes", "purpose", "guidance", "resources")
        kept = (1, "Budget for 2027", "The treasurer", 20, "decision", "First figures,\nthen questions", "Projector")
        assert list(meeting.items.values_list(*names)) == [kept]
        shown = Editor(editor.client, meeting)
        assert [shown.fields[f"i{meeting.items.get().pk}-{name}"][0] for name in names[1:]] == [*map(str, kept[1:])]

    def test_goes_on_at_the_first_empty_row_where_more_are_asked_for(self, editor):
        editor.press("add", {"n0-title": "Welcome", "n1-title": "Budget", "n2-title": "Close"})
        assert editor.response.redirect_chain[0][0] == f"{editor.url}#row-n0"
        assert editor.titles == ["Welcome", "Budget", "Close", "", "", ""]
        assert "The agenda is saved." not in editor.said

    def test_moves_an_item_up_and_down_and_saves_what_is_typed(self, editor, meeting):
        first, _second, third = write(meeting, "Welcome", "Budget", "Close")
        editor.load().press(f"up:{third}", {f"{first}-title": "Hello"})
        assert titles(meeting) == ["Hello", "Close", "Budget"]
        assert editor.response.redirect_chain[0][0] == f"{editor.url}#row-{third}"
        editor.press(f"down:{first}")
        assert titles(meeting) == ["Close", "Hello", "Budget"]
        assert editor.response.redirect_chain[0][0] == f"{editor.url}#row-{first}"

    def test_leaves_the_first_and_the_last_where_they_are(self, editor, meeting):
        first, last = write(meeting, "Welcome", "Close")
        editor.load().press(f"up:{first}")
        editor.fields["row"] = [first, last]
        editor.press(f"down:{last}")
        assert titles(meeting) == ["Welcome", "Close"]

    def test_moves_a_new_item_too_and_goes_on_where_it_now_stands(self, editor, meeting):
        write(meeting, "Close")
        editor.load().press("up:n0", {"n0-title": "Welcome"})
        assert titles(meeting) == ["Welcome", "Close"]
        assert editor.response.redirect_chain[0][0] == f"{editor.url}#row-i{meeting.items.get(title='Welcome').pk}"

    def test_an_empty_row_that_is_moved_is_no_item(self, editor, meeting):
        write(meeting, "Close")
        editor.load().press("up:n0")
        assert titles(meeting) == ["Close"]
        assert editor.response.redirect_chain[0][0] == f"{editor.url}#row-n0"

    @pytest.mark.parametrize("do", ["", "sideways:n0", "up:n9", "up", "fly"])
    def test_saves_whatever_the_button_is_called(self, editor, meeting, do):
        editor.press(do, {"n0-title": "Welcome"})
        assert titles(meeting) == ["Welcome"]

    def test_takes_an_item_off_but_not_what_was_decided_on_it(self, editor, meeting):
        first, _second = write(meeting, "Welcome", "Close")
        decided = Action.objects.create(meeting=meeting, item_id=int(first[1:]), decided="To wait")
        editor.load().press("stay", {f"{first}-off": "on"})
        assert editor.titles == ["Close", "", "", ""]
        decided.refresh_from_db()
        assert (decided.item, decided.decided) == (None, "To wait")

    def test_an_item_whose_fields_are_all_emptied_is_none(self, editor, meeting):
        row, _other = write(meeting, "Welcome", "Close")
        editor.load().press("stay", {f"{row}-title": ""})
        assert titles(meeting) == ["Close"]

    def test_an_agenda_may_be_empty(self, editor, meeting):
        editor.press("save")
        assert "The agenda is saved." in editor.said
        assert [str(item.title) for item in agenda_of(meeting)] == ["Feedback on this meeting"]

    def test_feedback_comes_last_with_as_many_minutes_as_are_given(self, editor, meeting):
        assert editor.fields["feedback_minutes"] == ["10"]
        editor.press("save", {"feedback_minutes": "15"})
        assert "Feedback on this meeting All 15 minutes" in editor.said

    def test_is_written_down_in_the_record_without_its_words(self, editor, cast):
        editor.press("save", {"n0-title": "Welcome"})
        entry = Entry.objects.get()
        assert (str(entry), entry.by, entry.detail) == ("changed the agenda", cast.alice, "")

    def test_is_not_for_members(self, as_, meeting):
        assert as_("bob").get(f"{meeting.get_absolute_url()}agenda/").status_code == 403

    def test_shows_the_page_with_the_same_number_of_queries_for_1_and_for_40_items(self, as_, meeting):
        alice = as_("alice")
        counts = []
        for order in (1, 40):
            meeting.items.all().delete()
            write(meeting, *["Budget of the PHA"] * order)
            Paper.objects.bulk_create(
                Paper(item=item, title="Figures", kind="link", url="https://example.org/")
                for item in meeting.items.all()
            )
            with CaptureQueriesContext(connection) as queries:
                assert alice.get(f"{meeting.get_absolute_url()}agenda/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestTimes:
    @pytest.fixture
    def meeting(self, partnership) -> Meeting:
        return MeetingFactory(partnership=partnership, start=datetime.time(11, 30), end=datetime.time(12, 0))

    def test_stand_beside_each_item_that_is_saved(self, editor, meeting):
        write(meeting, "Welcome", "Budget", minutes=10)
        editor.load()
        assert "Item 1, 11:30–11:40" in editor.said
        assert "Item 2, 11:40–11:50" in editor.said
        assert "The meeting starts at 11:30. It ends at 12:00. All items together take 30 minutes." in editor.said
        assert "more than the meeting has" not in editor.said

    def test_too_many_minutes_are_pointed_out(self, editor, meeting):
        write(meeting, "Welcome", minutes=21)
        assert "That is 1 minute more than the meeting has." in editor.load().said

    def test_stop_where_an_item_has_none(self, editor, meeting):
        write(meeting, "Welcome", "Budget")
        editor.load()
        assert "2 items have no minutes, so the times after them are not shown." in editor.said
        assert "Item 1, 11:30 Title" in editor.said
        assert "Item 2 Title" in editor.said

    def test_are_not_shown_without_a_start(self, editor, meeting):
        Meeting.objects.update(start=None, end=None)
        write(meeting, "Welcome")
        assert "The meeting has no start yet, so no times are shown." in editor.load().said

    def test_nor_an_end_where_nobody_has_set_one(self, editor):
        Meeting.objects.update(end=None)
        assert "The meeting starts at 11:30. All items" in editor.load().said


class TestWrongInput:
    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("n0-title", "", "Give this item a title, or clear its other fields"),
            ("n0-title", "x" * 201, "Shorten this to 200 characters or fewer"),
            ("n0-lead", "x" * 201, "Shorten this to 200 characters or fewer"),
            ("n0-minutes", "ten", "Type a number up to 600"),
            ("n0-minutes", "601", "Type a number up to 600"),
            ("n0-minutes", "-1", "Type a number up to 600"),
            ("n0-minutes", "9" * 5000, "Type a number up to 600"),
            ("n0-guidance", "x" * 1001, "Shorten this to 1000 characters or fewer"),
            ("n0-resources", "x" * 301, "Shorten this to 300 characters or fewer"),
            ("n0-title", "Bud\0get", "Null characters are not allowed."),
            ("feedback_minutes", "", "Type a number of minutes from 1 to 120"),
            ("feedback_minutes", "0", "Type a number of minutes from 1 to 120"),
            ("feedback_minutes", "121", "Type a number of minutes from 1 to 120"),
        ],
    )
    def test_is_named_and_everything_typed_is_kept(self, editor, meeting, field, typed, message):
        others = {"n0-title": "Budget", "n0-lead": "Treasurer", "n0-guidance": "Be brief", "n2-title": "Close"}
        editor.press("stay", others | {field: typed})
        assert editor.status == 422
        place = "Item 1: " if field.startswith("n0") else ""
        assert f"There is a problem Nothing is saved yet. {place}{message}" in editor.said
        assert editor.leads_to(f"id_{field}")
        assert editor.kept == editor.sent
        assert not meeting.items.exists()

    def test_is_kept_where_a_row_was_to_move_and_the_row_has_moved(self, editor, meeting):
        row, other = write(meeting, "Welcome", "Close")
        editor.load().press(f"up:{other}", {f"{row}-minutes": "ten"})
        assert editor.fields["row"][:2] == [other, row]
        assert editor.fields[f"{row}-minutes"] == ["ten"]
        assert titles(meeting) == ["Welcome", "Close"]

    def test_opens_the_part_of_a_row_in_which_it_is(self, editor):
        editor.press("stay", {"n1-title": "Budget", "n1-resources": "x" * 301})
        assert editor.response.content.decode().count('<details class="govuk-details" open>') == 1

    def test_a_hundred_items_and_no_more(self, editor, meeting):
        rows = [f"n{n}" for n in range(MOST_ITEMS + 1)]
        editor.press("stay", {"row": rows} | {f"{row}-title": row for row in rows})
        assert "There is a problem Nothing is saved yet. An agenda has at most 100 items." in editor.said
        assert editor.kept == editor.sent | editor.kept
        editor.press("save", {f"{rows[0]}-title": ""})
        assert titles(meeting) == rows[1:]
        editor.client.post(f"{editor.url}copy/", {"version": "1", "from": "ordinary"})
        assert titles(meeting) == rows[1:]

    def test_what_cannot_be_chosen_is_refused(self, editor, meeting):
        editor.press("stay", {"n0-title": "Budget", "n0-purpose": "laughter"})
        assert editor.status == 422
        assert editor.leads_to("id_n0-purpose")

    def test_a_version_that_is_none_is_refused(self, editor, meeting):
        for version in ("", "x", "9" * 5000):
            assert editor.press("stay", {"n0-title": "Budget", "version": version}).status == 422
        assert not meeting.items.exists()


class TestTwoPeopleAtOnce:
    """Carol has the page before her while Alice saves hers."""

    @pytest.fixture
    def carols(self, as_, editor, meeting, time_machine) -> Editor:
        time_machine.move_to("2026-02-01 14:05:00+00:00")
        write(meeting, "Welcome", "Close", minutes=5)
        editor.client, carols = as_("alice"), Editor(as_("carol"), meeting)
        editor.load().press("stay", {"n0-title": "Alice’s own", "n0-lead": "Alice", "n1-title": "Another"})
        return carols

    def test_the_second_is_told_by_whom_and_when_and_what(self, carols):
        carols.press("save", {"n0-title": "Carol’s"})
        assert carols.status == 409
        assert "Somebody else has changed this agenda meanwhile Alice saved it on 1 February, 14:05." in carols.said
        theirs = "Welcome, 5 minutes Close, 5 minutes Alice’s own (Alice) Another Feedback on this meeting (All), 10"
        assert theirs in carols.said

    def test_and_loses_nothing_of_what_was_typed(self, carols, meeting):
        first = carols.fields["row"][0]
        typed = {"n1-title": "Carol’s", f"{first}-title": "Hello", "n1-guidance": "Be\nbrief", "feedback_minutes": "20"}
        carols.press("save", typed)
        assert {name: carols.kept[name] for name in carols.sent if name != "row"} == {
            name: value for name, value in carols.sent.items() if name != "row"
        }
        assert titles(meeting) == ["Welcome", "Close", "Alice’s own", "Another"]

    def test_and_may_save_again_with_what_is_new_in_the_others_at_the_end(self, carols, meeting):
        carols.press("save", {"n0-title": "Carol’s"}).press("save")
        assert carols.status == 200
        assert titles(meeting) == ["Welcome", "Close", "Carol’s", "Alice’s own", "Another"]
        assert meeting.items.get(title="Alice’s own").lead == "Alice"

    def test_what_the_other_took_off_stands_again_where_it_is_saved_again(self, carols, editor, meeting):
        editor.press("save", {f"{carols.fields['row'][0]}-off": "on"})
        carols.press("save").press("save")
        assert titles(meeting) == ["Welcome", "Close", "Alice’s own", "Another"]

    def test_nothing_is_added_to_an_agenda_that_somebody_else_has_changed(self, carols, meeting):
        carols.start_from("ordinary")
        assert "Nothing was added: somebody else has just changed the agenda." in carols.said
        assert meeting.items.count() == 4


FIRST_MEETING = """
12:30 Sandwiches
13:00 Welcome
13:10 Introductions
13:40 Ground rules
13:50 Icebreaker: Hula hoop task
14:20 Break
14:30 Introducing Co-production
14:40 Talk about co-production
15:00 Questions and answers
15:15 The council’s priorities for our topic
15:55 Co-production definition and principles exercise
16:25 How was the meeting?
16:30 Close
16:30 Feedback on this meeting
"""


class TestStartingFromATemplate:
    def test_the_first_meeting_of_a_co_production_group_has_the_programmes_titles_and_times(self, editor, meeting):
        editor.start_from("first")
        meeting.refresh_from_db()
        rows = timetable(agenda_of(meeting), start=meeting.start, minutes=meeting.minutes).rows
        assert [f"{row.begins:%H:%M} {row.item.title}" for row in rows] == FIRST_MEETING.strip().splitlines()
        assert rows[-1].ends == meeting.end
        assert "Items were added. Change them as you need." in editor.said

    @pytest.mark.parametrize("name", TEMPLATES)
    def test_its_items_come_below_those_that_are_there_and_none_is_without_minutes(self, editor, meeting, name):
        write(meeting, "Welcome", minutes=5)
        editor.load().start_from(name)
        assert titles(meeting) == ["Welcome", *(str(item.title) for item in TEMPLATES[name].items)]
        assert not meeting.items.filter(minutes=None).exists()

    def test_a_meeting_keeps_times_of_its_own(self, editor, meeting):
        Meeting.objects.update(start=datetime.time(9))
        editor.start_from("first")
        meeting.refresh_from_db()
        assert (meeting.start, meeting.end) == (datetime.time(9), None)

    @pytest.mark.parametrize("more", [{"from": "nothing"}, {"from": "last"}, {"version": ""}, {"version": "-1"}])
    def test_something_unknown_changes_nothing(self, editor, meeting, more):
        editor.start_from("first", **more)
        assert not meeting.items.exists()

    def test_loading_the_address_changes_nothing(self, editor, meeting):
        assert editor.client.get(f"{editor.url}copy/").headers["Location"] == editor.url
        assert not meeting.items.exists()


class TestCopyingTheLastMeeting:
    @pytest.fixture
    def last(self, meeting) -> Meeting:
        times = {"start": datetime.time(11, 30), "end": datetime.time(12, 30)}
        last = MeetingFactory(partnership=meeting.partnership, date="2026-02-03", venue_access="A ramp", **times)
        row, _other = write(last, "Welcome", "Budget", lead="Chair", minutes=7, purpose="decision", guidance="Be brief")
        Paper.objects.create(item_id=int(row[1:]), title="Figures", kind="link", url="https://example.org/")
        # Neither has an agenda to copy: one is called off, one has none, one is to come.
        write(MeetingFactory(partnership=last.partnership, date="2026-02-10", called_off_on="2026-02-01"), "Off")
        MeetingFactory(partnership=last.partnership, date="2026-02-17")
        write(MeetingFactory(partnership=last.partnership, date="2026-04-01"), "Later")
        return last

    def test_takes_over_its_items_but_not_their_papers(self, editor, meeting, last):
        assert "The meeting of 3 February 2026" in editor.load().said
        editor.start_from("last")
        names = ("order", "title", "lead", "minutes", "purpose", "guidance", "resources")
        assert list(meeting.items.values_list(*names)) == list(last.items.values_list(*names))
        assert not Paper.objects.filter(item__meeting=meeting).exists()

    def test_and_times_and_venue_where_the_meeting_has_none(self, editor, meeting, last):
        editor.load().start_from("last")
        meeting.refresh_from_db()
        assert (meeting.start, meeting.end) == (last.start, last.end)
        assert (meeting.venue, meeting.venue_access) == ("The Guildhall", "A ramp")

    def test_saving_twice_in_a_row_is_saving_once(self, editor, meeting):
        twice = dict(editor.fields)
        editor.press("save", {"n0-title": "Welcome", "n0-minutes": "5"})
        editor.fields = twice
        editor.press("save", {"n0-title": "Welcome", "n0-minutes": "5"})
        assert (editor.status, titles(meeting)) == (200, ["Welcome"])

    def test_an_agenda_that_was_never_saved_has_no_version_but_the_first(self, editor, meeting):
        # A page from before a backup was put back knows of a version that is not there.
        editor.press("save", {"n0-title": "Welcome", "version": "7"})
        assert (editor.status, titles(meeting)) == (409, [])
        assert "Somebody saved it on" in editor.said
        assert editor.press("save").status == 200


class TestHostileInput:
    def test_is_shown_as_text(self, editor, meeting):
        evil = "<script>alert(1)</script>"
        editor.press(
            "stay", {"n0-title": f"AB {evil}", "n0-lead": evil, "n1-lead": evil, "row": ["n0", "n1", "n2", evil]}
        )
        assert editor.status == 422
        assert evil not in editor.response.content.decode()
        assert editor.kept == editor.kept | editor.sent
        editor.press("save", {"n1-title": f"{evil} CD"})
        assert evil not in editor.response.content.decode()
        assert titles(meeting) == [f"AB {evil}", f"{evil} CD"]

    def test_rows_of_unknown_names_are_new_items_and_each_counts_once(self, editor, meeting):
        rows = ["i999999", "i", "x:y", "up:n0", "i999999"]
        editor.press("up:x:y", {"row": rows} | {f"{row}-title": row for row in rows})
        assert titles(meeting) == ["i999999", "x:y", "i", "up:n0"]

    def test_a_row_of_another_meetings_item_leaves_that_alone(self, editor, meeting):
        other = MeetingFactory(partnership=meeting.partnership)
        (row,) = write(other, "Theirs", lead="Them")
        editor.press("stay", {"row": [row], f"{row}-title": "Mine", f"{row}-off": ""})
        assert titles(meeting) == ["Mine"]
        assert list(other.items.values_list("title", "lead")) == [("Theirs", "Them")]

    def test_numbers_too_large_for_any_meeting_find_none(self, editor):
        address = f"/partnerships/growth/meetings/{'9' * 30}/agenda/"
        assert editor.client.get(address).status_code == 404
        assert editor.client.post(f"{address}copy/", {"version": "9" * 30, "from": "first"}).status_code == 404

    def test_an_agenda_cannot_be_emptied_from_another_site(self, cast, meeting):
        write(meeting, "Welcome")
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.alice)
        for address in ("agenda/", "agenda/copy/"):
            assert client.post(f"{meeting.get_absolute_url()}{address}", {"version": "0"}).status_code == 403
        assert titles(meeting) == ["Welcome"]
