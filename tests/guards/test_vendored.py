"""What others wrote and we ship is what VENDORED.toml lists, built from the sources that it lists."""

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.support.repository import ROOT

LIST = ROOT / "src/ringfence/web/static/vendor/VENDORED.toml"
REMEDY = "run `make css` and commit what it writes"


class File(Struct):
    """One shipped file."""

    path: str
    version: str
    licence: str
    sha256: str


class Source(Struct):
    """One file that shipped files are built from."""

    path: str
    sha256: str


class Vendored(Struct):
    """The list as it stands in the file."""

    file: list[File]
    source: list[Source]


def _vendored() -> Vendored:
    return msgspec.toml.decode(LIST.read_bytes(), type=Vendored)


def _checksum(path: str) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def test_every_vendored_file_is_the_one_listed() -> None:
    changed = [file.path for file in _vendored().file if _checksum(file.path) != file.sha256]
    assert not changed, f"{REMEDY}: {changed}"


def test_every_vendored_file_has_a_version_and_a_licence() -> None:
    for file in _vendored().file:
        assert file.version, file.path
        assert file.licence, file.path


def test_vendored_files_are_built_from_the_present_sources() -> None:
    sources = _vendored().source
    assert {source.path for source in sources} >= {"frontend/package-lock.json"}
    changed = [source.path for source in sources if _checksum(source.path) != source.sha256]
    assert not changed, f"{REMEDY}: {changed}"


def test_no_vendored_file_is_unlisted() -> None:
    listed = {file.path for file in _vendored().file}
    folders = {LIST.parent, ROOT / "tests/support/vendor"}
    present = {_name(path) for folder in folders for path in folder.rglob("*") if path.is_file()} - {
        _name(LIST)
    }
    assert present <= listed, f"list or remove: {sorted(present - listed)}"


def test_the_lock_file_names_no_place_to_download_from() -> None:
    assert "://registry" not in (ROOT / "frontend/package-lock.json").read_text("utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
