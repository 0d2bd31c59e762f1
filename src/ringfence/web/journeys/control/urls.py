"""Addresses of the account: what there is, turning access control on and off."""

from django.urls import URLPattern, path

from . import account, turn_off, turn_on

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage", account.account, name="manage"),
    path("firms/<number:firm>/manage/turn-on", turn_on.guide, name="turn-on"),
    path("firms/<number:firm>/manage/turn-on/confirm", turn_on.confirm, name="confirm-turn-on"),
    path("firms/<number:firm>/manage/turned-on", turn_on.turned_on, name="turned-on"),
    path("firms/<number:firm>/manage/turn-off", turn_off.guide, name="turn-off"),
    path("firms/<number:firm>/manage/turn-off/confirm", turn_off.confirm, name="confirm-turn-off"),
    path("firms/<number:firm>/manage/turned-off", turn_off.turned_off, name="turned-off"),
]
