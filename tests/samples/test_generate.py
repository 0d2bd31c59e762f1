"""An invented firm is made by commands that a fresh firm accepts, and looks like a practice."""

from collections.abc import Callable

import pytest

from ringfence.core.apply.apply import apply_all
from ringfence.core.commands import carry_out
from ringfence.core.commands.definitions import ClientRow, Command, ImportClients
from ringfence.core.decision.moment import Moment, at
from ringfence.core.events import FirmCreated, MemberAdded
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.settings import PROFILES
from ringfence.core.state.state import State
from ringfence.core.tax_references import TaxKind, doubted, kinds_for
from ringfence.core.terms import Instant, Role
from ringfence.samples import invented
from ringfence.samples.generate import SERVICES, commands, count_of

NOW = Instant(1_767_225_600_000_000)
CLIENTS, MEMBERS, GROUPS = 3_000, 60, 20


def made(**sizes: int) -> Moment:
    """The firm after all commands, each carried out by nobody's authority on a firm that was just made."""
    first = MemberAdded(member=1, role=Role.ADMINISTRATOR, access=True, manage_access=False)
    state = apply_all(State.empty(), (FirmCreated(settings=PROFILES["agency"]), first))
    directory = MemoryDirectory()
    for command in commands(**sizes):
        change = carry_out(at(state, NOW), directory, command, actor=None).change
        state = apply_all(state, change.events)
        directory.take(change.texts)
        directory.forget(change.events, state.register)
    return at(state, NOW)


@pytest.fixture(scope="module")
def moment() -> Moment:
    return made(clients=CLIENTS, members=MEMBERS, groups=GROUPS)


def test_it_has_the_size_that_was_asked_for(moment: Moment) -> None:
    state = moment.state
    assert len(state.register.clients) == CLIENTS
    assert len(state.members) == MEMBERS + 1
    assert len(state.groups) == GROUPS + 1


def test_members_see_different_parts_of_it(moment: Moment) -> None:
    assert len({moment.total(member) for member in moment.state.members}) > 10


def test_group_grants_lie_on_engagements_that_are_there(moment: Moment) -> None:
    state = moment.state
    granted = [found for held in state.holdings.values() for found in held.engagements if found]
    assert granted
    assert all(found <= state.register.engagements for found in granted)


def test_the_same_seed_gives_the_same_commands() -> None:
    def all_of(seed: int) -> list[Command]:
        return list(commands(clients=50, members=10, groups=5, seed=seed))

    assert all_of(7) == all_of(7)
    assert all_of(7) != all_of(8)


@pytest.mark.parametrize(
    ("clients", "members", "groups"), [(0, 0, 0), (0, 5, 5), (1, 0, 1), (1, 1, 1), (2, 2, 0)]
)
def test_the_smallest_firms_are_made_too(clients: int, members: int, groups: int) -> None:
    assert len(made(clients=clients, members=members, groups=groups).state.register.clients) == clients


def test_the_number_of_commands_is_told_beforehand() -> None:
    sizes = {"clients": 100, "members": 50, "groups": 20}
    assert abs(len(list(commands(**sizes))) - count_of(**sizes)) <= 5


def rows(count: int) -> list[ClientRow]:
    found = commands(clients=count, members=0, groups=0)
    return [row for command in found if isinstance(command, ImportClients) for row in command.rows]


def test_no_client_reference_occurs_twice() -> None:
    references = [row.reference.casefold() for row in rows(30_000)]
    assert len(set(references)) == len(references)


def test_no_tax_reference_of_a_service_occurs_twice() -> None:
    references = [pair for row in rows(30_000) for pair in row.services.items()]
    assert len(set(references)) == len(references)


@pytest.mark.parametrize(
    "reference", [invented.taxpayer_reference, invented.vat_number, invented.employer_reference]
)
def test_references_of_distant_clients_differ(reference: Callable[[int], str]) -> None:
    numbers = [*range(1, 1_000), *range(1_000_000, 1_001_000), *range(4_999_000, 5_000_000)]
    assert len({reference(number) for number in numbers}) == len(numbers)


def test_invented_tax_references_can_be_right() -> None:
    for row in rows(2_000):
        for service, reference in row.services.items():
            doubt = doubted(reference, kinds_for(SERVICES[service - 2]))
            assert doubt is None, (SERVICES[service - 2], reference)
    assert doubted(invented.vat_number(invented.VAT_NUMBERS + 5), (TaxKind.VAT,)) is None
