"""`ringfence backup FILE` and `ringfence restore FILE`."""

from pathlib import Path

import click

from .keeping import read_backup, write_backup
from .ledger import show_report
from .migrating import bring_up_to_date
from .show import counted, line

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write everything to FILE while Ringfence runs: one consistent moment, either database.

    Sessions are left out, and so is the secret key: keep that apart (docs/run.md).
    """
    kept = write_backup(file)
    size = counted(file.stat().st_size, "byte")
    line(f"{counted(kept.firms, 'firm')}, {counted(kept.rows, 'row')} written to {file}: {size}.")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Fill an empty database from FILE, of either database, and prove every ledger; all or nothing."""
    bring_up_to_date()
    restored = read_backup(file)
    line(f"{counted(len(restored), 'firm')} restored from {file}. Every ledger was proved:")
    for one in restored:
        show_report(one.firm, one.report)
