"""The permissions wizard at its largest: 10,000 clients × 20 grantees, in processor time of this process.

For an administrator, and for an Owner, whose every grant the cap is asked about (rules.md 5).
"""

import os
import sys
import time

import django
import msgspec
from pyroaring import BitMap

from .measure import Figure

CLIENTS, GRANTEES = 10_000, 20


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()
    from ringfence.access import OPERATOR, Actor, Batch, create_firm, execute, firm_state, rehearse, save
    from ringfence.core.commands.definitions import (
        AddMember,
        ClientRow,
        Command,
        ImportClients,
        On,
        RemoveGrant,
        SetGrant,
    )
    from ringfence.core.terms import Level, member_subject

    firm = create_firm("Wizard", "planning", admin_email="wizard@example.org").firm
    for number in range(GRANTEES + 1):
        execute(firm, AddMember(name=f"Member {number}"), actor=OPERATOR)
    administrator, owner = Actor(1), Actor(2)
    rows = tuple(ClientRow(name=f"Client {number}") for number in range(CLIENTS))
    execute(firm, ImportClients(rows=rows), actor=owner)
    on = On(clients=BitMap(firm_state(firm).clients))
    to = tuple(member_subject(number) for number in range(3, 3 + GRANTEES))

    def previewed(actor: Actor, *commands: Command) -> float:
        start = time.process_time()
        version = firm_state(firm).version
        rehearsal = rehearse(firm, [Batch("grant.set", commands)], actor=actor, version=version)
        found = rehearsal.difference()
        rehearsal.left_to_nobody(found)
        rehearsal.ownerless()
        for pairs in (found.gains, found.loses):
            len(pairs)
        return time.process_time() - start

    def saved(actor: Actor, *commands: Command) -> float:
        start = time.process_time()
        version = firm_state(firm).version
        save(rehearse(firm, [Batch("grant.set", commands)], actor=actor, version=version))
        return time.process_time() - start

    one = SetGrant(to=to[:1], on=On.client(1), level=Level.READER)
    bare_preview, bare = previewed(administrator, one), saved(administrator, one)
    figures = []
    for who, actor in (("an administrator", administrator), ("an Owner", owner)):
        half = GRANTEES // 2
        commands = (
            SetGrant(to=to[:half], on=on, level=Level.EDITOR),
            SetGrant(to=to[half:], on=on, level=Level.BLOCKED),
        )
        remove = RemoveGrant(to=to, on=on)
        size = f"{CLIENTS:,} clients × {GRANTEES} by {who}"
        baseline = "(one grant)"
        figures += [
            Figure(f"{size}: previewed", previewed(actor, *commands), "s", 1, bare_preview, baseline),
            Figure(f"{size}: set", saved(actor, *commands), "s", 5, bare, baseline),
            Figure(f"{size}: taken away", saved(actor, remove), "s", 5, bare, baseline),
        ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


if __name__ == "__main__":
    main()
