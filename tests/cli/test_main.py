"""The command line as a whole: its commands, and how mistakes are told."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from ringfence.cli import main
from ringfence.cli.commands import COMMANDS
from tests.cli.children import COMMAND, environment, refused, succeeding
from tests.cli.listing import refuse, run, succeed


def test_the_help_names_every_command() -> None:
    said = succeed("--help")
    assert [name for name in COMMANDS if f"  {name} " not in said] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert "Usage: ringfence" in succeed(name, "--help")


def test_an_unknown_command_is_a_mistake() -> None:
    assert "No such command 'sell'" in refuse("sell")


def test_the_version_is_printed() -> None:
    assert run("--version").output.startswith("ringfence, version ")


def test_a_database_without_tables_is_told_with_the_remedy(empty_database: str, tmp_path: Path) -> None:
    assert "run `ringfence migrate`" in refused(empty_database, tmp_path, "firm", "list")


def test_migrate_makes_the_tables(empty_database: str, tmp_path: Path) -> None:
    succeeding(empty_database, tmp_path, "migrate")
    assert "There is no firm yet" in succeeding(empty_database, tmp_path, "firm", "list")


def test_a_database_that_does_not_answer_is_told_with_the_remedy(tmp_path: Path) -> None:
    said = refused("postgresql://nobody@127.0.0.1:1/none", tmp_path, "firm", "list")
    assert "RINGFENCE_DATABASE" in said


def test_a_setting_that_makes_no_sense_is_told(tmp_path: Path) -> None:
    said = refused("mysql://host/name", tmp_path, "firm", "list")
    assert "RINGFENCE_DATABASE begins with 'mysql'" in said


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    said = refused("sqlite:////x", blocked / "data", "firm", "list", RINGFENCE_SECRET_KEY="")
    assert "RINGFENCE_DATA" in said


def test_scenarios_are_played_without_django_and_without_a_driver() -> None:
    script = (
        "import sys; from ringfence.cli import main\n"
        "main(['scenario', 'tests/truth/step-01-outside.yaml'], standalone_mode=False)\n"
        "sys.exit(any(name in sys.modules for name in ('django', 'sqlite3', 'psycopg')))"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", script], cwd=root, check=False, capture_output=True)
    assert run.returncode == 0, run.stderr


def test_whoever_reads_only_the_first_lines_breaks_nothing(migrated_database: str, tmp_path: Path) -> None:
    succeeding(migrated_database, tmp_path, "generate", "--clients", "2000", "--members", "1")
    command = [*COMMAND, "ledger", "export"]
    with subprocess.Popen(
        command,
        env=environment(migrated_database, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith('{"number": 1')
        process.stdout.close()
        assert process.stderr.read() == ""
