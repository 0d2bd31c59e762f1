"""Registers share their arrays; nobody must see what another one wrote behind its end."""

from array import array

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import Register, empty_register, with_clients, with_engagements

VAT, PAYE, AUDIT = 2, 3, 4


def added(register: Register, *services: int) -> Register:
    """One more client with these services."""
    client = register.next_client
    return with_clients(
        register,
        count=1,
        client_of=array("I", [client] * len(services)),
        service_of=array("I", services),
        confidential=EMPTY,
    )


def services_of(register: Register, client: int) -> list[int]:
    return [register.service_of[number] for number in register.engagements_of(client)]


def test_two_registers_that_follow_the_same_one_do_not_see_each_other() -> None:
    before = added(empty_register(), VAT)
    one, other = added(before, PAYE), added(before, AUDIT, VAT)
    assert services_of(one, 2) == [PAYE]
    assert services_of(other, 2) == [AUDIT, VAT]


def test_a_register_does_not_see_clients_that_were_added_after_it() -> None:
    before = added(empty_register(), VAT)
    after = added(before, PAYE)
    assert services_of(before, 2) == []
    assert (before.next_client, before.next_engagement) == (2, 2)
    assert (after.next_client, after.next_engagement) == (3, 3)


def test_a_register_does_not_see_engagements_that_were_added_to_its_clients_later() -> None:
    before = added(added(empty_register(), VAT), VAT)
    after = with_engagements(before, array("I", [1, 2, 1]), array("I", [PAYE, AUDIT, AUDIT]))
    assert [services_of(after, client) for client in (1, 2)] == [[VAT, PAYE, AUDIT], [VAT, AUDIT]]
    assert [list(before.chain(client)) for client in (1, 2)] == [[1], [2]]


def test_a_register_goes_on_from_a_shared_one_after_another_was_thrown_away() -> None:
    before = added(empty_register(), VAT)
    added(before, PAYE)
    after = added(added(before, AUDIT), PAYE)
    assert [services_of(after, client) for client in (1, 2, 3)] == [[VAT], [AUDIT], [PAYE]]
