"""A firm's past and its proof, made by real commands: 1,000,000 clients and some 1,700 entries.

`python -m benchmarks.bench_past DATABASE`, on a migrated database of which nobody else is in need;
`RINGFENCE_BENCH_CLIENTS` makes a smaller firm. Asked are questions of a process that has just begun, and of
the same one afterwards: who could open a client, and what a member could open, at moments of the last days.
Nothing here names what only some versions have, but making checkpoints, where there are any to make.
"""

import inspect
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import django
import msgspec

from .measure import Figure

CLIENTS = int(os.environ.get("RINGFENCE_BENCH_CLIENTS", "1000000"))
MEMBERS = max(CLIENTS // 1_000, 20)
GROUPS = MEMBERS // 2
QUESTIONS = 12
FIRM = "Past Bench"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()
    from ringfence.firms.models import Firm

    # The other figures are of a firm that was written without a ledger.
    found = Firm.objects.filter(name=FIRM).first()
    firm = found.pk if found else _made()
    first, later, peak = _in_a_process("ask", firm)
    proof, proof_peak = _in_a_process("prove", firm)
    told = f"a firm of {CLIENTS:,} clients and {Firm.objects.get(pk=firm).version:,} entries"
    figures = [
        Figure(f"{told}: its past, the first question in a process", first, "s"),
        Figure("the past, each later question at another moment", later, "s"),
        Figure("the process that answered, at its largest", peak, "MB"),
        Figure("ledger verify", proof, "s"),
        Figure("the process that proved it, at its largest", proof_peak, "MB"),
    ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _made() -> int:
    """The firm, and what the background would have made beside its ledger meanwhile."""
    from ringfence import access
    from ringfence.samples.generate import commands

    firm = access.create_firm(FIRM, "agency", admin_email="past@bench.example", admin_name="Ada").firm
    for command in commands(clients=CLIENTS, members=MEMBERS, groups=GROUPS):
        access.execute(firm, command, actor=access.OPERATOR)
    make = getattr(access, "make_checkpoints", None)
    if make is not None:
        make(firm)
    return firm


def _in_a_process(what: str, firm: int) -> list[float]:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_past", what, str(firm)], stdout=subprocess.PIPE, check=True
    )
    found: list[float] = json.loads(run.stdout)
    return found


def _ask(firm: int) -> list[float]:
    from ringfence.access import Working, ask_then
    from ringfence.core.terms import Instant
    from ringfence.firms.models import LedgerEntry

    rows = LedgerEntry.objects.filter(firm=firm).order_by("number").values_list("at", flat=True)
    last = list(rows)[-max(len(rows) // 3, 1) :]
    chance = random.Random(9)
    moments = [last[-1], *chance.sample(last, min(QUESTIONS, len(last)))]

    def ask(at: int) -> None:
        while isinstance(then := ask_then(firm, Instant(at)), Working):
            time.sleep(0.01)
        assert then is not None
        client = chance.randint(1, CLIENTS)
        assert then.who(client) is not None
        then.clients_seen_by(chance.randint(2, MEMBERS))

    first, *later = (_seconds(lambda at=at: ask(at)) for at in moments)  # type: ignore[misc]
    return [first, sum(later) / len(later), _peak()]


def _prove(firm: int) -> list[float]:
    from ringfence.access import verify

    # As `ringfence ledger verify` does it.
    more = {"beside": True} if "beside" in inspect.signature(verify).parameters else {}

    def prove() -> None:
        assert verify(firm, **more).whole

    return [_seconds(prove), _peak()]


def _seconds(work: Callable[[], object]) -> float:
    """Once and by the clock: the first time is what is asked for."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    if sys.argv[1] in ("ask", "prove"):
        os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
        django.setup()
        work = {"ask": _ask, "prove": _prove}[sys.argv[1]]
        print(json.dumps(work(int(sys.argv[2]))))
    else:
        main()
