"""The cap on who shares by the firm's setting, held against the reference at every instant (rules.md 5)."""

from collections.abc import Iterator
from itertools import product

import msgspec

from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.cap import refused_touching
from ringfence.core.authority.sharing import refused_acting, refused_sharing
from ringfence.core.commands import Problem
from ringfence.core.commands import definitions as w
from ringfence.core.commands.defaults import defaults_left_out
from ringfence.core.commands.definitions import On
from ringfence.core.commands.taking import refused_taking
from ringfence.core.decision.moment import at
from ringfence.core.events import Change
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts, Grant
from ringfence.core.terms import EVERYONE, Instant, Level, Subject, Target, group_subject, member_subject
from ringfence.core.values import DefaultGrant
from tests.core.firms import (
    ACME,
    ADA,
    BOOTS,
    BOOTS_GENERAL,
    NOW,
    TEAM,
    grant,
    on_client,
    on_engagement,
    small_firm,
)
from tests.core.random_commands import Done, done, tried
from tests.core.random_firms import Chance, Firm, firm, hold
from tests.core.test_commands_refusals import after, refused

THROWS = 500


def shared_by_the_setting(chance: Chance) -> Iterator[Done]:
    """Grant commands that were accepted from a member who shares by the setting alone."""
    sharing = chance.of(("owners", "anyone_with_access", "anyone_with_access"))
    given = firm(chance, sharing=sharing, requests=True, inaccessible="named")
    for it in done(chance, given, w.SetGrant, w.SetGrant, w.RemoveGrant, w.GrantRequest, tries=12):
        who = it.before.members.get(it.actor or 0)
        if who is not None and not who.administers and not who.manage_access:
            yield it


def touched(it: Done) -> Iterator[tuple[Grant | None, Grant | None]]:
    """Each grant that is another now: as it was and as it is."""
    was = {(grant.subject, grant.target): grant for grant in it.before.grants}
    will = {(grant.subject, grant.target): grant for grant in it.after.grants}
    for place in was.keys() | will.keys():
        if was.get(place) != will.get(place):
            yield was.get(place), will.get(place)


def emergency_ended(it: Done) -> set[int]:
    """The clients of which emergency access was ended: that may whoever may share them (rules.md 10)."""
    return {pair[0] for pair, was in it.before.emergencies.items() if it.after.emergencies.get(pair) != was}


def with_emergencies_over(facts: Facts) -> Facts:
    """The firm once all emergency access in it has ended, as it does by itself."""
    return msgspec.structs.replace(facts, emergencies={})


def authority(facts: Facts, member: int, target: Target, now: Instant) -> Level:
    if target.kind == "client":
        return reference.client_authority_level(facts, member, target.number, now)
    return reference.authority_level(facts, member, target.number, now)


def weight(grant: Grant) -> Level:
    """Blocked counts as Owner."""
    return Level.OWNER if grant.level is Level.BLOCKED else grant.level


def instants(*worlds: Facts) -> list[Instant]:
    """Now, and whenever anything expires."""
    times = {grant.expires for facts in worlds for grant in facts.grants}
    times |= {made.expires for facts in worlds for made in facts.delegations.values()}
    times |= {time for facts in worlds for wall in facts.walls.values() for time in (wall.starts, wall.ends)}
    return [NOW, *sorted(time for time in times if time is not None and time > NOW)]


def test_who_shares_by_the_setting_touches_no_grant_above_their_authority() -> None:
    accepted = 0

    def holds(chance: Chance) -> None:
        nonlocal accepted
        for it in shared_by_the_setting(chance):
            for was, will in touched(it):
                accepted += 1
                for touching in filter(None, (was, will)):
                    may = authority(it.before, it.actor or 0, touching.target, NOW)
                    assert weight(touching) <= may, it.command

    hold(holds, THROWS)
    assert accepted > 50


def test_nothing_that_is_given_outlasts_the_sharer_s_own_authority() -> None:
    def holds(chance: Chance) -> None:
        for it in shared_by_the_setting(chance):
            for _, given in touched(it):
                for now in instants(it.before) if given is not None else ():
                    assert given is not None
                    if given.expires is None or now < given.expires:
                        may = authority(it.before, it.actor or 0, given.target, now)
                        assert weight(given) <= may, it.command

    hold(holds, THROWS)


def test_who_adds_a_client_gives_what_they_could_a_moment_later() -> None:
    given_away = 0

    def holds(chance: Chance) -> None:
        nonlocal given_away
        sharing = chance.of(("owners", "anyone_with_access"))
        for it in done(chance, firm(chance, sharing=sharing), w.AddClient, tries=12):
            who = it.before.members.get(it.actor or 0)
            if who is None or who.administers or who.manage_access:
                continue
            bare = without_what_is_given(it)
            for given in it.after.grants - bare.grants if stated(it) else ():
                given_away += 1
                for now in instants(bare):
                    assert weight(given) <= authority(bare, it.actor or 0, given.target, now), it.command

    hold(holds, THROWS)
    assert given_away > 20


def stated(it: Done) -> bool:
    assert isinstance(it.command, w.AddClient)
    return bool(it.command.client.grants)


def without_what_is_given(it: Done) -> Facts:
    """The firm with the new client and with nothing on it but its creator's own Owner grant."""
    mine = Subject("member", it.actor or 0)
    owns = {g for g in it.after.grants if g.subject == mine} if it.before.settings.creator_owns else set()
    return msgspec.structs.replace(it.after, grants=it.before.grants | owns)


def test_nobody_raises_themselves_by_their_own_grant_at_any_time() -> None:
    def holds(chance: Chance) -> None:
        for it in shared_by_the_setting(chance):
            mine = Subject("member", it.actor or 0)
            if mine in {grant.subject for pair in touched(it) for grant in pair if grant is not None}:
                need_no_rise(it)

    hold(holds, THROWS * 3)


def need_no_rise(it: Done) -> None:
    before, after = with_control_on(it.before), with_control_on(it.after)
    for now in instants(before, after):
        for number in before.engagements:
            was, _ = reference.decide(before, it.actor or 0, number, now)
            will, reason = reference.decide(after, it.actor or 0, number, now)
            assert will <= was, (it.command, number, now - NOW, was, will, reason)


def with_control_on(facts: Facts) -> Facts:
    """What a member may do to their own grant is judged so, also while it is off (rules.md 9)."""
    return msgspec.structs.replace(facts, settings=msgspec.structs.replace(facts.settings, control=True))


def test_nobody_opens_what_they_do_not_own_at_any_time() -> None:
    opened = 0

    def holds(chance: Chance) -> None:
        nonlocal opened
        for it in shared_by_the_setting(chance):
            before, after = with_control_on(it.before), with_control_on(it.after)
            targets = {g.target for pair in touched(it) for g in pair if g is not None}
            for now, number in product(instants(before, after), before.engagements):
                if opens(it, before, after, number, now):
                    opened += 1
                    near = (on_engagement(number), on_client(before.engagements[number].client))
                    on = targets.intersection(near)
                    owned = {authority(it.before, it.actor or 0, target, NOW) for target in on}
                    assert Level.OWNER in owned, it.command

    # Of five hundred, with some seeds not one opens a client.
    hold(holds, THROWS * 4)
    assert opened > 0


def opens(it: Done, before: Facts, after: Facts, number: int, now: Instant) -> bool:
    """Whether the engagement becomes open to all: as it stands, or once emergency access is over."""
    by_itself = before.engagements[number].client in emergency_ended(it)
    views = [(with_emergencies_over(before), with_emergencies_over(after))]
    if not by_itself:
        views.append((before, after))
    return any(
        reference.open_to_all(was, number, now) < reference.open_to_all(will, number, now)
        for was, will in views
    )


def test_of_the_personal_defaults_those_apply_that_the_creator_could_set() -> None:
    applied, left_out = 0, 0

    def holds(chance: Chance) -> None:
        nonlocal applied, left_out
        given = firm(chance, personal_defaults=True, everyone_grants="yes")
        for creator, defaults in given.facts.defaults.items():
            row = w.ClientRow(name="New", services=dict.fromkeys(given.facts.services, ""))
            added = tried(given, w.AddClient(client=row), creator)
            if not isinstance(added, Change):
                continue
            on = w.On.client(given.state.register.next_client)
            later = a_moment_later(given, row, creator, on)
            will = facts_of(apply_all(given.state, added.events))
            for default in defaults:
                if default.subject == member_subject(creator) and given.facts.settings.creator_owns:
                    continue
                command = w.SetGrant(to=(default.subject,), on=on, level=default.level)
                may = isinstance(tried(later, command, creator), Change) or already(later, command, default)
                stands = any(
                    grant.target.kind == "client"
                    and grant.target.number in on.clients
                    and (grant.subject, grant.level) == (default.subject, default.level)
                    for grant in will.grants
                )
                applied, left_out = applied + (may and stands), left_out + (not may)
                assert may or not stands or already(later, command, default), (creator, default)
                told = defaults_left_out(given.state, w.AddClient(client=row), added, actor=creator)
                assert (default in told) is not stands, (creator, default)
                assert stands or not may, (creator, default)

    hold(holds, THROWS)
    assert applied > 20
    assert left_out > 20


def a_moment_later(given: Firm, row: w.ClientRow, creator: int, on: w.On) -> Firm:
    """The firm with the new client, its creator's Owner grant and the firm's default for Everyone."""
    bare = w.AddClient(client=msgspec.structs.replace(row, grants=()))
    change = tried(given, bare, creator)
    assert isinstance(change, Change)
    later = Firm(apply_all(given.state, change.events), given.directory)
    level = given.facts.settings.everyone_level
    if not level:
        return later
    default = tried(later, w.SetGrant(to=(group_subject(EVERYONE),), on=on, level=level), None)
    assert isinstance(default, Change)
    return Firm(apply_all(later.state, default.events), given.directory)


def already(later: Firm, command: w.SetGrant, default: DefaultGrant) -> bool:
    """Whether the firm's default for Everyone is this very grant."""
    held = later.state.held_by(default.subject)
    return all(held.level_on(on_client(client)) is default.level for client in command.on.clients)


def test_a_grant_of_one_s_own_stays_where_more_would_be_seen_once_a_block_ends() -> None:
    everyone = group_subject(EVERYONE)
    facts = small_firm(
        grant(member_subject(ADA), on_client(ACME), Level.READER),
        grant(group_subject(TEAM), on_client(ACME), Level.BLOCKED, expires=Instant(NOW + 1)),
        grant(everyone, on_client(ACME), Level.OWNER),
    )
    command = w.RemoveGrant(to=(member_subject(ADA),), on=w.On.client(ACME))
    assert refused(facts, command, ADA) == ("above_own_level", Problem.OWN_GRANT, "level")


def test_an_expired_grant_of_one_s_own_can_be_removed() -> None:
    facts = small_firm(
        grant(member_subject(ADA), on_client(ACME), Level.OWNER, expires=Instant(NOW - 1)),
        grant(group_subject(TEAM), on_client(ACME), Level.OWNER),
    )
    command = w.RemoveGrant(to=(member_subject(ADA),), on=w.On.client(ACME))
    assert after(facts, command, ADA).grants == {grant(group_subject(TEAM), on_client(ACME), Level.OWNER)}


def test_a_block_on_oneself_is_not_exchanged_for_a_level() -> None:
    facts = small_firm(
        grant(member_subject(ADA), on_client(BOOTS), Level.BLOCKED),
        grant(member_subject(ADA), on_engagement(BOOTS_GENERAL), Level.OWNER),
    )
    command = w.SetGrant(to=(member_subject(ADA),), on=w.On.client(BOOTS), level=Level.OWNER)
    assert refused(facts, command, ADA) == ("above_own_level", Problem.OWN_GRANT, "level")


def test_a_fee_split_is_changed_where_neither_the_level_nor_the_end_of_the_grant_can_be() -> None:
    mine, split = member_subject(ADA), 5_000
    facts = small_firm(
        grant(mine, on_client(ACME), Level.READER, fee_split=split),
        grant(group_subject(TEAM), on_client(ACME), Level.OWNER),
    )
    acting = Acting(moment=at(state_of(facts), NOW), actor=ADA)
    command = w.SetGrant(to=(mine,), on=w.On.client(ACME), level=Level.READER, fee_split=0)
    assert grant(mine, on_client(ACME), Level.READER, fee_split=0) in after(facts, command, ADA).grants
    assert refused_touching(acting, mine, on_client(ACME)) is None


def test_what_is_said_of_changing_and_taking_a_standing_grant_is_what_commands_are_told() -> None:
    asked = {"taken": 0, "not taken": 0, "changed": 0, "not changed": 0}

    def holds(chance: Chance) -> None:
        sharing = chance.of(("owners", "anyone_with_access", "anyone_with_access"))
        given = firm(chance, sharing=sharing, inaccessible="named")
        for member, stands in product(given.facts.members, given.facts.grants):
            acting = Acting(moment=at(given.state, NOW), actor=member)
            if refused_acting(acting) or stands.target.kind not in {"client", "engagement"}:
                continue
            if refused_sharing(acting, stands.target) is not None:
                continue
            on, to = On.target(stands.target), (stands.subject,)
            takes = not _above_cap(tried(given, w.RemoveGrant(to=to, on=on), member))
            assert (refused_taking(acting, stands.subject, stands.target) is None) is takes
            asked["taken" if takes else "not taken"] += 1
            ends = stands.expires if (stands.expires or 0) > NOW else None
            told = [
                tried(given, w.SetGrant(to=to, on=on, level=level, expires=expires), member)
                for level in (Level.READER, Level.EDITOR, Level.OWNER, Level.BLOCKED)
                for expires in (None, ends, Instant(NOW + 1))
                if (level, expires) != (stands.level, stands.expires)
            ]
            if stands.target.kind == "client":
                split = w.SetGrant(to=to, on=on, level=stands.level, expires=stands.expires, fee_split=0)
                told.append(tried(given, split, member))
            # The firm's settings may refuse each of them before the cap is asked.
            if refused_touching(acting, stands.subject, stands.target) is None:
                assert not all(map(_above_cap, told))
                asked["changed"] += 1
            else:
                assert not any(isinstance(each, Change) for each in told)
                asked["not changed"] += 1

    hold(holds, THROWS)
    assert all(count > 20 for count in asked.values()), asked


def _above_cap(told: Change | Refused) -> bool:
    return isinstance(told, Refused) and told.refusal is Refusal.ABOVE_OWN_LEVEL
