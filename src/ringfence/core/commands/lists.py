"""Several commands as one change (rules.md 9, lists): a list, an import, what is saved together.

Uniqueness and the guards (last Owner, last administrator, sums of fee splits) are judged at its end, rights
at its start, and on what the list itself adds as a moment after it was added. The order does not matter.
"""

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NoReturn, get_args

from ringfence.core import events as e
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.cap import refused_opening, refused_raising_own
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import Directory, NothingTaken, tax_keys, unique_keys
from ringfence.core.many_texts import ManyTexts, runs
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.state.columns import picked
from ringfence.core.terms import Target, Thing

from . import definitions as w
from .context import MEMBERS_OWN, Context, Together
from .dispatch import Carried, carried_in
from .grants import WHOLE_FEE
from .invariants import bereft, need_invariants, need_policies

FIELDS = {
    Thing.MEMBER: tuple(MEMBERS_OWN),
    Thing.GROUP: ("name",),
    Thing.SERVICE: ("name",),
    Thing.WALL: ("name",),
    Thing.POLICY: ("name",),
    Thing.TOKEN: ("name",),
    Thing.REVIEW: ("name",),
    Thing.CLIENT: ("reference",),
    Thing.ENGAGEMENT: ("reference",),
}
"""Which texts of a thing are given once in a firm."""

Once = tuple[Thing, str]
"""A kind of thing, and a field of it that is given once."""

_TAKEN = {
    **{(Thing.MEMBER, field): problem for field, problem in MEMBERS_OWN.items()},
    (Thing.CLIENT, "reference"): Problem.REFERENCE_IN_USE,
    (Thing.ENGAGEMENT, "reference"): Problem.TAX_REFERENCE_IN_USE,
}


class ListRefused(Exception):
    """One command of the list was refused, and with it all of them. `place` counts from 0."""

    def __init__(self, place: int, refused: Refused) -> None:
        super().__init__(str(refused))
        self.place = place
        self.refused = refused


_Given = dict[int, str]
"""By number, the key of the list's last word on a text that may be given once; "" for none, and for a thing
that has ended."""


class OneChange:
    """The commands of a list, carried out one after the other; `finish` judges what they come to."""

    def __init__(self, before: Moment, texts: Directory, *, actor: int | None) -> None:
        """`texts` is asked for present texts alone, those that the list has given included."""
        self._before = before
        # What is taken is judged at the end.
        self._directory = NothingTaken(texts)
        self._together = _Start(before)
        self._actor = actor
        self._given: dict[Once, _Given] = {}
        self._commands: list[w.Command] = []
        self._changes: list[e.Change] = []
        self.after = before.state

    def carry_out(self, command: w.Command) -> Carried:
        """What the command does after those before it. Raises `ListRefused`."""
        context = Context(
            moment=at(self.after, self._before.now),
            directory=self._directory,
            actor=self._actor,
            together=self._together,
        )
        place = len(self._changes)
        try:
            carried = carried_in(context, command)
        except Refused as refused:
            raise ListRefused(place, refused) from refused
        self.after = carried.after
        self._commands.append(command)
        self._changes.append(carried.change)
        self._note(carried)
        return carried

    def _note(self, carried: Carried) -> None:
        change = carried.change
        for thing, run in runs(change.texts):
            for field in FIELDS.get(thing, ()):
                self._given.setdefault((thing, field), {}).update(_keys(thing, run, field))
        for event in change.events:
            if (ended := _ended(event)) is not None:
                thing, number = ended
                for field in FIELDS[thing]:
                    self._given.setdefault((thing, field), {})[number] = ""
        self._together.note(change, at(carried.after, self._before.now))

    # --- At the end

    def finish(self, directory: Directory) -> None:
        """Raises `ListRefused` for what may not stand at the end. `directory` is the one before the list."""
        self._need_whole_fees()
        self._need_unique(directory)
        self._need_within_cap()
        events = [event for change in self._changes for event in change.events]
        try:
            need_invariants(Acting(moment=self._before, actor=self._actor), self.after, events)
        except Refused as refused:
            raise ListRefused(self._last_that_counts(refused), refused) from refused
        try:
            need_policies(Acting(moment=self._before, actor=self._actor), self.after, events)
        except Refused as refused:
            raise ListRefused(self._last(*get_args(e.Event)), refused) from refused

    def _need_unique(self, directory: Directory) -> None:
        mine = {once: self._each_once(once, given) for once, given in self._given.items()}
        for once, of_services in mine.items():
            given = self._given[once]
            for service, numbers in of_services.items():
                for key, holder in _holders(directory, once, service, numbers).items():
                    if holder == numbers[key] or holder in given:
                        continue
                    client = self._client((once[0], holder))
                    if not self.after.register.gone_for_good(client, self._before.now):
                        self._taken(once, numbers[key])

    def _each_once(self, once: Once, given: _Given) -> dict[int, dict[str, int]]:
        """By service (0 but for engagements), who is given each text; refuses one that two are given."""
        found: dict[int, dict[str, int]] = {}
        twice: set[int] = set()
        for service, numbers, keys in self._by_service(once[0], given):
            found[service] = holders = dict(zip(keys, numbers, strict=True))
            holders.pop("", None)
            if len(holders) < len(keys) - keys.count(""):
                first: dict[str, int] = {}
                pairs = zip(numbers, keys, strict=True)
                twice |= {number for number, key in pairs if key and first.setdefault(key, number) != number}
        if twice:
            self._taken(once, next(number for number in given if number in twice))
        return found

    def _by_service(self, thing: Thing, given: _Given) -> Iterator[tuple[int, list[int], list[str]]]:
        """Who is given what, by service; 0 but for engagements."""
        numbers, keys = list(given), list(given.values())
        if thing is not Thing.ENGAGEMENT:
            yield 0, numbers, keys
            return
        services = picked(self.after.register.service_of, array("I", numbers))
        for service in sorted(set(services)):
            mine = [each == service for each in services]
            yield service, list(compress(numbers, mine)), list(compress(keys, mine))

    def _client(self, thing: tuple[Thing, int]) -> int:
        """The client that a reference belongs to; 0 for other things."""
        if thing[0] is Thing.ENGAGEMENT:
            return self.after.register.client_of[thing[1]]
        return thing[1] if thing[0] is Thing.CLIENT else 0

    def _taken(self, once: Once, number: int) -> NoReturn:
        thing = (once[0], number)
        place = self._place(thing, once[1])
        problem = _TAKEN.get(once, Problem.NAME_IN_USE)
        row = self._row(place, self._client(thing), thing)
        raise ListRefused(place, Refused(Refusal.NAME_TAKEN, problem, once[1], row=row))

    def _place(self, thing: tuple[Thing, int], field: str) -> int:
        """The last command that gave the thing its text."""
        return next(
            place
            for place in range(len(self._changes) - 1, -1, -1)
            for text in self._changes[place].texts
            if (text.thing, text.number) == thing and field in text.fields
        )

    def _row(self, place: int, client: int, thing: tuple[Thing, int]) -> int | None:
        """The row of an import that gave the thing its text; none where there is but one."""
        command, change = self._commands[place], self._changes[place]
        if isinstance(command, w.ImportClients) and len(command.rows) > 1:
            first = next(event.first_client for event in change.events if isinstance(event, e.ClientsAdded))
            return client - first
        if isinstance(command, w.ImportEngagements) and len(command.rows) > 1:
            service = self.after.register.service_of[thing[1]]
            return [(row.client, row.service) for row in command.rows].index((client, service))
        return None

    def _need_whole_fees(self) -> None:
        touched: dict[int, int] = {}
        for place, change in enumerate(self._changes):
            for event in change.events:
                if isinstance(event, e.GrantsSet) and event.kind == "client" and event.fee_split:
                    touched.update(dict.fromkeys(event.targets, place))
        splits = [held.fee_splits for held in self.after.holdings.values() if held.fee_splits]
        for client, place in touched.items():
            if sum(each.get(client, 0) for each in splits) > WHOLE_FEE:
                raise ListRefused(place, Refused(Refusal.INVALID, Problem.FEE_SPLIT_SUM, "fee_split"))

    def _need_within_cap(self) -> None:
        if not self._together.capped:
            return
        acting = Acting(moment=self._before, actor=self._actor)
        capped, own = self._old(self._together.capped), self._old(self._together.own)
        refused = refused_raising_own(acting, self.after, own) or refused_opening(acting, self.after, capped)
        if refused is not None:
            raise ListRefused(self._last(e.GrantsSet, e.GrantsRemoved), refused)

    def _old(self, targets: Iterable[Target]) -> list[Target]:
        """Those of them that were there before the list."""
        there = self._before.state.register
        return [
            on for on in targets if on.number in (there.clients if on.kind == "client" else there.engagements)
        ]

    def _last_that_counts(self, refused: Refused) -> int:
        """The command that a guard's refusal is told of: the last that could have mended it."""
        if refused.refusal is Refusal.LAST_ADMINISTRATOR:
            return self._last(e.MemberChanged, e.MemberDeactivated)
        clients = bereft(self._before.state, self.after)
        for place in range(len(self._changes) - 1, -1, -1):
            for event in self._changes[place].events:
                match event:
                    case e.GrantsSet(kind="client", targets=on) | e.GrantsRemoved(kind="client", targets=on):
                        if on & clients:
                            return place
                    case _:
                        pass
        return self._last(e.MemberChanged, e.MemberDeactivated)

    def _last(self, *kinds: type[e.Event]) -> int:
        places = [
            place
            for place, change in enumerate(self._changes)
            if any(isinstance(event, kinds) for event in change.events)
        ]
        return places[-1] if places else len(self._changes) - 1


class _Start(Together):
    """What rights are judged by: the firm before the list, and what it adds as it was a moment after."""

    def __init__(self, before: Moment) -> None:
        self._before = before
        self._clients: list[tuple[int, Moment]] = []
        self._engagements: list[tuple[int, Moment]] = []
        self.capped: list[Target] = []
        self.own: list[Target] = []

    def note(self, change: e.Change, after: Moment) -> None:
        for event in change.events:
            if isinstance(event, e.ClientsAdded):
                self._clients.append((event.first_client, after))
            if isinstance(event, e.ClientsAdded | e.EngagementsAdded):
                self._engagements.append((event.first_engagement, after))

    def moment_for(self, target: Target | None) -> Moment:
        if target is None:
            return self._before
        births = self._clients if target.kind == "client" else self._engagements
        found = bisect_right(births, target.number, key=lambda birth: birth[0])
        return births[found - 1][1] if found else self._before


def _keys(thing: Thing, run: Sequence[e.Text], field: str) -> Iterable[tuple[int, str]]:
    """Of texts about things of one kind: the numbers of those that state the field, each with its key."""
    if isinstance(run, ManyTexts):
        if field not in run.columns:
            return ()
        if field == "reference" and all(run.columns[field]):
            return zip(run.numbers, run.reference_keys, strict=True)
    said = [text for text in run if field in text.fields]
    words = [text.fields[field] for text in said]
    keys = tax_keys(words) if thing is Thing.ENGAGEMENT else unique_keys(words)
    return zip([text.number for text in said], keys, strict=True)


def _ended(event: e.Event) -> tuple[Thing, int] | None:
    match event:
        case e.GroupDeleted():
            return Thing.GROUP, event.group
        case e.ServiceRemoved():
            return Thing.SERVICE, event.service
        case e.WallLowered():
            return Thing.WALL, event.wall
        case e.PolicyRemoved():
            return Thing.POLICY, event.policy
        case e.ReviewClosed() | e.ReviewUnscheduled():
            return Thing.REVIEW, event.review
        case e.TokenRevoked():
            return Thing.TOKEN, event.token
        case e.EngagementRemoved():
            return Thing.ENGAGEMENT, event.engagement
    return None


def _holders(directory: Directory, once: Once, service: int, keys: Collection[str]) -> Mapping[str, int]:
    """Who had each of these before the list."""
    thing, field = once
    if thing is Thing.CLIENT:
        return directory.clients_by_reference(keys)
    if thing is Thing.ENGAGEMENT:
        return directory.engagements_by_reference(service, keys)
    named = ((key, directory.named(thing, key, field)) for key in keys)
    return {key: holder for key, holder in named if holder is not None}
