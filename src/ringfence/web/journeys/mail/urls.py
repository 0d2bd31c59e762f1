"""Address of how the firm's mail stands."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/mail", views.firm_mail, name="firm-mail"),
]
