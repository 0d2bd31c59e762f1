"""The roles of `ringfence serve`: what each process does, and the command that runs it."""

import socket
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from importlib.util import find_spec

import msgspec

from .binding import Bind
from .faults import Fault
from .supervisor import Duty


class Role(Enum):
    """What a process is for; each can run on machines of its own."""

    WEB = "web"
    """Pages, and the management API."""
    DECIDE = "decide"
    """The decision service."""
    CHANGES = "changes"
    """The change feed, whose readers wait."""
    JOBS = "jobs"
    """Work in the background: it listens nowhere."""

    @property
    def option(self) -> str:
        """The option that says where it listens; empty for a role that does not."""
        return _OPTIONS.get(self, "")

    @property
    def further(self) -> int:
        """How many ports after that of the pages, where nothing else was said."""
        return {Role.DECIDE: 1, Role.CHANGES: 2}.get(self, 0)

    @property
    def said(self) -> str:
        """What stands before its address once it answers."""
        return _SAID.get(self, "")

    @property
    def module(self) -> str:
        """The module that is run."""
        return f"ringfence.cli.{self.value}_process"


_OPTIONS = {
    Role.WEB: "--bind (or --host and --port)",
    Role.DECIDE: "--decide-bind",
    Role.CHANGES: "--changes-bind",
}
_SAID = {Role.DECIDE: "Decisions are answered at", Role.CHANGES: "Changes are told at"}
ROLES = tuple(role.value for role in Role)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What one `serve` runs, and where."""

    roles: tuple[Role, ...]
    binds: Mapping[Role, Bind]
    workers: Mapping[Role, int]


def present(chosen: Iterable[Role]) -> tuple[Role, ...]:
    """The roles to run, in order: those chosen, else all that this Ringfence has. Raises `Fault`."""
    wanted = set(chosen)
    here = [role for role in Role if find_spec(role.module)]
    if missing := wanted - set(here):
        raise Fault(f"This Ringfence has no role {', '.join(sorted(each.value for each in missing))}.")
    return tuple(role for role in here if not wanted or role in wanted)


def duty(role: Role, listener: socket.socket | None, workers: int) -> Duty:
    """The process of a role. It is given its socket and how many workers share it."""
    command = (sys.executable, "-m", role.module)
    if listener is None:
        return Duty(name=role.value, command=command)
    descriptor = listener.fileno()
    return Duty(name=role.value, command=(*command, str(descriptor), str(workers)), keeps=(descriptor,))
