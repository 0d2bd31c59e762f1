"""One word, one meaning: the glossary has every thing of the rules, and no class name stands for two."""

import ast
import re
from collections import defaultdict

from tests.support.repository import ROOT, files, read

ROW_OR_VALUE = "the row of a table, and the value that the core decides with"
SCIM = "the row of a table, and the resource that SCIM calls so"
TWICE = {
    "Client": "the row of a table, and the fact of the specification",
    "DefaultGrant": ROW_OR_VALUE,
    "Delegation": ROW_OR_VALUE,
    "Emergency": ROW_OR_VALUE,
    "Engagement": "the row of a table, and the fact of the specification",
    "Firm": "the row of a table, and an invented firm that becomes one",
    "Grant": "the row of a table, and the fact of the specification",
    "Group": SCIM,
    "GroupMember": SCIM,
    "Member": ROW_OR_VALUE,
    "Policy": ROW_OR_VALUE,
    "Wall": ROW_OR_VALUE,
    "Request": ROW_OR_VALUE,
    "Review": ROW_OR_VALUE,
    "Token": ROW_OR_VALUE,
    "User": SCIM,
}
"""Public classes of one name in two modules, each with the reason."""
WORD = re.compile(r"^\| ([^|]+?) \|", re.MULTILINE)


def test_no_class_name_stands_for_two_things() -> None:
    found = defaultdict(list)
    package = ROOT / "src" / "ringfence"
    for path in files(".py"):
        if not path.is_relative_to(package) or "migrations" in path.parts:
            continue
        for node in ast.parse(read(path)).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(package).as_posix())
    twice = {name: places for name, places in found.items() if len(places) > 1}
    new = {name: places for name, places in twice.items() if name not in TWICE}
    assert not new, f"call one of each pair by what sets it apart, or list it with its reason: {new}"
    assert not set(TWICE) - set(twice), f"take out of the list: {sorted(set(TWICE) - set(twice))}"


def test_every_thing_of_the_rules_is_in_the_glossary() -> None:
    rules = read(ROOT / "docs" / "rules.md")
    things = re.findall(r"^\| \*\*(\w+)\*\* \|", rules, re.MULTILINE)
    assert len(things) > 10
    missing = {thing.lower() for thing in things} - {word.lower() for word in _words()} - {"user"}
    assert not missing, f"write a line in docs/glossary.md: {sorted(missing)}"


def test_each_part_of_the_glossary_is_in_order_and_says_a_word_once() -> None:
    parts = read(ROOT / "docs" / "glossary.md").split("\n## ")[1:]
    for part in parts:
        words = [word for word in WORD.findall(part) if word not in {"Word", "---"}]
        assert words == sorted(set(words), key=str.lower)


def _words() -> list[str]:
    return WORD.findall(read(ROOT / "docs" / "glossary.md"))
