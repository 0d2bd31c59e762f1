"""A firm in which every member is given some of 100,000 clients, at one level or several: for benchmarks."""

from random import Random
from typing import TYPE_CHECKING

from pyroaring import BitMap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.core.terms import Level

MEMBERS, CLIENTS = 1_000, 100_000


def granted_firm(name: str, levels: "Iterable[Level]", each: int) -> int:
    """The firm's id; each of its members has so many clients at each of these levels, always the same.

    Django is set up before. All of it is one change.
    """
    from ringfence.access import OPERATOR, Batch, create_firm, firm_state, rehearse, save
    from ringfence.core.commands.definitions import (
        AddMember,
        ClientRow,
        Command,
        ImportClients,
        On,
        SetGrant,
    )
    from ringfence.core.terms import member_subject

    firm = create_firm(name, "planning", admin_email=f"{name.lower()}@example.org").firm
    chance, levels = Random(1), tuple(levels)
    commands: list[Command] = [AddMember(name=f"Member {number}") for number in range(2, MEMBERS + 1)]
    rows = tuple(ClientRow(name=f"Client {n}") for n in range(CLIENTS))
    commands.append(ImportClients(rows=rows, grants=()))
    for number in range(1, MEMBERS + 1):
        for level in levels:
            on = On(clients=BitMap(chance.sample(range(1, CLIENTS + 1), each)))
            commands.append(SetGrant(to=(member_subject(number),), on=on, level=level))
    batch = Batch("grant.set", tuple(commands))
    save(rehearse(firm, [batch], actor=OPERATOR, version=firm_state(firm).version))
    return firm
