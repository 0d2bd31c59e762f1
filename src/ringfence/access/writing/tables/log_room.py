"""Room in SQLite's log for a long write, made while nobody waits: what a commit then writes lies over zeros.

A log that grows while it is written keeps a commit waiting for the system to allot each page of it, and for
the disk to note what was allotted. SQLite reads a log as far as each frame names a page and bears the log's
own salt, which zeros never do: https://www.sqlite.org/fileformat2.html, 4.
"""

import os
from contextlib import suppress

from django.db import DatabaseError, connection

HEADER, FRAME = 32, 24
"""Bytes in front of the log and of each page in it."""
AT_ONCE = 4 * 2**20
"""Bytes that go to the disk together: whoever commits meanwhile waits for so many."""
SPARE = 4
"""How many times as much the disk must have free: room that is made is taken from others."""
_ZEROS = bytes(4096)
"""Linux keeps what is written together together, and goes through all of it for each small write into it."""


def make_room(size: int) -> None:
    """Let the log of Django's connection take pages of so many bytes without growing; outside a transaction.

    Nothing happens where the disk has too little left, or the log is long enough.
    """
    # Without it the commit makes room.
    with suppress(DatabaseError, OSError), connection.cursor() as cursor:
        ((page,),) = cursor.execute("PRAGMA page_size")
        ((_busy, frames, _taken),) = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        end = HEADER + (max(frames, 0) + -(-size // page)) * (page + FRAME)
        _lengthen(f"{connection.settings_dict['NAME']}-wal", end)


def _lengthen(log: str, end: int) -> None:
    # Whatever others write meanwhile is written to its place: at the end, zeros lie over nothing.
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        disk = os.fstatvfs(file)
        if (end - os.fstat(file).st_size) * SPARE > disk.f_bavail * disk.f_frsize:
            return
        while (lacking := end - os.fstat(file).st_size) > 0:
            for _each in range(min(-(-lacking // len(_ZEROS)), AT_ONCE // len(_ZEROS))):
                os.write(file, _ZEROS)
            os.fsync(file)
    finally:
        os.close(file)
