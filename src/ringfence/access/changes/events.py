"""One thing that other software is told: what an entry says, or whose access it moved, in numbers and keys.

Names of people and clients, reasons and other free words stay with the firm: software finds them by number,
reference or address, while it may.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ringfence.access.ledger.members_and_clients import clients_in, groups_in, members_in
from ringfence.access.ledger.plain import plain_event
from ringfence.core.events import Event
from ringfence.core.terms import Level
from ringfence.firms.models import Client, Member

from .moved import Counted, Move, MovedPart, moved_by
from .place import FeedPlace
from .walking import LedgerStep

MOST_LISTED = 500
"""Numbers of a set that are listed; of a larger one it is said how many there are."""
_NOT_TOLD = frozenset({"user", "digest"})
"""Fields of events that are digests: of no use outside."""


class ChangeEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event, as the change feed and webhooks tell it."""

    id: str
    """The firm's uid, the entry's number, and of whose access it moved the number of the part."""
    source: str
    type: str
    """``ringfence.`` with the command's name, or ``ringfence.access.lost`` and the like."""
    subject: str
    """``clients/12``, ``members/7`` where it is about one alone; empty else."""
    at: int
    """Microseconds since 1970 UTC."""
    data: dict[str, Any]
    entry: int
    part: int
    """0 for what the entry says."""
    done: FeedPlace
    """The place once this has been told."""

    @property
    def family(self) -> str:
        """The first word of what happened: ``client``, ``grant``, ``access`` …"""
        return self.type.split(".")[1]


def events_of(firm: int, uid: str, step: LedgerStep, *, moves: bool) -> list[ChangeEvent]:
    """All that is told of an entry: what it says, then whose access it moved where `moves` asks for that."""
    entry = step.entry
    named = [_entry_part(step)]
    if moves:
        parts = moved_by(step)
        members = {number for part in parts for number in part.members}
        members |= {each.member for part in parts for each in part.counted}
        of_member = _members(firm, members)
        of_client = _clients(firm, {number for part in parts for number in part.clients})
        named += [_moved_part(part, of_member, of_client) for part in parts]
    found = []
    for place, (kind, subject, data) in enumerate(named):
        event_id = f"{uid}/{entry.number}/{place}" if place else f"{uid}/{entry.number}"
        last = place == len(named) - 1
        found.append(
            ChangeEvent(
                id=event_id,
                source=f"urn:uuid:{uid}",
                type=f"ringfence.{kind}",
                subject=subject,
                at=entry.at,
                data={"version": entry.number, **data},
                entry=entry.number,
                part=place,
                done=FeedPlace(entry.number) if last else FeedPlace(entry.number - 1, place + 1),
            )
        )
    return found


_Named = tuple[str, str, dict[str, Any]]
"""What happened, what it is about, and its data."""


def _entry_part(step: LedgerStep) -> _Named:
    entry = step.entry
    data = {
        "command": entry.command,
        "actor": None if entry.actor.member is None else {"member": entry.actor.member},
        "self_access": entry.self_access,
        "events": [_bounded(plain_event(event)) for event in entry.events],
    }
    return entry.command, _about(entry.events, step), data


def _about(events: Iterable[Event], step: LedgerStep) -> str:
    found = list(events)
    clients = clients_in(found, step.after.register)
    groups, members = groups_in(found), members_in(found)
    for kind, numbers in (("clients", clients), ("groups", groups), ("members", members)):
        if numbers:
            return f"{kind}/{numbers[0]}" if len(numbers) == 1 else ""
    return ""


def _bounded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same with long sets counted, and without what is of no use outside."""
    return {name: _listed(value) for name, value in fields.items() if name not in _NOT_TOLD}


def _listed(value: Any) -> Any:
    if isinstance(value, list) and len(value) > MOST_LISTED:
        return {"count": len(value)}
    return value


def _moved_part(
    part: MovedPart, of_member: Mapping[int, dict[str, Any]], of_client: Mapping[int, dict[str, Any]]
) -> _Named:
    data: dict[str, Any] = {"cause": part.cause.value}
    if part.move is Move.MANY:
        data["members"] = [_counted(each, of_member) for each in part.counted]
        data["fetch"] = "/access/v1/search/resource"
        subject = f"members/{part.counted[0].member}" if len(part.counted) == 1 else ""
        return "access.many", subject, data
    data["members"] = [of_member[number] for number in part.members]
    data["clients"] = [of_client[number] for number in part.clients]
    if part.move is not Move.LOST:
        data["level"] = part.level.name.lower() if part.level is not Level.NONE else "part"
    if len(part.members) == 1:
        subject = f"members/{part.members[0]}"
    else:
        subject = f"clients/{part.clients[0]}" if len(part.clients) == 1 else ""
    return f"access.{part.move.value}", subject, data


def _counted(each: Counted, of_member: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    counts = {"lost": each.lost, "gained": each.gained, "changed": each.changed}
    return {**of_member[each.member], **counts}


def _members(firm: int, numbers: set[int]) -> dict[int, dict[str, Any]]:
    """What software knows a member by."""
    rows = Member.objects.filter(firm=firm, number__in=numbers).values_list("number", "email", "external")
    known = {number: {"email": email, "external": external} for number, email, external in rows}
    return {number: _keyed(number, **known.get(number, {})) for number in numbers}


def _clients(firm: int, numbers: set[int]) -> dict[int, dict[str, Any]]:
    """What software knows a client by."""
    rows = Client.objects.filter(firm=firm, number__in=numbers).values_list("number", "reference")
    known = dict(rows) if numbers else {}
    return {number: _keyed(number, reference=known.get(number)) for number in numbers}


def _keyed(number: int, **keys: str | None) -> dict[str, Any]:
    return {"id": str(number), **{name: key for name, key in keys.items() if key}}
