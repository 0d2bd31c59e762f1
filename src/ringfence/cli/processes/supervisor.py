"""Keeping the processes of `ringfence serve` running: what dies is started anew, and replaced on demand.

A process is started as the leader of its own group, so that what it leaves behind ends with it. It holds the
reading end of a pipe from us and ends when that closes: nothing outlives a supervisor that was killed. By
another pipe it says when it is ready, so that the one before it goes on working until then.
"""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

import msgspec

STOP_SECONDS = 20.0
"""How long a process may take to end in good order."""
CALM_SECONDS = 30.0
"""A process that ran so long before it died is started anew at once; another waits, longer each time."""
LONGEST_WAIT = 30.0


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of process: its name and what runs it.

    To the command is added the number of the descriptor for `say_ready`. `keeps` are descriptors that the
    process inherits.
    """

    name: str
    command: tuple[str, ...]
    keeps: tuple[int, ...] = ()


class _Process:
    """A process of a duty, from its start until nothing of it is left."""

    def __init__(self, duty: Duty) -> None:
        self.born = time.monotonic()
        self._heard, tell = os.pipe()
        try:
            self.child = subprocess.Popen(
                (*duty.command, str(tell)),
                stdin=subprocess.PIPE,
                start_new_session=True,
                pass_fds=(*duty.keeps, tell),
                env=dict(os.environ),
            )
        finally:
            os.close(tell)
        self.ready = False

    def listen(self) -> None:
        """Hear whether it has said that it is ready."""
        # It may say so again each time that a part of it is started anew, so it is heard to its end.
        while select.select([self._heard], [], [], 0)[0] and os.read(self._heard, 1024):
            self.ready = True

    @property
    def ended(self) -> bool:
        return self.child.poll() is not None

    def stop(self) -> None:
        """Ask it to end in good order; the one who asks looks whether it does."""
        self.deadline = time.monotonic() + STOP_SECONDS
        if not self.ended:
            self.child.terminate()

    def clear(self) -> None:
        """End what is left of it and its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        if self.child.stdin is not None:
            self.child.stdin.close()
        os.close(self._heard)


class _Running:
    """One duty's present process, the one that is to take its place, and those that are ending."""

    def __init__(self, duty: Duty, say: Callable[[str], None]) -> None:
        self.duty = duty
        self.say = say
        self.failures = 0
        self.due = 0.0
        """When one is started where there is none."""
        self.present: _Process | None = _Process(duty)
        self.coming: _Process | None = None
        self.going: list[_Process] = []

    def replace(self) -> None:
        """Start one that takes over once it is ready; at once where none runs."""
        self.due = 0.0
        if self.present is None:
            return
        if self.coming is not None:
            self.coming.clear()
        self.coming = _Process(self.duty)

    def look_after(self) -> None:
        """Do what has become due since the last look."""
        self._let_go()
        self._hand_over()
        if self.present is None:
            if time.monotonic() >= self.due:
                self.present = _Process(self.duty)
            return
        self.present.listen()
        if self.present.ended:
            self._died(self.present)

    def _hand_over(self) -> None:
        coming = self.coming
        if coming is None:
            return
        coming.listen()
        if coming.ready and self.present is not None:
            self.present.stop()
            self.going.append(self.present)
            self.present, self.coming = coming, None
            self.say(f"Reloaded: the new {self.duty.name} process has taken over.")
        elif coming.ended:
            code = coming.child.returncode
            self.say(
                f"Not reloaded: the new {self.duty.name} process ended with {code}. The old one goes on."
            )
            coming.clear()
            self.coming = None

    def _let_go(self) -> None:
        for one in list(self.going):
            if one.ended or time.monotonic() > one.deadline:
                one.clear()
                self.going.remove(one)

    def _died(self, one: _Process) -> None:
        """Clear up after it and set when another is started."""
        one.clear()
        lived = time.monotonic() - one.born
        self.failures = 1 if lived > CALM_SECONDS else self.failures + 1
        self.due = time.monotonic() + min(2.0 ** (self.failures - 1) - 1, LONGEST_WAIT)
        self.say(f"The {self.duty.name} process ended with {one.child.returncode}; it is started again.")
        self.present, self.coming = self.coming, None

    @property
    def all(self) -> list[_Process]:
        return [one for one in (self.present, self.coming, *self.going) if one is not None]


class Supervisor:
    """Runs duties until it is told to stop with SIGTERM or SIGINT; SIGHUP replaces each process by a new one.

    `ready` is called once, when every duty has a process that is ready.
    """

    def __init__(
        self,
        duties: Sequence[Duty],
        *,
        say: Callable[[str], None],
        ready: Callable[[], None] | None = None,
    ) -> None:
        self.duties = duties
        self.say = say
        self.ready = ready
        self.stopping = threading.Event()
        self.renewing = threading.Event()

    def run(self) -> None:
        """Returns when every process has ended after a signal to stop."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._stop)
        signal.signal(signal.SIGHUP, self._renew)
        running = [_Running(duty, self.say) for duty in self.duties]
        while not self.stopping.wait(0.2):
            if self.renewing.is_set():
                self.renewing.clear()
                for one in running:
                    one.replace()
            for one in running:
                one.look_after()
            self._announce(running)
        _end([process for one in running for process in one.all])

    def _announce(self, running: Sequence[_Running]) -> None:
        if self.ready is not None and all(one.present is not None and one.present.ready for one in running):
            self.ready()
            self.ready = None

    def _stop(self, sign: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _renew(self, sign: int, frame: FrameType | None) -> None:
        self.renewing.set()


def _end(processes: Sequence[_Process]) -> None:
    for one in processes:
        one.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for one in processes:
        with suppress(subprocess.TimeoutExpired):
            one.child.wait(max(deadline - time.monotonic(), 0.1))
        one.clear()


def say_ready(tell: int) -> None:
    """In a supervised process: tell the supervisor, over the descriptor it named, that work can begin."""
    # Where nobody listens any more, `end_with_parent` ends the process in good order.
    with suppress(BrokenPipeError):
        os.write(tell, b".")


def end_with_parent() -> None:
    """In a supervised process: end in good order once the supervisor's end of the pipe is closed."""

    def watch() -> None:
        # Read from the file itself: a lock on sys.stdin would be held while the process ends.
        while os.read(pipe, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    pipe = sys.stdin.fileno()
    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
