from django.urls import path

from charter.views import desk, pages, printing, public, signing

app_name = "charter"
_CHARTER = "partnerships/<slug:slug>/charter"

urlpatterns = [
    path("charter/", public.public, name="public"),
    path("charter/self-check/", public.self_check, name="self_check"),
    path("charter/<slug:token>/", public.public, name="public"),
    path(f"{_CHARTER}/", pages.detail, name="detail"),
    path(f"{_CHARTER}/adopt/", signing.adopt, name="adopt"),
    path(f"{_CHARTER}/withdraw/<str:level>/", signing.withdraw, name="withdraw"),
    path(f"{_CHARTER}/record/", desk.record, name="record"),
    path(f"{_CHARTER}/publish/", desk.publish, name="publish"),
    path(f"{_CHARTER}/paper/", desk.paper, name="paper"),
    path(f"{_CHARTER}/ask/", desk.ask, name="ask"),
    path(f"{_CHARTER}/poster.pdf", printing.poster_pdf, name="poster_pdf"),
    path(f"{_CHARTER}/sheet.pdf", printing.sheet_pdf, name="sheet_pdf"),
]
