"""ODS, out: line after line, so that a hundred thousand rows need no more memory than their file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

type Value = str | int | Decimal | date | None

_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_KIND}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
# Dates are shown as ISO 8601 has them, wherever the program runs.
_START = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:table="{_OPEN}:table:1.0" \
xmlns:text="{_OPEN}:text:1.0" xmlns:style="{_OPEN}:style:1.0" xmlns:number="{_OPEN}:datastyle:1.0" \
office:version="1.3"><office:automatic-styles>\
<number:date-style style:name="iso"><number:year number:style="long"/><number:text>-</number:text>\
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>\
</office:automatic-styles><office:body><office:spreadsheet>"""
_END = "</office:spreadsheet></office:body></office:document-content>"
# What no XML may hold.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_ods(sheets: Mapping[str, Iterable[Sequence[Value]]]) -> bytes:
    """{name of a sheet: its rows}. A text is a text, whatever it begins with; a formula cannot be written."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        # The first, and not packed: by this programs tell what the file is.
        archive.writestr("mimetype", _KIND, compress_type=ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(_START.encode())
            for name, rows in sheets.items():
                content.writelines(line.encode() for line in _sheet(name, rows))
            content.write(_END.encode())
    return out.getvalue()


def _sheet(name: str, rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """As wide as its first row, which holds the names of the columns."""
    rows = iter(rows)
    first = next(rows)
    yield f"<table:table table:name={quoteattr(name)}>"
    yield f'<table:table-column table:number-columns-repeated="{len(first)}"/>'
    for row in chain([first], rows):
        yield f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
    yield "</table:table>"


@lru_cache(maxsize=10_000, typed=True)
def _cell(value: Value) -> str:
    """Most cells of a sheet say what others say too."""
    if value is None or value == "":
        return "<table:table-cell/>"
    text = escape(_UNWRITABLE.sub("", str(value)))
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{text}" table:style-name="day"'
    else:
        kind = f'office:value-type="float" office:value="{text}"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
