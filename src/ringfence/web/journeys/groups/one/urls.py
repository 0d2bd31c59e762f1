"""Addresses of one group."""

from django.urls import URLPattern, path

from ringfence.web.shell.visit import Guarded

from . import clients, delete, given, history, keeping, members, removed, rename, terms
from .adding import Adding, adding_terms
from .pick_clients import AddClients, PutBack, RemoveBlocks, RemoveClients
from .pick_members import AddMembers, RemoveMembers
from .pick_services import AddServices
from .picking import Picking, checking, choosing

BASE = "firms/<number:firm>/manage/groups/<number:number>"


def _page(under: str, view: Guarded, name: str) -> URLPattern:
    return path(f"{BASE}{under}", view, name=name)


def _choosing(under: str, kind: type[Picking]) -> list[URLPattern]:
    return [
        _page(under, choosing(kind), kind.route),
        _page(f"{under}/check", checking(kind), f"{kind.route}-check"),
    ]


def _adding(under: str, kind: type[Adding]) -> list[URLPattern]:
    return [*_choosing(under, kind), _page(f"{under}/terms", adding_terms(kind), f"{kind.route}-terms")]


urlpatterns: list[URLPattern] = [
    _page("", clients.clients, "group"),
    _page("/blocked", clients.blocked, "group-blocked"),
    _page("/removed-clients", removed.removed, "group-removed-clients"),
    _page("/team-members", members.members, "group-members"),
    _page("/given", given.given, "group-access"),
    _page("/given/change", terms.change, "group-access-change"),
    _page("/given/remove", given.remove, "group-access-remove"),
    _page("/history", history.history, "group-history"),
    _page("/rename", rename.rename, "rename-group"),
    _page("/hand-to-directory", keeping.hand_over, "hand-over-group"),
    _page("/take-back", keeping.take_back, "take-back-group"),
    _page("/delete", delete.delete, "delete-group"),
    *_adding("/add-clients", AddClients),
    *_choosing("/take-out-clients", RemoveClients),
    *_choosing("/blocked/end", RemoveBlocks),
    *_choosing("/removed-clients/put-back", PutBack),
    *_choosing("/add-team-members", AddMembers),
    *_choosing("/take-out-team-members", RemoveMembers),
    *_adding("/add-services", AddServices),
]
