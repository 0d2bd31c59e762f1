"""The clients that a member may share, as a set: what the rules say of each of them, on random firms."""

from hypothesis import given

from ringfence.core.authority import cap, sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Role, Target
from ringfence.core.values import Member, Side, Wall
from tests.core.firms import ACME, ADA, BEN, BOOTS, CY, MOMENTS, NOW, firms, small_firm
from tests.core.random_examples import name_the_seed, random_examples


@random_examples(60)
@given(facts=firms())
def test_the_set_has_each_client_whose_sharing_is_not_refused(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in (MOMENTS[0], MOMENTS[-1]):
        for actor in (None, *facts.members):
            acting = Acting(moment=at(state, now), actor=actor)
            stays_out = sharing.refused_acting(acting) is not None
            each = {
                client
                for client in state.register.clients
                if not stays_out and sharing.refused_sharing(acting, Target("client", client)) is None
            }
            assert set(sharing.shareable(acting)) == each
            assert sharing.shares_any(acting) is bool(each)


def test_a_client_behind_the_actors_own_wall_is_shared_by_another_who_manages_access() -> None:
    administrator = Member(role=Role.ADMINISTRATOR)
    wall = (
        Side(members=frozenset({ADA}), clients=frozenset({BOOTS})),
        Side(members=frozenset({CY}), clients=frozenset({ACME})),
    )
    people = {ADA: administrator, BEN: administrator}
    moment = at(state_of(small_firm(members=people, walls={1: Wall(sides=wall)})), NOW)
    assert set(sharing.shareable(Acting(moment=moment, actor=ADA))) == {BOOTS}
    assert set(sharing.shareable(Acting(moment=moment, actor=BEN))) == {ACME, BOOTS}


@random_examples(60)
@given(facts=firms())
def test_the_cap_is_passed_over_only_where_authority_is_owner_for_good(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    ends = {each.expires for each in facts.grants if each.expires is not None}
    ends |= {each.expires for each in facts.delegations.values() if each.expires is not None}
    ends |= {wall.starts for wall in facts.walls.values() if wall.starts is not None}
    for member in facts.members:
        acting = Acting(moment=at(state, MOMENTS[0]), actor=member)
        for client in cap.never_above_cap(acting):
            for now in {MOMENTS[0], *(end for end in ends if end > MOMENTS[0])}:
                level = specification.client_authority_level(facts, member, client, now)
                assert level is Level.OWNER
