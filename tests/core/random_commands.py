"""Random commands: any command of rules.md 7, with numbers that are there and numbers of nobody.

Whether a command may be given, and by whom, is for the tests to say.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core.commands import Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.events import Change
from ringfence.core.review_schedule import day_of
from ringfence.core.review_values import ReviewScope, ScopeKind
from ringfence.core.settings import PROFILES
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level, Role, Scope, Subject
from ringfence.core.values import Sides, SoftwareNames
from tests.core.firms import NOW
from tests.core.random_firms import DAY, GRANT_LEVELS, SETTINGS, Chance, Firm, sides
from tests.core.random_statements import RandomStatements

T = TypeVar("T")

NAMES = ("Fresh", "Quite new", " Trimmed ", "Group 2", "Service 2", "Wall 1", "Everyone", "", "x" * 201)
REFERENCES = ("", "", "N-1", "n-2 ", "R-1", "X" * 81)
REASONS = ("", "", "", "audit", "two\nlines", "bell\a")
CHANGES: dict[str, tuple[object, ...]] = {
    **{name: values for name, values in SETTINGS.items() if name != "control"},
    "profile": (*PROFILES, "other"),
    "control": (True,),
    "colour": ("red",),
}


class RandomCommands:
    """Makes up the parts of commands for a firm as it stands."""

    def __init__(self, chance: Chance, facts: Facts) -> None:
        self.chance = chance
        self.facts = facts
        self.standing = sorted((grant.subject, grant.target) for grant in facts.grants)

    def actor(self) -> int | None:
        """Anybody: one in four times who manages the firm, at times the operator or nobody's number."""
        managing = [n for n, who in self.facts.members.items() if who.active and who.administers]
        if managing and self.chance.odds(0.25):
            return self.chance.of(managing)
        return None if self.chance.odds(0.1) else self.member()

    def command(self, *kinds: type[w.Command]) -> w.Command:
        """One of these kinds; of all kinds where none is named."""
        return MAKERS[self.chance.of(kinds or tuple(MAKERS))](self)

    def of(self, choices: Sequence[T]) -> T:
        return self.chance.of(choices)

    def maybe(self, choices: Sequence[T], odds: float = 0.4) -> Any:
        return self.of(choices) if self.chance.odds(odds) else UNSET

    def member(self) -> int:
        return self.chance.one(self.facts.members)

    def group(self) -> int:
        return self.chance.one(self.facts.groups)

    def client(self) -> int:
        return self.chance.one(self.facts.clients)

    def service(self) -> int:
        return self.chance.one(self.facts.services)

    def engagement(self) -> int:
        return self.chance.one(self.facts.engagements)

    def wall(self) -> int:
        return self.chance.one(self.facts.walls)

    def other_sides(self) -> Sides:
        """Of a wall that may stand, mostly others than it has."""
        if self.facts.walls and self.chance.odds(0.2):
            return self.facts.walls[self.chance.of(tuple(self.facts.walls))].sides
        return sides(self.chance, self.facts.members, [*self.facts.clients, 9])

    def time(self) -> Instant | None:
        """The start or the end of a wall, of which most have none."""
        return self.expires() if self.chance.odds(0.3) else None

    def token(self) -> int:
        return self.chance.one(self.facts.tokens)

    def policy(self) -> int:
        return self.chance.one(self.facts.policies)

    def review(self) -> int:
        return self.chance.one(self.facts.reviews)

    def scope(self) -> ReviewScope:
        kind: ScopeKind = self.of(("all", "all", "confidential", "service", "group", "clients", "member"))
        numbers = {"service": self.service, "group": self.group, "member": self.member}
        return ReviewScope(
            kind=kind,
            number=numbers[kind]() if kind in numbers else 0,
            clients=frozenset(self.clients()) if kind == "clients" else frozenset(),
        )

    def items(self) -> w.ReviewItems:
        if self.standing and self.chance.odds(0.3):
            subject, target = self.of(self.standing)
            return w.ReviewItems(grants=((subject, w.On.target(target)),))
        return w.ReviewItems(numbers=BitMap(self.chance.some(range(1, 6))))

    def scopes(self) -> Scope:
        return self.of((Scope.DECIDE, Scope.DECIDE | Scope.SEARCH, Scope.MANAGE, Scope(0)))

    def members(self) -> frozenset[int]:
        return self.chance.some(self.facts.members)

    def clients(self) -> BitMap:
        return BitMap(self.chance.some(self.facts.clients))

    def name(self) -> str:
        return self.of(NAMES)

    def reference(self) -> str:
        return self.of(REFERENCES)

    def seldom(self) -> bool:
        return self.chance.odds(0.2)

    def reason(self) -> str:
        return self.of(REASONS)

    def level(self) -> Level:
        return self.of(GRANT_LEVELS) if self.chance.odds(0.95) else Level.NONE

    def expires(self) -> Instant | None:
        return Instant(NOW + self.chance.random.randint(0, 7) * DAY // 2) if self.chance.odds(0.4) else None

    def subject(self) -> Subject:
        if self.chance.odds(0.6):
            return Subject("member", self.member())
        return Subject("group", self.group())

    def subjects(self) -> tuple[Subject, ...]:
        return tuple(self.subject() for _ in range(self.of((1, 1, 1, 1, 2, 0))))

    def on(self) -> w.On:
        match self.of(("client", "client", "client", "engagement", "engagement", "service", "all", "mixed")):
            case "client":
                return w.On.client(self.client())
            case "engagement":
                return w.On.engagement(self.engagement())
            case "service":
                service, left_out = self.service(), self.clients()
                leaves_out = left_out and self.chance.odds(0.5)
                return w.On(services=frozenset({service}), excluded={service: left_out} if leaves_out else {})
            case "all":
                return w.On(all=True)
        return w.On(clients=self.clients(), engagements=BitMap(self.chance.some(self.facts.engagements)))

    def grants(self) -> tuple[w.GrantTo, ...]:
        count = self.chance.random.randint(0, 2)
        return tuple(w.GrantTo(to=self.subject(), level=self.level()) for _ in range(count))

    def row(self) -> w.ClientRow:
        services = self.chance.some(self.facts.services)
        return w.ClientRow(
            name=self.of(("New client", "New client", "Client 1", " New ", "")),
            reference=self.reference(),
            kind=self.of(("", "company")),
            confidential=self.chance.odds(0.2),
            services={service: self.reference() for service in sorted(services)},
            grants=self.grants() if self.chance.odds(0.4) else None,
        )

    def engagement_row(self) -> w.EngagementRow:
        return w.EngagementRow(client=self.client(), service=self.service(), reference=self.reference())

    def emergency(self) -> tuple[int, int]:
        """Client and member, mostly of emergency access that stands or waits."""
        if self.facts.emergencies and self.chance.odds(0.9):
            return self.of(sorted(self.facts.emergencies))
        return self.client(), self.member()

    def asked(self) -> tuple[int, int]:
        """Client and member, mostly of a request that is open."""
        if self.facts.requests and self.chance.odds(0.9):
            return self.of(sorted(self.facts.requests))
        return self.client(), self.member()


def _settings(it: RandomCommands) -> w.Command:
    names = it.chance.random.sample(sorted(CHANGES), it.of((0, 1, 1, 1, 2)))
    return w.ChangeSettings(values={name: it.of(CHANGES[name]) for name in names})


def _add_member(it: RandomCommands) -> w.Command:
    return w.AddMember(
        name=it.of(("New member", "Member 1", " New ", "")),
        email=it.of(("", "new@firm.example", "member1@firm.example", "nobody")),
        role=it.of(tuple(Role)),
        access=it.maybe((True, False)),
        manage_access=it.chance.odds(0.2),
        reason=it.reason(),
    )


def _change_member(it: RandomCommands) -> w.Command:
    return w.ChangeMember(
        member=it.member(),
        name=it.maybe(("Renamed", "Member 1", "")),
        email=it.maybe(("", "new@firm.example", "member1@firm.example")),
        role=it.maybe(tuple(Role)),
        access=it.maybe((True, False)),
        manage_access=it.maybe((True, False)),
    )


def _set_grant(it: RandomCommands) -> w.Command:
    split = it.of((0, 1_000, 9_000, 10_001)) if it.chance.odds(0.2) else None
    return w.SetGrant(to=it.subjects(), on=it.on(), level=it.level(), expires=it.expires(), fee_split=split)


def _change_grant(it: RandomCommands) -> w.Command:
    if not it.standing:
        return _set_grant(it)
    subject, target = it.of(it.standing)
    return w.SetGrant(to=(subject,), on=w.On.target(target), level=it.of(GRANT_LEVELS), expires=it.expires())


def _remove_grant(it: RandomCommands) -> w.Command:
    if not it.standing or it.chance.odds(0.15):
        return w.RemoveGrant(to=it.subjects(), on=it.on())
    subject, target = it.of(it.standing)
    return w.RemoveGrant(to=(subject,), on=w.On.target(target))


def _exclusion(it: RandomCommands, kind: type[w.ExcludeClients] | type[w.IncludeClients]) -> w.Command:
    places = [
        (subject.number, target.number)
        for subject, target in it.standing
        if subject.kind == "group" and target.kind == "service"
    ]
    group, service = it.of(places) if places and it.chance.odds(0.9) else (it.group(), it.service())
    return kind(group=group, service=service, clients=it.clients())


def _remove_delegation(it: RandomCommands) -> w.Command:
    if it.facts.delegations and it.chance.odds(0.8):
        delegator, delegate = it.of(sorted(it.facts.delegations))
    else:
        delegator, delegate = it.member(), it.member()
    return w.RemoveDelegation(delegator=delegator, delegate=delegate)


def _grant_request(it: RandomCommands) -> w.Command:
    client, member = it.asked()
    level = it.of((*GRANT_LEVELS, Level.NONE)) if it.chance.odds(0.4) else None
    return w.GrantRequest(client=client, member=member, level=level, expires=it.expires())


def _decline_request(it: RandomCommands) -> w.Command:
    client, member = it.asked()
    return w.DeclineRequest(client=client, member=member)


def _acknowledge_emergency(it: RandomCommands) -> w.Command:
    client, member = it.emergency()
    return w.AcknowledgeEmergency(client=client, member=member, reason=it.reason())


def _end_emergency(it: RandomCommands) -> w.Command:
    client, member = it.emergency()
    return w.EndEmergency(client=client, member=member if it.chance.odds(0.7) else None)


def _change_client(it: RandomCommands) -> w.Command:
    return w.ChangeClient(
        client=it.client(),
        name=it.maybe(("Renamed", "Client 1", "\n")),
        reference=it.maybe(REFERENCES),
        kind=it.maybe(("", "trust")),
        confidential=it.maybe((True, False)),
        reason=it.reason(),
    )


def _set_policy(it: RandomCommands) -> w.SetPolicy:
    random = RandomStatements.about(it.of, it.facts)
    if it.facts.policies and it.chance.odds(0.5):
        return w.SetPolicy(
            policy=it.policy(),
            name=it.maybe(NAMES),
            mode=it.maybe(("warn", "refuse")),
            statements=it.maybe((random.statements(), ())),
            text=it.maybe(("", "never: …")),
        )
    return w.SetPolicy(
        name=it.maybe(NAMES, 0.9),
        mode=it.maybe(("warn", "refuse")),
        statements=random.statements(),
        text=it.maybe(("", "never: …")),
    )


MAKERS: dict[type[w.Command], Callable[[RandomCommands], w.Command]] = {
    w.TurnOn: lambda it: w.TurnOn(reason=it.reason()),
    w.TurnOff: lambda it: w.TurnOff(reason=it.reason()),
    w.ChangeSettings: _settings,
    w.AddMember: _add_member,
    w.ChangeMember: _change_member,
    w.DeactivateMember: lambda it: w.DeactivateMember(
        member=it.member(),
        hand_over_to=it.member() if it.chance.odds(0.6) else None,
        directory=it.chance.odds(0.5),
    ),
    w.ReactivateMember: lambda it: w.ReactivateMember(member=it.member()),
    w.AddService: lambda it: w.AddService(name=it.name(), reason=it.reason()),
    w.RenameService: lambda it: w.RenameService(service=it.service(), to=it.name()),
    w.RemoveService: lambda it: w.RemoveService(service=it.service()),
    w.CreateGroup: lambda it: w.CreateGroup(
        name=it.name(), members=it.members(), on=it.on(), level=it.level()
    ),
    w.RenameGroup: lambda it: w.RenameGroup(group=it.group(), to=it.name(), directory=it.seldom()),
    w.ChangeGroup: lambda it: w.ChangeGroup(group=it.group(), directory=it.chance.odds(0.6)),
    w.DeleteGroup: lambda it: w.DeleteGroup(group=it.group(), directory=it.seldom()),
    w.AddToGroup: lambda it: w.AddToGroup(group=it.group(), members=it.members(), directory=it.seldom()),
    w.RemoveFromGroup: lambda it: w.RemoveFromGroup(
        group=it.group(), members=it.members(), directory=it.seldom()
    ),
    w.AddClient: lambda it: w.AddClient(client=it.row(), reason=it.reason()),
    w.ImportClients: lambda it: w.ImportClients(
        rows=tuple(it.row() for _ in range(it.of((0, 1, 2)))),
        grants=it.grants() if it.chance.odds(0.4) else None,
    ),
    w.ChangeClient: _change_client,
    w.RemoveClient: lambda it: w.RemoveClient(client=it.client()),
    w.RestoreClient: lambda it: w.RestoreClient(client=it.client()),
    w.AddEngagement: lambda it: w.AddEngagement(
        client=it.client(), service=it.service(), reference=it.reference()
    ),
    w.ImportEngagements: lambda it: w.ImportEngagements(
        rows=tuple(it.engagement_row() for _ in range(it.of((0, 1, 2, 3, 4))))
    ),
    w.ChangeEngagement: lambda it: w.ChangeEngagement(engagement=it.engagement(), reference=it.reference()),
    w.RemoveEngagement: lambda it: w.RemoveEngagement(engagement=it.engagement()),
    w.SetGrant: lambda it: _set_grant(it) if it.chance.odds(0.6) else _change_grant(it),
    w.RemoveGrant: _remove_grant,
    w.ExcludeClients: lambda it: _exclusion(it, w.ExcludeClients),
    w.IncludeClients: lambda it: _exclusion(it, w.IncludeClients),
    w.SetDelegation: lambda it: w.SetDelegation(
        delegator=it.member(),
        delegate=it.member(),
        cap=it.level(),
        expires=it.expires(),
        cascades=it.chance.odds(0.8),
    ),
    w.RemoveDelegation: _remove_delegation,
    w.SetDefaults: lambda it: w.SetDefaults(
        grants=it.grants(), member=it.member() if it.chance.odds(0.5) else None
    ),
    w.CopyAccess: lambda it: w.CopyAccess(source=it.member(), to=it.member()),
    w.RaiseWall: lambda it: w.RaiseWall(
        name=it.name(),
        sides=sides(it.chance, it.facts.members, it.facts.clients),
        starts=it.time(),
        ends=it.time(),
    ),
    w.ChangeWall: lambda it: w.ChangeWall(
        wall=it.wall(),
        sides=it.other_sides(),
        starts=it.time(),
        ends=it.time(),
        reason=it.of(("", "", "Bid")),
    ),
    w.AcknowledgeWall: lambda it: w.AcknowledgeWall(wall=it.wall()),
    w.LowerWall: lambda it: w.LowerWall(wall=it.wall()),
    w.OpenRequest: lambda it: w.OpenRequest(
        client=it.client(),
        level=it.level(),
        expires=it.expires(),
        reason=it.of(("year end", "year end", "")),
    ),
    w.WithdrawRequest: lambda it: w.WithdrawRequest(client=it.asked()[0]),
    w.GrantRequest: _grant_request,
    w.DeclineRequest: _decline_request,
    w.StartReview: lambda it: w.StartReview(
        name=it.name(),
        scope=it.scope(),
        due=Instant(NOW + it.chance.random.randint(-1, 9) * DAY),
        undecided=it.of(("keep", "remove")),
        reviewers=tuple(sorted(it.members())) if it.chance.odds(0.4) else (),
    ),
    w.DecideReview: lambda it: w.DecideReview(
        review=it.review(), items=it.items(), decision=it.of(("keep", "remove", "lower")), level=it.level()
    ),
    w.HandOverReview: lambda it: w.HandOverReview(review=it.review(), items=it.items(), to=it.member()),
    w.ExtendReview: lambda it: w.ExtendReview(
        review=it.review(), due=Instant(NOW + it.chance.random.randint(-1, 9) * DAY)
    ),
    w.ScheduleReview: lambda it: w.ScheduleReview(
        name=it.name(),
        scope=it.scope(),
        first=day_of(Instant(NOW + it.chance.random.randint(-1, 9) * DAY)),
        every=it.of(("quarter", "half_year", "year")),
        days=it.chance.random.randint(0, 95),
        reviewers=tuple(sorted(it.members())) if it.chance.odds(0.4) else (),
    ),
    w.BeginReview: lambda it: w.BeginReview(review=it.chance.one(it.facts.schedules), name=it.name()),
    w.UnscheduleReview: lambda it: w.UnscheduleReview(review=it.chance.one(it.facts.schedules)),
    w.CloseReview: lambda it: w.CloseReview(review=it.review(), undecided=it.of((None, "keep", "remove"))),
    w.OpenEmergency: lambda it: w.OpenEmergency(client=it.client(), reason=it.of(("night", "night", ""))),
    w.AcknowledgeEmergency: _acknowledge_emergency,
    w.EndEmergency: _end_emergency,
    w.AddToken: lambda it: w.AddToken(
        name=it.name(),
        scopes=it.scopes(),
        digest=it.of((b"d" * 32, b"d" * 32, b"")),
        member=it.member() if it.chance.odds(0.7) else None,
        expires=it.expires(),
        addresses=it.of(((), (), ("203.0.113.7", "2001:db8::/32"), ("nowhere",))),
    ),
    w.RevokeToken: lambda it: w.RevokeToken(token=it.token()),
    w.SetSuccessor: lambda it: w.SetSuccessor(member=it.member() if it.chance.odds(0.8) else None),
    w.SetPolicy: _set_policy,
    w.RemovePolicy: lambda it: w.RemovePolicy(policy=it.policy()),
    w.SetNames: lambda it: w.SetNames(
        names=SoftwareNames(types=it.of(({}, {"record": "client"}, {"case": "engagement"})))
    ),
}


def tried(firm: Firm, command: w.Command, actor: int | None) -> Change | Refused:
    """The change, or the refusal. Any other exception is a failure of the test that tries."""
    try:
        return carry_out(at(firm.state, NOW), firm.directory, command, actor=actor).change
    except Refused as refusal:
        return refusal


class Done(NamedTuple):
    """A command that was carried out, with the facts before and after."""

    command: w.Command
    actor: int | None
    change: Change
    before: Facts
    after: Facts


def done(chance: Chance, firm: Firm, *kinds: type[w.Command], tries: int = 8) -> Iterator[Done]:
    """So many commands, one after the other, each on the firm that the last one left: those carried out."""
    for _ in range(tries):
        before = firm.facts
        random_commands = RandomCommands(chance, before)
        command, actor = random_commands.command(*kinds), random_commands.actor()
        change = tried(firm, command, actor)
        if isinstance(change, Change):
            firm = firm.after(change)
            yield Done(command, actor, change, before, firm.facts)
