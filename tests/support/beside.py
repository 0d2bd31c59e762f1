"""Targets of make beside one another: some in front, whose output is seen as it comes, others behind.

`python -m tests.support.beside FILE BEHIND… -- FRONT…`: both are made in turn; what those behind print goes
to FILE, and is told whole at the end. For what spends its time waiting for processes that it killed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAKE = ("make", "--no-print-directory")


def beside(behind: Sequence[str], front: Sequence[str], said: Path, make: Sequence[str] = MAKE) -> int:
    """0 where all is green. A target that is red in front is the last, and ends what is behind."""
    with said.open("wb") as file:
        # A group of its own, so that all that it has started can be ended.
        process = subprocess.Popen(
            [*make, *behind], stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    red: str | None = None
    try:
        red = next(
            (target for target in front if subprocess.run([*make, target], check=False).returncode), None
        )
        if red is None:
            process.wait()
    finally:
        ended = _end(process)
    names = " ".join(behind)
    if ended:
        sys.stdout.write(f"== Red: {red}; {names} came to no end: {said}\n")
        return 1
    sys.stdout.write(f"== Beside: {names}\n{said.read_text('utf-8', 'replace')}")
    reds = [*([red] if red else []), *([names] if process.returncode else [])]
    sys.stdout.write("".join(f"== Red: {each}\n" for each in reds))
    return 1 if reds else 0


def _end(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it still ran."""
    if process.poll() is not None:
        return False
    with suppress(ProcessLookupError):
        # As somebody at the keyboard would, so that it takes away what it made.
        os.killpg(process.pid, signal.SIGINT)
    process.wait()
    return True


if __name__ == "__main__":
    file, *targets = sys.argv[1:]
    middle = targets.index("--")
    sys.exit(beside(targets[:middle], targets[middle + 1 :], Path(file)))
