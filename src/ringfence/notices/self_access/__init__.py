"""Somebody who manages access let themselves in to clients (rules.md 5, "Self-access").

To the clients' Owners, or where there are none their direct grantees, each told of their own clients; and to
all other administrators and principals. Who is told of the same entry by `control_turned` is not told twice.
"""

from django.conf import settings
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable, entry_told, self_access_of
from ringfence.core.terms import Capability
from ringfence.notices import control_turned
from ringfence.notices.readers import administrators, reader_of
from ringfence.notices.sending import in_their_words, send
from ringfence.wording.ledger import entry_text


def readers(firm: int, entry: Notable) -> list[int]:
    """To whom it goes, by number."""
    if not entry.self_access:
        return []
    found = self_access_of(firm, entry.number)
    if not found.clients:
        return []
    told = BitMap(administrators(firm_state(firm))) | BitMap(list(found.holders))
    return list(told - BitMap([entry.actor or 0, *control_turned.readers(firm, entry)]))


def send_self_access(firm: int, number: int, member: int) -> None:
    """Tell the member of those of the clients that they may be told of now; of none, nothing is sent.

    Raises as `sending.send` does.
    """
    found, entry = reader_of(firm, member), entry_told(firm, number)
    if found is None or entry is None:
        return
    did = self_access_of(firm, number)
    manages = found.may(Capability.MANAGE)
    clients = found.named(did.clients if manages else did.holders.get(member, BitMap()))
    if not clients.count:
        return
    with in_their_words(found.recipient):
        values = {
            "who": found.member_name(entry.actor),
            "when": found.told_time(entry.at),
            "command": entry_text(entry.command),
        }
    link = settings.ADDRESS + reverse("manage", args=[firm]) if manages else settings.ADDRESS
    send(found.recipient, "self_access", clients=clients, manages=manages, link=link, **values)
