"""Where the bytes of a list come from: a file on disk, or what somebody sent and is held in memory."""

import io
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec


class ListFile(Protocol):
    """A file that is read from its beginning as often as it is opened."""

    @property
    def name(self) -> str:
        """As the person calls it."""

    def size(self) -> int:
        """Bytes; raises OSError."""

    def open(self) -> BinaryIO:
        """A stream to it from its first byte on; raises OSError."""


class OnDisk(msgspec.Struct, frozen=True):
    """A file at a path."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")


class InMemory(msgspec.Struct, frozen=True):
    """A file that was sent."""

    name: str
    content: bytes

    def size(self) -> int:
        return len(self.content)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)
