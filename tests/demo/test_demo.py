"""`ringfence demo`: five firms from the sources, kept between starts, never in somebody else's database."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ringfence.core.settings import PROFILES
from ringfence.demo.making import BIG_FIRM, PASSWORD, accounts, prepare, stories
from ringfence.firms.models import User
from tests.cli.children import COMMAND, environment, refused, succeeding
from tests.cli.listing import run, succeed

pytestmark = pytest.mark.database

Ask = Callable[..., Any]


# --- What is told


def test_there_is_one_firm_for_each_profile() -> None:
    assert [story.profile for story in stories()] == ["agency", "kyc", "planning", "practice"]
    assert {story.profile for story in stories()} == set(PROFILES)


def test_nobody_in_the_stories_has_an_address_that_could_exist() -> None:
    addresses = re.findall(r"[\w.]+@[\w.]+", " ".join(str(story) for story in stories()))
    assert addresses
    assert [address for address in addresses if not address.endswith(".example")] == []


# --- What is made


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The five firms, made once for the tests below and removed after them."""
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        prepare(fresh=False, say=lambda _: None)
        yield
        call_command("flush", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE ringfence_demo")


@pytest.fixture
def ask(made: None) -> Ask:
    """The JSON answer to a question about one of the firms."""

    def asked(firm: str, *question: str) -> Any:
        return json.loads(run(*question, "--firm", firm, "--json").stdout)

    return asked


def sees(ask: Ask, firm: str, member: str) -> set[str]:
    return {each["reference"] for each in ask(firm, "sees", member)["clients"]}


def test_every_ledger_of_the_demo_is_whole(made: None) -> None:
    assert succeed("ledger", "verify", "--all").count(": whole.") == 5


def test_every_account_that_is_printed_can_sign_in(made: None) -> None:
    users = User.objects.filter(email__in=[account.email for account in accounts()], is_active=True)
    assert users.count() == len(list(accounts())) == 18
    # One password for all, worked out once: it takes a while, as it should.
    assert len(set(users.values_list("password", flat=True))) == 1
    assert users[0].check_password(PASSWORD)


def test_the_agency_starts_with_control_off_and_everybody_opens_everything(ask: Ask) -> None:
    assert len(sees(ask, "Ace Agents", "Gwen Rees")) == 12


def test_kyc_narrows_one_case_and_leaves_the_others_to_the_company(ask: Ask) -> None:
    firm = "Harbour Compliance"
    assert sees(ask, firm, "Mads Holm") == {"BLU-2", "DOV-4", "EVE-5"}
    assert sees(ask, firm, "Freja Dahl") == {"AUR-1", "BLU-2", "CRE-3", "DOV-4", "EVE-5"}
    assert "AUR-1" in sees(ask, firm, "Sofie Lund")


def test_planning_tells_its_sources_examples(ask: Ask) -> None:
    firm = "Northfield Planning"
    levels = {
        client: ask(firm, "check", "John Smith", client)["level"]
        for client in ("NP-001", "NP-002", "NP-003", "NP-004")
    }
    assert levels == {"NP-001": "none", "NP-002": "editor", "NP-003": "none", "NP-004": "reader"}


def test_practice_passes_on_what_advisers_delegate(ask: Ask) -> None:
    firm = "Cedar Practice"
    assert sees(ask, firm, "Assistant 1") == {"CP-101", "CP-102", "CP-201", "CP-900"}
    assert sees(ask, firm, "Adviser 2") == {"CP-101", "CP-201", "CP-900"}
    assert sees(ask, firm, "Receptionist") == set()


def test_the_fifth_firm_is_large(ask: Ask) -> None:
    shown = ask(BIG_FIRM, "ledger", "show")
    assert (shown["clients"], shown["members"]) == (5_000, 61)


def test_a_second_start_keeps_what_was_changed(made: None) -> None:
    succeed("do", "client.add", "client=Mine", "--firm", "Ace Agents")
    said: list[str] = []
    prepare(fresh=False, say=said.append)
    assert said == []
    assert run("check", "Gwen Rees", "Mine", "--firm", "Ace Agents").exit_code == 0


# --- Where


def test_it_has_a_folder_of_its_own_and_starts_over_when_told_to(tmp_path: Path) -> None:
    own = {name: value for name, value in environment("", tmp_path).items() if name != "RINGFENCE_DATABASE"}
    for options in ((), ("--fresh",)):
        said = demo(own, *options)
        assert PASSWORD in said
        assert "alphie@ace.example" in said
        assert ("Starting over" in said) == bool(options)
        assert "Other software asks at http://localhost:8001" in said
    assert (tmp_path / "demo" / "ringfence.sqlite3").exists()
    (question,) = re.findall(r"^  (env RINGFENCE_DATA=.* who .*)$", said, re.MULTILINE)
    path = f"{Path(sys.executable).parent}:{own['PATH']}"
    bare = {name: value for name, value in own.items() if not name.startswith("RINGFENCE_")} | {"PATH": path}
    answer = subprocess.run(question, env=bare, shell=True, capture_output=True, text=True, check=True)
    assert "The Hartleys" in answer.stdout


def test_starting_over_spares_a_firm_that_is_not_the_demos(migrated_database: str, tmp_path: Path) -> None:
    script = (
        "from ringfence.cli.setup import set_up\nset_up()\n"
        "from ringfence.demo.making import _mark\n_mark('ready')"
    )
    subprocess.run([COMMAND[0], "-c", script], env=environment(migrated_database, tmp_path), check=True)
    succeeding(
        migrated_database, tmp_path, "firm", "create", "Mine", "--profile", "kyc", "--admin", "a@a.example"
    )
    said = refused(migrated_database, tmp_path, "demo", "--no-serve", "--fresh")
    assert "firms that are not the demo's: Mine" in said
    assert "Mine: whole" in succeeding(migrated_database, tmp_path, "ledger", "verify")


def demo(own: dict[str, str], *options: str) -> str:
    command = [*COMMAND, "demo", "--no-serve", *options]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_database_with_firms_that_are_not_its_own_is_refused(
    migrated_database: str, tmp_path: Path
) -> None:
    succeeding(
        migrated_database, tmp_path, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example"
    )
    for options in ((), ("--fresh",)):
        said = refused(migrated_database, tmp_path, "demo", "--no-serve", *options)
        assert "not the demo's own" in said
    assert "A: whole" in succeeding(migrated_database, tmp_path, "ledger", "verify")
