"""Workbooks of Excel, and of others that write XLSX."""

import posixpath
import re
from datetime import datetime, timedelta

from coprod.common.sheets import values
from coprod.common.sheets.archive import Archive, Walk, damaged, not_a_sheet, one_of_many, whole
from coprod.common.sheets.rows import Cells, Rows, Sheet
from coprod.common.text import tidy

START = "_rels/.rels"
FIRST_DAYS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a cell has no time zone
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in formats, which have no code
PERCENTAGES = {9, 10}  # likewise
NOT_A_CODE = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[\\_*].')  # what a format prints as it is, and its colours
ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
LONGEST_FORMAT = 255


def read(archive: Archive) -> Sheet:
    """The first sheet that is not hidden. Raises Unreadable."""
    start = _Relations(archive, "").of_kind("officeDocument")
    if start is None or start.endswith(".bin"):
        raise not_a_sheet()
    book = _Workbook()
    book.through(archive.read(start))
    if not book.is_workbook:
        raise not_a_sheet()
    relations = _Relations(archive, start)
    sheets = [(name, path) for id, name in book.sheets.items() if (path := relations.worksheet(id))]
    if not sheets:
        raise damaged()
    sheet = _Worksheet(_strings(archive, relations), _styles(archive, relations), book.first_day)
    sheet.through(archive.read(sheets[0][1]))
    return sheet.rows.sheet(one_of_many([name for name, _ in sheets]))


class _Relations(Walk):
    """Which parts belong to one part, and as what."""

    def __init__(self, archive: Archive, source: str) -> None:
        super().__init__()
        self._folder, name = posixpath.split(source)
        self._found: dict[str, tuple[str, str]] = {}
        self.through(archive.read(posixpath.join(self._folder, "_rels", f"{name}.rels")))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.normpath(posixpath.join("/", self._folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            self._found[attributes.get("Id", "")] = (kind, path.lstrip("/"))

    def of_kind(self, kind: str) -> str | None:
        return next((path for other, path in self._found.values() if other == kind), None)

    def worksheet(self, id: str) -> str | None:
        """None for a sheet that is nothing but a chart."""
        kind, path = self._found.get(id, ("", ""))
        return path if kind == "worksheet" else None


class _Workbook(Walk):
    """The names of the sheets that a person sees, by the id of their part."""

    def __init__(self) -> None:
        super().__init__()
        self.is_workbook = False
        self.sheets: dict[str, str] = {}
        self.first_day = FIRST_DAYS[False]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbook":
            self.is_workbook = True
        elif name == "workbookPr":
            self.first_day = FIRST_DAYS[attributes.get("date1904") in {"1", "true"}]
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets[id] = attributes.get("name", "")


def _strings(archive: Archive, relations: _Relations) -> list[str]:
    strings = _Strings()
    if path := relations.of_kind("sharedStrings"):
        strings.through(archive.read(path))
    return strings.all


class _Strings(Walk):
    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._text = []

    def text(self, text: str) -> None:
        if _is_shown(self.path):
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "si":
            # Tidied once: many cells may refer to one long text of blanks.
            self.all.append(tidy(_joined(self._text)))


def _styles(archive: Archive, relations: _Relations) -> "_Styles":
    styles = _Styles()
    if path := relations.of_kind("styles"):
        styles.through(archive.read(path))
    return styles


class _Styles(Walk):
    """Whether a cell's number is a date or a time is told by its style's format alone."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._meanings: dict[str, str] = {}  # found out once a format, not once a cell

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.path[-2:] == ["numFmts", "numFmt"]:
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:LONGEST_FORMAT]
        elif self.path[-2:] == ["cellXfs", "xf"]:
            self._formats.append(attributes.get("numFmtId", "0"))

    def meaning(self, style: int) -> str:
        """ "number", "percentage", "moment", or "elapsed": hours that go on past 24."""
        format = self._formats[style] if style < len(self._formats) else "0"
        if format not in self._meanings:
            self._meanings[format] = self._meaning(format)
        return self._meanings[format]

    def _meaning(self, format: str) -> str:
        code = self._codes.get(format)
        if code is None:
            return "moment" if whole(format) in DATES else "percentage" if whole(format) in PERCENTAGES else "number"
        if ELAPSED.search(code):
            return "elapsed"
        shown = NOT_A_CODE.sub("", code)
        if "%" in shown:
            return "percentage"
        return "moment" if re.search("[dmyhs]", shown, re.IGNORECASE) else "number"


class _Worksheet(Walk):
    """Where a cell says where it stands, it is believed within the limits; what the sheet says of its size is not."""

    def __init__(self, strings: list[str], styles: _Styles, first_day: datetime) -> None:
        super().__init__()
        self.rows = Rows()
        self._strings, self._styles, self._first_day = strings, styles, first_day
        self._number = self._column = 0
        self._cells = Cells()
        self._cell: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._number = whole(attributes["r"]) if "r" in attributes else self._number + 1
            self._cells, self._column = Cells(), -1
        elif name == "c":
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._cell, self._text = attributes, []

    def text(self, text: str) -> None:
        if self.path[-1] == "v" or _is_shown(self.path):
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "c":
            self._cells.put(self._column, self._shown(_joined(self._text)))
        elif name == "row":
            self.rows.add(self._number, self._cells.in_order())

    def _shown(self, text: str) -> str:
        if not text:
            return ""
        match self._cell.get("t", "n"):
            case "s":
                return self._shared(whole(text))
            case "n":
                return self._number_shown(text)
            case "b":
                return "TRUE" if text in {"1", "true"} else "FALSE"
            case "d":
                return values.iso_moment(text)
        return text

    def _shared(self, index: int) -> str:
        if index >= len(self._strings):
            raise damaged()
        return self._strings[index]

    def _number_shown(self, text: str) -> str:
        meaning = self._styles.meaning(whole(self._cell.get("s", "0")))
        if meaning == "percentage":
            return values.percentage(text)
        if meaning == "number" or text.startswith("-"):
            return values.number(text)
        try:
            seconds = round(float(text) * 24 * 60 * 60)
            if meaning == "elapsed" or seconds < 24 * 60 * 60:
                return values.clock(seconds)
            return values.moment(self._first_day + timedelta(seconds=seconds))
        except (ValueError, OverflowError):
            return values.number(text)


def _is_shown(path: list[str]) -> bool:
    """Text of a cell, but not how it is pronounced."""
    return path[-1] == "t" and path[-2:-1] != ["rPh"]


def _joined(pieces: list[str]) -> str:
    """Excel writes a carriage return so."""
    return "".join(pieces).replace("_x000D_", " ")


def _column(place: str) -> int:
    """From 0: that of A1 is 0, that of AA7 is 26."""
    found = re.match("[A-Z]{1,3}", place)
    if found is None:
        raise damaged()
    column = 0
    for letter in found[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
