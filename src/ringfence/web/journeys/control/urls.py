"""Addresses of the account: what there is, turning access control on and off."""

from django.urls import URLPattern, path

from . import account, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage", account.account, name="manage"),
    path("firms/<number:firm>/manage/turn-on", views.turn_on_guide, name="turn-on"),
    path("firms/<number:firm>/manage/turn-on/confirm", views.confirm_turn_on, name="confirm-turn-on"),
    path("firms/<number:firm>/manage/turned-on", views.turned_on, name="turned-on"),
    path("firms/<number:firm>/manage/turn-off", views.turn_off_guide, name="turn-off"),
    path("firms/<number:firm>/manage/turn-off/confirm", views.confirm_turn_off, name="confirm-turn-off"),
    path("firms/<number:firm>/manage/turned-off", views.turned_off, name="turned-off"),
]
