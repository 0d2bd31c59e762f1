"""What edges ask besides the state itself: names, which clients one may know of, why and how to change it.

Asks only; every write goes through `door.py`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ringfence.core.authority import knowing, sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.commands import Refused
from ringfence.core.explanation.explanation import ClientExplanation, explain_client
from ringfence.core.remedies.remedies import Remedy, client_remedies
from ringfence.core.terms import Target, Thing
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names

from .connection import answering, plain
from .firm_now import FirmNow
from .writing.tables import TABLES
from .writing.tables.bulk import among_numbers, numbers_parameter, rows_of

NAMES = NameIndex()
"""The names that this process keeps."""


def client_names(firm: int) -> Names:
    """The firm's clients in the order of their names, no older than this call.

    Raises `FirmUnknown`, and `StateUnavailable` where the database cannot say.
    """
    with answering():
        return NAMES.current(plain(), firm)


def rows_by_number(
    firm: int, thing: Thing, fields: Sequence[str], column: str, numbers: Iterable[int]
) -> list[tuple[Any, ...]]:
    """These fields of the firm's things of a kind whose `column` is among `numbers`, in order of number.

    One question to the database. Whoever asks has made sure that the numbers may be known.
    """
    return rows_of(
        f"SELECT {', '.join(fields)} FROM {TABLES[thing]}"
        f" WHERE firm_id = %s AND {among_numbers(column)} ORDER BY number",
        firm,
        numbers_parameter(numbers),
    )


def refused_managing(firm_now: FirmNow, member: int | None) -> Refused | None:
    """How the core refuses whatever only administrators may do, None where it does not (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    return sharing.refused_acting(acting) or sharing.refused_managing(acting)


def refused_sharing(firm_now: FirmNow, member: int | None, target: Target) -> Refused | None:
    """How the core refuses any grant on a client or engagement, None where it may be shared (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    naming = knowing.refused_engagement if target.kind == "engagement" else knowing.refused_client
    return (
        sharing.refused_acting(acting)
        or naming(acting, target.number)
        or sharing.refused_sharing(acting, target)
    )


def explained(firm_now: FirmNow, member: int, client: int) -> ClientExplanation:
    """Why the member's level on the client is what it is. To show it safely, see `ringfence.wording`."""
    return explain_client(firm_now.moment, member, client)


def ways_in(firm_now: FirmNow, member: int, client: int) -> tuple[Remedy, ...]:
    """The smallest changes that would let a denied member see all of the client, and who may make them."""
    return client_remedies(firm_now.moment, member, client)
