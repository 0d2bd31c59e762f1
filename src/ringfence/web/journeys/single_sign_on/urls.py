"""Addresses of single sign-on: of people on their way in and out, and of administrators."""

from django.urls import URLPattern, path

from . import adding, asking, changing, saml, saml_form, signing_in, signing_out, testing, views

_AT = "sign-in/with/<slug:uid>"
_ALL = "firms/<number:firm>/manage/single-sign-on"
_ONE = f"{_ALL}/<number:provider>"

urlpatterns: list[URLPattern] = [
    path("sign-in/firm", signing_in.find, name="find-provider"),
    path("sign-in/confirm", signing_in.confirm_again, name="confirm-at-provider"),
    path(_AT, signing_in.offered, name="provider"),
    path(f"{_AT}/go", signing_in.go, name="provider-go"),
    path(f"{_AT}/callback", signing_in.callback, name="provider-callback"),
    path(f"{_AT}/refused/<slug:why>", signing_in.refused_before, name="provider-refused"),
    path(f"{_AT}/signed-out", signing_out.signed_out, name="provider-signed-out"),
    path(f"{_AT}/sign-out", signing_out.sign_out_there, name="provider-sign-out"),
    path(f"{_AT}/back-channel-logout", signing_out.signed_out_there, name="provider-back-channel"),
    path(f"{_AT}/metadata", saml.metadata, name="provider-metadata"),
    path(f"{_AT}/answer", saml.answer, name="provider-answer"),
    path(_ALL, views.listing, name="providers"),
    path(f"{_ALL}/add", adding.kind, name="add-provider"),
    path(f"{_ALL}/add/where", adding.where, name="add-provider-where"),
    path(f"{_ALL}/add/client", adding.client, name="add-provider-client"),
    path(f"{_ALL}/add/secret", adding.secret, name="add-provider-secret"),
    path(f"{_ALL}/add-saml", saml_form.add, name="add-saml-provider"),
    path(f"{_ONE}/metadata", saml_form.change, name="change-saml-metadata"),
    path(_ONE, views.one, name="provider-settings"),
    path(f"{_ONE}/test", testing.test, name="provider-test"),
    path(f"{_ONE}/test/go", testing.test_go, name="provider-test-go"),
    path(f"{_ONE}/turn-on", asking.on, name="turn-on-provider"),
    path(f"{_ONE}/turn-off", asking.off, name="turn-off-provider"),
    path(f"{_ONE}/remove", asking.remove, name="remove-provider"),
    path(f"{_ONE}/change/<slug:part>", changing.change, name="change-provider"),
]
