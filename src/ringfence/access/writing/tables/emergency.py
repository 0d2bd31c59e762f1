"""Emergency access in its table: one row until it has ended and is acknowledged."""

from ringfence.core import events as e

from .writing import Writing

_PAIR = "client = %s AND member = %s"


def emergency_opened(event: e.EmergencyOpened, to: Writing) -> None:
    to.delete("firms_emergency", _PAIR, event.client, event.member)
    to.insert(
        "firms_emergency",
        client=event.client,
        member=event.member,
        level=int(event.level),
        opened=event.at,
        expires=event.expires,
        stands=True,
        acknowledged=False,
    )


def emergency_ended(event: e.EmergencyEnded, to: Writing) -> None:
    _over(event, to, "stands", False)


def emergency_acknowledged(event: e.EmergencyAcknowledged, to: Writing) -> None:
    _over(event, to, "acknowledged", True)


def _over(event: e.EmergencyEnded | e.EmergencyAcknowledged, to: Writing, column: str, value: bool) -> None:
    """What neither stands nor waits to be acknowledged is in the ledger alone."""
    pair = (event.client, event.member)
    to.statements.execute(
        f"UPDATE firms_emergency SET {column} = %s WHERE firm_id = %s AND {_PAIR}", value, to.firm, *pair
    )
    to.delete("firms_emergency", f"{_PAIR} AND acknowledged AND NOT stands", *pair)
