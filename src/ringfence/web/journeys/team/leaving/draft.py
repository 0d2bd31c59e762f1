"""Who takes over which clients of a leaver, while it is being chosen: a draft on the server."""

from __future__ import annotations

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.access.handing_over import own_clients
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.shell.visit import Visit

HEIRS, ENDS = "heirs", "ends_delegations"


def _purpose(member: int) -> str:
    return f"member.deactivate {member}"


def successors(visit: Visit, member: int) -> list[int]:
    """Who can take over: the other active members who may use client records (rules.md 5)."""
    return [number for number, who in visit.firm_now.members.items() if who.works and number != member]


def heirs(visit: Visit, member: int) -> dict[int, BitMap]:
    """The clients chosen for each colleague, as far as both can still be: no client for two."""
    draft = draft_for(visit.firm.pk, visit.number, _purpose(member))
    kept = draft.values.get(HEIRS, {}) if draft is not None else {}
    left, there = own_clients(visit.firm_now, member), set(successors(visit, member))
    found: dict[int, BitMap] = {}
    for heir, numbers in kept.items():
        clients = BitMap(numbers) & left
        if int(heir) in there and clients:
            found[int(heir)] = clients
            left = left - clients
    return found


def keep(visit: Visit, member: int, chosen: Mapping[int, BitMap]) -> None:
    """Keep another choice."""
    firm, purpose = visit.firm.pk, _purpose(member)
    draft = draft_for(firm, visit.number, purpose) or start_draft(firm, visit.number, purpose)
    draft.values[HEIRS] = {str(heir): list(clients) for heir, clients in chosen.items() if clients}
    draft.save()


def delegations_of(visit: Visit, member: int) -> list[tuple[int, int]]:
    """The delegations from and to the member, by delegator and delegate."""
    return sorted(pair for pair in visit.firm_now.delegations if member in pair)


def ends_delegations(visit: Visit, member: int) -> bool:
    """Whether these are to end for good, where there are any."""
    if not delegations_of(visit, member):
        return False
    draft = draft_for(visit.firm.pk, visit.number, _purpose(member))
    return draft is not None and draft.values.get(ENDS) is True


def keep_ending(visit: Visit, member: int, *, ends: bool) -> None:
    """Keep whether they are to end."""
    if ends == ends_delegations(visit, member):
        return
    firm, purpose = visit.firm.pk, _purpose(member)
    draft = draft_for(firm, visit.number, purpose) or start_draft(firm, visit.number, purpose)
    draft.values[ENDS] = ends
    draft.save()


def drop(visit: Visit, member: int) -> None:
    """Forget it."""
    drop_draft(visit.firm.pk, visit.number, _purpose(member))
