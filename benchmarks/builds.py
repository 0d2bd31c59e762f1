"""The sources that are measured: those of this checkout, and beside them those of an earlier commit.

Both run with the libraries of this checkout. Of the earlier commit the product, its tables and how the big
firm is written are its own; what is measured, and how, is taken from here, so that both do the same work. So
is what the tests have for it, such as starting a server.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
OWN = frozenset({"__init__.py", "bigfirm.py"})
"""What an earlier build measures itself with: it knows its tables."""


class Build(NamedTuple):
    """Sources to measure."""

    name: str
    root: Path

    def run(self, module: str, *arguments: str, database: str) -> bytes:
        """What a module of `benchmarks` prints, run with these sources in a process of its own."""
        paths = os.pathsep.join((str(self.root / "src"), str(self.root)))
        return subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments],
            cwd=self.root,
            env=os.environ | {"RINGFENCE_DATABASE": database, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout


HERE = Build("now", ROOT)


@contextmanager
def builds(base: str | None) -> Iterator[tuple[Build, ...]]:
    """The builds to measure: the one of the commit `base` first, where one is named, then this checkout."""
    _compile(HERE)
    if base is None:
        yield (HERE,)
        return
    with tempfile.TemporaryDirectory(prefix="ringfence-base-") as folder:
        packed = subprocess.run(
            ["git", "archive", "--format=tar", base], cwd=ROOT, stdout=subprocess.PIPE, check=True
        ).stdout
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        for path in (ROOT / "benchmarks").glob("*.py"):
            if path.name not in OWN:
                shutil.copy(path, Path(folder) / "benchmarks" / path.name)
        shutil.rmtree(Path(folder) / "tests")
        shutil.copytree(ROOT / "tests", Path(folder) / "tests", ignore=shutil.ignore_patterns("node_modules"))
        before = Build(base, Path(folder))
        _compile(before)
        yield before, HERE


def _compile(build: Build) -> None:
    """As an installation has its sources: else each command that is measured would compile them first."""
    compileall.compile_dir(build.root / "src", quiet=1)
