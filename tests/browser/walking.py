"""Finding every page of the product by its links, and what must hold on each of them.

Pages that differ only in their numbers are one kind; the first of a kind found stands for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.people import Person

NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
LINKS = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')
TITLE_STARTS = ("Error: ", "Gwall: ")
# The sum over all shifts that were not somebody's own doing; what was buffered comes in a task of its own.
SHIFTED = """() => new Promise(done => {
    let sum = 0;
    const add = list => list.getEntries().forEach(e => { if (!e.hadRecentInput) sum += e.value; });
    new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 20);
})"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONGEST_WALK = 200
ALIKE = re.compile(r"(/help/|/manage/settings/)[a-z_-]+$")
"""Pages of one template that differ in their paragraphs alone."""

# What Tab can reach: one element for each group of radio buttons.
REACHABLE = """() => {
    const groups = new Set();
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility())
        .filter(e => e.type !== 'radio' || (!groups.has(e.name) && groups.add(e.name)))
        .length;
}"""
FOCUSED = """() => {
    const e = document.activeElement;
    if (e === document.body || e === null) return '';
    window.reached = window.reached || [];
    if (!window.reached.includes(e)) window.reached.push(e);
    return window.reached.indexOf(e) + ': ' + e.outerHTML.slice(0, 160);
}"""


def kind_of(address: str) -> str:
    """The address without its numbers and its search."""
    return ALIKE.sub(r"\1N", NUMBERS.sub("N", re.split(r"[?#]", address)[0]))


def walk(person: Person, starts: Iterable[str]) -> list[str]:
    """One address of each kind of page that this person comes to, beginning at `starts`."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in found:
            continue
        answer = person.page.request.get(address)
        assert answer.status == 200, f"a link leads to {address}, which answers {answer.status}"
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue
        found[kind_of(address)] = address
        waiting += LINKS.findall(answer.text().replace("&amp;", "&"))
        assert len(found) < LONGEST_WALK, f"too many kinds of pages: {sorted(found)}"
    return list(found.values())


def page_faults(person: Person, narrower: int = 0) -> list[str]:
    """What is wrong with the page as it stands: accessibility, width, title, language.

    `narrower`: also whether it fits a window of so many pixels, where it is left as it was found.
    """
    page = person.page
    faults = [*violations(page), *_sideways(page), *_shifts(page)]
    heading, title = person.heading, page.title()
    for start in TITLE_STARTS:
        title = title.removeprefix(start)
    if not title.startswith(" ".join(heading.split())):
        faults.append(f"the title {title!r} does not begin with the heading {heading!r}")
    language = page.locator("html").get_attribute("lang")
    if language != person.words.language:
        faults.append(f"the page is marked as {language!r}")
    faults += person.said
    person.said.clear()
    if narrower:
        wide = page.viewport_size
        assert wide is not None
        page.set_viewport_size({"width": narrower, "height": wide["height"]})
        faults += _sideways(page)
        page.set_viewport_size(wide)
    where = f"{page.url.removeprefix(person.instance.address)} at {_width(page)} in {person.words.language}"
    return [f"{where}: {fault}" for fault in faults]


def _shifts(page: Page) -> list[str]:
    """What moved after it was drawn first."""
    moved = float(page.evaluate(SHIFTED))
    return [f"what is drawn moves by {moved}"] if moved else []


def _sideways(page: Page) -> list[str]:
    over = page.evaluate(SIDEWAYS)
    return [f"scrolls sideways by {over} pixels at {_width(page)}"] if over > 0 else []


def _width(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def keyboard_faults(page: Page) -> list[str]:
    """Controls that Tab does not come to; the first stop is the way past the navigation."""
    page.keyboard.press("Tab")
    first = str(page.evaluate(FOCUSED))
    faults = [] if "govuk-skip-link" in first else [f"Tab comes first to {first}, not to the skip link"]
    wanted = int(page.evaluate(REACHABLE))
    # One stop more: the focus has then left the page, or come round.
    for _ in range(wanted):
        page.keyboard.press("Tab")
        page.evaluate(FOCUSED)
    reached = int(page.evaluate("window.reached.length"))
    if reached < wanted:
        faults.append(f"Tab reaches {reached} of {wanted} controls")
    return [f"{page.url}: {fault}" for fault in faults]


def picture(person: Person, folder: Path) -> None:
    """Keep a picture of the whole page, for people to look at."""
    kind = kind_of(person.page.url.removeprefix(person.instance.address)).strip("/").replace("/", "-")
    name = f"{person.words.language}-{_width(person.page)}-{kind or 'home'}"
    # The same kind of page looks different to others.
    number = len(list(folder.glob(f"{name}-*.png"))) + 1
    person.page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)
