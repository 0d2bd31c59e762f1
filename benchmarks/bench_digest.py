"""The daily digest of a thousand members, of five thousand changes of one day, to a real mail server.

`python -m benchmarks.bench_digest DATABASE`. The firm keeps to the kyc document: everybody opens every
client, so that each digest is about all of them. Handing over, writing and sending are all counted.
"""

import subprocess
import sys
import time
from unittest.mock import patch

import msgspec

from .measure import Figure, resident, set_up_django

MEMBERS, CLIENTS, CHANGES = 1_000, 5_000, 5_000
HOUR = 3600 * 1_000_000


def main() -> None:
    set_up_django()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bench_digest", "server"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        figures = measured(int(server.stdout.readline()))
        server.terminate()
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def serve() -> None:
    """The mail server: a process of its own, as it is elsewhere."""
    from tests.support.mail_server import mail_server

    with mail_server() as found:
        print(found.port, flush=True)
        time.sleep(3600)


def founded() -> int:
    """The firm with its members and clients, and a day of changes."""
    from ringfence.access import OPERATOR, Actor, Batch, create_firm, execute, firm_state, rehearse, save
    from ringfence.core.commands.definitions import AddMember, ChangeClient, ClientRow, ImportClients, TurnOn
    from ringfence.firms.models import Firm, LedgerEntry

    firm = create_firm("Digest Bench", "kyc", admin_email="m1@digest.example", admin_name="Ada").firm

    def saved(*batches: Batch) -> None:
        save(rehearse(firm, batches, actor=Actor(1), version=firm_state(firm).version))

    saved(
        Batch(
            "member.add",
            tuple(
                AddMember(name=f"Member {number}", email=f"m{number}@digest.example")
                for number in range(2, MEMBERS + 1)
            ),
        )
    )
    rows = tuple(ClientRow(name=f"Client {number:05}") for number in range(1, CLIENTS + 1))
    execute(firm, ImportClients(rows=rows, grants=()), actor=OPERATOR)
    execute(firm, TurnOn(), actor=OPERATOR)
    begun = firm_state(firm).version
    saved(
        *(
            Batch("client.change", (ChangeClient(client=1 + number % CLIENTS, name=f"Renamed {number:05}"),))
            for number in range(CHANGES)
        )
    )
    last = LedgerEntry.objects.get(firm=firm, number=begun)
    Firm.objects.filter(pk=firm).update(digested=last.at + 1)
    return firm


def measured(port: int) -> list[Figure]:
    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    from ringfence.access.clock import clock
    from ringfence.core.terms import Instant
    from ringfence.jobs.enqueue import Track
    from ringfence.jobs.hand_out_digests import hand_out_digests
    from ringfence.jobs.running import AtWork, do_next

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.SENDS_MAIL, settings.ADDRESS = True, "https://ringfence.example"
    firm = founded()
    DBTaskResult.objects.all().delete()
    at_work, begun, busy = AtWork(), time.perf_counter(), time.process_time()
    with patch("ringfence.access.digest.days.clock", lambda: Instant(clock() + 25 * HOUR)):
        hand_out_digests.func(firm)
    handed = time.perf_counter() - begun
    handed_busy = time.process_time() - busy
    sent = 0
    while do_next(Track.MAIL, "bench", at_work):
        sent += 1
    assert sent == MEMBERS - 1, sent
    whole, whole_busy = time.perf_counter() - begun, time.process_time() - busy
    told = f"the digest of {MEMBERS:,} members and {CHANGES:,} changes"
    return [
        Figure(f"{told}, handed over", handed, "s", None, handed_busy, "of the processor"),
        Figure(f"{told}, sent", whole, "s", 60, whole_busy, "of the processor"),
        Figure("the process that sent it", resident(), "MB", 300),
    ]


if __name__ == "__main__":
    serve() if sys.argv[1] == "server" else main()
