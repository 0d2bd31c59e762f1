"""What a list names and the firm lacks: services, which a list of clients may bring, and groups."""

from collections.abc import Container, Iterable, Mapping
from itertools import chain

from ringfence.core.directory import unique_key
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.rows.read_list import ReadList


def missing_services(read: ReadList, firm: KnownFirm) -> Mapping[str, int]:
    """The services that the list names and the firm lacks, each as first written, and in how many rows."""
    known = firm.services()
    if read.named:
        return {name: rows for name, rows in read.named.items() if unique_key(name) not in known}
    return _missing((row.service for row in read.access if row.service), known)


def missing_groups(read: ReadList, firm: KnownFirm) -> Mapping[str, int]:
    """The groups that the list names and the firm lacks, likewise."""
    of_access = (row.group for row in read.access if row.group)
    of_places = (row.group for row in read.places)
    of_members = chain(read.groups, chain.from_iterable(row.groups for row in read.members))
    return _missing(
        chain(of_access, of_places, of_members), {unique_key(name) for name in firm.groups.values()}
    )


def _missing(names: Iterable[str], known: Container[str]) -> dict[str, int]:
    found: dict[str, tuple[str, int]] = {}
    for name in names:
        key = unique_key(name)
        if key not in known:
            first, count = found.get(key, (name, 0))
            found[key] = first, count + 1
    return dict(found.values())
