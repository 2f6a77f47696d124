from django.urls import path

from feedback.views import agenda, comments, desk, paper, printing, reminding, score, suggestions, table

app_name = "feedback"
_MEETING = "partnerships/<slug:slug>/meetings/<int:pk>/feedback"

urlpatterns = [
    path("m/worker.js", score.worker, name="worker"),
    path("m/<str:code>/", score.score, name="score"),
    path("m/<str:code>/sent/", score.sent, name="sent"),
    path("m/<str:code>/answers/", suggestions.answers, name="answers"),
    path("partnerships/<slug:slug>/suggestions/", suggestions.ledger, name="ledger"),
    path("partnerships/<slug:slug>/meetings/<int:pk>/agenda.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path(f"{_MEETING}/suggestions/", suggestions.consider, name="consider"),
    path(f"{_MEETING}/suggestions/new/", suggestions.raise_, name="raise"),
    path(f"{_MEETING}/remind/", reminding.remind, name="remind"),
    path(f"{_MEETING}/", desk.desk, name="desk"),
    path(f"{_MEETING}/open/", desk.open, name="open"),
    path(f"{_MEETING}/stop/", desk.stop, name="stop"),
    path(f"{_MEETING}/paper/", paper.paper, name="paper"),
    path(f"{_MEETING}/form.pdf", printing.paper_form_pdf, name="paper_form_pdf"),
    path(f"{_MEETING}/codes/", printing.codes, name="codes"),
    path(f"{_MEETING}/codes.pdf", printing.codes_pdf, name="codes_pdf"),
    path(f"{_MEETING}/comments/", comments.comments, name="comments"),
    path(f"{_MEETING}/collate/", comments.collate, name="collate"),
    path(f"{_MEETING}/table/", table.table, name="table"),
    path(f"{_MEETING}/table.pdf", table.table_pdf, name="table_pdf"),
]
