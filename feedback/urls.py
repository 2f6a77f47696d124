from django.urls import path

from feedback.views import comments, desk, paper, printing, score, table

app_name = "feedback"
_MEETING = "partnerships/<slug:slug>/meetings/<int:pk>/feedback"

urlpatterns = [
    path("m/worker.js", score.worker, name="worker"),
    path("m/<str:code>/", score.score, name="score"),
    path("m/<str:code>/sent/", score.sent, name="sent"),
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
