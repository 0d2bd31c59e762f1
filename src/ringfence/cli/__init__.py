"""The command line: ``ringfence COMMAND``. Each command's module is imported when it is called.

Only the commands that need the database set Django up; `ringfence scenario` runs without either. Output is
English, for people as tables and, with ``--json``, for programs. Exit code 2 is a mistake of the caller's,
told on stderr with its remedy; 1 is a "no" (denied, a statement failed, a ledger that is not whole).

`commands` says in which room each command is. Here at the top is what all of them stand on: options, faults,
how answers are shown and said.
"""

from .commands import main

__all__ = ["main"]
