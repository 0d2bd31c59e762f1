"""Who asks and who changes while hosts die: as in tests/endurance, with the decide nodes behind a balancer.

Besides, each decide node is watched by itself: what it answers by default, and to whoever accepts an older
answer. Everything is kept, and held against the ledger at the end.
"""

import http.client
import random
import threading
import time
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from ringfence.core.authority.asked import Action
from ringfence.core.terms import Target
from tests.endurance.asking import BROKEN, EVALUATION, Asker, Kept, Line, Told
from tests.endurance.firm import WornFirm
from tests.endurance.server import Ports

PATIENCE = 6.0
"""Seconds that a decide node may take; a host that is cut off is noticed within less."""
EVERY = 0.1


class Balanced(Line):
    """Asks the next node where one has no answer, as a balancer does."""

    def __init__(self, ports: list[int], token: str, kept: Kept, over: threading.Event) -> None:
        super().__init__(ports[0], token, kept, over)
        self._ports = ports

    def ask(self, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any] | None:
        # Each question goes to the next node, so that a change is asked about where it was not made.
        self._next()
        return super().ask(method, path, body, **headers)

    def close(self) -> None:
        super().close()
        self._next()

    def _next(self) -> None:
        port = self._ports[(self._ports.index(self._port) + 1) % len(self._ports)]
        if port != self._port:
            Line.close(self)
            self._port = port


class BalancedAsker(Asker):
    """Software behind the balancer."""

    def __init__(
        self, firm: WornFirm, ports: list[int], kept: Kept, over: threading.Event, chance: random.Random
    ) -> None:
        super().__init__(firm, Ports(0, ports[0], 0), kept, over, chance)
        self._line = Balanced(ports, firm.asks, kept, over)


class Seen(NamedTuple):
    """What a node said to one question, and when."""

    at: float
    seconds: float
    status: int
    """0 where nothing came."""
    version: int
    age: int
    """How old the answer may be, in milliseconds; 0 where it is proved."""
    floor: int
    why: str = ""
    """What was said instead of an answer."""


class Watcher(threading.Thread):
    """Asks one node over and over, with a patience of its own."""

    def __init__(
        self, port: int, firm: WornFirm, kept: Kept, over: threading.Event, seed: int, max_age: int = 0
    ) -> None:
        super().__init__(daemon=True)
        self.seen: list[Seen] = []
        self._port, self._firm, self._kept, self._over = port, firm, kept, over
        self._chance = random.Random(seed)
        self._headers = {"Authorization": f"Bearer {firm.asks}", "Content-Type": "application/json"}
        if max_age:
            self._headers["Ringfence-Max-Age"] = str(max_age)

    def run(self) -> None:
        connection = None
        while not self._over.wait(EVERY):
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            began, floor = time.monotonic(), self._kept.latest
            try:
                status, version, age, why = self._ask(connection, floor)
            except BROKEN:
                with suppress(*BROKEN):
                    connection.close()
                connection, (status, version, age, why) = None, (0, 0, 0, "nothing")
            self.seen.append(Seen(began, time.monotonic() - began, status, version, age, floor, why))

    def _ask(self, connection: http.client.HTTPConnection, floor: int) -> tuple[int, int, int, str]:
        member, client = self._chance.choice(self._firm.members), self._chance.choice(self._firm.clients)
        body = {
            "subject": {"type": "user", "id": f"id:{member}"},
            "action": {"name": "view"},
            "resource": {"type": "client", "id": f"id:{client}"},
        }
        connection.request("POST", EVALUATION, msgspec.json.encode(body), self._headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            return answer.status, 0, 0, content.decode()[:60]
        found = msgspec.json.decode(content)
        version, age = int(answer.headers["Ringfence-Version"]), int(answer.headers.get("Ringfence-Age", 0))
        # An answer that says how old it may be is held against its own version alone.
        told = Told(
            0 if age else floor, version, member, Target("client", client), Action.VIEW, found["decision"]
        )
        self._kept.told.append(told)
        return 200, version, age, ""


class Pace(Kept):
    """What was acknowledged, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def acknowledge(self, version: int, command: str) -> None:
        super().acknowledge(version, command)
        self.times.append(time.monotonic())

    def first_after(self, moment: float, seconds: float) -> float:
        """How long after that moment a change was acknowledged that was asked for later; waits for it."""
        while time.monotonic() < moment + seconds:
            later = [each for each in self.times if each > moment]
            if later:
                return later[0] - moment
            time.sleep(0.1)
        return seconds
