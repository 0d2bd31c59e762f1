"""What every page of a firm costs the server's processor and asks of its database, in a firm of any size.

`RINGFENCE_DATABASE=… python -m benchmarks.bench_every_page`, over a firm that `bigfirm.py` has written. What
pages need is made by real commands and forms. Each page is asked right after a change of the firm, which is
what the first reader after it waits for, and then again. A line a page; what answers otherwise is named.
"""

import gc
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from .bigfirm import FIRM
from .measure import set_up_django

AGAIN = 5
GRANTEES = 20
REQUESTS, DELEGATIONS = 60, 20
LOOKER, CLIENT, COLLEAGUE, HEIR = 1, 7, 5, 6
SLOW_MS, MOST_STATEMENTS = 60.0, 12
PLAN, FORM, NOTE = UUID(int=1), UUID(int=2), UUID(int=3)
FILES = ("csv", "xlsx", "picture-file", "imported-list", "list-faults", "list-file")
"""In names of routes that answer with a file."""


class Cost(NamedTuple):
    """Milliseconds of the processor, and statements."""

    changed: float
    again: float
    statements: int


class Looked:
    """The firm's administrator at a browser, with something on every page."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from ringfence.access import firm_state
        from ringfence.firms.models import Member, User

        settings.ALLOWED_HOSTS = ["testserver"]
        user = User.objects.create(email="looker@bench.example", name="Looker")
        Member.objects.filter(firm=FIRM, number=LOOKER).update(user=user)
        # Of the past nothing can be asked: the ledger of such a firm starts behind what it has.
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self._settle()
        now = firm_state(FIRM)
        self.engagement = now.engagements_of(CLIENT)[0]
        self.group = max(now.groups)
        self._prepare()

    def do(self, command: Any) -> None:
        from ringfence.access import OPERATOR, execute

        execute(FIRM, command, actor=OPERATOR)

    def _settle(self) -> None:
        from ringfence.core.commands import definitions as w
        from ringfence.core.terms import Level, member_subject

        switched_on = dict.fromkeys(
            ("requests", "delegation", "fee_splits", "personal_defaults", "digest"), True
        )
        self.do(w.ChangeSettings(values={**switched_on, "levels": "four", "inaccessible": "named"}))
        for number, fee_split in ((LOOKER, 5000), (COLLEAGUE, 2500)):
            to = (member_subject(number),)
            self.do(w.SetGrant(to=to, on=w.On.client(CLIENT), level=Level.OWNER, fee_split=fee_split))
        self.do(w.AddClient(client=w.ClientRow(name="Gone Ltd", grants=())))

    def _prepare(self) -> None:
        from datetime import date

        from ringfence.access import firm_state
        from ringfence.access.applications import write_form
        from ringfence.access.documents import DocumentKind, write_document
        from ringfence.access.notices import NewNotice, NoticeKind, hand_down
        from ringfence.core.commands import definitions as w
        from ringfence.core.values import Side

        now = firm_state(FIRM)
        self.gone = now.last_client
        self.do(w.RemoveClient(client=self.gone))
        for number in range(DELEGATIONS):
            self.do(w.SetDelegation(delegator=LOOKER + number, delegate=LOOKER + number + 1))
        self.do(w.SetDelegation(delegator=COLLEAGUE, delegate=LOOKER))
        sides = (Side(members=frozenset({9})), Side(clients=frozenset({11})))
        self.do(w.RaiseWall(name="Rival bidders", sides=sides))
        self._ask()
        where: dict[str, Any] = {"member": LOOKER, "engagement": self.engagement}
        write_document(FIRM, title="Plan", text="Text\n" * 50, token=PLAN, kind=DocumentKind.PLAN, **where)
        write_document(FIRM, title="Note", text="Text\n" * 50, token=NOTE, **where)
        write_form(FIRM, product="Pension", pence=100_00, day=date(2026, 11, 29), token=FORM, **where)
        told = [NewNotice(member=LOOKER, kind=NoticeKind.CONTROL_TURNED)] * 40
        hand_down(FIRM, 0, told, entry=now.version)
        self._drafts()

    def _ask(self) -> None:
        """Members ask for clients that they cannot open."""
        from ringfence.access import Actor, execute, firm_state
        from ringfence.core.commands.definitions import OpenRequest
        from ringfence.core.terms import Level

        now, asked = firm_state(FIRM), 0
        self.asked = (0, 0)
        for client in range(CLIENT, CLIENT + 20 * REQUESTS):
            member = 12 + client % 8
            if asked < REQUESTS and client in now.clients and not now.sees(member, client):
                command = OpenRequest(client=client, level=Level.EDITOR, reason="Holiday cover")
                execute(FIRM, command, actor=Actor(member))
                asked, self.asked = asked + 1, (client, member)

    def send(self, route: str, *rest: int, **form: Any) -> None:
        from django.urls import reverse

        answer = self.client.post(reverse(route, args=[FIRM, *rest]), form)
        assert answer.status_code in (204, 302), (route, answer.status_code)

    def _drafts(self) -> None:
        """Everything that is begun on the pages and not saved yet."""
        people = [f"member-{number}" for number in range(10, 10 + GRANTEES)]
        self.send("wizard", what="set")
        self.send("wizard-who", go="add", given=people)
        levels = {f"level-{each}": "editor" for each in people}
        self.send("wizard-who", go="continue", given=people, **levels)
        self.send("wizard-clients", go="all", shown_search=os.environ.get("WIZARD_SEARCH", ""))
        self.send("raise-wall", name="Merger")
        self.send("wall-members", 1, go="keep", shown=["5"], tick=["5"])
        self.send("wall-clients", 2, go="keep", shown=["7"], tick=["7"])
        numbers = [str(number) for number in range(10, 10 + GRANTEES)]
        self.send("create-group", kind="custom")
        self.send("create-group-name", name="New")
        self.send("create-group-clients", go="all", shown_service="3")
        self.send("create-group-members", go="keep", shown=numbers, tick=numbers)
        self.send("unassigned-clients", go="all")
        for what in ("add", "remove"):
            self.send(f"group-{what}-clients", self.group, go="all", shown_service="3")
            self.send(f"group-{what}-members", self.group, go="all")

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every page of the firm that is only looked at, by its route's name."""
        from django.urls import reverse

        from ringfence.web.urls import urlpatterns

        for route in urlpatterns:
            name, pattern = str(route.name), str(route.pattern)
            if "<number:firm>" not in pattern or any(part in name for part in FILES):
                continue
            known = self._numbers(name, pattern)
            yield name, reverse(name, kwargs={key: known[key] for key in route.pattern.converters})

    def _numbers(self, name: str, pattern: str) -> Mapping[str, object]:
        document = {"/plans/": PLAN, "/applications/": FORM}
        number = (
            self.group if "manage/groups" in pattern else self.gone if name == "restore-client" else CLIENT
        )
        client, member = self.asked if name == "decide-request" else (number, COLLEAGUE)
        return {
            "firm": FIRM,
            "number": 1 if "walls/" in pattern or "/notices/" in pattern else client,
            "member": member,
            "group": self.group,
            "engagement": self.engagement,
            "entry": 3,
            "place": 1,
            "way": 1,
            "source": HEIR,
            "heir": HEIR,
            "delegate": HEIR,
            "on": "client",
            "target": CLIENT,
            "service": 3,
            "kind": "join",
            "document": next((each for part, each in document.items() if part in pattern), NOTE),
            "version": 1,
            "what": "clients",
            "upload": 1,
            "form": "csv",
            "topic": "what-it-does",
            "holder": "member",
            "holding": COLLEAGUE,
            "aim": "client",
            "aimed": 0,
            "setting": "sharing",
            "side": 1,
            "box": "none",
            "webhook": 1,
            "provider": 1,
            "part": "name",
            "days": 90,
            "report": "reading",
            "token": 1,
            "policy": 1,
            "question": "what",
            "domain": 1,
        }

    def cost(self, address: str) -> Cost | int:
        """What a page costs; the status where it is none."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from ringfence.core.commands.definitions import AddMember

        answer = self.client.get(address)
        if answer.status_code != 200 or answer.streaming:
            return int(answer.status_code)
        self.do(AddMember(name="New"))
        changed = self._taken(address)
        again = statistics.median(self._taken(address) for _turn in range(AGAIN))
        with CaptureQueriesContext(connection) as captured:
            self.client.get(address)
        return Cost(changed, again, len(captured))

    def _taken(self, address: str) -> float:
        gc.collect()
        gc.disable()
        start = time.process_time()
        self.client.get(address)
        taken = (time.process_time() - start) * 1000
        gc.enable()
        return taken


def main() -> None:
    set_up_django()
    looked = Looked()
    only, other = set(sys.argv[1:]), []
    print("page | after a change, ms | again, ms | statements")
    for name, address in looked.addresses():
        if only and name not in only:
            continue
        found = looked.cost(address)
        if isinstance(found, int):
            other.append(f"{name} ({found})")
            continue
        slow = " SLOW" if max(found.changed, found.again) > SLOW_MS else ""
        many = " MANY" if found.statements > MOST_STATEMENTS else ""
        print(
            f"{name} | {found.changed:.0f} | {found.again:.0f} | {found.statements}{slow}{many}", flush=True
        )
    print("not pages then:", ", ".join(other))


if __name__ == "__main__":
    main()
