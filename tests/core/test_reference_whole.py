"""What the reference builds on the decision: assigned, time, the level on clients, openness, authority.

The steps themselves are in `test_reference.py`.
"""

import pytest

from ringfence.core.specification.decide import (
    assigned,
    authority_level,
    client_authority_level,
    client_level,
    decide,
    open_to_all,
    sees,
)
from ringfence.core.specification.facts import Client
from ringfence.core.terms import (
    ALL_CLIENTS,
    GENERAL,
    Instant,
    Level,
    Reason,
    Role,
    Target,
)
from ringfence.core.values import Delegation, Member, Side, Wall
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    BOOTS_GENERAL,
    NOW,
    TEAM,
    VAT,
    acme,
    ada,
    everyone,
    grant,
    on_engagement,
    on_service,
    small_firm,
    team,
)

# Assigned (rules.md 1)


@pytest.mark.parametrize("target", [on_engagement(ACME_VAT), acme, on_service(VAT)])
def test_a_grant_on_engagement_client_or_service_assigns(target: Target) -> None:
    assert assigned(small_firm(grant(team, target)), ACME_VAT)


def test_a_grant_on_all_clients_assigns_nothing() -> None:
    assert not assigned(small_firm(grant(team, ALL_CLIENTS)), ACME_VAT)


def test_a_block_assigns_nothing() -> None:
    assert not assigned(small_firm(grant(ada, acme, Level.BLOCKED)), ACME_VAT)


def test_an_excluded_client_stays_unassigned() -> None:
    assert not assigned(small_firm(grant(team, on_service(VAT), excluded=[ACME])), ACME_VAT)


def test_a_grant_on_one_engagement_leaves_its_clients_others_unassigned() -> None:
    assert not assigned(small_firm(grant(ada, on_engagement(ACME_VAT))), ACME_GENERAL)


def test_an_expired_grant_still_assigns() -> None:
    firm = small_firm(grant(ada, acme, expires=NOW))
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_the_grant_of_an_inactive_member_still_assigns() -> None:
    firm = small_firm(grant(ada, acme), members={ADA: Member(active=False)})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_the_grant_of_an_empty_group_still_assigns() -> None:
    firm = small_firm(grant(team, acme), groups={TEAM: []})
    assert decide(firm, BEN, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


# Time


def test_a_grant_counts_until_its_expiry_and_not_from_it_on() -> None:
    firm = small_firm(grant(ada, acme, expires=NOW))
    assert decide(firm, ADA, ACME_VAT, Instant(NOW - 1)) == (Level.EDITOR, Reason.DIRECT)
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.NONE, Reason.NOT_ASSIGNED)


def test_an_expired_block_denies_nothing() -> None:
    firm = small_firm(grant(team, acme, Level.BLOCKED, expires=NOW), grant(everyone, acme))
    assert decide(firm, ADA, ACME_VAT, Instant(NOW - 1)) == (Level.NONE, Reason.BLOCKED_BY_GROUP)
    assert decide(firm, ADA, ACME_VAT, NOW) == (Level.EDITOR, Reason.GROUP)


# Clients


def test_a_member_sees_a_client_of_which_they_see_one_engagement() -> None:
    firm = small_firm(grant(ada, on_engagement(ACME_VAT)), unassigned="none")
    assert sees(firm, ADA, NOW) == {ACME}


def test_the_level_on_a_client_is_the_lowest_over_its_engagements() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), grant(ada, on_engagement(ACME_VAT), Level.READER))
    assert client_level(firm, ADA, ACME, NOW) is Level.READER


def test_there_is_no_level_on_a_client_with_one_denied_engagement() -> None:
    firm = small_firm(grant(ada, on_engagement(ACME_VAT)), unassigned="none")
    assert client_level(firm, ADA, ACME, NOW) is Level.NONE


def test_there_is_no_level_on_a_removed_client() -> None:
    firm = small_firm(grant(ada, acme), clients={ACME: Client(removed_at=NOW)})
    assert client_level(firm, ADA, ACME, NOW) is Level.NONE


# Open to all (rules.md 6)


def test_every_engagement_is_open_to_all_while_control_is_off() -> None:
    assert open_to_all(small_firm(grant(ada, acme), control=False), ACME_VAT, NOW)


def test_an_unassigned_engagement_is_open_to_all() -> None:
    assert open_to_all(small_firm(grant(ada, acme)), BOOTS_GENERAL, NOW)


def test_an_assigned_engagement_is_not_open_to_all() -> None:
    assert not open_to_all(small_firm(grant(ada, acme)), ACME_VAT, NOW)


def test_no_engagement_of_a_removed_client_is_open_to_all() -> None:
    firm = small_firm(clients={ACME: Client(removed_at=NOW)}, control=False)
    assert not open_to_all(firm, ACME_VAT, NOW)


# Authority level (rules.md 5)


def test_authority_is_decided_as_though_control_were_on() -> None:
    firm = small_firm(grant(ada, acme, Level.READER), control=False)
    assert authority_level(firm, ADA, ACME_VAT, NOW) is Level.READER
    assert authority_level(firm, BEN, ACME_VAT, NOW) is Level.NONE


def test_delegation_gives_no_authority() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), delegations={(ADA, BEN): Delegation()})
    assert authority_level(firm, BEN, ACME_VAT, NOW) is Level.NONE


def test_openness_gives_no_authority() -> None:
    assert authority_level(small_firm(unassigned="owner"), ADA, ACME_VAT, NOW) is Level.NONE


def test_an_unrestricted_administrator_has_the_authority_of_an_owner() -> None:
    firm = small_firm(members={ADA: Member(role=Role.ADMINISTRATOR)}, administrators="unrestricted")
    assert authority_level(firm, ADA, ACME_VAT, NOW) is Level.OWNER


def test_a_blocked_member_has_no_authority() -> None:
    firm = small_firm(grant(ada, acme, Level.BLOCKED), grant(team, acme, Level.OWNER))
    assert authority_level(firm, ADA, ACME_VAT, NOW) is Level.NONE


def test_a_walled_off_member_has_no_authority() -> None:
    wall = (Side(members=frozenset({ADA})), Side(clients=frozenset({ACME})))
    firm = small_firm(grant(ada, acme, Level.OWNER), walls={1: Wall(sides=wall)})
    assert authority_level(firm, ADA, ACME_VAT, NOW) is Level.NONE


def test_a_member_without_access_has_no_authority() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), members={ADA: Member(access=False)})
    assert authority_level(firm, ADA, ACME_VAT, NOW) is Level.NONE


def test_groups_give_authority() -> None:
    assert authority_level(small_firm(grant(team, acme, Level.OWNER)), ADA, ACME_VAT, NOW) is Level.OWNER


def test_authority_on_a_client_is_the_lowest_over_its_engagements() -> None:
    firm = small_firm(grant(team, acme, Level.OWNER), grant(ada, on_engagement(ACME_VAT), Level.READER))
    assert client_authority_level(firm, ADA, ACME, NOW) is Level.READER


def test_the_general_engagement_is_decided_like_any_other() -> None:
    firm = small_firm(grant(team, on_service(GENERAL)), unassigned="none")
    assert sees(firm, ADA, NOW) == {ACME, BOOTS}
