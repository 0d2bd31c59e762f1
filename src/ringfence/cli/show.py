"""How answers are written: tables for people, one JSON document for programs."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 200
"""Columns where nobody looks, in a file or a pipe: wide, so that few names are broken."""


def console() -> Console:
    """Standard output as it is now."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(file=sys.stdout, highlight=False, width=PLAIN_WIDTH, color_system=None)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Rows under headings. Texts are shown as they are: no name is taken for markup."""
    made = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold", header_style="bold")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    console().print(made)


def line(text: str = "") -> None:
    """One line as it stands."""
    click.echo(text)


def as_json(value: Any) -> None:
    """The value as JSON, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def counted(number: int, thing: str, many: str = "") -> str:
    """``1 client``, ``2,000 clients``."""
    return f"{number:,} {thing if number == 1 else many or thing + 's'}"
