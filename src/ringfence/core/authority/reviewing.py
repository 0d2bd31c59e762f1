"""Who reviews which items of an access review, as the firm stands now (rules.md 10).

An item goes to whom it was handed over, else to the named reviewers, else to its client's Owners, else to the
administrators: each time to those alone who may review it. Nobody reviews an item of their own, or one of a
client or engagement that they may not know of; a reviewer who has left is passed over.
"""

from collections.abc import Callable, Iterable
from functools import cached_property

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.review_items import pending
from ringfence.core.review_values import GrantItems, Review, items_at
from ringfence.core.state.compiled import counting
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Capability, Level, Subject, TargetKind, member_subject

from .acting import Acting
from .capability import may
from .knowing import known_clients

BLOCKED = Level.BLOCKED - 1
"""The place of Blocked in sets by level, after all that give something."""


class Reviewing:
    """One review at one moment. What it works out is for this moment alone."""

    def __init__(self, moment: Moment, review: Review) -> None:
        self.moment, self.state = moment, moment.state
        self.terms, self.progress = review.terms, review.progress
        self.runs = list(review.terms.runs())

    def items_of(self, member: int) -> BitMap:
        """The numbers of all items that the member reviews, decided ones among them."""
        if not may(self.state, member, Capability.MEMBER):
            return EMPTY
        found, rest = self._handed.get(member, EMPTY), self._not_handed
        if member in self.terms.reviewers:
            found = found | self.fit(member, rest)
        rest = rest - self._named
        found = found | self._owned(member, rest)
        if may(self.state, member, Capability.MANAGE):
            found = found | (self.fit(member, rest) - self._with_owner)
        return found

    def reviewers_of(self, item: int) -> frozenset[int]:
        """Everybody who reviews the item."""
        alone = BitMap([item])
        for members in (
            [member for member, items in self._handed.items() if item in items],
            [member for member in self.terms.reviewers if self.fit(member, alone)],
            [member for member in self.owned if self._owned(member, alone)],
        ):
            if members:
                return frozenset(members)
        managing = (n for n in self.state.members if may(self.state, n, Capability.MANAGE))
        return frozenset(member for member in managing if self.fit(member, alone))

    def fit(self, member: int, items: BitMap) -> BitMap:
        """Those of the items that the member may review where they come to them."""
        if not items or not may(self.state, member, Capability.MEMBER):
            return EMPTY
        if not may(self.state, member, Capability.KNOW_CLIENTS):
            items = items & self._known_to(member, items)
        return items - self._own(member)

    def shares(self) -> dict[int, BitMap]:
        """Everybody who reviews anything, with their items. In time of all items, for overviews."""
        found = {member: BitMap(items) for member, items in self._handed.items() if items}
        for member in self.terms.reviewers:
            if items := self.fit(member, self._not_handed):
                found.setdefault(member, BitMap()).update(items)
        rest = self._not_handed - self._named
        by_client, by_part = self._by_target("client", rest), self._by_target("engagement", rest)
        clients, parts = BitMap(list(by_client)), BitMap(list(by_part))
        for member, owned in self.owned.items():
            numbers = [number for client in owned & clients for number in by_client[client]]
            if parts:
                numbers += [number for part in self._parts(member) & parts for number in by_part[part]]
            if items := BitMap(numbers) - self._own(member):
                found.setdefault(member, BitMap()).update(items)
        left = rest - self._with_owner
        for member in self.state.members:
            if left and may(self.state, member, Capability.MANAGE) and (items := left - self._own(member)):
                found.setdefault(member, BitMap()).update(items)
        return found

    # --- Owners

    def owned_by(self, member: int) -> BitMap:
        """The clients of which the member is an Owner, as in rules.md 5, "Self-access".

        By a counting grant of their own on the client or one of its engagements, and no wall between.
        """
        register = self.state.register
        return self._owned_among(member, lambda clients: register.clients_of(register.spread(clients)))

    @cached_property
    def owned(self) -> dict[int, BitMap]:
        """By member, what they own; in time of all members."""
        register = self.state.register
        held = [each.clients[Level.OWNER - 1] for each in self.state.holdings.values()]
        # Asked once of all of them together: to spread each member's own would be most of the time.
        served = register.clients_of(register.spread(BitMap.union(EMPTY, *held)))
        members = (subject.number for subject in self.state.holdings if subject.kind == "member")
        found = ((member, self._owned_among(member, served.__and__)) for member in members)
        return {member: clients for member, clients in found if clients}

    def _owned_among(self, member: int, served: Callable[[BitMap], BitMap]) -> BitMap:
        """`served` says which of some clients have an engagement."""
        who, held = self.state.members.get(member), self.state.holdings.get(member_subject(member))
        if who is None or not who.works or held is None:
            return EMPTY
        if held.expires:
            held = counting(held, self.moment.evaluation.since)
        near, far = held.engagements[Level.OWNER - 1], served(held.clients[Level.OWNER - 1])
        register = self.state.register
        if nearer := BitMap.union(*held.engagements) & register.engagements:
            # Nearer grants take the place of the client's.
            doubtful = far & register.clients_of(nearer)
            far = (far - doubtful) | register.clients_of(register.spread(doubtful) - nearer)
        clients = far | register.clients_of(near & register.engagements)
        return clients - self.moment.evaluation.kept_from(member)

    def _parts(self, member: int) -> BitMap:
        """The engagements of the clients that the member owns, those that show to them (rules.md 5)."""
        engagements = self.state.register.spread(self.owned_by(member))
        if not engagements or may(self.state, member, Capability.KNOW_CLIENTS):
            return engagements
        mine = self.moment.evaluation.compiled(member_subject(member))
        nearer = BitMap.union(*mine.engagements)
        given = BitMap.union(*mine.engagements[:BLOCKED], *(far - nearer for far in mine.clients[:BLOCKED]))
        # What their own grants give shows; only of the rest is the decision asked.
        doubtful = engagements - given
        return engagements - (doubtful - self.moment.reach(member).see) if doubtful else engagements

    @cached_property
    def _once_and_twice(self) -> tuple[BitMap, BitMap]:
        """The clients with an Owner, and those with more than one."""
        return _counted(self.owned.values())

    @cached_property
    def _parts_once_and_twice(self) -> tuple[BitMap, BitMap]:
        """The engagements that show to an Owner of their client, and to more than one."""
        return _counted(map(self._parts, self.owned))

    @cached_property
    def _with_owner(self) -> BitMap:
        """The items that have an Owner who may review them."""
        found = BitMap()
        for first, run in self.runs:
            if run.kind not in ("client", "engagement"):
                continue
            narrow = run.kind == "engagement"
            once, twice = self._parts_once_and_twice if narrow else self._once_and_twice
            owned = run.targets & once
            if run.subject.kind == "member" and (mine := self.owned.get(run.subject.number)):
                # An own item needs another Owner.
                owned = (owned & twice) | (owned - (self._parts(run.subject.number) if narrow else mine))
            found |= items_at(first, run, owned)
        return found

    def _owned(self, member: int, items: BitMap) -> BitMap:
        clients = self.owned_by(member)
        if not clients or not items:
            return EMPTY
        return (self._on_any(clients, self._parts(member), items) & items) - self._own(member)

    # --- Clients and engagements of items

    def _on_any(self, clients: BitMap, engagements: BitMap, items: BitMap) -> BitMap:
        """The items among these that are on one of the clients or of the engagements themselves."""
        found = BitMap()
        lowest, highest = items.min(), items.max()
        for first, run in self.runs:
            if first <= highest and first + len(run.targets) > lowest:
                on = {"client": clients, "engagement": engagements}.get(run.kind, EMPTY)
                found |= items_at(first, run, run.targets & on)
        return found

    def _by_target(self, kind: TargetKind, items: BitMap) -> dict[int, list[int]]:
        """Of the items on targets of this kind, the numbers by target."""
        found: dict[int, list[int]] = {}
        for first, run in self.runs:
            if run.kind == kind:
                for number, target in enumerate(run.targets, first):
                    if number in items:
                        found.setdefault(target, []).append(number)
        return found

    def _known_to(self, member: int, items: BitMap) -> BitMap:
        """The items of whose clients or engagements the member may know; wide ones, delegations name none."""
        found = self._on_any(known_clients(self.moment, member), self.moment.reach(member).see, items)
        for first, run in self.runs:
            if run.kind in ("service", "all"):
                found.add(first)
        return found | BitMap(range(self.terms.first_delegation, self.terms.count + 1))

    def _own(self, member: int) -> BitMap:
        """The items of the member's own: grants for them, delegations by or to them."""
        found = BitMap()
        for first, run in self._runs_for.get(member_subject(member), ()):
            found |= BitMap(range(first, first + len(run.targets)))
        for number, item in enumerate(self.terms.delegations, self.terms.first_delegation):
            if member in (item.delegator, item.delegate):
                found.add(number)
        return found

    @cached_property
    def _runs_for(self) -> dict[Subject, list[tuple[int, GrantItems]]]:
        found: dict[Subject, list[tuple[int, GrantItems]]] = {}
        for first, run in self.runs:
            found.setdefault(run.subject, []).append((first, run))
        return found

    # --- Handed over, named

    @cached_property
    def _handed(self) -> dict[int, BitMap]:
        return {member: self.fit(member, items) for member, items in self.progress.handed.items()}

    @cached_property
    def _not_handed(self) -> BitMap:
        return self.terms.everything - BitMap.union(EMPTY, *self._handed.values())

    @cached_property
    def _named(self) -> BitMap:
        """The items that a named reviewer may review."""
        everything = self.terms.everything
        return BitMap.union(EMPTY, *(self.fit(member, everything) for member in self.terms.reviewers))


def reviewed_by(moment: Moment, number: int, member: int) -> BitMap:
    """The items of the open review that the member reviews, decided ones among them. Kept."""
    kept = moment.evaluation.reviewed
    found = kept.get((number, member))
    if found is None:
        found = Reviewing(moment, moment.state.reviews[number]).items_of(member)
        kept[number, member] = found
    return found


def _counted(sets: Iterable[BitMap]) -> tuple[BitMap, BitMap]:
    """What is in one of the sets, and what is in more than one."""
    once, twice = BitMap(), BitMap()
    for each in sets:
        twice |= once & each
        once |= each
    return once, twice


def told_of_review(acting: Acting, number: int) -> bool:
    """Whether the actor has anything to do with the open review: what tells them of it."""
    if may(acting.state, acting.actor, Capability.READ_CONTROL):
        return True
    return acting.actor is not None and bool(reviewed_by(acting.moment, number, acting.actor))


def waiting_for(moment: Moment, member: int) -> dict[int, BitMap]:
    """By open review, the items that wait for the member."""
    found = {}
    for number, review in moment.state.reviews.items():
        mine = reviewed_by(moment, number, member)
        if mine and (waiting := mine & pending(moment.state, review)):
            found[number] = waiting
    return found
