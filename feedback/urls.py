from django.urls import path

from feedback.views import comments, desk, score, table

app_name = "feedback"
_MEETING = "partnerships/<slug:slug>/meetings/<int:pk>/feedback"

urlpatterns = [
    path("m/<str:code>/", score.score, name="score"),
    path("m/<str:code>/sent/", score.sent, name="sent"),
    path(f"{_MEETING}/", desk.desk, name="desk"),
    path(f"{_MEETING}/open/", desk.open, name="open"),
    path(f"{_MEETING}/stop/", desk.stop, name="stop"),
    path(f"{_MEETING}/comments/", comments.comments, name="comments"),
    path(f"{_MEETING}/collate/", comments.collate, name="collate"),
    path(f"{_MEETING}/table/", table.table, name="table"),
    path(f"{_MEETING}/table.pdf", table.table_pdf, name="table_pdf"),
]
