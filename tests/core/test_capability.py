"""Who may do what by role and permissions, said again from the table of rules.md 5; and whom one knows of."""

from itertools import product

import pytest

from ringfence.core.authority.capability import may
from ringfence.core.authority.knowing import known_clients, knows
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.terms import Capability, Role
from ringfence.core.values import Member
from tests.core.firms import ADA, NOW, small_firm
from tests.core.random_firms import Chance, firm, hold

PRINCIPAL, ADMINISTRATOR, STANDARD, AUDITOR = (
    Role.PRINCIPAL,
    Role.ADMINISTRATOR,
    Role.STANDARD,
    Role.AUDITOR,
)
MANAGING = {PRINCIPAL, ADMINISTRATOR}
ROLES = {
    Capability.MEMBER: {*Role},
    Capability.READ_CLIENTS: {PRINCIPAL, ADMINISTRATOR, STANDARD},
    Capability.USE_CLIENTS: set(),
    Capability.KNOW_CLIENTS: {*MANAGING, AUDITOR},
    Capability.READ_CONTROL: {*MANAGING, AUDITOR},
    Capability.MANAGE_ACCESS: MANAGING,
    Capability.MANAGE: MANAGING,
}
"""The roles that have each capability whatever their permissions."""
ACCESS = {Capability.USE_CLIENTS}
"""What the permission `access` gives whatever the role."""
MANAGE_ACCESS = {Capability.MANAGE_ACCESS, Capability.KNOW_CLIENTS}
"""What the permission `manage_access` gives."""
MEMBERS = [
    Member(role=role, access=access, manage_access=manage_access)
    for role, access, manage_access in product(Role, (True, False), (True, False))
    if role is not AUDITOR or not (access or manage_access)
]


def has(member: Member, capability: Capability) -> bool:
    return may(state_of(small_firm(members={ADA: member})), ADA, capability)


@pytest.mark.parametrize("capability", list(Capability))
@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_a_capability_is_of_the_roles_and_permissions_that_the_rules_name(
    capability: Capability, member: Member
) -> None:
    expected = member.role in ROLES[capability]
    expected = expected or (member.access and capability in ACCESS)
    expected = expected or (member.manage_access and capability in MANAGE_ACCESS)
    assert has(member, capability) is expected


@pytest.mark.parametrize("capability", list(Capability))
def test_an_inactive_member_has_no_capability(capability: Capability) -> None:
    assert not has(Member(role=PRINCIPAL, manage_access=True, active=False), capability)


@pytest.mark.parametrize("capability", list(Capability))
def test_a_number_of_nobody_has_no_capability(capability: Capability) -> None:
    assert not may(state_of(small_firm()), 99, capability)


@pytest.mark.parametrize("capability", list(Capability))
def test_the_operator_has_every_capability(capability: Capability) -> None:
    assert may(state_of(small_firm()), None, capability)


def test_the_known_clients_are_those_of_which_each_is_known() -> None:
    def holds(chance: Chance) -> None:
        moment = at(firm(chance).state, NOW)
        clients = moment.state.register.clients
        for member in (None, *moment.state.members, 99):
            known = {client for client in clients if knows(moment, member, client)}
            assert set(known_clients(moment, member)) == known, member

    hold(holds, 200)
