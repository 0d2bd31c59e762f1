"""`ringfence policy …`: files checked and kept, all or nothing, listed, shown and removed; exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringfence.access import firm_state
from ringfence.core import statements as st
from ringfence.core.commands.definitions import CreateGroup, On, TurnOn
from ringfence.core.terms import Level
from tests.access.cast import Cast, found
from tests.cli.listing import refuse, run, succeed

HOLDS = "name: Somebody sees all\nstatements: [{at_least: 1, see: all}]\n"
BROKEN = "name: Dora keeps out\nmode: refuse\nstatements: [{never: Dora, sees: Acme}]\n"


@pytest.fixture
def firm(db: None) -> Cast:
    """An agency with one administrator."""
    return found()


@pytest.fixture
def office(firm: Cast, tmp_path: Path) -> Path:
    """Dora and Bob; Acme, which the group Team A has, with Dora in it, and Bolt."""
    ann, _bob = firm.member("Dora"), firm.member("Bob")
    acme, _bolt = firm.client("Acme", reference="A1"), firm.client("Bolt")
    firm.do(CreateGroup(name="Team A", members=frozenset({ann}), on=On.client(acme), level=Level.READER))
    firm.do(TurnOn())
    return tmp_path


def file(folder: Path, text: str, name: str = "policies.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def kept(firm: Cast) -> list[st.Policy]:
    return list(firm_state(firm.firm).policies.values())


def test_check_says_what_is_broken_and_by_which_way(firm: Cast, office: Path) -> None:
    done = run("policy", "check", file(office, f"{HOLDS}---\n{BROKEN}"))
    assert done.exit_code == 1
    assert "Somebody sees all (warn): holds" in done.output
    assert "Dora keeps out (refuse): BROKEN" in done.output
    assert "Nobody among Dora sees any of Acme." in done.output
    assert "by Access group Team A" in done.output
    assert not kept(firm)


def test_check_of_what_holds_exits_0_and_of_a_faulty_file_2(firm: Cast, office: Path) -> None:
    succeed("policy", "check", file(office, HOLDS))
    done = run("policy", "check", path := file(office, "name: A\nstatements: [{never: Dorah, sees: Acme}]"))
    assert done.exit_code == 2
    assert f"{path}:2:22: There is no team member “Dorah”." in done.output
    assert "Did you mean “Dora”?" in done.output


def test_add_keeps_all_of_a_file_with_its_text_in_one_entry(firm: Cast, office: Path) -> None:
    before = firm_state(firm.firm).version
    assert "Kept." in succeed("policy", "add", file(office, f"# ours\n{HOLDS}---\n{BROKEN}"), "--yes")
    assert [each.mode for each in kept(firm)] == ["warn", "refuse"]
    assert firm_state(firm.firm).version == before + 1
    assert "# ours" in succeed("policy", "show", "Somebody sees all")


def test_add_again_has_nothing_to_do_and_exits_3(firm: Cast, office: Path) -> None:
    succeed("policy", "add", path := file(office, HOLDS), "--yes")
    done = run("policy", "add", path, "--yes")
    assert done.exit_code == 3
    assert "Nothing to do" in done.output


def test_add_changes_the_policy_of_that_name(firm: Cast, office: Path) -> None:
    succeed("policy", "add", file(office, HOLDS), "--yes")
    succeed("policy", "add", file(office, HOLDS.replace("1", "2").replace("Somebody", "SOMEBODY")), "--yes")
    assert [each.statements[0] for each in kept(firm)] == [
        st.AtLeast(number=2, clients=st.ClientsMeant(all=True))
    ]
    assert "SOMEBODY sees all" in succeed("policy", "list")


def test_nothing_of_a_file_is_kept_while_one_fault_stands(firm: Cast, office: Path) -> None:
    done = run(
        "policy",
        "add",
        file(office, f"{HOLDS}---\n{BROKEN.replace('refuse', 'stop')}"),
        "--yes",
    )
    assert done.exit_code == 2
    assert "5:7: There is no mode “stop”." in done.output
    assert not kept(firm)


CONTRADICTING = "name: Dora sees Acme\nstatements: [{member: Dora, sees: [Acme]}]\n"


def test_a_contradiction_with_a_kept_policy_is_told_with_its_place(firm: Cast, office: Path) -> None:
    succeed("policy", "add", file(office, BROKEN), "--yes")
    done = run("policy", "add", file(office, CONTRADICTING), "--yes")
    assert done.exit_code == 2
    assert "2:14: This cannot hold together with statement 1 of the policy “Dora keeps out”" in done.output
    assert len(kept(firm)) == 1


def test_a_contradiction_within_a_file_is_told_once_at_the_later_one(firm: Cast, office: Path) -> None:
    done = run("policy", "add", file(office, f"{BROKEN}---\n{CONTRADICTING}"), "--yes")
    assert done.output.count("cannot hold together") == 1
    assert ":6:14:" in done.output


def test_a_dry_run_keeps_nothing_and_nobody_there_to_ask_is_told_so(firm: Cast, office: Path) -> None:
    path = file(office, HOLDS)
    assert "Nothing was kept." in succeed("policy", "add", path, "--dry-run")
    assert "--yes" in refuse("policy", "add", path)
    assert not kept(firm)


def test_check_all_checks_what_the_firm_keeps(firm: Cast, office: Path) -> None:
    succeed("policy", "add", file(office, BROKEN), "--yes")
    done = run("policy", "check", "--all")
    assert (done.exit_code, "Dora keeps out (refuse): BROKEN" in done.output) == (1, True)


def test_programs_get_json(firm: Cast, office: Path) -> None:
    done = run("policy", "check", file(office, BROKEN), "--json")
    (policy,) = json.loads(done.output)["policies"]
    assert (done.exit_code, policy["holds"]) == (1, False)
    (statement,) = policy["statements"]
    assert statement["first"] == [
        {"member": "Dora", "client": "Acme", "sees": True, "ways": ["Access group Team A"]}
    ]
    (fault,) = json.loads(run("policy", "add", file(office, "name: A"), "--json").output)["faults"]
    assert (fault["line"], fault["column"], fault["code"]) == (1, 1, "key_missing")


def test_a_kept_policy_is_written_as_a_file_that_reads_back_to_itself(firm: Cast, office: Path) -> None:
    text = (
        "name: All forms\nstatements:\n"
        "  - {never: {group: [Team A], role: auditor, except: [Bob]}, sees: {service: General}}\n"
        "  - {only: [Dora, Bob], see: {clients: [Acme], service: General, except: [Bolt]}}\n"
        "  - {at_most: 9, clients: confidential, by: everyone}\n"
        "  - {at_most_level: none, on: {clients: all, except: [Acme]}, by: {role: [auditor, principal]}}\n"
        "  - {check: {member: Bob, client: Bolt, service: General, level: editor, reason: unassigned}}\n"
        "  - {client: Bolt, open_to: [Bob]}\n"
    )
    succeed("policy", "add", file(office, text), "--yes")
    before, again = kept(firm), succeed("policy", "show", "All forms", "--file")
    succeed("policy", "remove", "All forms", "--reason", "Written anew")
    assert not kept(firm)
    succeed("policy", "add", file(office, again), "--yes")
    assert [each.statements for each in kept(firm)] == [each.statements for each in before]


def test_show_file_writes_what_is_kept_by_the_names_of_today(firm: Cast, office: Path) -> None:
    succeed("policy", "add", file(office, BROKEN), "--yes")
    succeed("do", "member.change", "member=Dora", "name=Dorothy")
    assert succeed("policy", "show", "Dora keeps out", "--file") == (
        "name: Dora keeps out\nmode: refuse\nstatements:\n  - {never: [Dorothy], sees: [Acme]}\n"
    )


def test_versions_are_listed_also_of_what_was_renamed(firm: Cast, office: Path) -> None:
    succeed("policy", "add", file(office, BROKEN), "--yes")
    succeed("do", "policy.set", "policy=Dora keeps out", "name=Out", "mode=warn")
    shown = succeed("policy", "show", "Out", "--versions")
    assert [line.split()[0] for line in shown.splitlines()[1:]] == ["1", "2"]
    assert "refuse" in shown.splitlines()[1]


def test_a_member_may_be_named_and_lacks_the_right(firm: Cast, office: Path) -> None:
    told = refuse("policy", "add", file(office, HOLDS), "--yes", "--as", "Dora")
    assert "not_permitted" in told
    assert not kept(firm)
