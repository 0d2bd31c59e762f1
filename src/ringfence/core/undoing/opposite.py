"""The commands that take back what an entry did, worked out from the facts before it and as they are now.

They are ordinary commands with ordinary refusals (rules.md 5, 7). Where what came after has changed one of
the facts, where words are gone, or where no command can give something back, `CannotUndo` says why. What they
come to is compared with what stood before: `Opposite.is_exact`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import count
from typing import Protocol

import msgspec
from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, Subject, Target, TargetKind, Thing
from ringfence.core.values import GrantTerms, Member

from . import facts as f


class Why(StrEnum):
    """Why an entry cannot be undone."""

    ONLY_NOTED = "only_noted"
    """Nothing was changed: a record was opened, a list was taken."""
    FOUNDING = "founding"
    ERASING = "erasing"
    SEATING = "seating"
    REQUEST_ENDED = "request_ended"
    """Only whoever asked can ask again."""
    TOKEN_REVOKED = "token_revoked"
    """A token never stands again."""
    CHANGED_SINCE = "changed_since"
    WORDS_GONE = "words_gone"
    """A name that would have to be given back was erased."""
    EXPIRED = "expired"
    """An access or a delegation whose time is over cannot be given again."""
    NOT_EXACT = "not_exact"
    """The opposite commands would leave something else than what stood before."""
    NOTES_SINCE = "notes_since"
    """Notes were written about what the entry added."""


class Left(StrEnum):
    """What undoing does not give back, though everything else is as it was."""

    REQUESTS = "requests"
    """Requests that were withdrawn or answered stay so."""
    TOKENS = "tokens"
    """Tokens that were revoked stay so."""
    MEMBER_STAYS = "member_stays"
    """A member who was added stays, deactivated."""
    RESTORABLE = "restorable"
    """Clients that were added are removed, and can be restored for 30 days."""


class CannotUndo(Exception):
    """The entry cannot be undone; `changed` are the facts that stand otherwise now."""

    def __init__(self, why: Why, changed: tuple[f.Fact, ...] = ()) -> None:
        super().__init__(why.value)
        self.why = why
        self.changed = changed


class PastWords(Protocol):
    """Names, references and addresses around the entry, and now: empty for none."""

    def before(self, thing: Thing, number: int) -> Mapping[str, str]: ...
    def after(self, thing: Thing, number: int) -> Mapping[str, str]: ...
    def now(self, thing: Thing, number: int, field: str) -> str: ...


class Opposite(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The commands, in their order, and what they come to."""

    commands: tuple[w.Command, ...]
    facts: tuple[f.Fact, ...]
    renumbered: f.Renumbered
    left: frozenset[Left]

    def is_exact(self, before: State, undone: State) -> bool:
        """Whether every fact reads in `undone` as it read `before`, but for what is `left`."""
        return all(self._same(fact, before, undone) for fact in self.facts)

    def _same(self, fact: f.Fact, before: State, undone: State) -> bool:
        was, will = fact.read(before), fact.read(undone, self.renumbered)
        if isinstance(fact, f.RequestOf):
            return bool(was is None and will is None) or Left.REQUESTS in self.left
        if isinstance(fact, f.TokenHeld):
            return will is None
        if isinstance(fact, f.Membership) and was is None:
            return isinstance(will, Member) and not will.active
        return bool(was == will)


UNDONE_OTHERWISE: dict[str, Why] = {
    "firm.create": Why.FOUNDING,
    "member.erase": Why.ERASING,
    "client.erase": Why.ERASING,
    "user.seat": Why.SEATING,
    "token.revoke": Why.TOKEN_REVOKED,
    **dict.fromkeys(e.NOTED.values(), Why.ONLY_NOTED),
}
"""Entries of which nothing can be undone, by their command."""


def opposite(
    command: str,
    events: tuple[e.Event, ...],
    before: State,
    after: State,
    now: Moment,
    words: PastWords,
) -> Opposite:
    """What undoes the entry with this command and these events, which `before` led to `after`.

    Raises `CannotUndo`. What stands against it is looked for first.
    """
    if command in UNDONE_OTHERWISE:
        raise CannotUndo(UNDONE_OTHERWISE[command])
    facts = f.facts_of(events, before)
    changed = tuple(fact for fact in facts if fact.read(after) != fact.read(now.state))
    if changed:
        raise CannotUndo(Why.CHANGED_SINCE, changed)
    return _Maker(events, facts, before, now, words).made()


class _Maker:
    """Puts the commands together: first what is made anew, then what it is given, last what goes."""

    def __init__(
        self,
        events: tuple[e.Event, ...],
        facts: tuple[f.Fact, ...],
        before: State,
        now: Moment,
        words: PastWords,
    ) -> None:
        self.events, self.facts = events, facts
        self.before, self.moment, self.state, self.words = before, now, now.state, words
        self.left: set[Left] = set()
        self.renumbered = self._renumbered()

    def made(self) -> Opposite:
        commands = [
            *self._firm(),
            *self._services_back(),
            *self._clients_back(),
            *self._people(),
            *self._groups_back(),
            *self._words(),
            *self._places(),
            *self._grants(),
            *self._relations(),
            *self._tokens(),
            *self._gone(),
        ]
        if not commands:
            raise CannotUndo(Why.REQUEST_ENDED if self._requests() else Why.ONLY_NOTED)
        return Opposite(
            commands=tuple(commands),
            facts=self.facts,
            renumbered=self.renumbered,
            left=frozenset(self.left),
        )

    def _of(self, kind: "type[f.Fact]") -> Iterator[f.Fact]:
        return (fact for fact in self.facts if isinstance(fact, kind))

    def _renumbered(self) -> f.Renumbered:
        """The numbers that groups, services and walls get that are made again, in the order of the facts."""
        numbers = self.state.numbers
        groups, services, walls = (
            count(numbers.group + 1),
            count(numbers.service + 1),
            count(numbers.wall + 1),
        )
        found: dict[str, dict[int, int]] = {"groups": {}, "services": {}, "walls": {}}
        for fact in self.facts:
            match fact:
                case f.Places(group=group) if self._back(fact):
                    found["groups"][group] = next(groups)
                case f.InCatalogue(service=service) if self._back(fact):
                    found["services"][service] = next(services)
                case f.KeptApart(wall=wall) if self._back(fact):
                    found["walls"][wall] = next(walls)
                case _:
                    pass
        return f.Renumbered(**found)

    def _back(self, fact: f.Fact) -> bool:
        """Whether the thing was there before and is not now."""
        was, is_now = fact.read(self.before), fact.read(self.state)
        return was not in (None, False) and is_now in (None, False)

    def _name(self, thing: Thing, number: int) -> str:
        name = self.words.before(thing, number).get("name", "")
        if not name:
            raise CannotUndo(Why.WORDS_GONE)
        return name

    # --- The firm

    def _firm(self) -> Iterator[w.Command]:
        values = {fact.name: fact.read(self.before) for fact in self._of(f.Setting)}  # type: ignore[attr-defined]
        if values:
            yield w.ChangeSettings(values=values)
        for fact in self._of(f.Called):
            yield w.SetNames(names=fact.read(self.before))
        for fact in self._of(f.Successor):
            yield w.SetSuccessor(member=fact.read(self.before) or None)
        for fact in self._of(f.Control):
            if not fact.read(self.before):
                yield w.TurnOff()
                continue
            # Turning on again must share nothing that was not shared before.
            shares = self.state.settings.on_activation
            if shares != "leave":
                yield w.ChangeSettings(values={"on_activation": "leave"})
            yield w.TurnOn()
            if shares != "leave":
                yield w.ChangeSettings(values={"on_activation": shares})

    # --- What is made anew

    def _services_back(self) -> Iterator[w.Command]:
        for number in self.renumbered.services:
            yield w.AddService(name=self._name(Thing.SERVICE, number))

    def _clients_back(self) -> Iterator[w.Command]:
        for fact in self._of(f.Present):
            yield from (
                w.RestoreClient(client=client) for client in fact.read(self.before) - fact.read(self.state)
            )
        for fact in self._of(f.Served):
            assert isinstance(fact, f.Served)
            if fact.read(self.before) is not None and fact.read(self.state) is None:
                reference = self.words.before(Thing.ENGAGEMENT, fact.engagement).get("reference", "")
                yield w.AddEngagement(client=fact.client, service=fact.service, reference=reference)

    def _people(self) -> Iterator[w.Command]:
        for fact in self._of(f.Membership):
            assert isinstance(fact, f.Membership)
            was, is_now = fact.read(self.before), fact.read(self.state)
            if was is None:
                continue
            if was.active and not is_now.active:
                yield w.ReactivateMember(member=fact.member)
            if (was.role, was.access, was.manage_access) != (
                is_now.role,
                is_now.access,
                is_now.manage_access,
            ):
                yield w.ChangeMember(
                    member=fact.member, role=was.role, access=was.access, manage_access=was.manage_access
                )

    def _groups_back(self) -> Iterator[w.Command]:
        for number in self.renumbered.groups:
            members = frozenset(self.before.groups[number])
            external = self.words.before(Thing.GROUP, number).get("external", "")
            kept = number in self.before.kept
            name = self._name(Thing.GROUP, number)
            yield w.CreateGroup(name=name, external=external, members=members, directory=kept)
        for fact in self._of(f.KeptBy):
            assert isinstance(fact, f.KeptBy)
            kept = fact.read(self.before)
            if fact.group in self.before.groups and fact.group in self.state.groups:
                yield w.ChangeGroup(group=fact.group, directory=kept)

    # --- Words

    def _words(self) -> Iterator[w.Command]:
        told = dict.fromkeys(
            (event.thing, event.number) for event in self.events if isinstance(event, e.Described)
        )
        for thing, number in told:
            before, after = self.words.before(thing, number), self.words.after(thing, number)
            if not before and not after:
                raise CannotUndo(Why.WORDS_GONE)
            fields = {name: before.get(name, "") for name, text in after.items() if before.get(name) != text}
            if any(self.words.now(thing, number, name) != after[name] for name in fields):
                raise CannotUndo(Why.CHANGED_SINCE)
            if fields:
                yield _described(thing, number, fields)

    # --- Places, grants, exclusions

    def _places(self) -> Iterator[w.Command]:
        for fact in self._of(f.Joined):
            assert isinstance(fact, f.Joined)
            was, is_now = fact.read(self.before), fact.read(self.state)
            if back := was - is_now:
                yield w.AddToGroup(group=fact.group, members=frozenset(back))
            if gone := is_now - was:
                yield w.RemoveFromGroup(group=fact.group, members=frozenset(gone))

    def _grants(self) -> Iterator[w.Command]:
        for fact in self._of(f.GrantsOf):
            assert isinstance(fact, f.GrantsOf)
            made_again = fact.subject.kind == "group" and fact.subject.number in self.renumbered.groups
            group = fact.subject.number if fact.subject.kind == "group" and not made_again else EVERYONE
            if group not in self.state.groups or group not in self.before.groups:
                # Its grants come and go with it.
                continue
            yield from self._given(fact, self.renumbered.subject(fact.subject), anew=made_again)
        for fact in self._of(f.Served):
            assert isinstance(fact, f.Served)
            yield from self._grants_on(fact)
        for fact in self._of(f.LeftOut):
            assert isinstance(fact, f.LeftOut)
            group = self.renumbered.groups.get(fact.group, fact.group)
            was, is_now = fact.read(self.before), fact.read(self.state)
            if out := was - is_now:
                yield w.ExcludeClients(group=group, service=fact.service, clients=out)
            if back := is_now - was:
                yield w.IncludeClients(group=group, service=fact.service, clients=back)

    def _given(self, fact: f.GrantsOf, subject: Subject, *, anew: bool) -> Iterator[w.Command]:
        """The subject's grants on these targets as they were: what is alike in one command."""
        held = self.before.held_by(fact.subject)
        is_now = self.state.held_by(fact.subject)
        alike: dict[GrantTerms | None, list[int]] = {}
        for number in fact.targets:
            on = Target(fact.kind, number)
            was = held.grant_on(on)
            if anew and was is None:
                continue
            if anew or was != is_now.grant_on(on):
                alike.setdefault(was, []).append(number)
        for terms, numbers in alike.items():
            there = self._there(fact.kind, numbers)
            if there:
                yield self._set(subject, _on(fact.kind, there), terms)

    def _there(self, kind: TargetKind, numbers: list[int]) -> list[int]:
        register = self.state.register
        match kind:
            case "client":
                return [number for number in numbers if number in register.clients]
            case "engagement":
                return [number for number in numbers if number in register.engagements]
        return numbers

    def _set(self, subject: Subject, on: w.On, terms: GrantTerms | None) -> w.Command:
        if terms is None:
            return w.RemoveGrant(to=(subject,), on=on)
        if not terms.counts(self.moment.now):
            raise CannotUndo(Why.EXPIRED)
        return w.SetGrant(
            to=(subject,), on=on, level=terms.level, expires=terms.expires, fee_split=terms.fee_split
        )

    def _grants_on(self, fact: f.Served) -> Iterator[w.Command]:
        """The grants that went with an engagement, on the one that takes its place."""
        was = fact.read(self.before)
        if was is None or fact.read(self.state) is not None:
            return
        place = [each for each in self._of(f.Served) if self._back(each)].index(fact)
        number = self.state.register.next_engagement + place
        for subject, terms in was.items():
            yield self._set(subject, w.On.engagement(number), terms)

    # --- Delegations, defaults, walls

    def _relations(self) -> Iterator[w.Command]:
        for fact in self.facts:
            match fact:
                case f.Delegated():
                    yield from self._delegation(fact)
                case f.StartingGrants(member=member):
                    grants = tuple(
                        w.GrantTo(to=self.renumbered.subject(grant.subject), level=grant.level)
                        for grant in self.before.defaults.get(member, ())
                    )
                    yield w.SetDefaults(grants=grants, member=member)
                case f.KeptApart(wall=wall):
                    sides = self.before.walls.get(wall)
                    if sides is not None and wall in self.renumbered.walls:
                        yield w.RaiseWall(name=self._name(Thing.WALL, wall), sides=sides)
                    elif sides is not None:
                        yield w.ChangeWall(wall=wall, sides=sides)
                case _:
                    pass

    def _delegation(self, fact: f.Delegated) -> Iterator[w.Command]:
        was = fact.read(self.before)
        if was is None:
            yield w.RemoveDelegation(delegator=fact.delegator, delegate=fact.delegate)
            return
        if not was.counts(self.moment.now):
            raise CannotUndo(Why.EXPIRED)
        yield w.SetDelegation(
            delegator=fact.delegator,
            delegate=fact.delegate,
            cap=was.cap,
            expires=was.expires,
            cascades=was.cascades,
        )

    # --- What goes

    def _tokens(self) -> Iterator[w.Command]:
        """One that was made is revoked; one that was revoked stays so."""
        for fact in self._of(f.TokenHeld):
            assert isinstance(fact, f.TokenHeld)
            if fact.read(self.state) is not None:
                yield w.RevokeToken(token=fact.token)
            elif fact.read(self.before) is not None:
                self.left.add(Left.TOKENS)

    def _gone(self) -> Iterator[w.Command]:
        for fact in self.facts:
            if isinstance(fact, f.RequestOf):
                yield from self._request(fact)
                continue
            was, is_now = fact.read(self.before), fact.read(self.state)
            match fact:
                case f.KeptApart(wall=wall) if was is None and is_now is not None:
                    yield w.LowerWall(wall=wall)
                case f.Places(group=group) if was is None and is_now is not None:
                    yield w.DeleteGroup(group=group)
                case f.Provided():
                    yield from (w.RemoveEngagement(engagement=number) for number in is_now - was)
                case f.Present():
                    if is_now - was:
                        self.left.add(Left.RESTORABLE)
                    yield from (w.RemoveClient(client=client) for client in is_now - was)
                case f.Marked(client=client) if was != is_now:
                    yield w.ChangeClient(client=client, confidential=was)
                case f.Membership(member=member) if was is None or (is_now.active and not was.active):
                    if was is None:
                        self.left.add(Left.MEMBER_STAYS)
                    yield w.DeactivateMember(member=member)
                case f.InCatalogue(service=service) if is_now and not was:
                    yield w.RemoveService(service=service)
                case _:
                    pass

    def _request(self, fact: f.RequestOf) -> Iterator[w.Command]:
        """An open request can be declined; one that is closed, nobody else can open again."""
        if fact.read(self.before) is not None and fact.read(self.state) is None:
            self.left.add(Left.REQUESTS)
        elif fact.read(self.state) is not None:
            yield w.DeclineRequest(client=fact.client, member=fact.member)

    def _requests(self) -> bool:
        return any(True for _ in self._of(f.RequestOf))


def _on(kind: TargetKind, numbers: list[int]) -> w.On:
    match kind:
        case "engagement":
            return w.On(engagements=BitMap(numbers))
        case "client":
            return w.On(clients=BitMap(numbers))
        case "service":
            return w.On(services=frozenset(numbers))
    return w.On(all=True)


def _described(thing: Thing, number: int, fields: Mapping[str, str]) -> w.Command:
    """The command that gives these words back. Raises `CannotUndo` for a name that was never there."""
    match thing:
        case Thing.MEMBER:
            if fields.get("name") == "":
                raise CannotUndo(Why.WORDS_GONE)
            return w.ChangeMember(
                member=number,
                name=fields.get("name", UNSET),
                email=fields.get("email", UNSET),
                external=fields.get("external", UNSET),
                user_name=fields.get("user_name", UNSET),
            )
        case Thing.CLIENT:
            if fields.get("name") == "":
                raise CannotUndo(Why.WORDS_GONE)
            return w.ChangeClient(
                client=number,
                name=fields.get("name", UNSET),
                reference=fields.get("reference", UNSET),
                kind=fields.get("kind", UNSET),
            )
        case Thing.ENGAGEMENT:
            return w.ChangeEngagement(engagement=number, reference=fields.get("reference", ""))
        case Thing.GROUP if "name" not in fields:
            return w.ChangeGroup(group=number, external=fields.get("external", ""))
        case Thing.GROUP:
            return w.RenameGroup(group=number, to=fields["name"])
        case Thing.SERVICE:
            return w.RenameService(service=number, to=fields["name"])
    raise CannotUndo(Why.WORDS_GONE)
