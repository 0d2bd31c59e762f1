"""A fixed cast for tests of pages: firms with people and clients, made by commands as real ones are.

Pike & Marlow is an agency. Owen manages it, Ada audits it, Cai and Dilys work there, Enid may use no records.
Larks is somebody else's firm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import (
    AddMember,
    AddService,
    ClientRow,
    CreateGroup,
    ImportClients,
    On,
    TurnOn,
)
from ringfence.core.settings import Profile
from ringfence.core.terms import Role
from ringfence.firms.models import Member, User
from tests.support.once import made_once

OWEN, ADA, CAI, DILYS, ENID = 1, 2, 3, 4, 5
"""Members of Pike & Marlow by number."""
GENERAL, VAT, INCOME_TAX = 1, 2, 3
FORTUNE, BAKER, WELSH, QUOTED, EMOJI, PLAIN = 1, 2, 3, 4, 5, 6
"""Clients of Pike & Marlow by number."""
FORTUNE_VAT, FORTUNE_INCOME_TAX, BAKER_VAT = 1, 2, 3
"""Engagements of theirs."""
VAT_GROUP = 2
"""The group that `grouped` makes: Fortune 500's VAT for Cai."""

CLIENTS = (
    ClientRow(
        name="Fortune 500", reference="F500", services={VAT: "GB 123 4567 89", INCOME_TAX: "1234567890"}
    ),
    ClientRow(name="Baker & Sons", reference="B-01", services={VAT: "GB 987 6543 21"}),
    ClientRow(name="Llŷr Ŵyn Cyfyngedig", reference="Ll-7", services={INCOME_TAX: "2233445566"}),
    ClientRow(name='Quoted "Ltd" <b>', reference="Q'1", services={VAT: ""}),
    ClientRow(name="🦊 Fox & Co", reference="", services={INCOME_TAX: "9988776655"}),
    ClientRow(name="Plain Person"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The firms by their ids, and everybody's user by name."""

    firm: int
    other: int
    users: dict[str, User]


def make_cast(profile: Profile = "agency", mark: str = "") -> Cast:
    """Both firms with everybody in them. Control is as the profile has it.

    `mark` sets names and addresses apart from those of other casts in the same database.
    """
    return made_once(("cast", profile, mark), partial(_make_cast, profile, mark))


def _make_cast(profile: Profile, mark: str) -> Cast:
    domain = f"pike{mark}.example"
    founded = create_firm(f"Pike & Marlow{mark}", profile, admin_email=f"owen@{domain}", admin_name="Owen")
    firm = founded.firm
    members = (
        AddMember(name="Ada", email=f"ada@{domain}", role=Role.AUDITOR),
        AddMember(name="Cai", email=f"cai@{domain}"),
        AddMember(name="Dilys", email=f"dilys@{domain}"),
        AddMember(name="Enid", email=f"enid@{domain}", access=False),
    )
    for command in (*members, AddService(name="VAT"), AddService(name="Income Tax")):
        do(firm, command)
    do(firm, ImportClients(rows=CLIENTS, grants=()))
    lena = f"lena@larks{mark}.example"
    other = create_firm(f"Larks{mark}", "agency", admin_email=lena, admin_name="Lena").firm
    rows = Member.objects.filter(firm__in=[firm, other]).select_related("user")
    return Cast(firm=firm, other=other, users={row.name: row.user for row in rows if row.user is not None})


def do(firm: int, command: Command, member: int | None = None) -> None:
    """Give a command, as the operator or a member."""
    execute(firm, command, actor=OPERATOR if member is None else Actor(member))


def grouped(firm: int) -> None:
    """Control on, and Fortune 500's VAT in a group with Cai."""
    do(
        firm,
        CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.engagement(FORTUNE_VAT)),
    )
    do(firm, TurnOn())


def add_clients(firm: int, count: int) -> None:
    """Clients called Client 0001 and so on, all with VAT."""
    rows = tuple(
        ClientRow(name=f"Client {number:04}", reference=f"C{number:04}", services={VAT: f"GB {number:09}"})
        for number in range(1, count + 1)
    )
    do(firm, ImportClients(rows=rows, grants=()))


def seat(firm: int, user: User, name: str) -> int:
    """A place for a user in one more firm; the member's number."""
    do(firm, AddMember(name=name, email=user.email))
    return int(Member.objects.get(firm=firm, user=user).number)
