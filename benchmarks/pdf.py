"""PDFs beside WeasyPrint alone on the same HTML, both warm: a table's, and a year's pack. Medians of processor time."""

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

from coprod.common.pdf import render_pdf  # noqa: E402
from feedback.models import Table  # noqa: E402
from feedback.tables.views.table import context_of  # noqa: E402
from feedback.year.pack import pack_of  # noqa: E402
from partnerships.models import Year  # noqa: E402
from partnerships.models.years import current_number  # noqa: E402

sheet = Path("static/css/pdf.css").read_text(encoding="utf-8")
fetcher = URLFetcher()


def beside(name: str, html: str, times: int) -> None:
    def alone() -> bytes:
        return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[CSS(string=sheet)], pdf_variant="pdf/ua-1")

    def ours() -> bytes:
        return render_pdf(html)

    taken: dict[str, list[float]] = {"alone": [], "ours": []}
    alone(), ours()
    for _ in range(times):
        for key, make in (("alone", alone), ("ours", ours)):
            start = time.process_time()
            make()
            taken[key].append(time.process_time() - start)
    median = {key: statistics.median(each) * 1000 for key, each in taken.items()}
    print(f"{name}: WeasyPrint alone {median['alone']:.0f} ms, ours {median['ours']:.0f} ms,", end=" ")
    print(f"ratio {median['ours'] / median['alone']:.2f}")


table = Table.objects.exclude(round__meeting=None).select_related("round__meeting__partnership__area").latest("pk")
beside("A table", render_to_string("feedback/tables/table_pdf.html", context_of(table, table.round)), 15)
meeting = table.round.occasion
# The year before, where there is one: it is whole.
year = Year.objects.filter(partnership=meeting.partnership).exclude(workshop=None).select_related(
    "partnership__area"
).first() or Year(partnership=meeting.partnership, number=current_number(meeting.partnership, table.round.meeting.date))
beside("A pack", render_to_string("feedback/year/pack_pdf.html", pack_of(year)), 7)
