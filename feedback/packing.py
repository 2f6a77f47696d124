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
from django.db import connection, transaction
from django.utils import timezone

from coprod.pdf import STEPS, fingerprint, progress, render_pdf
from feedback.models import PackPdf
from partnerships.models import Year

# Making one that has not told of any step for so long has died with its process.
_DEAD_AFTER = timedelta(minutes=2)
_log = logging.getLogger("together")


@dataclass(frozen=True)
class Made:
    """The PDF; or, while it is being made, how far that is: the step, of STEPS."""

    pdf: bytes = b""
    step: int = 0
    of: int = STEPS


def pack_pdf(*, year: Year, html: str) -> Made:
    """This HTML of the year's pack as a PDF. Waits PACK_WAIT seconds at most; of a year of which nothing is written
    down there is little to make, and nothing is kept."""
    if year.pk is None:
        return Made(render_pdf(html))
    kept = PackPdf.objects.filter(year=year, made_from=fingerprint(html)).first()
    if kept and kept.content:
        return Made(bytes(kept.content))
    if kept and kept.told_at > timezone.now() - _DEAD_AFTER:
        return Made(step=kept.step)
    making = _Making(html)
    making.start()
    making.join(settings.PACK_WAIT)
    return making.handed_over(year)


class _Making(threading.Thread):
    """Renders, and touches no database unless it was left to finish alone."""

    def __init__(self, html: str) -> None:
        super().__init__(daemon=True)
        self._html, self._step, self._pdf = html, 0, b""
        # Whose pack it writes down by itself; None while a request waits for it.
        self._left_alone_for: int | None = None
        self._turn = threading.Lock()

    def run(self) -> None:
        try:
            with progress(self._tell):
                pdf = render_pdf(self._html)
        except Exception:
            _log.exception("A pack could not be made.")
            return
        with self._turn:
            self._pdf = pdf
            if self._left_alone_for is not None:
                _keep(self._left_alone_for, self._html, step=STEPS, pdf=pdf)
                connection.close()

    def _tell(self, step: int) -> None:
        with self._turn:
            self._step = step
            if self._left_alone_for is not None:
                _keep(self._left_alone_for, self._html, step=step)
                connection.close()

    def handed_over(self, year: Year) -> Made:
        """What there is by now; from here on the thread writes down the rest."""
        with self._turn:
            _keep(year.pk, self._html, step=self._step, pdf=self._pdf)
            if not self._pdf:
                self._left_alone_for = year.pk
            return Made(self._pdf, self._step)


@transaction.atomic
def _keep(year_id: int, html: str, *, step: int, pdf: bytes = b"") -> None:
    values = {"made_from": fingerprint(html), "step": step, "content": pdf, "told_at": timezone.now()}
    PackPdf.objects.update_or_create(year_id=year_id, defaults=values)
