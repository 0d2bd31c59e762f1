"""The chain of a delegation before it is saved: from whom it comes, to whom it goes on, what each gains.

Who stands where is asked of the core, and so is what they gain; here it is drawn and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ringfence.access import DelegationLink, Difference, preview_once_on
from ringfence.core.commands.definitions import SetDelegation
from ringfence.core.directory import sort_key
from ringfence.web.browse.drawing import Arrow, Drawing, LineKind, Node, Shape
from ringfence.web.browse.drawing_svg import svg
from ringfence.web.previews.pictured import Pictured
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

COLUMN = 8
"""People drawn in a column; where there are more, the rest stands as one box."""
ROWS = 50


class _Place(NamedTuple):
    """Where somebody stands: 0 is the delegator, above it who is behind them, below it whom it reaches."""

    member: int
    depth: int
    through: tuple[int, ...]


def chain_of(visit: Visit, command: SetDelegation, found: Difference) -> Pictured:
    """The chain of the delegation that the command makes, whose difference is `found`."""
    if not visit.settings.control:
        found = preview_once_on(visit.firm.pk, command, actor=visit.actor)
    giver, taker = command.delegator, command.delegate
    behind = [link for link in visit.firm_now.behind(giver) if _may_be_told(visit, link)]
    onward = list(visit.firm_now.onward(taker)) if command.cascades else []
    after = list(_places(onward, start=taker, forward=True, left_out={giver, taker}))
    before = list(_places(behind, start=giver, forward=False, left_out={giver, taker, *_members(after)}))
    names = member_names(visit.firm.pk, {giver, taker, *_members(before), *_members(after)})
    told = _Told(visit, command, found, names)
    people = [_Place(giver, 0, ()), _Place(taker, -1, (giver,)), *after]
    rows = [*(told.row(place) for place in people), *(told.behind_row(place) for place in before)]
    return Pictured(
        title=_("Who reaches whose [clients] by this"),
        picture=svg(told.drawing([*before, *people], [*behind, *onward])),
        label=told.label(),
        head=(_("[Member]"), _("Place in the chain"), _("What they gain")),
        rows=tuple(rows[:ROWS]),
        rest=_more(len(rows) - ROWS) if len(rows) > ROWS else "",
    )


def _may_be_told(visit: Visit, link: DelegationLink) -> bool:
    """Whoever delegates knows who delegates to them; who delegates to those, only who manages access."""
    return link.depth == 1 or visit.can(Capability.MANAGE_ACCESS)


def _members(places: Iterable[_Place]) -> set[int]:
    return {place.member for place in places}


def _places(
    links: Iterable[DelegationLink], *, start: int, forward: bool, left_out: set[int]
) -> Iterator[_Place]:
    """Everybody at the far ends of the links, once, with those nearer through whom they are there."""
    depths: dict[int, int] = {}
    through: dict[int, list[int]] = {}
    for link in links:
        near, far = (link.delegator, link.delegate) if forward else (link.delegate, link.delegator)
        if far not in left_out and far != start:
            depths.setdefault(far, link.depth)
            through.setdefault(far, []).append(near)
    for member, depth in depths.items():
        yield _Place(member, -1 - depth if forward else depth, tuple(through[member]))


class _Told:
    """One chain in words and boxes."""

    def __init__(
        self, visit: Visit, command: SetDelegation, found: Difference, names: dict[int, str]
    ) -> None:
        self._visit, self._command, self._found, self._names = visit, command, found, names

    def _name(self, member: int) -> str:
        name = self._names.get(member) or _("a former [member]")
        return _("%(member)s (you)") % {"member": name} if member == self._visit.number else name

    def _gain(self, member: int) -> str:
        if member == self._command.delegator:
            return ""
        count = self._found.gained[member].client_count if member in self._found.gained else 0
        if count:
            return count_clients(count)
        if member in self._found.shifted:
            return _("More on [clients] that they open already")
        return _("Nothing new")

    def row(self, place: _Place) -> tuple[str, ...]:
        """Who delegates, who is delegated to and whom the cascade reaches."""
        if place.depth == 0:
            return self._name(place.member), _("Delegates"), _("Nothing new")
        if place.depth == -1:
            where = _("Is delegated to by %(member)s") % {"member": self._name(self._command.delegator)}
        else:
            where = _("Reaches it through %(members)s") % {"members": self._names_of(place.through)}
        return self._name(place.member), where, self._gain(place.member)

    def behind_row(self, place: _Place) -> tuple[str, ...]:
        """Who stands behind the delegator: what they delegate is handed on as well."""
        where = _("Delegates to %(members)s, so it is handed on") % {"members": self._names_of(place.through)}
        return self._name(place.member), where, _("Nothing new")

    def _names_of(self, members: Iterable[int]) -> str:
        return ", ".join(sorted(map(self._name, members), key=sort_key))

    def label(self) -> str:
        """The picture in a sentence."""
        words = {
            "delegator": self._names.get(self._command.delegator, ""),
            "delegate": self._names.get(self._command.delegate, ""),
        }
        return (
            _("A picture of the delegation from %(delegator)s to %(delegate)s and where it goes on.") % words
        )

    def drawing(self, places: list[_Place], links: list[DelegationLink]) -> Drawing:
        """The boxes in columns by hop: whoever gains on the left, those it comes from on the right."""
        lowest, highest = min(place.depth for place in places), max(place.depth for place in places)
        nodes, keys = self._boxes(places, lowest)
        command = self._command
        ends = {(link.delegate, link.delegator) for link in links} | {(command.delegate, command.delegator)}
        arrows = {(keys[start], keys[end]) for start, end in ends if start in keys and end in keys}
        return Drawing(
            name="chain",
            title=_("The chain of this delegation"),
            description=self.label(),
            columns=tuple(_column(depth) for depth in range(lowest, highest + 1)),
            nodes=nodes,
            arrows=tuple(
                Arrow(start=start, end=end, line=LineKind.DELEGATED)
                for start, end in sorted(arrows)
                if start != end
            ),
        )

    def _boxes(self, places: list[_Place], lowest: int) -> tuple[tuple[Node, ...], dict[int, str]]:
        nodes, keys = [], {}
        for depth in sorted({place.depth for place in places}):
            column = [place for place in places if place.depth == depth]
            column.sort(key=lambda place: sort_key(self._name(place.member)))
            shown = column if len(column) <= COLUMN else column[: COLUMN - 1]
            for place in shown:
                keys[place.member] = f"m{place.member}"
                nodes.append(
                    Node(
                        key=f"m{place.member}",
                        column=depth - lowest,
                        shape=Shape.MEMBER,
                        text=self._name(place.member),
                        note=self._note(place),
                        marked=depth in (0, -1),
                    )
                )
            for place in column[len(shown) :]:
                keys[place.member] = f"more{depth}"
            if rest := len(column) - len(shown):
                text = _more(rest)
                nodes.append(
                    Node(key=f"more{depth}", column=depth - lowest, shape=Shape.MEMBER, text=text, many=True)
                )
        return tuple(nodes), keys

    def _note(self, place: _Place) -> str:
        if place.depth >= 0:
            return ""
        gain = self._gain(place.member)
        return _("Gains %(clients)s") % {"clients": gain} if place.member in self._found.gained else gain


def _more(rest: int) -> str:
    return ngettext("and %(more)s more", "and %(more)s more", rest) % {"more": figure(rest)}


def _column(depth: int) -> str:
    """What stands over a column."""
    if depth == 0:
        return _("Delegates")
    if depth == -1:
        return _("Is delegated to")
    return _("Reaches it through them") if depth < 0 else _("Hands on to them")
