"""Looking at pages that nobody serves, in a Chromium of its own: by axe, and whether they scroll sideways.

A process of its own, as Playwright keeps an event loop running, which Django takes for asynchronous code.
It is sent a page a line, as JSON, and answers each with the list of its faults.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.support import axe
from tests.support.browser import running_browser
from tests.support.repository import ROOT

STATIC = ROOT / "src" / "ringfence" / "web" / "static"
WIDE, NARROW = 1280, 320
UNDRAWN = "--disable-threaded-compositing"
"""Nothing is pressed here, which needs pages that are drawn: a quarter of the work of a page."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Looker:
    """The process, from its first page on until this one ends."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def faults(self, markup: str) -> list[str]:
        """What is wrong with the page; empty where nothing is."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps(markup) + "\n")
        asked.flush()
        answer = answers.readline()
        assert answer, "the browser that looks at pages has ended"
        return [str(each) for each in json.loads(answer)]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def first_of_all(kind: str) -> bool:
    """Whether no worker of this run has looked at this kind yet; from now on one has, until it ends."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"ringfence-looked-at-{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    note = folder / kind
    try:
        note.touch(exist_ok=False)
    except FileExistsError:
        return False
    atexit.register(_forget, note)
    return True


def _forget(note: Path) -> None:
    note.unlink(missing_ok=True)
    with suppress(OSError):
        # The notes of a worker that goes on stay in it.
        note.parent.rmdir()


@cache
def looker() -> Looker:
    """The one of this process."""
    return Looker()


class _Pages(SimpleHTTPRequestHandler):
    """The page that is looked at, and the product's files; a browser keeps what it once had of these."""

    markup = ""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(STATIC.parent))

    def do_GET(self) -> None:
        if self.path == "/":
            body = _Pages.markup.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            super().end_headers()
            self.wfile.write(body)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, *_message: object) -> None:
        """Nobody reads it."""


def _look() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    with running_browser(UNDRAWN) as browser:
        context = browser.new_context(viewport={"width": WIDE, "height": 900}, locale="en-GB")
        axe.ready(context)
        page = context.new_page()
        for line in sys.stdin:
            _Pages.markup = json.loads(line)
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            faults = axe.violations(page)
            page.set_viewport_size({"width": NARROW, "height": 900})
            if over := page.evaluate(SIDEWAYS):
                faults.append(f"it scrolls sideways by {over} pixels at {NARROW}")
            page.set_viewport_size({"width": WIDE, "height": 900})
            print(json.dumps(faults), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    _look()
