"""Random commands that a firm might be given: most are carried out, some refused.

Drawn from a `random.Random`, beside the state as it is. Whether a refusal is right is for the core to test.
"""

from collections.abc import Callable, Iterable
from random import Random

from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core.commands import Command, GrantTo, On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment
from ringfence.core.review_schedule import day_of
from ringfence.core.review_values import ReviewScope, Undecided
from ringfence.core.settings import PROFILES
from ringfence.core.terms import ALL_CLIENTS, Instant, Level, Role, Scope, Subject, Target
from ringfence.core.values import Side, SoftwareNames
from tests.core.random_statements import RandomStatements

DAY = 86_400_000_000
"""Microseconds."""
ODD = ("", " ", "é", "Ünïcode", "ﬁ", "ŵ", "名", "🦊", "'; --", "%s", "\\", '"', "{}")


class PossibleCommands:
    """Draws the next command for a firm."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = 0

    def command(self, moment: Moment) -> Command:
        """Something that might be done to the firm as it stands."""
        self.count += 1
        self.moment = moment
        self.state = moment.state
        return self.rng.choice(_MAKERS)(self)

    # --- Picking what is there

    def name(self) -> str:
        return f"Name {self.count}{self.rng.choice(ODD)}".strip()

    def one(self, numbers: Iterable[int]) -> int:
        """One of them; 1 where there is none."""
        found = sorted(numbers)
        return self.rng.choice(found) if found else 1

    def some(self, numbers: Iterable[int]) -> list[int]:
        """One of them or more."""
        found = sorted(numbers)
        return self.rng.sample(found, self.rng.randint(1, min(4, len(found)))) if found else [1]

    def member(self) -> int:
        return self.one(self.state.members)

    def client(self) -> int:
        return self.one(self.state.register.clients)

    def group(self) -> int:
        return self.one(self.state.groups)

    def service(self) -> int:
        return self.one(self.state.services)

    def level(self) -> Level:
        return self.rng.choice((Level.READER, Level.EDITOR, Level.OWNER, Level.BLOCKED))

    def expiry(self) -> Instant | None:
        return Instant(self.moment.now + self.rng.randint(1, 9) * DAY) if self.rng.random() < 0.3 else None

    def subject(self) -> Subject:
        holders = list(self.state.holdings)
        if holders and self.rng.random() < 0.4:
            return self.rng.choice(holders)
        if self.rng.random() < 0.5:
            return Subject("member", self.member())
        return Subject("group", self.group())

    def on(self) -> On:
        match self.rng.randrange(6):
            case 0 | 1 | 2:
                return On(clients=BitMap(self.some(self.state.register.clients)))
            case 3:
                return On(engagements=BitMap(self.some(self.state.register.engagements)))
            case 4:
                return On.service(self.service())
            case _:
                return On.target(ALL_CLIENTS)

    def held(self, subject: Subject) -> On:
        targets = list(self.state.held_by(subject).targets())
        return On.target(self.rng.choice(targets) if targets else Target("client", 1))

    def row(self) -> w.ClientRow:
        services = self.some(self.state.services) if self.rng.random() < 0.8 else []
        self.count += 1
        taxes = {n: f"T{self.count}-{n}" if self.rng.random() < 0.5 else "" for n in services}
        reference = f"R{self.count}" if self.rng.random() < 0.7 else ""
        marked = self.rng.random() < 0.2
        return w.ClientRow(
            name=self.name(), reference=reference, kind="Ltd", services=taxes, confidential=marked
        )

    def sides(self) -> tuple[Side, Side]:
        members, clients = self.some(self.state.members), self.some(self.state.register.clients)
        return (
            Side(members=frozenset(members[:2]), clients=frozenset(clients[2:])),
            Side(members=frozenset(members[2:]), clients=frozenset(clients[:2])),
        )


def _set_policy(it: PossibleCommands) -> Command:
    random = RandomStatements(
        it.rng.choice,
        members=it.state.members,
        groups=it.state.groups,
        clients=it.state.register.clients or [1],
        services=it.state.services,
    )
    old = bool(it.state.policies) and it.rng.random() < 0.5
    return w.SetPolicy(
        policy=it.one(it.state.policies) if old else 0,
        name=UNSET if old else it.name(),
        # One that refuses would soon stop most of what comes.
        mode="warn",
        statements=random.statements(),
        text=it.rng.choice(("", "as written")),
    )


def _settings(it: PossibleCommands) -> Command:
    wanted = PROFILES[it.rng.choice(list(PROFILES))]
    names = ("unassigned", "sharing", "on_activation", "default_everyone", "fee_splits", "inaccessible")
    changes = {name: getattr(wanted, name) for name in it.rng.sample(names, 2)}
    on = dict.fromkeys(("requests", "personal_defaults", "delegation"), True)
    return w.ChangeSettings(values={**changes, **on, "emergency": "reader", "unassigned": "none"})


def _member(it: PossibleCommands) -> Command:
    address = f"m{it.count}@example.com" if it.rng.random() < 0.5 else ""
    user_name = f"user{it.count}" if it.rng.random() < 0.3 else ""
    return w.AddMember(name=it.name(), email=address, user_name=user_name, role=it.rng.choice(list(Role)))


def _change_member(it: PossibleCommands) -> Command:
    role = it.rng.choice((Role.STANDARD, Role.ADMINISTRATOR))
    return w.ChangeMember(member=it.member(), name=it.name(), role=role, manage_access=it.rng.random() < 0.3)


def _deactivate(it: PossibleCommands) -> Command:
    successor = it.member() if it.rng.random() < 0.5 else None
    return w.DeactivateMember(member=it.member(), hand_over_to=successor, directory=it.rng.random() < 0.3)


def _create_group(it: PossibleCommands) -> Command:
    members = frozenset(it.some(it.state.members))
    directory = it.rng.random() < 0.3
    return w.CreateGroup(
        name=it.name(),
        members=members,
        on=it.on(),
        level=it.level(),
        external=it.name() if directory else "",
        directory=directory,
    )


def _change_members(it: PossibleCommands) -> Command:
    """Mostly said by whoever keeps the group."""
    group, members = it.group(), frozenset(it.some(it.state.members))
    directory = (group in it.state.kept) != (it.rng.random() < 0.1)
    kind = it.rng.choice((w.AddToGroup, w.RemoveFromGroup))
    return kind(group=group, members=members, directory=directory)


def _grant(it: PossibleCommands) -> Command:
    subject, on = it.subject(), it.on()
    split = it.rng.randint(0, 2000) if it.state.settings.fee_splits and on.clients else None
    return w.SetGrant(to=(subject,), on=on, level=it.level(), expires=it.expiry(), fee_split=split)


def _remove_grant(it: PossibleCommands) -> Command:
    subject = it.subject()
    return w.RemoveGrant(to=(subject,), on=it.held(subject))


def _exclude(it: PossibleCommands) -> Command:
    places = [
        (subject.number, service)
        for subject, held in it.state.holdings.items()
        for service in held.services
        if subject.kind == "group"
    ]
    group, service = it.rng.choice(places) if places else (it.group(), it.service())
    kind = it.rng.choice((w.ExcludeClients, w.ExcludeClients, w.IncludeClients))
    return kind(group=group, service=service, clients=BitMap(it.some(it.state.register.clients)))


def _delegate(it: PossibleCommands) -> Command:
    cap = it.rng.choice((Level.READER, Level.EDITOR, Level.OWNER))
    giver, taker, cascades = it.member(), it.member(), it.rng.random() < 0.7
    return w.SetDelegation(delegator=giver, delegate=taker, cap=cap, expires=it.expiry(), cascades=cascades)


def _undelegate(it: PossibleCommands) -> Command:
    pairs = list(it.state.delegations)
    giver, taker = it.rng.choice(pairs) if pairs else (1, 1)
    return w.RemoveDelegation(delegator=giver, delegate=taker)


def _defaults(it: PossibleCommands) -> Command:
    grants = tuple(GrantTo(to=Subject("member", n), level=Level.EDITOR) for n in it.some(it.state.members))
    return w.SetDefaults(grants=grants if it.rng.random() < 0.8 else (), member=it.member())


def _close_request(it: PossibleCommands) -> Command:
    asked = list(it.state.requests)
    client, member = it.rng.choice(asked) if asked else (1, 1)
    kind = it.rng.choice((w.GrantRequest, w.DeclineRequest))
    return kind(client=client, member=member)


def _open_emergency(it: PossibleCommands) -> Command:
    return w.OpenEmergency(client=it.client(), reason=it.name())


def _over_emergency(it: PossibleCommands) -> Command:
    opened = list(it.state.emergencies)
    client, member = it.rng.choice(opened) if opened else (1, 1)
    kind = it.rng.choice((w.AcknowledgeEmergency, w.EndEmergency))
    return kind(client=client, member=member)


def _make_token(it: PossibleCommands) -> Command:
    return w.AddToken(
        name=it.name(),
        scopes=it.rng.choice((Scope.DECIDE, Scope.DECIDE | Scope.SEARCH, Scope.CHANGES)),
        digest=it.rng.randbytes(32),
        beginning="ringfence_0000",
        member=it.member(),
        expires=it.expiry(),
        addresses=it.rng.choice(((), ("203.0.113.7", "2001:db8::/32"))),
    )


def _review(it: PossibleCommands) -> Command:
    """One that begins, or something that happens to one that is open."""
    due = Instant(it.moment.now + it.rng.randint(1, 9) * DAY)
    if not it.state.reviews or it.rng.random() < 0.3:
        reviewers = tuple(it.some(it.state.members)) if it.rng.random() < 0.3 else ()
        undecided: Undecided = it.rng.choice(("keep", "remove"))
        scope = ReviewScope(kind=it.rng.choice(("all", "all", "confidential")))
        return w.StartReview(name=it.name(), scope=scope, due=due, undecided=undecided, reviewers=reviewers)
    if it.rng.random() < 0.2:
        return _schedule(it)
    review = it.one(it.state.reviews)
    items = w.ReviewItems(numbers=BitMap(it.some(range(1, it.state.reviews[review].terms.count + 1))))
    return it.rng.choice(
        (
            w.DecideReview(review=review, items=items, decision="keep"),
            w.DecideReview(review=review, items=items, decision="remove"),
            w.DecideReview(review=review, items=items, decision="lower", level=Level.READER),
            w.HandOverReview(review=review, items=items, to=it.member()),
            w.ExtendReview(review=review, due=due),
            w.CloseReview(review=review),
        )
    )


def _schedule(it: PossibleCommands) -> Command:
    if it.state.schedules and it.rng.random() < 0.7:
        number = it.one(it.state.schedules)
        begin = w.BeginReview(review=number, name=it.name())
        return it.rng.choice((begin, w.UnscheduleReview(review=number)))
    first = day_of(Instant(it.moment.now + it.rng.randint(1, 9) * DAY))
    return w.ScheduleReview(name=it.name(), scope=ReviewScope(kind="all"), first=first, every="year", days=30)


_MAKERS: tuple[Callable[[PossibleCommands], Command], ...] = (
    lambda it: w.TurnOff() if it.state.settings.control else w.TurnOn(),
    _settings,
    _member,
    _member,
    _change_member,
    _deactivate,
    lambda it: w.ReactivateMember(member=it.member()),
    lambda it: w.AddService(name=it.name()),
    lambda it: w.RenameService(service=it.service(), to=it.name()),
    lambda it: w.RemoveService(service=it.service()),
    _create_group,
    _create_group,
    lambda it: w.RenameGroup(group=it.group(), to=it.name()),
    lambda it: w.DeleteGroup(group=it.group()),
    lambda it: w.ChangeGroup(group=it.group(), external=it.name(), directory=it.rng.random() < 0.5),
    lambda it: w.SetSuccessor(member=it.member()),
    _change_members,
    _change_members,
    lambda it: w.AddClient(client=it.row()),
    lambda it: w.ImportClients(rows=tuple(it.row() for _ in range(it.rng.randint(1, 4))), reason=it.name()),
    lambda it: w.ChangeClient(client=it.client(), name=it.name(), reference=f"N{it.count}"),
    lambda it: w.ChangeClient(client=it.client(), confidential=it.rng.random() < 0.5),
    lambda it: w.RemoveClient(client=it.client()),
    lambda it: w.RestoreClient(client=it.one(it.state.register.removed)),
    lambda it: w.AddEngagement(client=it.client(), service=it.service(), reference=f"A{it.count}"),
    lambda it: w.ImportEngagements(
        rows=tuple(
            w.EngagementRow(client=client, service=it.service(), reference=f"A{it.count}-{client}")
            for client in it.some(it.state.register.clients)
        )
    ),
    lambda it: w.ChangeEngagement(engagement=it.one(it.state.register.engagements), reference=f"E{it.count}"),
    lambda it: w.RemoveEngagement(engagement=it.one(it.state.register.engagements)),
    _grant,
    _grant,
    _grant,
    _remove_grant,
    _exclude,
    _delegate,
    _undelegate,
    _defaults,
    lambda it: w.CopyAccess(source=it.member(), to=it.member()),
    lambda it: w.RaiseWall(name=it.name(), sides=it.sides(), starts=it.expiry(), ends=it.expiry()),
    lambda it: w.ChangeWall(
        wall=it.one(it.state.walls), sides=it.sides(), starts=it.expiry(), ends=it.expiry()
    ),
    lambda it: w.AcknowledgeWall(wall=it.one(it.state.walls)),
    lambda it: w.LowerWall(wall=it.one(it.state.walls)),
    lambda it: w.OpenRequest(client=it.client(), reason=it.name()),
    _close_request,
    _open_emergency,
    _open_emergency,
    _over_emergency,
    _make_token,
    _review,
    _review,
    lambda it: w.SetNames(names=SoftwareNames(types={it.name(): "client"})),
    _set_policy,
    lambda it: w.RemovePolicy(policy=it.one(it.state.policies)),
    lambda it: w.RevokeToken(token=it.one(it.state.tokens)),
)
