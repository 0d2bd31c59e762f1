"""A leaver's access handed over client by client ends up as `member.deactivate` hands it over."""

from collections import Counter
from itertools import permutations

from pyroaring import BitMap

from ringfence.core.commands import Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.commands.handing_on import clients_kept_by_block, hand_over_commands, handable_clients
from ringfence.core.commands.lists import ListRefused, OneChange
from ringfence.core.decision.moment import at
from ringfence.core.decision.ownerless import last_owned_by
from ringfence.core.refusals import Problem
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level, Target, member_subject
from tests.core.firms import ACME, ADA, BEN, BOOTS, CY, NOW, grant, on_client, small_firm
from tests.core.random_firms import Chance, Firm, directory_of, firm, hold

TRIES = 600
Held = tuple[Target, Level, Instant | None, int | None]


def on_single_clients(facts: Facts, member: int) -> set[Held]:
    """The member's grants on clients that are there and on their engagements."""
    there = {number for number, client in facts.clients.items() if client.removed_at is None}
    found: set[Held] = set()
    for held in facts.grants:
        if held.subject != member_subject(member):
            continue
        target = held.target
        client = facts.engagements[target.number].client if target.kind == "engagement" else target.number
        if target.kind in {"client", "engagement"} and client in there:
            found.add((target, held.level, held.expires, held.fee_split))
    return found


def handed_over_at_once(firm: Firm, member: int, heir: int, now: Instant) -> Facts | None:
    command = w.DeactivateMember(member=member, hand_over_to=heir)
    try:
        return facts_of(carry_out(at(firm.state, now), firm.directory, command, actor=None)[1])
    except Refused:
        return None


def handed_over_in_parts(firm: Firm, member: int, heir: int, now: Instant) -> Facts | None:
    moment = at(firm.state, now)
    commands = hand_over_commands(moment, member, {heir: handable_clients(moment, member)})
    whole = OneChange(moment, firm.directory, actor=None)
    try:
        for command in [*commands, w.DeactivateMember(member=member)]:
            whole.carry_out(command)
        whole.finish(firm.directory)
    except ListRefused:
        return None
    return facts_of(whole.after)


def test_all_clients_to_one_colleague_is_the_hand_over_of_deactivating() -> None:

    met: Counter[str] = Counter()

    def same(chance: Chance) -> None:
        tried = firm(chance, fee_splits=True)
        member, heir = chance.random.sample(sorted(tried.state.members), 2)
        # A grant on a service or on all clients goes only with the whole.
        held = tried.state.held_by(member_subject(member))
        if held.services or held.all or not tried.state.members[heir].works:
            return
        one, parts = (road(tried, member, heir, NOW) for road in (handed_over_at_once, handed_over_in_parts))
        if one is None or parts is None:
            met["refused"] += 1
            assert one is parts
            return
        met["handed over"] += bool(handable_clients(at(tried.state, NOW), member))
        for number in (member, heir):
            assert on_single_clients(one, number) == on_single_clients(parts, number)
        assert one.members == parts.members

    hold(same, TRIES)
    assert min(met["handed over"], met["refused"]) > 20


def test_each_client_goes_to_its_own_heir_and_the_rest_stays() -> None:

    facts = small_firm(
        grant(member_subject(ADA), on_client(ACME), Level.OWNER),
        grant(member_subject(ADA), on_client(BOOTS), Level.EDITOR),
    )
    moment = at(state_of(facts), NOW)
    assert handable_clients(moment, ADA) == BitMap([ACME, BOOTS])
    commands = hand_over_commands(moment, ADA, {BEN: BitMap([ACME])})
    whole = OneChange(moment, directory_of(facts), actor=None)
    for command in commands:
        whole.carry_out(command)
    assert whole.after.held_by(member_subject(BEN)).level_on(on_client(ACME)) is Level.OWNER
    assert whole.after.held_by(member_subject(ADA)).grant_on(on_client(ACME)) is None
    assert whole.after.held_by(member_subject(ADA)).grant_on(on_client(BOOTS)) is not None
    assert whole.after.held_by(member_subject(CY)).empty


def test_what_a_block_keeps_from_the_heir_is_what_stays_with_the_leaver() -> None:
    met: Counter[bool] = Counter()

    def agrees(chance: Chance) -> None:
        tried = firm(chance)
        moment = at(tried.state, NOW)
        for member, heir in permutations(tried.state.members, 2):
            before = handable_clients(moment, member)
            if not before:
                continue
            whole = OneChange(moment, tried.directory, actor=None)
            for command in hand_over_commands(moment, member, {heir: before}):
                whole.carry_out(command)
            stays = handable_clients(at(whole.after, NOW), member)
            met[bool(stays)] += 1
            assert stays == clients_kept_by_block(moment, member, heir)

    hold(agrees, TRIES // 4)
    assert min(met.values()) > 5


def test_the_clients_of_a_last_owner_are_those_for_which_leaving_is_refused() -> None:

    met: Counter[bool] = Counter()

    def agrees(chance: Chance) -> None:
        tried = firm(chance, owner_required=True)
        member = chance.of(sorted(tried.state.members))
        if not tried.state.members[member].active:
            return
        last = bool(last_owned_by(tried.state, member))
        try:
            carry_out(at(tried.state, NOW), tried.directory, w.DeactivateMember(member=member), actor=None)
            refused = False
        except Refused as refusal:
            if refusal.problem is not Problem.LAST_OWNER:
                return
            refused = True
        met[refused] += 1
        assert last is refused

    hold(agrees, TRIES)
    assert min(met.values()) > 10
