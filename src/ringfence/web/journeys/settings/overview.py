"""All settings on one page: what holds now, what it means, and where each is changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.settings_text import profile_meaning, setting_title, value_meaning, value_name

from .kept import kept_text
from .successor import successor_meaning, successor_title
from .values import SECTIONS, departures, value_of

WITH_POLICIES = ("default_everyone", "personal_defaults")
"""Settings that have a page of their own, in words for who adds a client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """One setting as it is."""

    title: str
    value: str
    sentences: tuple[str, ...]
    change: str
    """Where it is changed; empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsSection:
    title: str
    lines: tuple[SettingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage(Page):
    sections: tuple[SettingsSection, ...]
    others: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def overview(visit: Visit) -> HttpResponse:
    """Every setting of rules.md 3, for who may read the control side; administrators change them."""
    page = SettingsPage(
        frame=frame_for(visit, "manage"),
        title=_("Settings"),
        back=reverse("manage", args=[visit.firm.pk]),
        sections=(
            *(
                SettingsSection(title=str(title), lines=tuple(_line(visit, name) for name in names))
                for title, names in SECTIONS
            ),
            SettingsSection(title=_("Leavers"), lines=(_successor(visit),)),
        ),
        others=(
            Link(text=_("See who changed settings, and when"), href=_history(visit)),
            Link(text=_("Mail and background work"), href=reverse("firm-mail", args=[visit.firm.pk])),
        )
        if visit.can(Capability.MANAGE)
        else (Link(text=_("See who changed settings, and when"), href=_history(visit)),),
    )
    return show(visit.request, "settings/settings.html", page)


def _line(visit: Visit, name: str) -> SettingLine:
    value = value_of(visit.settings, name)
    manages = visit.can(Capability.MANAGE)
    return SettingLine(
        title=setting_title(name),
        value=value_name(name, value),
        sentences=tuple(filter(None, _sentences(visit, name))),
        change=_change(visit, name) if manages else "",
    )


def _successor(visit: Visit) -> SettingLine:
    """Who takes over from leavers: no setting of rules.md 3, but a command of its own."""
    now, firm = visit.firm_now, visit.firm.pk
    named = now.successor
    idle = ""
    if named and not now.members[named].works:
        idle = _("They can use client records no more, so nobody takes over. Choose somebody else.")
    return SettingLine(
        title=successor_title(),
        value=member_names(firm, [named]).get(named, "") if named else _("Nobody"),
        sentences=tuple(filter(None, (successor_meaning(named=bool(named)), idle))),
        change=reverse("firm-successor", args=[firm]) if visit.can(Capability.MANAGE) else "",
    )


def _sentences(visit: Visit, name: str) -> tuple[str, ...]:
    settings = visit.settings
    if name == "profile":
        return profile_meaning(settings.profile), _departed(departures(settings))
    value = value_of(settings, name)
    kept = kept_text(visit.firm_now, name) if value is False else ""
    later = ""
    if not settings.control and name in ("unassigned", "administrators", "delegation"):
        later = _("It counts once [access control is] turned on.")
    if name == "default_everyone" and value != "none" and not settings.everyone_may_be_granted:
        later = _("It does not apply while sharing with the [whole firm] is not allowed.")
    return value_meaning(name, value), kept, later


def _departed(count: int) -> str:
    if not count:
        return _("All settings are those that such a firm begins with.")
    words = ngettext(
        "%(count)s setting differs from what such a firm begins with.",
        "%(count)s settings differ from what such a firm begins with.",
        count,
    )
    return words % {"count": figure(count)}


def _change(visit: Visit, name: str) -> str:
    firm = visit.firm.pk
    if name == "control":
        return reverse("turn-off" if visit.settings.control else "turn-on", args=[firm])
    if name in WITH_POLICIES:
        return reverse("policies", args=[firm])
    return reverse("change-setting", args=[firm, name])


def _history(visit: Visit) -> str:
    return f"{reverse('ledger', args=[visit.firm.pk])}?kind=settings.change"
