from django.urls import URLPattern, path, re_path

from feedback.exports import views as data
from feedback.rounds.views import comments, desk, printing
from feedback.rounds.views import reminders as reminding
from feedback.slips.views import answers, paper, score
from feedback.suggestions.views import agenda
from feedback.suggestions.views import ledger as suggestions
from feedback.tables.views import paper_import as old_tables
from feedback.tables.views import table
from feedback.trends.views import area as area_trends
from feedback.trends.views import chart_notes, practices
from feedback.trends.views import partnership as trends
from feedback.year.views import assessments as years
from feedback.year.views import packs, workshops

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
    path("m/<str:code>/answers/", answers.answers, name="answers"),
    path("partnerships/<slug:slug>/trends/", trends.trends, name="trends"),
    path("partnerships/<slug:slug>/trends.pdf", trends.trends_pdf, name="trends_pdf"),
    path("areas/<slug:slug>/trends/", area_trends.area_trends, name="area_trends"),
    path("partnerships/<slug:slug>/trends/notes/", chart_notes.chart_notes, name="chart_notes"),
    path("partnerships/<slug:slug>/trends/notes/<int:pk>/", chart_notes.chart_note, name="chart_note"),
    path(
        "partnerships/<slug:slug>/trends/notes/<int:pk>/remove/",
        chart_notes.remove_chart_note,
        name="remove_chart_note",
    ),
    path("practice/", practices.practices, name="practices"),
    path("partnerships/<slug:slug>/practice/", practices.own_practices, name="own_practices"),
    path("partnerships/<slug:slug>/practice/<slug:statement>/", practices.share_practice, name="share_practice"),
    path(
        "partnerships/<slug:slug>/practice/<slug:statement>/withdraw/",
        practices.withdraw_practice,
        name="withdraw_practice",
    ),
    path("partnerships/<slug:slug>/suggestions/", suggestions.ledger, name="ledger"),
    path(f"{_MEETING}/agenda.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path("areas/<slug:slug>/trends/import/", old_tables.import_tables, name="import_tables"),
    path("areas/<slug:slug>/trends/import/<str:kind>.csv", old_tables.example_file, name="import_example"),
    path(f"{_MEETING}/feedback/remove/", old_tables.remove_table, name="remove_table"),
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
    path("partnerships/<slug:slug>/data/", data.partnership_data_page, name="data"),
    path("partnerships/<slug:slug>/data/<str:name>.<str:kind>", data.partnership_data, name="partnership_data"),
    path("areas/<slug:slug>/data/", data.area_data_page, name="area_data_page"),
    path("areas/<slug:slug>/data/<str:name>.<str:kind>", data.area_data, name="area_data"),
    path("data/", data.data_dictionary, name="data_dictionary"),
    path("data/dictionary.csv", data.data_dictionary_csv, name="data_dictionary_csv"),
    path(
        "data/<str:token>/partnerships/<slug:slug>/<str:name>.<str:kind>",
        data.token_partnership_data,
        name="token_partnership_data",
    ),
    path("data/<str:token>/areas/<slug:slug>/<str:name>.<str:kind>", data.token_area_data, name="token_area_data"),
    re_path(r"^data/(?P<mistyped>.+)$", data.nothing_there, name="no_data"),
    path("pack/<str:token>/", packs.open_pack, name="open_pack"),
    path("pack/<str:token>/pack.pdf", packs.open_pack_pdf, name="open_pack_pdf"),
]
