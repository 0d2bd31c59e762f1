"""Faults gathered by their kind, so that one of many rows is told once, with the rows."""

from collections.abc import Iterable, Sequence

import msgspec

from .faults import F, RowFault, Value

OF_A_KIND = 3
"""Faults of one kind in one column that are told each; of more, the first is."""
MOST_KINDS = 100
"""Kinds that are shown; the others are in the file of all faults."""
MOST_OF_A_KIND = 100
"""Faults of a kind that are kept to be shown."""


class FaultKind(msgspec.Struct, frozen=True):
    """Faults of one kind in one column; the first of them, where they were `shortened`."""

    faults: tuple[RowFault, ...]
    rows: int
    """How many rows have it."""
    alike: bool
    """Whether the very same is wrong in all of them."""

    @property
    def first(self) -> RowFault:
        return self.faults[0]

    @property
    def lines(self) -> tuple[int, ...]:
        """The rows, each once."""
        return tuple(dict.fromkeys(fault.line for fault in self.faults))


def by_kind(faults: Iterable[RowFault], *, everything: bool = False) -> tuple[FaultKind, ...]:
    """The kinds in the order of their first rows, in which the faults are; `everything`: each fault is told
    by itself, where it is not the very same in several rows."""
    kinds: dict[tuple[F, str], dict[tuple[tuple[str, Value], ...], list[RowFault]]] = {}
    for fault in faults:
        same = kinds.setdefault((fault.code, fault.column), {})
        same.setdefault(tuple(fault.values.items()), []).append(fault)
    found: list[FaultKind] = []
    for said in kinds.values():
        if len(said) <= OF_A_KIND or everything:
            found += (_kind(alike, alike=True) for alike in said.values())
        else:
            found.append(_kind([fault for alike in said.values() for fault in alike], alike=False))
    return tuple(found)


def shortened(kinds: Sequence[FaultKind]) -> tuple[FaultKind, ...]:
    """The first kinds, with the first faults of each: what a page shows."""
    return tuple(
        msgspec.structs.replace(kind, faults=kind.faults[:MOST_OF_A_KIND]) for kind in kinds[:MOST_KINDS]
    )


def _kind(faults: list[RowFault], *, alike: bool) -> FaultKind:
    faults.sort(key=lambda fault: fault.line)
    return FaultKind(tuple(faults), len({fault.line for fault in faults}), alike)
