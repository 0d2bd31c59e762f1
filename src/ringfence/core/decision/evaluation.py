"""What is kept of a state between two expiries: compiled grants that count, delegators, walls, and answers.

Nothing is decided here: `sets.py` and `delegated.py` work out what a member is granted and keep it here.
"""

import copy
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.state.compiled import CompiledGrants, Lens, compile_grants, counting
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import FOREVER, Instant, Level, Subject, group_subject

from .reach import Check, Granted, Reach
from .walls import kept_apart, standing

TALLIED = 200
"""Events after which it is quicker to count a firm anew; an older state is kept for them."""

FEW_GROUPS = 6
"""Groups up to which members are told apart by which of them they are in: each may double the parts."""


class Comparison(NamedTuple):
    """What an evaluation was found to differ in from one before it, by these events."""

    before: "Evaluation"
    events: tuple[object, ...]
    found: object


class Evaluation:
    """What has been worked out for a state between two expiries, plain or through a lens."""

    def __init__(self, state: State, since: Instant, until: Instant, lens: Lens | None = None) -> None:
        self.state = state
        self.since = since
        self.until = until
        self.lens = lens
        self.granted: dict[int, Granted] = {}
        self.alike: dict[object, Granted] = {}
        """What members are granted whom nothing but these facts makes different (`sets.py`)."""
        self.checks: tuple[dict[int, Check], dict[int, Check], dict[int, Check]] = ({}, {}, {})
        """What a check at each level looks at, by member (`sets.py`)."""
        self.passed: dict[int, Reach] = {}
        self._compiled: dict[Subject, CompiledGrants] = {}
        self._of_groups: dict[int, tuple[tuple[int, BitMap], ...]] = {}
        self.seen_clients: dict[int, BitMap] = {}
        self.open_set: BitMap | None = None
        self.bases: tuple[tuple[BitMap, BitMap], ...] = ()
        """What was open and what was not, each with its clients; also of an earlier state (`clients.py`)."""
        self.compared: Comparison | None = None
        """What makes it differ from an earlier one; `compare/difference.py` alone fills and reads this."""
        self.policies: object = None
        """What `core/policies/` has worked out, which alone fills and reads this."""
        self.tally: object = None
        """What the statements of the firm's policies come to; `core/policies/` alone fills and reads this."""
        self.asked_policies = 0
        """How often it was asked what a change does to them, before they were counted."""
        self.outlived: Evaluation | None = None
        """The one before the last expiry, where that is known of it."""
        self.tallied: tuple[Evaluation, tuple[object, ...]] | None = None
        """The latest one before this of which that is known, and the events since then."""
        self.coverage: object = None
        """What `coverage.py` has counted (`compare/covering.py`)."""
        self.covered: tuple[Evaluation, tuple[object, ...]] | None = None
        """The latest one before this of which that is known, and the events since then."""
        self.reviewed: dict[tuple[int, int], BitMap] = {}
        """The items of open reviews, by review and member (`authority/reviewing.py`)."""
        self.known_empty_handed: BitMap = EMPTY
        """Those `empty_handed`, once that was asked."""
        self.known_alike: list[BitMap] = [EMPTY]
        """Members who have nothing but what groups hold, those of the same groups together: the same time."""
        self._holders: Container[Subject] = state.holdings
        """Subjects, of whom others hold nothing that counts here."""
        self._holding: set[int] | None = None
        """Groups, of which others hold nothing that counts here; None where that was not asked."""
        self.asked_who = False
        """Whether it was asked already who sees a client (`among.who_sees`)."""
        self.whole: BitMap | None = None
        self._delegators: dict[int, list[tuple[int, Level, bool]]] | None = None
        self._apart: dict[int, BitMap] | None = None
        self._in_emergency: dict[int, dict[Level, BitMap]] | None = None

    @classmethod
    def of(cls, state: State, now: Instant, lens: Lens | None = None) -> "Evaluation":
        """For the time around `now` in which nothing expires and no wall begins or ends."""
        times = [until for held in state.holdings.values() if held.expires for until in held.expires.values()]
        times += [made.expires for made in state.delegations.values() if made.expires is not None]
        times += [
            time for wall in state.walls.values() for time in (wall.starts, wall.ends) if time is not None
        ]
        times += [opened.expires for opened in state.emergencies.values() if opened.stands]
        since = max((time for time in times if time <= now), default=Instant(-FOREVER))
        until = min((time for time in times if time > now), default=FOREVER)
        return cls(state, since, until, lens)

    def narrowed(self, lens: Lens) -> "Evaluation":
        """For the same time through a lens; nothing is worked out yet."""
        return Evaluation(self.state, self.since, self.until, lens)

    def after(
        self,
        state: State,
        touched: frozenset[int] | None,
        expires: Instant | None,
        times: tuple[Instant, ...] = (),
    ) -> "Evaluation":
        """For the state after an event that touches these members (all where None).

        `times` are the start and the end of a wall: nothing holds beyond one that lies within.
        """
        handed_on = Evaluation(state, self.since, self.until)
        handed_on.until = min(time for time in (*times, self.until) if time > self.since)
        handed_on.bases = self.bases
        handed_on.asked_policies = self.asked_policies
        if expires is not None:
            if expires <= self.since:
                return handed_on
            handed_on.until = min(handed_on.until, expires)
        if touched is not None:
            handed_on.granted, handed_on.passed = self.granted.copy(), self.passed.copy()
            # Taken out of a copy: a change touches few members of many.
            for member in touched:
                handed_on.granted.pop(member, None)
                handed_on.passed.pop(member, None)
        return handed_on

    def aside(self) -> "Evaluation":
        """The same, to be thrown away: what members are granted besides is kept in it alone."""
        found = copy.copy(self)
        found.compared = found.policies = found.tally = found.outlived = None
        found.tallied = found.covered = None
        found.granted, found.alike, found.checks = dict(self.granted), dict(self.alike), ({}, {}, {})
        return found

    def outlive(self, before: "Evaluation") -> None:
        """Follow one of the same state after an expiry: what members are granted is not kept of that one."""
        # One expiry is looked back over: more of them would keep ever more states.
        root = before if before.tallied is None else before.tallied[0]
        if self.since >= before.until and root.tally is not None:
            self.outlived = before.aside()
            self.outlived.granted, self.outlived.passed, self.outlived.seen_clients = {}, {}, {}
            self.outlived.tally, self.outlived.tallied = before.tally, before.tallied

    def keep_tally(self, tally: object) -> None:
        """What was counted of the firm's policies: nothing earlier is needed for that any more."""
        # The first is put before the others are taken away: another thread may look at this moment.
        self.tally, self.tallied, self.outlived = tally, None, None
        for earlier in self._kept_for_others(self.covered):
            earlier.tallied = earlier.outlived = None

    def keep_coverage(self, coverage: object) -> None:
        """The same of how many people can open each client."""
        self.coverage, self.covered = coverage, None
        outlived = self.outlived
        for earlier in self._kept_for_others(
            self.tallied, outlived.tallied if outlived is not None else None
        ):
            earlier.covered = None

    def _kept_for_others(
        self, *since: "tuple[Evaluation, tuple[object, ...]] | None"
    ) -> "Iterator[Evaluation]":
        """Those before this that are kept for what else they know: each would keep one before it for this."""
        yield from (earlier for earlier, _ in filter(None, since))
        compared = self.compared
        if compared is not None:
            yield compared.before

    def followed(self, by: "Evaluation", event: object) -> None:
        """Tell the evaluation after an event what was counted before it, and how long ago."""
        by.tallied = self._since(self.tally is not None or self.outlived is not None, self.tallied, event)
        by.covered = self._since(self.coverage is not None, self.covered, event)

    def _since(
        self, known: bool, earlier: "tuple[Evaluation, tuple[object, ...]] | None", event: object
    ) -> "tuple[Evaluation, tuple[object, ...]] | None":
        if known:
            return self, (event,)
        if earlier is None or len(earlier[1]) >= TALLIED:
            return None
        return earlier[0], (*earlier[1], event)

    def keep_open(self, before: "Evaluation") -> None:
        """Take over what is open, for an event that cannot have changed it."""
        self.open_set = before.open_set
        self.seen_clients = {key: value for key, value in before.seen_clients.items() if key in self.granted}

    def everything(self) -> BitMap:
        if self.whole is None:
            self.whole = self.seen(self.state.register.engagements)
        return self.whole

    def seen(self, engagements: BitMap) -> BitMap:
        """A set of engagements as this evaluation looks at it."""
        return engagements if self.lens is None else self.lens.through(engagements)

    def compiled(self, subject: Subject) -> CompiledGrants:
        """What the subject's counting grants come to."""
        found = self._compiled.get(subject)
        if found is not None:
            return found
        held = self.state.held_by(subject)
        counts = counting(held, self.since) if held.expires else held
        compiled = (
            self.state.compiled(subject) if counts is held else compile_grants(counts, self.state.register)
        )
        if self.lens is not None:
            compiled = compiled.through(self.lens)
        if self.lens is not None or counts is not held:
            self._compiled[subject] = compiled
        return compiled

    def wide_level(self, subject: Subject) -> Level:
        """The subject's counting grant on all clients."""
        held = self.state.held_by(subject)
        return counting(held, self.since).all if held.expires else held.all

    def empty_handed(self) -> BitMap:
        """The members whom no grant, delegation or wall gives or keeps anything that the lens shows. Kept.

        One look at all grants: of what a small lens shows, most members have nothing. Some more may have
        nothing, whose grants have expired or who are delegated nothing.
        """
        if not self.known_empty_handed:
            state, lens = self.state, self.lens
            apart, found = BitMap(member for _client, member in state.emergencies), BitMap()
            for wall in state.walls.values():
                apart.update(wall.members)
            holders = state.holders(state.register.engagements if lens is None else lens.engagements)
            for subject in holders:
                if subject.kind == "member":
                    apart.add(subject.number)
                else:
                    found |= state.groups.get(subject.number, EMPTY)
            found |= apart
            # Nothing is handed on by whoever has nothing.
            while taking := {
                taker for giver, taker in state.delegations if giver in found and taker not in found
            }:
                found.update(taking)
            self._holders, self.known_empty_handed = holders, BitMap(state.members) - found
            self._holding = {each.number for each in holders if each.kind == "group"}
            apart.update(taker for giver, taker in state.delegations if giver in found)
            self.known_alike = [self.known_empty_handed]
            if len(self._holding) <= FEW_GROUPS:
                self.known_alike = _parted(
                    BitMap(state.members) - apart, [state.groups.get(each, EMPTY) for each in self._holding]
                )
        return self.known_empty_handed

    def groups_of(self, member: int) -> Sequence[int]:
        """The member's groups, without those of which it is known that they hold nothing that counts here."""
        groups = self.state.groups_of(member)
        return groups if self._holding is None else [each for each in groups if each in self._holding]

    def of_group(self, group: int) -> tuple[tuple[int, BitMap], ...]:
        """What the group's counting grants are on, each set with the place of its level. Kept.

        Most members are in many groups, and most groups have many members.
        """
        found = self._of_groups.get(group)
        if found is None:
            found = self._of_groups[group] = tuple(self.gathered(group_subject(group)))
        return found

    def has_any(self, subject: Subject) -> bool:
        """Whether the subject's counting grants are on anything that is looked at."""
        if subject not in self._holders:
            return False
        return bool(self.wide_level(subject)) or self.compiled(subject).anything

    def gathered(self, subject: Subject) -> Iterator[tuple[int, BitMap]]:
        """What the subject's counting grants are on, each set with the place of its level."""
        if subject not in self._holders:
            return
        sets: list[list[BitMap]] = [[], [], [], []]
        self.compiled(subject).gather(sets)
        for place, gathered in enumerate(sets):
            yield from ((place, each) for each in gathered)
        if wide := self.wide_level(subject):
            yield wide - 1, self.everything()

    def kept_from(self, member: int) -> BitMap:
        """The clients that a wall keeps from the member. Kept."""
        if self._apart is None:
            self._apart = kept_apart(standing(self.state.walls.values(), self.since))
        return self._apart.get(member, EMPTY)

    def walled(self, member: int) -> BitMap:
        """The engagements that a wall keeps from the member (step 3)."""
        clients = self.kept_from(member)
        return self.seen(self.state.register.spread(clients)) if clients else EMPTY

    def in_emergency(self, member: int) -> dict[Level, BitMap]:
        """The engagements that the member's counting emergency access is on, by its level (rules.md 10)."""
        if self._in_emergency is None:
            clients: dict[int, dict[Level, BitMap]] = {}
            for (client, who), opened in self.state.emergencies.items():
                if opened.counts(self.since):
                    clients.setdefault(who, {}).setdefault(opened.level, BitMap()).add(client)
            spread = self.state.register.spread
            self._in_emergency = {
                who: {level: self.seen(spread(found)) for level, found in levels.items()}
                for who, levels in clients.items()
            }
        return self._in_emergency.get(member, {})

    def delegators(self, member: int) -> list[tuple[int, Level, bool]]:
        """Who counts as delegating to the member: (delegator, cap, cascades)."""
        if self._delegators is None:
            self._delegators = {}
            if self.state.settings.delegation:
                for (giver, taker), made in self.state.delegations.items():
                    if made.counts(self.since):
                        self._delegators.setdefault(taker, []).append((giver, made.cap, made.cascades))
        return self._delegators.get(member, [])


def _parted(members: BitMap, groups: Sequence[BitMap]) -> list[BitMap]:
    """The members by which of the groups they are in."""
    parts = [members]
    for group in groups:
        parts = [found for part in parts for found in (part & group, part - group) if found]
    return parts


def known_evaluation(state: State) -> Evaluation | None:
    """What has been worked out for the state so far."""
    memo = state.memo.evaluation
    assert memo is None or isinstance(memo, Evaluation)
    return memo
