"""Each macro writes the HTML that GOV.UK Frontend's own fixtures (`fixtures/`, MIT) expect of the component.

A fixture whose option we do not offer is named in `LEFT_OUT` with the reason; every other must agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from tests.web.components.markup import tree

FIXTURES = Path(__file__).parent / "fixtures"

DAY_MONTH_YEAR = "a date names its fields by `items`; the separate `day`, `month` and `year` are not offered"
ERROR_BY_CLASS = "a wrong field of a date is marked by `error`, not by a class"
SCRIPTED_UPLOAD = "the drop zone is not offered: the browser's own button speaks the reader's language"
INTERRUPTION = "the interruption panel is not offered"
NOTHING_TO_SAY = "a component without its text is a mistake here"

LEFT_OUT: dict[tuple[str, str], str] = {
    ("date-input", "with translations"): DAY_MONTH_YEAR,
    ("date-input", "with values, name prefix and custom names"): DAY_MONTH_YEAR,
    ("date-input", "day and month"): DAY_MONTH_YEAR,
    ("date-input", "month and year"): DAY_MONTH_YEAR,
    ("date-input", "with errors only"): DAY_MONTH_YEAR,
    ("date-input", "with errors only (using classes)"): DAY_MONTH_YEAR,
    ("date-input", "with error on day input"): DAY_MONTH_YEAR,
    ("date-input", "with error on month input"): DAY_MONTH_YEAR,
    ("date-input", "with error on year input"): DAY_MONTH_YEAR,
    ("date-input", "with field value"): DAY_MONTH_YEAR,
    ("date-input", "with field value and items"): DAY_MONTH_YEAR,
    ("date-input", "with field value and item value"): DAY_MONTH_YEAR,
    ("date-input", "with field value, item value and values"): DAY_MONTH_YEAR,
    ("date-input", "with field value overriding values"): DAY_MONTH_YEAR,
    ("date-input", "with error on single field"): DAY_MONTH_YEAR,
    ("date-input", "with error on single field by omission"): DAY_MONTH_YEAR,
    ("date-input", "with error on single field using classes"): ERROR_BY_CLASS,
    ("date-input", "with error on single item using classes"): ERROR_BY_CLASS,
    ("file-upload", "enhanced"): SCRIPTED_UPLOAD,
    ("file-upload", "enhanced, with error message and hint"): SCRIPTED_UPLOAD,
    ("file-upload", "enhanced, multiple files"): SCRIPTED_UPLOAD,
    ("file-upload", "enhanced, custom wrapper classes and attributes"): SCRIPTED_UPLOAD,
    ("file-upload", "translated"): SCRIPTED_UPLOAD,
    ("file-upload", "translated, no javascript enhancement"): SCRIPTED_UPLOAD,
    ("file-upload", "with value"): "no browser lets a page choose the file",
    ("panel", "interruption"): INTERRUPTION,
    ("panel", "interruption-with-content-with-long-line-length"): INTERRUPTION,
    ("panel", "interruption-with-headings-content-and-lists"): INTERRUPTION,
    ("panel", "interruption with custom classes"): INTERRUPTION,
    ("panel", "confirmation, with actions"): INTERRUPTION,
    ("panel", "interruption, with actions classes and attributes"): INTERRUPTION,
    ("panel", "interruption, submit action"): INTERRUPTION,
    ("panel", "interruption, button link"): INTERRUPTION,
    ("panel", "interruption, no actions"): INTERRUPTION,
    ("panel", "interruption, no actions items"): INTERRUPTION,
    ("password-input", "with translations"): "its texts come from the translations, not from the page",
    ("select", "with falsy values"): "a choice that is False is left out, not shown empty",
    ("warning-text", "icon fallback text only"): NOTHING_TO_SAY,
}


class Fixture(Struct):
    """One call of a component and the HTML it gives."""

    name: str
    options: dict[str, Any]
    html: str


class Component(Struct):
    """A component's fixtures as the package ships them."""

    component: str
    package: str
    version: str
    licence: str
    fixtures: list[Fixture]


def _components() -> Iterator[Component]:
    for path in sorted(FIXTURES.glob("*.json")):
        yield msgspec.json.decode(path.read_bytes(), type=Component)


CASES = [(component.component, fixture) for component in _components() for fixture in component.fixtures]


@pytest.mark.parametrize(
    ("component", "fixture"),
    [
        pytest.param(component, fixture, id=f"{component}: {fixture.name}")
        for component, fixture in CASES
        if (component, fixture.name) not in LEFT_OUT
    ],
)
def test_a_macro_writes_what_the_kit_expects(pages: Environment, component: str, fixture: Fixture) -> None:
    assert tree(_render(pages, component, fixture.options)) == tree(fixture.html)


def test_every_fixture_left_out_exists() -> None:
    assert set(LEFT_OUT) <= {(component, fixture.name) for component, fixture in CASES}


def _render(pages: Environment, component: str, options: dict[str, Any]) -> str:
    name = component.replace("-", "_")
    file = "header" if name == "generic_header" else name
    macro = getattr(pages.get_template(f"components/{file}.html").module, name)
    given = _arguments(options)
    given |= RENAMED.get(name, dict)(given)
    block = options.get("html") if name in WITH_BLOCK else None
    if block is not None:
        given.pop("text", None)
        given["caller"] = lambda: Markup(block)
    return str(macro(**{key: value for key, value in given.items() if value is not GONE}))


GONE = object()
WITH_BLOCK = {"fieldset", "notification_banner"}


def _label(given: dict[str, Any]) -> dict[str, Any]:
    return {"for_id": given.get("for"), "for": GONE}


def _service_navigation(given: dict[str, Any]) -> dict[str, Any]:
    slots = dict(given.get("slots") or {})
    end = slots.get("end")
    if isinstance(end, Mapping):
        slots["end"] = end["text"]
    written = {key: Markup(value) for key, value in slots.items()}
    return {"slots": written, "end_inline": isinstance(end, Mapping)}


RENAMED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "label": _label,
    "service_navigation": _service_navigation,
}


def _arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """The kit's options as ours: names in snake case, and HTML as marked-up text in place of the text."""
    given: dict[str, Any] = {}
    for key, value in options.items():
        name = re.sub(r"([A-Z])", r"_\1", key).lower()
        if key == "attributes" and isinstance(value, Mapping):
            given[name] = {attribute: _attribute(item) for attribute, item in value.items()}
        elif name == "html" or name.endswith("_html"):
            if value:
                given[name.removesuffix("html") + "text"] = Markup(value)
        elif name not in given:
            given[name] = _argument(value)
    return given


def _argument(value: object) -> Any:
    if isinstance(value, Mapping):
        return _arguments(value)
    if isinstance(value, list):
        return [_argument(item) for item in value]
    return value


def _attribute(item: object) -> object:
    if isinstance(item, Mapping):
        return item["value"] if item.get("optional") else _attribute(item.get("value"))
    if item is None:
        return ""
    return str(item).lower() if isinstance(item, bool) else item
