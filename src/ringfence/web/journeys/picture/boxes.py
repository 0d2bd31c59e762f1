"""The boxes and lines of one picture while it is put together: each thing once, many gathered into one box.

Who belongs into a picture, and what reaches what, is for `of_firm.py`, `of_client.py` and `of_member.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.urls import reverse
from pyroaring import BitMap

from ringfence.core.terms import Reason
from ringfence.web.browse.drawing import Arrow, Drawing, LineKind, Node, Shape
from ringfence.web.previews.outcome import PreviewNames
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

SINGLE = 14
"""Clients that are drawn one by one; where there are more, they are gathered."""
BUNDLES = 10
"""Boxes of gathered clients at most; the last one has what is left."""
PEOPLE = 12
"""Members in a column at most, gathered ones included."""

RULES = (Reason.UNASSIGNED, Reason.CONTROL_OFF, Reason.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What one box gathers, under the heading of the page that lists it."""

    title: str
    members: BitMap | None = None
    clients: BitMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with what its boxes gather, by the key that stands in the address of each."""

    drawing: Drawing
    bundles: Mapping[str, Bundle]
    notes: tuple[str, ...] = ()
    """What one has to know to read it, a sentence each."""


class NamesOnce(NamesOfWays):
    """The names of a firm's members, groups and services, each kind read once."""

    def __init__(self, firm: int, naming: PreviewNames) -> None:
        super().__init__(firm)
        self._people = dict(naming.members)

    def member(self, number: int) -> str:
        return self._people.get(number) or _("a former [member]")


class Boxes:
    """What one picture has so far. `list_at` gives the address of the list of a gathered box."""

    def __init__(self, visit: Visit, list_at: Callable[[str], str]) -> None:
        self.visit, self.now = visit, visit.firm_now
        self.naming = PreviewNames(visit)
        self.names = NamesOnce(visit.firm.pk, self.naming)
        self._list_at = list_at
        self._leads = visit.can(Capability.READ_CONTROL)
        self._nodes: dict[str, Node] = {}
        self._arrows: dict[tuple[str, str, LineKind], Arrow] = {}
        self._bundles: dict[str, Bundle] = {}
        self._given: dict[tuple[str, LineKind], list[BitMap]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def _add(self, shape: Shape, key: str, column: int, text: str, **more: Any) -> str:
        """A box, once; `more` are other fields of a `Node`."""
        if key not in self._nodes:
            self._nodes[key] = Node(key=key, column=column, shape=shape, text=text, **more)
        return key

    def _gather(self, shape: Shape, bundle: Bundle, key: str, column: int, note: str) -> str:
        """A box that stands for several, which leads to the list of them."""
        self._bundles[key] = bundle
        return self._add(shape, key, column, bundle.title, note=note, href=self._list_at(key), many=True)

    def _address(self, route: str, number: int) -> str:
        """Where a box leads: to what the control side shows of it."""
        return reverse(route, args=[self.visit.firm.pk, number]) if self._leads else ""

    # --- Boxes

    def member(self, number: int, column: int, *, note: str = "", marked: bool = False) -> str:
        """A member; another picture stands behind them."""
        name = self.names.member(number)
        if number == self.visit.number:
            name = _("%(member)s (you)") % {"member": name}
        href = "" if marked else self._address("member-picture", number)
        return self._add(Shape.MEMBER, f"m{number}", column, name, note=note, href=href, marked=marked)

    def members(self, members: BitMap, column: int, text: str, *, note: str = "") -> str:
        """Several members in one box."""
        bundle = Bundle(title=text, members=members)
        return self._gather(Shape.MEMBER, bundle, f"mm{_digest('m', members)}", column, note)

    def group(self, number: int, column: int, *, note: str = "") -> str:
        """A group, with how many members it has."""
        people = len(self.now.groups[number] & self.now.active_members)
        said = ngettext("%(count)s [member]", "%(count)s [members]", people) % {"count": figure(people)}
        note, href = f"{said}, {note}" if note else said, self._address("group", number)
        return self._add(Shape.GROUP, f"g{number}", column, self.names.group(number), note=note, href=href)

    def groups(self, count: int, column: int, href: str) -> str:
        """Further groups in one box, which leads to a picture of theirs."""
        words = ngettext("%(count)s other [group]", "%(count)s other [groups]", count)
        text = words % {"count": figure(count)}
        return self._add(Shape.GROUP, "gg", column, text, href=href, many=True)

    def rule(self, key: str, column: int, text: str, *, note: str = "") -> str:
        """Something that holds for everybody, or for a role."""
        return self._add(Shape.RULE, key, column, text, note=note)

    def client(self, number: int, column: int, *, note: str = "", marked: bool = False) -> str:
        """One client; its picture stands behind it, or its record."""
        name = self.naming.names_of([number])[number]
        record = reverse("client", args=[self.visit.firm.pk, number])
        href = "" if marked else self._address("client-picture", number) or record
        return self._add(Shape.CLIENT, f"c{number}", column, name, note=note, href=href, marked=marked)

    def clients(self, parts: Iterable[str], clients: BitMap, column: int, *, note: str = "") -> str:
        """Several clients in one box; `parts` are the keys of what reaches all of them."""
        bundle = Bundle(title=count_clients(len(clients)), clients=clients)
        return self._gather(Shape.CLIENT, bundle, f"cc{_digest('c', sorted(parts))}", column, note)

    # --- Lines

    def reach(self, start: str, end: str, line: LineKind) -> None:
        """A line, once."""
        self._arrows.setdefault((start, end, line), Arrow(start=start, end=end, line=line))

    def give(self, start: str, line: LineKind, engagements: BitMap) -> None:
        """What a box gives by lines of a kind, to be drawn by `gathered_clients`."""
        if engagements:
            self._given.setdefault((start, line), []).append(engagements)

    def gives(self, line: LineKind) -> bool:
        """Whether any box gives anything by lines of the kind."""
        return any(kind is line for _start, kind in self._given)

    def gathered_clients(self, column: int, *, unreached: str = "") -> None:
        """The clients of all that was given, and the lines to them.

        Few clients stand one by one. Of many, those that are reached alike share a box, and what is left of
        them the last one. `unreached`: the note of those that nothing reaches, who are left out without one.
        """
        parts = {part: BitMap.union(*given) for part, given in self._given.items()}
        classes = self.now.clients_alike(parts)
        if not unreached:
            classes.pop(frozenset(), None)
        if sum(map(len, classes.values())) <= SINGLE:
            self.naming.names_of(number for clients in classes.values() for number in clients)
            for reached_by, clients in classes.items():
                for number in clients:
                    self._lines(reached_by, self.client(number, column, note="" if reached_by else unreached))
            return
        order = sorted(classes.items(), key=lambda each: (-len(each[1]), sorted(map(str, each[0]))))
        kept = order if len(order) <= BUNDLES else order[: BUNDLES - 1]
        for reached_by, clients in kept:
            note = "" if reached_by else unreached
            if len(clients) == 1:
                end = self.client(clients[0], column, note=note)
            else:
                end = self.clients((f"{key} {line}" for key, line in reached_by), clients, column, note=note)
            self._lines(reached_by, end)
        rest = order[len(kept) :]
        if rest:
            words = ngettext("reached in %(ways)s other way", "reached in %(ways)s other ways", len(rest))
            clients = BitMap.union(*(clients for _key, clients in rest))
            end = self.clients(["rest"], clients, column, note=words % {"ways": figure(len(rest))})
            self._lines(frozenset().union(*(key for key, _clients in rest)), end)

    def _lines(self, reached_by: Collection[tuple[str, LineKind]], end: str) -> None:
        for start, line in sorted(reached_by):
            self.reach(start, end, line)

    def picture(
        self, *, title: str, description: str, columns: Mapping[int, str], notes: Iterable[str] = ()
    ) -> Picture:
        """What has been put together, without the columns that nothing stands in."""
        used = sorted({node.column for node in self._nodes.values()})
        place = {column: number for number, column in enumerate(used)}
        nodes = [replace(node, column=place[node.column]) for node in self._nodes.values()]
        return Picture(
            drawing=Drawing(
                name="picture",
                title=title,
                description=description,
                columns=tuple(columns[column] for column in used),
                nodes=tuple(nodes),
                arrows=tuple(self._arrows.values()),
            ),
            bundles=self._bundles,
            notes=tuple(note for note in notes if note),
        )


def _digest(kind: str, parts: Iterable[object]) -> str:
    """The same for the same parts, in every process; short enough for an address."""
    return sha256(f"{kind} {list(map(str, parts))}".encode()).hexdigest()[:12]
