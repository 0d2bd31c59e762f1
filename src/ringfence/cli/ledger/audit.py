"""`ringfence audit pack`: one zip for an auditor."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ringfence.access import note_export
from ringfence.access.clock import clock
from ringfence.access.proof import LedgerRewritten
from ringfence.access.proof.packs import PackAsked
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import firm_option
from ringfence.cli.show import counted, line
from ringfence.core.days import close_of
from ringfence.core.terms import Export, Instant
from ringfence.firms.sealing import Unsealable
from ringfence.jobs.tell_rewritten import tell_rewritten
from ringfence.lists.export.replacing import replacing
from ringfence.lists.pack import NothingThen, make_pack
from ringfence.wording.catalogue import LANGUAGES

from .publish import CLOSED


@click.group()
def audit() -> None:
    """For auditors."""


@audit.command("pack")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", metavar="DAY", help="Changes from this day on, such as 2026-04-01; else all.")
@click.option("--until", metavar="DAY", help="Up to the close of this day; else up to now.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Else the firm's.")
@firm_option
def pack(file: Path, since: str | None, until: str | None, language: str | None, firm: str | None) -> None:
    """Write an auditor's pack to FILE, a zip.

    Who could open what, every change with who, why and what it moved, walls, reviews, emergency access and
    policies, and the ledger with its checkpoints and the program that checks them. README.txt in it says how.
    That it was taken is an entry of the ledger.
    """
    found = find_firm(firm)
    zone = ZoneInfo(found.timezone)
    now = clock()
    until_at = min(Instant(close_of(_day("until", until), zone) - 1), now) if until else now
    since_at = close_of(_day("since", since) - timedelta(days=1), zone) if since else Instant(0)
    if since_at > until_at:
        raise Fault("--since is after --until: give the earlier day first.")
    asked = PackAsked(since=since_at, until=until_at, language=language or found.language)
    note_export(found.pk, Export.PACK, found.version)
    try:
        with replacing(file) as out:
            entry = make_pack(found, asked, out, lambda doing, done, count: None)
    except NothingThen as problem:
        raise Fault(f"{found.name} was not there yet: give a later day for --until.") from problem
    except LedgerRewritten as problem:
        tell_rewritten(found.pk)
        raise Fault(str(problem)) from problem
    except Unsealable as problem:
        raise Fault(CLOSED) from problem
    except OSError as problem:
        raise Fault(f"{file} cannot be written: {problem.strerror}.") from problem
    size = counted(file.stat().st_size, "byte")
    line(f"The pack of {found.name}, up to entry {entry} of its ledger, written to {file}: {size}.")


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Fault(f"--{option} {text!r} is no day: write one like 2026-03-03.") from problem
