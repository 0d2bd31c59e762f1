"""Who may give which command, read from rules.md 5 anew and held against what is accepted and what forbidden.

On random firms. The cap on who shares by the setting is in `test_commands_cap.py`, what an actor may not know
of in `test_commands_unknown.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.events import Change, EngagementAdded
from ringfence.core.refusals import Refusal
from ringfence.core.specification import decide as reference
from ringfence.core.specification import reviews as slowly
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Reason, Role, Scope, Target
from ringfence.core.values import Member
from tests.core import model
from tests.core.firms import NOW, on_client, on_engagement
from tests.core.random_commands import MAKERS, RandomCommands, tried
from tests.core.random_firms import Chance, administrators, firm, hold

THROWS = 1_000


class Asking:
    """One command with its actor, an active member, and the firm that it meets."""

    def __init__(self, facts: Facts, actor: int) -> None:
        self.facts = facts
        self.actor = actor
        self.who: Member = facts.members[actor]

    @property
    def manages(self) -> bool:
        return self.who.administers or self.who.manage_access

    def shares(self, target: Target) -> bool:
        """Administrators, principals, `manage_access`, and by the setting; nobody behind a wall of theirs."""
        client = target.number
        level = reference.client_authority_level(self.facts, self.actor, client, NOW)
        if target.kind == "engagement":
            client = self.facts.engagements[target.number].client
            level = reference.authority_level(self.facts, self.actor, target.number, NOW)
        least = {"administrators": Level.BLOCKED, "owners": Level.OWNER, "anyone_with_access": Level.READER}
        by_setting = level >= least[self.facts.settings.sharing]
        return (self.manages or by_setting) and not self.kept_from(client)

    def kept_from(self, client: int) -> bool:
        """Whether a wall keeps the client from them, which somebody outside it could deal with."""
        return any(
            (self.actor in here.members and client in there.clients) and self.dealt_with_by_others(number)
            for number, wall in self.facts.walls.items()
            if (wall.starts is None or wall.starts <= NOW) and (wall.ends is None or wall.ends > NOW)
            for here, there in (wall.sides, wall.sides[::-1])
        )

    def dealt_with_by_others(self, wall: int) -> bool:
        one, other = self.facts.walls[wall].sides
        involved = one.members | other.members
        return any(number not in involved for number in administrators(self.facts))

    def has(self, client: int, level: Level) -> bool:
        return reference.client_level(self.facts, self.actor, client, NOW) >= level

    def has_on(self, engagement: int, level: Level) -> bool:
        return reference.decide(self.facts, self.actor, engagement, NOW)[0] >= level


def may(it: Asking, command: w.Command) -> bool:
    """The table of rules.md 5."""
    rule = RULES.get(type(command))
    return it.who.administers if rule is None else rule(it, command)


def _principals(it: Asking, was: Role, will: Role) -> bool:
    if was is will or Role.PRINCIPAL not in {was, will} or it.who.role is Role.PRINCIPAL:
        return it.who.administers
    active = any(member.active and member.role is Role.PRINCIPAL for member in it.facts.members.values())
    return it.who.administers and will is Role.PRINCIPAL and not active


def _add_member(it: Asking, command: w.AddMember) -> bool:
    return _principals(it, Role.STANDARD, command.role)


def _change_member(it: Asking, command: w.ChangeMember) -> bool:
    was = it.facts.members.get(command.member, Member()).role
    return _principals(it, was, was if command.role is UNSET else command.role)


def _switch(it: Asking, command: w.DeactivateMember | w.ReactivateMember) -> bool:
    """As unmaking one and making one, where it is a principal."""
    was = it.facts.members.get(command.member, Member())
    if was.role is not Role.PRINCIPAL:
        return it.who.administers
    there = (Role.PRINCIPAL, Role.STANDARD)
    return _principals(it, *(there if was.active else there[::-1]))


def _delete_group(it: Asking, command: w.DeleteGroup) -> bool:
    """Sharing each client that the group has a grant on (rules.md 9, walls)."""
    targets = {grant.target for grant in it.facts.grants if grant.subject == ("group", command.group)}
    return it.who.administers and not any(map(it.kept_from, _clients_of(it.facts, targets)))


def _clients_of(facts: Facts, targets: Iterable[Target]) -> set[int]:
    near = [target for target in targets if target.kind in {"client", "engagement"}]
    return {facts.engagements[on.number].client if on.kind == "engagement" else on.number for on in near}


def _remove_engagement(it: Asking, command: w.RemoveEngagement) -> bool:
    """Owner of it; and sharing, where grants on it go along."""
    on = on_engagement(command.engagement)
    granted = any(grant.target == on for grant in it.facts.grants)
    kept = granted and any(map(it.kept_from, _clients_of(it.facts, [on])))
    return (it.who.administers or it.has_on(command.engagement, Level.OWNER)) and not kept


def _grants(it: Asking, command: w.SetGrant | w.RemoveGrant | w.CreateGroup) -> bool:
    targets = [*map(on_client, command.on.clients), *map(on_engagement, command.on.engagements)]
    wide = command.on.wide or isinstance(command, w.CreateGroup)
    return (it.who.administers or not wide) and all(map(it.shares, targets))


def _exclusion(it: Asking, command: w.ExcludeClients | w.IncludeClients) -> bool:
    return it.who.administers and all(it.shares(on_client(client)) for client in command.clients)


def _wall(it: Asking, command: w.ChangeWall | w.LowerWall) -> bool:
    wall = it.facts.walls.get(command.wall)
    on_it = wall is not None and any(it.actor in side.members for side in wall.sides)
    return it.who.administers and not (on_it and it.dealt_with_by_others(command.wall))


def _change_client(it: Asking, command: w.ChangeClient) -> bool:
    edits = it.has(command.client, Level.EDITOR)
    corrects = (command.name, command.reference) != (UNSET, UNSET)
    return (
        (not corrects or edits or it.who.administers)
        and (command.kind is UNSET or edits)
        and (command.confidential is UNSET or it.shares(on_client(command.client)))
    )


def _add_engagement(it: Asking, command: w.AddEngagement | w.EngagementRow) -> bool:
    if not it.has(command.client, Level.EDITOR):
        return False
    if command.service not in it.facts.services:
        return True
    number = max(it.facts.engagements) + 1
    event = EngagementAdded(engagement=number, client=command.client, service=command.service)
    after = model.after(it.facts, event)
    lets_in = any(
        reference.decide(after, member, number, NOW)[0]
        and command.client not in reference.sees(it.facts, member, NOW)
        for member in it.facts.members
    )
    return not lets_in or it.shares(on_client(command.client))


def _import_engagements(it: Asking, command: w.ImportEngagements) -> bool:
    """Whether each row may be done, judged where none is done yet (rules.md 9, lists)."""
    return all(_add_engagement(it, row) for row in command.rows)


def _restore(it: Asking, command: w.RestoreClient) -> bool:
    there = msgspec.structs.replace(it.facts.clients[command.client], removed_at=None)
    back = msgspec.structs.replace(it.facts, clients={**it.facts.clients, command.client: there})
    return it.who.administers or Asking(back, it.actor).has(command.client, Level.OWNER)


def _add_token(it: Asking, command: w.AddToken) -> bool:
    """For others nothing that changes anything, and for a principal only another one."""
    member = it.actor if command.member is None else command.member
    if member == it.actor or not it.who.administers:
        return it.who.administers
    principal = it.facts.members.get(member, Member()).role is Role.PRINCIPAL
    return Scope.MANAGE not in command.scopes and (not principal or it.who.role is Role.PRINCIPAL)


def _revoke_token(it: Asking, command: w.RevokeToken) -> bool:
    """Also whose it is."""
    token = it.facts.tokens.get(command.token)
    return it.who.administers or (token is not None and token.member == it.actor)


def _decide_review(it: Asking, command: w.DecideReview) -> bool:
    """A reviewer of all the items, who may do to each what is decided."""
    if not _reviews(it, command):
        return False
    terms = it.facts.reviews[command.review].terms
    for number in _items(it, command) if command.decision != "keep" else ():
        if not slowly.stands(it.facts, terms, number):
            continue
        if number >= terms.first_delegation:
            if not it.manages:
                return False
            continue
        first, run = [each for each in terms.runs() if each[0] <= number][-1]
        if command.decision == "remove" or command.level < run.level < Level.BLOCKED:
            target = Target(run.kind, run.targets[number - first])
            allowed = it.who.administers if run.kind in ("service", "all") else it.shares(target)
            if not allowed:
                return False
    return True


def _reviews(it: Asking, command: w.DecideReview | w.HandOverReview) -> bool:
    review = it.facts.reviews[command.review]
    return all(it.actor in slowly.reviewers(it.facts, review, number, NOW) for number in _items(it, command))


def _items(it: Asking, command: w.DecideReview | w.HandOverReview) -> set[int]:
    found, terms = set(command.items.numbers), it.facts.reviews[command.review].terms
    for subject, on in command.items.grants:
        found |= {
            first + place
            for first, run in terms.runs()
            for place, number in enumerate(run.targets)
            if run.subject == subject and w.On.target(Target(run.kind, number)) == on
        }
    return found


def _open_emergency(it: Asking, command: w.OpenEmergency) -> bool:
    """Past nothing but a missing grant: no wall, and no block that is all there is (rules.md 10)."""
    if not it.who.access or reference.walled(it.facts, it.actor, command.client, NOW):
        return False
    engagements = reference.engagements_of(it.facts, command.client)
    reasons = {reference.decide(it.facts, it.actor, number, NOW)[1] for number in engagements}
    return Reason.NOT_ASSIGNED in reasons or not reasons & {Reason.BLOCKED, Reason.BLOCKED_BY_GROUP}


RULES: dict[type[w.Command], Callable[[Asking, Any], bool]] = {
    w.AddMember: _add_member,
    w.ChangeMember: _change_member,
    w.DeactivateMember: _switch,
    w.ReactivateMember: _switch,
    w.DeleteGroup: _delete_group,
    w.SetGrant: _grants,
    w.RemoveGrant: _grants,
    w.CreateGroup: _grants,
    w.ExcludeClients: _exclusion,
    w.IncludeClients: _exclusion,
    w.ChangeWall: _wall,
    w.LowerWall: _wall,
    w.AcknowledgeWall: lambda it, command: it.actor in it.facts.walls[command.wall].members,
    w.AddClient: lambda it, command: it.who.access,
    w.ImportClients: lambda it, command: it.who.access,
    w.ChangeClient: _change_client,
    w.RemoveClient: lambda it, command: it.who.administers or it.has(command.client, Level.OWNER),
    w.RestoreClient: _restore,
    w.AddEngagement: _add_engagement,
    w.ImportEngagements: _import_engagements,
    w.ChangeEngagement: lambda it, command: it.who.administers or it.has_on(command.engagement, Level.EDITOR),
    w.RemoveEngagement: _remove_engagement,
    w.SetDelegation: lambda it, command: it.manages or command.delegator == it.actor,
    w.RemoveDelegation: lambda it, command: it.manages or it.actor in {command.delegator, command.delegate},
    w.SetDefaults: lambda it, command: (
        it.who.access if command.member in {None, it.actor} else it.who.administers
    ),
    w.OpenRequest: lambda it, command: it.who.access,
    w.WithdrawRequest: lambda it, command: True,
    w.GrantRequest: lambda it, command: it.shares(on_client(command.client)),
    w.DeclineRequest: lambda it, command: it.shares(on_client(command.client)),
    w.DecideReview: _decide_review,
    w.HandOverReview: lambda it, command: it.who.administers or _reviews(it, command),
    w.OpenEmergency: _open_emergency,
    w.AcknowledgeEmergency: lambda it, command: (
        it.shares(on_client(command.client)) and command.member != it.actor
    ),
    w.EndEmergency: lambda it, command: (
        command.member in {None, it.actor} or it.shares(on_client(command.client))
    ),
    w.AddToken: _add_token,
    w.RevokeToken: _revoke_token,
}
"""Every other command is for administrators and principals."""


def answered(chance: Chance) -> Iterator[tuple[w.Command, Asking, Change | Refused]]:
    """Commands of active members that are done or forbidden."""
    given = firm(chance, inaccessible="named")
    facts = given.facts
    for _ in range(12):
        random_commands = RandomCommands(chance, facts)
        command, actor = random_commands.command(), random_commands.member()
        if actor in facts.members and facts.members[actor].active and not beyond(facts, command):
            found = tried(given, command, actor)
            if isinstance(found, Change) or found.refusal is Refusal.NOT_PERMITTED:
                yield command, Asking(facts, actor), found


def beyond(facts: Facts, command: w.Command) -> bool:
    """What this page does not judge: grants that a new client comes with, moves over walls, empty changes."""
    match command:
        case w.AddClient():
            return bool(command.client.grants) or command.client.confidential
        case w.ImportClients():
            rows = command.rows
            return bool(command.grants) or any(row.grants or row.confidential for row in rows)
        case w.CopyAccess() | w.DeactivateMember() | w.CloseReview():
            return bool(facts.walls)
        case w.ChangeClient():
            return (command.name, command.reference, command.kind, command.confidential) == (UNSET,) * 4
    return False


def test_what_is_done_was_allowed() -> None:
    seen: set[type[w.Command]] = set()

    def holds(chance: Chance) -> None:
        for command, it, found in answered(chance):
            if isinstance(found, Change):
                seen.add(type(command))
                assert may(it, command), (command, it.actor)

    hold(holds, THROWS)
    assert len(seen) > len(MAKERS) - 8


def test_what_is_forbidden_was_not_allowed() -> None:
    seen: set[type[w.Command]] = set()

    def holds(chance: Chance) -> None:
        for command, it, found in answered(chance):
            if isinstance(found, Refused):
                seen.add(type(command))
                assert not may(it, command), (command, it.actor)

    hold(holds, THROWS)
    # Few random reviewers are forbidden to hand over what they have, few auditors to begin what is due.
    assert seen | {w.HandOverReview, w.BeginReview} == MAKERS.keys() - {w.WithdrawRequest, w.AcknowledgeWall}
