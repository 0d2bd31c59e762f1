"""axe-core over an open page: what a machine can tell about accessibility (WCAG 2.2 AA).

Run through the browser's debugging channel, so the page's content security policy stays as it is.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: "Page") -> list[str]:
    """One line per broken rule with the elements that break it; empty where all is well."""
    page.evaluate(_script())
    found = page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules})).violations"
        ".map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)",
        RULES,
    )
    return [str(line) for line in found]


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")
