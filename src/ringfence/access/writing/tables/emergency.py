"""What happens to emergency access, in its table: one row until it has ended and is acknowledged."""

from typing import TYPE_CHECKING

from ringfence.core import events as e

if TYPE_CHECKING:
    from .write import Writing

_PAIR = "firm_id = %s AND client = %s AND member = %s"


def opened(event: e.EmergencyOpened, to: "Writing") -> None:
    to.statements.execute(f"DELETE FROM firms_emergency WHERE {_PAIR}", to.firm, event.client, event.member)
    columns = ("firm_id", "client", "member", "level", "opened", "expires", "stands", "acknowledged")
    times = (event.at, event.expires)
    row = (to.firm, event.client, event.member, int(event.level), *times, True, False)
    to.statements.insert("firms_emergency", columns, [row])


def ended(event: e.EmergencyEnded, to: "Writing") -> None:
    _over(event, to, "stands", False)


def acknowledged(event: e.EmergencyAcknowledged, to: "Writing") -> None:
    _over(event, to, "acknowledged", True)


def _over(event: e.EmergencyEnded | e.EmergencyAcknowledged, to: "Writing", column: str, value: bool) -> None:
    """What neither stands nor waits to be acknowledged is in the ledger alone."""
    pair = (to.firm, event.client, event.member)
    to.statements.execute(f"UPDATE firms_emergency SET {column} = %s WHERE {_PAIR}", value, *pair)
    to.statements.execute(f"DELETE FROM firms_emergency WHERE {_PAIR} AND acknowledged AND NOT stands", *pair)
