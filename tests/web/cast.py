"""A fixed cast for tests of pages: firms with people and clients, made by commands as real ones are.

Pike & Marlow is an agency. Owen manages it, Ada audits it, Cai and Dilys work there, Enid may use no records.
Larks is somebody else's firm.
"""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.core.commands import Command
from ringfence.core.commands.words import (
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
from ringfence.firms.models import Firm, Member, User

OWEN, ADA, CAI, DILYS, ENID = 1, 2, 3, 4, 5
"""Members of Pike & Marlow by number."""
GENERAL, VAT, INCOME_TAX = 1, 2, 3
FORTUNE, BAKER, WELSH, QUOTED, EMOJI, PLAIN = 1, 2, 3, 4, 5, 6
"""Clients of Pike & Marlow by number."""
FORTUNE_VAT, FORTUNE_INCOME_TAX = 1, 2
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


def make_cast(profile: Profile = "agency") -> Cast:
    """Both firms with everybody in them. Control is as the profile has it."""
    firm = create_firm("Pike & Marlow", profile, admin_email="owen@pike.example", admin_name="Owen").firm
    members = (
        AddMember(name="Ada", email="ada@pike.example", role=Role.AUDITOR),
        AddMember(name="Cai", email="cai@pike.example"),
        AddMember(name="Dilys", email="dilys@pike.example"),
        AddMember(name="Enid", email="enid@pike.example", access=False),
    )
    for command in (*members, AddService(name="VAT"), AddService(name="Income Tax")):
        do(firm, command)
    do(firm, ImportClients(rows=CLIENTS, grants=()))
    other = create_firm("Larks", "agency", admin_email="lena@larks.example", admin_name="Lena").firm
    return Cast(firm=firm, other=other, users={user.name: user for user in User.objects.all()})


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


def firm_named(name: str) -> Firm:
    return Firm.objects.get(name=name)
