"""What pages cost the server's processor, beside what they cost at an earlier commit, asked turn by turn.

`python -m benchmarks.bench_pages DATABASE`; each source tree has a process and a database file of its own, so
DATABASE is not looked at. Without the commit in the repository there is no baseline.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from .measure import Figure
from .page_costs import CLIENTS, PAGES

BEFORE = "b55aac5"
"""The commit with which pages are compared."""
GOALS = {"clients": 0.6, "client": 0.6, "create-group-check": 0.6}
"""Of what the page cost before."""
TURNS = 25
ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "clients": "the list of clients",
    "client": "a client's record",
    "create-group-clients": "choosing clients for a group",
    "create-group-members": "choosing members for a group",
    "create-group-check": "the check page of a group",
}


def main() -> list[Figure]:
    with ExitStack() as stack:
        now = stack.enter_context(_pages(ROOT))
        tree = stack.enter_context(_tree(BEFORE))
        before = stack.enter_context(_pages(tree)) if tree is not None else None
        taken: dict[str, tuple[list[float], list[float]]] = {page: ([], []) for page in PAGES}
        for _turn in range(TURNS):
            for page, (mine, theirs) in taken.items():
                mine.append(_asked(now, page))
                if before is not None:
                    theirs.append(_asked(before, page))
    return [_figure(page, mine, theirs) for page, (mine, theirs) in taken.items()]


def _figure(page: str, mine: list[float], theirs: list[float]) -> Figure:
    value = statistics.median(mine)
    what = f"{NAMES[page]}, {CLIENTS:,} clients, processor"
    if not theirs:
        return Figure(what, value, "ms")
    baseline = statistics.median(theirs)
    goal = GOALS[page] * baseline if page in GOALS else None
    return Figure(what, value, "ms", goal, baseline, f"at {BEFORE}")


def _asked(process: subprocess.Popen[str], page: str) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{page}\n")
    process.stdin.flush()
    return float(process.stdout.readline())


@contextmanager
def _pages(tree: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that answers for the sources in the folder."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks/page_costs.py")],
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tree,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "ready\n", line
        yield process
        assert process.stdin is not None
        process.stdin.close()


@contextmanager
def _tree(commit: str) -> Iterator[Path | None]:
    """The sources of a commit in a folder; none where the repository does not have it."""
    with tempfile.TemporaryDirectory(prefix="ringfence-before-") as folder:
        archive = subprocess.run(
            ["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=False
        )
        if archive.returncode:
            yield None
            return
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main()))
