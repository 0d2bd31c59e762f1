"""Faults gathered by their kind, so that one of many rows is told once, with the rows."""

from collections.abc import Iterable, Iterator

import msgspec

from .faults import F, RowFault

OF_A_KIND = 3
"""Faults of one kind in one column that are told each; of more, the first is."""


class FaultKind(msgspec.Struct, frozen=True):
    """The very same fault in all `lines`; `likewise` are the rows of other faults of its kind and column."""

    first: RowFault
    lines: tuple[int, ...]
    likewise: tuple[int, ...] = ()


def by_kind(faults: Iterable[RowFault], *, everything: bool = False) -> Iterator[FaultKind]:
    """The faults in the order of the rows; `everything`: also of many of a kind, each is told."""
    kinds: dict[tuple[F, str], dict[str, list[RowFault]]] = {}
    for fault in faults:
        kinds.setdefault((fault.code, fault.column), {}).setdefault(fault.message, []).append(fault)
    for said in kinds.values():
        if len(said) <= OF_A_KIND or everything:
            for same in said.values():
                yield FaultKind(same[0], _lines(same))
            continue
        first, *others = said.values()
        yield FaultKind(first[0], _lines(first), _lines(fault for same in others for fault in same))


def _lines(faults: Iterable[RowFault]) -> tuple[int, ...]:
    return tuple(sorted({fault.line for fault in faults}))
