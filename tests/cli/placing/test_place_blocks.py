"""The commands of docs/scale.md for several databases, one after the other, as they stand there."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.children import succeeding
from tests.support.databases import Databases, Engine
from tests.support.repository import ROOT, read

pytestmark = pytest.mark.database

PAGE = read(ROOT / "docs" / "scale.md")


def test_the_commands_for_several_databases_do_what_the_page_says(
    databases: Databases, tmp_path: Path
) -> None:
    section = PAGE[PAGE.index("### Several databases") :]
    (block,) = re.findall(
        r"^```sh\n(.*?)^```$", section[: section.index("**What a move does.**")], re.M | re.S
    )
    named = f"north={databases.migrated()} south={databases.migrated()}"
    said = [
        succeeding("", tmp_path, *shlex.split(line)[1:], RINGFENCE_DATABASES=named)
        for line in block.splitlines()
    ]
    assert databases.engine is Engine.SQLITE
    assert re.search(r"^1 +Ace Agents +north.*\n10000001 +Oak Advisers +south", said[4], re.M)
    assert "Ace Agents is in south" in said[5]
    assert said[6].count(": whole.") == 2
