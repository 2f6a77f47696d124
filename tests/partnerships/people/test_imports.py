"""Members from a spreadsheet: first what would happen, row by row, then the doing."""

import html
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerships.models import Member, Organisation, User
from tests.actors.phones import hidden, text_of
from tests.factories import MemberFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
URL = "/areas/derry/import/"
HEAD = "Partnership\tName\tEmail\tOrganisation\tSector\tRole"
DARA = "Strategic Growth Partnership\tDara Sample\tdara@example.org\tLibraries NI\tStatutory\tChair"
UNA = "Strategic Growth Partnership\tUna Draft\t\tlibraries ni"


@pytest.fixture
def carol(as_):
    return as_("carol")


def shown(client, *rows: str, **more):
    """The page that says what would happen to these rows."""
    return client.post(URL, {"rows": "\n".join(rows), **more})


def agree(client, page, **more):
    """Presses the button of that page."""
    form = {name: html.unescape(hidden(page.content, name)) for name in ("agreed", "rows", "partnership")}
    return client.post(URL, form | more, follow=True)


def steps(page) -> list[str]:
    """What stands beside each row."""
    listed = re.findall(r'<li class="app-plan__.*?</li>', page.content.decode(), re.DOTALL)
    return [html.unescape(" ".join(re.sub(r"<[^>]+>", " ", each).split())) for each in listed]


class TestWhatWouldHappen:
    def test_is_shown_row_by_row_and_nothing_is_saved(self, carol, partnership):
        page = shown(carol, HEAD, DARA, UNA)
        assert page.status_code == 200
        assert steps(page) == [
            "Row 2 New Dara Sample, dara@example.org Libraries NI. Chair, Strategic Growth Partnership "
            "“Libraries NI” is a new organisation.",
            "Row 3 New Una Draft libraries ni. Member, Strategic Growth Partnership",
        ]
        assert "This will happen: 2 new members, 1 new organisation. Nothing is saved yet." in text_of(page)
        assert (partnership.members.count(), Organisation.objects.filter(name="Libraries NI").count()) == (2, 0)

    def test_happens_once_agreed(self, carol, partnership):
        response = agree(carol, shown(carol, HEAD, DARA, UNA))
        assert "Imported: 2 new members, 1 new organisation." in text_of(response)
        dara, una = partnership.members.get(name="Dara Sample"), partnership.members.get(name="Una Draft")
        assert (dara.user.email, dara.role, dara.organisation.sector) == ("dara@example.org", "chair", "statutory")
        assert (una.user, una.role, una.organisation) == (None, "member", dara.organisation)

    def test_of_the_same_sheet_again_is_nothing(self, carol, partnership):
        agree(carol, shown(carol, HEAD, DARA, UNA))
        page = shown(carol, HEAD, DARA, UNA)
        assert [step.split()[2:5] for step in steps(page)] == [["As", "it", "is"]] * 2
        assert "All of this is here already. There is nothing to import." in text_of(page)
        assert b'name="agreed"' not in page.content
        assert partnership.members.count() == 4

    def test_does_not_happen_if_somebody_else_was_faster(self, carol, partnership):
        page = shown(carol, HEAD, DARA)
        agree(carol, page)
        again = agree(carol, page)
        assert "All of this is here already." in text_of(again)
        assert partnership.members.filter(name="Dara Sample").count() == 1

    def test_does_not_happen_to_other_rows_than_were_shown(self, carol, partnership):
        page = agree(carol, shown(carol, HEAD, DARA), rows=f"{HEAD}\n{UNA}\tStatutory")
        assert steps(page) == [
            "Row 2 New Una Draft libraries ni. Member, Strategic Growth Partnership "
            "“libraries ni” is a new organisation."
        ]
        assert "Nothing was imported: things have changed since you looked." in text_of(page)
        assert partnership.members.count() == 2

    def test_leaves_the_cells_in_the_box_to_be_mended(self, carol):
        page = shown(carol, HEAD, DARA.replace("Statutory", "Public body"))
        assert page.status_code == 422
        assert "Error:" in text_of(page)[:7]
        box = page.content.decode().split("<textarea")[1].split("</textarea>")[0]
        assert "Strategic Growth Partnership;Dara Sample;dara@example.org;Libraries NI;Public body;Chair" in box


class TestAPersonWhoIsHereAlready:
    def test_is_known_by_address_and_takes_over_what_the_row_says(self, carol, cast, partnership):
        libraries = OrganisationFactory(area=partnership.area, name="Libraries NI")
        page = shown(carol, HEAD, f"{partnership}\tRobert\tBOB@example.org\tLibraries NI\t\tChair")
        before = cast.bob.memberships.get().organisation
        assert steps(page) == [
            "Row 2 Changed Robert, BOB@example.org Libraries NI. Chair, Strategic Growth Partnership "
            f"Name: Bob → Robert Organisation: {before} → Libraries NI Role: Member → Chair"
        ]
        agree(carol, page)
        bob = cast.bob.memberships.get()
        assert (bob.name, bob.organisation, bob.role, bob.email) == ("Robert", libraries, "chair", "bob@example.org")

    def test_keeps_what_the_row_leaves_empty(self, carol, cast, partnership):
        alice = cast.alice.memberships.get()
        page = shown(carol, "Name,Organisation,Partnership", f"alice,{alice.organisation},{partnership}")
        assert steps(page)[0].startswith("Row 2 Changed alice, alice@example.org")
        agree(carol, page)
        alice.refresh_from_db()
        assert (alice.name, alice.role, alice.email) == ("alice", "minute_taker", "alice@example.org")

    def test_without_an_address_is_given_one(self, carol, partnership):
        una = MemberFactory(partnership=partnership, name="Una Draft", organisation__name="Rainbow CFC")
        page = shown(carol, HEAD, f"{partnership}\tUna Draft\tuna@example.org\tRainbow CFC")
        assert steps(page)[0].endswith("Email address added")
        agree(carol, page)
        una.refresh_from_db()
        assert (una.email, una.user) == ("una@example.org", User.objects.get(email="una@example.org"))

    def test_with_another_address_is_taken_for_a_namesake(self, carol, cast, partnership):
        organisation = cast.bob.memberships.get().organisation
        page = shown(carol, HEAD, f"{partnership}\tBob\tother@example.org\t{organisation}")
        assert steps(page)[0].endswith("this row becomes a second person.")
        agree(carol, page)
        assert partnership.members.filter(name="Bob").count() == 2

    def test_who_left_comes_back_as_a_new_member(self, carol, cast, partnership):
        organisation = cast.bob.memberships.get().organisation
        cast.bob.memberships.update(left_on="2999-01-01")
        page = shown(carol, HEAD, f"{partnership}\tBob\tbob@example.org\t{organisation}")
        assert steps(page)[0].startswith("Row 2 New Bob")
        agree(carol, page)
        assert list(Member.objects.filter(name="Bob").values_list("user", flat=True)) == [cast.bob.pk] * 2


class TestARowWithAProblem:
    @pytest.mark.parametrize(
        ("row", "problems"),
        [
            ("\tUna\t\tLibraries NI\tStatutory", "The partnership is missing."),
            ("Growth\tUna\t\tLibraries NI\tStatutory", "No partnership here is called “Growth”."),
            (
                "Strategic Groth Partnership\tUna\t\tLibraries NI\tStatutory",
                "No partnership here is called “Strategic Groth Partnership”. "
                "Did you mean “Strategic Growth Partnership”?",
            ),
            ("{p}\t\t\tLibraries NI\tStatutory", "The name is missing."),
            ("{p}\tUna\t\t\tStatutory", "The organisation is missing."),
            ("{p}\tUna\tuna\tLibraries NI\tStatutory", "“una” is no email address that we can use."),
            ("{p}\tUna\t\tLibraries NI", "“Libraries NI” is new here: give its sector too."),
            (
                "{p}\tUna\t\tLibraries NI\tMagic",
                "“Magic” is no sector. Use one of: Statutory, Community and voluntary, Business, Elected, Residents.",
            ),
            (
                "{p}\tUna\t\tLibraries NI\tStatutory\tKing",
                "“King” is no role. Use one of: Member, Minute-taker, Chair.",
            ),
            (
                "{p}\t=HYPERLINK()\t\tLibraries NI\tStatutory",
                "“=HYPERLINK()” begins with =, as a spreadsheet’s formula does. Type it without.",
            ),
            ("{p}\tUna\t\t@SUM\tStatutory", "“@SUM” begins with @, as a spreadsheet’s formula does. Type it without."),
            (
                "{p}\t" + "x" * 121 + "\t\tLibraries NI\tStatutory",
                "“xxxxxxxxxxxxxxxxxxxx…” is too long: at most 120 characters.",
            ),
        ],
    )
    def test_says_so_beside_it(self, carol, partnership, row, problems):
        page = shown(carol, HEAD, row.format(p=partnership))
        assert page.status_code == 422
        assert steps(page)[0].endswith(problems)
        assert "1 row has a problem. Nothing is saved." in text_of(page)
        assert b'name="agreed"' not in page.content

    def test_keeps_all_the_others_out_too(self, carol, partnership):
        page = shown(carol, HEAD, DARA, "\tUna\t\tLibraries NI\tStatutory")
        assert [step.split()[2] for step in steps(page)] == ["New", "Problem"]
        carol.post(URL, {"rows": f"{HEAD}\n{DARA}\n\tUna", "agreed": "x"})
        assert partnership.members.count() == 2

    @pytest.mark.parametrize(
        ("again", "told"),
        [
            (DARA.replace("dara@", "DARA@").replace("Dara Sample", "D. Sample"), "Row 2 has the same email address."),
            ("Strategic Growth Partnership\tdara sample\t\tLIBRARIES NI", "Row 2 has the same person."),
        ],
    )
    def test_the_same_person_twice_is_a_problem(self, carol, again, told):
        page = shown(carol, HEAD, DARA, again)
        assert steps(page)[1].endswith(told)

    def test_a_known_organisation_in_another_sector_is_a_problem(self, carol):
        page = shown(carol, HEAD, DARA, UNA + "\tBusiness")
        assert steps(page)[1].endswith("“Libraries NI” is here already, as Statutory. Give that sector, or none.")

    def test_of_another_areas_partnership_is_as_if_there_were_none(self, carol):
        PartnershipFactory(name="Elsewhere")
        page = shown(carol, HEAD, "Elsewhere\tUna\t\tLibraries NI\tStatutory")
        assert steps(page)[0].endswith("No partnership here is called “Elsewhere”.")

    def test_the_same_address_for_somebody_on_paper_and_for_another_is_a_problem(self, carol, partnership):
        MemberFactory(partnership=partnership, name="Ann", organisation__name="Libraries NI")
        rows = [f"{partnership}\t{name}\tann@example.org\tLibraries NI" for name in ("Ann", "Ben")]
        page = shown(carol, HEAD, *rows)
        assert [step.split()[2] for step in steps(page)] == ["Changed", "Problem"]

    def test_who_is_meant_among_namesakes_must_be_said(self, carol, partnership):
        first = MemberFactory(partnership=partnership, name="Ann", email="ann1@example.org")
        MemberFactory(partnership=partnership, name="Ann", email="ann2@example.org", organisation=first.organisation)
        page = shown(carol, HEAD, f"{partnership}\tAnn\t\t{first.organisation}\t\tChair")
        assert steps(page)[0].endswith("Several people have this name and organisation: give the email address too.")

    def test_a_guess_is_made_for_the_first_twenty_alone(self, carol):
        rows = [f"Strategic Groth Partnership {n}\tUna\t\tLibraries NI\tStatutory" for n in range(25)]
        page = shown(carol, HEAD, *rows, rows[0])
        assert sum("Did you mean" in step for step in steps(page)) == 21
        assert "26 rows have a problem. Nothing is saved." in text_of(page)
        assert "The others are marked below, row by row." in text_of(page)


class TestANewOrganisation:
    def test_that_is_nearly_called_like_a_known_one_is_pointed_out(self, carol, partnership):
        OrganisationFactory(area=partnership.area, name="Libraries NI", sector="statutory")
        page = shown(carol, HEAD, f"{partnership}\tUna\t\tLibaries NI\tStatutory")
        assert steps(page)[0].endswith("“Libaries NI” is a new organisation. Or did you mean “Libraries NI”?")

    def test_is_compared_for_the_first_twenty_alone(self, carol, partnership):
        OrganisationFactory(area=partnership.area, name="Libraries NI", sector="statutory")
        rows = [f"{partnership}\tUna {n}\t\tLibraries N{n}\tStatutory" for n in range(25)]
        page = shown(carol, HEAD, *rows)
        assert sum("Or did you mean “Libraries NI”?" in step for step in steps(page)) == 20

    def test_of_somebody_who_is_here_already_is_stored(self, carol, cast, partnership):
        row = f"{partnership}\tBob\tbob@example.org\tRainbow CFC\tCommunity"
        agree(carol, shown(carol, HEAD, row))
        assert cast.bob.memberships.get().organisation.name == "Rainbow CFC"


class TestTheSheet:
    def test_keeps_its_row_numbers_where_rows_were_blank(self, carol, partnership):
        rows = f"{HEAD}\n\n{DARA}\n\n\n{UNA}".replace("\t", ",").encode()
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", rows)})
        assert [step.split()[1] for step in steps(page)] == ["3", "6"]
        assert "Imported: 2 new members, 1 new organisation." in text_of(agree(carol, page))

    def test_loses_its_numbers_where_thousands_of_rows_were_blank(self, carol, partnership):
        rows = f"{HEAD}\n{DARA}{chr(10) * 5000}{UNA}".replace("\t", ",").encode()
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", rows)})
        assert [step.split()[1] for step in steps(page)] == ["2", "5002"]
        assert "Imported: 2 new members, 1 new organisation." in text_of(agree(carol, page))

    def test_without_headings_is_put_into_the_box_to_be_mended(self, carol):
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", b"Who,Body\nUna,Libraries")})
        assert page.status_code == 422
        assert "Instead of a column Partnership you can choose one partnership for all rows." in text_of(page)
        assert "Mend it here, or choose another file" in text_of(page)
        assert "Who;Body\nUna;Libraries" in page.content.decode()

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([""], "Choose a file, or paste the cells."),
            (
                ["Name\tEmail", "Una\t"],
                "It says: Name, Email. Not among them: Partnership, Organisation.",
            ),
            (["Partnership\tName", "a"], "It says: Partnership, Name. Not among them: Organisation."),
            (["Name\tFull name\tOrganisation\tGroup", "a"], "Two columns are called Name. Rename one."),
            ([HEAD], "There is no row below the headings."),
        ],
    )
    def test_that_cannot_be_used_is_told(self, carol, rows, told):
        page = shown(carol, *rows)
        assert page.status_code == 422
        assert told in text_of(page)

    def test_may_call_its_columns_differently(self, carol):
        page = shown(
            carol,
            "GROUP;Full name;E-mail;Organization;Telephone",
            "Strategic Growth Partnership;Una;una@example.org;Libraries NI;1",
        )
        assert "Columns that are not used: Telephone." in text_of(page)
        assert steps(page)[0].endswith("“Libraries NI” is new here: give its sector too.")

    def test_may_write_sectors_and_roles_as_people_do(self, carol, partnership):
        page = shown(
            carol,
            HEAD,
            f"{partnership}\tUna\t\tOne\tvoluntary\tMinute taker",
            f"{partnership}\tDara\t\tTwo\tCommunity and Voluntary\tMEMBER",
            f"{partnership}\tRory\t\tThree\tstatutory\tminute_taker",
        )
        assert [step.outcome for step in page.context["plan"].steps] == ["add"] * 3

    def test_of_one_partnership_needs_no_column_for_it(self, carol, partnership):
        assert (
            f'<option value="{partnership.pk}" selected>'
            in carol.get(URL, {"partnership": partnership.pk}).content.decode()
        )
        page = shown(carol, "Name\tOrganisation\tSector", "Una\tRainbow CFC\tCommunity", partnership=partnership.pk)
        agree(carol, page)
        assert partnership.members.filter(name="Una", organisation__name="Rainbow CFC").count() == 1

    def test_cannot_be_put_into_another_areas_partnership(self, carol):
        other = PartnershipFactory()
        page = shown(carol, "Name\tOrganisation\tSector", "Una\tRainbow CFC\tCommunity", partnership=other.pk)
        assert page.status_code == 422
        assert other.members.count() == 0

    def test_can_be_a_file(self, carol, partnership):
        book, data = openpyxl.Workbook(), io.BytesIO()
        for row in (HEAD, DARA):
            book.active.append(row.split("\t"))
        book.save(data)
        page = carol.post(URL, {"file": SimpleUploadedFile("members.xlsx", data.getvalue())})
        assert [step.split()[2] for step in steps(page)] == ["New"]
        agree(carol, page)
        assert partnership.members.filter(name="Dara Sample").count() == 1

    def test_in_windows_letters_is_read_with_a_warning(self, carol, partnership):
        rows = f"{HEAD}\n{DARA}".replace("Dara", "Seán").replace("\t", ",").encode("cp1252")
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", rows)})
        assert "Seán Sample" in steps(page)[0]
        assert "Check names with fadas and accents." in text_of(page)

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "This file is empty. Choose another one."),
            (b"%PDF-1.7", "This is not a spreadsheet we can read."),
            (b"PK\x03\x04" + b"x" * 100, "The file is damaged."),
            (b"Name,Organisation\n" + b"x,y\n" * 2_001, "The sheet has more than 2,000 rows."),
            (b"a" * 2_000_001, "This file is too large."),
        ],
        ids=["empty", "a PDF", "damaged", "10,000 rows", "too large"],
    )
    def test_that_cannot_be_read_is_told(self, carol, content, told):
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", content)})
        assert page.status_code == 422
        assert told in text_of(page)

    def test_of_ten_thousand_pasted_rows_is_refused_in_words(self, carol):
        page = shown(carol, HEAD, *[DARA] * 10_000)
        assert "The sheet has more than 2,000 rows. Split it" in text_of(page)
        assert page.status_code == 422

    def test_takes_the_same_number_of_queries_to_plan_1_and_300_rows(
        self, carol, partnership, django_assert_num_queries
    ):
        for number in (1, 300):
            rows = [DARA.replace("dara", f"dara{n}") for n in range(number)]
            with django_assert_num_queries(7):
                assert shown(carol, HEAD, *rows).status_code == 200


class TestTheDownload:
    def test_holds_every_current_member_in_the_columns_that_the_import_reads(self, carol, cast, partnership):
        MemberFactory(partnership=partnership, name="Una", left_on="2999-01-01")
        response = carol.get(reverse("partnerships:export", args=["derry"]))
        rows = response.content.decode("utf-8-sig").splitlines()
        alice, bob = cast.alice.memberships.get().organisation, cast.bob.memberships.get().organisation
        community = '"Community and voluntary"'
        assert rows == [
            '"Partnership","Name","Email","Organisation","Sector","Role"',
            f'"Strategic Growth Partnership","Alice","alice@example.org","{alice}",{community},"Minute-taker"',
            f'"Strategic Growth Partnership","Bob","bob@example.org","{bob}",{community},"Member"',
        ]
        assert response.headers["Content-Disposition"].startswith('attachment; filename="derry-members-')

    def test_read_in_again_changes_nothing(self, carol, cast):
        content = carol.get(reverse("partnerships:export", args=["derry"])).content
        page = carol.post(URL, {"file": SimpleUploadedFile("members.csv", content)})
        assert "All of this is here already." in text_of(page)


def test_no_other_page_takes_a_file(as_):
    file = SimpleUploadedFile("x.csv", b"x")
    assert as_("carol").post("/areas/derry/settings/", {"file": file}).status_code == 400


def test_a_form_without_its_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.carol)
    assert client.post(URL, {"rows": f"{HEAD}\n{DARA}"}).status_code == 403
