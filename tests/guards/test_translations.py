"""Every catalogue is complete, and the compiled file beside it is the one it compiles to."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.support.repository import files, name

CATALOGUES = [path for path in files(".po") if path.name == "django.po"]


def test_every_message_is_translated() -> None:
    missing = [
        f"{name(path)}: {message.id!r}"
        for path, message in _messages()
        if not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]
    assert not missing, "translate:\n" + "\n".join(missing)


def test_no_translation_is_a_guess() -> None:
    fuzzy = [f"{name(path)}: {message.id!r}" for path, message in _messages() if message.fuzzy]
    assert not fuzzy, "look these over and remove `fuzzy`:\n" + "\n".join(fuzzy)


def test_placeholders_survive_translation() -> None:
    wrong = [f"{name(path)}: {fault}" for path, message in _messages() for fault in message.check()]
    assert not wrong, "\n".join(wrong)


def test_the_compiled_catalogue_is_the_present_one() -> None:
    for path in CATALOGUES:
        compiled = io.BytesIO()
        write_mo(compiled, _catalogue(path))
        remedy = f"run `pybabel compile -D django -d src/ringfence/locale` for {name(path)}"
        assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), remedy


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _messages() -> Iterator[tuple[Path, Message]]:
    for path in CATALOGUES:
        # The first message without an id is the header.
        yield from ((path, message) for message in _catalogue(path) if message.id)
