"""What hands a leaver's own access to several colleagues, client by client, as one change."""

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.core.commands import Command
from ringfence.core.commands.handing_on import clients_kept_by_block, hand_over_commands, handable_clients

from .firm_now import FirmNow


def handing_over(firm_now: FirmNow, member: int, heirs: Mapping[int, BitMap]) -> tuple[Command, ...]:
    """The commands, none where nothing goes to anybody. `heirs`: the clients that go to each."""
    return tuple(hand_over_commands(firm_now.moment, member, heirs))


def own_clients(firm_now: FirmNow, member: int) -> BitMap:
    """The clients on which the member has an unexpired grant of their own that is no block."""
    return handable_clients(firm_now.moment, member)


def kept_by_block(firm_now: FirmNow, member: int, heir: int) -> BitMap:
    """Those of these clients that would stay with the member, since the heir is blocked there."""
    return clients_kept_by_block(firm_now.moment, member, heir)
