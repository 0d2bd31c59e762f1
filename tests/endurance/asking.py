"""Those who ask and those who change, threads with connections of their own; what they were told is kept."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from ringfence.core.authority.asked import Action
from ringfence.core.terms import Target

from .firm import WornFirm
from .server import Ports

EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"
SUBJECTS, RESOURCES = "/access/v1/search/subject", "/access/v1/search/resource"
PAGE = 50
"""Results that a search asks for."""
SEVERAL = 20
"""Evaluations in one request."""
BROKEN = (OSError, http.client.HTTPException)
"""What says that there was no answer: the process was killed meanwhile, or is not there yet."""
REFUSED = {404, 409, 422}
"""A change that comes to nothing: what was to be taken away was gone already."""


class Told(NamedTuple):
    """One answer. Of a search `action` and one of `member` and `target` is asked for, the other is found."""

    floor: int
    """The latest version that was acknowledged before the question."""
    version: int
    member: int
    target: Target | None
    action: Action
    allowed: bool
    total: int = 0
    found: tuple[int, ...] = ()
    """The first page of a search."""

    @property
    def searched(self) -> bool:
        return self.target is None or not self.member


class Kept:
    """What was told and what was acknowledged. Safe for threads."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.right_after = 0
        """Answers to questions that were put right after a change was acknowledged."""
        self.acknowledged: dict[int, str] = {}
        """By version, the command that made it."""
        self.latest = 0
        self.unanswered = 0
        self.refused = 0
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def acknowledge(self, version: int, command: str) -> None:
        with self._lock:
            if version in self.acknowledged:
                self.faults.append(f"version {version} was acknowledged twice")
            self.acknowledged[version] = command
            self.latest = max(self.latest, version)


class Line:
    """A connection that is made anew whenever it breaks."""

    def __init__(self, port: int, token: str, kept: Kept, over: threading.Event) -> None:
        self._port, self._kept, self._over = port, kept, over
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any] | None:
        """Status and answer, asked again as long as there is none; None once all is over."""
        sent = {**self._headers, **{key.replace("_", "-"): value for key, value in headers.items()}}
        while True:
            try:
                return self._once(method, path, msgspec.json.encode(body), sent)
            except BROKEN:
                self.close()
                self._kept.unanswered += 1
                # A change is asked for until it is known whether it was done.
                if self._over.wait(0.2) and method == "POST" and path.startswith("/access/"):
                    return None

    def close(self) -> None:
        if self._connection is not None:
            with suppress(*BROKEN):
                self._connection.close()
            self._connection = None

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status in (502, 503):
            raise http.client.HTTPException(f"{answer.status}: {content[:200]!r}")
        return answer.status, msgspec.json.decode(content) if answer.status < 300 else content


class Asker:
    """Software that asks, and keeps what it was told."""

    def __init__(
        self, firm: WornFirm, ports: Ports, kept: Kept, over: threading.Event, chance: random.Random
    ) -> None:
        self._firm, self._kept, self._chance = firm, kept, chance
        self._line = Line(ports.decides, firm.asks, kept, over)

    def anything(self) -> None:
        """One of the questions that there are."""
        kinds = ((self._one, 70), (self._several, 15), (self._clients, 10), (self._members, 5))
        (ask,) = self._chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])
        ask()

    def about(self, member: int, client: int) -> None:
        """May this one view and edit that?"""
        for action in (Action.VIEW, Action.EDIT):
            if self._evaluated(member, Target("client", client), action):
                self._kept.right_after += 1

    def close(self) -> None:
        self._line.close()

    def _one(self) -> None:
        self._evaluated(*self._question())

    def _question(self) -> tuple[int, Target, Action]:
        client = self._chance.choice(self._firm.clients)
        target = Target(self._chance.choice(("client", "engagement")), client)
        return self._chance.choice(self._firm.members), target, self._chance.choice(DECIDED)

    def _evaluated(self, member: int, target: Target, action: Action) -> bool:
        found = self._put(EVALUATION, _body(member, target, action))
        if found is not None:
            floor, answer = found
            version = answer["context"]["version"]
            self._keep([Told(floor, version, member, target, action, answer["decision"])])
        return found is not None

    def _several(self) -> None:
        asked = [self._question() for _each in range(SEVERAL)]
        found = self._put(EVALUATIONS, {"evaluations": [_body(*each) for each in asked]})
        if found is not None:
            floor, answer = found
            version = answer["context"]["version"]
            self._keep(
                Told(floor, version, *question, each["decision"])
                for question, each in zip(asked, answer["evaluations"], strict=True)
            )

    def _clients(self) -> None:
        member, _target, action = self._question()
        body = {**_body(member, Target("client", 0), action), "resource": {"type": "client"}}
        self._searched(RESOURCES, body, "client", Told(0, 0, member, None, action, True))

    def _members(self) -> None:
        _member, target, action = self._question()
        body = {**_body(0, target, action), "subject": {"type": "user"}}
        self._searched(SUBJECTS, body, "member", Told(0, 0, 0, target, action, True))

    def _searched(self, path: str, body: dict[str, Any], field: str, asked: Told) -> None:
        found = self._put(path, {**body, "page": {"limit": PAGE}})
        if found is not None:
            floor, answer = found
            numbers = tuple(each["properties"][field] for each in answer["results"])
            version, total = answer["context"]["version"], answer["page"]["total"]
            self._keep([asked._replace(floor=floor, version=version, total=total, found=numbers)])

    def _put(self, path: str, body: Any) -> tuple[int, Any] | None:
        floor = self._kept.latest
        # Now and then a caller names the version that it has heard of.
        at_least = {"Ringfence_At_Least": str(floor)} if self._chance.random() < 0.1 else {}
        found = self._line.ask("POST", path, body, **at_least)
        if found is None:
            return None
        status, answer = found
        if status != 200:
            self._kept.faults.append(f"{path} was answered {status}: {answer!r}")
            return None
        return floor, answer

    def _keep(self, told: Iterable[Told]) -> None:
        self._kept.told.extend(told)


DECIDED = (Action.VIEW, Action.EDIT, Action.REMOVE)


def _body(member: int, target: Target, action: Action) -> dict[str, Any]:
    return {
        "subject": {"type": "user", "id": f"id:{member}"},
        "action": {"name": action.value},
        "resource": {"type": target.kind, "id": f"id:{target.number}"},
    }


class Changer:
    """Software that changes, each the grants, groups, walls and members that it has for itself.

    What it asks for is asked again under the same key until it is answered, and so done once.
    """

    def __init__(self, place: int, asker: Asker, line: Line, kept: Kept, firm: WornFirm) -> None:
        count = len(firm.changes)
        self._asker, self._line, self._kept = asker, line, kept
        self._clients = firm.clients[place::count]
        self._members = firm.members
        self._groups = firm.groups[place::count]
        self._leavers = firm.members[place::count][:3]
        self._chance = random.Random(place)
        self._given: set[tuple[str, int]] = set()
        self._away: set[int] = set()
        self._in: set[tuple[int, int]] = set()
        self._walls: list[int] = []
        self._count = 0
        self._key = f"{place}-{self._chance.getrandbits(60)}"

    def change(self) -> None:
        """Change something, and ask about it at once."""
        kinds = ((self._grant, 80), (self._group, 12), (self._leaver, 4), (self._wall, 4))
        (change,) = self._chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])
        change()

    def close(self) -> None:
        self._line.close()

    def _grant(self) -> None:
        member, client = self._chance.choice(self._members), self._chance.choice(self._clients)
        group = self._chance.random() < 0.1
        to: Any = {"group": self._chance.choice(self._groups)} if group else member
        pair = (str(to), client)
        if pair in self._given:
            self._given.discard(pair)
            done = self._do("POST", "/grants/remove", {"to": [to], "on": [client]})
        else:
            self._given.add(pair)
            level = self._chance.choice(("reader", "editor", "owner", "blocked"))
            done = self._do("PUT", "/grants", {"to": [to], "on": [client], "level": level})
        if done:
            self._asker.about(member, client)

    def _group(self) -> None:
        group, member = self._chance.choice(self._groups), self._chance.choice(self._members)
        pair = (group, member)
        what = "remove-members" if pair in self._in else "add-members"
        self._in.symmetric_difference_update({pair})
        if self._do("POST", f"/groups/{group}/{what}", {"members": [member]}):
            self._asker.about(member, self._chance.choice(self._clients))

    def _leaver(self) -> None:
        member = self._chance.choice(self._leavers)
        what = "reactivate" if member in self._away else "deactivate"
        self._away.symmetric_difference_update({member})
        if self._do("POST", f"/members/{member}/{what}", {}):
            self._asker.about(member, self._chance.choice(self._clients))

    def _wall(self) -> None:
        if self._walls:
            self._do("DELETE", f"/walls/{self._walls.pop()}", None)
            return
        clients = self._chance.sample(self._clients, 4)
        members = self._chance.sample(self._members, 2)
        parts = zip(members, (clients[:2], clients[2:]), strict=True)
        sides = [{"members": [member], "clients": some} for member, some in parts]
        found = self._do("POST", "/walls", {"name": f"Wall {self._count}", "sides": sides})
        if found:
            self._walls += found["added"]["wall"]
            self._asker.about(members[0], clients[2])

    def _do(self, method: str, path: str, body: Any) -> Any:
        self._count += 1
        key = f"{self._key}-{self._count}"
        answered = self._line.ask(method, f"/api/v1{path}", body, Idempotency_Key=key)
        assert answered is not None
        status, found = answered
        if status < 300:
            self._kept.acknowledge(found["version"], found["command"])
            return found
        self._kept.refused += 1
        if status not in REFUSED:
            self._kept.faults.append(f"{method} {path} {body} was answered {status}: {found!r}")
        return None


def again_and_again(act: Callable[[], None], every: float, over: threading.Event) -> None:
    """As often as that, or as often as it can be done; until all is over."""
    due = time.monotonic()
    while not over.is_set():
        act()
        due = max(due + every, time.monotonic() - 1)
        over.wait(max(0.0, due - time.monotonic()))
