"""An advisers' practice as the diagram of its source document draws it, for tests of pages.

Advisers 1 and 2 delegate to Assistant 1; Adviser 3 delegates to nobody. Each adviser is linked to a client.
"""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import create_firm
from ringfence.core.commands.definitions import (
    AddMember,
    ClientRow,
    ImportClients,
    On,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import Level, Role, member_subject
from ringfence.firms.models import Member, User
from tests.support.once import made_once
from tests.web.cast import do

PRINCIPAL, FIRST, SECOND, THIRD, ASSISTANT, FROZEN, PERMS = 1, 2, 3, 4, 5, 6, 7
"""Members by number. The last may manage access and is neither principal nor administrator."""
OKAFOR, LINDQVIST, IYER, OPEN = 1, 2, 3, 4
"""Clients by number: of Adviser 1, of Adviser 2, of Adviser 3, of nobody."""


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice and everybody's user by name."""

    firm: int
    users: dict[str, User]


def practice() -> Practice:
    """Made once in a process; ask inside a transaction that is rolled back."""
    return made_once("practice", _make)


def link(firm: int, member: int, client: int, split: int = 0) -> None:
    """Link an adviser with a fee split in hundredths of a per cent."""
    do(
        firm,
        SetGrant(to=(member_subject(member),), on=On.client(client), level=Level.OWNER, fee_split=split),
    )


def _make() -> Practice:
    founded = create_firm(
        "Cedar Practice",
        "practice",
        admin_email="principal@cedar.example",
        admin_name="Principal",
        role=Role.PRINCIPAL,
    )
    firm = founded.firm
    for name in ("Adviser 1", "Adviser 2", "Adviser 3", "Assistant 1"):
        do(firm, AddMember(name=name, email=f"{name.replace(' ', '').lower()}@cedar.example"))
    do(firm, AddMember(name="Receptionist", email="reception@cedar.example", access=False))
    do(firm, AddMember(name="Office Manager", email="office@cedar.example", manage_access=True))
    names = ("Mr and Mrs Okafor", "Lindqvist Family", "Dr Ramesh Iyer", "Unlinked Enquiry")
    do(firm, ImportClients(rows=tuple(ClientRow(name=name) for name in names), grants=()))
    for member, client in ((FIRST, OKAFOR), (SECOND, LINDQVIST), (THIRD, IYER)):
        link(firm, member, client, 6000)
    for adviser in (FIRST, SECOND):
        do(firm, SetDelegation(delegator=adviser, delegate=ASSISTANT))
    rows = Member.objects.filter(firm=firm).select_related("user")
    return Practice(firm=firm, users={row.name: row.user for row in rows if row.user is not None})
