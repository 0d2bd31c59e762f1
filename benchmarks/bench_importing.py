"""Twenty people at their pages while 100,000 clients are brought in through the browser, beside a quiet time.

`python -m benchmarks.bench_importing DATABASE`. The real `ringfence serve` answers. The people list clients,
open records, write notes, look at groups and sign in, each with a pause between; the list is sent, checked,
previewed and saved by an administrator, as a browser does it.
"""

import csv
import io
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tests.cli.children import COMMAND
from tests.cli.processes.site import free_port

from .bench_serving import Browser
from .measure import Figure, set_up_django
from .references import utr, vat_number
from .waiting import Waiter

if TYPE_CHECKING:
    from ringfence.firms.models import ListUpload

PEOPLE = 20
ROWS = 100_000
QUIET_SECONDS = 30.0
PAUSE = 1.0
"""Seconds that a person looks at a page, about."""
FIRM = "Import Bench"
ADMIN = "admin@import.example"
PASSWORD = "three unrelated words"
CLIENTS = 200
KINDS = ("list", "record", "note", "groups", "sign in")


class Asked(NamedTuple):
    """One page: what kind, when it was asked for, how long it took, and its status."""

    kind: str
    at: float
    took: float
    status: int


def main(port: int) -> list[Figure]:
    firm = founded()
    with subprocess.Popen(
        [*COMMAND, "serve", "--role", "web", "--role", "jobs", "--port", str(port)],
        env=os.environ | {"RINGFENCE_TLS": "1", "RINGFENCE_ADDRESS": "https://localhost"},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("Ringfence answers at"):
                break
        try:
            return measured(port, firm)
        finally:
            server.terminate()


def founded() -> int:
    """A firm with its people and a few clients; its number."""
    set_up_django()
    from django.contrib.auth.hashers import make_password

    from ringfence.access import OPERATOR, create_firm, execute
    from ringfence.core.commands.definitions import AddMember, AddService, ClientRow, ImportClients
    from ringfence.core.terms import Role
    from ringfence.firms.models import User

    firm = create_firm(FIRM, "agency", admin_email=ADMIN, admin_name="Ada").firm
    for service in ("VAT", "Income Tax"):
        execute(firm, AddService(name=service), actor=OPERATOR)
    for number in range(PEOPLE):
        adding = AddMember(name=f"Person {number}", email=email(number), role=Role.ADMINISTRATOR)
        execute(firm, adding, actor=OPERATOR)
    rows = tuple(ClientRow(name=f"Client {number}", reference=f"C{number}") for number in range(CLIENTS))
    execute(firm, ImportClients(rows=rows), actor=OPERATOR)
    User.objects.update(password=make_password(PASSWORD))
    return firm


def email(number: int) -> str:
    return f"person-{number}@import.example"


def measured(port: int, firm: int) -> list[Figure]:
    crowd = Crowd(port, firm)
    crowd.start()
    time.sleep(QUIET_SECONDS)
    begun = time.perf_counter()
    with Waiter(os.environ["RINGFENCE_DATABASE"], firm) as waiter:
        steps = brought_in(port, firm)
    ended = time.perf_counter()
    crowd.stop()
    quiet = [each for each in crowd.asked if each.at < begun - PAUSE]
    during = [each for each in crowd.asked if begun <= each.at < ended]
    failed = sum(each.status >= 400 for each in crowd.asked)
    calm = percentile(quiet, 95)
    figures = [
        Figure(
            f"{PEOPLE} people's pages while {ROWS:,} clients come in, p95",
            percentile(during, 95),
            "ms",
            3 * calm,
            calm,
            "quiet",
        ),
        Figure("the same, median", percentile(during, 50), "ms", None, percentile(quiet, 50), "quiet"),
        Figure("the same, the longest", percentile(during, 100), "ms", None, percentile(quiet, 100), "quiet"),
        Figure("the firm locked, the longest that a writer waited", waiter.longest, "s", 0.5),
        Figure("pages that failed", failed, "", None),
        Figure("pages asked for meanwhile", len(during), "", None, len(quiet), "quiet"),
    ]
    for kind in sorted({each.kind for each in during}):
        some, calm_ones = ([each for each in asked if each.kind == kind] for asked in (during, quiet))
        usual = percentile(calm_ones, 95)
        figures.append(Figure(f"  {kind}, p95", percentile(some, 95), "ms", 3 * usual, usual, "quiet"))
        figures.append(Figure(f"  {kind}, the longest", percentile(some, 100), "ms"))
    return figures + [Figure(what, took, "s") for what, took in steps]


def percentile(asked: list[Asked], share: int) -> float:
    """Milliseconds."""
    times = sorted(each.took for each in asked)
    return times[min(len(times) * share // 100, len(times) - 1)] * 1000 if times else 0.0


class Crowd:
    """People at their pages, a thread each."""

    def __init__(self, port: int, firm: int) -> None:
        self.asked: list[Asked] = []
        self._port, self._firm = port, firm
        self._over = threading.Event()
        self._there = threading.Barrier(PEOPLE + 1)
        self._threads = [threading.Thread(target=self._person, args=(n,)) for n in range(PEOPLE)]

    def start(self) -> None:
        """Everybody signs in; on return all are at their pages."""
        for each in self._threads:
            each.start()
        self._there.wait()

    def stop(self) -> None:
        self._over.set()
        for each in self._threads:
            each.join()

    def _person(self, number: int) -> None:
        browser = Browser(self._port, f"198.51.100.{number}")
        browser.sign_in(email(number))
        chance = random.Random(number)
        at = f"/firms/{self._firm}"
        self._there.wait()
        while not self._over.wait(chance.uniform(0.5, 1.5) * PAUSE):
            client = chance.randint(1, CLIENTS)
            kind = chance.choices(KINDS, (6, 6, 2, 1, 1))[0]
            asks: dict[str, Callable[[], int]] = {
                "list": lambda: browser.ask("GET", f"{at}/clients?page={chance.randint(1, 4)}"),
                "record": lambda: browser.ask("GET", f"{at}/clients/{client}"),  # noqa: B023  called at once
                "note": lambda: browser.ask(
                    "POST",
                    f"{at}/clients/{client}/engagements/{client}/add-note",  # noqa: B023
                    {"title": "Note", "text": "Text", "token": str(uuid.uuid4())},
                ),
                "groups": lambda: browser.ask("GET", f"{at}/manage/groups"),
                "sign in": lambda: self._signed_in(number),
            }
            # The server closes what is silent for seconds, and a browser then opens another connection.
            browser.connection.close()
            start = time.perf_counter()
            status = asks[kind]()
            self.asked.append(Asked(kind, start, time.perf_counter() - start, status))

    def _signed_in(self, number: int) -> int:
        Browser(self._port, f"198.51.100.{number}").sign_in(email(number))
        return 200


def brought_in(port: int, firm: int) -> list[tuple[str, float]]:
    """Send, check and save the list; how long each step took."""
    browser = Browser(port, "192.0.2.1")
    browser.sign_in(ADMIN)
    browser.connection.close()
    steps, start = [], time.perf_counter()
    place = sent(browser, firm)
    steps.append(("the file sent", time.perf_counter() - start))
    for what, go, stage in (
        ("looked at", "", "columns"),
        ("checked and previewed", "columns", "ready"),
        ("saved, from the press to its page", "save", "saved"),
    ):
        start = time.perf_counter()
        if go:
            columns = {"column-0": "reference", "column-1": "name", "column-2": "kind"}
            columns |= {"column-3": "service:VAT", "column-4": "service:Income Tax"}
            # The server has closed what was silent for long; the next request opens another connection.
            browser.connection.close()
            assert browser.ask("POST", place, {"go": go, "turn": str(turn(place)), **columns}) == 302
        while (found := standing(place)) != stage:
            assert found in {"looking", "checking", "saving"}, found
            time.sleep(0.2)
        steps.append((what, time.perf_counter() - start))
    return steps


def sent(browser: Browser, firm: int) -> str:
    """The address of the list that was sent."""
    text, chance = io.StringIO(), random.Random(9)
    writer = csv.writer(text)
    writer.writerow(("Client code", "Client name", "Client type", "VAT", "Income Tax"))
    for number in range(ROWS):
        name = f"{chance.choice('ABCDEFGH')}{number} Trading"
        writer.writerow((f"L{number:06d}", name, "Ltd", vat_number(number), utr(number)))
    return browser.send_file(f"/firms/{firm}/lists/add/clients", "fresh.csv", text.getvalue().encode())


def turn(place: str) -> int:
    return int(_row(place).turn)


def standing(place: str) -> str:
    return str(_row(place).stage)


def _row(place: str) -> "ListUpload":
    from ringfence.firms.models import ListUpload

    return ListUpload.objects.get(pk=int(place.rsplit("/", 1)[1]))


if __name__ == "__main__":
    figures = main(free_port())
    sys.stdout.buffer.write(msgspec.json.encode(figures))
