"""What would be wrong if a rule were broken: `make mutants` breaks each in turn and demands a red test.

The breaks lie in the YAML files beside this one: a piece of the sources and what to put in its place.
Where that text is not there exactly once, the break is out of date and the run fails.
"""

from pathlib import Path

import msgspec
from ruamel.yaml import YAML

BREAKS = Path(__file__).parent


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`old` stands exactly once in the file, which is named from `src/ringfence/`."""

    file: str
    old: str
    new: str


class Mutant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One broken rule."""

    rule: str
    """The section of rules.md and the place in it."""
    breaks: str
    """What the firm would see."""
    tests: str
    """Which tests are to notice, as for `pytest -k`."""
    edits: tuple[Edit, ...]
    where: str = "tests/core"
    """The folder or file of those tests."""


def read_mutants() -> list[Mutant]:
    """All breaks, file by file; raises `msgspec.ValidationError` for one that is not written right."""
    reader = YAML(typ="safe")
    return [
        mutant
        for path in sorted(BREAKS.glob("*.yaml"))
        for mutant in msgspec.convert(reader.load(path), list[Mutant])
    ]
