"""What a firm's provider tells of who signs in, carried over to their place, where the firm wants it.

Name, external id, and the groups that the directory keeps. Who it is, and whether they are let in, is decided
in `linking`; nothing told here lets anybody in, and nothing that cannot be taken over keeps anybody out.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator

from msgspec import UNSET

from ringfence.core.commands import Command, Refused
from ringfence.core.commands.definitions import AddToGroup, ChangeMember, RemoveFromGroup
from ringfence.core.directory import unique_key
from ringfence.core.texts import EXTERNAL, MEMBER_NAME, steers

from .actor import OPERATOR
from .batches.rehearse import Overtaken
from .door import firm_state
from .firm_now import FirmNow
from .linking import Arrival
from .providers import Protocol, Provider
from .provisioning import changed_as_one, known_groups, member_row, members_called

TRIES = 5
"""How often it is worked out anew where somebody else changed the firm meanwhile."""

_LOG = logging.getLogger(__name__)


def carry_over(provider: Provider, member: int, arrival: Arrival) -> None:
    """Make the member's place what the provider tells, as one entry of the ledger; nothing where it is so.

    Does nothing where the firm has not said so of the provider, and where the core refuses: whoever signs in
    is not to suffer for it. Raises `StateUnavailable`.
    """
    if provider.protocol is not Protocol.OIDC or not provider.openid.carries:
        return
    for _ in range(TRIES):
        now = firm_state(provider.firm)
        commands = list(carried(now, member, arrival, reason=provider.name))
        if not commands:
            return
        try:
            changed_as_one(now, commands, actor=OPERATOR)
        except Overtaken:
            continue
        except Refused as refused:
            _LOG.warning(
                "What a provider told of a member was refused: %s",
                refused.refusal.value,
                extra={"firm": provider.firm, "provider": provider.number, "member": member},
            )
        return


def carried(now: FirmNow, member: int, arrival: Arrival, *, reason: str = "") -> Iterator[Command]:
    """The commands after which the member is called and grouped as the provider tells.

    What is not told stays as it is, and so does what cannot be: a name that is too long, an id that is
    somebody else's. Groups are told by name or by external id; those that are kept here are left alone.
    """
    row = member_row(now, member)
    name, external = arrival.name.strip(), arrival.external.strip()
    renamed = _can_be(name, MEMBER_NAME) and name != row.name
    numbered = (
        _can_be(external, EXTERNAL)
        and external != row.external
        and not set(members_called(now, "external", external)) - {member}
    )
    if renamed or numbered:
        yield ChangeMember(
            member=member,
            name=name if renamed else UNSET,
            external=external if numbered else UNSET,
            reason=reason,
        )
    if arrival.groups is not None:
        yield from _grouped(now, member, arrival.groups, reason)


def _grouped(now: FirmNow, member: int, told: Collection[str], reason: str) -> Iterator[Command]:
    keys = {unique_key(each) for each in told if each.strip()}
    for group in known_groups(now, now.kept):
        wanted = bool(keys & {unique_key(each) for each in (group.name, group.external) if each})
        if wanted == (member in now.groups[group.number]):
            continue
        kind = AddToGroup if wanted else RemoveFromGroup
        yield kind(group=group.number, members=frozenset({member}), directory=True, reason=reason)


def _can_be(text: str, limit: int) -> bool:
    return 0 < len(text) <= limit and text.isprintable() and not any(map(steers, text))
