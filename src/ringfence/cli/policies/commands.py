"""`ringfence policy …`: the firm's own policies, from files and back (rules.md 10, docs/policies.md)."""

import sys
from pathlib import Path
from typing import Any

import click

from ringfence.access import FirmNow, Refused, execute, firm_state
from ringfence.access.policing.faults import FaultyPolicies
from ringfence.access.policing.keeping import PlannedPolicies, keep, plan_policies, rehearsed
from ringfence.access.policing.kept import KeptPolicy, kept_policies
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.nodes import decoded
from ringfence.access.policing.sentences import all_said
from ringfence.access.policing.versions import policy_versions
from ringfence.access.policing.writing import written
from ringfence.cli.faults import Fault, refusal_text
from ringfence.cli.naming.finding import FirmNames, actor_of, find_firm
from ringfence.cli.options import as_datetime, firm_option, json_option, moment_text
from ringfence.cli.show import as_json, line, table
from ringfence.core.commands.definitions import RemovePolicy
from ringfence.core.statements import Policy
from ringfence.core.terms import Thing
from ringfence.wording.policy_faults import policy_fault_text

from .verdicts import as_record, show_verdicts

BROKEN = 1
WRONG = 2
NOTHING_TO_DO = 3
"""Exit codes: a policy does not hold; a file is faulty, or refused; the firm has all of it already."""

as_option = click.option("--as", "member", metavar="MEMBER", help="As this member; else as the operator.")
file_argument = click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE"
)


@click.group()
def policy() -> None:
    """Check, keep and list the firm's own policies (docs/policies.md)."""


@policy.command("check")
@click.argument(
    "files",
    nargs=-1,
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="[FILE...]",
)
@click.option("--all", "kept", is_flag=True, help="Check the policies that the firm keeps.")
@firm_option
@as_option
@json_option
def check(files: tuple[Path, ...], kept: bool, firm: str | None, member: str | None, json: bool) -> None:
    """Say whether policies hold now, and which ways of access are to blame; nothing is kept.

    Exits 0 where all hold, 1 where one is broken, 2 where a file is faulty.
    """
    if bool(files) is kept:
        raise Fault("Name the files to check, or --all for the policies that the firm keeps.")
    found = find_firm(firm)
    actor, now = actor_of(found, member), firm_state(found.pk)
    checked: list[tuple[str, Policy]] = []
    for file in files:
        planned = _planned(file, now, actor.member, json=json)
        checked += [(each.read.name, each.policy) for each in planned.policies]
    if kept:
        checked = [(each.name, each.policy) for each in kept_policies(now)]
    records = _checked(now, checked, json=json)
    if json:
        as_json({"firm": found.pk, "version": now.version, "policies": records})
    elif not records:
        line(f"{found.name} keeps no policy: `ringfence policy add FILE` keeps one.")
    if not all(each["holds"] for each in records):
        raise click.exceptions.Exit(BROKEN)


@policy.command("add")
@file_argument
@firm_option
@as_option
@click.option("--dry-run", is_flag=True, help="Say what it would do; keep nothing.")
@click.option("--yes", is_flag=True, help="Keep it without asking.")
@json_option
def add(file: Path, firm: str | None, member: str | None, dry_run: bool, yes: bool, json: bool) -> None:
    """Keep the policies of FILE (- for what comes in), all or none; one of a known name is changed.

    Exits 0 where they are kept, 2 where the file is faulty or refused, 3 where the firm has them already.
    """
    found = find_firm(firm)
    actor, now = actor_of(found, member), firm_state(found.pk)
    planned = _planned(file, now, actor.member, json=json)
    records = _checked(now, [(each.read.name, each.policy) for each in planned.policies], json=json)
    for each, record in zip(planned.policies, records, strict=True):
        record["change"] = "none" if each.command is None else "changed" if each.number else "added"
    version = 0
    if planned.batches:
        try:
            rehearsal = rehearsed(planned, found.pk, actor)
        except Refused as refused:
            raise Fault(refusal_text(refused)) from refused
        if not dry_run and _wanted(yes or json, len(planned.batches[0].commands)):
            version = keep(rehearsal)
    if json:
        as_json(
            {"firm": found.pk, "version": version or now.version, "saved": version > 0, "policies": records}
        )
    elif not planned.batches:
        line("Nothing to do: the firm has all of it already.")
    else:
        line(f"Kept. The firm's ledger ends with entry {version:,}." if version else "Nothing was kept.")
    if not planned.batches:
        raise click.exceptions.Exit(NOTHING_TO_DO)


@policy.command("list")
@firm_option
@json_option
def list_(firm: str | None, json: bool) -> None:
    """List the firm's policies: what each does, whether it holds, since when it is broken."""
    found = find_firm(firm)
    now, zone = firm_state(found.pk), FirmNames(found).zone
    kept = kept_policies(now)
    if json:
        as_json({"firm": found.pk, "version": now.version, "policies": [_listed(each) for each in kept]})
        return
    if not kept:
        line(f"{found.name} keeps no policy: `ringfence policy add FILE` keeps one.")
        return
    since = [moment_text(each.broken_since, zone) if each.broken_since else "" for each in kept]
    table(
        ("#", "Name", "Mode", "Statements", "Holds", "Broken since"),
        [
            (each.number, each.name, each.policy.mode, len(each.policy.statements), _yes(each.holds), when)
            for each, when in zip(kept, since, strict=True)
        ],
    )


@policy.command("show")
@click.argument("name")
@click.option("--file", "as_file", is_flag=True, help="Write it as a file, by the names of today.")
@click.option("--versions", is_flag=True, help="List what it was before.")
@firm_option
@json_option
def show(name: str, as_file: bool, versions: bool, firm: str | None, json: bool) -> None:
    """Show a policy in plain words, what is to blame where it is broken, and the file it came from."""
    found = find_firm(firm)
    now, names = firm_state(found.pk), FirmNames(found)
    number = names.need(Thing.POLICY, name)
    (kept,) = [each for each in kept_policies(now) if each.number == number]
    if as_file:
        click.echo(written(kept.name, kept.policy, PolicyNames(now, None)), nl=False)
        return
    if versions:
        rows = [
            (
                *(each.version, moment_text(each.at, names.zone), each.name),
                *((each.policy.mode, len(each.policy.statements)) if each.policy else ("removed", "-")),
                each.entry,
            )
            for each in policy_versions(found.pk, number)
        ]
        table(("Version", "From", "Name", "Mode", "Statements", "Entry"), rows)
        return
    records = _checked(now, [(kept.name, kept.policy)], json=json)
    text = kept.text or written(kept.name, kept.policy, PolicyNames(now, None))
    if json:
        as_json({**_listed(kept), **records[0], "text": text})
        return
    line("")
    click.echo(text.rstrip("\n"))


@policy.command("remove")
@click.argument("name")
@firm_option
@as_option
@click.option("--reason", metavar="TEXT", default="", help="Why, for the ledger.")
def remove(name: str, firm: str | None, member: str | None, reason: str) -> None:
    """Remove a policy. What it said stays in the ledger."""
    found = find_firm(firm)
    number = FirmNames(found).need(Thing.POLICY, name)
    try:
        done = execute(found.pk, RemovePolicy(policy=number, reason=reason), actor=actor_of(found, member))
    except Refused as refused:
        raise Fault(refusal_text(refused)) from refused
    line(f"Removed. The firm's ledger ends with entry {done.version:,}.")


def _planned(file: Path, now: FirmNow, member: int | None, *, json: bool) -> PlannedPolicies:
    """The file against the firm; ends the command with what is wrong in it."""
    shown = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Fault(f"{file} cannot be read ({error.strerror}). Check its name.") from error
    try:
        return plan_policies(decoded(data), now, member)
    except FaultyPolicies as faulty:
        found = [
            {
                "line": each.place.line,
                "column": each.place.column,
                "code": each.code.value,
                "detail": policy_fault_text(each.code.value, each.values, each.near),
            }
            for each in faulty.faults
        ]
        if json:
            as_json({"file": shown, "saved": False, "faults": found})
            raise click.exceptions.Exit(WRONG) from faulty
        for each in found:
            line(f"{shown}:{each['line']}:{each['column']}: {each['detail']}")
        raise Fault(f"Nothing of {shown} was kept.") from faulty


def _checked(now: FirmNow, policies: list[tuple[str, Policy]], *, json: bool) -> list[dict[str, Any]]:
    """What becomes of each policy now; told to people unless a program asks."""
    names = PolicyNames(now, None)
    records = []
    for name, each in policies:
        sentences = all_said(each.statements, names)
        record = as_record(now, name, each, sentences, names)
        records.append(record)
        if not json:
            show_verdicts(record)
    return records


def _wanted(answered: bool, count: int) -> bool:
    if answered:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Fault("Nobody is there to be asked: add --yes to keep it, or --dry-run to only look.")
    policies = "this policy" if count == 1 else f"these {count} policies"
    return click.confirm(f"Keep {policies}?")


def _listed(kept: KeptPolicy) -> dict[str, Any]:
    since = kept.broken_since
    return {
        "policy": kept.number,
        "name": kept.name,
        "mode": kept.policy.mode,
        "holds": kept.holds,
        "broken_since": as_datetime(since).isoformat() if since is not None else None,
    }


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
