"""Keeping every change away from a firm that is on its way to another database, whatever road it comes by.

The database itself refuses: triggers on each table that holds something of firms or of their members'
accounts look whether the firm is closed. They are there while one is, so else they cost nothing. Which firm
is on its way, and where, is `cli/placing/moving.py`'s matter.
"""

from collections.abc import Iterator
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django_tasks_db.models import DBTaskResult

from ringfence.firms.models import (
    Checkpoint,
    CheckpointPart,
    DecisionBlock,
    Firm,
    ProviderSession,
    SecurityEvent,
    Token,
    User,
)
from ringfence.store.moved import CLOSED

from .open_firms import closed_firms
from .sql import rows_of
from .writing.tables.bulk import execute

LATE: dict[type[Model], str] = {DecisionBlock: "ended", SecurityEvent: "last_at"}
"""Logs of what happens all the same while a firm is closed, by the column that says when. They stay open, and
their ends follow it."""
OPEN: tuple[type[Model], ...] = (*LATE, Checkpoint, CheckpointPart, ProviderSession)
"""With what does not go along."""
NOTED: dict[type[Model], str] = {User: "last_login", Authenticator: "last_used_at", Token: "used"}
"""Columns that say when something was used last, and stay open."""
_REFUSE = "ringfence_closed"
"""What our triggers and functions are called, each with its table."""

_STATES = "('leaving', 'arriving')"


class WatchedTable(NamedTuple):
    """A table that is watched, by which condition a row of it is of a closed firm."""

    table: str
    columns: tuple[str, ...]
    """The columns that may not change."""
    condition: str
    """With ``ROW`` for the row."""
    claims: bool = False
    """Whether it has tasks, of which alone the taking is refused."""


def firm_tables() -> list[type[Model]]:
    """The models whose rows are each of one firm, the firm's own row not among them."""
    found = (model for model in apps.get_models() if model._meta.managed and not model._meta.proxy)
    return [model for model in found if any(f.column == "firm_id" for f in model._meta.concrete_fields)]


def guarded() -> Iterator[WatchedTable]:
    """Each table that is watched."""
    of_firm = f"EXISTS (SELECT 1 FROM firms_firmmove WHERE number = ROW.firm_id AND state IN {_STATES})"
    for model in firm_tables():
        if model not in OPEN:
            yield WatchedTable(model._meta.db_table, _columns(model), of_firm)
    yield WatchedTable(Firm._meta.db_table, _columns(Firm), of_firm.replace("ROW.firm_id", "ROW.id"))
    of_member = (
        "EXISTS (SELECT 1 FROM firms_member m JOIN firms_firmmove v ON v.number = m.firm_id"
        f" WHERE m.user_id = ROW.user_id AND v.state IN {_STATES})"
    )
    yield WatchedTable(User._meta.db_table, _columns(User), of_member.replace("ROW.user_id", "ROW.id"))
    for model in (EmailAddress, Authenticator, SocialAccount):
        yield WatchedTable(model._meta.db_table, _columns(model), of_member)
    of_queue = (
        "ROW.status = 'RUNNING' AND EXISTS (SELECT 1 FROM firms_firmmove"
        f" WHERE 'firm-' || number = ROW.queue_name AND state IN {_STATES})"
    )
    yield WatchedTable(DBTaskResult._meta.db_table, ("worker_ids",), of_queue, claims=True)


def _columns(model: type[Model]) -> tuple[str, ...]:
    open_one = NOTED.get(model)
    return tuple(str(field.column) for field in model._meta.concrete_fields if field.column != open_one)


def keep_closed(*, soon: bool = False) -> None:
    """See that the triggers are there where a firm is closed, and refuse nothing where none is.

    `soon`: one will be. Outside of a transaction. On return, whatever was being written before has been
    committed or undone. For who moves firms alone: by anybody else a firm that is closed meanwhile would be
    opened again.
    """
    _keep(wanted=soon or bool(closed_firms()))


def close_again() -> None:
    """See that the triggers are there where a firm is closed, for whoever starts; never takes one away.

    SQLite forgets them with a table that is made anew, and a backup brings closed firms without them.
    """
    if closed_firms():
        _keep(wanted=True)


def has_triggers() -> bool:
    """Whether triggers are there, enabled or not."""
    return bool(_in_file() if connection.vendor == "sqlite" else _functions())


def drop_triggers() -> None:
    """Leave none, not even a disabled one: no column that one names can be given another type on PostgreSQL.

    For who changes the tables, with nobody moving firms and none closed.
    """
    if connection.vendor == "sqlite":
        _keep_in_file(wanted=False)
    for name in _functions() if connection.vendor == "postgresql" else ():
        execute(f'DROP FUNCTION "{name}"() CASCADE')


def _keep(*, wanted: bool) -> None:
    if connection.vendor == "sqlite":
        _keep_in_file(wanted=wanted)
    elif wanted or _functions():
        _keep_on_server(wanted=wanted)


def _in_file() -> list[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    return [name for (name,) in rows_of(names, f"{_REFUSE}%")]


def _keep_in_file(*, wanted: bool) -> None:
    if not wanted and not _in_file():
        return
    with transaction.atomic(durable=True):
        for name in _in_file():
            execute(f'DROP TRIGGER "{name}"')
        for one in guarded() if wanted else ():
            for event, row in _events(one):
                condition = one.condition.replace("ROW.", f"{row}.")
                execute(
                    f'CREATE TRIGGER "{_REFUSE}_{one.table}_{event[:6].lower()}" BEFORE {event}'
                    f" ON \"{one.table}\" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
                )


def _keep_on_server(*, wanted: bool) -> None:
    """One table after the other, each in a transaction of its own: so no two are held at once.

    Neither making a trigger nor enabling one keeps readers waiting, as dropping one would.
    """
    known = _functions()
    for one in guarded():
        with transaction.atomic(durable=True):
            name = f"{_REFUSE}_{one.table}"
            if wanted:
                execute(_function(one))
                for event, _row in _events(one):
                    trigger = f"{name}_{event[:6].lower()}"
                    execute(
                        f'CREATE OR REPLACE TRIGGER "{trigger}" BEFORE {event} ON "{one.table}"'
                        f' FOR EACH ROW EXECUTE FUNCTION "{name}"()'
                    )
                    execute(f'ALTER TABLE "{one.table}" ENABLE TRIGGER "{trigger}"')
            elif name in known:
                for event, _row in _events(one):
                    execute(f'ALTER TABLE "{one.table}" DISABLE TRIGGER "{name}_{event[:6].lower()}"')


def _events(one: WatchedTable) -> list[tuple[str, str]]:
    """What is watched, with what the row is called there."""
    columns = ", ".join(f'"{column}"' for column in one.columns)
    changed = f"UPDATE OF {columns}"
    return [(changed, "NEW")] if one.claims else [("INSERT", "NEW"), (changed, "NEW"), ("DELETE", "OLD")]


def _function(one: WatchedTable) -> str:
    new, old = (one.condition.replace("ROW.", f"{row}.") for row in ("NEW", "OLD"))
    # Of a class that every driver takes for a database that cannot serve now.
    refuse = f"RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'object_not_in_prerequisite_state'"
    return (
        f'CREATE OR REPLACE FUNCTION "{_REFUSE}_{one.table}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF TG_OP = 'DELETE' THEN IF {old} THEN {refuse}; END IF; RETURN OLD; END IF;"
        f" IF {new} THEN {refuse}; END IF; RETURN NEW; END $$"
    )


def _functions() -> frozenset[str]:
    rows = rows_of("SELECT proname FROM pg_proc WHERE proname LIKE %s", f"{_REFUSE}%")
    return frozenset(name for (name,) in rows)
