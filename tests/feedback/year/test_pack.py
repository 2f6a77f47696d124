"""The year's pack: one partnership's year gathered for whoever facilitates its workshop, without anybody's name."""

import datetime
import html
import re
import subprocess
import time
import unicodedata

import pytest
import weasyprint
from django.core import signing
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from charter.models import Adoption, PartnershipAdoption
from coprod.common import pdf
from feedback.models import ChartNote, PackPdf, Suggestion, Workshop
from partnerships.models import Action, Aim, Entry, Meeting, Objective, Partnership, PlanOutcome, Year
from partnerships.people.name_removal import Nameless
from tests.actors.phones import text_of
from tests.factories import MeetingFactory, MemberFactory, OrganisationFactory, PartnershipFactory
from tests.feedback.rounds.test_desk import disk_full
from tests.feedback.rounds.test_printing import hear, pages, read
from tests.helpers.years import NUMBER, assessed, met, page, tabled, together

NAMES = ("Alice", "Bob", "Carol", "Seán O’Neill", "Mary-Jane Byrne", "Ann", "Old Member")
NOT_OPEN = "This link opens nothing"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-05-06 12:00:00+00:00")


@pytest.fixture
def bob(as_) -> Client:
    return as_("bob")


@pytest.fixture
def people(cast, partnership) -> tuple[str, ...]:
    """All whom the partnership and its area know, one of them gone."""
    for name in NAMES[3:6]:
        MemberFactory(partnership=partnership, name=name)
    MemberFactory(partnership=partnership, name="Old Member", left_on=datetime.date(2999, 1, 1))
    return NAMES


@pytest.fixture
def full(people, partnership, cast) -> Year:
    """A year in which everybody is named wherever anything can be written."""
    words = "Thanks to " + ", ".join(people) + " for the annual banner"
    library = OrganisationFactory(area=partnership.area, name="Libraries NI", sector="statutory")
    residents = OrganisationFactory(area=partnership.area, name="Bogside residents", sector="residents")
    seán = partnership.members.get(name="Seán O’Neill")
    seán.organisation = residents
    seán.save()
    meeting = met(partnership, "2025-05-01", (4, 1, 1), comments=[words, f"Comment {words}"], explanation=words)
    met(partnership, "2025-10-01", slips=4)
    met(partnership, "2024-10-01", (0, 6, 0))
    ChartNote.objects.create(
        partnership=partnership, date="2025-01-01", kind="chair", text="Seán", resets_limits=True, reason=words
    )
    assessed(partnership, (3, 3, 0), comments=[words], explanation=words)
    together(partnership, trust="yes", notes={"trust": words})
    action = Action.objects.create(meeting=meeting, decided=words, member=seán, organisation=residents)
    Action.objects.create(meeting=meeting, decided="A second", organisation=library, due_on="2025-06-01")
    agreed = {"outcome": "agreed", "considered_at": meeting, "answer": words, "action": action}
    Suggestion.objects.create(meeting=meeting, text=words, **agreed)
    year = Year.objects.written(partnership, NUMBER)
    aim = Aim.objects.create(year=year, order=1, text=f"Aim {words}")
    outcome = PlanOutcome.objects.create(aim=aim, order=1, text=f"Change {words}")
    Objective.objects.create(
        outcome=outcome, order=1, text=f"Task {words}", progress=words, member=seán, organisation=residents
    )
    Objective.objects.create(outcome=outcome, order=2, text="Nobody’s yet")
    PartnershipAdoption.objects.create(
        partnership=partnership, version=1, adopted_on="2025-05-01", decision=words, meeting=meeting
    )
    Adoption.objects.create(
        member=seán, level="organisation", organisation=residents, version=1, adopted_on="2025-05-02", signed_name="S"
    )
    Adoption.objects.create(member=seán, level="person", version=1, adopted_on="2025-05-02", signed_name="Seán O’Neill")
    return year


@pytest.fixture
def token(db, partnership) -> str:
    """Of the link that Maeve got."""
    workshop = Workshop(
        year=Year.objects.written(partnership, NUMBER),
        date=datetime.date(2026, 5, 20),
        facilitator="Maeve Byrne",
        organisation="Community Places",
        email="maeve@example.com",
    )
    token = workshop.new_token()
    workshop.save()
    return token


@pytest.fixture
def maeve(token) -> Client:
    """Her browser, in which the button was pressed."""
    client = Client()
    client.post(f"/pack/{token}/")
    return client


def openings() -> list[str]:
    return list(Entry.objects.filter(act="pack_opened").order_by("pk").values_list("detail", flat=True))


def named_in(text: str) -> list[str]:
    """Whose names stand in it, whatever its marks and capitals."""
    plain = text.casefold().replace("’", "'").replace("‐", "-").replace("‑", "-")
    names = (name.casefold().replace("’", "'") for name in NAMES)
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", plain)]


class TestNameless:
    def test_takes_whole_names_out_and_leaves_words_that_hold_them(self):
        nameless = Nameless(["Ann", "Bob"])
        assert nameless("Ann’s annual plan, by Bob; Annabel, Bobby, JoAnn stay") == (
            "[name]’s annual plan, by [name]; Annabel, Bobby, JoAnn stay"
        )

    def test_a_name_of_one_word_is_none_in_small_letters(self):
        assert Nameless(["May"])("May may come in May") == "[name] may come in [name]"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Seán O’Neill", "Seán O'Neill"),
            ("Seán O'Neill", "SEÁN O’NEILL"),
            ("Seán O’Neill", "Seán\n  O‘Neill"),
            ("Seán O’Neill", "Seán\u00a0O’Neill"),
            ("Mary-Jane Byrne", "mary‑jane byrne"),
            ("Mary‐Jane Byrne", "Mary-Jane Byrne"),
            ("Seán", unicodedata.normalize("NFD", "Seán")),
            (unicodedata.normalize("NFD", "Seán"), "Seán"),
            ("Ann", "_Ann_"),
            ("Ann", "*Ann*"),
            ("Ann", "(Ann)"),
            ("J. Smith", "J. Smith"),
            ("Ann (chair)", "Ann (chair)"),
            ("علي", "علي"),
        ],
    )
    def test_however_it_is_typed(self, name, text):
        assert Nameless([name])(f"By {text}.").replace("_", "").replace("*", "").strip("()") in {
            "By [name].",
            "By ([name]).",
        }

    def test_of_two_names_the_longer_goes_as_one(self):
        assert Nameless(["Ann", "Ann Quinn", "Ann Quinn-Byrne"])("Ann Quinn-Byrne, Ann Quinn and Ann") == (
            "[name], [name] and [name]"
        )

    def test_without_names_it_leaves_all_as_it_is(self):
        assert Nameless(["", "  "])("Ann and Bob") == "Ann and Bob"

    def test_a_name_is_no_pattern(self):
        assert Nameless([".*", "A|B", "(x"])("Anything, A, B, A|B and .*") == "Anything, A, B, [name] and [name]"

    @given(
        names=st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), min_size=1, max_size=5),
        between=st.sampled_from([" ", ", ", "\n", " – ", "; "]),
    )
    def test_no_name_is_left_however_many_there_are(self, names, between):
        left = Nameless(names)(between.join(names))
        assert set(left.replace("[name]", "")) <= set(between)

    @given(text=st.text(max_size=80))
    def test_what_names_nobody_says_the_same(self, text):
        said = Nameless(["Zzyzx Qwortle"])(text)
        assert unicodedata.normalize("NFC", text) == said

    def test_knows_those_who_left_and_the_areas_coordinators_and_nobody_elses(self, people, partnership):
        MemberFactory(partnership=PartnershipFactory(area=partnership.area), name="Zoe")
        nameless = Nameless.of(partnership)
        assert nameless(" and ".join([*people, "Eve", "Zoe"])) == " and ".join(["[name]"] * 7 + ["Eve", "Zoe"])


@pytest.mark.django_db
class TestThePack:
    def test_of_an_empty_year_says_so_in_every_part(self, bob):
        words = text_of(bob.get(page("pack")))
        for said in (
            "The pack: year 2025/26",
            "No plan was written down for 2025/26.",
            "0 meetings fall into the year. 0 were scored.",
            "There are no figures to show.",
            "Members were not asked about this year yet.",
            "There is no table of the members for this year.",
            "No suggestion was raised about this year’s meetings.",
            "No action was recorded.",
            "The partnership itself has not adopted the charter yet.",
            "0 of 2 members have adopted it personally.",
            "No meeting of this year has a table.",
        ):
            assert said in words, said
        assert Year.objects.count() == 0

    def test_gathers_what_the_year_brought(self, bob, full):
        words = text_of(bob.get(page("pack")))
        for said in (
            "The plan for 2025/26, and how far it is.",
            "2 meetings fall into the year. 2 were scored. 1 of them had too few slips to show",
            "1 October 2024 6 13 14.00 –",
            "6 members answered, each alone.",
            "1 suggestion was raised about this year’s meetings.",
            "A second Libraries NI 1 Jun 2025 Overdue",
            "Strategic Growth Partnership adopted the charter on 1 May 2025.",
            "By today 1 of 5 members have adopted it personally. 1 of 1 body of residents has adopted it.",
            "4 slips: too few to show without giving someone away.",
        ):
            assert said in words, said

    def test_names_nobody_on_the_page_nor_in_the_pdf(self, bob, full):
        response = bob.get(page("pack"))
        unnamed = "[name], [name], [name], [name], [name], [name], [name] for the annual banner"
        assert text_of(response).count(unnamed) == 15
        body = html.unescape(response.content.decode()).partition("<main")[2].partition("</main>")[0]
        assert named_in(body) == []
        words = read(bob.get(page("pack_pdf")).content)
        assert "for the annual banner" in words
        assert named_in(words) == []

    def test_nor_to_the_facilitator(self, full, maeve, token):
        response = maeve.get(f"/pack/{token}/")
        assert named_in(text_of(response)) == []
        assert "@" not in text_of(response)

    def test_residents_organisations_are_not_named_either(self, bob, full):
        response = bob.get(page("pack"))
        assert "Bogside" not in response.content.decode()
        assert "Bogside" not in read(bob.get(page("pack_pdf")).content)
        assert text_of(response).count("a resident") >= 2

    def test_writes_nothing_back(self, bob, full):
        before = [list(model.objects.order_by("pk").values()) for model in (Aim, Objective, Action, Suggestion)]
        bob.get(page("pack"))
        bob.get(page("pack_pdf"))
        assert [list(model.objects.order_by("pk").values()) for model in (Aim, Objective, Action, Suggestion)] == before
        assert "Alice" in Meeting.objects.get(date="2025-05-01").round.table.explanation

    def test_hostile_text_stays_text(self, bob, partnership, meeting):
        hostile = "<script>alert(1)</script><img src=file:///etc/passwd>"
        tabled(meeting.round, comments=[hostile])
        Suggestion.objects.create(meeting=meeting, text=hostile)
        Action.objects.create(meeting=meeting, decided=hostile)
        together(partnership, notes={"trust": hostile})
        Partnership.objects.update(name=hostile)
        assert "<script>alert" not in bob.get(page("pack")).content.decode()
        assert read(bob.get(page("pack_pdf")).content).count("<img src=file:///etc/passwd>") >= 4

    def test_what_was_left_to_do_when_the_year_began_is_among_its_actions(self, bob, partnership):
        before, within, after = (
            MeetingFactory(partnership=partnership, date=datetime.date(year, 5, 1)) for year in (2024, 2025, 2026)
        )
        for meeting, what, done in (
            (before, "Done before", "2025-03-31"),
            (before, "Done in it", "2025-04-01"),
            (before, "Not done", None),
            (within, "Of the year", None),
            (after, "Of the next", None),
        ):
            Action.objects.create(meeting=meeting, decided=what, done_on=done)
        Action.objects.create(meeting=within, decided="Noted", nothing_to_do=True)
        part = text_of(bob.get(page("pack"))).partition("What the year’s meetings decided")[2]
        shown = [
            what
            for what in ("Done before", "Done in it", "Not done", "Of the year", "Of the next", "Noted")
            if what in part
        ]
        assert shown == ["Done in it", "Not done", "Of the year"]
        assert "Done in it – – Done 1 Apr 2025" in part

    def test_years_stand_beside_each_other_each_summed(self, bob, partnership):
        met(partnership, "2023-05-01", (0, 0, 6))
        met(partnership, "2025-05-01", (6, 0, 0))
        met(partnership, "2025-06-01", (0, 6, 0))
        met(partnership, "2022-05-01", (0, 6, 0))
        words = text_of(bob.get(page("pack")))
        assert "Statement 2023/24 2024/25 2025/26 We are working well together 1.00 – 2.50" in words
        assert "Slips 6 – 12" in words

    def test_each_table_has_the_one_before_beside_it(self, bob, partnership):
        met(partnership, "2025-03-01", (0, 6, 0))
        met(partnership, "2025-05-01", slips=4)
        met(partnership, "2025-06-01", (6, 0, 0))
        part = text_of(bob.get(page("pack"))).partition("The tables, meeting by meeting 1 May 2025")[2]
        assert "Average 1 Mar 2025" in part
        assert "We are working well together 6 0 0 0 18 3.00 2.00" in part

    def test_a_meeting_with_too_few_slips_shows_its_two_numbers_alone(self, bob, partnership):
        met(partnership, "2025-05-01", slips=4)
        words = text_of(bob.get(page("pack")))
        assert "There are no figures to show." in words
        assert "4 slips: too few to show without giving someone away. 13 people were present." in words
        assert "Needs Improvement" not in words.partition("The tables, meeting by meeting")[2]

    def test_of_another_partnership_is_hidden(self, bob, as_, partnership):
        PartnershipFactory(area=partnership.area, slug="other")
        for name in ("pack", "pack_pdf"):
            assert bob.get(page(name, slug="other")).status_code == 404
            assert as_("eve").get(page(name)).status_code == 404

    def test_the_same_number_of_queries_for_1_and_for_3_of_everything(
        self, bob, partnership, django_assert_num_queries
    ):
        def grow(number: int) -> None:
            """One more of all that a year holds."""
            meeting = met(partnership, f"2025-0{number + 4}-01", comments=["Good"])
            body = OrganisationFactory(area=partnership.area)
            member = MemberFactory(partnership=partnership, organisation=body)
            action = Action.objects.create(meeting=meeting, decided=f"Do {number}", member=member, organisation=body)
            Suggestion.objects.create(
                meeting=meeting, text=f"Say {number}", outcome="agreed", considered_at=meeting, action=action
            )
            aim = Aim.objects.create(year=Year.objects.written(partnership, NUMBER), order=number, text=f"Aim {number}")
            for n in range(number):
                outcome = PlanOutcome.objects.create(aim=aim, order=n, text=f"Outcome {n}")
                Objective.objects.create(outcome=outcome, order=1, text="Task", member=member, organisation=body)
            Adoption.objects.create(
                member=member, level="person", version=1, adopted_on="2025-05-02", signed_name=member.name
            )

        assessed(partnership)
        together(partnership, trust="yes", notes={"trust": "Kept"})
        bob.get(page("pack"))
        for numbers in ([1], [2, 3]):
            for number in numbers:
                grow(number)
            with django_assert_num_queries(30):
                bob.get(page("pack"))


def contents_of(document: bytes) -> list[tuple[str, int]]:
    """What the contents say: a heading, and the page on which it is."""
    found = subprocess.run(
        ["pdftotext", "-layout", "-l", "2", "-", "-"], input=document, capture_output=True, check=True
    )
    lines = re.findall(r"^\s*(?:\d+|[a-z])\.\s+(.+?)(?: ?\.)+ +(\d+)\s*$", found.stdout.decode(), re.M)
    return [(text.strip(), int(number)) for text, number in lines]


def page_of(document: bytes, number: int) -> str:
    options = ["-layout", "-f", str(number), "-l", str(number)]
    return read(document, *options)


@pytest.mark.django_db
class TestThePdf:
    def test_has_a_cover_without_anybodys_name(self, bob, full, token):
        document = bob.get(page("pack_pdf")).content
        cover = page_of(document, 1)
        assert "Pack for the yearly workshop: year 2025/26 1 April 2025 – 31 March 2026" in cover
        assert "Workshop: Wednesday 20 May 2026, facilitated by Community Places" in cover
        assert "Maeve" not in read(document)

    def test_its_contents_lead_to_the_pages_on_which_their_headings_are(self, bob, full):
        document = bob.get(page("pack_pdf")).content
        contents = contents_of(document)
        assert [text for text, _number in contents] == [
            "What came out of the last workshop",
            "The year’s meetings in figures",
            "Members and partnership, side by side",
            "What each member said alone",
            "Suggestions, and what became of them",
            "Decisions and actions",
            "Who adopted the charter",
            "The tables, meeting by meeting",
            "1 May 2025",
            "1 October 2025",
            "To fill in: the plan for next year",
        ]
        assert [text for text, number in contents if text not in page_of(document, number)] == []
        numbers = [number for _text, number in contents]
        assert numbers == sorted(numbers)
        assert numbers[0] > 1
        assert numbers[-1] <= len(pages(document))

    def test_ends_with_lines_to_write_the_next_plan_on(self, bob):
        document = bob.get(page("pack_pdf")).content
        last = read(document).partition("An aim is what you hope to achieve.")[2]
        assert [f"Aim {n}" in last for n in (1, 2, 3)] == [True] * 3

    def test_is_named_after_the_year(self, bob):
        response = bob.get(page("pack_pdf"))
        assert response.headers["Content-Type"] == "application/pdf"
        assert (
            response.headers["Content-Disposition"] == 'inline; filename="strategic-growth-partnership-2025-pack.pdf"'
        )

    def test_of_a_demonstration_says_so(self, bob, partnership):
        words = "Demonstration: scores, adoptions and people are invented"
        assert words not in read(bob.get(page("pack_pdf")).content)
        partnership.area.is_demonstration = True
        partnership.area.save()
        assert words in read(bob.get(page("pack_pdf")).content)

    def test_outloud_finds_no_error(self, bob, full, tmp_path):
        """But for the line at the foot of each page, which WeasyPrint leaves to be read, and tables that it does not
        take for tables where they go over to another page."""
        heard = hear(bob.get(page("pack_pdf")).content, tmp_path)
        assert "0 error(s)" in heard, heard
        assert set(re.findall(r"^ +(?:ERROR|WARNING) (\S+)", heard, re.M)) <= {"PAG-001", "TBL-014"}, heard

    def test_is_made_once_and_kept_while_it_says_the_same(self, bob, full):
        first = bob.get(page("pack_pdf")).content
        kept = PackPdf.objects.get()
        assert bob.get(page("pack_pdf")).content == first
        assert (PackPdf.objects.get().told_at, bytes(kept.content)) == (kept.told_at, first)
        assert str(kept) == "Strategic Growth Partnership, 2025/26.pdf"

    def test_is_there_where_it_cannot_be_kept(self, bob, full):
        with disk_full():
            response = bob.get(page("pack_pdf"))
        assert response.content.startswith(b"%PDF")
        assert PackPdf.objects.count() == 0

    def test_is_made_anew_when_anything_changes(self, bob, full):
        bob.get(page("pack_pdf"))
        Suggestion.objects.update(text="Meet in Omagh")
        assert "Meet in Omagh" in read(bob.get(page("pack_pdf")).content)
        assert PackPdf.objects.count() == 1

    def test_of_a_year_of_which_nothing_is_written_down_is_kept_too(self, bob):
        assert bob.get(page("pack_pdf")).status_code == 200
        assert (Year.objects.get().number, PackPdf.objects.count()) == (NUMBER, 1)


@pytest.mark.django_db
class TestByTheLink:
    def test_a_look_shows_a_button_and_no_more(self, full, token):
        client = Client()
        response = client.get(f"/pack/{token}/")
        words = text_of(response)
        assert "You were sent this link to prepare a workshop. It opens until 3 June 2026." in words
        assert "Strategic Growth" not in words
        assert set(client.cookies) == {"csrftoken"}
        assert openings() == []

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_however_often_a_scanner_looks_nothing_is_recorded(self, token, method):
        client = Client()
        for _each in range(3):
            assert getattr(client, method)(f"/pack/{token}/").status_code == 200
            assert getattr(client, method)(f"/pack/{token}/pack.pdf").status_code == 302
        assert openings() == []

    def test_the_button_opens_it_and_that_is_recorded(self, full, token):
        client = Client()
        response = client.post(f"/pack/{token}/", follow=True)
        assert response.redirect_chain == [(f"/pack/{token}/", 302)]
        words = text_of(response)
        assert "The pack: year 2025/26" in words
        assert "Your link opens it until 3 June 2026." in words
        assert openings() == [""]
        entry = Entry.objects.get(act="pack_opened")
        assert (entry.by, entry.year) == (None, Workshop.objects.get().year)

    def test_reading_on_records_nothing_more(self, maeve, token):
        for _each in range(3):
            assert "The pack: year 2025/26" in text_of(maeve.get(f"/pack/{token}/"))
        assert openings() == [""]

    def test_the_pdf_is_recorded_too(self, maeve, token):
        response = maeve.get(f"/pack/{token}/pack.pdf")
        assert response.headers["Content-Type"] == "application/pdf"
        assert openings() == ["", "PDF"]

    def test_the_button_needs_its_token(self, token):
        client = Client(enforce_csrf_checks=True)
        assert client.post(f"/pack/{token}/").status_code == 403
        assert openings() == []

    def test_the_page_leads_to_nothing_that_needs_an_account(self, full, maeve, token):
        body = maeve.get(f"/pack/{token}/").content.decode().partition("<main")[2].partition("</main>")[0]
        addresses = [each for each in re.findall(r'href="([^"]*)"', body) if not each.startswith("#")]
        assert addresses == [f"/pack/{token}/pack.pdf"]

    def test_another_browser_sees_the_button(self, maeve, token):
        other = Client()
        assert "You were sent this link" in text_of(other.get(f"/pack/{token}/"))
        assert other.get(f"/pack/{token}/pack.pdf").headers["Location"] == f"/pack/{token}/"
        assert openings() == [""]

    def test_the_cookie_is_for_this_address_alone_and_no_script(self, maeve, token):
        cookie = maeve.cookies["pack"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
            f"/pack/{token}/",
            True,
            "Lax",
            12 * 60 * 60,
        )
        assert token not in cookie.value

    def test_after_twelve_hours_the_button_is_there_again(self, maeve, token, time_machine):
        time_machine.shift(12 * 60 * 60 - 60)
        assert "The pack: year 2025/26" in text_of(maeve.get(f"/pack/{token}/"))
        time_machine.shift(120)
        assert "You were sent this link" in text_of(maeve.get(f"/pack/{token}/"))

    @pytest.mark.parametrize(
        "value",
        ["", "x", "a:b:c", signing.get_cookie_signer(salt="pack").sign("x")],
        ids=["empty", "x", "abc", "signed"],
    )
    def test_a_cookie_that_was_made_up_opens_nothing(self, token, value):
        client = Client()
        client.cookies["pack"] = value
        assert "You were sent this link" in text_of(client.get(f"/pack/{token}/"))

    def test_of_another_years_link_opens_nothing(self, maeve, token, partnership):
        other = Workshop(
            year=Year.objects.written(partnership, 2024), date=datetime.date(2026, 5, 20), email="una@example.com"
        )
        newer = other.new_token()
        other.save()
        maeve.cookies["pack"]["path"] = "/"
        assert "You were sent this link" in text_of(maeve.get(f"/pack/{newer}/"))

    @pytest.mark.parametrize("how", ["revoked", "replaced", "expired", "address", "deleted"])
    def test_a_link_that_has_ended_ends_for_an_open_browser_too(self, maeve, token, how, time_machine):
        workshop = Workshop.objects.get()
        if how == "revoked":
            workshop.drop_token()
        elif how == "replaced":
            workshop.new_token()
        elif how == "expired":
            workshop.link_ends_on = datetime.date(2026, 5, 5)
        workshop.save()
        if how == "address":
            Workshop.objects.update(token_hash=None, link_ends_on=None, email="una@example.com")
        elif how == "deleted":
            workshop.delete()
        response = maeve.get(f"/pack/{token}/")
        assert (response.status_code, NOT_OPEN in text_of(response)) == (404, True)
        assert maeve.get(f"/pack/{token}/pack.pdf", follow=True).status_code == 404
        assert maeve.post(f"/pack/{token}/").status_code == 404
        assert openings() == [""]

    def test_a_link_ends_when_a_name_is_erased_that_could_not_be_taken_out_any_more(self, full, maeve, token):
        maeve.get(f"/pack/{token}/pack.pdf")
        full.partnership.members.get(name="Old Member").delete()
        assert NOT_OPEN in text_of(maeve.get(f"/pack/{token}/"))
        assert PackPdf.objects.count() == 0

    def test_no_page_tells_its_address_to_what_it_loads(self, maeve, token):
        for client, path in ((Client(), ""), (maeve, ""), (maeve, "pack.pdf"), (Client(), "pack.pdf")):
            assert client.get(f"/pack/{token}/{path}").headers["Referrer-Policy"] == "strict-origin"

    def test_nothing_of_it_may_be_kept_by_anybody_between(self, maeve, token):
        for path in (f"/pack/{token}/", f"/pack/{token}/pack.pdf"):
            assert "no-store" in maeve.get(path).headers["Cache-Control"]


@pytest.mark.django_db
class TestWhileItIsMade:
    def test_whoever_else_asks_sees_how_far_it_is(self, bob, full):
        bob.get(page("pack_pdf"))
        PackPdf.objects.update(content=b"", step=3, told_at=timezone.now())
        response = bob.get(page("pack_pdf"))
        assert (response.status_code, response.headers["Refresh"]) == (202, "2")
        assert "Making the pack Step 3 of 7. This page opens the PDF by itself when it is ready." in text_of(response)
        assert f'<progress max="{pdf.STEPS}" value="3"' in response.content.decode()
        assert f'href="{page("pack")}"' in response.content.decode()

    def test_one_that_was_left_unfinished_is_made_anew_after_two_minutes(self, bob, full):
        bob.get(page("pack_pdf"))
        died = timezone.now() - datetime.timedelta(minutes=2, seconds=1)
        PackPdf.objects.update(content=b"", step=3, told_at=died)
        assert bob.get(page("pack_pdf")).status_code == 200

    def test_for_the_facilitator_nothing_is_recorded_before_it_is_there(self, full, maeve, token):
        maeve.get(f"/pack/{token}/pack.pdf")
        PackPdf.objects.update(content=b"", step=5, told_at=timezone.now())
        response = maeve.get(f"/pack/{token}/pack.pdf")
        assert response.status_code == 202
        assert f'href="/pack/{token}/"' in response.content.decode()
        assert openings() == ["", "PDF"]

    def test_one_that_cannot_be_made_is_told_and_tried_again_later(
        self, bob, full, maeve, token, monkeypatch, time_machine
    ):
        def fail(*arguments, **more):
            raise MemoryError

        with monkeypatch.context() as broken:
            broken.setattr(weasyprint.HTML, "render", fail)
            responses = [bob.get(page("pack_pdf")) for _twice in range(2)]
        responses.append(maeve.get(f"/pack/{token}/pack.pdf"))
        for response in responses:
            assert response.status_code == 503
            assert "The PDF could not be made" in text_of(response)
        assert openings() == [""]
        time_machine.shift(121)
        assert bob.get(page("pack_pdf")).status_code == 200

    def test_progress_is_heard_of_this_document_alone(self):
        heard: list[int] = []
        with pdf.progress(heard.append):
            pdf.render_pdf("<html lang=en><title>One</title><p>One</p></html>")
        pdf.render_pdf("<html lang=en><title>Two</title><p>Two</p></html>")
        assert heard == sorted(set(heard))
        assert heard[0] <= 2
        assert heard[-1] == pdf.STEPS


@pytest.mark.django_db(transaction=True)
def test_the_thread_finishes_alone_and_the_page_that_looks_again_has_the_pdf(bob, full, settings):
    settings.PACK_WAIT = 0
    response = bob.get(page("pack_pdf"))
    assert (response.status_code, response.headers["Refresh"]) == (202, "2")
    steps = []
    until = time.monotonic() + 60
    while response.status_code == 202 and time.monotonic() < until:
        steps.append(int(re.findall(r"Step (\d) of 7", text_of(response))[0]))
        time.sleep(0.1)
        response = bob.get(page("pack_pdf"))
    assert (response.status_code, steps) == (200, sorted(steps))
    assert response.content.startswith(b"%PDF")
    assert bytes(PackPdf.objects.get().content) == response.content
