"""Northern Ireland's councils and their district electoral areas, as locality partnerships."""

import csv
from functools import cache
from pathlib import Path

from partnerships.models import Area, Partnership

_FILE = Path(__file__).with_name("data") / "ni_district_electoral_areas.csv"


@cache
def councils() -> dict[str, list[str]]:
    """{council: names of its locality partnerships}, all eleven and their 80."""
    found: dict[str, list[str]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["council"], []).append(f"{row['district_electoral_area']} DEA")
    return found


def add_localities(area: Area, names: list[str], *, parent: Partnership | None = None) -> int:
    """Adds those that the area has not; how many."""
    known = {name.casefold() for name in area.partnerships.values_list("name", flat=True)}
    missing = [name for name in names if name.casefold() not in known]
    for name in missing:
        area.partnerships.create(name=name, kind=Partnership.Kind.LOCALITY, parent=parent)
    return len(missing)
