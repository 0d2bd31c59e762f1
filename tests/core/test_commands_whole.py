"""Every command on whole random firms: refused whole or done whole, and what then holds (rules.md 5, 6).

What single commands do, and to whom they are refused, is in `tests/truth`.
"""

from collections.abc import Iterator

import msgspec

from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.commands.dispatch import HANDLERS
from ringfence.core.events import Change, decode_events, encode_events
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import EVERYONE, Level
from tests.core import model
from tests.core.firms import NOW
from tests.core.random_commands import MAKERS, Done, RandomCommands, done, tried
from tests.core.random_firms import Chance, administrators, firm, hold

THROWS = 500


def test_every_command_is_thrown() -> None:
    assert MAKERS.keys() == HANDLERS.keys()


def test_a_command_is_refused_or_done_and_the_state_that_it_met_stays() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        for _ in range(8):
            facts = given.facts
            random_commands = RandomCommands(chance, facts)
            change = tried(given, random_commands.command(), random_commands.actor())
            assert given.facts == facts
            if isinstance(change, Change):
                given = given.after(change)

    hold(holds, THROWS)


def test_what_is_done_says_so_in_events_that_apply() -> None:
    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance)):
            assert it.change.events
            facts = it.before
            for event in decode_events(encode_events(it.change.events)):
                facts = model.after(facts, event)
            assert facts == it.after

    hold(holds, THROWS)


def test_a_command_given_again_changes_no_facts() -> None:
    """In a list, parts already so are passed over; where all are so, that is a conflict (rules.md 6, 7)."""
    stating = (w.SetGrant, w.SetDelegation, w.ChangeSettings, w.ChangeMember, w.ChangeWall, w.SetDefaults)

    def holds(chance: Chance) -> None:
        given = firm(chance)
        random_commands = RandomCommands(chance, given.facts)
        command = random_commands.command(*stating)
        change = tried(given, command, None)
        if isinstance(change, Change):
            again = tried(given.after(change), command, None)
            assert isinstance(again, Refused)
            assert again.refusal == "conflict"

    hold(holds, THROWS)


def test_an_active_administrator_or_principal_remains() -> None:
    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance), w.ChangeMember, w.DeactivateMember, w.ReactivateMember):
            assert administrators(it.after) or not administrators(it.before), it.command

    hold(holds, THROWS)


def test_a_client_that_must_have_an_owner_keeps_a_person() -> None:
    kinds = (
        w.SetGrant,
        w.RemoveGrant,
        w.ChangeMember,
        w.DeactivateMember,
        w.CopyAccess,
        w.GrantRequest,
        w.RemoveEngagement,
        w.ChangeSettings,
    )

    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance, owner_required=True), *kinds):
            if it.after.settings.owner_required:
                assert not owned_by_a_person(it.before) - owned_by_a_person(it.after), it.command

    hold(holds, THROWS)


def owned_by_a_person(facts: Facts) -> set[int]:
    """Clients there with an unexpiring Owner grant of an active member with `access` (rules.md 5)."""
    return {
        grant.target.number
        for grant in facts.grants
        if (grant.subject.kind, grant.target.kind) == ("member", "client")
        if grant.level is Level.OWNER and grant.expires is None
        if facts.members[grant.subject.number].works
        if facts.clients[grant.target.number].removed_at is None
    }


def test_fee_splits_on_a_client_never_exceed_the_whole() -> None:
    kinds = (w.SetGrant, w.RemoveGrant, w.DeactivateMember, w.CopyAccess, w.RemoveClient, w.RestoreClient)

    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance, fee_splits=True), *kinds):
            for client in it.after.clients:
                assert fee_splits(it.after, client) <= 10_000, it.command

    hold(holds, THROWS)


def fee_splits(facts: Facts, client: int) -> int:
    """Their sum on the client, in hundredths of a per cent."""
    on_it = (grant for grant in facts.grants if grant.target == ("client", client))
    return sum(grant.fee_split or 0 for grant in on_it)


def test_everyone_holds_exactly_the_active_members() -> None:
    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance)):
            active = {number for number, member in it.after.members.items() if member.active}
            assert it.after.groups[EVERYONE] == active, it.command

    hold(holds, THROWS)


def test_nothing_names_what_was_never_there() -> None:
    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance)):
            _need_named_things(it)

    hold(holds, THROWS)


def _need_named_things(it: Done) -> None:
    facts, command = it.after, it.command
    there = {
        "member": facts.members.keys(),
        "group": facts.groups.keys(),
        "engagement": facts.engagements.keys(),
        "client": facts.clients.keys(),
        "service": facts.services,
        "all": {0},
    }
    for grant in facts.grants:
        assert grant.subject.number in there[grant.subject.kind], command
        assert grant.target.number in there[grant.target.kind], command
        assert grant.excluded <= facts.clients.keys(), command
    for members in facts.groups.values():
        assert members <= facts.members.keys(), command
    for giver, taker in facts.delegations:
        assert {giver, taker} <= facts.members.keys(), command
        assert giver != taker, command
    for client, asker in facts.requests:
        assert client in facts.clients, command
        assert facts.members[asker].active, command
    for wall in facts.walls.values():
        assert wall.acknowledged.keys() <= wall.members, command
        for side in wall.sides:
            assert side.members <= facts.members.keys(), command
            assert side.clients <= facts.clients.keys(), command
    for grants in facts.defaults.values():
        for default in grants:
            assert default.subject.number in there[default.subject.kind], command


def test_every_client_has_an_engagement_and_none_has_a_service_twice() -> None:
    kinds = (w.AddClient, w.ImportClients, w.AddEngagement, w.RemoveEngagement, w.RemoveService)

    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance), *kinds):
            places = [(its.client, its.service) for its in it.after.engagements.values()]
            assert len(set(places)) == len(places), it.command
            assert {client for client, _ in places} == it.after.clients.keys(), it.command

    hold(holds, THROWS)


def test_a_hand_over_keeps_the_sum_of_fee_splits() -> None:
    def holds(chance: Chance) -> None:
        for it in _handed_over(chance):
            for client in it.before.clients:
                assert fee_splits(it.after, client) == fee_splits(it.before, client), it.command

    hold(holds, THROWS)


def _handed_over(chance: Chance) -> Iterator[Done]:
    for it in done(chance, firm(chance), w.DeactivateMember):
        assert isinstance(it.command, w.DeactivateMember)
        if it.command.hand_over_to is not None:
            yield it


def test_a_hand_over_leaves_every_block_where_it_is() -> None:
    def holds(chance: Chance) -> None:
        for it in _handed_over(chance):
            blocks = {grant for grant in it.before.grants if grant.level is Level.BLOCKED}
            counting = {grant for grant in blocks if grant.expires is None or grant.expires > NOW}
            assert counting <= it.after.grants, it.command

    hold(holds, THROWS)


def test_a_hand_over_touches_the_grants_of_two_members_alone() -> None:
    def holds(chance: Chance) -> None:
        for it in _handed_over(chance):
            assert isinstance(it.command, w.DeactivateMember)
            two = {("member", it.command.member), ("member", it.command.hand_over_to)}
            moved = it.before.grants ^ it.after.grants
            assert {grant.subject for grant in moved} <= two, it.command
            kept = msgspec.structs.replace(it.after, grants=it.before.grants, members=it.before.members)
            same = msgspec.structs.replace(kept, groups=it.before.groups, requests=it.before.requests)
            # Their tokens end with them (rules.md 5).
            left = {n: each for n, each in it.before.tokens.items() if each.member != it.command.member}
            assert it.after.tokens == left, it.command
            same = msgspec.structs.replace(same, tokens=it.before.tokens)
            # What arrives replaces emergency access of the same member to the same client (rules.md 1, 10).
            was, will = it.before.emergencies.items(), it.after.emergencies.items()
            assert {pair[1] for pair, _ in was ^ will} <= {it.command.hand_over_to}, it.command
            assert msgspec.structs.replace(same, emergencies=it.before.emergencies) == it.before, it.command

    hold(holds, THROWS)


def test_a_hand_over_takes_nothing_from_the_successor() -> None:
    def holds(chance: Chance) -> None:
        for it in _handed_over(chance):
            assert isinstance(it.command, w.DeactivateMember)
            held = {g.target: g for g in it.after.grants if g.subject == ("member", it.command.hand_over_to)}
            for grant in it.before.grants:
                if grant.subject == ("member", it.command.hand_over_to) and _counts(grant.expires):
                    assert held[grant.target].level >= grant.level, it.command

    hold(holds, THROWS)


def _counts(expires: int | None) -> bool:
    return expires is None or expires > NOW
