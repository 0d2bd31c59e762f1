"""Parts of a pack about how the firm stood: who could open what, who was in it, what walls kept."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access import walls_between
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Instant, Level, Thing
from ringfence.lists.export.writing import Cells
from ringfence.wording.levels_and_roles import level_name, role_name
from ringfence.wording.saying import four_levels
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .firm_then import PackFirm

AT_ONCE = 2_000
"""Clients whose openers are worked out at once."""
MOST_TEXT = 32_000_000
"""Characters of lists of people that are kept for clients that are open to the same."""


def who_could_open(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each client: who could open it, and where the firm tells levels apart at which."""
    headers = (
        _("[Client]"),
        _("Reference"),
        _("Confidential"),
        _("How many people could open it"),
        _("Who, and at which level") if four_levels() else _("Who"),
    )
    return headers, _clients(firm)


def _clients(firm: PackFirm) -> Iterator[Cells]:
    then = firm.then
    classes = _openers(firm)
    words = firm.words(Thing.CLIENT, then.clients)
    names = {
        number: words.get(number, {}).get("name", "") or _("a former [client]") for number in then.clients
    }
    confidential, yes = then.confidential, _("yes")
    said, length = dict[tuple[int, ...], tuple[str, str]](), 0
    ordered = sorted(names, key=lambda number: (sort_key(names[number]), number))
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        openers = _openers_of(classes, BitMap(some))
        for number in some:
            which = tuple(openers.get(number, ()))
            if which not in said:
                people = sorted({text for each in which for text in classes[each].people})
                text = "; ".join(people)
                length += len(text)
                if length > MOST_TEXT:
                    said, length = {}, len(text)
                said[which] = (str(sum(len(classes[each].people) for each in which)), text)
            reference = words.get(number, {}).get("reference", "")
            yield (names[number], reference, yes if number in confidential else "", *said[which])


class _Alike(NamedTuple):
    """Members who see the same clients at the same level, as they are written."""

    clients: BitMap
    people: list[str]


def _openers(firm: PackFirm) -> list[_Alike]:
    then, names, four = firm.then, firm.names, four_levels()
    names.learn_things(Thing.MEMBER, then.members)
    known: dict[tuple[Level, bytes], _Alike] = {}
    for member in then.active_members:
        # Where two are called alike, each is told apart by the number.
        called = f"{names.member(member)} (#{member})"
        for level, clients in then.clients_by_level(member).items():
            if clients:
                alike = known.setdefault((level, clients.serialize()), _Alike(clients, []))
                alike.people.append(f"{called}: {level_name(level)}" if four else called)
    return list(known.values())


def _openers_of(classes: list[_Alike], some: BitMap) -> dict[int, list[int]]:
    """By client, for some of them, which of the classes see it: of all at once they would fill the memory."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, alike in enumerate(classes):
        for client in alike.clients & some:
            found[client].append(place)
    return found


def members(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each member: role, rights and groups."""
    headers = (
        _("Number"),
        _("Name"),
        _("E-mail"),
        _("Role"),
        _("Active"),
        _("May use [clients]’ records"),
        _("May give access to all"),
        _("[Groups]"),
    )
    return headers, _members(firm)


def _members(firm: PackFirm) -> Iterator[Cells]:
    then, words = firm.then, firm.words(Thing.MEMBER, firm.then.members)
    groups: dict[int, list[str]] = defaultdict(list)
    for group, inside in then.groups.items():
        if group != EVERYONE:
            for member in inside:
                groups[member].append(firm.names.group(group))
    for number, who in sorted(then.members.items()):
        said = words.get(number, {})
        yield (
            str(number),
            said.get("name", "") or _("a former [member]"),
            said.get("email", ""),
            role_name(who.role),
            _yes(number in then.active_members),
            _yes(who.access),
            _yes(who.manage_access),
            "; ".join(sorted(groups[number])),
        )


def walls(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each side of each wall: who was on it, from which clients it kept them, who acknowledged."""
    headers = (
        _("Wall"),
        _("It stood then"),
        _("From"),
        _("Until"),
        _("People"),
        _("[Clients] that it kept from them"),
        _("Who acknowledged it"),
    )
    return headers, _walls(firm)


def _walls(firm: PackFirm) -> Iterator[Cells]:
    names, now = firm.names, firm.then.now
    for number, wall in sorted(firm.then.walls.items()):
        for here, there in (wall.sides, wall.sides[::-1]):
            names.learn_things(Thing.MEMBER, here.members)
            names.learn_things(Thing.CLIENT, there.clients)
            yield (
                names.wall(number),
                _yes(wall.stands(now)),
                *(moment_text(at, firm.zone) if at is not None else "" for at in (wall.starts, wall.ends)),
                "; ".join(sorted(map(names.member, here.members))),
                "; ".join(sorted(map(names.client, there.clients))),
                "; ".join(sorted(names.member(each) for each in here.members & wall.acknowledged.keys())),
            )


def kept_apart(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each stretch of the time asked for in which a wall kept clients from somebody."""
    headers = (
        _("Wall"),
        _("[Member]"),
        _("From"),
        _("Until"),
        _("How many [clients]"),
        _("[Clients] that it kept from them"),
    )
    return headers, _kept_apart(firm)


def _kept_apart(firm: PackFirm) -> Iterator[Cells]:
    names = firm.names
    # The walls that stand at the last instant keep somebody at it too.
    found = walls_between(firm.row.pk, firm.asked.since, Instant(firm.asked.until + 1))
    names.learn_things(Thing.WALL, {each.wall for each in found})
    names.learn_things(Thing.MEMBER, {each.member for each in found})
    said: tuple[BitMap, str] = (BitMap(), "")
    for each in found:
        if each.clients != said[0]:
            names.learn_things(Thing.CLIENT, each.clients)
            # Most on a side are kept from the same, and come one after another.
            said = (each.clients, "; ".join(sorted(map(names.client, each.clients))))
        ended = each.until <= firm.asked.until
        yield (
            names.wall(each.wall),
            f"{names.member(each.member)} (#{each.member})",
            moment_text(each.since, firm.zone),
            moment_text(each.until, firm.zone) if ended else _("it still did"),
            str(len(each.clients)),
            said[1],
        )


def _yes(there: bool) -> str:
    return _("yes") if there else _("no")
