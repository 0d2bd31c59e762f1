"""Scenario files that are malformed: always a `ScenarioFault` that says where, never another error.

What well-formed files mean is stated by `tests/truth`.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ringfence.core import scenario
from tests.core.random_firms import Chance, hold

TRUTH = Path(__file__).parent.parent / "truth"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "x", "all", "none", "9999-12-31", [], [1], [[1]], ["x"], [{}], [[]], {},
    {"x": 1}, {"group": "x"}, {"client": "x"}, {"client": "x", "service": "x"}, {"service": "x", "except": 3},
)  # fmt: skip
"""What somebody might write in the wrong place."""


@cache
def true_scenarios() -> list[Any]:
    """Every scenario of the truth tables as data."""
    reader = YAML(typ="safe", pure=True)
    texts = (path.read_text(encoding="utf-8") for path in sorted(TRUTH.glob("*.yaml")))
    return [document for text in texts for document in reader.load_all(text) if document]


def written(value: Any) -> str:
    """The value as JSON, which is YAML."""
    return json.dumps(value, ensure_ascii=False, default=str)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in the value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The value with something odd in one place."""
    if not path:
        return odd
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_odd(value[path[0]], path[1:], odd)
    return changed


def test_whatever_stands_in_the_wrong_place_is_a_fault_or_a_failed_statement() -> None:
    def holds(chance: Chance) -> None:
        document = chance.of(true_scenarios())
        odd = with_odd(document, chance.of(list(places(document))), chance.of(ODD))
        with suppress(scenario.ScenarioFault):
            scenario.run(written(odd))

    hold(holds, 1_500)


def test_a_scenario_written_anew_says_the_same() -> None:
    for document in true_scenarios():
        (outcome,) = scenario.run(written(document))
        assert outcome.failures == ()


def fault_of(text: str) -> str:
    with pytest.raises(scenario.ScenarioFault) as caught:
        scenario.run(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["a: [", "\t", "x: 1\nx: 2", "a: 2026-99-99", "a: !!python/object:os.system x", "[" * 5_000],
    ids=["open list", "tab", "twice", "no such day", "code", "too deep"],
)
def test_what_is_not_yaml_is_a_fault(text: str) -> None:
    assert fault_of(text).startswith("this is not YAML")


@pytest.mark.parametrize("text", ["", "---\n---\n", "# nothing"])
def test_an_empty_file_is_a_fault(text: str) -> None:
    assert "empty" in fault_of(text)


MALFORMED = {
    "colour: red": "colour",
    "- a list": "mapping",
    "name: n\nfirm: {profile: [kyc]}": "profile",
    "name: n\nfirm: {colour: red}": "colour",
    "name: n\nfirm: {control: maybe}": "control",
    "name: n\nmembers: [Ann]": "members",
    "name: n\nmembers: {Ann: 3}": "member Ann",
    "name: n\nmembers: {Ann: {access: [no]}}": "access",
    "name: n\nmembers: {Ann: {}, ann: {}}": "twice",
    "name: n\nmembers: {Ann: {}}\ngroups: {Team: Ann}": "group Team",
    "name: n\ngroups: {Team: [Bob]}": "Bob",
    "name: n\nservices: VAT": "services",
    "name: n\nclients: {Acme: {services: VAT}}": "services of Acme",
    "name: n\nclients: {Acme: {services: {VAT: [1]}}}": "services of Acme",
    "name: n\nclients: {Acme: {}}\ngrants: [{to: Bob, on: Acme, level: owner}]": "Bob",
    "name: n\nwalls: [{name: W, sides: [{}]}]": "sides",
    "name: n\nchecks: {member: Ann}": "checks",
    "name: n\nmembers: {Ann: {}}\nchecks: [{member: Ann, sees: Acme}]": "sees",
    "name: n\nclients: {Acme: {}}\nchecks: [{client: Acme, open_to: 3}]": "open_to",
    "name: n\nchecks: [{member: Ann, client: Acme}]": "Ann",
    "name: n\nsteps: [{stay: true}]": "stay",
    "name: n\nsteps: [{at: 2025-01-01}]": "clock",
    "name: n\nsteps: [{at: 9999-12-31}]": "at must be",
    "name: n\nsteps: [{do: control.turn_on, by: Ann}]": "Ann",
    "name: n\nsteps: [{do: control.turn_on, expect: {refused: maybe}}]": "refused",
    "name: n\nsteps: [{do: control.turn_on, expect: {ok: false}}]": "expect",
    "name: n\nsteps: [{do: control.turn_on, expect: {ok: true, refused: invalid}}]": "expect",
    "name: n\nsteps: [{do: control.turn_on, expect: {gains: [Ann, Acme]}}]": "gains",
    "name: n\nsteps: [{do: control.turn_on, expect: {opens: Acme}}]": "opens",
}
"""Files, and what their fault names."""


@pytest.mark.parametrize(("text", "named"), MALFORMED.items(), ids=list(MALFORMED.values()))
def test_what_is_malformed_is_named(text: str, named: str) -> None:
    assert named in fault_of(text)


@pytest.mark.parametrize(
    "words",
    [{"do": "grant.give"}, {"do": "grant.set", "with": ["Ann"]}, {"do": "grant.set", "with": {"x": 1}}],
)
def test_a_command_that_cannot_be_read_is_refused_as_invalid(words: dict[str, Any]) -> None:
    step = {**words, "expect": {"refused": "invalid"}}
    (outcome,) = scenario.run(written({"name": "n", "steps": [step]}))
    assert outcome.failures == ()
