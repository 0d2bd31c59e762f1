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

_LISTS = "client.import"
"""The name of entries that say something of clients, of their services, or of both."""
_OF_CLIENT = ("client.add", _LISTS, "client.change", "client.restore")
_OF_SERVICES = ("engagement.add", "engagement.import", "engagement.change", "engagement.remove")
_ABOUT_SERVICES = e.EngagementAdded | e.EngagementsAdded | e.EngagementRemoved
_TOLD = e.ClientsAdded | e.ClientMarked | e.ClientRestored | e.Described | _ABOUT_SERVICES


def told_history(firm_now: FirmNow, member: int, client: int) -> BitMap:
    """The numbers of the entries that the member is told of; none where they do not see the client.

    Of services are told those who see all that the client has.
    """
    if not firm_now.sees(member, client):
        return BitMap()
    if _sees_whole(firm_now, member, client):
        return _found(firm_now, client, (*_OF_CLIENT, *_OF_SERVICES))
    lists = told_entries(firm_now, member, client, _found(firm_now, client, (_LISTS,)))
    of_services_alone = BitMap([entry.number for entry in lists if not entry.events])
    return _found(firm_now, client, _OF_CLIENT) - of_services_alone


def told_entries(firm_now: FirmNow, member: int, client: int, numbers: BitMap) -> list[Entry]:
    """These entries, newest first, with those of their events alone that are about the client and told."""
    whole = _sees_whole(firm_now, member, client)
    return [
        msgspec.structs.replace(
            entry, events=tuple(event for event in entry.events if _told(event, whole=whole)), texts=()
        )
        for entry in entries_about(firm_now, Thing.CLIENT, client, numbers)
    ]


def _sees_whole(firm_now: FirmNow, member: int, client: int) -> bool:
    return all(firm_now.can(member, number) for number in firm_now.engagements_of(client))


def _found(firm_now: FirmNow, client: int, commands: tuple[str, ...]) -> BitMap:
    sought = Sought(clients=BitMap([client]), commands=commands)
    return find_entries(firm_now.firm, firm_now.version, sought)


def _told(event: e.Event, *, whole: bool) -> bool:
    about_services = isinstance(event, _ABOUT_SERVICES) or (
        isinstance(event, e.Described) and event.thing is Thing.ENGAGEMENT
    )
    return isinstance(event, _TOLD) and (whole or not about_services)
