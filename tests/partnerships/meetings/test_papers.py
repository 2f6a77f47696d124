"""Papers for an item: a link, or a file that is what its name says, for those who may see the meeting."""

import os
import stat
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client

from partnerships.meetings.papers import MEDIA_TYPES, NotAPaper, kind_of, throw_away_strays
from partnerships.models import Meeting, Paper
from tests.actors.editors import Editor, write
from tests.factories import MeetingFactory
from tests.helpers.sheet_files import ods, ods_of, xlsx, zipped

pytestmark = pytest.mark.django_db

OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{OFFICE}.wordprocessingml.document.main+xml"
EXCEL = f"{OFFICE}.spreadsheetml.sheet.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
EXCEL_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def office(kind: str, *, mark: str = '"') -> bytes:
    """The part of a Word or Excel file that says what the file is."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    return zipped({"[Content_Types].xml": types.replace('"', mark), "word/document.xml": "<document/>"})


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ODT, DOCX = ods_of("<text:p>Budget</text:p>", kind="text"), office(WORD)
ODS, XLSX = ods([["Budget"]]), xlsx([["Budget"]])
FILES = {"pdf": PDF, "odt": ODT, "docx": DOCX, "ods": ODS, "xlsx": XLSX}


def file(name: str, content: bytes) -> SimpleUploadedFile:
    # What a browser says of a file's kind is not believed.
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.fixture
def folder(settings) -> Path:
    return Path(settings.PAPERS_DIR)


@pytest.fixture
def editor(as_, meeting) -> Editor:
    """Alice writes the agenda."""
    return Editor(as_("alice"), meeting)


@pytest.fixture
def upload(editor):
    """`upload("Budget.pdf", PDF)`: the first item of the agenda, with this paper."""

    def _upload(name: str, content: bytes, **typed: str) -> Editor:
        return editor.press("stay", {"n0-title": "Budget", "n0-paper_file": file(name, content)} | typed)

    return _upload


def lying_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestAFile:
    def test_of_each_kind_is_taken_and_lies_under_a_name_that_tells_nothing(self, editor, meeting, folder):
        rows = [f"n{n}" for n in range(len(FILES))]
        typed: dict[str, object] = {"row": rows}
        for row, (kind, content) in zip(rows, FILES.items(), strict=True):
            typed |= {f"{row}-title": kind, f"{row}-paper_file": file(f"The  {kind}.{kind.upper()}", content)}
        editor.press("save", typed)
        papers = list(Paper.objects.filter(item__meeting=meeting))
        assert [(paper.title, paper.kind, paper.url) for paper in papers] == [(f"The {k}", k, "") for k in FILES]
        assert [Path(paper.file.path).read_bytes() for paper in papers] == [*FILES.values()]
        assert lying_in(folder) == sorted(str(paper.file) for paper in papers)
        assert all(len(Path(str(paper.file)).stem) == 32 for paper in papers)
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert "pdf For discussion The pdf (PDF)" in editor.said

    def test_may_have_a_title_of_its_own(self, upload):
        upload("scan0017.pdf", PDF, **{"n0-paper_title": "Figures  for 2027"})
        assert str(Paper.objects.get()) == "Figures for 2027"
        assert Paper.objects.get().kind == "pdf"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("preceded.pdf", b"\n" * 1000 + PDF),
            ("apostrophes.docx", office(WORD, mark="'")),
            ("by-hand.xlsx", office(EXCEL)),
            ("a line's end.odt", zipped({"mimetype": f"{MEDIA_TYPES[Paper.Kind.ODT]}\n"})),
            ("../../etc/passwd.pdf", PDF),
        ],
    )
    def test_is_taken_as_programs_write_it(self, upload, folder, name, content):
        assert upload(name, content).status == 200
        assert Paper.objects.get().title == Path(name).stem
        assert lying_in(folder) == [Paper.objects.get().file.name]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("words.pdf", b"Only words"),
            ("late.pdf", b"\n" * 1024 + PDF),
            ("page.pdf", b"<script>alert(1)</script>"),
            ("a-pdf.odt", PDF),
            ("a-sheet.odt", ODS),
            ("a-text.ods", ODT),
            ("a-sheet.docx", XLSX),
            ("a-text.xlsx", DOCX),
            ("macros.docx", office(WORD_WITH_MACROS)),
            ("macros.xlsx", office(EXCEL_WITH_MACROS)),
            ("a-zip.docx", zipped({"word/document.xml": "<document/>"})),
            ("half.xlsx", XLSX[: len(XLSX) // 2]),
        ],
    )
    def test_that_is_not_what_its_name_says_is_refused(self, upload, folder, name, content):
        page = upload(name, content)
        kind = Path(name).suffix[1:].upper()
        told = f"“{name}” is not what its name says, or it is damaged or protected. Open it, save it as {kind} again."
        assert page.status == 422
        assert told in page.said
        assert page.leads_to("id_n0-paper_file")
        assert (Paper.objects.count(), folder.exists()) == (0, False)

    @pytest.mark.parametrize("name", ["paper", "paper.docm", "paper.html", "paper.pdf.exe", ".pdf", "<b>.svg"])
    def test_of_another_kind_is_refused(self, upload, name):
        page = upload(name, PDF)
        assert page.status == 422
        assert f"“{name.replace('<b>', '&lt;b&gt;')}” is not a kind of file" in page.response.content.decode()
        assert "Save it as PDF, ODT, DOCX, ODS or XLSX." in page.said
        assert not Paper.objects.exists()

    def test_that_is_empty_is_refused(self, upload):
        page = upload("nothing.pdf", b"", **{"n0-paper_title": "Nothing"})
        assert "There is a problem Nothing is saved yet. Choose your files once more" in page.said
        assert "Item 1: This file is empty. Choose another one." in page.said
        assert page.leads_to("id_n0-paper_file")

    def test_that_is_too_large_is_refused(self, upload, monkeypatch):
        monkeypatch.setattr("partnerships.meetings.papers.MOST_BYTES", len(PDF))
        page = upload("large.pdf", PDF + b"\n")
        assert "“large.pdf” has more than 20 MB. Make it smaller, or put it elsewhere and give the link." in page.said
        assert upload("just-right.pdf", PDF).status == 200

    def test_of_which_not_all_has_arrived_is_refused(self):
        # The page takes so many bytes at once, and tells the true size of what it cut off.
        cut = UploadedFile(BytesIO(PDF), "figures.pdf", size=len(PDF) + 1)
        with pytest.raises(NotAPaper, match="All files together have more than 40 MB"):
            kind_of(cut)

    def test_has_to_be_chosen_again_where_something_else_was_wrong(self, upload):
        page = upload("figures.pdf", PDF, **{"n1-minutes": "ten", "n0-lead": "Treasurer"})
        assert "Nothing is saved yet. Choose your files once more: a browser does not keep them." in page.said
        assert (page.fields["n0-title"], page.fields["n0-lead"]) == (["Budget"], ["Treasurer"])

    def test_or_somebody_else_was_quicker(self, upload, editor, as_, meeting, folder):
        other = Editor(as_("carol"), meeting)
        editor.press("save", {"n0-title": "First"})
        page = other.press("save", {"n0-title": "Budget", "n0-paper_file": file("figures.pdf", PDF)})
        assert page.status == 409
        assert "Choose your files once more: a browser does not keep them." in page.said
        assert not folder.exists()

    def test_of_an_item_that_is_taken_off_is_not_kept(self, editor, meeting, folder):
        (row,) = write(meeting, "Budget")
        editor.load().press("save", {f"{row}-off": "on", f"{row}-paper_file": file("figures.pdf", PDF)})
        assert (Paper.objects.count(), folder.exists()) == (0, False)


class TestALink:
    def test_is_kept_under_its_title(self, editor):
        typed = {"n0-paper_title": "The  plan", "n0-paper_url": "https://example.org/plan?a=1&b=2"}
        editor.press("save", {"n0-title": "Plan"} | typed)
        assert list(Paper.objects.values_list("title", "kind", "url", "file")) == [
            ("The plan", "link", "https://example.org/plan?a=1&b=2", "")
        ]
        assert 'href="https://example.org/plan?a=1&amp;b=2" rel="noreferrer"' in editor.response.content.decode()

    def test_or_under_its_address(self, editor):
        editor.press("save", {"n0-title": "Plan", "n0-paper_url": f"example.org/{'x' * 200}"})
        assert Paper.objects.get().title == f"https://example.org/{'x' * 200}"[:200]
        assert Paper.objects.get().url == f"https://example.org/{'x' * 200}"

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"n0-paper_url": "javascript:alert(1)"}, "Type a whole web address"),
            ({"n0-paper_url": "the plan", "n0-paper_title": "Plan"}, "Type a whole web address"),
            ({"n0-paper_url": f"https://example.org/{'x' * 500}"}, "Ensure this value has at most 500 characters"),
            ({"n0-paper_title": "Plan"}, "Give the link to this paper, or choose its file"),
            (
                {"n0-paper_url": "https://example.org/", "n0-paper_file": file("a.pdf", PDF)},
                "Give a link or a file, not both",
            ),
        ],
    )
    def test_that_leads_nowhere_is_told_and_kept(self, editor, typed, message):
        editor.press("save", {"n0-title": "Plan"} | typed)
        assert editor.status == 422
        assert message in editor.said
        assert editor.leads_to("id_n0-paper_url")
        assert [name for name in editor.kept if editor.kept[name] != editor.sent[name]] == []
        assert not Paper.objects.exists()


class TestHandingItOut:
    @pytest.fixture
    def paper(self, upload) -> Paper:
        upload("Figures.pdf", PDF)
        return Paper.objects.get()

    def address(self, paper: Paper, meeting: Meeting | None = None) -> str:
        return f"{(meeting or paper.item.meeting).get_absolute_url()}papers/{paper.pk}/"

    def test_to_all_who_may_see_the_meeting_and_nobody_else(self, as_, paper):
        for name in ("alice", "bob", "carol"):
            assert as_(name).get(self.address(paper)).getvalue() == PDF
        assert as_("eve").get(self.address(paper)).status_code == 404
        assert Client().get(self.address(paper)).headers["Location"].startswith("/account/sign-in/")

    def test_shows_a_pdf_and_lets_it_do_nothing(self, as_, paper):
        response = as_("bob").get(self.address(paper))
        response.close()
        names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
        kept_in = ["application/pdf", 'inline; filename="figures.pdf"', "nosniff"]
        assert [response.headers[name] for name in names] == kept_in
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("kind", ["odt", "docx", "ods", "xlsx"])
    def test_hands_anything_else_over_as_a_file(self, as_, upload, kind):
        upload(f"Оценка.{kind}", FILES[kind])
        response = as_("bob").get(self.address(Paper.objects.get()))
        assert response.getvalue() == FILES[kind]
        assert response.headers["Content-Type"] == MEDIA_TYPES[Paper.Kind(kind)]
        assert response.headers["Content-Disposition"] == f'attachment; filename="paper.{kind}"'

    def test_not_under_another_meeting(self, as_, paper):
        other = MeetingFactory(partnership=paper.item.meeting.partnership)
        assert as_("alice").get(self.address(paper, other)).status_code == 404

    def test_not_what_is_no_file_or_none_at_all(self, as_, meeting, paper):
        link = Paper.objects.create(item=paper.item, title="Plan", kind="link", url="https://example.org/")
        assert as_("alice").get(self.address(link)).status_code == 404
        assert as_("alice").get(f"{meeting.get_absolute_url()}papers/{'9' * 30}/").status_code == 404

    def test_not_what_is_lost(self, as_, paper, folder):
        (folder / paper.file.name).unlink()
        assert as_("alice").get(self.address(paper)).status_code == 404


class TestTakingItAway:
    @pytest.fixture
    def paper(self, upload) -> Paper:
        upload("Figures.pdf", PDF)
        return Paper.objects.get()

    @pytest.fixture
    def row(self, paper) -> str:
        return f"i{paper.item_id}"

    def test_takes_the_file_away_once_it_is_certain(self, editor, row, folder, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as certain:
            editor.press("save", {f"{row}-drop": str(Paper.objects.get().pk)})
            assert not Paper.objects.exists()
            assert len(lying_in(folder)) == 1
        for follow_up in certain:
            follow_up()
        assert lying_in(folder) == []
        assert editor.meeting.items.count() == 1

    @pytest.mark.parametrize("typed", [{"off": "on"}, {"title": ""}], ids=["taken off", "emptied"])
    def test_so_does_taking_its_item_off(self, editor, row, folder, typed, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            editor.press("save", {f"{row}-{name}": value for name, value in typed.items()})
        assert (Paper.objects.count(), lying_in(folder)) == (0, [])

    def test_a_link_leaves_nothing_to_take_away(self, editor, meeting, django_capture_on_commit_callbacks):
        (row,) = write(meeting, "Plan")
        link = Paper.objects.create(item_id=row[1:], title="Plan", kind="link", url="https://example.org/")
        with django_capture_on_commit_callbacks() as certain:
            editor.load().press("save", {f"{row}-drop": str(link.pk)})
        assert (Paper.objects.count(), certain) == (0, [])

    def test_stays_ticked_where_something_else_was_wrong(self, editor, row, paper):
        editor.press("save", {f"{row}-drop": str(paper.pk), "feedback_minutes": ""})
        assert editor.status == 422
        assert editor.fields[f"{row}-drop"] == [str(paper.pk)]
        assert Paper.objects.get() == paper

    def test_saving_once_more_leaves_it_where_it_is(self, editor, paper, folder):
        editor.press("up:n0", {"n0-title": "Another"}).press("save")
        assert (Paper.objects.get(), lying_in(folder)) == (paper, [paper.file.name])

    def test_is_not_possible_from_another_meetings_page(self, editor, row, paper, as_):
        other = MeetingFactory(partnership=editor.meeting.partnership)
        (mine,) = write(other, "Mine")
        Editor(as_("alice"), other).press("save", {f"{mine}-drop": str(paper.pk)})
        assert Paper.objects.get() == paper


class TestStrays:
    """Files without a row: a power cut came between the two, or the meeting went as a whole."""

    def test_are_thrown_away_when_nobody_can_still_be_writing_them(self, upload, folder):
        upload("Figures.pdf", PDF)
        kept = str(Paper.objects.get().file)
        for name, age in (("old.pdf", 3601), ("young.pdf", 3500), (kept, 9999)):
            (folder / name).write_bytes(PDF)
            os.utime(folder / name, (time.time() - age,) * 2)
        assert list(throw_away_strays()) == ["old.pdf"]
        assert lying_in(folder) == sorted(["young.pdf", kept])

    def test_no_folder_has_none(self, folder):
        assert not folder.exists()
        assert list(throw_away_strays()) == []
