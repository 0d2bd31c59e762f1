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
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# All at once. Of shifts the sum over those that were not somebody's own doing; what was buffered comes in a
# task of its own.
STANDING = f"""() => new Promise(done => {{
    let moved = 0;
    const add = list => list.getEntries().forEach(e => {{ if (!e.hadRecentInput) moved += e.value; }});
    new PerformanceObserver(add).observe({{type: 'layout-shift', buffered: true}});
    const headings = [...document.querySelectorAll('h1')].filter(e => e.checkVisibility());
    setTimeout(() => done({{
        moved,
        title: document.title,
        language: document.documentElement.lang,
        headings: headings.map(e => e.innerText.trim().split(/\\s+/).join(' ')),
        over: {SIDEWAYS},
    }}), 20);
}})"""
LONGEST_WALK = 200
ALIKE = re.compile(r"(/help/|/manage/settings/)[a-z_-]+$")
"""Pages of one template that differ in their paragraphs alone."""

# What Tab can reach: one element for each group of radio buttons.
REACHABLE = """within => {
    const groups = new Set();
    const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    return [...document.querySelector(within).querySelectorAll(all)]
        .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility())
        .filter(e => e.type !== 'radio' || (!groups.has(e.name) && groups.add(e.name)))
        .length;
}"""
# Kept from now on: every element that comes to have the focus.
NOTE_FOCUS = """() => {
    window.reached = new Set();
    addEventListener('focusin', event => window.reached.add(event.target), true);
}"""
INTO_MAIN = """() => {
    const main = document.querySelector('main');
    main.tabIndex = -1;
    main.focus();
}"""
REACHED = "within => [...window.reached].filter(e => e.closest(within) && e.localName !== within).length"
FIRST = "[...window.reached].map(e => e.outerHTML.slice(0, 160))[0] || ''"


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


def page_faults(person: Person, narrower: int = 0, *, axe: bool = True) -> list[str]:
    """What is wrong with the page as it stands: accessibility, width, title, language.

    `narrower`: also whether it fits a window of so many pixels, where it is left as it was found.
    `axe`: whether it is looked at by axe too.
    """
    page = person.page
    faults, found = violations(page) if axe else [], page.evaluate(STANDING)
    faults += _sideways(page, found["over"])
    if found["moved"]:
        faults.append(f"what is drawn moves by {found['moved']}")
    title = found["title"]
    for start in TITLE_STARTS:
        title = title.removeprefix(start)
    if len(found["headings"]) != 1 or not title.startswith(found["headings"][0]):
        faults.append(f"the title {title!r} does not begin with the one heading {found['headings']}")
    if found["language"] != person.words.language:
        faults.append(f"the page is marked as {found['language']!r}")
    faults += person.said
    person.said.clear()
    if narrower:
        wide = page.viewport_size
        assert wide is not None
        page.set_viewport_size({"width": narrower, "height": wide["height"]})
        faults += _sideways(page, page.evaluate(SIDEWAYS))
        page.set_viewport_size(wide)
    where = f"{page.url.removeprefix(person.instance.address)} at {_width(page)} in {person.words.language}"
    return [f"{where}: {fault}" for fault in faults]


def _sideways(page: Page, over: int) -> list[str]:
    return [f"scrolls sideways by {over} pixels at {_width(page)}"] if over > 0 else []


def _width(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def keyboard_faults(page: Page, *, whole: bool) -> list[str]:
    """Controls that Tab does not come to.

    `whole`: also those that frame every page, of which the first leads past them.
    """
    within, faults = "body" if whole else "main", []
    if not whole:
        page.evaluate(INTO_MAIN)
    page.evaluate(NOTE_FOCUS)
    wanted = int(page.evaluate(REACHABLE, within))
    # Where all is walked one stop more: the focus has then left the page, or come round.
    for number in range(wanted + whole):
        page.keyboard.press("Tab")
        if whole and not number and "govuk-skip-link" not in (first := str(page.evaluate(FIRST))):
            faults.append(f"Tab comes first to {first}, not to the skip link")
    reached = int(page.evaluate(REACHED, within))
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
