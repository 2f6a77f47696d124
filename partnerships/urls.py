from django.urls import path

from partnerships import views

app_name = "partnerships"

urlpatterns = [
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/meetings/<int:pk>/", views.meeting, name="meeting"),
]
