"""Figures as somebody takes them out."""

from __future__ import annotations

import csv
import io

from django.urls import reverse


def address(name: str = "tables", kind: str = "csv", *, of: str = "partnership_data", slug: str = "growth") -> str:
    return reverse(f"feedback:{of}", args=[slug, name, kind])


def in_area(name: str = "tables", kind: str = "csv") -> str:
    return address(name, kind, of="area_data", slug="derry")


def rows_of(response) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
