"""The scenarios of this folder, one by one, for the tests that play them (`tests/core`, `tests/surfaces`)."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TRUTH = Path(__file__).parent
NAME = re.compile(r"^name: (.+)$", re.MULTILINE)


class Document(NamedTuple):
    """One scenario of one file, as text."""

    file: str
    name: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.file}::{self.name}"


@cache
def documents() -> tuple[Document, ...]:
    """Every scenario, file by file; a document without a name is an error here rather than a test lost."""
    found: list[Document] = []
    for path in sorted(TRUTH.glob("*.yaml")):
        for text in re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            name = NAME.search(text)
            if name is None:
                raise ValueError(f"{path.name} holds a scenario without a name")
            found.append(Document(path.name, name[1], text))
    return tuple(found)
