"""Reads the rows of a sheet that somebody pasted or uploaded; knows nothing about what they mean.

    data -> archive (ZIP, XML) -> ods | xlsx --\\
    data -> text (CSV, pasted cells) ----------- rows.Rows -> Sheet

What comes in may be hostile, so nothing here builds a tree or a grid: memory follows the limits in `rows`,
never what a file says about itself. No formula is ever computed.
"""

from django.utils.translation import gettext as _

from coprod.common.sheets import ods, text, xlsx
from coprod.common.sheets.archive import Archive, not_a_sheet, protected
from coprod.common.sheets.ods_written import Value, write_ods
from coprod.common.sheets.rows import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, Row, Sheet, Unreadable
from coprod.common.sheets.text import write_csv, write_typed

__all__ = [
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "MOST_UNPACKED",
    "Row",
    "Sheet",
    "Unreadable",
    "Value",
    "read",
    "read_text",
    "write_csv",
    "write_ods",
    "write_typed",
]

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"<!doctype", b"<html", b"<table", b"<?xml")


def read(data: bytes) -> Sheet:
    """The first sheet of an uploaded CSV, ODS or XLSX file, told apart by what is in it, never by its name.

    Raises Unreadable, whose message tells the person what to do.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 2 MB. Split it and import the parts one after the other."))
    if data.startswith(ZIP):
        return _read_archive(Archive(data))
    if data.startswith(OLE2):
        raise _of_an_older_kind(data)
    if data[:64].lstrip().lower().startswith(OTHERS):
        raise not_a_sheet()
    return text.read_csv(data)


def read_text(pasted: str) -> Sheet:
    """The rows of pasted text: cells of a spreadsheet (tabs between them), or CSV with commas or semicolons.

    Raises Unreadable, whose message tells the person what to do.
    """
    if len(pasted) > MOST_BYTES:
        raise Unreadable(_("The text is too long. Split it and import the parts one after the other."))
    return text.read_pasted(pasted)


def _read_archive(archive: Archive) -> Sheet:
    if "content.xml" in archive:
        return ods.read(archive)
    if xlsx.START in archive:
        return xlsx.read(archive)
    raise not_a_sheet()


def _of_an_older_kind(data: bytes) -> Unreadable:
    """XLSX files with a password come in the envelope of the old XLS."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return protected()
    return Unreadable(_("The file is of an older kind, such as XLS. Save it as XLSX and try again."))
