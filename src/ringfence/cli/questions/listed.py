"""`ringfence list KIND`: what stands in a firm, now or at a past moment. Clients: `sees` and `export`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import click
import msgspec

from ringfence.access.reviews.asking import state_of_item
from ringfence.access.reviews.rows import Item, items_numbered
from ringfence.cli.naming.looking import Look, look
from ringfence.cli.options import as_datetime, at_option, firm_option, json_option
from ringfence.cli.sentences import worded
from ringfence.cli.show import as_json, line, table
from ringfence.core.decision.review_items import become
from ringfence.core.directory import sort_key
from ringfence.core.past.kept_apart import kept_now
from ringfence.core.terms import EVERYONE, Instant, Level, Subject, Thing
from ringfence.core.values import Side
from ringfence.wording.names_by_number import target_text
from ringfence.wording.reviews import scope_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import settings_said

Record = dict[str, Any]
"""One of the things listed, for programs: numbers, words of the rules, moments in UTC."""


class ListedKind(NamedTuple):
    """What can be listed: its records, and the columns in which people see them."""

    records: Callable[[Look], Iterator[Record]]
    columns: Mapping[str, str]
    """Headings by the record's field."""


def _settings(seen: Look) -> Iterator[Record]:
    for name, value in msgspec.to_builtins(seen.moment.state.settings).items():
        yield {"setting": name, "value": value, "means": settings_said([(name, value)])}


def _members(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for number in _by_name(seen, Thing.MEMBER, state.members):
        found = state.members[number]
        yield {
            "member": number,
            "name": seen.labels.member(number),
            "email": seen.labels.text(Thing.MEMBER, number, "email"),
            "role": found.role.value,
            "access": found.access,
            "manage_access": found.manage_access,
            "active": found.active,
        }


def _groups(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for number in _by_name(seen, Thing.GROUP, [each for each in state.groups if each != EVERYONE]):
        yield {
            "group": number,
            "name": seen.labels.group(number),
            "members": [_called(seen, member) for member in sorted(state.groups[number])],
        }


def _delegations(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for (delegator, delegate), found in sorted(state.delegations.items()):
        yield {
            "from": _called(seen, delegator),
            "to": _called(seen, delegate),
            "cap": None if found.cap is Level.OWNER else found.cap.word,
            "expires": _moment(found.expires),
            "cascades": found.cascades,
            "counts": state.settings.delegation and found.counts(seen.moment.now),
        }


def _walls(seen: Look) -> Iterator[Record]:
    state, kept = seen.moment.state, kept_now(seen.moment)
    for number in _by_name(seen, Thing.WALL, state.walls):
        wall = state.walls[number]
        yield {
            "wall": number,
            "name": seen.labels.wall(number),
            "sides": [_side(seen, side) for side in wall.sides],
            "starts": _moment(wall.starts),
            "ends": _moment(wall.ends),
            "reason": seen.labels.text(Thing.WALL, number, "reason"),
            "stands": wall.stands(seen.moment.now),
            "acknowledged": [_called(seen, member) for member in sorted(wall.acknowledged)],
            "keeps": [
                {"member": _called(seen, member), "clients": [seen.labels.client(each) for each in clients]}
                for (which, member), clients in sorted(kept.items(), key=lambda item: item[0])
                if which == number
            ],
        }


def _side(seen: Look, side: Side) -> Record:
    return {
        "members": [_called(seen, member) for member in sorted(side.members)],
        "clients": [seen.labels.client(client) for client in sorted(side.clients)],
    }


def _requests(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for (client, member), found in sorted(state.requests.items()):
        yield {
            "client": seen.labels.client(client),
            "member": _called(seen, member),
            "level": found.level.word,
            "expires": _moment(found.expires),
            "counts": state.settings.requests,
        }


def _defaults(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for member, grants in sorted(state.defaults.items()):
        for grant in grants:
            yield {
                "member": _called(seen, member),
                "to": _subject(seen, grant.subject),
                "level": grant.level.word,
                "counts": state.settings.personal_defaults,
            }


def _reviews(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for number in _by_name(seen, Thing.REVIEW, state.reviews):
        review = state.reviews[number]
        found = become(state, review)
        yield {
            "review": number,
            "name": seen.labels.review(number),
            "scope": scope_text(review.terms.scope, seen.labels),
            "reviewers": [_called(seen, member) for member in review.terms.reviewers],
            "due": _moment(review.due),
            "undecided": review.terms.undecided,
            "items": review.terms.count,
            "pending": len(found.left),
        }


def _review_items(seen: Look) -> Iterator[Record]:
    state = seen.moment.state
    for number, review in sorted(state.reviews.items()):
        found = become(state, review)
        for item in items_numbered(review.terms, review.terms.everything):
            yield {
                "review": seen.labels.review(number),
                "item": item.number,
                "for": _subject(seen, item.subject),
                "on": _target(seen, item),
                "level": item.level.word,
                "expires": _moment(item.expires),
                "state": state_of_item(found, item.number),
            }


def _target(seen: Look, item: Item) -> str:
    """What a grant is on; of a delegation, from whom it is."""
    if item.target is None:
        return _("everything that %(member)s reaches") % {"member": _called(seen, item.delegator)}
    on, moment = item.target, seen.moment
    client = moment.client_of(on.number) if on.kind == "engagement" else on.number
    return target_text(
        seen.labels, on, client, moment.service_of(on.number) if on.kind == "engagement" else 0
    )


KINDS = {
    "settings": ListedKind(_settings, {"setting": "Setting", "value": "Value", "means": "In words"}),
    "members": ListedKind(
        _members,
        {
            "name": "[Member]",
            "email": "E-mail",
            "role": "Role",
            "access": "Access",
            "manage_access": "Manages access",
            "active": "Active",
        },
    ),
    "groups": ListedKind(_groups, {"name": "[Group]", "members": "[Members]"}),
    "delegations": ListedKind(
        _delegations,
        {
            "from": "From",
            "to": "To",
            "cap": "At most",
            "expires": "Until",
            "cascades": "Cascades",
            "counts": "Counts",
        },
    ),
    "walls": ListedKind(
        _walls,
        {
            "name": "Wall",
            "sides": "Sides",
            "starts": "From",
            "ends": "Until",
            "stands": "Stands",
            "keeps": "Keeps",
            "reason": "Reason",
        },
    ),
    "reviews": ListedKind(
        _reviews,
        {
            "review": "Number",
            "name": "Access review",
            "scope": "Of",
            "reviewers": "Reviewers",
            "due": "Due",
            "undecided": "At the end",
            "items": "Items",
            "pending": "Wait",
        },
    ),
    "review-items": ListedKind(
        _review_items,
        {
            "review": "Access review",
            "item": "Item",
            "for": "For",
            "on": "On",
            "level": "Level",
            "expires": "Until",
            "state": "State",
        },
    ),
    "requests": ListedKind(
        _requests,
        {
            "client": "[Client]",
            "member": "[Member]",
            "level": "Level",
            "expires": "Until",
            "counts": "Counts",
        },
    ),
    "defaults": ListedKind(
        _defaults, {"member": "[Member]", "to": "Gives", "level": "Level", "counts": "Counts"}
    ),
}


@click.command("list")
@click.argument("kind", type=click.Choice(list(KINDS)))
@firm_option
@at_option
@json_option
def list_(kind: str, firm: str | None, at: str | None, json: bool) -> None:
    """List what stands in a firm: its settings, members, groups, delegations, walls, requests or defaults.

    Reviews are those that are open, with their items by the numbers that commands take.

    What the firm's settings switch off is kept and listed, and does not count (rules.md 3).
    """
    seen = look(firm, at)
    found = list(KINDS[kind].records(seen))
    if json:
        as_json({**seen.head(), kind: found})
        return
    if not found:
        line(f"There are no {worded(_MARKED.get(kind, kind))} in {seen.firm.name}{seen.when}.")
        return
    columns = KINDS[kind].columns
    rows = [[_cell(record[field]) for field in columns] for record in found]
    table([worded(heading) for heading in columns.values()], rows)


_MARKED = {
    "members": "[members]",
    "groups": "[groups]",
    "reviews": "open reviews",
    "review-items": "items of open reviews",
}


def _cell(value: Any) -> str:
    """As people read it: ``yes``, names one after the other, the two sides of a wall apart, who is kept from
    how many clients.
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "-"
        case [{"members": _, "clients": _}, *_]:
            return " | ".join(", ".join((*side["members"], *side["clients"])) for side in value)
        case [{"member": _, "clients": _}, *_]:
            return ", ".join(f"{each['member']} ({len(each['clients'])})" for each in value)
        case list():
            return ", ".join(value)
    return str(value)


def _by_name(seen: Look, thing: Thing, numbers: Iterable[int]) -> list[int]:
    """The numbers in the order of their names at that time."""
    found = list(numbers)
    seen.labels.learn(thing, found)
    return sorted(found, key=lambda number: (sort_key(seen.labels.name(thing, number)), number))


def _called(seen: Look, member: int) -> str:
    """The member by address, as commands take them; else by name."""
    return seen.labels.text(Thing.MEMBER, member, "email") or seen.labels.member(member)


def _subject(seen: Look, subject: Subject) -> str:
    if subject.kind == "member":
        return _called(seen, subject.number)
    everyone = subject.number == EVERYONE
    return "group:Everyone" if everyone else f"group:{seen.labels.group(subject.number)}"


def _moment(expires: Instant | None) -> str | None:
    return None if expires is None else as_datetime(expires).isoformat()
