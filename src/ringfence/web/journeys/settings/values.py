"""The settings as pages offer them: their order, their headings, and how a value stands in an address."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ringfence.core.settings import CHANGEABLE, PROFILES, Settings, changed
from ringfence.web.previews.outcome import NameList
from ringfence.wording.saying import LazyText, gettext_lazy, ngettext
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import SETTING_TEXTS, Value, setting_title, value_name

SECTIONS: tuple[tuple[LazyText, tuple[str, ...]], ...] = (
    (gettext_lazy("What the settings began with"), ("profile",)),
    (
        gettext_lazy("Who opens what"),
        ("control", "unassigned", "on_activation", "administrators", "inaccessible", "delegation"),
    ),
    (
        gettext_lazy("Sharing"),
        ("sharing", "requests", "everyone_grants", "levels", "owner_required", "fee_splits"),
    ),
    (gettext_lazy("In an emergency"), ("emergency", "emergency_hours")),
    (gettext_lazy("New [clients]"), ("creator_owns", "default_everyone", "personal_defaults")),
    (gettext_lazy("E-mail"), ("digest",)),
    (gettext_lazy("Policies"), ("policy_mode",)),
)
"""Headings, each with the settings under it."""

ON, OFF = "on", "off"


class SettingChange(NamedTuple):
    """One setting that is to have another value."""

    name: str
    was: Value
    will: Value


def value_of(settings: Settings, name: str) -> Value:
    """The value of a setting that `core.settings` has."""
    value: Value = getattr(settings, name)
    return value


def word_of(value: Value) -> str:
    """The value as forms and addresses say it."""
    if isinstance(value, bool):
        return ON if value else OFF
    return str(value)


def value_said(name: str, word: str) -> Value | None:
    """The value that a form or an address says, None for one that the setting cannot have."""
    return next((value for value in SETTING_TEXTS[name].values if word_of(value) == word), None)


def changes_by(settings: Settings, name: str, value: Value) -> list[SettingChange]:
    """All settings that `settings.change` would change, those of a profile in the order of the rules."""
    will = changed(settings, {name: value})
    return [
        SettingChange(each, value_of(settings, each), value_of(will, each))
        for each in CHANGEABLE
        if value_of(settings, each) != value_of(will, each)
    ]


def departures(settings: Settings) -> int:
    """How many settings differ from those of the firm's profile."""
    began = msgspec.structs.replace(PROFILES[settings.profile], control=settings.control)
    return sum(value_of(settings, name) != value_of(began, name) for name in CHANGEABLE)


def old_and_new(changes: list[SettingChange]) -> NameList:
    """Each change in words: what it was, what it will be."""
    lines = tuple(
        (
            setting_title(each.name),
            _("%(new)s (was: %(old)s)")
            % {"old": value_name(each.name, each.was), "new": value_name(each.name, each.will)},
        )
        for each in changes
    )
    count = ngettext("%(count)s setting", "%(count)s settings", len(lines)) % {"count": len(lines)}
    return NameList(total=len(lines), lines=lines, rest="", count=count)
