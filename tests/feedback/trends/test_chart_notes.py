"""Notes on the charts: what changed from which day on, and where what is usual is worked out anew."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from feedback.models import ChartNote, Standing, Table
from feedback.scores.verdicts import Verdict
from feedback.trends.history import KEYS, History
from feedback.trends.standings import keep_standings
from partnerships.models import Entry
from tests.actors.phones import text_of
from tests.factories import PartnershipFactory
from tests.helpers.years import met

pytestmark = pytest.mark.django_db
CHAIR = {"date": "2025-11-05", "kind": "chair", "text": "Una Quinn chairs"}
RESET = CHAIR | {"kind": "working", "text": "Online", "resets_limits": "on", "reason": "Two groups became one"}
TRENDS = "/partnerships/growth/trends/"
NOTES = f"{TRENDS}notes/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def alice(as_) -> Client:
    return as_("alice")


@pytest.fixture
def bob(as_) -> Client:
    return as_("bob")


@pytest.fixture
def meetings(partnership) -> None:
    """Twelve, one a month, with the last one poor."""
    for month in range(1, 12):
        met(partnership, f"2025-{month:02}-04", (6, 0, 0) if month % 2 else (5, 1, 0))
    met(partnership, "2025-12-04", (0, 0, 6))
    keep_standings(partnership.pk)


def add(client: Client, **more: str):
    return client.post(NOTES, CHAIR | more)


def page_of(note: ChartNote, end: str = "") -> str:
    return f"{NOTES}{note.pk}/{end}"


@pytest.fixture
def note(alice) -> ChartNote:
    add(alice)
    return ChartNote.objects.get()


@pytest.fixture
def reset(alice, meetings) -> ChartNote:
    alice.post(NOTES, RESET)
    return ChartNote.objects.get()


def acts() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("pk").values_list("act", "detail"))


def standing(day: str) -> dict[str, Verdict | None]:
    found = Standing.objects.get(table__round__meeting__date=day)
    return {key: found.verdict(key) for key in KEYS}


def everybody(verdict: Verdict) -> dict[str, Verdict]:
    return dict.fromkeys(KEYS, verdict)


DROP = Verdict(12, "outside", -1, datetime.date(2025, 12, 4))


class TestReading:
    def test_all_members_see_all_notes_the_earliest_first(self, alice, bob):
        alice.post(NOTES, RESET)
        add(alice, date="2025-03-04")
        words = text_of(bob.get(NOTES))
        assert (
            "4 March 2025 Another chair: Una Quinn chairs 5 November 2025 Another way of working: Online "
            "What is usual begins anew Two groups became one" in words
        )

    def test_but_write_none(self, bob, note):
        words = text_of(bob.get(NOTES))
        assert [part in words for part in ("Add a note", "Change", "Remove")] == [False] * 3
        assert bob.post(NOTES, CHAIR).status_code == 403
        for end in ("", "remove/"):
            assert (bob.get(page_of(note, end)).status_code, bob.post(page_of(note, end)).status_code) == (403, 403)
        assert ChartNote.objects.get() == note

    def test_before_there_is_one(self, alice, bob):
        assert "There is no note yet. Add a note" in text_of(alice.get(NOTES))
        told = "There is no note yet. The minute-taker, the chair and the area’s coordinators write them."
        assert told in text_of(bob.get(NOTES))

    def test_goes_back_to_the_trends(self, bob, alice, note):
        assert f'href="{TRENDS}" class="govuk-back-link"' in bob.get(NOTES).content.decode()
        for end in ("", "remove/"):
            assert f'href="{NOTES}" class="govuk-back-link"' in alice.get(page_of(note, end)).content.decode()

    def test_when_to_begin_anew_is_explained_where_it_can_be_done(self, alice, bob, note):
        for url in (NOTES, page_of(note)):
            words = text_of(alice.get(url))
            assert "until ten meetings have followed there is no verdict" in words
            assert "Not because a figure is bad: a real drop is there to be talked about" in words
        assert "Not because a figure is bad" not in text_of(bob.get(NOTES))

    def test_hostile_text_stays_text(self, alice, bob):
        alice.post(NOTES, RESET | {"text": "<script>alert(1)</script>", "reason": "<b>New</b>"})
        note = ChartNote.objects.get()
        pages = [bob.get(NOTES), alice.get(NOTES), alice.get(page_of(note)), alice.get(page_of(note, "remove/"))]
        assert [b"<script>alert" in each.content or b"<b>New" in each.content for each in pages] == [False] * 4

    def test_the_same_number_of_queries_for_1_and_for_3_notes(self, bob, partnership, django_assert_num_queries):
        for days in (["2025-01-04"], ["2025-02-04", "2025-03-04"]):
            for day in days:
                ChartNote.objects.create(partnership=partnership, date=day, kind="chair", text="Una")
            with django_assert_num_queries(4):
                bob.get(NOTES)


class TestWriting:
    def test_marks_the_day(self, alice, partnership):
        response = add(alice)
        assert (response.status_code, response.url) == (302, TRENDS)
        note = ChartNote.objects.get()
        assert (note.partnership, note.date, note.kind, note.text, note.resets_limits, note.reason) == (
            partnership,
            datetime.date(2025, 11, 5),
            "chair",
            "Una Quinn chairs",
            False,
            "",
        )
        assert acts() == [("chart_noted", "5 November 2025")]

    def test_alone_changes_no_verdict(self, alice, meetings):
        before = list(Standing.objects.order_by("pk").values())
        add(alice)
        assert list(Standing.objects.order_by("pk").values()) == before
        assert standing("2025-12-04") == everybody(DROP)

    def test_with_a_reset_judges_all_meetings_anew(self, reset):
        assert (reset.resets_limits, reset.reason) == (True, "Two groups became one")
        assert standing("2025-12-04") == everybody(Verdict(1))
        assert standing("2025-11-04") == everybody(Verdict(11))
        assert acts() == [("limits_reset", "5 November 2025")]

    def test_the_latest_kept_is_what_the_history_says(self, reset, partnership):
        assert standing("2025-12-04") == {key: each.verdict for key, each in History.of(partnership).series.items()}

    def test_by_the_coordinator_too(self, as_):
        assert add(as_("carol")).status_code == 302

    def test_from_the_first_day_of_our_time_until_today(self, alice):
        assert [add(alice, date=day).status_code for day in ("2000-01-01", "2026-05-06")] == [302, 302]

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("date", "", "Choose the day from which on it was different"),
            ("date", "soon", "Type a day, for example 30/11/2026"),
            ("date", "2026-05-07", "Choose a day that has come"),
            ("date", "1999-12-31", "Choose a day from the year 2000 on"),
            ("kind", "", "Choose what changed"),
            ("kind", "weather", "Select a valid choice"),
            ("text", "  ", "Say in a few words what changed"),
            ("text", "x" * 121, "Shorten this to 120 characters or fewer"),
            ("text", "=SUM(1)", "begins with ="),
            ("reason", "x" * 301, "Shorten this to 300 characters or fewer"),
            ("reason", " ", "Say why what was usual before does not count any more."),
        ],
    )
    def test_a_mistake_is_told_beside_its_field_and_all_is_kept(self, alice, field, typed, message):
        response = alice.post(NOTES, RESET | {field: typed})
        assert response.status_code == 422
        page = response.content.decode()
        assert message in text_of(response)
        assert f'<a href="#id_{field}">' in page
        assert "<title>Error: Notes on the charts" in page
        assert [RESET[name] in page for name in ("date", "text", "reason") if name != field].count(False) == 0
        assert typed.strip() in page
        assert (ChartNote.objects.count(), acts()) == (0, [])

    def test_a_reason_without_the_tick_is_asked_about(self, alice):
        response = alice.post(NOTES, {name: value for name, value in RESET.items() if name != "resets_limits"})
        assert response.status_code == 422
        assert "You gave a reason: tick this box too, or empty the reason." in text_of(response)
        assert '<a href="#id_resets_limits">' in response.content.decode()

    def test_what_is_too_long_is_not_cut_by_the_browser(self, alice):
        assert "maxlength" not in alice.get(NOTES).content.decode()

    def test_a_day_has_one_note(self, alice, note):
        response = add(alice, text="Another")
        assert response.status_code == 422
        assert "There is a note for this day already. Change that one." in text_of(response)
        assert '<a href="#id_date">' in response.content.decode()
        assert ChartNote.objects.get() == note

    def test_another_partnerships_note_takes_no_day(self, alice):
        ChartNote.objects.create(partnership=PartnershipFactory(), **CHAIR)
        assert add(alice).status_code == 302


class TestChanging:
    def test_shows_what_is_there_and_saves(self, alice, note):
        page = alice.get(page_of(note)).content.decode()
        assert 'value="2025-11-05"' in page
        response = alice.post(page_of(note), CHAIR | {"text": "Maeve chairs"})
        assert (response.status_code, response.url) == (302, TRENDS)
        note.refresh_from_db()
        assert note.text == "Maeve chairs"
        assert acts() == [("chart_noted", "5 November 2025")] * 2

    def test_a_mistake_is_told(self, alice, note):
        response = alice.post(page_of(note), CHAIR | {"text": ""})
        assert response.status_code == 422
        assert "Say in a few words what changed" in text_of(response)
        assert "<title>Error: Change a note" in response.content.decode()
        note.refresh_from_db()
        assert note.text == "Una Quinn chairs"

    def test_to_a_day_that_has_a_note_is_refused(self, alice, note):
        add(alice, date="2025-03-04")
        assert alice.post(page_of(note), CHAIR | {"date": "2025-03-04"}).status_code == 422
        assert alice.post(page_of(note), CHAIR).status_code == 302

    def test_a_reset_that_is_set(self, alice, meetings, note):
        alice.post(page_of(note), RESET)
        assert standing("2025-12-04") == everybody(Verdict(1))
        assert acts()[-1] == ("limits_reset", "5 November 2025")

    def test_moved(self, alice, reset):
        alice.post(page_of(reset), RESET | {"date": "2025-10-01"})
        assert standing("2025-12-04") == everybody(Verdict(3))
        assert acts()[-1] == ("limits_reset", "1 October 2025")

    def test_or_taken_away(self, alice, reset):
        alice.post(page_of(reset), CHAIR | {"reason": ""})
        assert standing("2025-12-04") == everybody(DROP)
        assert acts()[-1] == ("limits_reset", "5 November 2025")

    def test_other_words_of_a_reset_reset_nothing(self, alice, reset):
        Standing.objects.all().delete()
        alice.post(page_of(reset), RESET | {"text": "Still online", "reason": "One group became two"})
        assert (Standing.objects.count(), acts()[-1]) == (0, ("chart_noted", "5 November 2025"))

    def test_a_note_that_is_moved_without_a_reset_resets_nothing(self, alice, note):
        alice.post(page_of(note), CHAIR | {"date": "2025-10-01"})
        assert acts()[-1] == ("chart_noted", "1 October 2025")


class TestRemoving:
    def test_asks_first_and_says_what_stays(self, alice, note):
        words = text_of(alice.get(page_of(note, "remove/")))
        assert "It goes from the charts. What is usual, and every verdict, stays as it is." in words
        assert ChartNote.objects.count() == 1

    def test_and_what_becomes_of_verdicts(self, alice, reset):
        words = text_of(alice.get(page_of(reset, "remove/")))
        assert "all verdicts are worked out again at once, and some may change." in words

    def test_takes_it_away(self, alice, note):
        response = alice.post(page_of(note, "remove/"))
        assert (response.status_code, response.url, ChartNote.objects.count()) == (302, TRENDS, 0)
        assert acts() == [("chart_noted", "5 November 2025")] * 2

    def test_a_reset_that_goes_judges_all_meetings_together_again(self, alice, reset):
        alice.post(page_of(reset, "remove/"))
        assert standing("2025-12-04") == everybody(DROP)
        assert acts() == [("limits_reset", "5 November 2025")] * 2

    @pytest.mark.parametrize("end", ["", "remove/"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_one_that_is_gone_is_told(self, alice, note, end, method):
        note_url = page_of(note, end)
        note.delete()
        response = getattr(alice, method)(note_url, CHAIR, follow=True)
        assert response.redirect_chain == [(NOTES, 302)]
        assert "This note is gone: somebody has removed it. Nothing was changed." in text_of(response)

    @pytest.mark.parametrize("end", ["", "remove/"])
    def test_another_partnerships_is_out_of_reach(self, alice, partnership, end):
        elsewhere = ChartNote.objects.create(partnership=PartnershipFactory(area=partnership.area), **CHAIR)
        assert alice.post(page_of(elsewhere, end), RESET).url == NOTES
        elsewhere.refresh_from_db()
        assert elsewhere.text == "Una Quinn chairs"


def test_the_record_names_the_day_and_nothing_that_was_typed(as_, alice, meetings):
    alice.post(NOTES, RESET)
    add(alice, date="2025-03-04")
    words = text_of(as_("carol").get("/areas/derry/record/"))
    assert "changed from when on what is usual is worked out (5 November 2025)" in words
    assert "wrote, changed or removed a note on the charts (4 March 2025)" in words
    assert [typed in words for typed in ("Una", "Online", "Two groups")] == [False] * 3


def test_notes_are_reached_from_the_trends(bob):
    assert f'href="{NOTES}"' in bob.get(reverse("feedback:trends", args=["growth"])).content.decode()


def test_a_note_changes_no_table(alice, meetings):
    before = list(Table.objects.order_by("pk").values())
    alice.post(NOTES, RESET)
    assert list(Table.objects.order_by("pk").values()) == before
