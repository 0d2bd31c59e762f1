"""Which roles may do what on pages, said again from rules.md 5; `test_routes.py` holds the routes to it."""

import pytest

from ringfence.core.terms import Role
from ringfence.web.capability import ROLES, Capability


@pytest.mark.parametrize("role", list(Role))
def test_everybody_but_a_standard_member_reads_everybodys_access(role: Role) -> None:
    assert (role in ROLES[Capability.READ_CONTROL]) is (role is not Role.STANDARD)


@pytest.mark.parametrize("role", list(Role))
def test_administrators_and_principals_alone_manage(role: Role) -> None:
    assert (role in ROLES[Capability.MANAGE]) is (role in {Role.ADMINISTRATOR, Role.PRINCIPAL})


@pytest.mark.parametrize("role", list(Role))
def test_an_auditor_alone_reads_no_client_record(role: Role) -> None:
    assert (role in ROLES[Capability.READ_CLIENTS]) is (role is not Role.AUDITOR)
