"""CSV and pasted cells, in and out."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from coprod.common.sheets.rows import MOST_ROWS, Rows, Sheet, Unreadable
from coprod.common.text import FORMULA_STARTS

RUNS = (*FORMULA_STARTS, "\t", "\r", "\n")


def read_csv(data: bytes) -> Sheet:
    """The rows of a file of text. Raises Unreadable."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Unreadable(
            _("The letters in the file cannot be read. In Excel choose “Save as”, then “CSV UTF-8”, and try again.")
        ) from None
    if encoding != "cp1252":
        return read_pasted(text)
    warning = _(
        "Check names with fadas and accents. If they look wrong, save the file as “CSV UTF-8” and choose it again."
    )
    return read_pasted(text, [warning])


def read_pasted(text: str, warnings: Iterable[str] = ()) -> Sheet:
    """The rows of text with tabs, commas or semicolons between cells. Raises Unreadable."""
    if "\0" in text:
        raise Unreadable(_("This is not text that we can read. Save the sheet as CSV, ODS or XLSX and try again."))
    rows = Rows()
    for number, cells in _records(text):
        rows.add(number, cells)
    return rows.sheet(warnings)


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a BOM, as Excel wants it, and CRLF; a leading apostrophe keeps a formula from running."""
    out = io.StringIO(newline="")
    # Every cell is quoted, so that a semicolon in the first row is not taken for what stands between cells.
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([f"'{cell}" if cell.startswith(RUNS) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_typed(rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    """So that they can be mended in a box: a semicolon between cells, as a tab cannot be typed there.

    Rows keep their numbers, by blank lines, unless there are more of those than anybody scrolls past.
    """
    text, written = io.StringIO(), 0
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    keeps_numbers = rows[-1][0] <= 2 * MOST_ROWS
    for number, cells in rows:
        blank = number - 1 - written if keeps_numbers else 0
        text.write("\n" * blank)
        writer.writerow(cells)
        written += blank + 1
    return text.getvalue()


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered as a spreadsheet program does: a line break inside quotes does not count."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text), skipinitialspace=True, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error:
        message = _(
            'Row %(row)s cannot be read: a quotation mark (") is not closed, or a cell is too long. '
            "Mend it and try again."
        )
        raise Unreadable(message % {"row": number + 1}) from None


def _delimiter(text: str) -> str:
    """What the first line that has any has most of, outside quotes; a tab, which nobody types, before all."""
    for line in re.sub(r'"[^"]*"', "", text).splitlines():
        if "\t" in line:
            return "\t"
        if "," in line or ";" in line:
            return max(",;", key=line.count)
    return ","
