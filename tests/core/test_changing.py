"""Who may change, remove and restore a client is who the command of that change is accepted from."""

from collections.abc import Callable

from hypothesis import given

from ringfence.core.authority.acting import Acting
from ringfence.core.authority.changing import (
    refused_correcting,
    refused_describing,
    refused_ending,
    refused_referring,
    refused_removing,
    restorable,
)
from ringfence.core.authority.knowing import refused_client, refused_engagement
from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import NO_TEXTS
from ringfence.core.refusals import Refusal
from ringfence.core.remedies.self_help import RoadKind, self_help
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Role, group_subject, member_subject
from ringfence.core.values import Member
from tests.core.firms import ACME, ADA, BEN, CY, NOW, TEAM, firms, grant, on_client, small_firm
from tests.core.random_examples import name_the_seed, random_examples

RIGHT = {Refusal.NOT_FOUND, Refusal.NOT_PERMITTED}
"""What a command is refused with for want of a right to it."""
OF_CLIENTS: dict[Callable[[Acting, int], Refused | None], Callable[[int], Command]] = {
    refused_correcting: lambda client: w.ChangeClient(client=client, name="New", reference="N"),
    refused_describing: lambda client: w.ChangeClient(client=client, kind="New"),
    refused_removing: lambda client: w.RemoveClient(client=client),
}
OF_ENGAGEMENTS: dict[Callable[[Acting, int], Refused | None], Callable[[int], Command]] = {
    refused_referring: lambda number: w.ChangeEngagement(engagement=number, reference="N"),
}


def accepted(moment: Moment, command: Command, actor: int) -> bool:
    """Whether the member has the right to give the command, whatever else stands against it."""
    try:
        carry_out(moment, NO_TEXTS, command, actor=actor)
    except Refused as refused:
        return refused.refusal not in RIGHT
    return True


@random_examples(40)
@given(facts=firms())
def test_a_page_offers_a_change_of_a_client_to_whom_the_command_is_accepted_from(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for actor, who in facts.members.items():
        acting = Acting(moment=moment, actor=actor)
        for client in facts.clients:
            for refused, command in OF_CLIENTS.items():
                offered = who.active and not (refused_client(acting, client) or refused(acting, client))
                assert offered == accepted(moment, command(client), actor)


@random_examples(40)
@given(facts=firms())
def test_a_page_offers_a_change_of_a_service_to_whom_the_command_is_accepted_from(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for actor, who in facts.members.items():
        acting = Acting(moment=moment, actor=actor)
        for client in facts.clients:
            for number in specification.engagements_of(facts, client):
                named = refused_engagement(acting, number)
                for refused, command in OF_ENGAGEMENTS.items():
                    offered = who.active and not (named or refused(acting, number))
                    assert offered == accepted(moment, command(number), actor)
                ends = who.active and not (named or refused_ending(acting, number))
                # Somebody on a wall may not take a grant away with the service (rules.md 9, walls).
                assert ends or not accepted(moment, w.RemoveEngagement(engagement=number), actor)


@random_examples(40)
@given(facts=firms())
def test_what_a_member_may_restore_is_what_the_command_is_accepted_for(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    there = sorted(client for client, one in facts.clients.items() if one.removed_at is None)
    for client in there[:1]:
        gone = at(carry_out(moment, NO_TEXTS, w.RemoveClient(client=client), actor=None).after, NOW)
        for actor, who in facts.members.items():
            offered = who.active and client in restorable(Acting(moment=gone, actor=actor))
            assert offered == accepted(gone, w.RestoreClient(client=client), actor)


@random_examples(40)
@given(facts=firms())
def test_each_road_of_self_help_is_accepted_and_lets_the_member_see_more(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for actor in facts.members:
        for client in facts.clients:
            numbers = specification.engagements_of(facts, client)
            before = sum(moment.can(actor, number) for number in numbers)
            for road in self_help(moment, actor, client):
                after = at(carry_out(moment, NO_TEXTS, road.command, actor=actor).after, NOW)
                assert sum(after.can(actor, number) for number in numbers) > before


def test_every_kind_of_road_is_found() -> None:
    facts = small_firm(
        grant(member_subject(CY), on_client(ACME), Level.OWNER),
        grant(group_subject(TEAM), on_client(ACME), Level.EDITOR),
        members={BEN: Member(role=Role.ADMINISTRATOR)},
        groups={TEAM: (ADA,), TEAM + 1: (BEN,)},
    )
    found = [(road.kind, road.group) for road in self_help(at(state_of(facts), NOW), BEN, ACME)]
    expected = [(RoadKind.JOIN, TEAM), (RoadKind.PUT, TEAM + 1), (RoadKind.OWN, 0), (RoadKind.NEW, 0)]
    assert found == expected
