"""`ringfence ledger key | publish | publishing`: a firm's public key, and where its ledger stands, signed."""

from pathlib import Path

import click
from django.conf import settings

from ringfence.access import OPERATOR
from ringfence.access.proof import (
    HowPublished,
    LedgerRewritten,
    UnfitPublishing,
    how_published,
    keys_of,
    rotate_key,
    set_publishing,
    signing_key,
)
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import as_datetime, firm_option, json_option
from ringfence.cli.show import as_json, line
from ringfence.firms.sealing import Unsealable
from ringfence.jobs.publishing import publish as publish_now
from ringfence.wording.proof import sent_text, wrong_text

_FILE = click.Path(path_type=Path, dir_okay=False)
CLOSED = (
    "The firm's key was sealed by another secret key: give that as RINGFENCE_SECRET_KEY_BEFORE, or make a"
)
CLOSED += " new key with `ringfence ledger key --rotate`."


@click.command("key")
@firm_option
@click.option("--rotate", is_flag=True, help="Sign with a new key from now on; the old ones stay good.")
@json_option
def key(firm: str | None, rotate: bool, json: bool) -> None:
    """Print the public key by which the firm signs, alone: what outsiders are given once.

    The first one is made now where there is none. With --json, all keys that the firm ever had.
    """
    found = find_firm(firm)
    if rotate:
        rotate_key(found.pk, actor=OPERATOR)
    elif not keys_of(found.pk):
        signing_key(found.pk)
    keys = keys_of(found.pk)
    if json:
        as_json(
            [
                {
                    "number": each.number,
                    "key": str(each.verifier),
                    "since": as_datetime(each.since).isoformat(),
                }
                for each in keys
            ]
        )
        return
    line(str(keys[0].verifier))


@click.command("publish")
@firm_option
@click.option(
    "--to", "file", type=_FILE, help="Write the checkpoint to this file too; - for standard output."
)
def publish(firm: str | None, file: Path | None) -> None:
    """Sign where the ledger stands, and publish it now by the ways that the firm has chosen."""
    found = find_firm(firm)
    try:
        done = publish_now(found.pk)
    except LedgerRewritten as rewritten:
        raise Fault(str(rewritten)) from rewritten
    except Unsealable as problem:
        raise Fault(CLOSED) from problem
    if file is not None and str(file) == "-":
        click.echo(done.note, nl=False)
        return
    if file is not None:
        try:
            file.write_text(done.note, encoding="utf-8", newline="\n")
        except OSError as problem:
            raise Fault(f"{file} cannot be written: {problem.strerror}.") from problem
    line(
        f"Checkpoint of entry {done.entry} of {found.name} signed"
        + (f", written to {file}." if file else ".")
    )
    for way, fault in done.sent.items():
        line(f"  {sent_text(way, fault)}")
    if settings.TIMESTAMPS:
        line("  Time stamp: " + ("there" if done.stamp else "none; the log says why"))


@click.command("publishing")
@firm_option
@click.option("--hours", type=click.IntRange(0, 24 * 31), help="Every how many hours; 0 for never.")
@click.option("--folder/--no-folder", default=None, help="Into the folder that RINGFENCE_CHECKPOINTS names.")
@click.option("--mail", "mails", multiple=True, help="To this mailbox; may be repeated, and '' is none.")
@click.option("--address", help="To this address, over HTTPS; '' is none.")
@json_option
def publishing(
    firm: str | None,
    hours: int | None,
    folder: bool | None,
    mails: tuple[str, ...],
    address: str | None,
    json: bool,
) -> None:
    """Say how checkpoints are published by the clock, or change it. What is left out stays as it is."""
    found = find_firm(firm)
    now = how_published(found.pk)
    wanted = HowPublished(
        hours=now.hours if hours is None else hours,
        folder=now.folder if folder is None else folder,
        mails=tuple(each for each in mails if each) if mails else now.mails,
        address=now.address if address is None else address,
    )
    try:
        set_publishing(found.pk, wanted, actor=OPERATOR, own=settings.WEBHOOK_NETWORKS)
    except UnfitPublishing as unfit:
        raise Fault(f"--{unfit.field}: {wrong_text(unfit.field, unfit.why)}.") from unfit
    stands = how_published(found.pk)
    if json:
        as_json(
            {
                "hours": stands.hours,
                "folder": stands.folder,
                "mails": list(stands.mails),
                "address": stands.address,
            }
        )
        return
    if not stands.hours:
        line("Checkpoints are not published by the clock.")
        return
    line(f"Every {stands.hours} hours:")
    if stands.folder:
        line(f"  folder: {settings.CHECKPOINTS or 'none is named in RINGFENCE_CHECKPOINTS'}")
    for each in stands.mails:
        line(f"  mail: {each}")
    if stands.address:
        line(f"  address: {stands.address}")


COMMANDS = (key, publish, publishing)
