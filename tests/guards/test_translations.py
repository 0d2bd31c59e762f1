"""Every catalogue is complete and true to the sources, and the compiled file beside it is up to date."""

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.support.repository import files, name
from tools.messages import extracted

CATALOGUES = [path for path in files(".po") if path.name == "django.po"]
REMEDY = "run `python -m tools.messages`"

TEXT_FUNCTIONS = ("_", "gettext", "gettext_lazy", "ngettext")
SAME_IN_WELSH = frozenset({"%(count)s person", "%(count)s kB"})
"""Messages whose translation is the very same text, such as proper names. Everything else must differ."""


def test_there_is_a_welsh_catalogue() -> None:
    assert [path.parts[-3] for path in CATALOGUES] == ["cy"]


def test_every_message_is_translated() -> None:
    missing = [f"{name(path)}: {message.id!r}" for path, message in _messages() if not all(_strings(message))]
    assert not missing, "translate:\n" + "\n".join(missing)


def test_no_translation_is_a_guess() -> None:
    fuzzy = [f"{name(path)}: {message.id!r}" for path, message in _messages() if message.fuzzy]
    assert not fuzzy, "look these over and remove `fuzzy`:\n" + "\n".join(fuzzy)


def test_every_message_of_the_sources_is_in_the_catalogue() -> None:
    wanted = _wanted()
    for path in CATALOGUES:
        there = {_key(message) for message in _catalogue(path) if message.id}
        missing = "\n".join(sorted(map(str, wanted - there)))
        assert not missing, f"{REMEDY} and translate in {name(path)}:\n{missing}"


def test_no_text_hides_from_the_catalogue_within_another() -> None:
    """Texts inside an f-string are not found by the extraction, and would stay English."""
    there = {english for _context, english in _wanted()}
    hidden = [
        f"{name(path)}: {call.args[0].value!r}"
        for path in files(".py")
        if "src" in path.parts
        for whole in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in TEXT_FUNCTIONS
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value not in there
    ]
    assert not hidden, "take these out of the f-string: " + ", ".join(hidden)


def test_no_message_is_left_over_in_the_catalogue() -> None:
    wanted = _wanted()
    for path in CATALOGUES:
        over = {_key(message) for message in _catalogue(path) if message.id} - wanted
        assert not over, f"{REMEDY}: no source has these of {name(path)}: {sorted(map(str, over))}"


def test_placeholders_survive_translation() -> None:
    wrong = [f"{name(path)}: {fault}" for path, message in _messages() for fault in message.check()]
    wrong += _differing(r"%\(\w+\)[sd]|\{\w*\}")
    assert not wrong, "\n".join(wrong)


def test_markup_survives_translation() -> None:
    wrong = _differing(r"</?\w+|class=\"[^\"]*\"")
    assert not wrong, "\n".join(wrong)


def test_numbers_survive_translation() -> None:
    wrong = _differing(r"\d+")
    assert not wrong, "\n".join(wrong)


def test_a_translation_is_another_text() -> None:
    same = [
        f"{name(path)}: {message.id!r}"
        for path, message in _messages()
        if _english(message)[0] in _strings(message) and _english(message)[0] not in SAME_IN_WELSH
    ]
    assert not same, "translate, or list as SAME_IN_WELSH:\n" + "\n".join(same)


def test_what_is_listed_as_the_same_is_the_same() -> None:
    same = {_english(message)[0] for _, message in _messages() if _english(message)[0] in _strings(message)}
    assert not SAME_IN_WELSH - same, f"take out: {sorted(SAME_IN_WELSH - same)}"


def test_the_compiled_catalogue_is_the_present_one() -> None:
    for path in CATALOGUES:
        compiled = io.BytesIO()
        write_mo(compiled, _catalogue(path))
        assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), f"{REMEDY} for {name(path)}"


@cache
def _wanted() -> frozenset[tuple[str | None, str]]:
    return frozenset(_key(message) for message in extracted() if message.id)


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _messages() -> Iterator[tuple[Path, Message]]:
    for path in CATALOGUES:
        # The first message without an id is the header.
        yield from ((path, message) for message in _catalogue(path) if message.id)


def _key(message: Message) -> tuple[str | None, str]:
    """A plural is looked up by its singular."""
    return message.context, _english(message)[0]


def _english(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    """The translation, one text or one for each plural form; an empty text where there is none."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def _differing(pattern: str) -> list[str]:
    """Messages of which a translation has others of these parts than every English form."""
    found = []
    for path, message in _messages():
        allowed = [sorted(re.findall(pattern, text)) for text in _english(message)]
        found += [
            f"{name(path)}: {message.id!r}: {text!r}"
            for text in _strings(message)
            if sorted(re.findall(pattern, text)) not in allowed
        ]
    return found
