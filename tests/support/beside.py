"""Targets of make in lanes beside one another: the last is seen as it comes, the others whole at its end.

`python -m tests.support.beside FOLDER LANE -- LANE …`: a lane is targets that are made in turn, the next also
where one is red; what those behind print goes to FOLDER. Where the first lane is red, it ends the others.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAKE = ("make", "--no-print-directory", "--keep-going")
LOOK_SECONDS = 0.1
ENDING_SECONDS = 60.0
"""For taking away what was made; then it is killed."""


class Lane:
    """Targets that are made in turn, in a group of processes of their own."""

    def __init__(self, targets: Sequence[str], said: Path | None, make: Sequence[str]) -> None:
        """What is printed goes to the file `said`; without one, to where this process prints."""
        self.name = " ".join(targets)
        self.ended = False
        """Whether it came to no end of its own."""
        self._said = said
        file = said.open("wb") if said else None
        try:
            self.process = subprocess.Popen(
                [*make, *targets], stdout=file, stderr=file and subprocess.STDOUT, start_new_session=True
            )
        finally:
            if file:
                file.close()

    @property
    def red(self) -> bool:
        return bool(self.process.poll())

    def end(self) -> None:
        """As somebody at the keyboard would, so that it takes away what it made."""
        if self.process.poll() is None:
            self.ended = True
            self._signal(signal.SIGINT)
            try:
                self.process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    @property
    def told(self) -> str:
        """What is still to be told of it."""
        if self.ended:
            return f"== Ended: {self.name}{f'; what it said: {self._said}' if self._said else ''}\n"
        return f"== Beside: {self.name}\n{self._said.read_text('utf-8', 'replace')}" if self._said else ""


def beside(lanes: Sequence[Sequence[str]], folder: Path, make: Sequence[str] = MAKE) -> int:
    """0 where all is green."""
    *behind, front = lanes
    files = [folder / f"beside-{number}" for number, _lane in enumerate(behind, 1)]
    running: list[Lane] = []
    try:
        for targets, said in zip((*behind, front), (*files, None), strict=True):
            running.append(Lane(targets, said, make))
        while not running[0].red and any(lane.process.poll() is None for lane in running):
            time.sleep(LOOK_SECONDS)
        red = [lane.name for lane in running if lane.red]
    finally:
        for lane in running:
            lane.end()
    # What is red is told last, where it is looked for.
    for lane in sorted(running, key=lambda each: each.name in red):
        sys.stdout.write(lane.told)
    sys.stdout.write("".join(f"== Red: {name}\n" for name in red))
    return 1 if red else 0


def _lanes(arguments: Sequence[str]) -> list[list[str]]:
    lanes: list[list[str]] = [[]]
    for each in arguments:
        if each == "--":
            lanes.append([])
        else:
            lanes[-1].append(each)
    return lanes


if __name__ == "__main__":
    sys.exit(beside(_lanes(sys.argv[2:]), Path(sys.argv[1])))
