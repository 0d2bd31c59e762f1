"""Two databases of one deployment, with a firm in one of them that has something in every corner."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.db import connections

from ringfence import access
from ringfence.access import OPERATOR, FirmNow, FirmUnknown, StateUnavailable, tokens
from ringfence.access.clock import clock
from ringfence.access.documents import write_document
from ringfence.cli.databases.deployment import Database, all_databases
from ringfence.cli.placing.moving import MovingFirm
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Scope
from ringfence.firms.models import (
    DecisionBlock,
    Firm,
    RepeatedAnswer,
    SecurityEvent,
    SignInProvider,
    User,
)
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.publish_checkpoints import publish_checkpoint
from tests.cli.listing import succeed

ACE = "Ace Agents"
NORTH, SOUTH = "north", "south"


@dataclass
class Deployment:
    """North and south by name; the firm of Ace is in north, and Southerners in south."""

    addresses: dict[str, str]
    firm: int = 0
    token: str = field(default="", repr=False)

    @contextmanager
    def at(self, name: str) -> Iterator[Database]:
        """Stand in one of them, as a process does that has it."""
        before = os.environ.get("RINGFENCE_DATABASE", "")
        os.environ["RINGFENCE_DATABASE"] = name
        try:
            with all_databases() as databases, databases[name].here():
                yield databases[name]
        finally:
            os.environ["RINGFENCE_DATABASE"] = before

    def fill(self) -> None:
        """Make the firms."""
        with self.at(SOUTH):
            access.create_firm("Southerners", "agency", admin_email="shared@both.example")
            User.objects.filter(email="shared@both.example").update(password="their own in south")
        with self.at(NORTH):
            founded = access.create_firm(ACE, "agency", admin_email="alphie@ace.example")
            self.firm = founded.firm
            access.execute(self.firm, w.AddMember(name="Shared", email="shared@both.example"), actor=OPERATOR)
            User.objects.filter(email="alphie@ace.example").update(password="of north")
            self.add_client("Oak")
            made = tokens.make_token(
                self.firm,
                actor=access.Actor(1, fresh=True),
                name="Ledgers",
                scopes=Scope.DECIDE | Scope.MANAGE,
            )
            self.token = made.text
            write_document(self.firm, member=1, title="Oak", text="Of Oak.", engagement=1)
            self._more()

    def _more(self) -> None:
        """Rows that need more than a command."""
        now, at = clock(), {"firm_id": self.firm}
        RepeatedAnswer.objects.create(**at, token=1, key="once", said=b"said", answer={"status": 201}, at=now)
        DecisionBlock.objects.create(**at, ended=now, tag=1, began=now, entries=1, body=b"before")
        SecurityEvent.objects.create(
            **at, slot=1, member=1, kind="sign_in", first_at=now, last_at=now, details=""
        )
        SignInProvider.objects.create(**at, number=1, uid="uid-of-ace", state="on")
        enqueue(publish_checkpoint, self.firm)

    def add_client(self, name: str) -> int:
        """By the operator, where we stand; the firm's version then."""
        command = w.AddClient(client=w.ClientRow(name=name, reference="", services={}))
        return access.execute(self.firm, command, actor=OPERATOR).version

    def now(self) -> FirmNow:
        return access.firm_state(self.firm)

    def has(self, name: str) -> bool:
        """Whether the firm is in that database."""
        with self.at(name):
            return Firm.objects.filter(pk=self.firm).exists()

    def place(self, name: str) -> str:
        """`ringfence firm place Ace …`; what it said."""
        return succeed("firm", "place", str(self.firm), name)

    def killed(self, step: Callable[[], Any]) -> None:
        """Do this in a process of its own, which must kill itself on its way."""
        for each in connections.all(initialized_only=True):
            each.close()
        child = os.fork()
        if not child:
            try:
                step()
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, "it was not killed"

    def close(self, *, arrived: bool = False) -> None:
        """Leave the firm closed in north, or in both, as where the process that moves it is killed."""
        with all_databases() as databases:
            move = MovingFirm(self.firm, databases[NORTH], databases[SOUTH], lambda _said: None)
            move.close()
            if arrived:
                move.copy()

    def back_up(self, name: str, path: Path) -> None:
        """`ringfence backup` of that database."""
        with self.at(name):
            succeed("backup", path)

    def restore(self, name: str, address: str, path: Path) -> None:
        """That database is lost: this one takes its place, with what a backup of it has."""
        self.addresses[name] = address
        with self.at(name):
            assert "lives in another database" in succeed("restore", path)

    def takes_changes(self, name: str) -> bool:
        """Whether a change of the firm is acknowledged there; it is made where it is."""
        with self.at(name):
            try:
                self.add_client(f"Tried in {name}")
            except (FirmUnknown, StateUnavailable):
                return False
        return True


class Deployed(Protocol):
    """Makes one whose databases have these addresses; `like` another where they are its copies."""

    def __call__(self, north: str, south: str, like: Deployment | None = None) -> Deployment: ...


Standing = Callable[[str], Deployment]
"""Makes one that stands so: ``fresh``, ``closed``, ``arrived``, ``moved``, ``restored``."""


def kill() -> None:
    """End this very process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
