"""The parts of an ODS or XLSX file, taken out of their ZIP and walked through without building a tree.

openpyxl, odfpy and python-calamine were tried: files of 26 and 47 KB took the first two to 1.8 and 0.8 GB, and
for two cells in opposite corners the third asked for more than 4 GB and ended the whole process.
"""

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coprod.common.sheets.rows import MOST_UNPACKED, Unreadable, too_large

MOST_MARKS = 1_000_000  # tags and attributes of one part; 2,000 rows of 50 cells have 700,000 to 800,000
MOST_DEEP = 100  # elements inside one another
LONG = re.compile(rb"<[^<]{200000}")  # no tag and no text is so long: a cell of Excel holds 32,767 letters
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a bound
ENCRYPTED = 0x1
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)


class Archive:
    """Parts of a ZIP by name. Its headers are not believed: only bytes that were really unpacked count."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise damaged() from None
        # The names of XLSX parts do not mind case.
        self._entries = {entry.filename.lower(): entry for entry in self._zip.infolist()}
        self._left = MOST_UNPACKED

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def read(self, name: str) -> bytes:
        """Raises Unreadable for what is missing, damaged, protected, or larger than all parts may be together."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise damaged()
        if entry.flag_bits & ENCRYPTED:
            raise protected()
        part = self._unpack(entry)
        self._left -= len(part)
        if self._left < 0:
            raise too_large()
        return part

    def _unpack(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.compress_type not in METHODS:
            raise damaged()
        try:
            with self._zip.open(entry) as part:
                return part.read(self._left + 1)
        except BROKEN:
            raise damaged() from None


class Walk:
    """Walks through one part of XML, told only of beginnings, text and ends; names come without their prefix.

    expat is told of no namespaces and keeps no names, both of which a hostile part can make it hold for ever.
    """

    def __init__(self) -> None:
        self.path: list[str] = []

    def through(self, xml: bytes) -> None:
        """Raises Unreadable for what is no XML, has a DOCTYPE (no spreadsheet program writes one), or is too much."""
        if b"\0" in xml:  # UTF-16, in which the marks could not be counted
            raise damaged()
        if xml.count(b"<") + xml.count(b"=") > MOST_MARKS or LONG.search(xml):
            raise too_large()
        parser = expat.ParserCreate("utf-8", intern=None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(xml, True)
        except expat.ExpatError:
            raise damaged() from None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; it is the last of `path`."""

    def text(self, text: str) -> None:
        """A piece of text inside the last of `path`."""

    def end(self, name: str) -> None:
        """An element ends; it is still the last of `path`."""

    def _doctype(self, *declared: object) -> None:
        raise damaged()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.path) == MOST_DEEP:
            raise damaged()
        self.path.append(tag.rpartition(":")[2])
        self.start(self.path[-1], attributes)

    def _end(self, tag: str) -> None:
        self.end(self.path[-1])
        self.path.pop()


def whole(stored: str) -> int:
    """A number from 0 that a file tells, such as a row's. Raises Unreadable for anything else."""
    if not re.fullmatch("[0-9]{1,9}", stored):
        raise damaged()
    return int(stored)


def one_of_many(names: list[str]) -> list[str]:
    """The warning that other sheets were left out, if there are any. `names` are those that a person sees."""
    if len(names) < 2:
        return []
    message = ngettext(
        "The file has %(count)s sheet. Only the first one, “%(name)s”, was read.",
        "The file has %(count)s sheets. Only the first one, “%(name)s”, was read.",
        len(names),
    )
    return [message % {"count": len(names), "name": names[0]}]


def damaged() -> Unreadable:
    return Unreadable(_("The file is damaged. Open it in your spreadsheet program, save it again and try that."))


def not_a_sheet() -> Unreadable:
    return Unreadable(_("This is not a spreadsheet we can read. Save it as CSV, ODS or XLSX and try again."))


def protected() -> Unreadable:
    return Unreadable(_("The file is protected by a password. Save it without one and try again."))
