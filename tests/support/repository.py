"""The files of this repository as the guards read them: what is written by us, without caches and builds."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
IGNORED_FOLDERS = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "var",
    "vendor",  # written by others and held by its checksums
}
TEXT = {
    "",
    ".cfg",
    ".css",
    ".html",
    ".in",
    ".js",
    ".json",
    ".md",
    ".mjs",
    ".po",
    ".py",
    ".scss",
    ".sh",
    ".toml",
}
TEXT |= {".txt", ".yaml", ".yml"}


def files(*suffixes: str) -> Iterator[Path]:
    """Every file with one of the suffixes, in a stable order."""
    return (path for path in _all_files() if path.suffix in suffixes)


def text_files() -> Iterator[Path]:
    """Every file that people read or write as text."""
    return files(*TEXT)


def name(path: Path) -> str:
    """The path as a failure message shows it."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    """The text of a file; examples in other encodings do not stop a guard."""
    return path.read_text("utf-8", errors="replace")


@cache
def _all_files() -> tuple[Path, ...]:
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            if path.name not in IGNORED_FOLDERS and not path.name.endswith(".egg-info"):
                yield from _walk(path)
        elif path.is_file():
            yield path
