"""axe-core over an open page: what a machine can tell about accessibility (WCAG 2.2 AA).

Run through the browser's debugging channel, so the page's content security policy stays as it is.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Of rules that hold, no element has its name worked out.
RUN = """async rules => typeof axe === 'undefined' ? null
    : (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
        .map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)"""


def ready(context: "BrowserContext") -> None:
    """Have every page begin with axe-core, where many are looked at: else each is sent half a megabyte."""
    context.add_init_script(_script())


def violations(page: "Page") -> list[str]:
    """One line per broken rule with the elements that break it; empty where all is well."""
    found = page.evaluate(RUN, RULES)
    if found is None:
        page.evaluate(_script())
        found = page.evaluate(RUN, RULES)
    return [str(line) for line in found]


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")
