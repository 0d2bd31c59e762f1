"""Adding a name that other software uses: what it is, what it means, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.access.software_names import NameSaid, said, with_name
from ringfence.core.commands.definitions import SetNames
from ringfence.core.refusals import Problem
from ringfence.core.texts import SOFTWARE_NAME
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .means import ACTIONS, MEANINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedName:
    """The form as it is filled in."""

    name: str = ""
    means: str = ""
    property: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNamePage(Page):
    meanings: tuple[tuple[str, str], ...]
    wanted: WantedName
    found: Mapping[str, str] = field(default_factory=dict)
    """Errors by the field that they are told at."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def add(visit: Visit) -> HttpResponse:
    """Add one to those that there are (`names.set`). It changes nobody's access."""
    if visit.request.method != "POST":
        return _form(visit, WantedName(), {})
    wanted = _read(visit.request.POST)
    names = visit.firm_now.software_names
    found = _mistakes(wanted)
    if found:
        return _form(visit, wanted, found)
    more = NameSaid(name=wanted.name, means=wanted.means, properties=_properties(wanted))
    if any(_alike(each, more) for each in said(names)):
        return _form(visit, wanted, {"name": _("This name stands already. Remove it first to change it")})
    try:
        # All names are said at once: those that somebody else changes meanwhile would be put back.
        execute_shown(visit, SetNames(names=with_name(names, more)))
    except Overtaken:
        return _form(visit, wanted, {"name": changed_meanwhile()})
    except Refused as refused:
        return _form(visit, wanted, {"name": _sentence(refused)})
    messages.success(visit.request, _("The name %(name)s is added.") % {"name": showable(wanted.name)})
    return redirect("software-names", firm=visit.firm.pk)


def _read(post: QueryDict) -> WantedName:
    return WantedName(
        name=post.get("name", "").strip(),
        means=post.get("means", ""),
        property=post.get("property", "").strip(),
        value=post.get("value", "").strip(),
    )


def _mistakes(wanted: WantedName) -> dict[str, str]:
    """Everything that is missing, by field."""
    found = {}
    if not wanted.name:
        found["name"] = _("Enter the name that the software uses")
    if wanted.means not in MEANINGS:
        found["means"] = _("Select what the name means")
    if wanted.value and not wanted.property:
        found["property"] = _("Enter which property has this value, or leave both empty")
    if wanted.property and not wanted.value:
        found["value"] = _("Enter the value, or leave both empty")
    if (wanted.property or wanted.value) and wanted.means not in ACTIONS:
        found.setdefault("property", _("Only an action can depend on a property. Leave both empty"))
    return found


def _properties(wanted: WantedName) -> tuple[tuple[str, str], ...]:
    """As software writes them: ``true``, ``7`` and ``null`` are what they are in JSON, all else is a text."""
    if not wanted.property:
        return ()
    try:
        value = json.loads(wanted.value, parse_constant=str)
    except (ValueError, RecursionError):
        value = wanted.value
    if isinstance(value, list | dict):
        value = wanted.value
    return ((wanted.property, json.dumps(value, ensure_ascii=False, separators=(",", ":"))),)


def _alike(one: NameSaid, other: NameSaid) -> bool:
    """Whether no question can tell the two apart."""
    same_kind = (one.means in ACTIONS) is (other.means in ACTIONS)
    return same_kind and (one.name, one.properties) == (other.name, other.properties)


def _sentence(refused: Refused) -> str:
    if refused.problem is Problem.TEXT_TOO_LONG:
        return _("The name must be %(limit)s characters or fewer") % {"limit": SOFTWARE_NAME}
    return problem_sentence(refused)


def _form(visit: Visit, wanted: WantedName, found: Mapping[str, str]) -> HttpResponse:
    page = AddNamePage(
        frame=frame_for(visit, "manage"),
        title=_("Add a name that other software uses"),
        back=reverse("software-names", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#{name}") for name, text in found.items()),
        meanings=tuple((word, str(text)) for word, text in MEANINGS.items()),
        wanted=WantedName(
            name=showable(wanted.name),
            means=wanted.means,
            property=showable(wanted.property),
            value=showable(wanted.value),
        ),
        found=found,
    )
    return show(visit.request, "software_names/add.html", page)
