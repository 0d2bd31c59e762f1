"""The tables say what the ledger says, after any commands in any order (rules.md 6)."""

from random import Random

import msgspec
import pytest

from ringfence import access
from ringfence.access import Actor
from ringfence.access.connection import plain
from ringfence.core.commands import Command, Refused
from ringfence.core.commands import definitions as w
from ringfence.core.state.state import State
from ringfence.store.loading import load
from tests.access.cast import ADMIN, Cast
from tests.access.possible_commands import PossibleCommands
from tests.support.seed import SEED

pytestmark = pytest.mark.both_databases

COMMANDS = 250


def _actor(command: Command, rng: Random, state: State) -> Actor:
    # Only a member can ask for access; most else is done by the operator, so that little is refused.
    if isinstance(command, w.OpenRequest) or rng.random() < 0.2:
        return Actor(rng.choice(sorted(state.members)))
    return access.OPERATOR


def _live(firm: Cast, rng: Random) -> tuple[int, State]:
    """Give the firm random commands; how many were carried out, and the state that `execute` arrived at."""
    possible, done, state = PossibleCommands(rng), 0, firm.view.moment.state
    for _ in range(COMMANDS):
        command = possible.command(firm.view.moment)
        try:
            state = access.execute(firm.firm, command, actor=_actor(command, rng, state)).after.moment.state
        except Refused:
            continue
        done += 1
    return done, state


@pytest.mark.parametrize("part", range(3))
def test_the_tables_equal_the_ledger_replayed_after_random_commands(firm: Cast, part: int) -> None:
    done, state = _live(firm, Random(f"{SEED}/{part}"))
    report = access.verify(firm.firm)
    assert report.problems == ()
    assert report.entries == done + 1
    assert done > COMMANDS // 3, "too few commands were carried out to show anything"
    assert _parts(load(plain(), firm.firm).state) == _parts(state)


def _parts(state: State) -> dict[str, object]:
    """All that a state is made of. Its register ends where its numbers do: a command that is refused may have
    written behind that end (`core/state/register.py`)."""
    parts = {name: getattr(state, name) for name in State.__struct_fields__ if name != "memo"}
    its, engagements = state.register, state.register.next_engagement
    parts["register"] = msgspec.structs.replace(
        its,
        client_of=its.client_of[:engagements],
        service_of=its.service_of[:engagements],
        following=its.following[:engagements],
        first=its.first[: its.next_client],
    )
    return parts


def test_another_firm_in_the_database_notices_nothing(firm: Cast, other_firm: Cast) -> None:
    before = _parts(load(plain(), other_firm.firm).state)
    _live(firm, Random(f"{SEED}/other"))
    assert _parts(load(plain(), other_firm.firm).state) == before
    assert access.verify(other_firm.firm).entries == 1


def test_a_refused_command_changes_nothing(firm: Cast) -> None:
    firm.group("VAT team")
    with pytest.raises(Refused):
        firm.group("vat TEAM ")
    assert access.verify(firm.firm).entries == 2
    assert firm.view.version == 2


def test_the_administrator_can_act_for_themselves(firm: Cast) -> None:
    done = firm.do(w.CreateGroup(name="Payroll"), by=ADMIN)
    assert next(access.entries(firm.firm, after=done.version - 1)).actor == Actor(ADMIN)
