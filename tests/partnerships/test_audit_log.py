"""The record of what was done: who, what, where; never who scored, nor what a withheld comment said."""

import datetime
import json
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import call_command
from django.urls import reverse

from feedback.models import Round
from feedback.rounds import comments as reading
from partnerships.models import Act, Entry, Member
from tests.actors.phones import all_, hidden, open_, score, text_of
from tests.factories import CoordinatorFactory, MeetingFactory, MemberFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
RECORD = "/areas/derry/record/"


def done(area) -> list[tuple[str, str | None, str]]:
    """(act, by whom, more) of each entry, the first one first."""
    return [
        (entry.act, entry.by.email.split("@")[0] if entry.by else None, entry.detail)
        for entry in area.record.order_by("pk")
    ]


def desk(round: Round, page: str = "") -> str:
    return reverse("feedback:desk", args=["growth", round.meeting_id]) + page


class TestScoring:
    def test_each_step_from_open_to_table_is_written_down_once(self, as_, round, partnership):
        alice = as_("alice")
        for page in ("open/", "open/", "stop/", "stop/", "open/"):
            alice.post(desk(round, page))
        score(round, *[all_("yes")] * 5, comments=("Speak up", "Warm room"))
        alice.post(desk(round, "stop/"))
        as_("carol").post(desk(round, "comments/"))
        alice.post(desk(round, "comments/"))
        round.refresh_from_db()
        named = reading.comments_of(round=round)[0].name
        for _twice in range(2):
            alice.post(
                desk(round, "comments/"), {"read": "yes", f"{named}-how": "withhold", f"{named}-reason": "other"}
            )
        alice.post(desk(round, "collate/"))
        alice.post(desk(round, "collate/"))
        assert done(partnership.area) == [
            ("opened", "alice", ""),
            ("scoring_sent", "alice", ""),
            ("stopped", "alice", ""),
            ("opened", "alice", ""),
            ("stopped", "alice", ""),
            ("comments_shown", "carol", ""),
            ("withheld", "alice", "other"),
            ("collated", "alice", ""),
        ]

    def test_setting_a_time_and_taking_it_back_is_written_down(self, as_, round, partnership):
        as_("alice").post(desk(round, "open/"), {"opens_at": "2026-12-24T19:30"})
        as_("alice").post(desk(round, "stop/"))
        assert done(partnership.area) == [("scheduled", "alice", "")] * 2

    def test_what_time_does_is_nobodys(self, as_, round, partnership, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        open_(round)
        time_machine.shift(datetime.timedelta(days=29))
        call_command("daily", stdout=StringIO())
        assert done(partnership.area)[-1] == ("ended", None, "")
        page = text_of(as_("carol").get(RECORD))
        assert "Scoring ended without a table, its time being up 30 June 2026, 13:00." in page

    def test_scoring_itself_leaves_no_trace(self, as_, round, partnership):
        open_(round)
        before = partnership.area.record.count()
        score(round, *[all_("yes")] * 3, comments=("Speak up",))
        assert partnership.area.record.count() == before

    def test_it_holds_no_word_of_a_comment(self, as_, round):
        open_(round)
        score(round, *[all_("yes")] * 5, comments=("Speak up, chair",))
        as_("alice").post(desk(round, "stop/"))
        as_("alice").post(desk(round, "comments/"))
        round.refresh_from_db()
        names = [comment.name for comment in reading.comments_of(round=round)]
        chosen = {f"{name}-how": "withhold" for name in names} | {f"{name}-reason": "other" for name in names}
        as_("alice").post(desk(round, "comments/"), {"read": "yes"} | chosen)
        as_("alice").post(desk(round, "collate/"))
        everything = serializers.serialize("json", Entry.objects.all())
        assert "Speak" not in everything
        assert {type(entry["fields"]["detail"]) for entry in json.loads(everything)} == {str}


class TestPeople:
    def test_every_act_is_written_down(self, as_, cast, partnership):
        alice, carol = as_("alice"), as_("carol")
        form = {"name": "Dara", "email": "dara@example.org", "organisation_name": "Libraries", "sector": "statutory"}
        alice.post("/partnerships/growth/members/new/", form | {"role": "member"})
        dara = Member.objects.get(name="Dara")
        one = f"/partnerships/growth/members/{dara.pk}/"
        alice.post(one, form | {"role": "chair", "sector": ""})
        alice.post(one, form | {"role": "chair", "name": "Dara Sample"})
        alice.post(f"{one}invite/")
        alice.post(f"{one}replace/", form | {"role": "member", "name": "Una", "email": ""})
        una = Member.objects.get(name="Una")
        alice.post(f"/partnerships/growth/members/{una.pk}/leave/")
        carol.post(f"{one}erase/")
        carol.get("/areas/derry/members.csv")
        assert done(partnership.area) == [
            ("member_added", "alice", "Member"),
            ("role_changed", "alice", "Member → Chair"),
            ("member_changed", "alice", "Name"),
            ("member_invited", "alice", ""),
            ("member_left", "alice", ""),
            ("member_replaced", "alice", ""),
            ("member_left", "alice", ""),
            ("member_erased", "carol", ""),
            ("exported", "carol", "2"),
        ]

    def test_so_is_what_a_coordinator_sets_up(self, as_, partnership):
        carol = as_("carol")
        form = {"name": "Board", "kind": "board", "parent": "", "year_start_month": "4", "threshold": "5"}
        carol.post("/areas/derry/partnerships/new/", form)
        carol.post("/partnerships/board/settings/", form | {"threshold": "3"})
        carol.post("/areas/derry/settings/", {"colour": "red", "months_kept": "12", "year_start_month": "4"})
        carol.post("/areas/derry/coordinators/", {"name": "Dara", "email": "dara@example.org"})
        dara = partnership.area.coordinators.get(name="Dara")
        carol.post(f"/areas/derry/coordinators/{dara.pk}/remove/")
        assert done(partnership.area) == [
            ("partnership_added", "carol", "Name, Kind"),
            ("partnership_changed", "carol", "Fewest slips for a table"),
            ("area_changed", "carol", "Colour of the area’s pages, Months for which people who left are kept"),
            ("coordinator_added", "carol", ""),
            ("member_invited", "carol", ""),
            ("coordinator_removed", "carol", ""),
        ]

    def test_an_import_names_whom_it_gave_a_role(self, as_, cast, partnership):
        carol = as_("carol")
        rows = (
            "Name\tEmail\tOrganisation\tSector\tRole\nUna\t\tLibraries\tStatutory\tChair\n"
            f"Bob\tbob@example.org\t{cast.bob.memberships.get().organisation}\t\tMinute-taker\nRory\t\tLibraries"
        )
        page = carol.post("/areas/derry/import/", {"rows": rows, "partnership": partnership.pk})
        form = {"rows": rows, "partnership": partnership.pk, "agreed": hidden(page.content, "agreed")}
        carol.post("/areas/derry/import/", form)
        assert done(partnership.area) == [
            ("member_added", "carol", "Chair"),
            ("role_changed", "carol", "Member → Minute-taker"),
            ("imported", "carol", "2 new members, 1 member changed, 1 new organisation"),
        ]


class TestThePage:
    def test_says_who_did_what_and_where(self, as_, cast, partnership, meeting, time_machine):
        time_machine.move_to("2026-06-01 12:00:00+00:00")
        write, bob = Entry.objects.write, cast.bob.memberships.get()
        write(Act.OPENED, by=cast.alice, meeting=meeting)
        write(Act.ROLE_CHANGED, by=cast.carol, member=bob, detail="Member → Chair")
        write(Act.COORDINATOR_REMOVED, by=cast.carol, area=partnership.area, person=cast.eve)
        page = text_of(as_("carol").get(RECORD))
        assert (
            "Carol removed a coordinator: eve@example.org carol@example.org. 1 June 2026, 13:00. The whole area "
            "Carol changed a role: Bob (Member → Chair) carol@example.org. 1 June 2026, 13:00. "
            "Strategic Growth Partnership "
            "Alice opened scoring alice@example.org. 1 June 2026, 13:00. "
            "Strategic Growth Partnership, meeting of 4 March 2026"
        ) in page

    def test_does_not_name_whoever_was_erased(self, as_, cast, partnership, meeting):
        Entry.objects.write(Act.OPENED, by=cast.alice, meeting=meeting)
        cast.alice.delete()
        assert "Somebody since erased opened scoring" in text_of(as_("carol").get(RECORD))

    def test_calls_a_coordinator_of_another_area_by_address(self, as_, cast, partnership, meeting):
        Entry.objects.write(Act.OPENED, by=cast.eve, meeting=meeting)
        assert "eve@example.org opened scoring" in text_of(as_("carol").get(RECORD))

    def test_empty(self, as_):
        assert "Nothing has been done yet." in text_of(as_("carol").get(RECORD))

    def test_holds_nothing_of_another_area(self, as_, cast):
        Entry.objects.write(Act.OPENED, by=cast.alice, meeting=MeetingFactory())
        assert "Nothing has been done yet." in text_of(as_("carol").get(RECORD))

    def test_has_fifty_entries_a_page(self, as_, cast, meeting):
        for _ in range(51):
            Entry.objects.write(Act.OPENED, by=cast.alice, meeting=meeting)
        first, second = as_("carol").get(RECORD), as_("carol").get(RECORD, {"page": "2"})
        assert (text_of(first).count("opened scoring"), text_of(second).count("opened scoring")) == (50, 1)
        assert "Page 1 of 2 Older" in text_of(first)
        assert "Newer Page 2 of 2" in text_of(second)

    def test_takes_the_same_number_of_queries_for_1_and_for_3(self, as_, cast, partnership, django_assert_num_queries):
        carol = as_("carol")
        for more in (1, 2):
            for _ in range(more):
                member = MemberFactory(partnership=PartnershipFactory(area=partnership.area))
                by = CoordinatorFactory(area=partnership.area).user
                Entry.objects.write(Act.MEMBER_LEFT, by=by, member=member)
            with django_assert_num_queries(7):
                carol.get(RECORD)


def test_every_act_has_words():
    assert str(Entry(act="opened")) == "opened scoring"
    assert all(Act(act).label for act in Act.values)
