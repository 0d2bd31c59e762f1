"""A firm as it is at one instant, as edges may ask about it: what is there, and who reaches what.

Edges ask these questions, and those of `reading.py`. What they rest on, `moment`, is for `access` and the
command line; `tests/guards/test_edges.py` holds pages and lists to that.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core.apply.apply import apply
from ringfence.core.authority import capability, knowing, sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.compare.covering import coverage
from ringfence.core.compare.left_to_nobody import only_seen_by
from ringfence.core.decision import bundles, cascade, groups, holders, ways
from ringfence.core.decision.among import seen_among, who_sees
from ringfence.core.decision.bundles import K, MemberPlaces, OwnGrants
from ringfence.core.decision.cascade import DelegationLink
from ringfence.core.decision.coverage import Coverage
from ringfence.core.decision.groups import GivesNothing, LeftWithout
from ringfence.core.decision.holders import HeldGrant, ServiceUse
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ownerless import last_owned_by
from ringfence.core.decision.wall_conflicts import WallConflict, wall_conflicts
from ringfence.core.decision.walls import standing
from ringfence.core.decision.ways import Way
from ringfence.core.events import MemberDeactivated
from ringfence.core.settings import Settings
from ringfence.core.state.columns import picked
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.statements import Policy
from ringfence.core.terms import Capability, Instant, Level, Subject
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    Sides,
    SoftwareNames,
    Wall,
)


class FirmNow(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A firm at one instant and version. Numbers are the firm's own; sets are bitmaps that nobody changes."""

    firm: int
    version: int
    """The number of its last ledger entry."""
    moment: Moment

    @property
    def now(self) -> Instant:
        return self.moment.now

    @property
    def settings(self) -> Settings:
        return self.moment.state.settings

    @property
    def was_on(self) -> bool:
        """Whether control has been on at some time (rules.md 3, `on_activation`)."""
        return self.moment.state.was_on

    # --- Who is there

    @property
    def members(self) -> Mapping[int, Member]:
        """All members, inactive ones too."""
        return self.moment.state.members

    @property
    def active_members(self) -> BitMap:
        return self.moment.state.everyone

    @property
    def groups(self) -> Mapping[int, BitMap]:
        """The members of each group, inactive ones too; Everyone has the active members (rules.md 1)."""
        return self.moment.state.groups

    @property
    def kept(self) -> BitMap:
        """The groups that the firm's directory keeps: it says who is in them and what they are called."""
        return self.moment.state.kept

    @property
    def successor(self) -> int:
        """Who takes over from leavers whom the directory switches off; 0 for nobody."""
        return self.moment.state.successor

    @property
    def services(self) -> frozenset[int]:
        """The service catalogue."""
        return self.moment.state.services

    def was_group(self, number: int) -> bool:
        """Whether there has ever been a group of that number."""
        return 0 < number <= self.moment.state.numbers.group

    @property
    def software_names(self) -> SoftwareNames:
        """What the firm's other software calls types of resources and actions."""
        return self.moment.state.names

    @property
    def last_token(self) -> int:
        """The highest token number ever given."""
        return self.moment.state.numbers.token

    @property
    def last_member(self) -> int:
        """The highest member number ever given; the next member gets the one after."""
        return self.moment.state.numbers.member

    @property
    def last_service(self) -> int:
        """The highest service number ever given; the next service gets the one after."""
        return self.moment.state.numbers.service

    @property
    def last_client(self) -> int:
        """The highest client number ever given."""
        return self.moment.state.register.next_client - 1

    @property
    def last_group(self) -> int:
        """The highest group number ever given."""
        return self.moment.state.numbers.group

    # --- What is there

    @property
    def clients(self) -> BitMap:
        """The clients that are not removed."""
        return self.moment.state.register.clients

    @property
    def engagements(self) -> BitMap:
        """The engagements of those clients."""
        return self.moment.state.register.engagements

    @property
    def confidential(self) -> BitMap:
        """Those of the clients that are marked confidential."""
        return self.moment.state.register.confidential & self.clients

    def engagements_of(self, client: int) -> list[int]:
        """The client's engagements, none where there is no such client."""
        return self.moment.state.register.engagements_of(client)

    def engagements_of_all(self, clients: BitMap) -> BitMap:
        """The engagements of these clients, as a set."""
        return self.moment.state.register.spread(clients)

    def engagement_for(self, client: int, service: int) -> int | None:
        """The client's engagement for the service, None where there is none."""
        return self.moment.state.register.engagement_for(client, service)

    def with_service(self, service: int) -> BitMap:
        """The engagements of one service."""
        register = self.moment.state.register
        return register.by_service.get(service, EMPTY) & register.engagements

    def client_of(self, engagement: int) -> int:
        """The engagement's client, also of one that is gone; 0 for a number that was never given."""
        return self.moment.client_of(engagement)

    def clients_of_each(self, engagements: Sequence[int]) -> Sequence[int]:
        """`client_of` of many, in their order."""
        register = self.moment.state.register
        if engagements and max(engagements) < register.next_engagement and min(engagements) >= 0:
            return picked(register.client_of, array("I", engagements))
        return [self.client_of(number) for number in engagements]

    @property
    def all_gone_for_good(self) -> frozenset[int]:
        """The clients that were removed and can no longer be restored."""
        return frozenset(self.moment.state.register.all_gone_for_good(self.moment.now))

    def was_client(self, number: int) -> bool:
        """Whether there has ever been a client of that number."""
        return 0 < number < self.moment.state.register.next_client

    def gone_for_good(self, client: int) -> bool:
        """Whether the client was removed and can no longer be restored, so that its references are free."""
        return self.moment.state.register.gone_for_good(client, self.moment.now)

    def clients_of(self, engagements: BitMap) -> BitMap:
        """The clients of these engagements, all of which are there."""
        return self.moment.clients_of(engagements)

    def service_of(self, engagement: int) -> int:
        """The engagement's service, also of one that is gone; 0 for a number that was never given."""
        return self.moment.service_of(engagement)

    # --- What was given

    def grants_of(self, subject: Subject) -> Holding:
        """All grants of the subject as they stand, expired ones too."""
        return self.moment.state.held_by(subject)

    @property
    def holders(self) -> Mapping[Subject, Holding]:
        """Everybody for whom a grant stands, with all their grants."""
        return self.moment.state.holdings

    @property
    def delegations(self) -> Mapping[tuple[int, int], Delegation]:
        """All delegations by delegator and delegate, also such as have expired or are switched off."""
        return self.moment.state.delegations

    @property
    def requests(self) -> Mapping[tuple[int, int], Request]:
        """All open requests by client and asker, also while requests are switched off (rules.md 3)."""
        return self.moment.state.requests

    @property
    def emergencies(self) -> Mapping[tuple[int, int], Emergency]:
        """Emergency access by client and member: what stands, and what waits to be acknowledged."""
        return self.moment.state.emergencies

    def asked_for(self, member: int) -> Mapping[int, Request]:
        """The member's open requests by client, also while requests are switched off (rules.md 3)."""
        return {
            client: asked for (client, asker), asked in self.moment.state.requests.items() if asker == member
        }

    @property
    def personal_defaults(self) -> Mapping[int, tuple[DefaultGrant, ...]]:
        """What members chose for clients that they add, also while that is switched off (rules.md 3)."""
        return self.moment.state.defaults

    def groups_of(self, member: int) -> Sequence[int]:
        """The groups that the member is in, Everyone while they are active."""
        return self.moment.state.groups_of(member)

    def given(self, group: int) -> BitMap:
        """The engagements that the group's counting grants give its members."""
        return holders.given(self.moment, group)

    def levels_given(self, subject: Subject) -> tuple[Level, ...]:
        """The levels of the subject's counting grants, lowest first, Blocked last."""
        return holders.levels(self.moment, subject)

    def denied(self, group: int) -> BitMap:
        """The engagements that the group's counting Blocked grants deny its members."""
        return holders.denied(self.moment, group)

    def held_by_group(self, group: int) -> BitMap:
        """The engagements on which a grant of the group other than Blocked stands, counting or not."""
        return groups.standing(self.moment, group)

    def blocked_by_group(self, group: int) -> BitMap:
        """The engagements on which a Blocked grant of the group stands, counting or not."""
        return groups.standing_blocks(self.moment, group)

    def clients_given(self, group: int) -> BitMap:
        """The clients of which the group's counting grants give its members at least one engagement."""
        return groups.clients_given(self.moment, group)

    def groups_on(
        self, engagements: BitMap, *, counting_only: bool = False, among: Collection[int] | None = None
    ) -> dict[int, BitMap]:
        """By group, those of the engagements on which a grant of it other than Blocked stands.

        With `counting_only`, those that it gives its members now. `among`: the groups that are looked at.
        """
        return groups.groups_on(self.moment, engagements, counting_only=counting_only, among=among)

    def gives_nothing(self, group: int) -> tuple[GivesNothing, ...]:
        """Why the group gives nobody anything; none where it gives something."""
        return groups.gives_nothing(self.moment, group)

    def left_without(self, group: int, engagement: int) -> LeftWithout:
        """What the engagement is left with once it is taken out of the group."""
        return groups.left_without(self.moment, group, engagement)

    def holders_of(self, client: int) -> tuple[HeldGrant, ...]:
        """Every grant that stands on the client, with why it gives nothing and what removing it opens."""
        return holders.holders(self.moment, client)

    def fee_splits_on(self, client: int) -> dict[int, int]:
        """By member, the share of the client's fee that counts, above 0 %: hundredths of a per cent."""
        return holders.fee_splits(self.moment, client)

    @property
    def wide_holders(self) -> tuple[HeldGrant, ...]:
        """Every grant that stands on all clients, with why it gives nothing."""
        return holders.wide_holders(self.moment)

    def owns(self, member: int, client: int) -> bool:
        """Whether a grant of the member's own on the client or an engagement of it is Owner."""
        return holders.owns(self.moment, member, client)

    def last_owned_by(self, member: int) -> BitMap:
        """The clients of which the member is the only person Owner, where the firm requires one."""
        return last_owned_by(self.moment.state, member)

    def only_seen_by(self, member: int) -> BitMap:
        """The clients that the member sees and nobody would without them, nor by what they delegate."""
        if member not in self.active_members:
            return EMPTY
        without = apply(self.moment.state, MemberDeactivated(member=member))
        return only_seen_by(self.moment, member, at(without, self.now))

    @property
    def open_to_everybody(self) -> BitMap:
        """The engagements that are open to all, or that Everyone was given."""
        return holders.open_to_everybody(self.moment)

    def service_uses(self) -> dict[int, ServiceUse]:
        """Every service of the catalogue with what has it."""
        return holders.service_uses(self.moment)

    @property
    def coverage(self) -> Coverage:
        """The clients that no active member can open, and those that only one can."""
        return coverage(self.moment)

    @property
    def unassigned(self) -> BitMap:
        """The engagements that were given to nobody, of confidential clients too (rules.md 1)."""
        return holders.unassigned(self.moment)

    @property
    def walled(self) -> bool:
        """Whether any wall stands, whomever it keeps from what."""
        return bool(standing(self.moment.state.walls.values(), self.moment.now))

    @property
    def policies(self) -> Mapping[int, Policy]:
        """The firm's own policies (rules.md 10). For the control side alone."""
        return self.moment.state.policies

    @property
    def walls(self) -> Mapping[int, Wall]:
        """All walls, also before their start and after their end: for who reads the control side."""
        return self.moment.state.walls

    def walls_asking(self, member: int) -> dict[int, Wall]:
        """The walls that the member is on and has not acknowledged, as long as they are not over."""
        return {
            number: wall
            for number, wall in self.moment.state.walls.items()
            if member in wall.members and member not in wall.acknowledged and not wall.over(self.now)
        }

    def wall_conflicts(self, sides: Sides) -> tuple[WallConflict, ...]:
        """By what members of each side have access to clients of the other, whether it stands or not."""
        return wall_conflicts(self.moment, sides)

    # --- Who reaches what (rules.md 2)

    def can(self, member: int, engagement: int) -> bool:
        """Whether the member sees the engagement."""
        return self.moment.can(member, engagement)

    def level(self, member: int, engagement: int) -> Level:
        """The member's level on the engagement, `Level.NONE` where denied."""
        return self.moment.level(member, engagement)

    def seen_by(self, member: int) -> BitMap:
        """The engagements that the member sees."""
        return self.moment.reach(member).see

    def seen_among(self, clients: BitMap, members: Iterable[int]) -> Iterator[tuple[int, BitMap]]:
        """Of each member the engagements of these clients that they see, where they see any."""
        return seen_among(self.moment, members, clients)

    def clients_seen_by(self, member: int) -> BitMap:
        """The clients of which the member sees at least one engagement."""
        return self.moment.clients(member)

    def clients_by_level(self, member: int) -> dict[Level, BitMap]:
        """The clients that the member sees by their level on the whole; under NONE those seen in part."""
        return self.moment.clients_by_level(member)

    def sees(self, member: int, client: int) -> bool:
        """Whether the member sees at least one engagement of the client."""
        return self.moment.sees(member, client)

    def client_level(self, member: int, client: int) -> Level:
        """The member's level on the client as a whole: the lowest over all its engagements."""
        return self.moment.client_level(member, client)

    def who(self, client: int) -> dict[int, Level]:
        """The members who see the client, with their level on it as a whole."""
        return who_sees(self.moment, client)

    def ways(self, member: int) -> Mapping[Way, BitMap]:
        """By what the member reaches what they reach and what keeps them from the rest, with engagements."""
        return ways.ways(self.moment, member)

    def ways_on(self, member: int, engagement: int) -> tuple[Way, ...]:
        """All ways that give the member's answer on one engagement."""
        return ways.ways_on(self.moment, member, engagement)

    def onward(self, member: int) -> tuple[DelegationLink, ...]:
        """Over which delegations what is delegated to the member goes on to others, nearest first."""
        return cascade.onward(self.moment, member)

    def behind(self, member: int) -> tuple[DelegationLink, ...]:
        """Over which delegations the member has what they hand on, nearest first."""
        return cascade.behind(self.moment, member)

    # --- Gathered, for pictures

    def clients_alike(self, parts: Mapping[K, BitMap]) -> dict[frozenset[K], BitMap]:
        """The firm's clients by which of these sets of engagements have any of theirs."""
        return bundles.clients_alike(self.moment, parts)

    def members_alike(self) -> dict[MemberPlaces, BitMap]:
        """The members who may use client records, by where they stand."""
        return bundles.members_alike(self.moment)

    def own_grants(self, member: int) -> OwnGrants:
        """What the member's own grants that count are on."""
        return bundles.own_grants(self.moment, member)

    # --- Who may do or know what (rules.md 5)

    def may(self, member: int | None, wanted: Capability) -> bool:
        """Whether the member has the capability; the operator (None) has every one."""
        return capability.may(self.moment.state, member, wanted)

    def knows(self, member: int | None, client: int) -> bool:
        """Whether the client is there and the member may be told of it; the operator (None) knows of all."""
        return client in self.clients and knowing.knows(self.moment, member, client)

    def known_clients(self, member: int | None) -> BitMap:
        """The clients whose existence the member may be told of; the operator (None) knows of all."""
        return knowing.known_clients(self.moment, member)

    def shareable(self, member: int | None) -> BitMap:
        """The clients that the member may share (rules.md 5); the operator (None) may share all."""
        return sharing.shareable(Acting(moment=self.moment, actor=member))

    def shares_any(self, member: int | None) -> bool:
        """Whether the member may share any client."""
        return sharing.shares_any(Acting(moment=self.moment, actor=member))

    def groups_named_to(self, member: int | None) -> frozenset[int]:
        """The groups that lists name to the member beside clients that they see."""
        return knowing.groups_named(self.moment, member)

    def walled_from(self, member: int) -> BitMap:
        """The clients that a wall keeps from the member."""
        return self.moment.evaluation.kept_from(member)

    def offered_services(self, member: int | None) -> frozenset[int]:
        """The services that the member is offered to choose from (rules.md 9); None is the operator."""
        return knowing.offered_services(self.moment, member)
