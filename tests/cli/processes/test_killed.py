"""Killed in the middle: writes over the API and events on their way lose nothing and repeat no change."""

import http.client
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.cli.children import succeeding
from tests.cli.processes.test_serve import children, free_port, jobs_processes, web_processes
from tests.cli.processes.test_serve_roles import serving
from tests.cli.processes.test_supervisor import SECONDS
from tests.support.receiver import Receiver, receiver

CLIENTS = 8
KILLED_AT = (3,)
"""Which events are on their way when the process that sends them is killed."""
FIRM = ("--firm", "Pike")


class Software:
    """Sends each change until it is acknowledged, as software does that may not lose one."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.again = 0
        """How often it had no answer."""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, f"/api/v1{path}", json.dumps(body or {}), self.headers | sent)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def add(self, number: int) -> int:
        """The entry by which the client was added."""
        body = {"client": f"Client {number}", "reference": f"R-{number}"}
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                status, found = self.ask("POST", "/clients", body, Idempotency_Key=f"client-{number}")
                if status == 201:
                    return int(found["version"])
                assert status == 503, found
            self.again += 1
            time.sleep(0.05)
        raise AssertionError(f"client {number} was never acknowledged")


def kill(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def end_leases(database: str) -> None:
    """A process that was killed keeps its webhooks to itself for two minutes more; let them be over."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), timeout=SECONDS)) as connection:
        connection.execute("UPDATE firms_webhook SET leased_until = 0")
        connection.commit()


def killing(there: Receiver, sender: Callable[[], list[int]], database: str) -> None:
    """Have the receiver kill who sends to it while certain events have arrived and are not answered."""
    take, killed = there.take, set[int]()

    def take_or_kill(headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        place = len(there.bodies)
        if place in KILLED_AT and place not in killed:
            killed.add(place)
            kill(sender())
            end_leases(database)
            return 503, {}
        return take(headers, body)

    there.take = take_or_kill  # type: ignore[method-assign]  # a receiver that is killed before it


def test_what_was_acknowledged_is_there_once_and_is_told(migrated_database: str, tmp_path: Path) -> None:
    own = {"RINGFENCE_WEBHOOK_NETWORKS": "127.0.0.0/8"}

    def ringfence(*arguments: str) -> str:
        return succeeding(migrated_database, tmp_path, *arguments, **own).strip()

    ringfence("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    token = ringfence("token", "add", "Automation", "--scope", "manage", "--for", "owen@pike.example", *FIRM)
    port = free_port()
    options = ("--role", "web", "--role", "jobs", "--port", str(port), "--workers", "1")
    with receiver() as there:
        there.secret = ringfence("webhook", "add", there.address, "--only", "client", *FIRM)
        with serving(migrated_database, tmp_path, *options, **own) as (process, _said):
            killing(there, lambda: jobs_processes(process.pid), migrated_database)
            software = Software(port, token)
            acknowledged = []
            for number in range(1, CLIENTS + 1):
                if number in (3, 6):
                    workers = [each for web in web_processes(process.pid) for each in children(web)]
                    # While the request is on its way, a little later each time.
                    threading.Timer(number / 1_000, kill, [workers]).start()
                acknowledged.append(software.add(number))
            assert software.again > 0
            _status, clients = software.ask("GET", f"/clients?which=all&limit={CLIENTS * 2}")
            _status, added = software.ask("GET", "/ledger?command=client.add")
            until = time.monotonic() + SECONDS
            while len(set(there.ids)) < CLIENTS and time.monotonic() < until:
                time.sleep(0.1)
    assert sorted(each["reference"] for each in clients["items"]) == sorted(
        f"R-{number}" for number in range(1, CLIENTS + 1)
    )
    assert (clients["total"], added["total"]) == (CLIENTS, CLIENTS)
    assert there.forged == 0
    told = [int(event["data"]["version"]) for event in there.bodies]
    # In the order of the ledger; one may come twice, never after a later one.
    assert told == sorted(told)
    assert sorted(set(told)) == acknowledged
    assert len(told) - CLIENTS <= len(KILLED_AT)
    ringfence("ledger", "verify", *FIRM)
