from django.urls import URLPattern, path

from feedback.views import (
    agenda,
    comments,
    desk,
    packs,
    paper,
    printing,
    reminding,
    score,
    suggestions,
    table,
    workshops,
    years,
)

app_name = "feedback"
_MEETING = "partnerships/<slug:slug>/meetings/<int:pk>"
_YEAR = "partnerships/<slug:slug>/years/<int:number>"

# What a round goes through, be it a meeting's or a year's: name, the end of the address, view.
_STEPS = (
    ("desk", "", desk.desk),
    ("open", "open/", desk.open),
    ("stop", "stop/", desk.stop),
    ("remind", "remind/", reminding.remind),
    ("paper", "paper/", paper.paper),
    ("paper_form_pdf", "form.pdf", printing.paper_form_pdf),
    ("codes", "codes/", printing.codes),
    ("codes_pdf", "codes.pdf", printing.codes_pdf),
    ("comments", "comments/", comments.comments),
    ("collate", "collate/", comments.collate),
    ("table", "table/", table.table),
    ("table_pdf", "table.pdf", table.table_pdf),
)


def _steps(base: str, prefix: str = "") -> list[URLPattern]:
    """The addresses under which Round.address finds them."""
    return [path(f"{base}/{end}", view, name=f"{prefix}{name}") for name, end, view in _STEPS]


urlpatterns = [
    path("m/worker.js", score.worker, name="worker"),
    path("m/<str:code>/", score.score, name="score"),
    path("m/<str:code>/sent/", score.sent, name="sent"),
    path("m/<str:code>/answers/", suggestions.answers, name="answers"),
    path("partnerships/<slug:slug>/suggestions/", suggestions.ledger, name="ledger"),
    path(f"{_MEETING}/agenda.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path(f"{_MEETING}/feedback/suggestions/", suggestions.consider, name="consider"),
    path(f"{_MEETING}/feedback/suggestions/new/", suggestions.raise_, name="raise"),
    *_steps(f"{_MEETING}/feedback"),
    *_steps(f"{_YEAR}/assessment", "year_"),
    path(f"{_YEAR}/assessment/prepare/", years.prepare, name="prepare"),
    path(f"{_YEAR}/together/", years.together, name="together"),
    path(f"{_YEAR}/gap/", years.gap, name="gap"),
    path(f"{_YEAR}/gap.pdf", years.gap_pdf, name="gap_pdf"),
    path(f"{_YEAR}/workshop/", workshops.workshop, name="workshop"),
    path(f"{_YEAR}/workshop/link/", workshops.workshop_link, name="workshop_link"),
    path(f"{_YEAR}/pack/", packs.pack, name="pack"),
    path(f"{_YEAR}/pack.pdf", packs.pack_as_pdf, name="pack_pdf"),
    path("pack/<str:token>/", packs.open_pack, name="open_pack"),
    path("pack/<str:token>/pack.pdf", packs.open_pack_pdf, name="open_pack_pdf"),
]
