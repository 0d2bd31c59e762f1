"""The reference decision, step by step of rules.md 2. What is built on it: `test_reference_whole.py`."""

import pytest

from ringfence.core.specification.decide import decide
from ringfence.core.specification.facts import Client
from ringfence.core.terms import (
    ALL_CLIENTS,
    Instant,
    Level,
    Reason,
    Role,
    Subject,
    Target,
    group_subject,
)
from ringfence.core.values import Delegation, Member, Side, Wall
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
    cy,
    everyone,
    grant,
    on_engagement,
    on_service,
    small_firm,
    team,
)

# Step 1


def test_an_unknown_engagement_is_outside_the_firm() -> None:
    assert decide(small_firm(), ADA, 99, NOW) == (Level.NONE, Reason.OUTSIDE_FIRM)


def test_an_unknown_member_is_outside_the_firm() -> None:
    assert decide(small_firm(), 99, ACME_VAT, NOW) == (Level.NONE, Reason.OUTSIDE_FIRM)


def test_a_removed_client_is_outside_the_firm() -> None:
    firm = small_firm(grant(ada, acme), clients={ACME: Client(removed_at=NOW)})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.OUTSIDE_FIRM)


# Step 2


def test_an_inactive_member_is_denied() -> None:
    firm = small_firm(grant(ada, acme), members={ADA: Member(active=False)})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.INACTIVE_MEMBER)


def test_a_member_without_access_is_denied_even_while_control_is_off() -> None:
    firm = small_firm(members={ADA: Member(access=False)}, control=False)
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NO_ACCESS_PERMISSION)


def test_being_inactive_is_the_reason_before_lacking_access() -> None:
    firm = small_firm(members={ADA: Member(access=False, active=False)})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.INACTIVE_MEMBER)


# Step 3


@pytest.mark.parametrize("turned", [False, True], ids=["first side", "second side"])
def test_a_wall_denies_from_either_side_whatever_else_holds(turned: bool) -> None:
    here, there = Side(members=frozenset({ADA})), Side(clients=frozenset({ACME}))
    wall = (there, here) if turned else (here, there)
    administrator = Member(role=Role.ADMINISTRATOR)
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        members={ADA: administrator},
        walls={1: Wall(sides=wall)},
        administrators="unrestricted",
        control=False,
    )
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.WALL)


def test_a_wall_does_not_stand_between_a_member_and_a_client_of_one_side() -> None:
    side = Side(members=frozenset({ADA}), clients=frozenset({ACME}))
    firm = small_firm(grant(ada, acme), walls={1: Wall(sides=(side, Side(clients=frozenset({BOOTS}))))})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.DIRECT)


# Step 4


def test_control_off_makes_everybody_an_editor_even_the_blocked() -> None:
    firm = small_firm(grant(ada, acme, Level.BLOCKED), control=False)
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.CONTROL_OFF)


# Step 5


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRINCIPAL])
def test_an_unrestricted_administrator_is_an_owner_even_when_blocked(role: Role) -> None:
    firm = small_firm(
        grant(ada, acme, Level.BLOCKED), members={ADA: Member(role=role)}, administrators="unrestricted"
    )
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.OWNER, Reason.ADMINISTRATOR)


def test_an_administrator_is_as_others_where_the_firm_says_so() -> None:
    firm = small_firm(grant(ben, acme), members={ADA: Member(role=Role.ADMINISTRATOR)})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_standard_member_is_never_unrestricted() -> None:
    firm = small_firm(administrators="unrestricted", unassigned="none")
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


# Step 6


@pytest.mark.parametrize("target", [on_engagement(ACME_VAT), acme], ids=["engagement", "client"])
def test_a_members_own_grant_gives_its_level(target: Target) -> None:
    firm = small_firm(grant(ada, target, Level.READER))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.READER, Reason.DIRECT)


@pytest.mark.parametrize("target", [on_engagement(ACME_VAT), acme], ids=["engagement", "client"])
def test_a_members_own_block_denies_whatever_their_groups_have(target: Target) -> None:
    firm = small_firm(grant(ada, target, Level.BLOCKED), grant(team, acme, Level.OWNER))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.BLOCKED)


def test_the_own_grant_on_the_engagement_comes_before_that_on_the_client() -> None:
    firm = small_firm(grant(ada, acme, Level.BLOCKED), grant(ada, on_engagement(ACME_VAT), Level.READER))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.READER, Reason.DIRECT)


def test_an_expired_own_grant_on_the_engagement_leaves_the_answer_to_that_on_the_client() -> None:
    firm = small_firm(
        grant(ada, on_engagement(ACME_VAT), Level.BLOCKED, expires=NOW), grant(ada, acme, Level.READER)
    )
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.READER, Reason.DIRECT)


@pytest.mark.parametrize("team_level", [Level.READER, Level.OWNER, Level.BLOCKED])
def test_a_members_own_grant_beats_their_groups_in_both_directions(team_level: Level) -> None:
    firm = small_firm(grant(ada, acme, Level.EDITOR), grant(team, acme, team_level))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.DIRECT)


# Step 7


@pytest.mark.parametrize(
    "target",
    [on_engagement(ACME_VAT), acme, on_service(VAT), ALL_CLIENTS],
    ids=["engagement", "client", "service", "all clients"],
)
def test_a_groups_grant_on_any_target_reaches_its_members_only(target: Target) -> None:
    firm = small_firm(grant(team, target, Level.READER), unassigned="none")
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.READER, Reason.GROUP)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


@pytest.mark.parametrize("target", [on_service(VAT), ALL_CLIENTS], ids=["service", "all clients"])
def test_a_members_own_wide_grant_is_named_all_clients(target: Target) -> None:
    firm = small_firm(grant(ada, target, Level.READER), unassigned="none")
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.READER, Reason.ALL_CLIENTS)


def test_a_group_that_gives_the_same_as_the_own_wide_grant_is_the_reason() -> None:
    firm = small_firm(grant(ada, ALL_CLIENTS), grant(team, acme))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.GROUP)


def test_the_own_wide_grant_is_the_reason_where_it_alone_gives_the_highest_level() -> None:
    firm = small_firm(grant(ada, ALL_CLIENTS, Level.OWNER), grant(team, acme))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.OWNER, Reason.ALL_CLIENTS)


def test_the_highest_level_of_several_groups_wins() -> None:
    firm = small_firm(
        grant(team, acme, Level.READER),
        grant(group_subject(3), acme, Level.EDITOR),
        groups={2: [ADA], 3: [ADA]},
    )
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.GROUP)


def test_one_blocked_group_denies_whatever_the_others_have() -> None:
    firm = small_firm(
        grant(team, acme, Level.OWNER),
        grant(group_subject(3), acme, Level.BLOCKED),
        groups={2: [ADA], 3: [ADA]},
    )
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.BLOCKED_BY_GROUP)


def test_an_own_wide_block_denies_what_the_groups_give() -> None:
    firm = small_firm(grant(ada, on_service(VAT), Level.BLOCKED), grant(team, acme, Level.OWNER))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.BLOCKED_BY_GROUP)


def test_an_excluded_client_is_out_of_a_groups_service_grant() -> None:
    firm = small_firm(grant(team, on_service(VAT), excluded=[ACME]), unassigned="none")
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_service_grant_leaves_other_services_alone() -> None:
    firm = small_firm(grant(team, on_service(VAT)), unassigned="none")
    assert decide(firm, ADA, ACME_GENERAL, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_grant_to_everyone_reaches_every_active_member() -> None:
    firm = small_firm(grant(everyone, acme, Level.READER))
    assert {decide(firm, who, ACME_VAT, NOW) for who in (ADA, BEN, CY)} == {(Level.READER, Reason.GROUP)}


# Step 8


def test_a_delegate_reaches_what_the_delegator_reaches() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), delegations={(ADA, BEN): Delegation()})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.OWNER, Reason.DELEGATED)


def test_a_delegator_passes_on_what_groups_and_wide_grants_give() -> None:
    firm = small_firm(
        grant(team, acme, Level.READER),
        grant(ada, ALL_CLIENTS, Level.EDITOR),
        delegations={(ADA, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)


def test_the_highest_level_of_several_delegators_counts() -> None:
    firm = small_firm(
        grant(ada, acme, Level.READER),
        grant(cy, acme, Level.EDITOR),
        delegations={(ADA, BEN): Delegation(), (CY, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)


def test_a_cap_lowers_what_is_passed_on() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), delegations={(ADA, BEN): Delegation(cap=Level.READER)})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.READER, Reason.DELEGATED)


def test_a_delegation_raises_what_groups_give() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        grant(team, acme, Level.READER),
        groups={TEAM: [BEN]},
        delegations={(ADA, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.OWNER, Reason.DELEGATED)


def test_a_delegation_of_the_same_level_leaves_the_group_as_the_reason() -> None:
    firm = small_firm(grant(everyone, acme), delegations={(ADA, BEN): Delegation()})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.GROUP)


def test_a_delegation_never_raises_a_members_own_grant() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        grant(ben, acme, Level.READER),
        delegations={(ADA, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.READER, Reason.DIRECT)


@pytest.mark.parametrize(
    ("blocked", "reason"), [(ben, Reason.BLOCKED), (team, Reason.BLOCKED_BY_GROUP)], ids=["member", "group"]
)
def test_a_block_on_the_delegate_or_a_group_stops_what_others_delegate(
    blocked: Subject, reason: Reason
) -> None:
    firm = small_firm(
        grant(ada, acme),
        grant(blocked, acme, Level.BLOCKED),
        groups={TEAM: [BEN]},
        delegations={(ADA, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, reason)


def test_delegation_cascades_each_hop_under_its_own_cap() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        delegations={(ADA, BEN): Delegation(cap=Level.EDITOR), (BEN, CY): Delegation(cap=Level.READER)},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.READER, Reason.DELEGATED)


def test_a_later_hop_never_gives_more_than_an_earlier_cap() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        delegations={(ADA, BEN): Delegation(cap=Level.READER), (BEN, CY): Delegation()},
    )
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.READER, Reason.DELEGATED)


def test_a_delegation_that_does_not_cascade_stops_at_the_first_delegate() -> None:
    firm = small_firm(
        grant(ada, acme),
        delegations={(ADA, BEN): Delegation(cascades=False), (BEN, CY): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_delegate_whose_delegation_does_not_cascade_still_takes_what_others_passed_on() -> None:
    firm = small_firm(
        grant(ada, acme),
        delegations={(ADA, BEN): Delegation(), (BEN, CY): Delegation(cascades=False)},
    )
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)


def test_a_cycle_of_delegations_gives_each_what_the_others_have() -> None:
    firm = small_firm(
        grant(ada, on_engagement(ACME_GENERAL), Level.OWNER),
        grant(cy, on_engagement(ACME_VAT), Level.READER),
        delegations={(ADA, BEN): Delegation(), (BEN, CY): Delegation(), (CY, ADA): Delegation()},
    )
    assert decide(firm, CY, ACME_GENERAL, NOW) == (Level.OWNER, Reason.DELEGATED)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.READER, Reason.DELEGATED)


@pytest.mark.parametrize(
    "delegator",
    [Member(active=False), Member(access=False)],
    ids=["inactive", "without access"],
)
def test_a_delegator_who_may_not_be_let_in_passes_nothing_on(delegator: Member) -> None:
    firm = small_firm(grant(ada, acme), members={ADA: delegator}, delegations={(ADA, BEN): Delegation()})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


@pytest.mark.parametrize("target", [acme, ALL_CLIENTS], ids=["direct", "wide"])
def test_a_blocked_delegator_passes_nothing_on(target: Target) -> None:
    firm = small_firm(
        grant(ada, target, Level.BLOCKED),
        grant(team, acme, Level.OWNER),
        delegations={(ADA, BEN): Delegation()},
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_walled_off_delegator_passes_nothing_on() -> None:
    wall = (Side(members=frozenset({ADA})), Side(clients=frozenset({ACME})))
    firm = small_firm(grant(ada, acme), walls={1: Wall(sides=wall)}, delegations={(ADA, BEN): Delegation()})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_blocked_delegate_in_the_middle_stops_the_chain() -> None:
    firm = small_firm(
        grant(ada, acme),
        grant(ben, acme, Level.BLOCKED),
        delegations={(ADA, BEN): Delegation(), (BEN, CY): Delegation()},
    )
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_the_own_grant_of_a_delegate_in_the_middle_is_what_it_passes_on() -> None:
    firm = small_firm(
        grant(ada, acme, Level.OWNER),
        grant(ben, acme, Level.READER),
        delegations={(ADA, BEN): Delegation(), (BEN, CY): Delegation()},
    )
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.READER, Reason.DELEGATED)


def test_the_powers_of_an_administrator_are_not_passed_on() -> None:
    firm = small_firm(
        members={ADA: Member(role=Role.ADMINISTRATOR)},
        delegations={(ADA, BEN): Delegation()},
        administrators="unrestricted",
        unassigned="none",
    )
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_an_expired_delegation_passes_nothing_on() -> None:
    firm = small_firm(grant(ada, acme), delegations={(ADA, BEN): Delegation(expires=NOW)})
    assert decide(firm, BEN, ACME_VAT, Instant(NOW - 1)) == (Level.EDITOR, Reason.DELEGATED)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_delegations_do_not_count_while_the_setting_is_off() -> None:
    firm = small_firm(grant(ada, acme), delegations={(ADA, BEN): Delegation()}, delegation=False)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


# Step 9


@pytest.mark.parametrize("level", [Level.READER, Level.EDITOR, Level.OWNER])
def test_an_unassigned_engagement_is_open_at_the_firms_level(level: Level) -> None:
    firm = small_firm(unassigned=level.word)
    assert decide(firm, ADA, ACME_VAT, NOW) == (level, Reason.UNASSIGNED)


def test_an_unassigned_engagement_is_closed_where_the_firm_leaves_none_open() -> None:
    firm = small_firm(unassigned="none")
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_a_confidential_client_is_never_open_as_unassigned() -> None:
    firm = small_firm(clients={ACME: Client(confidential=True)})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_openness_above_what_a_wide_grant_gave_stands() -> None:
    firm = small_firm(grant(ada, ALL_CLIENTS, Level.READER))
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.UNASSIGNED)


def test_openness_above_what_a_delegation_gave_stands() -> None:
    firm = small_firm(grant(ada, ALL_CLIENTS, Level.READER), delegations={(ADA, BEN): Delegation()})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.UNASSIGNED)


def test_openness_of_the_same_level_leaves_the_earlier_reason() -> None:
    firm = small_firm(grant(ada, ALL_CLIENTS), delegations={(ADA, BEN): Delegation()})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.ALL_CLIENTS)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.EDITOR, Reason.DELEGATED)


def test_openness_never_lets_the_blocked_in() -> None:
    firm = small_firm(grant(ada, acme, Level.BLOCKED), grant(team, acme, Level.BLOCKED), groups={TEAM: [BEN]})
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.BLOCKED)
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.BLOCKED_BY_GROUP)
    assert decide(firm, CY, ACME_VAT, NOW) == (Level.EDITOR, Reason.UNASSIGNED)


# Step 10


def test_a_member_to_whom_no_step_gives_anything_is_denied() -> None:
    firm = small_firm(grant(ada, acme))
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)
