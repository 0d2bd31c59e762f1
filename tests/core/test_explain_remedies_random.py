"""On whole random firms every remedy that is offered lets the member in, and every denial has one."""

from hypothesis import given

from ringfence.core.apply.apply import apply_all
from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.single import decide
from ringfence.core.directory import NO_TEXTS
from ringfence.core.remedies.remedies import Remedy, client_remedies, remedies
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification.decide import decide as decide_slowly
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import GIVING, Level, Reason
from tests.core.firms import NOW, administrators_of, firms
from tests.core.random_examples import name_the_seed, random_examples


def made(moment: Moment, commands: tuple[Command, ...], actor: int | None = None) -> Moment:
    for command in commands:
        change = carry_out(moment, NO_TEXTS, command, actor=actor).change
        moment = at(apply_all(moment.state, change.events), moment.now)
    return moment


def commands_of(remedy: Remedy) -> tuple[Command, ...]:
    return tuple(step.command for step in remedy.steps)


@random_examples(60)
@given(facts=firms())
def test_every_denial_has_a_remedy_and_every_remedy_lets_in(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for member in facts.members:
        for number in moment.state.register.engagements:
            if decide(moment, member, number).allowed:
                assert remedies(moment, member, number) == ()
                continue
            found = remedies(moment, member, number)
            assert found, f"nothing for member {member}, engagement {number}"
            for remedy in found:
                after = made(moment, commands_of(remedy))
                level, _ = decide_slowly(facts_of(after.state), member, number, NOW)
                assert level is remedy.level is not Level.NONE


@random_examples(40)
@given(facts=firms())
def test_every_level_has_a_remedy(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for member in facts.members:
        for number in moment.state.register.engagements:
            had = moment.level(member, number)
            for level in GIVING:
                found = remedies(moment, member, number, level)
                assert bool(found) is (had < level)
                assert all(remedy.level >= level for remedy in found)


@random_examples(40)
@given(facts=firms())
def test_no_command_of_a_remedy_can_be_left_out(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for member in facts.members:
        for number in moment.state.register.engagements:
            for remedy in remedies(moment, member, number):
                commands = commands_of(remedy)
                for index in range(len(commands)):
                    fewer = commands[:index] + commands[index + 1 :]
                    assert not _lets_in(moment, fewer, member, number, remedy.level)


def _lets_in(moment: Moment, commands: tuple[Command, ...], member: int, number: int, level: Level) -> bool:
    try:
        return made(moment, commands).level(member, number) >= level
    except Refused:
        return False


@random_examples(30)
@given(facts=firms())
def test_makers_are_the_members_whose_command_is_accepted(facts: Facts) -> None:
    name_the_seed()
    start = at(state_of(facts), NOW)
    for member in facts.members:
        for number in start.state.register.engagements:
            for remedy in remedies(start, member, number):
                moment = start
                for step in remedy.steps:
                    assert set(step.makers) == {
                        actor for actor in facts.members if _accepts(moment, step.command, actor)
                    }
                    moment = made(moment, (step.command,))


def _accepts(moment: Moment, command: Command, actor: int) -> bool:
    try:
        made(moment, (command,), actor)
    except Refused:
        return False
    return True


@random_examples(40)
@given(facts=firms())
def test_an_administrator_can_make_some_remedy_of_every_denial(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    if not administrators_of(facts):
        return
    for member in facts.members:
        for number in moment.state.register.engagements:
            if decide(moment, member, number).reason is Reason.WALL:
                continue
            found = remedies(moment, member, number)
            assert not found or any(all(step.makers for step in remedy.steps) for remedy in found)


@random_examples(30)
@given(facts=firms())
def test_effects_are_counted_exactly_and_the_smallest_comes_first(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    before = _seen(moment)
    for member in facts.members:
        for client in moment.state.register.clients:
            found = client_remedies(moment, member, client)
            others = [remedy.effects.gains + remedy.effects.loses for remedy in found]
            assert others == sorted(others)
            for remedy in found:
                after = _seen(made(moment, commands_of(remedy)))
                gained, lost = after - before, before - after
                client_of = moment.state.register.client_of
                also = {client_of[each] for who, each in gained if who == member} - {client}
                gives_up = {client_of[each] for who, each in lost if who == member}
                assert remedy.effects.gains == len({who for who, _ in gained} - {member})
                assert remedy.effects.loses == len({who for who, _ in lost} - {member})
                assert (remedy.effects.also, remedy.effects.gives_up) == (len(also), len(gives_up))


def _seen(moment: Moment) -> set[tuple[int, int]]:
    """Pairs of a member and an engagement that they see."""
    members = moment.state.members
    return {(member, number) for member in members for number in moment.reach(member).see}
