"""Addresses of the firm's own policies: the list, one, its versions, and the journey that adds one."""

from django.urls import URLPattern, path

from . import check, kind, listing, naming, one, removing, statement, text

POLICIES = "firms/<number:firm>/manage/firm-policies"
ADD = f"{POLICIES}/add"
ONE = f"{POLICIES}/<number:policy>"

urlpatterns: list[URLPattern] = [
    path(POLICIES, listing.listing, name="firm-policies"),
    path(ADD, kind.kind, name="add-policy"),
    path(f"{ADD}/statement/<slug:form>", statement.statement, name="policy-statement"),
    path(f"{ADD}/name", naming.naming, name="policy-name"),
    path(f"{ADD}/text", text.text, name="policy-text"),
    path(f"{ADD}/check", check.check, name="policy-check"),
    path(ONE, one.one, name="firm-policy"),
    path(f"{ONE}/versions/<number:entry>", one.version, name="firm-policy-version"),
    path(f"{ONE}/change", removing.change, name="change-firm-policy"),
    path(f"{ONE}/mode", removing.mode, name="firm-policy-mode"),
    path(f"{ONE}/remove", removing.remove, name="remove-firm-policy"),
]
