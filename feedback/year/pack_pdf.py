"""The pack as a PDF: made in a thread while whoever asked waits, and kept as long as it says the same.

A document of thirty pages takes seconds. The request waits for a moment; if that is not enough, the thread writes
down how far it is and at last the PDF, and the page that asked looks again, at whichever server process it may be.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from coprod.common.pdf import STEPS, fingerprint, progress, render_pdf
from feedback.models import PackPdf
from partnerships.models import Year

# Making one that has not told of anything for so long has died with its process; after a failure too, it is tried anew.
_DEAD_AFTER = timedelta(minutes=2)
_log = logging.getLogger("together")


class CouldNotBeMade(Exception):
    """Rendering failed; the log says why."""


@dataclass(frozen=True)
class Made:
    """The PDF; or, while it is being made, how far that is: the step, of STEPS."""

    pdf: bytes = b""
    step: int = 0
    of: int = STEPS


def in_the_making(year: Year) -> Made | None:
    """How far somebody's pack of the year is; None where nobody makes one. Raises CouldNotBeMade."""
    row = PackPdf.objects.filter(year=year.pk, told_at__gt=timezone.now() - _DEAD_AFTER).defer("content").first()
    if row and row.has_failed:
        raise CouldNotBeMade
    return Made(step=row.step) if row and row.step < STEPS else None


def pack_pdf(*, partnership_year: Year, html: str) -> Made:
    """This HTML of the year's pack as a PDF. Waits PACK_WAIT seconds at most. Raises CouldNotBeMade."""
    year = Year.objects.written(partnership_year.partnership, partnership_year.number)
    kept = PackPdf.objects.filter(year=year, made_from=fingerprint(html), step=STEPS).first()
    if kept:
        return Made(bytes(kept.content))
    making = _Making(year.pk, html)
    making.start()
    making.join(settings.PACK_WAIT)
    return making.handed_over()


class _Making(threading.Thread):
    """Renders, and touches no database unless it was left to finish alone."""

    def __init__(self, year_id: int, html: str) -> None:
        super().__init__(daemon=True)
        self._year_id, self._html = year_id, html
        self._step, self._pdf, self._failed, self._is_alone = 0, b"", False, False
        self._turn = threading.Lock()

    def run(self) -> None:
        try:
            with progress(self._tell):
                pdf = render_pdf(self._html)
            with self._turn:
                self._pdf, self._step = pdf, STEPS
                self._write_if_alone()
        except Exception:
            _log.exception("A pack could not be made.")
            with self._turn:
                self._failed = True
                self._write_if_alone()
        finally:
            connection.close()

    def _tell(self, step: int) -> None:
        with self._turn:
            self._step = min(step, STEPS - 1)  # the last is told with the PDF itself
            self._write_if_alone()

    def handed_over(self) -> Made:
        """What there is by now; from here on the thread writes down the rest. Raises CouldNotBeMade."""
        with self._turn:
            self._write()
            if self._failed:
                raise CouldNotBeMade
            self._is_alone = not self._pdf
            return Made(self._pdf, self._step)

    def _write_if_alone(self) -> None:
        if self._is_alone:
            self._write()

    def _write(self) -> None:
        """A database that cannot be written to keeps nobody from a PDF that is there."""
        values = {
            "made_from": fingerprint(self._html),
            "step": self._step,
            "content": self._pdf,
            "has_failed": self._failed,
            "told_at": timezone.now(),
        }
        try:
            with transaction.atomic():
                PackPdf.objects.update_or_create(year_id=self._year_id, defaults=values)
        except Error:
            _log.exception("How far a pack is could not be written down.")
