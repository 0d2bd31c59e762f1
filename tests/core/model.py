"""What each event does to plain facts, written anew from events.py: the model that `apply` is compared with.

The sets here are small and nothing is kept, so that each line can be read against the event's description.
"""

import struct
from collections.abc import Callable, Iterable

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.settings import Settings
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.statements import Policy
from ringfence.core.terms import EVERYONE, GENERAL, Subject, Target, group_subject
from ringfence.core.values import Delegation, Emergency, Member, Request, Token, Wall

NO_FIRM = Facts(
    settings=Settings(),
    was_on=False,
    members={},
    groups={},
    services=frozenset(),
    clients={},
    engagements={},
    grants=frozenset(),
    delegations={},
    walls={},
    requests={},
    defaults={},
)


def after(facts: Facts, event: e.Event) -> Facts:
    """The facts once the event has happened."""
    for part in (
        _of_the_firm,
        _of_tokens,
        _of_reviews,
        _of_members,
        _of_groups,
        _of_clients,
        _of_grants,
        _of_emergencies,
        _of_the_rest,
    ):
        if (changed := part(facts, event)) is not None:
            return changed
    raise TypeError(f"no event: {event}")


def _of_the_firm(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.FirmCreated(settings=settings):
            return replace(
                NO_FIRM,
                settings=settings,
                was_on=settings.control,
                groups={EVERYONE: frozenset()},
                services=frozenset({GENERAL}),
            )
        case e.ControlTurned(on=on):
            return replace(facts, settings=replace(facts.settings, control=on), was_on=facts.was_on or on)
        case e.SettingsChanged(values=values):
            return replace(facts, settings=replace(facts.settings, **values))
        case e.ServiceAdded(service=service):
            return replace(facts, services=facts.services | {service})
        case e.ServiceRemoved(service=service):
            return replace(facts, services=facts.services - {service})
        case e.Described() | e.RecordOpened() | e.ExportTaken() | e.UserSeated() | e.EntryUndone():
            return facts
        case (
            e.AccessExpired()
            | e.WallsTurned()
            | e.WebhookNoted()
            | e.DecisionLogSet()
            | e.SignInNoted()
            | e.ProofNoted()
            | e.PolicyNoted()
        ):
            return facts
    return None


def _of_tokens(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.ByToken():
            return facts
        case e.NamesSet(names=names):
            return replace(facts, names=names)
        case e.SuccessorSet(member=member):
            return replace(facts, successor=member)
        case e.TokenAdded():
            made = Token(member=event.member, scopes=event.scopes, digest=event.digest, expires=event.expires)
            return replace(facts, tokens={**facts.tokens, event.token: made})
        case e.TokenRevoked(token=token):
            left = {number: one for number, one in facts.tokens.items() if number != token}
            return replace(facts, tokens=left)
    return None


def _of_reviews(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.ReviewScheduled(review=number, plan=plan):
            made = ScheduledReview(plan=plan, next=plan.first)
            return replace(facts, schedules={**facts.schedules, number: made})
        case e.ScheduledReviewBegun(review=number, begun=begun, next=later):
            made = replace(facts.schedules[number], next=later, last=begun)
            return replace(facts, schedules={**facts.schedules, number: made})
        case e.ReviewUnscheduled(review=number):
            kept = {one: made for one, made in facts.schedules.items() if one != number}
            return replace(facts, schedules=kept)
        case e.ReviewStarted(review=number, terms=terms):
            return replace(facts, reviews={**facts.reviews, number: Review(terms=terms, due=terms.due)})
        case e.ReviewClosed(review=number):
            left = {one: review for one, review in facts.reviews.items() if one != number}
            return replace(facts, reviews=left)
        case e.ReviewExtended(review=number, due=due):
            changed = replace(facts.reviews[number], due=due)
        case e.ReviewDecided(review=number, items=items):
            was = facts.reviews[number]
            sets = {"keep": was.progress.kept, "remove": was.progress.removed, "lower": was.progress.lowered}
            sets = {word: BitMap(set(found) - set(items)) for word, found in sets.items()}
            sets[event.decision] = BitMap(set(sets[event.decision]) | set(items))
            progress = replace(was.progress, kept=sets["keep"], removed=sets["remove"], lowered=sets["lower"])
            changed = replace(was, progress=progress)
        case e.ReviewHanded(review=number, items=items, member=member):
            was = facts.reviews[number]
            who = {item: one for one, found in was.progress.handed.items() for item in found}
            who |= dict.fromkeys(items, member)
            handed = {one: BitMap([item for item in who if who[item] == one]) for one in who.values()}
            changed = replace(was, progress=replace(was.progress, handed=handed))
        case _:
            return None
    return replace(facts, reviews={**facts.reviews, number: changed})


def _of_members(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.MemberAdded():
            member = Member(role=event.role, access=event.access, manage_access=event.manage_access)
        case e.MemberChanged():
            member = replace(
                facts.members[event.member],
                role=event.role,
                access=event.access,
                manage_access=event.manage_access,
            )
        case e.MemberDeactivated():
            member = replace(facts.members[event.member], active=False)
        case e.MemberReactivated():
            member = replace(facts.members[event.member], active=True)
        case _:
            return None
    members = {**facts.members, event.member: member}
    everyone = frozenset(number for number, one in members.items() if one.active)
    return replace(facts, members=members, groups={**facts.groups, EVERYONE: everyone})


def _of_groups(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.GroupCreated(group=group):
            return replace(facts, groups={**facts.groups, group: frozenset()})
        case e.GroupDeleted(group=group):
            subject = group_subject(group)
            left = {
                member: tuple(grant for grant in grants if grant.subject != subject)
                for member, grants in facts.defaults.items()
            }
            return replace(
                facts,
                groups={number: inside for number, inside in facts.groups.items() if number != group},
                kept=facts.kept - {group},
                grants=frozenset(grant for grant in facts.grants if grant.subject != subject),
                defaults={member: grants for member, grants in left.items() if grants},
            )
        case e.GroupKept(group=group, directory=directory):
            return replace(facts, kept=facts.kept | {group} if directory else facts.kept - {group})
        case e.GroupJoined(group=group, members=members):
            return replace(facts, groups={**facts.groups, group: facts.groups[group] | set(members)})
        case e.GroupLeft(group=group, members=members):
            return replace(facts, groups={**facts.groups, group: facts.groups[group] - set(members)})
    return None


def _of_clients(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.ClientsAdded():
            return _with_clients(facts, event)
        case e.ClientMarked(client=client, confidential=confidential):
            marked = replace(facts.clients[client], confidential=confidential)
            return replace(facts, clients={**facts.clients, client: marked})
        case e.ClientRemoved(client=client, at=at):
            return replace(
                facts, clients={**facts.clients, client: replace(facts.clients[client], removed_at=at)}
            )
        case e.ClientRestored(client=client):
            back = replace(facts.clients[client], removed_at=None)
            return replace(facts, clients={**facts.clients, client: back})
        case e.EngagementAdded(engagement=number, client=client, service=service):
            added = Engagement(client=client, service=service)
            return replace(facts, engagements={**facts.engagements, number: added})
        case e.EngagementsAdded():
            return replace(facts, engagements={**facts.engagements, **_engagements(event)})
        case e.EngagementRemoved(engagement=number):
            return replace(
                facts,
                engagements={one: its for one, its in facts.engagements.items() if one != number},
                grants=_without(facts.grants, [Target("engagement", number)]),
            )
    return None


def _with_clients(facts: Facts, event: e.ClientsAdded) -> Facts:
    clients = {
        event.first_client + offset: Client(confidential=event.first_client + offset in event.confidential)
        for offset in range(event.count)
    }
    return replace(
        facts,
        clients={**facts.clients, **clients},
        engagements={**facts.engagements, **_engagements(event)},
    )


def _engagements(event: e.ClientsAdded | e.EngagementsAdded) -> dict[int, Engagement]:
    count = len(event.client_of) // 4
    client_of = struct.unpack(f"<{count}I", event.client_of)
    service_of = struct.unpack(f"<{count}I", event.service_of)
    return {
        event.first_engagement + offset: Engagement(client=client, service=service)
        for offset, (client, service) in enumerate(zip(client_of, service_of, strict=True))
    }


def _of_grants(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.GrantsSet(subject=subject):
            targets = [Target(event.kind, number) for number in event.targets]
            kept = {grant.target: grant.excluded for grant in facts.grants if grant.subject == subject}
            made = frozenset(
                Grant(
                    subject=subject,
                    target=target,
                    level=event.level,
                    expires=event.expires,
                    fee_split=event.fee_split,
                    excluded=kept.get(target, frozenset()),
                )
                for target in targets
            )
            return replace(facts, grants=_without(facts.grants, targets, subject) | made)
        case e.GrantsRemoved(subject=subject):
            targets = [Target(event.kind, number) for number in event.targets]
            return replace(facts, grants=_without(facts.grants, targets, subject))
        case e.ClientsExcluded(group=group, service=service, clients=clients):
            left_out = frozenset(clients)
            return _excluding(facts, group, service, lambda excluded: excluded | left_out)
        case e.ClientsIncluded(group=group, service=service, clients=clients):
            put_back = frozenset(clients)
            return _excluding(facts, group, service, lambda excluded: excluded - put_back)
    return None


def _without(
    grants: frozenset[Grant], targets: Iterable[Target], subject: Subject | None = None
) -> frozenset[Grant]:
    """The grants but those on the targets: the subject's, or everybody's."""
    on = set(targets)
    return frozenset(
        grant for grant in grants if grant.target not in on or subject not in (None, grant.subject)
    )


def _excluding(
    facts: Facts, group: int, service: int, change: Callable[[frozenset[int]], frozenset[int]]
) -> Facts:
    place = (group_subject(group), Target("service", service))
    return replace(
        facts,
        grants=frozenset(
            replace(grant, excluded=change(grant.excluded))
            if (grant.subject, grant.target) == place
            else grant
            for grant in facts.grants
        ),
    )


def _of_the_rest(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.DelegationSet(delegator=delegator, delegate=delegate):
            terms = Delegation(cap=event.cap, expires=event.expires, cascades=event.cascades)
            return replace(facts, delegations={**facts.delegations, (delegator, delegate): terms})
        case e.DelegationRemoved(delegator=delegator, delegate=delegate):
            pairs = facts.delegations.items()
            return replace(
                facts, delegations={pair: its for pair, its in pairs if pair != (delegator, delegate)}
            )
        case e.DefaultsSet(member=member, grants=grants):
            others = {one: its for one, its in facts.defaults.items() if one != member}
            return replace(facts, defaults={**others, member: tuple(grants)} if grants else others)
        case e.WallSet(wall=wall):
            known = dict(facts.walls[wall].acknowledged) if wall in facts.walls else {}
            for member in event.anew:
                del known[member]
            stands = Wall(sides=event.sides, starts=event.starts, ends=event.ends, acknowledged=known)
            return replace(facts, walls={**facts.walls, wall: stands})
        case e.WallLowered(wall=wall):
            return replace(facts, walls={one: its for one, its in facts.walls.items() if one != wall})
        case e.PolicySet(policy=policy):
            version = facts.policies[policy].version + 1 if policy in facts.policies else 1
            now = Policy(mode=event.mode, statements=tuple(event.statements), version=version)
            return replace(facts, policies={**facts.policies, policy: now})
        case e.PolicyRemoved(policy=policy):
            kept = {one: its for one, its in facts.policies.items() if one != policy}
            return replace(facts, policies=kept)
        case e.WallAcknowledged(wall=wall, member=member, at=at):
            stands = facts.walls[wall]
            known = {**stands.acknowledged, member: at}
            return replace(facts, walls={**facts.walls, wall: replace(stands, acknowledged=known)})
        case e.RequestOpened(client=client, member=member):
            asked = Request(level=event.level, expires=event.expires)
            return replace(facts, requests={**facts.requests, (client, member): asked})
        case e.RequestClosed(client=client, member=member):
            asking = facts.requests.items()
            return replace(facts, requests={one: its for one, its in asking if one != (client, member)})
    return None


def _of_emergencies(facts: Facts, event: e.Event) -> Facts | None:
    match event:
        case e.EmergencyOpened(client=client, member=member):
            opened = Emergency(level=event.level, opened=event.at, expires=event.expires)
            return replace(facts, emergencies={**facts.emergencies, (client, member): opened})
        case e.EmergencyEnded(client=client, member=member):
            return _emergency(facts, (client, member), stands=False)
        case e.EmergencyAcknowledged(client=client, member=member):
            return _emergency(facts, (client, member), acknowledged=True)
    return None


def _emergency(facts: Facts, pair: tuple[int, int], **changed: bool) -> Facts:
    """What neither stands nor waits to be acknowledged is nothing any more."""
    now = replace(facts.emergencies[pair], **changed)
    others = {one: its for one, its in facts.emergencies.items() if one != pair}
    over = now.acknowledged and not now.stands
    return replace(facts, emergencies=others if over else {**others, pair: now})
