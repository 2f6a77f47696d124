"""Files made to exhaust whoever opens them: each is a few KB that say they are gigabytes, or nearly so."""

import io
import struct
import tracemalloc
import zipfile
from itertools import pairwise

import pytest

from coprod.common.sheets import Row, Sheet, read
from tests.helpers.sheet_files import (
    DAMAGED,
    EMPTY,
    NOT_A_SHEET,
    PROTECTED,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    cells,
    given_by,
    ods,
    ods_cell,
    ods_of,
    ods_row,
    ods_table,
    refusal,
    xlsx_of,
    xlsx_parts,
    zipped,
)

TOO_LARGE = "The file is too large once it is unpacked. Copy its rows into a new file and try again."
MOST_MEMORY = 150_000_000
SHEET = "xl/worksheets/sheet1.xml"
ONE = Sheet((Row(1, ("1",)),))
CELL = "<row><c><v>1</v></c></row>"


def laughs():
    """Each entity is ten of the one before: a thousand million laughs."""
    nested = "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise("abcdefghij"))
    return f"<!DOCTYPE worksheet [<!ENTITY a 'laugh'>{nested}]><worksheet>&j;</worksheet>"


def outside(address):
    return f"<!DOCTYPE worksheet [<!ENTITY a SYSTEM '{address}'>]><worksheet>&a;</worksheet>"


def long_shared_text(letter, cells):
    """Five million times one letter in one shared text, to which every cell refers, ten in a row."""
    strings = "<sst><si>" + ("<t>" + letter * 190_000 + "</t>") * 26 + "</si></sst>"
    return xlsx_of(("<row>" + "<c t='s'><v>0</v></c>" * 10 + "</row>") * (cells // 10), strings=strings)


def many_attributes():
    """The parser remembers every name that it has met: some ten bytes in the file, some hundred in memory."""
    tags = (
        "<row " + "".join(f'a{number:x}=""' + " " for number in range(at, at + 9_000)) + "/>"
        for at in range(0, 180_000, 9_000)
    )
    return xlsx_of("".join(tags))


def brackets():
    """Each takes a while to make out."""
    format = f'<numFmt numFmtId="200" formatCode="{"[" * 255}"/>'
    return f'<styleSheet><numFmts>{format}</numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'


def blank_styles(count):
    return f"<styleSheet><cellXfs>{'<xf/>' * count}</cellXfs></styleSheet>"


HOSTILE = {
    "ODS: one cell repeated over the whole grid": (
        lambda: ods_of(ods_table(ods_row(ods_cell("x", times=16_384), times=1_048_576))),
        TOO_MANY_COLUMNS,
    ),
    "ODS: one row repeated to the last": (
        lambda: ods_of(ods_table(ods_row(ods_cell("x"), times=1_048_576))),
        TOO_MANY_ROWS,
    ),
    "ODS: one row repeated far beyond the last": (
        lambda: ods_of(ods_table(ods_row(ods_cell("x"), times=999_999_999))),
        TOO_MANY_ROWS,
    ),
    "ODS: blank rows repeated a million times over": (
        lambda: ods_of(ods_table(ods_row(ods_cell(times=999_999_999), times=999_999_999) * 100)),
        EMPTY,
    ),
    "ODS: fifty thousand blank cells, one by one": (
        lambda: ods_of(ods_table(ods_row("<table:table-cell/>" * 50_000))),
        EMPTY,
    ),
    "XLSX: a cell in the last corner": (
        lambda: xlsx_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        TOO_MANY_COLUMNS,
    ),
    "XLSX: five million cells in a row": (lambda: xlsx_of(f"<row>{'<c/>' * 4_900_000}</row>"), TOO_LARGE),
    "XLSX: fifty thousand blank cells in a row": (lambda: xlsx_of(f"<row>{'<c/>' * 50_000}</row>"), EMPTY),
    "XLSX: fifty thousand shared texts": (
        lambda: xlsx_of(CELL, strings=f"<sst>{'<si/>' * 50_000}</sst>"),
        ONE,
    ),
    "XLSX: three million shared texts": (lambda: xlsx_of(CELL, strings=f"<sst>{'<si/>' * 3_000_000}</sst>"), TOO_LARGE),
    "XLSX: one text of 19 MB": (
        lambda: xlsx_of(CELL, strings=f"<sst><si><t>{'x' * 19_000_000}</t></si></sst>"),
        TOO_LARGE,
    ),
    "XLSX: one long shared text in every cell": (lambda: long_shared_text("x", 20_000), TOO_LARGE),
    "XLSX: one long shared blank in every cell": (lambda: long_shared_text(" ", 20_000), EMPTY),
    "XLSX: fifty thousand styles": (lambda: xlsx_of(CELL, styles=blank_styles(50_000)), ONE),
    "XLSX: three million styles": (lambda: xlsx_of(CELL, styles=blank_styles(3_000_000)), TOO_LARGE),
    "XLSX: a format of nothing but brackets in 30,000 cells": (
        lambda: xlsx_of(f"<row>{'<c r="A1"><v>1</v></c>' * 30_000}</row>", styles=brackets()),
        ONE,
    ),
    "XML: 180,000 names": (many_attributes, EMPTY),
    "XML: a tag with 50,000 attributes": (
        lambda: xlsx_of("<row " + " ".join(f'a{number}=""' for number in range(50_000)) + "/>"),
        TOO_LARGE,
    ),
    "XML: a name space of 190 KB around fifty thousand names": (
        lambda: xlsx_of(f"<x xmlns='{'u' * 190_000}'>" + "".join(f"<a{n % 99}/>" for n in range(50_000)) + "</x>"),
        EMPTY,
    ),
    "XML: four hundred thousand elements, one inside another": (lambda: xlsx_of("<a>" * 400_000), DAMAGED),
    "XML: a billion laughs": (lambda: zipped({**xlsx_parts(""), SHEET: laughs()}), DAMAGED),
    "XML: a billion laughs in ODS": (lambda: zipped({"content.xml": laughs()}), DAMAGED),
    "XML: an entity from the disk": (lambda: zipped({**xlsx_parts(""), SHEET: outside("file:///etc/passwd")}), DAMAGED),
    "XML: an entity from the net": (lambda: zipped({"content.xml": outside("http://127.0.0.1:9/")}), DAMAGED),
    "XML: another encoding": (
        lambda: zipped({"content.xml": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")}),
        DAMAGED,
    ),
    "ZIP: a thousand times its size": (lambda: zipped({"content.xml": b" " * 200_000_000}), TOO_LARGE),
    "ZIP: parts that are large together": (
        lambda: zipped({**xlsx_parts(CELL), "xl/styles.xml": b"<a/>" + b"\n" * 12_000_000, SHEET: b"\n" * 12_000_000}),
        TOO_LARGE,
    ),
    "ZIP: twenty thousand entries": (lambda: zipped({f"{number}": b"" for number in range(20_000)}), NOT_A_SHEET),
    "ZIP: a ZIP in it": (lambda: zipped({"content.xml": zipped({"content.xml": b" " * 9_000_000})}), DAMAGED),
    "ZIP: a method that unpacks without a bound": (
        lambda: zipped({"content.xml": b" " * 200_000_000}, zipfile.ZIP_BZIP2),
        DAMAGED,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_or_read_within_bounds(name):
    make, outcome = HOSTILE[name]
    data = make()
    tracemalloc.start()
    try:
        assert given_by(data) == outcome
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_parts_that_nobody_needs_are_not_unpacked():
    assert cells(read(zipped({**xlsx_parts(CELL), "xl/media/picture.png": b" " * 30_000_000}))) == [("1",)]


def unzipped(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def lying(data, **lies):
    """The same ZIP; its first entry's fields in the directory at its end, and in front of it, are changed."""
    fields = {"flags": (8, 6, "<H"), "crc": (16, 14, "<L"), "packed": (20, 18, "<L"), "size": (24, 22, "<L")}
    changed = bytearray(data)
    for field, value in lies.items():
        in_directory, in_front, kind = fields[field]
        struct.pack_into(kind, changed, data.index(b"PK\x01\x02") + in_directory, value)
        struct.pack_into(kind, changed, in_front, value)
    return bytes(changed)


class TestAnArchiveThatLies:
    bomb = zipped({"content.xml": b" " * 30_000_000})
    good = zipped({"content.xml": unzipped(ods([["x"]]), "content.xml")})

    def test_the_true_one_is_read(self):
        assert cells(read(self.good)) == [("x",)]

    def test_of_a_smaller_size_is_damaged(self):
        assert refusal(lying(self.bomb, size=100)) == DAMAGED

    def test_of_a_larger_size_is_no_larger_for_it(self):
        assert cells(read(lying(self.good, size=4_000_000_000))) == [("x",)]

    def test_of_what_it_holds_is_damaged(self):
        assert refusal(lying(self.good, crc=1)) == DAMAGED

    def test_of_its_packed_size_is_damaged(self):
        assert refusal(lying(self.good, packed=10)) == DAMAGED

    def test_of_being_encrypted_is_protected(self):
        assert refusal(lying(self.good, flags=1)) == PROTECTED

    def test_of_where_its_entries_begin_is_damaged(self):
        """Two entries of the directory share the bytes of one."""
        data = bytearray(zipped({"content.xml": b" " * 1000, "other.xml": b"x"}))
        second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
        struct.pack_into("<L", data, second + 42, 0)
        assert refusal(bytes(data)) == DAMAGED

    def test_of_its_end_is_damaged(self):
        assert refusal(self.good[:-10]) == DAMAGED


def test_an_ordinary_file_that_ends_in_a_million_blank_rows_is_read():
    assert cells(read(ods([["Anna", "chair"], ["Ben"]]))) == [("Anna", "chair"), ("Ben",)]
