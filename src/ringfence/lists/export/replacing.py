"""A file that takes the place of another once it is whole, and leaves nothing behind where it is not."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream to what will be the file, for its user alone; an existing file stands until the block ends.

    It is written beside the file under a name that nobody else has: opened exclusively, no link is followed.
    Where `path` is a link, the link is replaced and what it leads to is left alone. Raises OSError.
    """
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(number)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
