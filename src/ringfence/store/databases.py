"""The databases of a deployment by their names, as settings say it, and where people reach those of each.

Only texts are read here. A process has one of them; a firm lives in one (docs/decisions/0098).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

DATABASE, DATABASES, ADDRESSES = "RINGFENCE_DATABASE", "RINGFENCE_DATABASES", "RINGFENCE_ADDRESSES"
MOST = 100
"""Databases, so that each has numbers of its own for the firms that are made there."""
NUMBERS = 10_000_000
"""Firms that are numbered in each."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")


class DatabasesFault(ValueError):
    """A setting that cannot be followed; the text says what to write, and never what was written."""


def databases(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The address of each by its name, in their order; empty where there is but one. Raises the fault."""
    found = _named(environ, DATABASES, "north=postgresql://user@host/north south=sqlite:////path")
    if len(set(found.values())) < len(found):
        raise DatabasesFault(f"{DATABASES} names one database twice: give each an address of its own.")
    if len(found) > MOST:
        raise DatabasesFault(f"{DATABASES} names {len(found)} databases: name {MOST} at most.")
    return found


def addresses(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Where people reach the firms of each database, by its name; of some nobody may have said it."""
    known = databases(environ)
    found = _named(environ, ADDRESSES, "north=https://north.example south=https://south.example")
    for name, address in found.items():
        if name not in known:
            raise DatabasesFault(f"{ADDRESSES} names {name!r}, which {DATABASES} does not: write both alike.")
        if not re.match(r"https?://[^/\s]+", address):
            raise DatabasesFault(
                f"{ADDRESSES}: the address of {name} begins with neither https:// nor http://."
            )
    return {name: address.rstrip("/") for name, address in found.items()}


def own_name(environ: Mapping[str, str] = os.environ) -> str:
    """Which of them this process has: the one that `RINGFENCE_DATABASE` says, else the first.

    Empty where there is but one. Raises `DatabasesFault`.
    """
    known, own = databases(environ), environ.get(DATABASE, "").strip()
    if not known:
        return ""
    if not own:
        return next(iter(known))
    by_address = {address: name for name, address in known.items()}
    name = own if own in known else by_address.get(own, "")
    if not name:
        shown = repr(own) if "://" not in own else "an address"
        raise DatabasesFault(f"{DATABASE} is {shown} that {DATABASES} does not name: write {_some(known)}.")
    return name


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the embedded database, the secret key and the like lie; a setting that is empty names none."""
    return Path(environ.get("RINGFENCE_DATA") or "var").resolve()


def own_address(environ: Mapping[str, str] = os.environ) -> str:
    """Where this process's database is: ``sqlite:///path`` or ``postgresql://…``. Raises `DatabasesFault`."""
    if name := own_name(environ):
        return databases(environ)[name]
    return environ.get(DATABASE) or f"sqlite:///{data_folder(environ) / 'ringfence.sqlite3'}"


def own_numbers(environ: Mapping[str, str] = os.environ) -> range | None:
    """The numbers that firms are given in this process's database, so that none is given in two of them.

    None where there is but one database.
    """
    if not (name := own_name(environ)):
        return None
    first = list(databases(environ)).index(name) * NUMBERS
    return range(first + 1, first + NUMBERS)


def _named(environ: Mapping[str, str], variable: str, example: str) -> dict[str, str]:
    """What stands in a variable as ``name=value``, with spaces between."""
    found: dict[str, str] = {}
    for part in environ.get(variable, "").split():
        name, _, value = part.partition("=")
        if not _NAME.fullmatch(name) or not value:
            # Not shown: it may hold a password.
            raise DatabasesFault(f"{variable} cannot be read: write names in small letters, like {example}.")
        if name in found:
            raise DatabasesFault(f"{variable} names {name!r} twice.")
        found[name] = value
    return found


def _some(names: Mapping[str, str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
