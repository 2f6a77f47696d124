"""Files as spreadsheet programs write them, and as nobody should: made in the test, by hand where it matters."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import openpyxl
import pytest

from coprod.common.sheets import Unreadable, read, read_text

OPEN = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY = "There is nothing in it. Choose a sheet with at least one row that is filled in."
TOO_MANY_ROWS = "The sheet has more than 2,000 rows. Split it and import the parts one after the other."
TOO_MANY_COLUMNS = "The sheet has more than 50 columns. Remove those that are not needed and try again."
DAMAGED = "The file is damaged. Open it in your spreadsheet program, save it again and try that."
PROTECTED = "The file is protected by a password. Save it without one and try again."
NOT_A_SHEET = "This is not a spreadsheet we can read. Save it as CSV, ODS or XLSX and try again."
WRONG_LETTERS = "The letters in the file cannot be read. In Excel choose “Save as”, then “CSV UTF-8”, and try again."
NOT_TEXT = "This is not text that we can read. Save the sheet as CSV, ODS or XLSX and try again."
WINDOWS = "Check names with fadas and accents. If they look wrong, save the file as “CSV UTF-8” and choose it again."

REPEATED_BLANK_ROWS = (
    '<table:table-row table:number-rows-repeated="1048576">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def ods_of(content: str, *, before: str = "", kind: str = "spreadsheet", **parts: str) -> bytes:
    """`content` goes inside the body, `before` in front of it (styles)."""
    names = " ".join(f'xmlns:{name}="{OPEN}:{name}:1.0"' for name in ("office", "style", "table", "text", "draw"))
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {names}>{before}<office:body><office:{kind}>{content}"
            f"</office:{kind}></office:body></office:document-content>",
            **parts,
        }
    )


def ods_table(rows: str, *, name: str = "Members", style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def ods_row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def ods_cell(text: str = "", *, times: int = 1, **attributes: str) -> str:
    """Attributes are of the office namespace, their dashes written as underscores."""
    of_office = "".join(f' office:{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    paragraph = f"<text:p>{escape(text)}</text:p>" if text else ""
    return f'<table:table-cell table:number-columns-repeated="{times}"{of_office}>{paragraph}</table:table-cell>'


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """As LibreOffice ends it: with blank rows to the last one that there can be."""
    filled = "".join(ods_row(*(ods_cell(cell, value_type="string") for cell in row)) for row in rows)
    return ods_of(ods_table(filled + REPEATED_BLANK_ROWS))


def xlsx(rows: Sequence[Sequence[object]], **formats: str) -> bytes:
    """By openpyxl; `formats` are number formats by cell, such as A1="h:mm"."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, format in formats.items():
        book.active[place].number_format = format
    return xlsx_book(book)


def xlsx_book(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """(kind, target) pairs, with the ids r1, r2, ..."""
    each = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f"<Relationships>{each}</Relationships>"


def xlsx_parts(rows: str, **parts: str) -> dict[str, str | bytes]:
    """The fewest parts that make a workbook; `strings`, `styles` and `book` replace ours."""
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "/xl/styles.xml")
        ),
        "xl/workbook.xml": parts.get(
            "book", f'<workbook xmlns:r="{OFFICE}"><sheets><sheet name="Members" r:id="r1"/></sheets></workbook>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/SharedStrings.xml": parts.get("strings", "<sst/>"),
        "xl/styles.xml": parts.get("styles", "<styleSheet/>"),
    }


def xlsx_of(rows: str, **parts: str) -> bytes:
    return zipped(xlsx_parts(rows, **parts))


def cells(sheet):
    return [row.cells for row in sheet.rows]


def refusal(data):
    with pytest.raises(Unreadable) as refused:
        read_text(data) if isinstance(data, str) else read(data)
    return str(refused.value)


def given_by(data):
    try:
        return read(data)
    except Unreadable as refused:
        return str(refused)
