"""Finished HTML in, a tagged PDF out. The only importer of WeasyPrint."""

import hashlib
from functools import cache

import pydyf
from django.conf import settings
from weasyprint import CSS, HTML, VERSION, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse


class _NothingFromOutside(URLFetcher):
    """A document brings all it needs; what it would fetch, somebody has smuggled into its text."""

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        raise ValueError("PDFs fetch nothing")


# Kept for the process: making one loads the roots of trust for TLS, 20 ms a document.
_FETCHER = _NothingFromOutside()
_FONTS = FontConfiguration()


@cache
def _sheet() -> str:
    return (settings.BASE_DIR / "static" / "css" / "pdf.css").read_text(encoding="utf-8")


@cache
def _style() -> CSS:
    return CSS(string=_sheet(), url_fetcher=_FETCHER, font_config=_FONTS)


def fingerprint(html: str) -> str:
    """64 letters that are the same as long as the PDF would look the same."""
    return hashlib.sha256(f"{VERSION}{_sheet()}{html}".encode()).hexdigest()


def render_pdf(html: str) -> bytes:
    """A PDF/UA-1 file of one HTML document, which must have a title and a language."""
    return HTML(string=html, url_fetcher=_FETCHER).write_pdf(
        stylesheets=[_style()], font_config=_FONTS, pdf_variant="pdf/ua-1", finisher=_scope_table_heads
    )


def warm_up() -> None:
    """Loads fonts and parses the style, so that the first reader does not wait for them."""
    render_pdf("<html lang=en><title>.</title><table><tr><th>.</th></tr></table></html>")


def _scope_table_heads(document: Document, pdf: pydyf.PDF) -> None:
    """Says of each table head whether it heads a column or a row, which WeasyPrint leaves out (issue 2508)."""
    elements = {thing.reference: thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and "S" in thing}
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[element["P"]]
            in_head = elements[row["P"]]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
