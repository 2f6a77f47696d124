"""The files in which figures are taken out: one function for each kind, of a data set and of what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from coprod.common.sheets import Value, write_csv, write_ods
from feedback.exports.datasets import DATA_SETS, AnyDataSet
from feedback.exports.lines import Extent
from feedback.scores.instruments import MEETING_FEEDBACK

_EXPLAINED = ("column", "type", "description")


@dataclass(frozen=True)
class Format:
    label: str
    content_type: str
    write: Callable[[AnyDataSet, Extent], bytes]


def dictionary_csv() -> bytes:
    """Both data sets, explained."""
    rows = [(each.name, *column) for each in DATA_SETS.values() for column in each.explained]
    return write_csv([("data_set", *_EXPLAINED), *rows])


def _csv(data_set: AnyDataSet, extent: Extent) -> bytes:
    cells = (["" if value is None else str(value) for value in row] for row in data_set.rows(extent))
    return write_csv(chain([data_set.names], cells))


def _ods(data_set: AnyDataSet, extent: Extent) -> bytes:
    sheets: dict[str, Iterable[Sequence[Value]]] = {
        data_set.name: chain([data_set.names], data_set.rows(extent)),
        _("Data dictionary"): [_EXPLAINED, *data_set.explained],
    }
    return write_ods(sheets)


def _json(data_set: AnyDataSet, extent: Extent) -> bytes:
    return "".join(_json_parts(data_set, extent)).encode()


def _json_parts(data_set: AnyDataSet, extent: Extent) -> Iterator[str]:
    """One row a line: a row is forgotten as soon as it is written."""
    columns = [dict(zip(_EXPLAINED, column, strict=True)) for column in data_set.explained]
    yield f'{{"about": {_in_json(_about(data_set, extent))},\n"columns": {_in_json(columns)},\n"rows": ['
    between = "\n"
    for row in data_set.rows(extent):
        yield between + _in_json(dict(zip(data_set.names, map(_plain, row), strict=True)))
        between = ",\n"
    yield "]}\n"


def _in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _about(data_set: AnyDataSet, extent: Extent) -> dict[str, str | int | None]:
    return {
        "title": str(data_set.title),
        "description": str(data_set.says),
        "area": extent.area.name,
        "partnership": None if extent.owner == extent.area else extent.owner.name,
        "year": extent.year,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "statements_source": MEETING_FEEDBACK.source,
        "statements_licence": _("The Guide states no licence."),
        "figures_licence": _("They belong to the partnerships: ask them before you publish any."),
    }


FORMATS = {
    "csv": Format("CSV", "text/csv; charset=utf-8", _csv),
    "ods": Format("ODS", "application/vnd.oasis.opendocument.spreadsheet", _ods),
    "json": Format("JSON", "application/json", _json),
}
