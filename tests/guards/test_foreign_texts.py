"""No text of a framework reaches a page unread: what pages say stands in our own catalogue, in two languages.

Django's Welsh has mistakes (its July), and allauth's messages have other words than ours.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import files, name

SPEAKING = {
    "django.utils.dateformat",
    "django.utils.dates",
    "django.utils.formats",
    "django.utils.timesince",
    "django.utils.translation",
    "django.contrib.humanize",
}
"""Modules of Django that say something."""
ALLOWED = {
    ("middleware.py", "django.utils.translation"): "asks which language Django chose for the request",
    ("door.py", "django.utils.translation"): "asks which language the caller of the API prefers",
}
FILTERS = re.compile(r"\|\s*(date|time|timesince|timeuntil|naturaltime|ordinal)\b")


def test_no_module_says_what_django_says() -> None:
    said = [
        f"{name(path)} takes {module}: say it with ringfence.wording"
        for path in _sources(".py")
        for module in _imports(path)
        if module in SPEAKING and (path.name, module) not in ALLOWED
    ]
    assert not said, "\n".join(said)


def test_each_exception_is_needed() -> None:
    found = {(path.name, module) for path in _sources(".py") for module in _imports(path)}
    assert set(ALLOWED) <= found


def test_no_template_lets_django_say_a_time() -> None:
    said = [
        f"{name(path)}: {found[0]}"
        for path in _sources(".html")
        for found in FILTERS.finditer(path.read_text("utf-8"))
    ]
    assert not said, "\n".join(said)


def test_no_module_shows_the_message_of_a_fault_of_django() -> None:
    """A form's faults are told by their codes; `faults.messages` would be Django's own sentence."""
    said = [
        f"{name(path)}:{node.lineno} .{node.attr}"
        for path in _sources(".py")
        if "web" in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"messages", "as_text", "as_ul", "get_json_data"}
    ]
    assert not said, "\n".join(said)


def _sources(suffix: str) -> Iterator[Path]:
    yield from (path for path in files(suffix) if "src" in path.parts)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
