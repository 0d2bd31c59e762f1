"""From nothing to an imported list and out again, each command a process, as a new user types it."""

from pathlib import Path

import pytest

from tests.cli.children import refused, succeeding

pytestmark = pytest.mark.both_databases

EXAMPLES = Path(__file__).parents[3] / "examples"
SERVICES = ("VAT", "Income Tax", "Corporation Tax", "PAYE", "Payroll")


@pytest.fixture
def firm(migrated_database: str, tmp_path: Path) -> str:
    """The address of a database with one agency and its catalogue."""
    succeeding(
        migrated_database,
        tmp_path,
        "firm",
        "create",
        "Ace",
        "--profile",
        "agency",
        "--admin",
        "a@ace.example",
    )
    for service in SERVICES:
        succeeding(migrated_database, tmp_path, "do", "service.add", f"service={service}")
    return migrated_database


def test_a_firm_from_nothing_takes_a_list_once_its_twenty_faults_are_put_right(
    firm: str, tmp_path: Path
) -> None:
    said = refused(firm, tmp_path, "import", "clients", EXAMPLES / "faulty-clients.csv")
    assert "20 rows are wrong, so nothing was saved" in said
    lines = (EXAMPLES / "faulty-clients.csv").read_text(encoding="utf-8").split("\n")
    # Two lines are one row, whose name holds a line break.
    wrong = {*_numbers(said), 601}
    good = tmp_path / "good.csv"
    good.write_text("\n".join(line for number, line in enumerate(lines, 1) if number not in wrong))
    printed = succeeding(firm, tmp_path, "import", "clients", good)
    assert "1,980 rows below the header" in printed
    assert "Saved." in printed
    out = tmp_path / "out.xlsx"
    succeeding(firm, tmp_path, "export", "clients", out)
    assert "Nothing to do" in succeeding(firm, tmp_path, "import", "clients", out)


def _numbers(said: str) -> set[int]:
    """The rows that the faults name."""
    heads = [line.split(":")[0] for line in said.splitlines() if line.startswith("row")]
    return {int(word) for head in heads for word in head.replace(",", " ").split() if word.isdecimal()}
