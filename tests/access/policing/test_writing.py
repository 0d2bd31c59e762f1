"""A policy that came without its file is written as one that reads back to itself (rules.md 10)."""

import pytest

from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.reading import read_policies
from ringfence.access.policing.writing import written
from ringfence.core.statements import AtLeast, ClientsMeant, MembersMeant, Never, Policy, Statement
from tests.access.cast import Cast

EVERYBODY = MembersMeant(everyone=True)


def read_again(firm: Cast, statement: Statement) -> Statement:
    """What the statement is once it was written and read."""
    names = PolicyNames(firm.view, None)
    (found,) = read_policies(written("Ours", Policy(mode="warn", statements=(statement,)), names), names)
    (said,) = found.statements
    return said


def test_a_client_whose_name_or_reference_looks_like_a_number_is_no_other(firm: Cast) -> None:
    first, second = firm.client("Acme"), firm.client("Boots")
    odd = {firm.client(f"#{first}"), firm.client("Acme", reference=f"#{second}")}
    statement = Never(members=EVERYBODY, clients=ClientsMeant(clients=frozenset(odd)))
    assert read_again(firm, statement) == statement


def test_a_group_or_service_whose_name_looks_like_a_number_is_no_other(firm: Cast) -> None:
    group, service = firm.group("#1", firm.member("Ivy")), firm.service("#1")
    statement = Never(
        members=MembersMeant(groups=frozenset({group})), clients=ClientsMeant(services=frozenset({service}))
    )
    assert read_again(firm, statement) == statement


@pytest.mark.parametrize("but", [False, True])
def test_clients_that_are_named_beside_the_confidential_ones_are_kept_with_them(
    firm: Cast, but: bool
) -> None:
    acme, boots = firm.client("Acme"), firm.client("Boots")
    meant = ClientsMeant(
        clients=frozenset({acme}), confidential=True, without=frozenset({boots}) if but else frozenset()
    )
    statement = AtLeast(number=2, clients=meant)
    assert read_again(firm, statement) == statement
