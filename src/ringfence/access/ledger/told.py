"""What a member who sees a client is told of its history: nothing of who was given access to it.

Who reads the ledger is told everything (`history.py`, rules.md 5).
"""

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.core import events as e
from ringfence.core.terms import Thing

from .entries import Entry
from .finding import Sought, find_entries
from .history import entries_about

_OF_CLIENT = ("client.add", "client.import", "client.change", "client.restore")
_OF_SERVICES = ("engagement.add", "engagement.import", "engagement.change", "engagement.remove")
_TOLD = (
    e.ClientsAdded
    | e.ClientMarked
    | e.ClientRestored
    | e.Described
    | e.EngagementAdded
    | e.EngagementsAdded
    | e.EngagementRemoved
)


def told_history(firm_now: FirmNow, member: int, client: int) -> BitMap:
    """The numbers of the entries that the member is told of; none where they do not see the client.

    Of services are told those who see all that the client has.
    """
    if not firm_now.sees(member, client):
        return BitMap()
    whole = all(firm_now.can(member, number) for number in firm_now.engagements_of(client))
    commands = (*_OF_CLIENT, *_OF_SERVICES) if whole else _OF_CLIENT
    sought = Sought(clients=BitMap([client]), commands=commands)
    return find_entries(firm_now.firm, firm_now.version, sought)


def told_entries(firm_now: FirmNow, client: int, numbers: BitMap) -> list[Entry]:
    """These entries, newest first, with those of their events alone that are about the client and told."""
    return [
        msgspec.structs.replace(
            entry, events=tuple(event for event in entry.events if isinstance(event, _TOLD)), texts=()
        )
        for entry in entries_about(firm_now, Thing.CLIENT, client, numbers)
    ]
