"""The firm that is worn: made in a process of its own, which prints what whoever asks must know.

`python -m tests.endurance.firm` makes it on the database that RINGFENCE_DATABASE names.
"""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from tests.cli.children import environment
from tests.support.repository import ROOT

MEMBERS, GROUPS, CLIENTS = 40, 8, 300
CHANGERS = 2
"""Administrators in whose names something is changed, each by a token of their own."""


class WornFirm(msgspec.Struct, frozen=True):
    """The firm by its numbers, and the tokens of its software."""

    firm: int
    asks: str
    changes: tuple[str, ...]
    members: tuple[int, ...]
    groups: tuple[int, ...]
    clients: tuple[int, ...]


def made(database: str, folder: Path) -> WornFirm:
    """Make it, with a child's own Django."""
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env=environment(database, folder) | {"DJANGO_SETTINGS_MODULE": "ringfence.settings"},
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=WornFirm)


def _make() -> WornFirm:
    from pyroaring import BitMap

    from ringfence.access import Actor
    from ringfence.access.tokens import make_token
    from ringfence.core.commands import On
    from ringfence.core.commands import definitions as w
    from ringfence.core.terms import Level, Role, Scope, group_subject
    from tests.access.cast import ADMIN, found

    cast = found()
    principal = cast.member("Second", Role.ADMINISTRATOR)
    vat, tax = cast.service("VAT"), cast.service("Income Tax")
    members = [cast.member(f"Member{number}") for number in range(MEMBERS)]
    rows = tuple(
        w.ClientRow(
            name=f"Client {n}", reference=f"R{n}", services=dict.fromkeys((vat, tax)[: 1 + n % 2], "")
        )
        for n in range(CLIENTS)
    )
    cast.do(w.ImportClients(rows=rows))
    clients = range(1, CLIENTS + 1)
    cast.turn_on()
    groups = [cast.group(f"Group {number}", *members[number::GROUPS]) for number in range(GROUPS)]
    for place, group in enumerate(groups):
        cast.grant(group_subject(group), On(clients=BitMap(clients[place::GROUPS])), Level.READER)
    asks = make_token(cast.firm, actor=Actor(ADMIN), name="Asks", scopes=Scope.DECIDE | Scope.SEARCH)
    changes = tuple(
        make_token(cast.firm, actor=Actor(one), name=f"Changes {one}", scopes=Scope.MANAGE).text
        for one in (ADMIN, principal)[:CHANGERS]
    )
    return WornFirm(cast.firm, asks.text, changes, tuple(members), tuple(groups), tuple(clients))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ringfence.settings")
    import django

    django.setup()
    sys.stdout.buffer.write(msgspec.json.encode(_make()) + b"\n")
