"""Mistakes of whoever typed the command: a message with its remedy on stderr, exit code 2, no traceback.

What the inner rooms raise is turned into such messages here, in one place.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from click.exceptions import ClickException

from ringfence.core.commands import Refused
from ringfence.core.commands.parsing import BadArgument

ON_ITS_WAY = "the firm is on its way to another database"
"""What `store.moved` says of a change that is refused."""
MOVING = (
    "The firm is on its way to another database, so nothing of it can be changed: `ringfence firm place` says"
    " how it stands. Nothing was changed."
)
NO_TABLES = "The database has no tables, or old ones: run `ringfence migrate`."


class Fault(ClickException):
    """Something that the caller can put right; the text says what and how."""

    exit_code = 2


@contextmanager
def telling() -> Iterator[None]:
    """Turn what commands, reading and the database raise into faults."""
    # The exceptions of store and Django are looked up only where one is under way: a command that needs
    # neither never imports them.
    try:
        yield
    except (ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Refused as refused:
        raise Fault(refusal_text(refused)) from refused
    except BadArgument as bad:
        # It begins with the argument's name, which is typed in small letters.
        raise Fault(ended(str(bad))) from bad
    except BrokenPipeError:
        # Whoever reads has seen enough, as with `| head`; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(1) from None
    except _unknown_firm() as unknown:
        raise Fault(sentence(str(unknown))) from unknown
    except _integrity_error() as problem:
        # As SQLite refuses; PostgreSQL's is among those below.
        if ON_ITS_WAY not in str(problem):
            raise
        raise Fault(MOVING) from problem
    except _missing_tables() as problem:
        # The drivers have no class of their own for it; anything else of these is our own mistake.
        if not _tells_of_tables(str(problem)):
            raise
        raise Fault(NO_TABLES) from problem
    except _unavailable() as problem:
        raise Fault(unavailable(str(problem))) from problem


def refusal_text(refused: Refused) -> str:
    """Why a command was not done: the code of rules.md 7, and the sentence that says what to do."""
    from .sentences import problem_text

    field = f" ({refused.field})" if refused.field else ""
    row = "" if refused.row is None else f" Row {refused.row + 1}."
    return f"Refused, {refused.refusal.value}{field}:{row} {problem_text(refused)} Nothing was changed."


def unavailable(text: str) -> str:
    """What to do where the database does not answer."""
    if _tells_of_tables(text):
        return NO_TABLES
    if ON_ITS_WAY in text:
        return MOVING
    return f"{sentence(text)} See that the database runs and that RINGFENCE_DATABASE names it."


def _tells_of_tables(text: str) -> bool:
    """Whether SQLite or PostgreSQL misses a table or column."""
    missing = "does not exist" in text and ("relation" in text or "column" in text)
    return missing or "no such table" in text or "no such column" in text


def sentence(text: str) -> str:
    """With a capital at its start and a full stop at its end."""
    text = ended(text)
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """With a full stop at its end where it has none."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _unknown_firm() -> type[Exception]:
    from ringfence.store.sources import FirmUnknown

    return FirmUnknown


def _unavailable() -> tuple[type[Exception], ...]:
    from django.db.utils import InterfaceError, OperationalError

    from ringfence.store.sources import StateUnavailable

    return (StateUnavailable, OperationalError, InterfaceError)


def _integrity_error() -> type[Exception]:
    from django.db.utils import IntegrityError

    return IntegrityError


def _missing_tables() -> type[Exception]:
    from django.db.utils import ProgrammingError

    return ProgrammingError
