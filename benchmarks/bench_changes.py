"""Large commands on a big firm, from the call to the acknowledgement: everything that a user waits for."""

import random
import sys
import time
from collections.abc import Callable

import msgspec
from pyroaring import BitMap

from .bigfirm import FIRM, SERVICES
from .measure import Figure, set_up_django

MANY = 100_000
OPENINGS = 50


def main() -> None:
    set_up_django()
    from ringfence.access import OPERATOR, create_firm, execute, firm_state, open_record, preview
    from ringfence.core.commands.definitions import (
        ClientRow,
        Command,
        CreateGroup,
        DeleteGroup,
        ImportClients,
        On,
        TurnOn,
    )
    from ringfence.samples import invented

    def timed(command: Command) -> float:
        start = time.perf_counter()
        execute(FIRM, command, actor=OPERATOR)
        return time.perf_counter() - start

    state = firm_state(FIRM).moment.state
    chance = random.Random(5)
    count = min(MANY, len(state.register.clients) // 2)
    clients = BitMap(chance.sample(list(state.register.clients), count))
    engagements = BitMap(chance.sample(list(state.register.engagements), count))
    members = frozenset(chance.sample(list(state.members), len(state.members) // 2))
    small = CreateGroup(name="Small", members=frozenset({3}), on=On(clients=BitMap([1])))
    bare = timed(small)
    made = timed(CreateGroup(name="Clients", members=members, on=On(clients=clients)))
    also = timed(CreateGroup(name="Engagements", members=members, on=On(engagements=engagements)))
    group = state.numbers.group + 2
    gone = timed(DeleteGroup(group=group))
    rows = tuple(
        ClientRow(
            name=invented.company(chance),
            reference=f"NEW{number:06d}",
            services={1 + number % SERVICES: f"N{number:08d}"},
        )
        for number in range(count)
    )
    imported = timed(ImportClients(rows=rows))
    kyc = create_firm("Shared at first", "kyc", admin_email="first@shared.example").firm
    execute(
        kyc,
        ImportClients(rows=tuple(msgspec.structs.replace(row, services={}) for row in rows)),
        actor=OPERATOR,
    )
    asked = _cpu(lambda: preview(kyc, TurnOn(), actor=OPERATOR))
    turned = _cpu(lambda: execute(kyc, TurnOn(), actor=OPERATOR))
    baseline = "(a group of one)"
    view = firm_state(FIRM)
    member = next(number for number in state.members if len(view.moment.clients(number)) >= OPENINGS)
    start = time.perf_counter()
    for client in view.moment.clients(member)[:OPENINGS]:
        open_record(firm_state(FIRM), member=member, client=client)
    opened = (time.perf_counter() - start) / OPENINGS
    figures = [
        Figure(f"a group with {count:,} clients acknowledged", made, "s", 3, bare, baseline),
        Figure(f"a group with {count:,} engagements acknowledged", also, "s", 3, bare, baseline),
        Figure(f"that group of {count:,} clients deleted", gone, "s", None, bare, baseline),
        Figure(f"{count:,} clients imported in one command", imported, "s", 20, bare, baseline),
        Figure(f"turning on for {count:,} existing clients shown, CPU", asked, "s", 5),
        Figure("turning on for them, each shared with all, CPU", turned, "s", 5),
        Figure("a record opened, noted in the ledger", opened, "s", None, bare, baseline),
    ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
