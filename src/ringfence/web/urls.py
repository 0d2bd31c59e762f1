"""All addresses of the pages, in the order in which they are tried."""

from django.urls import URLPattern, path, register_converter

from ringfence.web.shell.untrusted import NumberInAddress
from ringfence.web.views.groups import clients as group_clients
from ringfence.web.views.groups import create as group_create
from ringfence.web.views.groups import groups
from ringfence.web.views.groups import members as group_members

from .views import access, accounts, clients, control, manage, notes, password_link, record, session, why

register_converter(NumberInAddress, "number")

urlpatterns: list[URLPattern] = [
    path("", accounts.choose_firm, name="choose-firm"),
    path("sign-in", accounts.sign_in, name="account_login"),
    path("sign-out", accounts.sign_out, name="account_logout"),
    path("session", session.session, name="session"),
    path("set-password/<slug:uid>/<slug:key>", accounts.set_password, name="set-password"),
    path("password-link", password_link.ask, name="password-link"),
    path("language", accounts.set_language, name="set_language"),
    path("firms/<number:firm>/", accounts.firm_home, name="firm-home"),
    path("firms/<number:firm>/clients", clients.listing, name="clients"),
    path("firms/<number:firm>/clients/<number:number>", record.client, name="client"),
    path("firms/<number:firm>/clients/<number:number>/why", why.me, name="why-me"),
    path(
        "firms/<number:firm>/clients/<number:number>/engagements/<number:engagement>/add-note",
        notes.add,
        name="add-note",
    ),
    path("firms/<number:firm>/clients/<number:number>/notes/<uuid:document>", notes.note, name="note"),
    path(
        "firms/<number:firm>/clients/<number:number>/notes/<uuid:document>/change",
        notes.change,
        name="change-note",
    ),
    path("firms/<number:firm>/manage", manage.account, name="manage"),
    path("firms/<number:firm>/manage/clients", access.listing, name="client-access-list"),
    path("firms/<number:firm>/manage/clients/<number:number>", access.client, name="client-access"),
    path(
        "firms/<number:firm>/manage/clients/<number:number>/members/<number:member>",
        why.member,
        name="why-member",
    ),
    path("firms/<number:firm>/manage/turn-on", control.turn_on_guide, name="turn-on"),
    path("firms/<number:firm>/manage/turn-on/confirm", control.confirm_turn_on, name="confirm-turn-on"),
    path("firms/<number:firm>/manage/turned-on", control.turned_on, name="turned-on"),
    path("firms/<number:firm>/manage/turn-off", control.turn_off_guide, name="turn-off"),
    path("firms/<number:firm>/manage/turn-off/confirm", control.confirm_turn_off, name="confirm-turn-off"),
    path("firms/<number:firm>/manage/turned-off", control.turned_off, name="turned-off"),
    path("firms/<number:firm>/manage/groups", groups.listing, name="groups"),
    path("firms/<number:firm>/manage/groups/create", group_create.name, name="create-group"),
    path(
        "firms/<number:firm>/manage/groups/create/clients", group_clients.clients, name="create-group-clients"
    ),
    path(
        "firms/<number:firm>/manage/groups/create/team-members",
        group_members.members,
        name="create-group-members",
    ),
    path("firms/<number:firm>/manage/groups/create/check", group_create.check, name="create-group-check"),
    path("firms/<number:firm>/manage/groups/<number:number>", groups.group, name="group"),
    path(
        "firms/<number:firm>/manage/groups/<number:number>/created",
        group_create.created,
        name="group-created",
    ),
    path(
        "firms/<number:firm>/manage/groups/<number:number>/team-members", groups.people, name="group-members"
    ),
    path("firms/<number:firm>/manage/groups/<number:number>/rename", groups.rename, name="rename-group"),
    path("firms/<number:firm>/manage/groups/<number:number>/delete", groups.delete, name="delete-group"),
]

handler400 = "ringfence.web.shell.errors.bad_request"
handler403 = "ringfence.web.shell.errors.forbidden"
handler404 = "ringfence.web.shell.errors.not_found"
handler500 = "ringfence.web.shell.errors.broken"
