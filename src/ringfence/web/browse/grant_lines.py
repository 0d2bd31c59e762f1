"""A grant that stands on a client as a line: who holds it, what it gives, what removing it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from ringfence.core.terms import EVERYONE
from ringfence.web.queries.holders import StandingGrant
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.visit import Visit
from ringfence.wording.names_by_number import group_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.standing import idle_text, opening_text
from ringfence.wording.times import until_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLine:
    """One grant that stands on the client."""

    name: str
    kind: str
    """What the holder is, empty for a single member."""
    href: str
    on: str
    """What it is on, where that is a part of the client or more than the client."""
    terms: str
    """Level, and until when."""
    notes: tuple[str, ...]
    """Why it gives nothing, and what removing it would open."""


def grant_line(visit: Visit, grant: StandingGrant, client: int, services: Mapping[int, str]) -> GrantLine:
    """The grant with the names of the firm's services; for the control side alone."""
    holder, now = grant.holder, visit.firm_now
    single = holder.subject.kind == "member"
    own = single and grant.target.kind in {"client", "engagement"}
    parts = [level_shown(holder.level, own=own)]
    on = ""
    if grant.target.kind == "engagement":
        on = services.get(now.service_of(grant.target.number), "")
    elif grant.target.kind == "service":
        service = services.get(grant.target.number, "")
        on = _("all [clients] with the service %(service)s") % {"service": service}
    if grant.emergency:
        parts.append(_("emergency access"))
    if grant.expires is not None:
        parts.append(until_text(grant.expires, visit.zone))
    notes = [idle_text(grant.idle)] if grant.idle is not None else []
    if grant.opens:
        opened = [services.get(now.service_of(number), "") for number in grant.opens]
        notes.append(opening_text(opened, whole=len(opened) == len(now.engagements_of(client))))
    kind = "" if single else _("built-in [group]") if holder.built_in else _("[group]")
    return GrantLine(
        # What it is stands beside it: its name alone says enough, also where another group bears that.
        name=group_name(EVERYONE, "") if holder.built_in else holder.name,
        kind=kind,
        href="" if single else reverse("group", args=[visit.firm.pk, holder.subject.number]),
        on=on,
        terms=", ".join(parts),
        notes=tuple(notes),
    )
