"""The PDF of a table beside WeasyPrint alone on the same HTML, both warm; medians of processor time."""

import os
import statistics
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod.settings")
django.setup()

from django.template.loader import render_to_string  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.urls import URLFetcher  # noqa: E402

from coprod.pdf import render_pdf  # noqa: E402
from feedback.models import Table  # noqa: E402
from feedback.views.table import context_of  # noqa: E402

table = Table.objects.select_related("round__meeting__partnership__area").latest("pk")
html = render_to_string("feedback/table_pdf.html", context_of(table, table.round))
sheet = Path("static/css/pdf.css").read_text(encoding="utf-8")
fetcher = URLFetcher()


def alone() -> bytes:
    return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[CSS(string=sheet)], pdf_variant="pdf/ua-1")


def ours() -> bytes:
    return render_pdf(html)


times: dict[str, list[float]] = {"alone": [], "ours": []}
for _ in range(3):
    alone(), ours()
for _ in range(15):
    for name, make in (("alone", alone), ("ours", ours)):
        start = time.process_time()
        make()
        times[name].append(time.process_time() - start)
median = {name: statistics.median(each) * 1000 for name, each in times.items()}
print(f"WeasyPrint alone {median['alone']:.0f} ms, ours {median['ours']:.0f} ms,", end=" ")
print(f"ratio {median['ours'] / median['alone']:.2f}")
