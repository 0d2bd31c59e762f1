"""Where the databases are, as settings say it: addresses with several hosts, and a standby with its proof.

Only texts are read here. Who is asked is `witnesses.py`'s matter, connections are opened in `opening.py`.
"""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

STANDBY, SYNCHRONOUS, ALONE = "RINGFENCE_STANDBY", "RINGFENCE_SYNCHRONOUS", "RINGFENCE_STANDBY_ALONE_SECONDS"
ALONE_SECONDS = 0
"""For so long after its last proof a standby answers alone who accepts that, unless the setting says else."""
MOST_ALONE_SECONDS = 3600
SCHEMES = ("postgresql://", "postgres://")


class PlaceFault(ValueError):
    """A setting that cannot be followed; the text says what to write."""


class StandbyPlan(NamedTuple):
    """A decide process that reads from a standby."""

    own: str
    """The address of its standby."""
    hosts: tuple[str, ...]
    """An address for each host of the database, its own standby's first where it is one of them."""
    synchronous: int
    """On how many of the hosts each change lies before it is acknowledged, the primary counted; 0 where
    nobody has said so."""
    alone_seconds: float
    """How old an answer may be at most that could not be proved, for whoever accepts that."""

    @property
    def needed(self) -> int:
        """How many hosts have to be asked so that one of them has every change that was acknowledged."""
        return len(self.hosts) + 1 - self.synchronous


def standby_plan(environ: Mapping[str, str], database: str) -> StandbyPlan | None:
    """What the settings say of a standby; None where there is none. Raises `PlaceFault`."""
    own = environ.get(STANDBY, "").strip()
    synchronous = _number(environ, SYNCHRONOUS, 0, 0, 99)
    alone = _number(environ, ALONE, ALONE_SECONDS, 0, MOST_ALONE_SECONDS)
    if not own:
        if synchronous:
            raise PlaceFault(f"{SYNCHRONOUS} is set and {STANDBY} is not: name the standby that is nearest.")
        return None
    if not own.startswith(SCHEMES) or not database.startswith(SCHEMES):
        raise PlaceFault(
            f"{STANDBY}: write postgresql://user:password@host:5432/name, and RINGFENCE_DATABASE likewise:"
            " a standby is one of PostgreSQL."
        )
    nearest = hosts_of(own)
    if len(nearest) != 1:
        raise PlaceFault(f"{STANDBY} names {len(nearest)} hosts: name the one that is nearest.")
    hosts = hosts_of(database)
    ((place, own),) = nearest.items()
    if not synchronous:
        return StandbyPlan(own, tuple(hosts.values()), 0, alone)
    if place not in hosts:
        raise PlaceFault(
            f"{STANDBY} is at {place}, and RINGFENCE_DATABASE names {', '.join(hosts)}. With {SYNCHRONOUS}"
            " it names every host of the database, this one too, written alike."
        )
    if not 2 <= synchronous <= len(hosts):
        raise PlaceFault(
            f"{SYNCHRONOUS} is {synchronous}: write a number from 2 to {len(hosts)}, the hosts of"
            " RINGFENCE_DATABASE."
        )
    # From the own one on round: so each node asks another neighbour, and no host is asked by all.
    places = list(hosts)
    at = places.index(place)
    others = [hosts[each] for each in (*places[at + 1 :], *places[:at])]
    return StandbyPlan(own, (own, *others), synchronous, alone)


def present_plan(database: str) -> StandbyPlan | None:
    """The same from the environment of this process."""
    return standby_plan(os.environ, database)


def hosts_of(url: str) -> dict[str, str]:
    """By ``host:port``, an address for each host that a PostgreSQL address names. Raises `PlaceFault`."""
    # Its driver takes long to load, and is wanted here alone.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
    except ProgrammingError as problem:
        raise PlaceFault("an address of PostgreSQL cannot be read") from problem
    hosts = str(parts.pop("host", None) or "").split(",")
    ports = str(parts.pop("port", None) or "5432").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    if len(ports) != len(hosts):
        raise PlaceFault(f"an address of PostgreSQL has {len(hosts)} hosts and {len(ports)} ports")
    # Each is asked by itself, whichever it is at the moment.
    parts.pop("target_session_attrs", None)
    parts.pop("load_balance_hosts", None)
    found = {}
    for host, port in zip(hosts, ports, strict=True):
        place = {"port": port or "5432"} | ({"host": host} if host else {})
        found[f"{host or 'localhost'}:{port or 5432}"] = make_conninfo("", **parts, **place)
    if len(found) < len(hosts):
        raise PlaceFault("an address of PostgreSQL names a host twice")
    return found


def primary_of(parts: dict[str, Any]) -> None:
    """Of an address in libpq's parts that names several hosts: whichever is the primary.

    `read-write` asks too much where the session itself only reads.
    """
    several = "," in str(parts.get("host") or "")
    if several and parts.get("target_session_attrs", "any") in ("any", "read-write"):
        parts["target_session_attrs"] = "primary"


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
        raise PlaceFault(f"{name} is {value!r}: write a number from {least} to {most}.")
    return int(value)
