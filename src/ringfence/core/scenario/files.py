"""Scenario files as text: YAML into mappings, and their entries read by kind (rules.md 8).

What facts mean is in `setup.py`, what steps and checks mean in `run.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ringfence.core.commands.parsing import BadArgument

KNOWN = (
    "name",
    "firm",
    "members",
    "groups",
    "services",
    "clients",
    "grants",
    "delegations",
    "walls",
    "policies",
)
"""The facts; a scenario has `checks` and `steps` besides."""


class ScenarioFault(ValueError):
    """A file that is no scenario; the text says where and what to do."""


def read(text: str) -> list[Mapping[str, Any]]:
    """The scenarios of a file (YAML 1.2 or JSON), at least one. Raises `ScenarioFault`."""
    try:
        documents = list(YAML(typ="safe", pure=True).load_all(text))
    except (YAMLError, ValueError, RecursionError) as fault:
        # A date that the calendar does not have is a ValueError, and nesting may be deeper than the stack.
        raise ScenarioFault(f"this is not YAML: {fault}") from None
    found = [document for document in documents if document is not None]
    if not found:
        raise ScenarioFault("the file is empty: it needs at least one scenario with checks or steps")
    for document in found:
        if not isinstance(document, Mapping):
            raise ScenarioFault("a scenario must be a mapping with name, members, clients, checks …")
        if unknown := [key for key in document if key not in (*KNOWN, "checks", "steps")]:
            raise ScenarioFault(f"a scenario has no {', '.join(map(str, unknown))}")
    return found


def mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key) or {}
    if not isinstance(value, Mapping):
        raise BadArgument(f"{key} must give each name its properties, not {value!r}")
    return value


def listed(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key) or []
    if not isinstance(value, list):
        raise BadArgument(f"{key} must be a list, not {value!r}")
    return value


def mappings(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = listed(document, key)
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise BadArgument(f"each of {key} must be a mapping, not {entry!r}")
    return entries


def names_in(value: Any, what: str) -> list[str]:
    """A list of names."""
    named = value if isinstance(value, list) else [value]
    if named is not value or not all(isinstance(name, str | int | float | date) for name in named):
        raise BadArgument(f"{what} must be a list of names such as [Acme], not {value!r}")
    return [str(name) for name in named]


def one_of(value: Any, words: Sequence[str], key: str) -> str:
    if value not in words:
        raise BadArgument(f"{key} must be one of: {', '.join(words)}; not {value!r}")
    return str(value)


def pairs_of(value: Any, key: str) -> set[tuple[str, ...]]:
    """Pairs of member and client."""
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise BadArgument(f"{key} must be a list of pairs such as [[John, Acme]], not {value!r}")
    return {tuple(names_in(pair, key)) for pair in value}


def need(entry: Any, known: Sequence[str], what: str, *needed: str) -> Mapping[str, Any]:
    """The entry, once it is a mapping with the needed keys and no unknown one."""
    if not isinstance(entry, Mapping):
        raise BadArgument(f"{what} must be a mapping, not {entry!r}")
    if unknown := [str(key) for key in entry if key not in known]:
        raise BadArgument(f"{what} has no {', '.join(unknown)}; it may have {', '.join(known)}")
    if lacking := [key for key in needed if key not in entry]:
        raise BadArgument(f"{what} lacks {', '.join(lacking)}: {dict(entry)!r}")
    return entry
