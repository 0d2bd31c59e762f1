"""How far somebody has been told of a firm's ledger: a place between two of its events."""

import re
from typing import NamedTuple

_FORM = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([1-9][0-9]{0,8}))?", re.ASCII)


class UnfitPlace(ValueError):
    """A text that is no place."""


class FeedPlace(NamedTuple):
    """Everything up to and with an entry has been told, and so many events of the next one."""

    entry: int
    events: int = 0

    @classmethod
    def read(cls, text: str) -> "FeedPlace":
        """``1204``, or ``1204.3`` in the middle of entry 1205; raises `UnfitPlace`."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise UnfitPlace(text)
        return cls(int(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.entry}.{self.events}" if self.events else str(self.entry)
