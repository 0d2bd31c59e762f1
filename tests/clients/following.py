"""Documents about other software, followed by a shell: their commands as written, against real processes.

`python -m tests.clients.following` tells the story of the demo's agency to the database that
RINGFENCE_DATABASE names.
"""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli.children import COMMAND, SECONDS, environment
from tests.support.repository import ROOT, read

DOCUMENTS = ("integrate.md", "changes.md")
LAST = "Changes are told at"
"""What `serve` says once every role is ready."""
ROLES = ("--role", "web", "--role", "decide", "--role", "changes")
BETWEEN = "== next =="
TAKEN_BACK = (
    """api $PAGES/api/v1/grants/remove -d '{"to": {"member": "gwen@ace.example"}, "on": "FOR500"}'"""
    " > taken-back"
)
"""What the documents grant at last, so that the examples have somebody to refuse."""


class Followed(NamedTuple):
    """What came of it."""

    said: dict[str, str]
    """What each block printed, by the block."""
    decides: str
    """The address of decisions."""
    token: str
    """What the document calls $TOKEN."""
    again: dict[str, Any]
    """The answer to the first question, asked again at the end."""

    def of(self, words: str) -> str:
        """What the one block with these words printed."""
        (found,) = (said for block, said in self.said.items() if words in block)
        return found

    def answers(self, words: str) -> list[Any]:
        """The same as JSON, a line each."""
        return [json.loads(line) for line in self.of(words).splitlines() if line]


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a page of docs, in their order."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", read(ROOT / "docs" / document), re.MULTILINE | re.DOTALL
    )
    return [str(each) for each in found]


def shell_blocks() -> list[str]:
    """What can be run without the internet, in the order of reading."""
    return [each for page in DOCUMENTS for each in blocks(page, "sh") if "pip install" not in each]


@contextmanager
def following(database: str, folder: Path) -> Iterator[Followed]:
    """Serve the demo's agency, and follow the documents in a shell whose folder this is."""
    run = environment(database, folder / "var" / "demo", RINGFENCE_WEBHOOK_NETWORKS="127.0.0.0/8")
    subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, env=run, check=True)
    with _serving(run) as ports:
        addresses = {str(8000 + index): str(port) for index, port in enumerate(ports)}
        written = shell_blocks()
        first = next(each for each in written if "access/v1/evaluation " in each)
        script = f"\necho '{BETWEEN}'\n".join([*written, 'echo "$TOKEN"', f"{first}{TAKEN_BACK}\n"])
        for port, ours in addresses.items():
            script = script.replace(f"127.0.0.1:{port}", f"127.0.0.1:{ours}")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=folder,
            env=run | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        *said, token, again = (each.strip() for each in done.stdout.split(BETWEEN))
        told = dict(zip(written, said, strict=True))
        yield Followed(told, f"http://127.0.0.1:{ports[1]}", token, json.loads(again))


@contextmanager
def _serving(run: dict[str, str]) -> Iterator[tuple[int, int, int]]:
    """The ports of pages, decisions and changes, once all are answered."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(3)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        pages, decides, changes = (int(probe.getsockname()[1]) for probe in probes)
    # By which they tell where access is asked for.
    run = run | {
        "RINGFENCE_ADDRESS": f"http://127.0.0.1:{pages}",
        "RINGFENCE_DECIDE_ADDRESS": f"http://127.0.0.1:{decides}",
    }
    binds = ("--decide-bind", f"127.0.0.1:{decides}", "--changes-bind", f"127.0.0.1:{changes}")
    process = subprocess.Popen(
        [*COMMAND, "serve", *ROLES, "--port", str(pages), "--workers", "1", "--decide-workers", "1", *binds],
        env=run,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    guard = threading.Timer(SECONDS, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(LAST):
                break
        assert said[-1].startswith(LAST), "".join(said)
        yield pages, decides, changes
    finally:
        guard.cancel()
        process.terminate()
        process.communicate(timeout=SECONDS)


def _tell() -> None:
    import django

    django.setup()
    from ringfence.demo.making import stories, tell

    tell(stories()[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ringfence.settings")
    _tell()
