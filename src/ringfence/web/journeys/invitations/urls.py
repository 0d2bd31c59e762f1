"""Addresses of a member's invitation."""

from django.urls import URLPattern, path

from . import views

_MEMBER = "firms/<number:firm>/manage/team-members/<number:member>"

urlpatterns: list[URLPattern] = [
    path(f"{_MEMBER}/invite", views.invite_member, name="invite-member"),
    path(f"{_MEMBER}/invited", views.invited_member, name="invited-member"),
    path(f"{_MEMBER}/take-back-invitation", views.revoke_invitation, name="revoke-invitation"),
]
