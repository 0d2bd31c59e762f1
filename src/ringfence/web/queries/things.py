"""Names of members, groups and services of one firm, by number."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from ringfence.access import FirmNow
from ringfence.access.reading import names_at_once, rows_by_name, rows_by_number
from ringfence.core.terms import EVERYONE, Thing
from ringfence.web.shell.once import once
from ringfence.wording.names_by_number import group_name, service_name


class Choice(NamedTuple):
    """A thing by number and name."""

    number: int
    name: str


def services_offered(firm_now: FirmNow, member: int) -> list[Choice]:
    """The services that the member is offered to choose from, by name (rules.md 9)."""
    offered = firm_now.offered_services(member)
    return [choice for choice in services_of(firm_now.firm) if choice.number in offered]


def services_of(firm: int) -> list[Choice]:
    """The firm's service catalogue, by name."""
    rows = once(("services", firm), lambda: rows_by_name(firm, Thing.SERVICE, ("number", "name")))
    return [Choice(number, service_name(number, name)) for number, name in rows]


def read_names(firm: int, clients: Iterable[int]) -> dict[int, str]:
    """These clients' names, and in the same question what `services_of`, `every_member`, `every_group` say.

    For a page that needs all of them: its parts are answered from that.
    """
    kinds = {Thing.SERVICE: "services", Thing.MEMBER: "members", Thing.GROUP: "groups"}
    found = names_at_once(firm, kinds, clients)
    for thing, kind in kinds.items():
        once((kind, firm), partial(found.__getitem__, thing))
    return dict(found[Thing.CLIENT])


def every_member(firm: int) -> list[tuple[int, str]]:
    """All of the firm's members, inactive ones too, by name: number and name. Erased ones have none."""
    return once(("members", firm), lambda: rows_by_name(firm, Thing.MEMBER, ("number", "name")))


def every_group(firm: int) -> list[tuple[int, str]]:
    """All of the firm's groups, by name: number and name."""
    rows = once(("groups", firm), lambda: rows_by_name(firm, Thing.GROUP, ("number", "name")))
    return [(number, group_name(number, name)) for number, name in rows]


def groups_offered(firm_now: FirmNow, member: int) -> list[Choice]:
    """The groups that lists of clients name to the member, by name, Everyone first."""
    named = firm_now.groups_named_to(member)
    found = [Choice(number, name) for number, name in every_group(firm_now.firm) if number in named]
    return sorted(found, key=lambda choice: choice.number != EVERYONE)


def member_names(firm: int, numbers: Iterable[int]) -> dict[int, str]:
    """The names of these members."""
    return dict(rows_by_number(firm, Thing.MEMBER, ("number", "name"), "number", numbers))


def group_names(firm: int, numbers: Iterable[int]) -> dict[int, str]:
    """The names of these groups."""
    rows = rows_by_number(firm, Thing.GROUP, ("number", "name"), "number", numbers)
    return {number: group_name(number, name) for number, name in rows}
