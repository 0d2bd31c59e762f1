"""A delegation in words: what it lets the delegate do at most, until when, how far; why it gives nothing."""

from __future__ import annotations

from ringfence.access import Delegation, Idle
from ringfence.core.terms import Level
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.standing import idle_text
from ringfence.wording.times import until_text


def delegation_terms(visit: Visit, made: Delegation) -> str:
    """What a delegation lets the delegate do at most, and until when."""
    parts = []
    if made.cap is not Level.OWNER:
        parts.append(_("At most: %(level)s") % {"level": level_shown(made.cap)})
    if made.expires is not None:
        parts.append(until_text(made.expires, visit.zone))
    if not made.cascades:
        parts.append(_("goes no further"))
    said = ", ".join(parts) or _("All that they reach")
    return said[0].upper() + said[1:]


def delegation_notes(visit: Visit, made: Delegation, delegator: int) -> tuple[str, ...]:
    """Why a delegation gives nothing."""
    if not visit.settings.delegation:
        return (_("Delegation is turned off in this firm."),)
    if not made.counts(visit.firm_now.now):
        return (idle_text(Idle.EXPIRED),)
    who = visit.firm_now.members[delegator]
    if not who.active:
        return (_("The delegator is not active, so it gives nothing."),)
    if not who.access:
        return (_("The delegator may not use client records, so it gives nothing."),)
    return ()
