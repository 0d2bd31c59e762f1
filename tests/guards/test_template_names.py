"""What a template asks of its page or mail is there, also where no test shows it.

Pages are judged by their types, in every branch; mails, which are given dictionaries, by their names alone.
"""

import ast
import pkgutil
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from ringfence import notices, web
from ringfence.notices.blocks import Hand
from ringfence.web.shell.jinja import environment
from tests.support.template_types import UNKNOWN, Asked, Known, pages_shown

TEMPLATES = Path(web.__path__[0]) / "templates"
TYPED_PAGES = 200
"""Of the templates that views show, as many as are judged at least."""
ATTRIBUTES = 2_000
MAILS = Path(notices.__path__[0])


@pytest.fixture(scope="module")
def pages() -> dict[str, Known]:
    """Every template that a view shows, with the types of its page."""
    found: dict[str, Known] = defaultdict(lambda: UNKNOWN)
    for each in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
        for template, kinds in pages_shown(import_module(each.name)):
            found[template] |= kinds
    return dict(found)


def test_every_name_that_a_template_asks_of_its_page_is_there(pages: dict[str, Known]) -> None:
    made = environment(loader=FileSystemLoader(TEMPLATES))
    faults: set[str] = set()
    count = 0
    for template, kinds in pages.items():
        # Each by itself: what one page of a template has, another may lack.
        for kind in kinds:
            asked = Asked(made)
            asked.read(template, {"page": frozenset([kind])})
            faults |= asked.faults
            count += asked.count
    assert not faults, "\n".join(sorted(faults))
    assert count > ATTRIBUTES


def test_nearly_every_page_is_judged(pages: dict[str, Known]) -> None:
    untyped = sorted(template for template, kinds in pages.items() if not kinds)
    assert len(pages) - len(untyped) >= TYPED_PAGES, untyped


def mails() -> list[nodes.Template]:
    made = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True)
    return [made.parse(path.read_text()) for path in sorted(MAILS.rglob("*.txt"))]


def sources() -> list[ast.AST]:
    """Every node of the modules that send mails."""
    return [node for path in MAILS.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]


def test_every_name_that_a_mail_says_is_given_to_it() -> None:
    given = {node.value for node in sources() if isinstance(node, ast.Constant)}
    given |= {node.arg for node in sources() if isinstance(node, ast.keyword)}
    given |= {*vars(Hand), "_", "ngettext"}
    asked = frozenset().union(*(meta.find_undeclared_variables(each) for each in mails()))
    assert len(asked) > 50
    assert not sorted(asked - given)


def test_every_attribute_that_a_mail_asks_for_is_one_of_its_values() -> None:
    had = {macro.name for mail in mails() for macro in mail.find_all(nodes.Macro)}
    for node in sources():
        if isinstance(node, ast.FunctionDef):
            had.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            had.add(node.target.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            had.add(node.attr)
    asked = {each.attr for mail in mails() for each in mail.find_all(nodes.Getattr)}
    assert asked > {"count", "heading"}
    assert not sorted(asked - had)
