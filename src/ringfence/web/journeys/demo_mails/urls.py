"""Addresses of the demonstration's mails."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("demo-mails", views.mails, name="demo-mails"),
    path("demo-mails/<slug:mail>", views.mail, name="demo-mail"),
    path("demo-mails/<slug:mail>/html", views.as_html, name="demo-mail-html"),
]
