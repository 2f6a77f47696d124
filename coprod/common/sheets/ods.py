"""OpenDocument spreadsheets, as LibreOffice and others write them."""

import re

from coprod.common.sheets import values
from coprod.common.sheets.archive import Archive, Walk, not_a_sheet, one_of_many, protected, whole
from coprod.common.sheets.rows import Cells, Rows, Sheet

MANIFEST = "META-INF/manifest.xml"
CELLS = ("table-cell", "covered-table-cell")
BLANKS = ("s", "tab", "line-break")
HOURS = re.compile(r"PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]*)?S")


def read(archive: Archive) -> Sheet:
    """The first sheet that is not hidden. Raises Unreadable."""
    if MANIFEST in archive and b"encryption-data" in archive.read(MANIFEST):
        raise protected()
    content = _Content()
    content.through(archive.read("content.xml"))
    if not content.is_sheet:
        raise not_a_sheet()
    return content.rows.sheet(one_of_many(content.names))


class _Content(Walk):
    """LibreOffice ends a sheet with blank rows and cells, repeated to the edge: they are counted, never laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self.names: list[str] = []
        self.is_sheet = self._reading = False
        self._style = ""
        self._hidden: set[str] = set()
        self._number = self._column = 0
        self._paragraph = 0  # how deep it is; a comment or a picture in the cell has its own, deeper down
        self._cells = Cells()
        self._row = self._cell = dict[str, str]()
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._hidden.add(self._style)
        elif name == "spreadsheet":
            self.is_sheet = True
        elif name == "table" and self.path[-2:-1] == ["spreadsheet"]:
            self._start_table(attributes)
        elif self._reading:
            self._start_inside(name, attributes)

    def _start_table(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:style-name") not in self._hidden:
            self.names.append(attributes.get("table:name", ""))
            self._reading = len(self.names) == 1

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table-row":
            self._row, self._column, self._cells = attributes, 0, Cells()
        elif name in CELLS:
            self._cell, self._text = attributes, []
        elif name == "p" and self.path[-2] in CELLS:
            self._paragraph = len(self.path)
        elif name in BLANKS:
            self.text(" ")

    def text(self, text: str) -> None:
        if self._paragraph:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "table" and self.path[-2:-1] == ["spreadsheet"]:
            self._reading = False
        elif self._reading:
            self._end_inside(name)

    def _end_inside(self, name: str) -> None:
        if len(self.path) == self._paragraph:
            self.text(" ")
            self._paragraph = 0
        elif name in CELLS:
            times = _times(self._cell, "table:number-columns-repeated")
            self._cells.put(self._column, _shown(self._cell, "".join(self._text)), times)
            self._column += times
        elif name == "table-row":
            self._end_row(_times(self._row, "table:number-rows-repeated"))

    def _end_row(self, times: int) -> None:
        cells = self._cells.in_order()
        if cells:
            for number in range(self._number + 1, self._number + times + 1):
                self.rows.add(number, cells)
        self._number += times


def _times(attributes: dict[str, str], repeated: str) -> int:
    return max(1, whole(attributes.get(repeated, "1")))


def _shown(cell: dict[str, str], text: str) -> str:
    """A formula's error stands in the text alone, beside an empty value."""
    match cell.get("office:value-type"):
        case "percentage":
            return values.percentage(cell.get("office:value", text))
        case "float" | "currency":
            return values.number(cell.get("office:value", text))
        case "date":
            return values.iso_moment(cell.get("office:date-value", text))
        case "time":
            return _clock(cell.get("office:time-value", text))
        case "boolean":
            return cell.get("office:boolean-value", text).upper()
    return cell.get("office:string-value") or text


def _clock(stored: str) -> str:
    found = HOURS.fullmatch(stored)
    if found is None:
        return stored
    hours, minutes, seconds = map(int, found.groups())
    return values.clock(hours * 3600 + minutes * 60 + seconds)
