"""The roles of `ringfence serve`: what each process does, and the command that runs it."""

import socket
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from importlib.util import find_spec

import msgspec

from ringfence.cli.faults import Fault

from .binding import Bind
from .supervisor import Duty


class ProcessRole(Enum):
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
        return {ProcessRole.DECIDE: 1, ProcessRole.CHANGES: 2}.get(self, 0)

    @property
    def said(self) -> str:
        """What stands before its address once it answers."""
        return _SAID.get(self, "")

    @property
    def module(self) -> str:
        """The module that is run."""
        return f"ringfence.cli.processes.{self.value}_process"


_OPTIONS = {
    ProcessRole.WEB: "--bind (or --host and --port)",
    ProcessRole.DECIDE: "--decide-bind",
    ProcessRole.CHANGES: "--changes-bind",
}
_SAID = {ProcessRole.DECIDE: "Decisions are answered at", ProcessRole.CHANGES: "Changes are told at"}
ROLES = tuple(role.value for role in ProcessRole)


class ServePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What one `serve` runs, and where."""

    roles: tuple[ProcessRole, ...]
    binds: Mapping[ProcessRole, Bind]
    workers: Mapping[ProcessRole, int]
    metrics: Bind | None = None
    """Where metrics are told; nowhere unless somebody says so."""


def present(chosen: Iterable[ProcessRole]) -> tuple[ProcessRole, ...]:
    """The roles to run, in order: those chosen, else all that this Ringfence has. Raises `Fault`."""
    wanted = set(chosen)
    here = [role for role in ProcessRole if find_spec(role.module)]
    if missing := wanted - set(here):
        raise Fault(f"This Ringfence has no role {', '.join(sorted(each.value for each in missing))}.")
    return tuple(role for role in here if not wanted or role in wanted)


def metrics_duty(listener: socket.socket, roles: Iterable[ProcessRole]) -> Duty:
    """The process that tells what all of them have counted, and which of the roles can work."""
    named, descriptor = ",".join(role.value for role in roles), listener.fileno()
    command = (sys.executable, "-m", "ringfence.cli.processes.metrics_process", str(descriptor), named)
    return Duty(name="metrics", command=command, keeps=(descriptor,))


def duty(role: ProcessRole, listener: socket.socket | None, workers: int) -> Duty:
    """The process of a role. It is given its socket and how many workers share it."""
    command = (sys.executable, "-m", role.module)
    if listener is None:
        return Duty(name=role.value, command=command)
    descriptor = listener.fileno()
    return Duty(name=role.value, command=(*command, str(descriptor), str(workers)), keeps=(descriptor,))
