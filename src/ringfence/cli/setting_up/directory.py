"""`ringfence directory …`: the LDAP server from which a firm has its people, from the command line."""

from pathlib import Path
from typing import Any

import click
import msgspec
from django.conf import settings as server_settings

from ringfence.access import OPERATOR, Rehearsal
from ringfence.access.directories import (
    KeptDirectory,
    directory_of,
    forget_directory,
    keep_directory,
    keep_last_run,
)
from ringfence.cli.changing.effect import show_effect
from ringfence.cli.faults import Fault
from ringfence.cli.lists.terminal import SHOWN, Terminal
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.show import as_json, line
from ringfence.firms.models import Firm
from ringfence.lists.faults import shown
from ringfence.lists.plans.gone_text import gone_text, stays_text
from ringfence.wording.directories import fault_text, left_out_text, status_text, why_text
from ringfence.wording.list_gone import scope_text

WRONG, NOTHING_TO_DO = 2, 3
MISSING = "LDAP needs more packages: pip install 'ringfence[ldap]'."


@click.group()
def directory() -> None:
    """Keep a firm's members and groups as its LDAP directory has them (Active Directory, OpenLDAP)."""
    try:
        import ldap3  # noqa: F401 - an extra of the package
    except ImportError as missing:
        raise Fault(MISSING) from missing


@directory.command("set")
@click.option("--kind", type=click.Choice(["active-directory", "openldap"]), help="Which directory it is.")
@click.option("--server", metavar="URL", help="ldaps://dc.example.com, or ldap:// with --start-tls.")
@click.option("--start-tls/--no-start-tls", default=None, help="Begin TLS on an ldap:// connection.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="PEM of the authorities that the server's certificate is believed by.",
)
@click.option("--user", metavar="DN", help="Who asks: the name of an entry, or name@domain.")
@click.option(
    "--password-file",
    type=click.File("r"),
    metavar="FILE",
    help="Their password, as the first line of a file, or of standard input with -. It is kept sealed.",
)
@click.option("--people-base", metavar="DN", help="Below which entry people are.")
@click.option("--people-filter", metavar="FILTER", help="Which of the entries there are people.")
@click.option("--groups-base", metavar="DN", help="Below which entry groups are; “” to keep none.")
@click.option("--groups-filter", metavar="FILTER", help="Which of these groups are kept.")
@click.option("--email", metavar="ATTRIBUTE", help="What holds the e-mail address (mail).")
@click.option("--name", metavar="ATTRIBUTE", help="What holds the name (displayName, cn).")
@click.option("--external", metavar="ATTRIBUTE", help="What never changes (objectGUID, entryUUID).")
@click.option("--add-groups/--no-add-groups", default=None, help="Create groups that the firm lacks.")
@click.option("--hourly/--no-hourly", default=None, help="Ask it every hour.")
@firm_option
def set_(
    *, firm: str | None, password_file: Any, ca_file: Path | None, hourly: bool | None, **given: Any
) -> None:
    """Say how the directory is asked; what is left out stays as it is."""
    from ringfence.lists.directory.directory_settings import DirectorySettings, UnfitSetting, need_fit

    found = find_firm(firm)
    before = directory_of(found.pk)
    said = {name: value for name, value in given.items() if value is not None}
    if ca_file is not None:
        said["certificates"] = ca_file.read_text(encoding="utf-8", errors="replace")
    held: dict[str, Any] = dict(before.settings) if before is not None else {}
    settings = msgspec.convert(held | said, DirectorySettings)
    try:
        need_fit(settings)
    except UnfitSetting as unfit:
        raise Fault(f"--{unfit.field.replace('_', '-')}: {fault_text(unfit.fault)}") from unfit
    password = None if password_file is None else password_file.readline().rstrip("\r\n")
    by_the_hour = before is not None and before.hourly if hourly is None else hourly
    keep_directory(
        found.pk, msgspec.to_builtins(settings), password=password, hourly=by_the_hour, actor=OPERATOR
    )
    line("Kept. See what comes back with: ringfence directory test")


@directory.command()
@firm_option
def forget(firm: str | None) -> None:
    """Ask the directory no more, and forget its password. Members and groups stay as they are."""
    forget_directory(find_firm(firm).pk, actor=OPERATOR)
    line("Forgotten. Members and groups stay as they are.")


@directory.command()
@firm_option
@json_option
def test(firm: str | None, json: bool) -> None:
    """Ask the directory, and show exactly what comes back. Changes nothing."""
    from ringfence.lists.directory.syncing import ask

    found = find_firm(firm)
    done = ask(_kept(found), tuple(server_settings.SIGN_IN_NETWORKS))
    if json:
        as_json(_report(done))
    else:
        _show_answer(done)
    _end(done)


@directory.command()
@click.option("--dry-run", is_flag=True, help="Show what would happen, and stop there.")
@click.option(
    "--yes-deactivate",
    type=click.IntRange(min=1),
    metavar="N",
    help="As many may go, though it is more than a tenth.",
)
@click.option("--all", "everything", is_flag=True, help="List everybody who goes and who is left out.")
@firm_option
@json_option
def sync(firm: str | None, json: bool, dry_run: bool, yes_deactivate: int | None, everything: bool) -> None:
    """Make members and groups as the directory has them.

    Members who have an external id are the directory's: who of them is no longer there, or is switched off
    there, is deactivated. Exit codes: 0 saved or shown; 2 something is wrong, and nothing was changed; 3
    nothing to do.
    """
    from ringfence.lists.directory.syncing import ask, compare_and_save

    found = find_firm(firm)
    kept = _kept(found)
    answered = ask(kept, tuple(server_settings.SIGN_IN_NETWORKS))

    def agreed(rehearsal: Rehearsal) -> bool:
        if not json:
            show_effect(
                found,
                rehearsal.difference(),
                rehearsal.ownerless(),
                rehearsal.texts,
                rehearsal.breaks(),
                rehearsal.both_sides(),
            )
        return not dry_run

    done = compare_and_save(found, kept, answered, at_most=yes_deactivate, agreed=agreed)
    if not dry_run:
        keep_last_run(found.pk, done.last)
    if json:
        as_json(_report(done))
    else:
        _show(found, done, everything=everything)
    _end(done)


def _kept(firm: Firm) -> KeptDirectory:
    kept = directory_of(firm.pk)
    if kept is None:
        raise Fault(f"{firm.name} has no directory. Say how it is asked: ringfence directory set --help")
    return kept


def _end(done: Any) -> None:
    if done.status in ("failed", "braked"):
        raise click.exceptions.Exit(WRONG)
    if done.status == "nothing_to_do" and done.prepared is not None:
        raise click.exceptions.Exit(NOTHING_TO_DO)


def _show_answer(done: Any) -> None:
    """What came back, as it came."""
    if done.failure is not None:
        raise Fault(why_text(done.failure.why, done.failure.said, done.failure.about))
    found = done.found
    line(f"Answered over {done.encrypted_as}." if done.encrypted_as else "Answered, without encryption.")
    if done.referrals:
        line(f"It sent us elsewhere as well, which is not followed: {', '.join(map(shown, done.referrals))}")
    line(
        f"{len(found.people):,} people, {found.switched_off:,} more switched off; "
        f"{len(found.groups):,} groups; {len(done.left_out):,} left out."
    )
    for person in found.people[:SHOWN]:
        groups = f" in {', '.join(map(shown, person.groups))}" if person.groups else ""
        line(f"  {shown(person.name)}, {shown(person.email)}, {shown(person.external)}{groups}")
    _show_left_out(done, SHOWN)


def _show_left_out(done: Any, most: int) -> None:
    for each in done.left_out[:most]:
        line(f"  Left out: {shown(each.name)}. {each.said or left_out_text(each.why)}")
    if len(done.left_out) > most:
        line(f"  and {len(done.left_out) - most:,} more (--all lists each)")


def _show(firm: Firm, done: Any, *, everything: bool) -> None:
    if done.failure is not None:
        raise Fault(why_text(done.failure.why, done.failure.said, done.failure.about))
    terminal = Terminal()
    prepared = done.prepared
    if prepared is not None:
        for what, plan in prepared.plans:
            added, changed = len(plan.added), len(plan.changed)
            line(f"{what}: {added:,} added, {changed:,} changed, {plan.unchanged:,} unchanged")
        for gone in prepared.gone:
            line(f"gone, of {scope_text(gone.scope)}: {gone.going:,} of {gone.held:,}")
            for item in gone.items if everything else gone.items[:SHOWN]:
                line(f"  - {gone_text(item, terminal_zone(firm))}")
            for stays in gone.stays:
                line(f"  - {stays_text(stays)}")
    _show_left_out(done, len(done.left_out) if everything else SHOWN)
    if done.status == "braked":
        most = max(each.going for each in prepared.gone)
        terminal.warn(f"{status_text(done.status)} If all of them are to go: --yes-deactivate {most}")
    else:
        line(status_text(done.status))


def terminal_zone(firm: Firm) -> Any:
    """The firm's zone, for moments."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(firm.timezone)


def _report(done: Any) -> dict[str, Any]:
    found, prepared = done.found, done.prepared
    failure = done.failure
    return {
        "status": done.status,
        "failure": None
        if failure is None
        else {"why": failure.why, "said": failure.said, "about": failure.about},
        "encrypted_as": done.encrypted_as or None,
        "referrals": list(done.referrals),
        "people": None if found is None else len(found.people),
        "switched_off": None if found is None else found.switched_off,
        "groups": None if found is None else len(found.groups),
        "left_out": [
            {"name": each.name, "why": each.why, "message": each.said or left_out_text(each.why)}
            for each in done.left_out
        ],
        "counts": []
        if prepared is None
        else [
            {
                "what": what,
                "added": len(plan.added),
                "changed": len(plan.changed),
                "unchanged": plan.unchanged,
            }
            for what, plan in prepared.plans
        ],
        "gone": []
        if prepared is None
        else [{"scope": each.scope, "held": each.held, "count": each.going} for each in prepared.gone],
        "version": done.version or None,
    }
