"""One reading of where a firm's ledger stands, for all who asked before it began (decision 100).

`proving.Prover` around another. What is read for the second time in one request is read anew.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from .proving import Prover
from .sources import Connection, Mark, Source

T = TypeVar("T")


class _Read(NamedTuple):
    """A mark, and where the rest is read that belongs to it."""

    mark: Mark
    source: Source
    connection: Connection


class Round:
    """Requests that were all there before anything was read for one of them. For one thread."""

    def __init__(self) -> None:
        self.read: dict[int, _Read] = {}
        """By firm."""
        self.may_share = False
        """Whether the request that is answered has read no mark of its own yet."""

    def begin(self) -> None:
        """Whoever is answered from now on had asked before now."""
        self.read.clear()

    def next_request(self) -> None:
        """The next of them is answered."""
        self.may_share = True


class SharedMarks:
    """`proving.Prover` that reads a firm's mark once for a round."""

    def __init__(self, inner: Prover, shared: Round) -> None:
        self._inner, self._round = inner, shared
        self._at: _Read | None = None
        """What the last mark was read with, where it was shared."""
        self.seconds_alone = inner.seconds_alone

    @property
    def connection(self) -> Connection:
        return self._inner.connection if self._at is None else self._at.connection

    @property
    def source(self) -> Source:
        return self._inner.source if self._at is None else self._at.source

    def mark(self, firm: int) -> Mark:
        shared = self._round
        if shared.may_share:
            shared.may_share = False
            self._at = shared.read.get(firm)
            if self._at is not None:
                return self._at.mark
        self._at = None
        mark = self._inner.mark(firm)
        shared.read[firm] = self._at = _Read(mark, self._inner.source, self._inner.connection)
        return mark

    def mark_alone(self, firm: int) -> Mark:
        self._at = None
        return self._inner.mark_alone(firm)

    def proved_before(self, firm: int) -> tuple[float, Mark] | None:
        return self._inner.proved_before(firm)

    def found(self, ask: Callable[[Source], T | None]) -> T | None:
        return self._inner.found(ask)

    def able(self) -> bool:
        return self._inner.able()

    def let_go(self) -> bool:
        self._forget()
        return self._inner.let_go()

    def close(self) -> None:
        self._forget()
        self._inner.close()

    def _forget(self) -> None:
        self._at = None
        self._round.read.clear()
