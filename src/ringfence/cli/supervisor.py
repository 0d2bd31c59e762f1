"""Keeping the processes of `ringfence serve` running: signals passed on, and what dies started anew.

A process is started as the leader of its own group, so that what it leaves behind ends with it. It holds the
reading end of a pipe from us and ends when that closes: nothing outlives a supervisor that was killed.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

import msgspec

STOP_SECONDS = 20.0
"""How long a process may take to end in good order."""
CALM_SECONDS = 30.0
"""A process that ran so long before it died is started anew at once; another waits, longer each time."""
LONGEST_WAIT = 30.0


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of process: its name and what runs it."""

    name: str
    command: tuple[str, ...]


class _Running:
    """One role's present process."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.failures = 0
        self.start()

    def start(self) -> None:
        self.born = time.monotonic()
        self.due: float | None = None
        self.process = subprocess.Popen(
            self.role.command, stdin=subprocess.PIPE, start_new_session=True, env=dict(os.environ)
        )

    def died(self) -> None:
        """Clear up after it and set when it is started again."""
        self.end_group(signal.SIGKILL)
        lived = time.monotonic() - self.born
        self.failures = 1 if lived > CALM_SECONDS else self.failures + 1
        self.due = time.monotonic() + min(2.0 ** (self.failures - 1) - 1, LONGEST_WAIT)

    def end_group(self, sign: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, sign)
        except (ProcessLookupError, PermissionError):
            return


class Supervisor:
    """Runs roles until it is told to stop with SIGTERM or SIGINT; SIGHUP goes on to the processes."""

    def __init__(self, roles: Sequence[Role], *, say: Callable[[str], None]) -> None:
        self.roles = roles
        self.say = say
        self.stopping = threading.Event()

    def run(self) -> None:
        """Returns when every process has ended after a signal to stop."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._stop)
        running = [_Running(role) for role in self.roles]
        signal.signal(signal.SIGHUP, lambda *_: _pass_on(running, signal.SIGHUP))
        while not self.stopping.wait(0.2):
            for one in running:
                self._look_after(one)
        _pass_on(running, signal.SIGTERM)
        _wait_for(running)

    def _stop(self, sign: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _look_after(self, one: _Running) -> None:
        if one.due is not None:
            if time.monotonic() >= one.due:
                one.start()
            return
        if one.process.poll() is not None:
            one.died()
            self.say(f"{one.role.name} ended with {one.process.returncode}; it is started again.")


def _pass_on(running: Sequence[_Running], sign: signal.Signals) -> None:
    for one in running:
        if one.process.poll() is None:
            one.process.send_signal(sign)


def _wait_for(running: Sequence[_Running]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    for one in running:
        try:
            one.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            one.end_group(signal.SIGKILL)
            one.process.wait()


def end_with_parent() -> None:
    """In a supervised process: end in good order once the supervisor's end of the pipe is closed."""

    def watch() -> None:
        # Read from the file itself: a lock on sys.stdin would be held while the process ends.
        while os.read(pipe, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    pipe = sys.stdin.fileno()
    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
