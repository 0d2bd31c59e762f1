"""Looking at pages that nobody serves, in a Chromium of its own: by axe, and whether they scroll sideways.

A process of its own, as Playwright keeps an event loop running, which Django takes for asynchronous code.
It is sent a page a line, as JSON, and answers each with the list of its faults.
"""

import atexit
import json
import mimetypes
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

from tests.support import axe
from tests.support.browser import running_browser
from tests.support.repository import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Route

STATIC = ROOT / "src" / "ringfence" / "web" / "static"
ADDRESS = "http://pages.test/"
WIDE, NARROW = 1280, 320
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


@cache
def looker() -> Looker:
    """The one of this process."""
    return Looker()


def _look() -> None:
    markup = ""

    def answer(route: "Route") -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if not path:
            route.fulfill(body=markup, content_type="text/html; charset=utf-8")
        elif (file := STATIC / path.removeprefix("static/")).is_file():
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404, body="")

    with running_browser() as browser:
        context = browser.new_context(viewport={"width": WIDE, "height": 900}, locale="en-GB")
        axe.ready(context)
        page = context.new_page()
        page.route("**/*", answer)
        for line in sys.stdin:
            markup = json.loads(line)
            page.goto(ADDRESS)
            faults = axe.violations(page)
            page.set_viewport_size({"width": NARROW, "height": 900})
            if over := page.evaluate(SIDEWAYS):
                faults.append(f"it scrolls sideways by {over} pixels at {NARROW}")
            page.set_viewport_size({"width": WIDE, "height": 900})
            print(json.dumps(faults), flush=True)  # noqa: T201  # the answer


if __name__ == "__main__":
    _look()
