"""Changing one setting, or all of them to another profile's: choose, check what it does, done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch
from ringfence.core.commands.definitions import ChangeSettings
from ringfence.core.settings import CHANGEABLE, Profile
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.digest import subscribed_to_all
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import (
    SETTING_TEXTS,
    Value,
    profile_meaning,
    setting_title,
    value_meaning,
    value_name,
)

from .kept import kept_text
from .values import SettingChange, changes_by, old_and_new, value_of, value_said, word_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChoice:
    """A radio button."""

    value: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingPage(Page):
    choices: tuple[ValueChoice, ...]
    chosen: str
    choice_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, setting: str) -> HttpResponse:
    """Choose a value of the setting; what it does is shown next."""
    firm = visit.firm.pk
    if setting not in CHANGEABLE:
        raise Http404
    now = value_of(visit.settings, setting)
    error = ""
    if visit.request.method == "POST":
        value = value_said(setting, visit.request.POST.get("value", ""))
        if value is not None and not changes_by(visit.settings, setting, value):
            messages.info(visit.request, _("Nothing was changed: that is how it is."))
            return redirect("settings", firm=firm)
        if value is not None:
            return redirect(_check_address(firm, setting, value))
        error = _("Select what should hold")
    page = SettingPage(
        frame=frame_for(visit, "manage"),
        title=setting_title(setting),
        back=reverse("settings", args=[firm]),
        errors=(ErrorLine(text=error, href="#value"),) if error else (),
        choices=tuple(
            ValueChoice(value=word_of(value), text=value_name(setting, value), hint=_meaning(setting, value))
            for value in SETTING_TEXTS[setting].values
        ),
        chosen=word_of(now),
        choice_error=error,
    )
    return show(visit.request, "settings/setting.html", page)


def _check_address(firm: int, setting: str, value: Value) -> str:
    return f"{reverse('check-setting', args=[firm, setting])}?to={word_of(value)}"


def _meaning(setting: str, value: Value) -> str:
    if setting == "profile":
        return profile_meaning(cast(Profile, value))
    return value_meaning(setting, value)


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit, setting: str) -> HttpResponse:
    """What the change does to whom, yes or no (rules.md 7, `settings.change`)."""
    firm = visit.firm.pk
    if setting not in CHANGEABLE:
        raise Http404
    value = value_said(setting, visit.request.GET.get("to", ""))
    if value is None:
        return redirect("change-setting", firm=firm, setting=setting)
    changes = changes_by(visit.settings, setting, value)
    if not changes:
        # Also the second of two clicks.
        return redirect("settings", firm=firm)
    batch = Batch("settings.change", (ChangeSettings(values={setting: value}),))
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect("settings", firm=firm)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        said = _("Changed. %(setting)s: %(value)s.")
        messages.success(
            visit.request, said % {"setting": setting_title(setting), "value": value_name(setting, value)}
        )
        return redirect("settings", firm=firm)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=_("Check before you change this setting"),
            caption=setting_title(setting),
            question=_("Do you want to make this change?"),
            back=reverse("change-setting", args=[firm, setting]),
            chosen_title=_("Settings that change"),
            chosen=old_and_new(changes),
            notes=tuple(_notes(visit, changes)),
        ),
    )


def _notes(visit: Visit, changes: list[SettingChange]) -> list[str]:
    """What else the change means: what will hold, and what is kept and counts no more."""
    said = [value_meaning(each.name, each.will) for each in changes] if len(changes) == 1 else []
    said += [kept_text(visit.firm_now, each.name) for each in changes if each.will is False]
    if any(each.name == "digest" and each.will is True for each in changes):
        said.append(subscribed_to_all(was_on=visit.firm_now.was_on, mailed=settings.SENDS_MAIL))
    if len(changes) > 1 and any(each.name == "inaccessible" and each.will == "named" for each in changes):
        said.append(
            _(
                "Everybody who uses client records comes to see the name of every [client] that no wall "
                "keeps from them, and who has access to it."
            )
        )
    if any(each.name == "profile" for each in changes):
        said.append(
            _("Pages speak the words of the new kind of firm. What was given to anybody stays as it is.")
        )
    return list(filter(None, said))
