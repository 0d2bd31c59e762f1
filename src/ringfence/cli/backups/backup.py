"""`ringfence backup FILE` and `ringfence restore FILE`."""

from contextlib import nullcontext
from pathlib import Path

import click
from django.conf import settings

from ringfence.access.closing import close_again
from ringfence.access.domains import domains_of
from ringfence.access.open_firms import closed_firms
from ringfence.access.resealing import count_by_key
from ringfence.cli.databases.deployment import alone_here, firms_elsewhere
from ringfence.cli.databases.migrating import bring_up_to_date
from ringfence.cli.faults import Fault
from ringfence.cli.ledger.report import show_report
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.show import counted, line
from ringfence.firms.sealing import opens

from .keeping import read_backup, write_backup
from .one_firm import read_firm

_FILE = click.Path(path_type=Path, dir_okay=False)


SHORTEST_KEY = 32
"""Bytes."""


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="Sign it with the key in this file, which is kept apart.")
@click.option("--firm", metavar="F", help="One firm alone, by name or number, with its members' accounts.")
def backup(file: Path, key: Path | None, firm: str | None) -> None:
    """Write everything to FILE while Ringfence runs: one consistent moment, either database.

    Sessions are left out, and so is the secret key: keep that apart (docs/run.md).
    """
    kept = write_backup(file, _key(key), find_firm(firm).pk if firm else 0)
    size = counted(file.stat().st_size, "byte")
    signed = ", signed" if key else ""
    line(f"{counted(kept.firms, 'firm')}, {counted(kept.rows, 'row')} written to {file}: {size}{signed}.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="Take only what was signed with the key in this file.")
@click.option("--firm", is_flag=True, help="FILE holds one firm: put it beside those that are here.")
def restore(file: Path, key: Path | None, firm: bool) -> None:
    """Fill an empty database from FILE, of either database, and prove every ledger; all or nothing."""
    secret = _key(key)
    bring_up_to_date()
    with alone_here() if settings.NAMED_DATABASES else nullcontext():
        # A copy that was left closed is no reason to close the one that it is to be removed for.
        elsewhere = firms_elsewhere(coming=firm)
        restored = read_firm(file, secret, elsewhere) if firm else read_backup(file, secret, elsewhere)
        close_again()
    line(f"{counted(len(restored.firms), 'firm')} restored from {file}. Every ledger was proved:")
    for one in restored.firms:
        show_report(one.firm, one.report)
    line(
        f"All is as on {restored.made:%Y-%m-%d %H:%M} UTC: tokens revoked since then work again, and whoever"
        " was deactivated since may sign in. Look at `ringfence token list` and `ringfence list members`."
    )
    for one in restored.firms:
        if one.firm.pk in closed_firms():
            line(f"{one.firm.name} lives in another database, so nothing of it can be changed here: see")
            line("  docs/scale.md, After a restore.")
    for one in restored.firms if firm else ():
        for kept in domains_of(one.firm.pk):
            line(f"{kept.text} is not proved here: see `ringfence domain check --help`.")
    if closed := sum(count for by, count in count_by_key().items() if not opens(by)):
        line(
            f"{counted(closed, 'secret')} cannot be opened: give the secret key of then as"
            " RINGFENCE_SECRET_KEY_BEFORE, and call `ringfence rotate-secret`."
        )
    if restored.signed and key is None:
        line("It is signed; nobody has looked whether rightly. With --key that is looked at first.")


def _key(path: Path | None) -> bytes | None:
    """The key in a file; raises `Fault` for one that could be guessed."""
    if path is None:
        return None
    try:
        key = path.read_bytes().strip()
    except OSError as problem:
        raise Fault(f"The key {path} cannot be read: {problem.strerror}.") from problem
    if len(key) < SHORTEST_KEY:
        raise Fault(f"The key in {path} is short: make one with `openssl rand -hex 32 > {path}`.")
    return key
