"""NAME=VALUE on the command line as the arguments of a command (rules.md 7).

Plain words as they are; a value that starts with ``{`` or ``[`` is YAML (JSON included). Lists are separated
by commas or given by naming the argument again; a value that is a name as it stands is not cut up.
``group:NAME`` is a group among subjects, ``service:NAME`` a whole service among targets.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, get_args, get_type_hints
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ringfence.cli.faults import Fault
from ringfence.core.commands.parsing import COMMAND_NAMES
from ringfence.core.settings import CHANGEABLE, Settings
from ringfence.core.terms import Thing


class WordLookup(Protocol):
    """What reading the values asks of the firm."""

    @property
    def zone(self) -> ZoneInfo: ...

    def has(self, thing: Thing, name: str) -> bool:
        """Whether something is called so."""


_Read = Callable[[str, WordLookup, str], list[Any]]
"""Reads the text given for an argument, whose name comes last."""


def read_command(name: str, pairs: Iterable[str], words: WordLookup) -> dict[str, Any]:
    """The arguments of the command `name`; raises `Fault` for a pair that cannot be read."""
    if name not in COMMAND_NAMES:
        raise Fault(f"There is no command {name!r}. {_nearest(name)}")
    found: dict[str, list[Any]] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise Fault(f"{pair!r} is no NAME=VALUE: write, for example, client=Acme.")
        read = _LISTS.get((name, key)) or _LISTS.get(("", key)) or _SINGLE.get(key)
        found.setdefault(key, []).extend(read(text, words, key) if read else [_structure(text, key)])
    return {key: _joined(name, key, values) for key, values in found.items()}


def _joined(name: str, key: str, values: list[Any]) -> Any:
    single = len(values) == 1
    if single and isinstance(values[0], Mapping) and key == "services":
        return values[0]
    if (name, key) in _LISTS or ("", key) in _LISTS:
        return values
    if single:
        return values[0]
    if key in {"grants", "rows", "sides"}:
        return [each for value in values for each in (value if isinstance(value, list) else [value])]
    raise Fault(f"{key} is given {len(values)} times: {name} takes one.")


def _structure(text: str, key: str) -> Any:
    """A word, or what the YAML says."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return _with_groups(YAML(typ="safe", pure=True).load(text))
    except YAMLError as fault:
        problem = str(getattr(fault, "problem", "") or "it is no YAML")
        raise Fault(f"{key} cannot be read: {problem}. Write it as JSON, for example [A, B].") from fault


def _with_groups(value: Any) -> Any:
    """``group:NAME`` is a group within a structure too, wherever it says to whom."""
    if isinstance(value, list):
        return [_with_groups(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _to(each) if key == "to" else _with_groups(each) for key, each in value.items()}


def _to(value: Any) -> Any:
    return [_subject(each) for each in value] if isinstance(value, list) else _subject(value)


def _names(thing: Thing) -> _Read:
    def read(text: str, words: WordLookup, key: str) -> list[Any]:
        found = _structure(text, key)
        if not isinstance(found, str):
            return found if isinstance(found, list) else [found]
        if "," not in found or words.has(thing, found):
            return [found]
        return [part.strip() for part in found.split(",") if part.strip()]

    return read


def _subjects(text: str, words: WordLookup, key: str) -> list[Any]:
    return [_subject(each) for each in _names(Thing.MEMBER)(text, words, key)]


def _subject(word: Any) -> Any:
    if isinstance(word, str) and word.startswith("group:"):
        return {"group": word.removeprefix("group:").strip()}
    return word


def _targets(text: str, words: WordLookup, key: str) -> list[Any]:
    return [_target(each) for each in _names(Thing.CLIENT)(text, words, key)]


def _target(word: Any) -> Any:
    if isinstance(word, str) and word.startswith("service:"):
        return {"service": word.removeprefix("service:").strip()}
    return word


def firm_time(text: str, words: WordLookup) -> Any:
    """A time without a zone is the firm's, as a day is (rules.md 1); what is no time stays as it is."""
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2026-03-31") else None
    except ValueError:
        moment = None
    if moment is None:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=words.zone)


_LISTS: Mapping[tuple[str, str], _Read] = {
    ("", "members"): _names(Thing.MEMBER),
    ("", "services"): _names(Thing.SERVICE),
    ("", "on"): _targets,
    ("grant.set", "to"): _subjects,
    ("grant.remove", "to"): _subjects,
    ("grant.exclude", "client"): _names(Thing.CLIENT),
    ("grant.include", "client"): _names(Thing.CLIENT),
}
"""Arguments that take several, by command (any where empty) and name."""

_SINGLE: Mapping[str, _Read] = {
    "expires": lambda text, words, _key: [firm_time(text, words)],
    # Names and free texts are what they are, even where they begin like a structure.
    **{
        key: lambda text, _words, _key: [text]
        for key in ("client", "group", "kind", "member", "name", "reason", "reference", "service", "to")
    },
}


def setting_values(name: str) -> str:
    """A sentence with the values that a setting can have, or with the settings there are."""
    if name not in CHANGEABLE:
        return f"The settings are: {', '.join(CHANGEABLE)}."
    words = get_args(get_type_hints(Settings)[name]) or ("true", "false")
    return f"{name} is one of: {', '.join(words)}."


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMAND_NAMES, n=3) or list(COMMAND_NAMES)
    return f"{'Did you mean' if len(near) <= 3 else 'Choose one of'}: {', '.join(near)}?"
