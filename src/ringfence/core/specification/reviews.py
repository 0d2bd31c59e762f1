"""Who reviews an item of an access review, and what stands of it, written slowly (rules.md 10).

Item by item, on plain facts: what `decision/review_items.py` and `authority/reviewing.py` are compared with.
"""

from ringfence.core.review_values import Review, ReviewScope, ReviewTerms
from ringfence.core.terms import Instant, Level, Role, Subject, Target, group_subject, member_subject

from .decide import decide, engagements_of, own_level, reached, sees, walled
from .facts import Facts, Grant

Item = tuple[Subject, Target] | tuple[int, int]
"""A grant by subject and target, or a delegation by delegator and delegate."""


def items(facts: Facts, scope: ReviewScope, now: Instant) -> set[Item]:
    """What stands in the scope: grants on what is there, and delegations."""
    found: set[Item] = set()
    for grant in facts.grants:
        on = [number for number in _engagements(facts, scope) if _bears_on(facts, grant, number)]
        if on and (scope.kind != "member" or grant.subject in _subjects(facts, scope.number)):
            found.add((grant.subject, grant.target))
    for delegator, delegate in facts.delegations:
        if scope.kind == "member":
            inside = delegate == scope.number
        else:
            inside = scope.kind == "all" or any(
                reached(facts, delegator, number, now, (0,)) for number in _engagements(facts, scope)
            )
        if inside:
            found.add((delegator, delegate))
    return found


def _engagements(facts: Facts, scope: ReviewScope) -> list[int]:
    clients = [number for number in facts.clients if _in_scope(facts, scope, number)]
    return [number for client in clients for number in engagements_of(facts, client)]


def _in_scope(facts: Facts, scope: ReviewScope, client: int) -> bool:
    match scope.kind:
        case "all" | "member":
            return True
        case "confidential":
            return facts.clients[client].confidential
        case "clients":
            return client in scope.clients
        case "service":
            return any(
                facts.engagements[number].service == scope.number for number in engagements_of(facts, client)
            )
        case "group":
            mine = [grant for grant in facts.grants if grant.subject == group_subject(scope.number)]
            return any(
                _bears_on(facts, grant, number) for grant in mine for number in engagements_of(facts, client)
            )


def _bears_on(facts: Facts, grant: Grant, engagement: int) -> bool:
    its = facts.engagements[engagement]
    match grant.target.kind:
        case "engagement":
            return grant.target.number == engagement
        case "client":
            return grant.target.number == its.client
        case "service":
            return grant.target.number == its.service and its.client not in grant.excluded
        case "all":
            return True


def _subjects(facts: Facts, member: int) -> set[Subject]:
    groups = {group_subject(group) for group, members in facts.groups.items() if member in members}
    return {member_subject(member), *groups}


def stands(facts: Facts, terms: ReviewTerms, number: int) -> bool:
    """Whether the item stands just as it stood at the start."""
    if number >= terms.first_delegation:
        item = terms.delegations[number - terms.first_delegation]
        return facts.delegations.get((item.delegator, item.delegate)) == item.terms
    first, run = next(each for each in terms.runs() if each[0] <= number < each[0] + len(each[1].targets))
    target = Target(run.kind, run.targets[number - first])
    there = {
        "client": lambda: facts.clients[target.number].removed_at is None,
        "engagement": lambda: (
            target.number in facts.engagements
            and facts.clients[facts.engagements[target.number].client].removed_at is None
        ),
    }
    return there.get(run.kind, lambda: True)() and any(
        grant.subject == run.subject
        and grant.target == target
        and grant.level is run.level
        and grant.expires == dict(run.ends).get(target.number)
        and grant.excluded == frozenset(run.excluded)
        for grant in facts.grants
    )


def reviewers(facts: Facts, review: Review, number: int, now: Instant) -> set[int]:
    """Everybody who reviews the item now."""
    able = {member for member in facts.members if _fit(facts, review.terms, number, member, now)}
    handed = {member for member, found in review.progress.handed.items() if number in found}
    named = set(review.terms.reviewers)
    client = _client(facts, review.terms, number)
    owners = {member for member in facts.members if client and _owns(facts, member, client, now)}
    managing = {member for member, who in facts.members.items() if who.administers}
    for chosen in (handed, named, owners, managing):
        if chosen & able:
            return chosen & able
    return set()


def _fit(facts: Facts, terms: ReviewTerms, number: int, member: int, now: Instant) -> bool:
    """Active, not an item of their own, and one of a client and an engagement that they may know of."""
    who = facts.members[member]
    client = _client(facts, terms, number)
    if number >= terms.first_delegation:
        item = terms.delegations[number - terms.first_delegation]
        own = member in (item.delegator, item.delegate)
    else:
        own = _subject(terms, number) == member_subject(member)
    if client and not (_knows(facts, member, client, now) and _shown(facts, terms, number, member, now)):
        return False
    return who.active and not own


def _shown(facts: Facts, terms: ReviewTerms, number: int, member: int, now: Instant) -> bool:
    """Whether the item is on no engagement, or on one that shows to the member."""
    who = facts.members[member]
    first, run = next(each for each in terms.runs() if each[0] <= number < each[0] + len(each[1].targets))
    if run.kind != "engagement" or who.administers or who.manage_access or who.role is Role.AUDITOR:
        return True
    return decide(facts, member, run.targets[number - first], now)[0] is not Level.NONE


def _knows(facts: Facts, member: int, client: int, now: Instant) -> bool:
    who = facts.members[member]
    if who.administers or who.manage_access or who.role is Role.AUDITOR or client in sees(facts, member, now):
        return True
    there = facts.clients[client].removed_at is None
    return there and facts.settings.inaccessible == "named" and not walled(facts, member, client, now)


def _owns(facts: Facts, member: int, client: int, now: Instant) -> bool:
    """By a counting grant of their own on the client or one of its engagements, and no wall between."""
    if not facts.members[member].works or walled(facts, member, client, now):
        return False
    return any(
        own_level(facts, member, number, now) is Level.OWNER for number in engagements_of(facts, client)
    )


def _subject(terms: ReviewTerms, number: int) -> Subject:
    return next(run.subject for first, run in terms.runs() if first <= number < first + len(run.targets))


def _client(facts: Facts, terms: ReviewTerms, number: int) -> int:
    """The client that the item is about; 0 for wide grants and delegations."""
    for first, run in terms.runs():
        if first <= number < first + len(run.targets):
            target = run.targets[number - first]
            if run.kind == "client":
                return target
            if run.kind == "engagement":
                return facts.engagements[target].client if target in facts.engagements else 0
    return 0
