"""Addresses of signing in and out, passwords, the language and the firms of a user."""

from django.urls import URLPattern, path

from . import firms, new_address, passkey, password, password_link, second_step, session, views

urlpatterns: list[URLPattern] = [
    path("", firms.choose_firm, name="choose-firm"),
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/passkey", passkey.passkey, name="sign-in-with-passkey"),
    path("sign-in/second-step", second_step.second_step, name="mfa_authenticate"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("session", session.session, name="session"),
    path("set-password/<slug:uid>/<slug:key>", password.open_link, name="set-password"),
    path("set-password", password.choose_password, name="choose-password"),
    path("invitation/<slug:key>", password.open_invitation, name="invitation"),
    path("password-link", password_link.ask, name="password-link"),
    path("new-address/<slug:key>", new_address.open_link, name="new-address"),
    path("confirm-address", new_address.confirm, name="confirm-address"),
    path("language", views.set_language, name="set_language"),
]
