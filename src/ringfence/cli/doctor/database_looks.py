"""What `ringfence doctor` looks at in the database and around it: rights, room, encoding, tables, ledgers.

Looking changes nothing: on SQLite the connection only asks, and a file that is not there is not made.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.cli.faults import Fault
from ringfence.cli.show import counted
from ringfence.core.terms import Thing

from .findings import Finding, Verdict, doubtful, good, wrong

QUICK_ENTRIES = 20_000
"""Entries of a ledger up to which it is proved here; longer ones are left to `ledger verify`."""
LITTLE_SPACE = 500 * 1024 * 1024
OTHERS = 0o077
"""Rights of everybody but the owner."""
COMPANIONS = ("", "-wal", "-shm")
"""What lies beside an SQLite file while it is used."""
DEMO_TABLE = "ringfence_demo"
"""The table that marks a database as the demo's; `ringfence demo` makes it."""


def look_at_database() -> Iterator[Finding]:
    """One thing after the other, as far as what goes before allows."""
    yield from rights()
    yield from space()
    with only_asking():
        yield from _inside()


def _inside() -> Iterator[Finding]:
    reached = database()
    yield reached
    if reached.verdict is Verdict.WRONG:
        return
    yield from own_check()
    yield from encoding()
    up_to_date = tables()
    yield up_to_date
    yield from demo()
    if up_to_date.verdict is Verdict.GOOD:
        yield from jobs()
        yield from sealed()
        yield from moves()
        yield from webhooks()
        yield from ledgers()
        yield from names()


@contextmanager
def only_asking() -> Iterator[None]:
    """A connection opened within changes nothing, not even the kind of journal, and ends with it."""
    from django.db import connection

    if connection.vendor != "sqlite" or connection.connection is not None:
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    options["init_command"] = "PRAGMA query_only=ON"
    try:
        yield
    finally:
        connection.close()
        options.clear()
        options.update(before)


def rights() -> Iterator[Finding]:
    """Who else may read the data folder, and the SQLite file where its folder is open to others."""
    from ringfence.settings import DATA

    file = _file()
    folders = {DATA} | ({file.parent} if file is not None else set())
    open_folders = [folder for folder in sorted(folders) if folder.is_dir() and _open_to_others(folder)]
    for folder in open_folders:
        yield wrong("Rights", f"Others may look into {folder}: chmod 700 {folder}")
    if file is not None and file.parent in open_folders:
        for path in (Path(f"{file}{ending}") for ending in COMPANIONS):
            if path.exists() and _open_to_others(path):
                yield wrong("Rights", f"Others may read {path}: chmod 600 {path}")
    if not open_folders:
        yield good("Rights", "Only Ringfence's user may look into the data folder.")


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)


def space() -> Iterator[Finding]:
    """How much room is left where the SQLite file lies."""
    file = _file()
    if file is None or not file.parent.is_dir():
        return
    free = shutil.disk_usage(file.parent).free
    if free < LITTLE_SPACE:
        yield wrong("Disk", f"Only {free // 1_000_000:,} MB are free in {file.parent}: make room.")
    else:
        yield good("Disk", f"{free // 1_000_000:,} MB are free in {file.parent}.")


def _file() -> Path | None:
    """The SQLite file; None on PostgreSQL."""
    from django.db import connection

    return Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None


def database() -> Finding:
    """Whether it answers."""
    from django.db import connection
    from django.db.utils import InterfaceError, OperationalError

    file = _file()
    if file is not None:
        if not file.exists():
            return wrong("Database", f"{file} is not there yet: `ringfence migrate` makes it.")
        if not os.access(file, os.W_OK):
            return wrong(
                "Database", f"{file} cannot be written: give its owner and its folder's to Ringfence."
            )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError) as problem:
        first = str(problem).strip().splitlines()[0]
        return wrong(
            "Database", f"It does not answer: {first}. See that it runs and RINGFENCE_DATABASE fits."
        )
    return good(
        "Database", f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    )


def own_check() -> Iterator[Finding]:
    """Which proof to trust where SQLite's own is wrong about tables without row ids, as ours are."""
    from django.db import connection

    if connection.vendor == "sqlite" and (3, 40) <= sqlite3.sqlite_version_info < (3, 41):
        yield good(
            "SQLite's own check",
            f"`PRAGMA integrity_check` of SQLite {sqlite3.sqlite_version} tells of NULL values that are not"
            " there. Trust `ringfence ledger verify --all`, or a newer SQLite's check of a copy.",
        )


def encoding() -> Iterator[Finding]:
    """Whether every name can be kept, and be compared byte by byte as its key says."""
    from django.db import connection

    statement = "PRAGMA encoding" if connection.vendor == "sqlite" else "SHOW server_encoding"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone()
    if found.upper().replace("-", "") == "UTF8":
        return
    remedy = "take a backup, and restore it into one with UTF8"
    if connection.vendor == "postgresql":
        remedy += ": createdb --template=template0 --encoding=UTF8"
    yield wrong("Encoding", f"The database keeps texts as {found}: {remedy}.")


def tables() -> Finding:
    """Whether the tables are those of this Ringfence."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = executor.loader.graph.leaf_nodes()
    if missing := executor.migration_plan(known):
        return wrong("Tables", f"{len(missing)} migrations are missing: run `ringfence migrate`.")
    ours = {name for app, name in executor.loader.disk_migrations if app == "firms"}
    newer = [name for app, name in executor.loader.applied_migrations if app == "firms" and name not in ours]
    if newer:
        return wrong("Tables", f"They are of a newer Ringfence ({', '.join(newer)}): upgrade this one.")
    return good("Tables", "They are up to date.")


def demo() -> Iterator[Finding]:
    """Whether the database is the demo's, whose accounts have a password that everybody knows."""
    from django.db import connection

    if DEMO_TABLE in connection.introspection.table_names():
        yield doubtful(
            "Demo",
            "This is the database of `ringfence demo`: everybody knows its passwords. Keep no firm in it.",
        )


def jobs() -> Iterator[Finding]:
    """Whether background work is done, and what of it has failed."""
    from ringfence.jobs.standing import nobody_works, standing

    counts = standing()
    failed = sum(count.count for count in counts if count.status == "failed")
    if nobody_works(counts):
        yield wrong("Jobs", "What is due for minutes waits: start `ringfence serve` or `ringfence jobs`.")
    elif failed:
        yield doubtful(
            "Jobs",
            f"{counted(failed, 'task')} failed: `ringfence jobs status` says which, `ringfence jobs retry`"
            " has them done again.",
        )
    else:
        waiting = sum(count.count for count in counts if count.status == "waiting")
        yield good("Jobs", f"{counted(waiting, 'task')} waiting, none overdue, none failed.")


def sealed() -> Iterator[Finding]:
    """Whether every secret opens, and by which secret key."""
    from django.conf import settings

    from ringfence.access.resealing import count_by_key
    from ringfence.firms.sealing import key_id

    counts = count_by_key()
    present, *others = [key_id(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    earlier = sum(counts.get(by, 0) for by in set(others) - {present})
    closed = sum(counts.values()) - earlier - counts.get(present, 0)
    if closed:
        yield wrong(
            "Secrets",
            f"{counted(closed, 'secret')} cannot be opened: their secret key is another one. Give it as"
            " RINGFENCE_SECRET_KEY_BEFORE and call `ringfence rotate-secret`.",
        )
    elif earlier:
        yield doubtful(
            "Secrets", f"{counted(earlier, 'secret')} sealed by the last key: call `ringfence rotate-secret`."
        )
    else:
        yield good("Secrets", f"{counted(sum(counts.values()), 'secret')} sealed by the secret key.")


def moves() -> Iterator[Finding]:
    """Firms that are on their way to another database, that are in two, in none, or where nobody is led."""
    from django.conf import settings

    from ringfence.access.open_firms import closed_firms
    from ringfence.cli.databases.deployment import firms_astray, firms_elsewhere
    from ringfence.firms.models import Firm, FirmMove

    closed = closed_firms()
    for move in FirmMove.objects.filter(number__in=closed):
        yield doubtful(
            f"Firm {move.number}",
            f"It is closed, on its way between here and {move.place}: `ringfence firm place` says how it"
            f" stands, and called with {move.number} and where it is to be, ends that.",
        )
    if not settings.NAMED_DATABASES:
        return
    try:
        elsewhere, astray = firms_elsewhere(coming=False), firms_astray()
    except Fault as fault:
        yield wrong("Databases", fault.message)
        return
    for firm in Firm.objects.filter(uid__in=elsewhere).exclude(pk__in=closed):
        yield wrong(
            f"Firm {firm.pk}",
            f"{firm.name} is here and in {elsewhere[firm.uid]}, and both take changes: see docs/scale.md,"
            " After a restore.",
        )
    for one in astray:
        if one.home:
            text = (
                f"It is in {one.home}, and who comes for it to {one.left} is led to {one.led_to}:"
                f" `ringfence firm place {one.number} {one.home}` sets that right."
            )
        else:
            text = (
                f"It left {one.left} for {one.led_to}, and is in no database: {one.led_to} was restored as it"
                " was before, or lost. Restore a backup that has it: docs/scale.md, After a restore."
            )
        yield wrong(f"Firm {one.number}", text)
    yield good("Databases", f"This is {settings.DATABASE_NAME} of {', '.join(settings.NAMED_DATABASES)}.")


def webhooks() -> Iterator[Finding]:
    """Webhooks to which nothing is sent, though nobody paused them."""
    from ringfence.access.webhooks import WebhookState
    from ringfence.firms.models import Webhook

    silent = (WebhookState.FAILED, WebhookState.GONE, WebhookState.RESTORED)
    for hook in Webhook.objects.filter(state__in=silent).select_related("firm").order_by("firm", "number"):
        yield doubtful(
            f"Webhook {hook.number} of {hook.firm.name}",
            f"Nothing is sent to it ({hook.state}): `ringfence webhook resume {hook.number}"
            f" --firm #{hook.firm_id}` once it answers.",
        )


def names() -> Iterator[Finding]:
    """Names and references that nobody can tell apart, and that stood beside each other already."""
    from ringfence.access.twins import twins
    from ringfence.firms.models import Firm

    for firm in Firm.objects.order_by("name_key"):
        for thing, words, numbers in twins(firm.pk):
            whose = " and ".join(f"#{number}" for number in numbers)
            tax = thing is Thing.ENGAGEMENT
            kind = "tax reference of clients" if tax else f"name or reference of {thing.value}s"
            yield doubtful(f"Names of {firm.name}", f"{words!r} is the {kind} {whose}: change one of them.")


def ledgers() -> Iterator[Finding]:
    """Whether each firm's ledger is whole."""
    from ringfence.access import verify
    from ringfence.access.clock import future_text
    from ringfence.cli.ledger.report import unused_text
    from ringfence.core.terms import Instant
    from ringfence.firms.models import Firm

    firms = list(Firm.objects.order_by("name_key"))
    if not firms:
        yield doubtful("Firms", "There is none yet: `ringfence firm create` makes one.")
    for firm in firms:
        what = f"Ledger of {firm.name}"
        if text := future_text(Instant(firm.changed_at)):
            yield doubtful(f"Clock of {firm.name}", text)
        if firm.version > QUICK_ENTRIES:
            yield doubtful(what, f"It has {firm.version:,} entries: prove it with `ringfence ledger verify`.")
            continue
        report = verify(firm.pk)
        if report.whole and report.unused:
            yield doubtful(what, unused_text(report))
        elif report.whole:
            yield good(what, f"Whole, {counted(report.entries, 'entry', 'entries')}.")
        else:
            yield wrong(
                what, f"NOT WHOLE: {report.problems[0]} Restore a backup, and find out who wrote there."
            )
