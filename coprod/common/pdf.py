"""Finished HTML in, a tagged PDF out. The only importer of WeasyPrint."""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic

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
# Kept for each thread: two that render with one map of fonts corrupt its memory.
_kept = threading.local()
_OPTIONS = {"pdf_variant": "pdf/ua-1"}


@cache
def _sheet() -> str:
    return (settings.BASE_DIR / "static" / "css" / "pdf.css").read_text(encoding="utf-8")


def _style() -> tuple[CSS, FontConfiguration]:
    if not hasattr(_kept, "style"):
        fonts = FontConfiguration()
        _kept.style = CSS(string=_sheet(), url_fetcher=_FETCHER, font_config=fonts), fonts
    return _kept.style


def fingerprint(html: str) -> str:
    """64 letters that are the same as long as the PDF would look the same."""
    return hashlib.sha256(f"{VERSION}{_sheet()}{html}".encode()).hexdigest()


def render_pdf(html: str) -> bytes:
    """A PDF/UA-1 file of one HTML document, which must have a title and a language."""
    return _finished(_laid_out(html))


# WeasyPrint tells how far it is as "Step 3 - ...", of so many steps.
STEPS = 7
_TOLD_EVERY = 5
_PROGRESS = logging.getLogger("weasyprint.progress")
_PROGRESS.propagate = False


class _Told(logging.Handler):
    """Hears of the steps of this thread's document alone; of one that takes long, more than once."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self._tell, self._thread, self._last, self._at = tell, threading.get_ident(), 0, 0.0

    def emit(self, record: logging.LogRecord) -> None:
        step = int(record.getMessage().split()[1])
        if record.thread == self._thread and (step > self._last or monotonic() > self._at + _TOLD_EVERY):
            self._last, self._at = max(step, self._last), monotonic()
            self._tell(self._last)


@contextmanager
def progress(tell: Callable[[int], None]) -> Iterator[None]:
    """Calls `tell` with each step, from 1 to STEPS, of what this thread renders meanwhile, and every few seconds."""
    handler = _Told(tell)
    _PROGRESS.addHandler(handler)
    _PROGRESS.setLevel(logging.INFO)
    try:
        yield
    finally:
        _PROGRESS.removeHandler(handler)


def render_one_page(versions: Iterable[str]) -> bytes:
    """The first of these documents that fits one page, or the last."""
    documents = (_laid_out(html) for html in versions)
    document = next(documents)
    while len(document.pages) > 1 and (following := next(documents, None)):
        document = following
    return _finished(document)


def _laid_out(html: str) -> Document:
    style, fonts = _style()
    return HTML(string=html, url_fetcher=_FETCHER).render(stylesheets=[style], font_config=fonts, **_OPTIONS)


def _finished(document: Document) -> bytes:
    return document.write_pdf(finisher=_mend, **_OPTIONS)


def warm_up() -> None:
    """Loads fonts and parses the style, so that the first reader does not wait for them."""
    render_pdf("<html lang=en><title>.</title><table><tr><th>.</th></tr></table></html>")


def _mend(document: Document, pdf: pydyf.PDF) -> None:
    """Says of each table head whether it heads a column or a row, which WeasyPrint leaves out (issue 2508), and of
    each link that it is printed."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Dictionary) and thing.get("Subtype") == "/Link":
            thing["F"] = 4
    elements = {thing.reference: thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and "S" in thing}
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[element["P"]]
            in_head = elements[row["P"]]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
