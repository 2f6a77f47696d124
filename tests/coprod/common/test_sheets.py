import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coprod.common.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Row, Sheet, read, read_text, write_csv
from tests.helpers.sheet_files import (
    EMPTY,
    NOT_A_SHEET,
    NOT_TEXT,
    OFFICE,
    PROTECTED,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    WINDOWS,
    WRONG_LETTERS,
    cells,
    given_by,
    ods,
    ods_of,
    refusal,
    xlsx,
    xlsx_of,
    zipped,
)


def row_that_breaks(number):
    return (
        f'Row {number} cannot be read: a quotation mark (") is not closed, or a cell is too long. '
        "Mend it and try again."
    )


class TestPastedText:
    def test_cells_of_a_spreadsheet_come_with_tabs(self):
        assert read_text("Name\tRole\r\nAnna, the chair\tchair") == Sheet(
            (Row(1, ("Name", "Role")), Row(2, ("Anna, the chair", "chair")))
        )

    @pytest.mark.parametrize("text", ["Name,Role", "Name;Role", "Name\tRole", '"Name";"Role"', 'Name, "Role"'])
    def test_commas_semicolons_and_tabs_stand_between_cells(self, text):
        assert cells(read_text(text)) == [("Name", "Role")]

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ('"Surname, name, title";Role', ("Surname, name, title", "Role")),
            ("Surname, name;Role;Email", ("Surname, name", "Role", "Email")),
            ("Anna", ("Anna",)),
            ('"Anna\tBerg",chair', ("Anna Berg", "chair")),
        ],
    )
    def test_what_stands_most_often_outside_quotes_stands_between_cells(self, text, first):
        assert cells(read_text(text)) == [first]

    def test_a_title_above_the_table_does_not_decide(self):
        assert cells(read_text("Members of the board\n\nName;Role")) == [("Members of the board",), ("Name", "Role")]

    def test_rows_have_the_numbers_that_the_spreadsheet_shows(self):
        text = '\n\nName,Role\n , \n"Anna\nBerg",chair\n\nBen,\n'
        assert read_text(text) == Sheet((Row(3, ("Name", "Role")), Row(5, ("Anna Berg", "chair")), Row(7, ("Ben",))))

    def test_cells_are_tidied(self):
        assert cells(read_text("  Anna \u00a0 Berg ,, chair,, ")) == [("Anna Berg", "", "chair")]

    def test_a_quotation_mark_inside_a_cell_is_kept(self):
        assert cells(read_text('Anna "Annie" Berg,"the ""old"" chair"')) == [('Anna "Annie" Berg', 'the "old" chair')]

    @pytest.mark.parametrize("text", ["", " \n\n,,,", "\t\t\n", '""'])
    def test_nothing_is_refused(self, text):
        assert refusal(text) == EMPTY

    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ('Name,Role\n"Anna,chair\nBen,member', 2),
            ('"Anna" Berg,chair', 1),
            ("Name\n\n" + "x" * (csv.field_size_limit() + 1), 3),
        ],
    )
    def test_a_quotation_mark_that_is_not_closed_swallows_nothing(self, text, row):
        assert refusal(text) == row_that_breaks(row)

    def test_a_zero_character_is_no_text(self):
        assert refusal("Anna\0Berg") == NOT_TEXT

    def test_more_than_an_upload_may_hold_is_refused(self):
        assert refusal("x" * (MOST_BYTES + 1)) == (
            "The text is too long. Split it and import the parts one after the other."
        )


class TestUploadedText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_unicode_is_read(self, encoding):
        assert read("Name,Seán Ó Briain".encode(encoding)) == Sheet((Row(1, ("Name", "Seán Ó Briain")),))

    def test_windows_text_is_read_with_a_warning(self):
        assert read("Name,Seán".encode("cp1252")) == Sheet((Row(1, ("Name", "Seán")),), (WINDOWS,))

    @pytest.mark.parametrize("data", [b"Name,Se\x81n", b"\xff\xfea"])
    def test_letters_of_no_known_encoding_are_refused(self, data):
        assert refusal(data) == WRONG_LETTERS

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32"])
    def test_unicode_that_does_not_say_so_is_refused(self, encoding):
        assert refusal("Name".encode(encoding)) == NOT_TEXT

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b" <!DOCTYPE html><table>", b"<?xml version='1.0'?>", b"{\\rtf1}"])
    def test_what_is_plainly_something_else_is_refused(self, data):
        assert refusal(data) == NOT_A_SHEET

    def test_more_than_2_megabytes_are_refused(self):
        assert refusal(b"x" * (MOST_BYTES + 1)) == (
            "The file is larger than 2 MB. Split it and import the parts one after the other."
        )


class TestLimits:
    makers = pytest.mark.parametrize("make", [write_csv, ods, xlsx])

    @makers
    def test_as_many_rows_and_columns_as_may_be_are_read(self, make):
        rows = [["x"]] * (MOST_ROWS - 1) + [["x"] * MOST_COLUMNS]
        assert cells(read(make(rows))) == [tuple(row) for row in rows]

    @makers
    def test_one_row_more_is_refused(self, make):
        assert refusal(make([["x"]] * (MOST_ROWS + 1))) == TOO_MANY_ROWS

    @makers
    def test_one_column_more_is_refused(self, make):
        assert refusal(make([["x"] * (MOST_COLUMNS + 1)])) == TOO_MANY_COLUMNS

    @makers
    def test_blank_rows_and_columns_do_not_count(self, make):
        rows = [["x"] + [" "] * MOST_COLUMNS] + [[""]] * MOST_ROWS + [["y"]]
        assert read(make(rows)) == Sheet((Row(1, ("x",)), Row(MOST_ROWS + 2, ("y",))))

    @makers
    def test_a_file_without_anything_in_it_is_refused(self, make):
        assert refusal(make([["", " "]])) == EMPTY


class TestOtherFiles:
    def test_an_archive_of_anything_else_is_refused(self):
        assert refusal(zipped({"letter.txt": "x"})) == NOT_A_SHEET

    def test_an_old_workbook_is_refused(self):
        assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")) == (
            "The file is of an older kind, such as XLS. Save it as XLSX and try again."
        )

    def test_a_workbook_with_a_password_is_refused(self):
        assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")) == PROTECTED


class TestWritten:
    def test_a_file_is_what_excel_wants(self):
        assert write_csv([["Name", "Role"], ["Seán", ""]]) == b'\xef\xbb\xbf"Name","Role"\r\n"Se\xc3\xa1n",""\r\n'

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
    def test_no_cell_runs_as_a_formula(self, start):
        assert write_csv([[f"{start}1+1"]]) == f'\ufeff"\'{start}1+1"\r\n'.encode()


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
CELL = st.text(st.one_of(LETTERS, st.sampled_from(" ,;\"'\t\n"))).filter(
    lambda cell: not cell.startswith(tuple("=+-@\t\n"))
)
TABLE = st.lists(st.lists(CELL, max_size=5), max_size=5)


def tidied(rows):
    """What a sheet of these cells has to give, or what it has to say."""
    found = []
    for number, row in enumerate(rows, 1):
        kept = [" ".join(cell.split()) for cell in row]
        while kept and not kept[-1]:
            kept.pop()
        found += [Row(number, tuple(kept))] if kept else []
    return Sheet(tuple(found)) if found else EMPTY


@settings(deadline=None)
@given(TABLE)
def test_the_same_cells_come_out_of_every_kind_of_file(rows):
    pasted = io.StringIO(newline="")
    csv.writer(pasted, dialect="excel-tab", quoting=csv.QUOTE_ALL).writerows(rows)
    assert [given_by(data) for data in (write_csv(rows), pasted.getvalue().encode(), ods(rows), xlsx(rows))] == [
        tidied(rows)
    ] * 4


@settings(deadline=None)
@given(st.text(st.one_of(LETTERS, st.sampled_from(" ,;\"'=+-@\t\r\n"))), st.lists(CELL, max_size=3))
def test_what_was_written_and_read_can_be_written_and_read_again(first, others):
    inert = f"'{first}" if first.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else first
    assert given_by(write_csv([[first], others])) == tidied([[inert], others])


def never_anything_else(data):
    assert isinstance(given_by(data), Sheet | str)


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]), st.binary()
)
def test_arbitrary_bytes_are_read_or_refused(start, data):
    never_anything_else(start + data)


@settings(deadline=None)
@given(
    st.sampled_from([ods([["Anna", "chair"]]), xlsx([["Anna", 7]]), xlsx_of("<row><c><v>7</v></c></row>")]),
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), min_size=1, max_size=9),
)
def test_damaged_files_are_read_or_refused(data, changes):
    broken = bytearray(data)
    for place, byte in changes:
        broken[place % len(broken)] = byte
    never_anything_else(bytes(broken))


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/ac=\"'&;:[]!- "), max_size=60))
def test_damaged_parts_are_read_or_refused(part):
    never_anything_else(xlsx_of(part))
    never_anything_else(ods_of(part))
    never_anything_else(xlsx_of("", book=f"<workbook xmlns:r='{OFFICE}'>{part}</workbook>"))
