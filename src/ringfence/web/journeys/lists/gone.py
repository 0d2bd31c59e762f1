"""A list that is said to be all that the firm has: what is gone from it, and whether that is removed.

Nothing is removed that was not asked for by a tick, and by its number where it is more than a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from ringfence.core.refusals import Problem
from ringfence.firms.models import ListUpload
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import Checked, GoneFound, GonePart, ListChoice
from ringfence.web.queries.things import services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.list_gone import becomes_text, scope_text
from ringfence.wording.refusals import problem_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .option import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePartShown:
    """What is gone of one scope."""

    text: str
    lines: tuple[str, ...]
    more: str
    """How many more there are; empty for none."""
    stays: tuple[str, ...]
    """Who stays although the list lacks them, and why."""
    becomes: str
    """What removing it means; empty where nothing is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneShown:
    """What is gone from a whole list, and what can be done with it."""

    parts: tuple[GonePartShown, ...]
    removed: bool
    asks: bool
    """Whether its removal can be asked for."""
    number: str
    """The number that has to be written; empty where a tick is enough."""
    kept_by: str
    """Why it stays although it was to go."""
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeQuestion:
    """Whether a list is all that the firm has, asked where its columns are named."""

    ticked: bool
    services: tuple[Option, ...]
    """Of a list of clients, the services that it can be about; empty for other lists."""
    service: str


def whole_question(visit: Visit, upload: ListUpload, choice: ListChoice) -> WholeQuestion | None:
    """The question for who may say that; else None."""
    kind = ListKind(upload.kind)
    needed = Capability.MANAGE_ACCESS if kind is ListKind.ACCESS else Capability.MANAGE
    if not visit.can(needed):
        return None
    services: tuple[Option, ...] = ()
    if kind is ListKind.CLIENTS:
        offered = services_offered(visit.firm_now, visit.number)
        everything = Option(value="", text=_("All services"))
        services = (everything, *(Option(value=each.name, text=each.name) for each in offered))
    return WholeQuestion(ticked=choice.whole, services=services, service=choice.service)


def read_whole(visit: Visit, choice: ListChoice) -> ListChoice:
    """What was said of it; whether anything is removed is asked once it is seen."""
    post = visit.request.POST
    whole = post.get("whole", "") == "yes"
    service = showable(post.get("whole-service", "")) if whole else ""
    return msgspec.structs.replace(choice, whole=whole, service=service, remove=False, at_most=None)


def gone_shown(checked: Checked, *, mine: bool, error: str = "") -> GoneShown | None:
    """What of a whole list is gone; its names are for who brought the list in."""
    gone = checked.gone
    if gone is None:
        return None
    return GoneShown(
        parts=tuple(_part(each, mine) for each in gone.parts),
        removed=gone.removed,
        asks=mine and bool(gone.count),
        number=figure(gone.number) if gone.number else "",
        kept_by=problem_text(Problem(gone.kept_by)) if gone.kept_by else "",
        error=error,
    )


def _part(part: GonePart, mine: bool) -> GonePartShown:
    lines = part.lines.get(language_spoken(), ()) if mine else ()
    values = {"scope": scope_text(part.scope, part.service), "held": figure(part.held)}
    text = _("The list stands for %(scope)s: %(held)s.") % values
    count = ngettext("%(count)s is not in it.", "%(count)s are not in it.", part.count)
    more = part.count - len(lines) if lines else 0
    return GonePartShown(
        text=f"{text} {count % {'count': figure(part.count)}}",
        lines=lines,
        more=_("and %(count)s more") % {"count": figure(more)} if more else "",
        stays=part.stays.get(language_spoken(), ()) if mine else (),
        becomes=becomes_text(part.scope) if part.count else "",
    )


def read_removal(visit: Visit, choice: ListChoice, gone: GoneFound) -> tuple[ListChoice, ErrorLine | None]:
    """The choice with what is gone removed, or what is still to be said for that."""
    post = visit.request.POST
    if gone.number:
        number = number_in(post.get("at-most", "").replace(",", "").replace(" ", ""))
        if number != gone.number:
            said = _("Write %(count)s to remove that many") % {"count": figure(gone.number)}
            return choice, ErrorLine(text=said, href="#at-most")
        return msgspec.structs.replace(choice, remove=True, at_most=number), None
    if post.get("remove", "") != "yes":
        return choice, ErrorLine(text=_("Tick the box to remove what is gone"), href="#remove")
    return msgspec.structs.replace(choice, remove=True, at_most=None), None


def without_removal(choice: ListChoice) -> ListChoice:
    """The choice with what is gone left as it is."""
    return msgspec.structs.replace(choice, remove=False, at_most=None)
