"""A state at an instant: may this member, what does this member see, who sees this client (rules.md 2).

Precedence for one member: nothing for who is inactive or lacks `access`; nothing behind a wall; everything
while control is off or for unrestricted administrators; else own grants, engagement before client; else
groups' and wide grants with Blocked on top, or what others delegate if that is more; and where nothing has
stopped it, what is open. All of it for all engagements at once, as sets; `single.py` does the same for one
pair, with reasons.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core.state.compiled import Cover, Lens, counting, cover_of
from ringfence.core.state.holding import EMPTY, NO_LEVELS
from ringfence.core.terms import EVERYONE, GIVING, Instant, Level, Subject, group_subject, member_subject

from .walls import kept_apart

if TYPE_CHECKING:
    from ringfence.core.state.state import State

FOREVER = Instant(2**63 - 1)


class Reach(NamedTuple):
    """Engagements by the least level: all of `own` are in `edit`, all of `edit` in `see`."""

    see: BitMap
    edit: BitMap
    own: BitMap

    def level(self, engagement: int) -> Level:
        if engagement in self.own:
            return Level.OWNER
        if engagement in self.edit:
            return Level.EDITOR
        return Level.READER if engagement in self.see else Level.NONE


NO_REACH = Reach(EMPTY, EMPTY, EMPTY)


class Granted(NamedTuple):
    """What steps 3 and 6-8 come to for one member, or steps 3-5 where those answer."""

    reach: Reach
    stopped: BitMap
    """Where step 9 is not reached any more: own grants, groups' blocks and walls."""
    opens: bool
    """Whether step 9 is asked at all."""


class Sight:
    """What has been worked out for a state between two expiries, plain or through a lens."""

    def __init__(self, state: "State", since: Instant, until: Instant, lens: Lens | None = None) -> None:
        self.state = state
        self.since = since
        self.until = until
        self.lens = lens
        self.granted: dict[int, Granted] = {}
        self.passed: dict[int, Reach] = {}
        self.covers: dict[Subject, Cover] = {}
        self.seen_clients: dict[int, BitMap] = {}
        self.open_set: BitMap | None = None
        self.whole: BitMap | None = None
        self._delegators: dict[int, list[tuple[int, Level, bool]]] | None = None
        self._apart: dict[int, BitMap] | None = None

    @classmethod
    def of(cls, state: "State", now: Instant, lens: Lens | None = None) -> "Sight":
        """For the time around `now` in which nothing expires."""
        times = [until for held in state.holdings.values() if held.expires for until in held.expires.values()]
        times += [made.expires for made in state.delegations.values() if made.expires is not None]
        since = max((time for time in times if time <= now), default=Instant(-FOREVER))
        until = min((time for time in times if time > now), default=FOREVER)
        return cls(state, since, until, lens)

    def after(self, state: "State", touched: frozenset[int] | None, expires: Instant | None) -> "Sight":
        """For the state after an event that touches these members (all where None)."""
        sight = Sight(state, self.since, self.until)
        if expires is not None:
            if expires <= self.since:
                return sight
            sight.until = min(self.until, expires)
        if touched is not None:
            sight.granted = {key: value for key, value in self.granted.items() if key not in touched}
            sight.passed = {key: value for key, value in self.passed.items() if key not in touched}
        return sight

    def keep_open(self, before: "Sight") -> None:
        """Take over what is open, for an event that cannot have changed it."""
        self.open_set = before.open_set
        self.seen_clients = {key: value for key, value in before.seen_clients.items() if key in self.granted}

    def everything(self) -> BitMap:
        if self.whole is None:
            self.whole = self.seen(self.state.register.engagements)
        return self.whole

    def seen(self, engagements: BitMap) -> BitMap:
        """A set of engagements as this sight looks at it."""
        return engagements if self.lens is None else self.lens.through(engagements)

    def cover(self, subject: Subject) -> Cover:
        """What the subject's counting grants come to."""
        found = self.covers.get(subject)
        if found is not None:
            return found
        held = self.state.held_by(subject)
        counts = counting(held, self.since) if held.expires else held
        cover = self.state.cover(subject) if counts is held else cover_of(counts, self.state.register)
        if self.lens is not None:
            cover = cover.through(self.lens)
        if self.lens is not None or counts is not held:
            self.covers[subject] = cover
        return cover

    def wide_level(self, subject: Subject) -> Level:
        """The subject's counting grant on all clients."""
        held = self.state.held_by(subject)
        return counting(held, self.since).all if held.expires else held.all

    def open(self) -> BitMap:
        """The engagements that step 9 opens to whoever gets that far. Kept."""
        if self.open_set is None:
            self.open_set = self._open()
        return self.open_set

    def _open(self) -> BitMap:
        state = self.state
        if state.settings.unassigned_level is Level.NONE:
            return EMPTY
        closed = state.register.spread(state.register.confidential)
        return self.seen(state.register.engagements - state.assigned - closed)

    def open_to_all(self) -> BitMap:
        """All while control is off; else what step 9 opens and no block on Everyone shuts (rules.md 6)."""
        if not self.state.settings.control:
            return self.everything()
        everyone = group_subject(EVERYONE)
        if everyone not in self.state.holdings:
            return self.open()
        if self.wide_level(everyone) is Level.BLOCKED:
            return EMPTY
        return self.open() - self.cover(everyone).blocked()

    def kept_from(self, member: int) -> BitMap:
        """The clients that a wall keeps from the member. Kept."""
        if self._apart is None:
            self._apart = kept_apart(self.state.walls.values())
        return self._apart.get(member, EMPTY)

    def walled(self, member: int) -> BitMap:
        """The engagements that a wall keeps from the member (step 3)."""
        clients = self.kept_from(member)
        return self.seen(self.state.register.spread(clients)) if clients else EMPTY

    def of_member(self, member: int) -> Granted:
        found = self.granted.get(member)
        if found is None:
            found = self.granted[member] = self._grant(member)
        return found

    def _grant(self, member: int) -> Granted:
        state = self.state
        who = state.members.get(member)
        if who is None or not who.works:
            return Granted(NO_REACH, EMPTY, False)
        walled = self.walled(member)
        whole = self.everything() - walled if walled else self.everything()
        if not state.settings.control:
            return Granted(Reach(whole, whole, EMPTY), EMPTY, False)
        if who.administers and state.settings.administrators == "unrestricted":
            return Granted(Reach(whole, whole, whole), EMPTY, False)
        own, shared, stopped = self._grants_of(member)
        delegated = self._delegated(member, passing_on=False)
        reach = _combined(own, shared, delegated, stopped, walled, self.everything())
        return Granted(reach, stopped | walled if walled else stopped, True)

    def _grants_of(self, member: int) -> tuple[Reach, Reach, BitMap]:
        """Step 6, step 7 before its blocks, and where the two of them stop every later step."""
        mine = self.cover(member_subject(member))
        direct = list(mine.clients)
        if mine.engagements is not NO_LEVELS:
            nearer = _union([found for found in mine.engagements if found])
            direct = [
                _union([found for found in (near, far - nearer if nearer else far) if found])
                for near, far in zip(mine.engagements, mine.clients, strict=True)
            ]
        any_direct = _union([found for found in direct if found])
        sets: list[list[BitMap]] = [[], [], [], []]
        if mine.services is not NO_LEVELS:
            Cover(services=mine.services).gather(sets)
        wide = [self.wide_level(member_subject(member))]
        for group in self.state.groups_of(member):
            subject = group_subject(group)
            if subject not in self.state.holdings:
                continue
            self.cover(subject).gather(sets)
            wide.append(self.wide_level(subject))
        whole = self.everything()
        for level in set(wide):
            if level:
                sets[level - 1].append(whole)
        blocked = _union(sets[Level.BLOCKED - 1], whole)
        stopped = _union([found for found in (any_direct, blocked) if found])
        return _cumulative(direct), _cumulative([_union(found, whole) for found in sets]), stopped

    def delegators(self, member: int) -> list[tuple[int, Level, bool]]:
        """Who counts as delegating to the member: (delegator, cap, cascades)."""
        if self._delegators is None:
            self._delegators = {}
            if self.state.settings.delegation:
                for (giver, taker), made in self.state.delegations.items():
                    if made.counts(self.since):
                        self._delegators.setdefault(taker, []).append((giver, made.cap, made.cascades))
        return self._delegators.get(member, [])

    def _delegated(
        self, member: int, *, passing_on: bool, circle: Mapping[int, Reach] | None = None
    ) -> Reach:
        """Step 8: what the member's delegators reach, capped; only what may go on where `passing_on`."""
        parts: tuple[list[BitMap], list[BitMap], list[BitMap]] = ([], [], [])
        for giver, cap, cascades in self.delegators(member):
            if passing_on and not cascades:
                continue
            reach = circle[giver] if circle and giver in circle else self.passes(giver)
            for level, part, found in zip(GIVING, parts, reach, strict=True):
                if cap >= level and found:
                    part.append(found)
        return Reach(*(_union(part) for part in parts)) if any(parts) else NO_REACH

    def passes(self, member: int) -> Reach:
        """What a delegator hands on: steps 2, 3 and 6-8.

        Delegations may run in circles, so everybody upstream is worked out together: from nothing, round
        after round, until nobody gains any more. Kept only when whole, since other threads may be reading.
        """
        found = self.passed.get(member)
        if found is not None:
            return found
        bases = {number: self._passing_base(number) for number in self._upstream(member)}
        circle = dict.fromkeys(bases, NO_REACH)
        changed = True
        while changed:
            changed = False
            for number, base in bases.items():
                if base is None:
                    continue
                own, shared, stopped, walled = base
                delegated = self._delegated(number, passing_on=True, circle=circle)
                reach = _combined(own, shared, delegated, stopped, walled, self.everything())
                if reach != circle[number]:
                    circle[number] = reach
                    changed = True
        self.passed.update(circle)
        return circle[member]

    def _passing_base(self, member: int) -> tuple[Reach, Reach, BitMap, BitMap] | None:
        who = self.state.members.get(member)
        if who is None or not who.works:
            return None
        return (*self._grants_of(member), self.walled(member))

    def _upstream(self, member: int) -> list[int]:
        """The member and all who reach them over cascading delegations, farthest first."""
        found = [member]
        for number in found:
            for giver, _, cascades in self.delegators(number):
                if cascades and giver not in found and giver not in self.passed:
                    found.append(giver)
        return found[::-1]

    def reach(self, member: int) -> Reach:
        """Everything the member may see, change and own, open engagements included."""
        reach, stopped, opens = self.of_member(member)
        if not opens:
            return reach
        found = self.open() - stopped
        if not found:
            return reach
        level = self.state.settings.unassigned_level
        see = reach.see | found
        if level < Level.EDITOR:
            return Reach(see, reach.edit, reach.own)
        # Equal sets stay one set: most firms use a single level.
        edit = see if reach.edit is reach.see else reach.edit | found
        return Reach(see, edit, reach.own | found if level is Level.OWNER else reach.own)


class Moment(msgspec.Struct, frozen=True, eq=False):
    """One state at one instant. Make one with `at`."""

    state: "State"
    now: Instant
    sight: Sight

    def can(self, member: int, engagement: int) -> bool:
        """Whether the member sees the engagement: the check."""
        sight = self.sight
        found = sight.granted.get(member)
        if found is None:
            found = sight.of_member(member)
        reach, stopped, opens = found
        if engagement in reach[0]:
            return True
        return opens and engagement in sight.open() and engagement not in stopped

    def level(self, member: int, engagement: int) -> Level:
        """The member's level on the engagement, `Level.NONE` where denied."""
        reach, stopped, opens = self.sight.of_member(member)
        level = reach.level(engagement)
        if opens and engagement not in stopped and engagement in self.open:
            return max(level, self.state.settings.unassigned_level)
        return level

    def reach(self, member: int) -> Reach:
        """The engagements the member sees, may change and owns."""
        return self.sight.reach(member)

    def clients(self, member: int) -> BitMap:
        """The clients of which the member sees at least one engagement. Kept."""
        found = self.sight.seen_clients.get(member)
        if found is None:
            register = self.state.register
            see = self.reach(member).see
            whole = len(see) == len(register.engagements)
            found = register.clients if whole else register.clients_of(see)
            self.sight.seen_clients[member] = found
        return found

    def total(self, member: int) -> int:
        """How many clients the member sees."""
        return len(self.clients(member))

    def client_level(self, member: int, client: int) -> Level:
        """The member's level on the client as a whole: the lowest over its engagements (rules.md 2)."""
        levels = [self.level(member, number) for number in self.state.register.engagements_of(client)]
        return min(levels, default=Level.NONE)

    def sees(self, member: int, client: int) -> bool:
        """Whether the member sees at least one engagement of the client."""
        return any(self.can(member, number) for number in self.state.register.engagements_of(client))

    def who(self, client: int) -> dict[int, Level]:
        """The members who see the client, with their level on it as a whole."""
        return {
            member: self.client_level(member, client)
            for member in self.state.everyone
            if self.sees(member, client)
        }

    def client_of(self, engagement: int) -> int:
        """The engagement's client, also of one that is gone; 0 for a number that was never given."""
        register = self.state.register
        return register.client_of[engagement] if 0 < engagement < register.next_engagement else 0

    def service_of(self, engagement: int) -> int:
        """The engagement's service, also of one that is gone; 0 for a number that was never given."""
        register = self.state.register
        return register.service_of[engagement] if 0 < engagement < register.next_engagement else 0

    @property
    def open(self) -> BitMap:
        """The engagements that step 9 opens; every engagement is open to all besides while control is off."""
        return self.sight.open()

    @property
    def open_to_all(self) -> BitMap:
        """The engagements that are open to all (rules.md 6)."""
        return self.sight.open_to_all()


def at(state: "State", now: Instant) -> Moment:
    """The state at an instant: what all questions are put to. Reuses what was worked out for a time between
    the same two expiries."""
    sight = known_sight(state)
    if sight is None or not sight.since <= now < sight.until:
        sight = state.kept.sight = Sight.of(state, now)
    return Moment(state, now, sight)


def known_sight(state: "State") -> Sight | None:
    """What has been worked out for the state so far."""
    kept = state.kept.sight
    assert kept is None or isinstance(kept, Sight)
    return kept


def _union(parts: list[BitMap], whole: BitMap | None = None) -> BitMap:
    """The union, without copying where there is nothing to unite or one of them is the `whole`."""
    if not parts:
        return EMPTY
    if len(parts) == 1:
        return parts[0]
    if whole is not None and any(part is whole for part in parts):
        return whole
    return BitMap.union(*parts)


def _cumulative(levels: list[BitMap]) -> Reach:
    """From sets per level (Blocked is left out) to sets per least level."""
    readers, editors, owners = levels[:3]
    edit = _union([found for found in (editors, owners) if found])
    return Reach(_union([found for found in (readers, edit) if found]), edit, owners)


def _one_level(
    direct: BitMap, group: BitMap, passed: BitMap, stopped: BitMap, walled: BitMap, whole: BitMap
) -> BitMap:
    rest = _union([found for found in (group, passed) if found], whole)
    # What is direct comes back at once: where nothing else stops, it need not be taken out.
    if rest and stopped and stopped is not direct:
        rest = rest - stopped
    found = _union([found for found in (direct, rest) if found], whole)
    return found - walled if walled and found else found


def _combined(
    own: Reach, shared: Reach, delegated: Reach, stopped: BitMap, walled: BitMap, whole: BitMap
) -> Reach:
    """Steps 3 and 6-8: own grants, else the more of the groups' and the delegated, behind the walls."""
    parts: list[BitMap] = []
    same: tuple[BitMap, ...] = ()
    for given in zip(own, shared, delegated, strict=True):
        # One set for several levels, as where there is but one level, is worked on once.
        if not same or any(one is not other for one, other in zip(given, same, strict=True)):
            parts.append(_one_level(*given, stopped, walled, whole))
        else:
            parts.append(parts[-1])
        same = given
    see, edit, seen_own = parts
    # Sharing equal sets keeps a member at one bitmap in firms that use a single level; who sees all has none.
    if len(see) == len(whole):
        see = whole
    if len(edit) == len(see):
        edit = see
    if len(seen_own) == len(edit):
        seen_own = edit
    return Reach(see, edit, seen_own)
