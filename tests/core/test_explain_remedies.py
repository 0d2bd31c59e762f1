"""Remedies on a small firm: what is offered for each denial, in which order, and who may make it."""

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.remedies.remedies import Remedy, client_remedies, remedies
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Client, Facts
from ringfence.core.terms import (
    ALL_CLIENTS,
    Level,
    Role,
    group_subject,
)
from ringfence.core.values import Delegation, Member, Request, Side, Wall
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    CY,
    NOW,
    TEAM,
    VAT,
    acme,
    ada,
    ben,
    everyone,
    grant,
    on_client,
    on_engagement,
    on_service,
    small_firm,
    team,
)

CHIEF = {CY: Member(role=Role.ADMINISTRATOR)}


def offered(facts: Facts, member: int = BEN, level: Level | None = None) -> list[tuple[Command, ...]]:
    found = remedies(at(state_of(facts), NOW), member, ACME_VAT, level)
    return [tuple(step.command for step in remedy.steps) for remedy in found]


def first(facts: Facts, member: int = BEN, level: Level | None = None) -> Remedy:
    return remedies(at(state_of(facts), NOW), member, ACME_VAT, level)[0]


def test_a_place_in_the_group_and_a_grant_of_their_own_are_offered() -> None:
    found = offered(small_firm(grant(team, acme)))
    assert (w.AddToGroup(group=TEAM, members=frozenset({BEN})),) in found
    assert (w.SetGrant(to=(ben,), on=On.client(ACME), level=Level.EDITOR),) in found
    assert (w.SetGrant(to=(ben,), on=On.engagement(ACME_VAT), level=Level.EDITOR),) in found


def test_who_is_let_in_already_is_offered_nothing() -> None:
    assert offered(small_firm(grant(ben, acme))) == []


def test_nothing_is_offered_outside_the_firm() -> None:
    moment = at(state_of(small_firm()), NOW)
    assert remedies(moment, BEN, 99) == ()
    assert remedies(moment, 99, ACME_VAT) == ()
    assert client_remedies(moment, BEN, 99) == ()


def test_a_block_is_offered_to_be_lifted() -> None:
    firm = small_firm(grant(ben, acme, Level.BLOCKED), grant(everyone, acme))
    assert (w.RemoveGrant(to=(ben,), on=On.client(ACME)),) in offered(firm)


def test_a_block_is_not_offered_to_be_lifted_where_that_is_not_enough() -> None:
    firm = small_firm(grant(ben, acme, Level.BLOCKED), grant(team, acme))
    assert (w.RemoveGrant(to=(ben,), on=On.client(ACME)),) not in offered(firm)


def test_blocks_of_several_groups_are_offered_to_be_left_together() -> None:
    firm = small_firm(
        grant(team, acme, Level.BLOCKED),
        grant(group_subject(3), acme, Level.BLOCKED),
        grant(everyone, acme),
        groups={TEAM: (BEN,), 3: (BEN,)},
    )
    leave = [w.RemoveFromGroup(group=number, members=frozenset({BEN})) for number in (TEAM, 3)]
    assert tuple(leave) in offered(firm)


def test_a_block_on_a_service_is_offered_to_leave_the_client_out() -> None:
    firm = small_firm(grant(team, on_service(VAT), Level.BLOCKED), grant(everyone, acme))
    out = w.ExcludeClients(group=TEAM, service=VAT, clients=BitMap([ACME]))
    assert (out,) in offered(firm, ADA)


def test_an_excluded_client_is_offered_to_be_put_back() -> None:
    firm = small_firm(grant(team, on_service(VAT), excluded={ACME}), grant(ben, acme))
    back = w.IncludeClients(group=TEAM, service=VAT, clients=BitMap([ACME]))
    assert (back,) in offered(firm, ADA)


def test_an_expired_grant_is_offered_to_be_renewed_with_its_fee_split() -> None:
    firm = small_firm(grant(ben, acme, expires=NOW, fee_split=500))
    again = w.SetGrant(to=(ben,), on=On.client(ACME), level=Level.EDITOR, fee_split=500)
    assert (again,) in offered(firm)


def test_an_inactive_member_is_offered_to_be_reactivated() -> None:
    firm = small_firm(grant(ben, acme), members={BEN: Member(active=False)})
    assert offered(firm) == [(w.ReactivateMember(member=BEN),)]


def test_what_a_reactivated_member_still_lacks_comes_after_it() -> None:
    firm = small_firm(grant(ada, acme), members={BEN: Member(active=False)})
    again = w.ReactivateMember(member=BEN)
    assert (again, w.SetGrant(to=(ben,), on=On.client(ACME), level=Level.EDITOR)) in offered(firm)


def test_a_member_without_access_is_offered_the_permission() -> None:
    firm = small_firm(grant(ben, acme), members={BEN: Member(access=False)})
    assert offered(firm) == [(w.ChangeMember(member=BEN, access=True),)]


def test_an_auditor_is_offered_to_become_a_standard_member() -> None:
    firm = small_firm(grant(ben, acme), members={BEN: Member(role=Role.AUDITOR, access=False)})
    assert offered(firm) == [(w.ChangeMember(member=BEN, role=Role.STANDARD, access=True),)]


def test_a_wall_is_offered_without_the_member_without_the_client_and_lowered() -> None:
    sides = (Side(members=frozenset({ADA, BEN})), Side(clients=frozenset({ACME, BOOTS})))
    firm = small_firm(grant(ben, acme), grant(ben, on_client(BOOTS)), walls={1: Wall(sides=sides)})
    without_member = w.ChangeWall(wall=1, sides=(Side(members=frozenset({ADA})), sides[1]))
    without_client = w.ChangeWall(wall=1, sides=(sides[0], Side(clients=frozenset({BOOTS}))))
    assert sorted(map(str, offered(firm))) == sorted(
        map(str, [(without_member,), (without_client,), (w.LowerWall(wall=1),)])
    )


def test_a_wall_between_just_these_two_is_offered_to_be_lowered() -> None:
    sides = (Side(members=frozenset({BEN})), Side(clients=frozenset({ACME})))
    assert offered(small_firm(grant(ben, acme), walls={1: Wall(sides=sides)})) == [(w.LowerWall(wall=1),)]


def test_a_confidential_client_is_offered_to_be_opened() -> None:
    firm = small_firm(clients={ACME: Client(confidential=True)})
    assert (w.ChangeClient(client=ACME, confidential=False),) in offered(firm)


def test_unassigned_clients_are_offered_to_be_opened_last() -> None:
    firm = small_firm(unassigned="none", members=CHIEF)
    found = offered(firm)
    assert found[-1] == (w.ChangeSettings(values={"unassigned": "editor"}),)


def test_a_delegation_from_who_has_the_client_is_offered() -> None:
    made = w.SetDelegation(delegator=ADA, delegate=BEN, cap=Level.EDITOR)
    assert (made,) in offered(small_firm(grant(ada, acme, Level.OWNER)))


def test_a_delegation_under_too_low_a_cap_is_offered_to_be_raised() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        delegations={(ADA, BEN): Delegation(cap=Level.READER, cascades=False)},
    )
    raised = w.SetDelegation(delegator=ADA, delegate=BEN, cap=Level.EDITOR, cascades=False)
    assert (raised,) in offered(firm, level=Level.EDITOR)


def test_an_open_request_is_offered_to_be_granted() -> None:
    firm = replace(small_firm(grant(ada, acme), requests=True), requests={(ACME, BEN): Request()})
    assert (w.GrantRequest(client=ACME, member=BEN),) in offered(firm)


def test_a_higher_level_is_offered_to_who_sees_already() -> None:
    firm = small_firm(grant(ben, acme, Level.READER))
    assert (w.SetGrant(to=(ben,), on=On.client(ACME), level=Level.OWNER),) in offered(firm, level=Level.OWNER)


def test_owner_while_control_is_off_needs_control_on() -> None:
    firm = small_firm(control=False)
    assert all(commands[0] == w.TurnOn() for commands in offered(firm, level=Level.OWNER))


def test_the_smallest_effect_on_others_comes_first() -> None:
    firm = small_firm(grant(everyone, ALL_CLIENTS, Level.BLOCKED), grant(ada, acme))
    found = remedies(at(state_of(firm), NOW), BEN, ACME_VAT)
    touched = [remedy.effects.gains + remedy.effects.loses for remedy in found]
    assert touched == sorted(touched)
    assert isinstance(found[0].steps[0].command, w.SetGrant)


def test_the_whole_of_a_client_is_offered_engagement_by_engagement_where_it_must_be() -> None:
    firm = small_firm(
        grant(ben, on_engagement(ACME_VAT), Level.BLOCKED),
        grant(ben, on_engagement(ACME_GENERAL), Level.READER),
    )
    found = client_remedies(at(state_of(firm), NOW), BEN, ACME, Level.EDITOR)
    both = w.SetGrant(to=(ben,), on=On.engagement(ACME_GENERAL, ACME_VAT), level=Level.EDITOR)
    assert (both,) in [tuple(step.command for step in remedy.steps) for remedy in found]


def test_administrators_may_make_every_remedy() -> None:
    firm = small_firm(grant(team, acme), members=CHIEF)
    for remedy in remedies(at(state_of(firm), NOW), BEN, ACME_VAT):
        assert all(CY in step.makers for step in remedy.steps)


def test_who_shares_by_the_setting_may_grant_but_not_add_to_a_group() -> None:
    firm = small_firm(grant(team, acme, Level.OWNER), members=CHIEF, sharing="owners")
    makers = {
        type(remedy.steps[0].command): remedy.steps[0].makers
        for remedy in remedies(at(state_of(firm), NOW), BEN, ACME_VAT)
    }
    assert makers[w.SetGrant] == (ADA, CY)
    assert makers[w.AddToGroup] == (CY,)


def test_a_delegator_may_make_their_delegation() -> None:
    firm = small_firm(grant(ada, acme), members=CHIEF, sharing="administrators")
    makers = {
        type(remedy.steps[0].command): remedy.steps[0].makers
        for remedy in remedies(at(state_of(firm), NOW), BEN, ACME_VAT)
    }
    assert makers[w.SetDelegation] == (ADA, CY)


def test_an_administrator_on_the_wall_may_not_lower_it_while_another_could() -> None:
    sides = (Side(members=frozenset({CY})), Side(clients=frozenset({ACME})))
    firm = small_firm(members={**CHIEF, ADA: Member(role=Role.PRINCIPAL)}, walls={1: Wall(sides=sides)})
    assert first(firm, CY).steps[0].makers == (ADA,)
