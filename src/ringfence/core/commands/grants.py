"""`grant.set`, `grant.remove`, `grant.exclude`, `grant.include` (rules.md 5, 7)."""

from collections.abc import Iterator

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.cap import never_above_cap, refused_opening, refused_raising_own
from ringfence.core.authority.knowing import known_clients
from ringfence.core.authority.sharing import shareable
from ringfence.core.refusals import Problem, Refused, conflict, invalid, missing, need, switched_off
from ringfence.core.state.compiled import counting
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.terms import EVERYONE, GIVING, Level, Subject, Target, TargetKind, group_subject
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context
from .emergency import removed_with

WHOLE_FEE = 10_000


def set_grant(context: Context, command: w.SetGrant) -> list[e.Event]:
    need_targets_known(context, command.on)
    need_may_share(context, command.on)
    if command.on.excluded:
        context.need_no_own_wall(_taken_out(context, command))
    _need_settings(context, command)
    for subject in command.to:
        context.need_subject(subject)
    need_services(context, command.on)
    _need_valid(context, command)
    new = GrantTerms(level=command.level, expires=command.expires, fee_split=command.fee_split)
    events = set_events(context, command.to, command.on, new, keeps_splits=not context.settings.fee_splits)
    if not events:
        conflict()
    need_all_within_cap(context, events, new)
    return events


def _taken_out(context: Context, command: w.SetGrant) -> BitMap:
    """The clients that are left out of service grants that stand with them: as by `grant.exclude`."""
    found = BitMap()
    for held in map(context.state.held_by, command.to):
        for service, clients in command.on.excluded.items():
            if service in held.services:
                found |= clients - held.excluded.get(service, EMPTY)
    return found


def need_targets_known(context: Context, on: w.On, field: str = "on") -> None:
    """Refuses clients and engagements that are not there or that the actor may not know of, both alike."""
    clients = BitMap.union(on.clients, *on.excluded.values())
    if context.manages_access:
        # Who manages access knows all there are, which may be very many.
        if clients - context.state.register.clients:
            missing(Problem.UNKNOWN_CLIENT, field)
        if on.engagements - context.state.register.engagements:
            missing(Problem.UNKNOWN_ENGAGEMENT, field)
        return
    for client in clients - known_clients(context.judged().moment, context.actor):
        context.need_client(client, field)
    for engagement in on.engagements:
        context.need_engagement(engagement, field)


def need_may_share(context: Context, on: w.On) -> None:
    """Refuses grants that the actor may not give: on services and all clients only administrators."""
    if on.wide:
        context.need_administrator()
    if context.manages_access and context.together is None:
        # Only a wall keeps them from sharing. It is asked once, for what may be very many clients.
        if context.state.walls:
            context.need_no_own_wall(on.clients | context.state.register.clients_of(on.engagements))
        return
    # Rights are judged by the firm before a list, but on what the list itself adds.
    judged = context.judged()
    free, register = shareable(judged), judged.state.register
    # Who may share a client may share each of its engagements. One by one are asked what is left.
    whole = register.clients_of(on.engagements & register.engagements) & free
    rest = w.On(engagements=on.engagements - register.spread(whole), clients=on.clients - free)
    for target in narrow_targets(rest):
        context.need_sharing(target)


def need_services(context: Context, on: w.On) -> None:
    for service in on.services:
        context.need_service(service, "on")


def narrow_targets(on: w.On) -> Iterator[Target]:
    yield from (Target("engagement", number) for number in on.engagements)
    yield from (Target("client", number) for number in on.clients)


def sets_of(on: w.On) -> list[tuple[TargetKind, BitMap]]:
    """The targets as one set per kind, empty kinds left out."""
    kinds: list[tuple[TargetKind, BitMap]] = [
        ("engagement", on.engagements),
        ("client", on.clients),
        ("service", BitMap(on.services)),
        ("all", BitMap([0]) if on.all else EMPTY),
    ]
    return [(kind, numbers) for kind, numbers in kinds if numbers]


def _need_settings(context: Context, command: w.SetGrant) -> None:
    if group_subject(EVERYONE) in command.to and not context.settings.everyone_may_be_granted:
        held = counting(context.state.held_by(group_subject(EVERYONE)), context.now)
        if any(
            numbers - _as_much_already(held, kind, command.level) for kind, numbers in sets_of(command.on)
        ):
            switched_off(Problem.EVERYONE_SETTING, "to")
    if command.fee_split is not None and not context.settings.fee_splits:
        switched_off(Problem.FEE_SPLIT_SETTING, "fee_split")


def _as_much_already(held: Holding, kind: TargetKind, level: Level) -> BitMap:
    """The targets on which a grant at `level` makes and raises nothing. Blocked is less than any other."""
    if level is Level.BLOCKED:
        return held.numbers(kind)
    enough = GIVING[GIVING.index(level) :] if level in GIVING else GIVING
    return BitMap.union(EMPTY, *(held.numbers_at(kind, one) for one in enough))


def _need_valid(context: Context, command: w.SetGrant) -> None:
    if not command.to:
        invalid(Problem.NOTHING_NAMED, "to")
    if command.on.empty:
        invalid(Problem.NOTHING_NAMED, "on")
    need_level(command.level)
    context.need_future(command.expires)
    need_group_exclusions(command.to, command.on)
    if command.fee_split is not None:
        _need_fee_split(context, command, command.fee_split)


def need_group_exclusions(subjects: tuple[Subject, ...], on: w.On) -> None:
    """Only a group's grant on a service may exclude clients (rules.md 1)."""
    if on.excluded and any(subject.kind == "member" for subject in subjects):
        invalid(Problem.EXCLUSION_PLACE, "on")


def need_level(level: Level, field: str = "level") -> None:
    if level is Level.NONE:
        invalid(Problem.LEVEL_UNKNOWN, field)


def need_grants_to_give(grants: tuple[w.GrantTo, ...]) -> None:
    """One grant per subject, each with a level (rules.md 1)."""
    if len({grant.to for grant in grants}) < len(grants):
        invalid(Problem.NAMED_TWICE, "grants")
    for grant in grants:
        need_level(grant.level, "grants")


def _need_fee_split(context: Context, command: w.SetGrant, split: int) -> None:
    on = command.on
    if on.engagements or on.wide or any(subject.kind == "group" for subject in command.to):
        invalid(Problem.FEE_SPLIT_PLACE, "fee_split")
    if not 0 <= split <= WHOLE_FEE:
        invalid(Problem.FEE_SPLIT_RANGE, "fee_split")
    # What a list comes to is judged at its end.
    for client in on.clients if context.together is None else ():
        others = sum(
            held.fee_splits.get(client, 0)
            for subject, held in context.state.holdings.items()
            if subject not in command.to
        )
        if others + split * len(set(command.to)) > WHOLE_FEE:
            invalid(Problem.FEE_SPLIT_SUM, "fee_split")


def set_events(
    context: Context, subjects: tuple[Subject, ...], on: w.On, new: GrantTerms, *, keeps_splits: bool = False
) -> list[e.Event]:
    """One event per subject, kind of target and fee split, for the targets where the grant is not so already.

    Where it `keeps_splits`, each client keeps the fee split that stands on it, whatever `new` says.
    """
    events: list[e.Event] = []
    for subject in dict.fromkeys(subjects):
        held = context.state.held_by(subject)
        for kind, numbers in sets_of(on):
            for split, alike in _by_split(held, kind, numbers, new.fee_split, keeps_splits=keeps_splits):
                grant = msgspec.structs.replace(new, fee_split=split)
                targets = alike - _already(held, kind, alike, grant)
                if targets:
                    events.append(
                        e.GrantsSet(
                            subject=subject,
                            kind=kind,
                            targets=targets,
                            level=grant.level,
                            expires=grant.expires,
                            fee_split=grant.fee_split,
                        )
                    )
        for service, clients in on.excluded.items():
            left_out = clients - held.excluded.get(service, EMPTY)
            if left_out:
                events.append(e.ClientsExcluded(group=subject.number, service=service, clients=left_out))
    return events


def _by_split(
    held: Holding, kind: TargetKind, numbers: BitMap, stated: int | None, *, keeps_splits: bool
) -> list[tuple[int | None, BitMap]]:
    """The targets by the fee split that they get: the one stated, or each the one that stands on it."""
    if not keeps_splits or kind != "client" or not held.fee_splits:
        return [(stated, numbers)]
    found: dict[int | None, BitMap] = {}
    for client in numbers & BitMap(held.fee_splits):
        found.setdefault(held.fee_splits[client], BitMap()).add(client)
    without = numbers - BitMap(held.fee_splits)
    return [*found.items(), (None, without)] if without else list(found.items())


def _already(held: Holding, kind: TargetKind, numbers: BitMap, new: GrantTerms) -> BitMap:
    """The targets on which exactly this grant stands."""
    same = held.numbers_at(kind, new.level) & numbers
    if new.expires is None and new.fee_split is None and not held.expires and not held.fee_splits:
        return same
    return BitMap(number for number in same if held.grant_on(Target(kind, number)) == new)


def need_all_within_cap(context: Context, events: list[e.Event], new: GrantTerms | None) -> None:
    """Holds each changed grant against the cap, where the actor shares by the setting only."""
    if context.manages_access:
        return
    capped, own = [], []
    mine, free = Subject("member", context.actor or 0), never_above_cap(context.judged())
    for event in events:
        if isinstance(event, e.GrantsSet | e.GrantsRemoved):
            others_whole = event.kind == "client" and event.subject != mine
            for number in event.targets - free if others_whole else event.targets:
                target = Target(event.kind, number)
                if context.is_capped(target):
                    _need_within_cap(context, event, target, new)
                    capped.append(target)
                    if event.subject == mine:
                        own.append(target)
        elif isinstance(event, e.EmergencyEnded) and context.is_capped(Target("client", event.client)):
            capped.append(Target("client", event.client))
            if event.member == mine.number:
                own.append(Target("client", event.client))
    if context.together is not None:
        context.together.capped += capped
        context.together.own += own
    elif capped:
        after = apply_all(context.state, events)
        need(refused_raising_own(context, after, own) or refused_opening(context, after, capped))


def _need_within_cap(
    context: Context, event: e.GrantsSet | e.GrantsRemoved, target: Target, new: GrantTerms | None
) -> None:
    """Refuses as the cap does, with all the clients of the event of which it would say the same."""
    try:
        context.need_within_cap(event.subject, target, new)
    except Refused as refused:
        if event.kind == "client":
            refused.clients = BitMap(
                number
                for number in event.targets
                if (other := context.above_cap(event.subject, Target("client", number), new)) is not None
                and other.problem is refused.problem
            )
        raise


def remove_grant(context: Context, command: w.RemoveGrant) -> list[e.Event]:
    need_targets_known(context, command.on)
    need_may_share(context, command.on)
    for subject in command.to:
        context.need_subject(subject)
    need_services(context, command.on)
    if not command.to or command.on.empty:
        invalid(Problem.NOTHING_NAMED, "on" if command.to else "to")
    events: list[e.Event] = []
    for subject in dict.fromkeys(command.to):
        held = context.state.held_by(subject)
        for kind, numbers in sets_of(command.on):
            targets = numbers & held.numbers(kind)
            if targets:
                events.append(e.GrantsRemoved(subject=subject, kind=kind, targets=targets))
    ended = removed_with(context.state, dict.fromkeys(command.to), command.on.clients)
    if not events and not ended:
        missing(Problem.UNKNOWN_GRANT, "on")
    events += ended
    need_all_within_cap(context, events, None)
    return events


def exclude(context: Context, command: w.ExcludeClients) -> list[e.Event]:
    clients = _excluded_after(context, command)
    left = command.clients - clients
    if not left:
        conflict()
    return [e.ClientsExcluded(group=command.group, service=command.service, clients=left)]


def include(context: Context, command: w.IncludeClients) -> list[e.Event]:
    clients = _excluded_after(context, command)
    left = command.clients & clients
    if not left:
        conflict()
    return [e.ClientsIncluded(group=command.group, service=command.service, clients=left)]


def _excluded_after(context: Context, command: w.ExcludeClients | w.IncludeClients) -> BitMap:
    """The clients left out already, once all is in order for a change."""
    need_targets_known(context, w.On(clients=command.clients), "client")
    context.need_administrator()
    need_may_share(context, w.On(clients=command.clients))
    context.need_group(command.group)
    context.need_service(command.service)
    held = context.state.held_by(group_subject(command.group))
    if command.service not in held.services:
        missing(Problem.UNKNOWN_GRANT, "service")
    if not command.clients:
        invalid(Problem.NOTHING_NAMED, "client")
    register = context.state.register
    having = register.clients_of(register.by_service.get(command.service, EMPTY) & register.engagements)
    if command.clients - having:
        missing(Problem.UNKNOWN_ENGAGEMENT, "client")
    return held.excluded.get(command.service, EMPTY)
