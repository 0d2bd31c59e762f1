"""Who has access to a client as far as everybody is told, and whom to ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.access.reading import refused_sharing
from ringfence.core.terms import Target
from ringfence.web.browse.member_lines import administrators
from ringfence.web.queries.holders import Holder, holders_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

MOST = 10
"""People who can help that are named."""


class Helper(NamedTuple):
    """Somebody who can give access."""

    name: str
    email: str


def public_holders(visit: Visit, client: int) -> tuple[Holder, ...] | None:
    """Which groups and single members have access, where the firm shows it to everybody (rules.md 4, kyc).

    None where the firm does not.
    """
    if visit.settings.inaccessible != "named":
        return None
    return tuple(holders_of(visit.firm_now, client))


def asked_link(visit: Visit, client: int) -> Link | None:
    """That the visitor waits for an answer, None where they have not asked."""
    if (client, visit.number) not in visit.firm_now.requests:
        return None
    said = _("You have asked for access, and nobody has answered yet")
    return Link(text=said, href=reverse("your-requests", args=[visit.firm.pk]))


def helping_administrators(visit: Visit) -> tuple[Helper, ...]:
    """The other administrators and principals, by name."""
    return _helpers(visit, administrators(visit))


def helping_sharers(visit: Visit, client: int) -> tuple[Helper, ...]:
    """Who may share the client, by the setting or by `manage_access` (rules.md 5); administrators left out.

    By the setting those alone who were given access singly.
    """
    firm_now, target = visit.firm_now, Target("client", client)
    given = {each.subject.number for each in holders_of(firm_now, client) if each.subject.kind == "member"}
    managing = {number for number, member in firm_now.members.items() if member.manage_access}
    able = [
        number
        for number in given | managing
        if not firm_now.may(number, Capability.MANAGE) and refused_sharing(firm_now, number, target) is None
    ]
    return _helpers(visit, members_matching(visit.firm.pk, "", within=able)) if able else ()


def _helpers(visit: Visit, found: Iterable[ListedMember]) -> tuple[Helper, ...]:
    others = [row for row in found if row.number != visit.number]
    return tuple(Helper(row.name, row.email) for row in others[:MOST])
