"""Which grants stand for whom is what the specification says of each grant, on whole random firms."""

from hypothesis import given

from ringfence.core.commands import Refused, carry_out
from ringfence.core.commands.definitions import RemoveService
from ringfence.core.decision.holders import (
    Idle,
    denied,
    fee_splits,
    holders,
    levels,
    open_to_everybody,
    owners_or_grantees,
    owns,
    service_uses,
    unassigned,
    wide_holders,
)
from ringfence.core.decision.holders import given as given_to
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import NO_TEXTS
from ringfence.core.refusals import Problem
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts, Grant
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, GENERAL, Level, Target, group_subject, member_subject
from tests.core.firms import (
    ACME,
    ACME_VAT,
    MOMENTS,
    NOW,
    TEAM,
    VAT,
    firms,
    grant,
    on_client,
    on_engagement,
    on_service,
    small_firm,
)
from tests.core.random_examples import name_the_seed, random_examples


def there(facts: Facts) -> list[int]:
    """The engagements of clients that are not removed."""
    return [number for client in facts.clients for number in specification.engagements_of(facts, client)]


def standing_on(facts: Facts, client: int) -> list[Grant]:
    """The grants on the client, its engagements and its services."""
    engagements = specification.engagements_of(facts, client)
    on = {Target("client", client)} | {Target("engagement", number) for number in engagements}
    on |= {Target("service", facts.engagements[number].service) for number in engagements}
    return [grant for grant in facts.grants if grant.target in on and client not in grant.excluded]


@random_examples(40)
@given(facts=firms())
def test_a_group_was_given_what_its_own_grants_let_it_in_to(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for group in facts.groups:
            expected = {each for each in there(facts) if specification.given(facts, group, each, now)}
            assert set(given_to(moment, group)) == expected
        everybody = {each for each in there(facts) if specification.given(facts, EVERYONE, each, now)}
        open_to_all = {each for each in there(facts) if specification.open_to_all(facts, each, now)}
        assert set(open_to_everybody(moment)) == everybody | open_to_all


@random_examples(40)
@given(facts=firms())
def test_a_group_is_denied_what_a_block_of_its_own_stands_on(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for group in facts.groups:
            expected = {
                each
                for each in there(facts)
                if any(
                    grant.level is Level.BLOCKED and (grant.expires is None or grant.expires > now)
                    for grant in on_it(facts, group, each)
                )
            }
            assert set(denied(moment, group)) == expected


@random_examples(40)
@given(facts=firms())
def test_the_levels_of_a_subject_are_those_of_its_counting_grants(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for subject in {each.subject for each in facts.grants}:
            expected = {
                each.level
                for each in facts.grants
                if each.subject == subject
                and (each.expires is None or each.expires > now)
                and (each.target == ALL_CLIENTS or _bears_on_any(facts, each))
            }
            assert levels(moment, subject) == tuple(sorted(expected))


def _bears_on_any(facts: Facts, grant: Grant) -> bool:
    return any(
        grant in standing_on(facts, facts.engagements[each].client) and _is_on(facts, grant, each)
        for each in there(facts)
    )


def _is_on(facts: Facts, grant: Grant, engagement: int) -> bool:
    its = facts.engagements[engagement]
    on = {Target("engagement", engagement), Target("client", its.client), Target("service", its.service)}
    return grant.target in on


@random_examples(40)
@given(facts=firms())
def test_unassigned_is_what_no_grant_but_blocked_stands_on(facts: Facts) -> None:
    name_the_seed()
    expected = {each for each in there(facts) if not specification.assigned(facts, each)}
    assert set(unassigned(at(state_of(facts), MOMENTS[0]))) == expected


def on_it(facts: Facts, group: int, engagement: int) -> list[Grant]:
    """The group's grants on the engagement, its client, its service or all clients."""
    client, service = facts.engagements[engagement].client, facts.engagements[engagement].service
    on = {Target("engagement", engagement), Target("client", client), Target("service", service)}
    return [
        grant
        for grant in facts.grants
        if grant.subject == group_subject(group)
        and grant.target in on | {ALL_CLIENTS}
        and client not in grant.excluded
    ]


@random_examples(40)
@given(facts=firms())
def test_holders_of_a_client_are_all_grants_that_stand_on_it(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[0])
    for client in facts.clients:
        found = holders(moment, client)
        expected = {(each.subject, each.target, each.level) for each in standing_on(facts, client)}
        assert {(each.subject, each.target, each.terms.level) for each in found} == expected
        assert len(found) == len(expected)


@random_examples(40)
@given(facts=firms())
def test_wide_holders_are_all_grants_on_all_clients(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        found = wide_holders(moment)
        wide = [each for each in facts.grants if each.target == ALL_CLIENTS]
        assert {(each.subject, each.terms.level, each.terms.expires) for each in found} == {
            (each.subject, each.level, each.expires) for each in wide
        }
        assert len(found) == len(wide)
        expired = {each.subject for each in wide if each.expires is not None and each.expires <= now}
        assert {each.subject for each in found if each.idle is Idle.EXPIRED} == expired


@random_examples(40)
@given(facts=firms())
def test_a_grant_that_gives_nothing_says_why(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        for client in facts.clients:
            for held in holders(moment, client):
                assert held.idle == _why_idle(
                    facts, moment, client, held.subject.kind, held.subject.number, held.target
                )


def _why_idle(
    facts: Facts, moment: Moment, client: int, kind: str, number: int, target: Target
) -> Idle | None:
    (grant,) = (
        each
        for each in standing_on(facts, client)
        if (each.subject.kind, each.subject.number, each.target) == (kind, number, target)
    )
    if grant.expires is not None and grant.expires <= moment.now:
        return Idle.EXPIRED
    if kind == "group":
        active = any(facts.members[member].active for member in facts.groups[number])
        return None if active else Idle.EMPTY_GROUP
    if not facts.members[number].active:
        return Idle.INACTIVE_MEMBER
    return None if facts.members[number].access else Idle.NO_ACCESS_PERMISSION


@random_examples(40)
@given(facts=firms())
def test_what_removing_a_grant_opens_is_what_is_unassigned_without_it(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[0])
    for client in facts.clients:
        for held in holders(moment, client):
            without = specification.without(facts, held.subject, held.target)
            expected = tuple(
                number
                for number in specification.engagements_of(facts, client)
                if specification.unassigned_level(without, number)
                and not specification.unassigned_level(facts, number)
            )
            assert held.opens == expected


@random_examples(40)
@given(facts=firms())
def test_an_owner_of_a_client_holds_it_themselves(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[0])
    for member in facts.members:
        for client in facts.clients:
            expected = any(
                grant.subject == member_subject(member)
                and grant.level is Level.OWNER
                and grant.target.kind in {"client", "engagement"}
                and (grant.expires is None or moment.now < grant.expires)
                for grant in standing_on(facts, client)
            )
            assert owns(moment, member, client) is expected


def small(*grants: Grant) -> Moment:
    return at(state_of(small_firm(*grants)), NOW)


def test_one_block_of_a_group_denies_what_its_other_grants_give() -> None:
    group = group_subject(TEAM)
    moment = small(grant(group, on_client(ACME)), grant(group, on_engagement(ACME_VAT), Level.BLOCKED))
    assert ACME_VAT in denied(moment, TEAM)
    assert ACME_VAT not in given_to(moment, TEAM)
    assert set(given_to(moment, TEAM)) | {ACME_VAT} == set(moment.state.register.engagements_of(ACME))


def test_a_block_of_a_group_on_a_service_denies_every_engagement_of_it() -> None:
    moment = small(grant(group_subject(TEAM), on_service(VAT), Level.BLOCKED))
    register = moment.state.register
    of_vat = {each for each in register.engagements if register.service_of[each] == VAT}
    assert set(denied(moment, TEAM)) == of_vat


def test_a_block_of_a_group_on_all_clients_denies_everything() -> None:
    group = group_subject(TEAM)
    moment = small(grant(group, on_client(ACME)), grant(group, ALL_CLIENTS, Level.BLOCKED))
    assert denied(moment, TEAM) == moment.state.register.engagements
    assert not given_to(moment, TEAM)


@random_examples(40)
@given(facts=firms())
def test_the_owners_of_a_client_are_told_or_where_there_are_none_its_direct_grantees(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        told: dict[int, set[int]] = {}
        for client in moment.state.register.clients:
            own = {
                (held.subject.number, held.terms.level)
                for held in holders(moment, client)
                if held.subject.kind == "member"
                and held.target.kind != "service"
                and held.idle is None
                and held.terms.level is not Level.BLOCKED
            }
            owners = {member for member, level in own if level is Level.OWNER}
            for member in owners or {member for member, _ in own}:
                told.setdefault(member, set()).add(client)
        found = owners_or_grantees(moment, moment.state.register.clients)
        assert {member: set(clients) for member, clients in found.items()} == told


@random_examples(40)
@given(facts=firms())
def test_what_has_a_service_is_counted_and_keeps_it_from_being_removed(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for service, use in service_uses(moment).items():
        having = {each.client for each in facts.engagements.values() if each.service == service}
        gone = {client for client in having if facts.clients[client].removed_at is not None}
        granted = [each.subject.kind for each in facts.grants if each.target == on_service(service)]
        assert (use.clients, use.removed) == (len(having - gone), len(gone))
        assert (use.groups, use.members) == (granted.count("group"), granted.count("member"))
        if service != GENERAL:
            assert bool(having or granted) == refused_removal(moment, service)


def refused_removal(moment: Moment, service: int) -> bool:
    """Whether the service may not be removed for what has it (rules.md 9, `service.remove`)."""
    try:
        carry_out(moment, NO_TEXTS, RemoveService(service=service), actor=None)
    except Refused as refused:
        return refused.problem is Problem.SERVICE_IN_USE
    return False


@random_examples(40)
@given(facts=firms())
def test_a_fee_split_is_of_a_grant_that_counts(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        for client in facts.clients:
            expected = {
                grant.subject.number: grant.fee_split
                for grant in facts.grants
                if facts.settings.fee_splits
                and facts.clients[client].removed_at is None
                and grant.target == Target("client", client)
                and grant.fee_split
                and grant.level is not Level.BLOCKED
                and (grant.expires is None or grant.expires > now)
                and facts.members[grant.subject.number].active
            }
            assert fee_splits(at(state, now), client) == expected
