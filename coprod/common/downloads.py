"""Files that a browser is handed, under names that say what they are."""

from django.http import HttpResponse
from django.utils.text import slugify


def pdf_file(pdf: bytes, partnership: str, *parts: str, disposition: str = "inline") -> HttpResponse:
    """A finished PDF, named after the partnership and what it is: "growth-2026-03-04-feedback.pdf"."""
    name = "-".join((slugify(partnership)[:60], *parts))
    headers = {"Content-Disposition": f'{disposition}; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
