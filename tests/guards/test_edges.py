"""Edges ask a firm questions (`access/firm_now.py`); they never reach into what answers them."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.repository import ROOT, name, read

EDGES = ("web", "api", "scim", "lists", "notices", "jobs")
HIDDEN = {"moment", "state", "register", "evaluation", "holdings"}


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_never_reaches_into_a_state(edge: str) -> None:
    modules = sorted((ROOT / "src/ringfence" / edge).rglob("*.py"))
    assert modules, f"there is no room {edge} any more: name the edges anew"
    found = [
        f"{name(path)}:{line} .{attribute}" for path in modules for line, attribute in _reached(read(path))
    ]
    assert not found, f"ask FirmNow a question, and add one where it has none: {found}"


def _reached(text: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(text)
    # `@function.register` of functools is no register of clients.
    spared = {
        id(decorator)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in HIDDEN and id(node) not in spared:
            yield node.lineno, node.attr
