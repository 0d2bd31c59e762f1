"""What becomes of a client that is taken out of a group: open to everybody, or for whom it is still."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core.terms import Subject
from ringfence.web.queries.things import every_group, every_member
from ringfence.web.shell.figures import figure
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .group import OneGroup

NAMED = 3
"""Holders that are named; where there are more, the rest is counted."""


def fates_of(group: OneGroup, going: BitMap) -> list[tuple[str, list[int]]]:
    """Who can open these services of one client once they are out of the group, each with the services.

    As though control were on.
    """
    fates: dict[str, list[int]] = {}
    for engagement in going:
        service = group.visit.firm_now.service_of(engagement)
        fates.setdefault(_fate(group, engagement), []).append(service)
    return list(fates.items())


def _fate(group: OneGroup, engagement: int) -> str:
    left = group.visit.firm_now.left_without(group.number, engagement)
    if left.opens:
        return _("will be open to everybody")
    if left.holders:
        return _("will be closed to this [group], and still open to %(names)s") % {
            "names": _names(group, left.holders)
        }
    return _("will be closed: no other [group] and no single [member] was given it")


def _names(group: OneGroup, holders: Iterable[Subject]) -> str:
    holders = list(holders)
    firm = group.visit.firm.pk
    # One of these for each of many clients: all names at once.
    groups, members = dict(every_group(firm)), dict(every_member(firm))
    names = [(groups if each.kind == "group" else members).get(each.number, "") for each in holders]
    more = len(names) - NAMED
    if more <= 0:
        return ", ".join(names)
    words = ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more)
    return words % {"names": ", ".join(names[:NAMED]), "more": figure(more)}
