"""A realistic firm of any size as the commands that make it: members, services, clients, groups, grants.

For trying things out, tests and benchmarks. Nothing is written here: whoever asks carries each command out in
turn (`ringfence.access.execute`), so that an invented firm has a ledger like any other. The same numbers and
seed give the same firm.
"""

import random
from array import array
from collections.abc import Iterator

from pyroaring import BitMap

from ringfence.core.commands.definitions import (
    AddMember,
    AddService,
    ClientRow,
    Command,
    CreateGroup,
    ExcludeClients,
    ImportClients,
    On,
    RaiseWall,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Level, Role, group_subject, member_subject
from ringfence.core.values import Side

from . import invented

SERVICES = (
    "Income Tax",
    "VAT",
    "Corporation Tax",
    "PAYE",
    "Construction Industry Scheme",
    "Capital Gains Tax",
    "Trusts and Estates",
)
INCOME_TAX, VAT, CORPORATION_TAX, PAYE, CIS, CAPITAL_GAINS, TRUSTS = range(2, 2 + len(SERVICES))
"""Their numbers in a firm that was just made, where General has 1."""

AT_ONCE = 20_000
"""Clients in one import."""
FIRST_MEMBER = 2
"""The firm's first member came with it."""
FIRST_GROUP = 2
PEOPLE_IN_GROUP = (3, 25)
SUBJECTS = ("portfolio", "clients", "team", "accounts", "payroll")


class Firm:
    """What has been made up so far, so that later commands can name it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.members: list[int] = []
        self.clients = 0
        self.engagements = 0
        self.first = array("I", [0])
        """Each client's first engagement number; its others follow."""
        self.by_service: dict[int, array[int]] = {}
        self.groups = 0

    def engagements_of(self, clients: range) -> BitMap:
        end = self.first[clients.stop] if clients.stop < len(self.first) else self.engagements + 1
        return BitMap(range(self.first[clients.start], end))

    def some_members(self, least: int, most: int) -> frozenset[int]:
        count = min(self.chance.randint(least, most), len(self.members))
        return frozenset(self.chance.sample(self.members, count))

    def some_clients(self, count: int) -> range:
        """Neighbours, as a portfolio that was taken over together has."""
        count = min(count, self.clients)
        start = self.chance.randint(1, self.clients - count + 1)
        return range(start, start + count)


def commands(*, clients: int, members: int, groups: int, seed: int = 1) -> Iterator[Command]:
    """The commands that turn a firm that was just made into one of this size; `agency` suits it best.

    `clients` and `groups` may be 0; `members` are added to the one there is. Groups hold about a fiftieth of
    all clients each, overlapping; one in ten is for a whole service.
    """
    firm = Firm(seed)
    yield from (AddService(name=name) for name in SERVICES)
    for number in range(FIRST_MEMBER, FIRST_MEMBER + members):
        firm.members.append(number)
        yield _member(firm, number)
    for start in range(0, clients, AT_ONCE):
        rows = tuple(_client(firm) for _ in range(min(AT_ONCE, clients - start)))
        yield ImportClients(rows=rows)
    for _ in range(groups if clients else 0):
        yield from _group(firm)
    if clients and members:
        yield from _own_grants(firm)
        yield from _wall(firm)
    yield TurnOn()


def count_of(*, clients: int, members: int, groups: int) -> int:
    """About how many commands that will be, for a progress bar."""
    return len(SERVICES) + members + -(-clients // AT_ONCE) + groups + members // 10 + 2


def _member(firm: Firm, number: int) -> AddMember:
    name = invented.person(firm.chance)
    roles = (Role.PRINCIPAL, Role.ADMINISTRATOR, Role.AUDITOR, Role.STANDARD)
    (role,) = firm.chance.choices(roles, weights=(1, 2, 1, 96))
    address = f"{name.split()[0].lower()}.{number}@example.org"
    return AddMember(
        name=name,
        email=address.encode("ascii", "ignore").decode(),
        role=role,
        manage_access=role is Role.STANDARD and firm.chance.random() < 0.03,
    )


def _client(firm: Firm) -> ClientRow:
    firm.clients += 1
    number, chance = firm.clients, firm.chance
    (kind,) = chance.choices(("Individual", "Company", "Trust"), weights=(60, 36, 4))
    if kind == "Individual":
        name = invented.person(chance)
        services = {INCOME_TAX: invented.taxpayer_reference(number)}
        if chance.random() < 0.15:
            services[VAT] = invented.vat_number(number)
        if chance.random() < 0.05:
            services[CAPITAL_GAINS] = invented.capital_gains_reference(number)
    elif kind == "Company":
        name = invented.company(chance)
        services = {CORPORATION_TAX: invented.taxpayer_reference(number)}
        if chance.random() < 0.7:
            services[VAT] = invented.vat_number(number)
        if chance.random() < 0.4:
            services[PAYE] = invented.employer_reference(number)
        if chance.random() < 0.1:
            services[CIS] = f"CIS {invented.employer_reference(number)}"
    else:
        name = f"The {chance.choice(invented.LAST_NAMES)} Family Trust"
        services = {TRUSTS: invented.taxpayer_reference(number)}
    services = dict(sorted(services.items()))
    firm.first.append(firm.engagements + 1)
    firm.engagements += len(services)
    for service in services:
        firm.by_service.setdefault(service, array("I")).append(number)
    return ClientRow(
        name=name,
        reference=invented.client_reference(name, number),
        kind=kind,
        confidential=chance.random() < 0.002,
        services=services,
    )


def _group(firm: Firm) -> Iterator[Command]:
    """A portfolio: single clients or engagements; or everything of one service, with a few left out."""
    chance = firm.chance
    number = FIRST_GROUP + firm.groups
    firm.groups += 1
    members = firm.some_members(*PEOPLE_IN_GROUP)
    (level,) = chance.choices((Level.READER, Level.EDITOR, Level.OWNER), weights=(1, 8, 1))
    if firm.groups % 10 == 0:
        service = chance.choice(sorted(firm.by_service))
        theirs = firm.by_service[service]
        name = f"{SERVICES[service - INCOME_TAX]} {firm.groups}"
        yield CreateGroup(name=name, members=members, on=On.service(service), level=level)
        left_out = BitMap(chance.sample(theirs, min(3, len(theirs))))
        yield ExcludeClients(group=number, service=service, clients=left_out)
        return
    name = f"{chance.choice(invented.PLACES)} {chance.choice(SUBJECTS)} {firm.groups}"
    clients = firm.some_clients(max(firm.clients // 50, 1))
    on = (
        On(clients=BitMap(clients)) if chance.random() < 0.5 else On(engagements=firm.engagements_of(clients))
    )
    yield CreateGroup(name=name, members=members, on=on, level=level)


def _own_grants(firm: Firm) -> Iterator[Command]:
    """One member in ten has clients of their own; a few are kept out of some."""
    for member in firm.members[::10]:
        (level,) = firm.chance.choices((Level.EDITOR, Level.OWNER, Level.BLOCKED), weights=(4, 4, 2))
        clients = BitMap(firm.some_clients(max(firm.clients // 1000, 1)))
        yield SetGrant(to=(member_subject(member),), on=On(clients=clients), level=level)
    if firm.groups:
        partners = group_subject(FIRST_GROUP)
        yield SetGrant(to=(partners,), on=On(all=True), level=Level.READER)


def _wall(firm: Firm) -> Iterator[Command]:
    """Between two buyers of the same business, say."""
    if firm.clients < 2 or len(firm.members) < 2:
        return
    one, other = firm.chance.sample(range(1, firm.clients + 1), 2)
    left, right = firm.chance.sample(firm.members, 2)
    sides = (
        Side(members=frozenset({left}), clients=frozenset({one})),
        Side(members=frozenset({right}), clients=frozenset({other})),
    )
    yield RaiseWall(name="Rival bidders", sides=sides)
