"""`ringfence doctor`: looks at everything that Ringfence needs, and says what to do about what is wrong.

Each look is one function that returns findings. It changes nothing. Exit code 1 where something is wrong.
"""

import os
import stat
import sys
import zoneinfo
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import click
import msgspec

from .faults import Fault
from .setup import set_up
from .show import as_json, table

SHORT_KEY = 40
"""Characters under which a secret key could be guessed."""
QUICK_ENTRIES = 20_000
"""Entries of a ledger up to which it is proved here; longer ones are left to `ledger verify`."""
LITTLE_SPACE = 500 * 1024 * 1024


class Verdict(StrEnum):
    """What a look found."""

    GOOD = "good"
    LOOK = "look at"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at, and what to do where it is not good."""

    what: str
    verdict: Verdict
    text: str


def good(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.GOOD, text=text)


def doubtful(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.LOOK, text=text)


def wrong(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.WRONG, text=text)


@click.command()
@click.option("--json", "json", is_flag=True, help="Write JSON, for programs.")
@click.pass_context
def doctor(ctx: click.Context, json: bool) -> None:
    """Look for what keeps Ringfence from working; change nothing."""
    found = list(_look())
    if json:
        as_json([msgspec.to_builtins(each) for each in found])
    else:
        table(("What", "", "Finding"), [(each.what, each.verdict.value, each.text) for each in found])
    ctx.exit(1 if any(each.verdict is Verdict.WRONG for each in found) else 0)


def _look() -> Iterator[Finding]:
    yield good("Python", sys.version.split()[0])
    try:
        set_up()
    except Fault as fault:
        yield wrong("Settings", fault.message)
        return
    yield good("Settings", "They can be read.")
    yield from _secret_key()
    yield from _hosts()
    yield _time_zones()
    yield _static_files()
    yield from _mail()
    yield from _space()
    reached = _database()
    yield reached
    if reached.verdict is Verdict.WRONG:
        return
    tables = _tables()
    yield tables
    if tables.verdict is Verdict.GOOD:
        yield from _ledgers()


def _secret_key() -> Iterator[Finding]:
    from django.conf import settings

    from ringfence.settings import DATA

    if len(settings.SECRET_KEY) < SHORT_KEY:
        yield wrong(
            "Secret key", f"It is short: give RINGFENCE_SECRET_KEY {SHORT_KEY} random characters or more."
        )
    elif os.environ.get("RINGFENCE_SECRET_KEY"):
        yield good("Secret key", "From RINGFENCE_SECRET_KEY.")
    else:
        path = DATA / "secret-key"
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield wrong("Secret key", f"Others may read {path}: chmod 600 {path}")
        else:
            yield good("Secret key", f"In {path}. Keep a copy apart from the backups.")
    if settings.DEBUG:
        yield wrong("Debugging", "RINGFENCE_DEBUG is on: errors show the inside to everybody. Unset it.")


def _hosts() -> Iterator[Finding]:
    from django.conf import settings

    hosts = list(settings.ALLOWED_HOSTS)
    local = set(hosts) <= {"localhost", "127.0.0.1", "[::1]"}
    if odd := [host for host in hosts if "/" in host]:
        yield wrong("Hosts", f"RINGFENCE_HOSTS holds {odd[0]}: write the host name alone.")
    elif "*" in hosts:
        yield wrong("Hosts", "RINGFENCE_HOSTS is *: name the hosts that people type.")
    elif local:
        yield doubtful("Hosts", "Only this machine is answered. Others need RINGFENCE_HOSTS=their.host.name.")
    else:
        yield good("Hosts", ", ".join(hosts))
    if not local and not settings.BEHIND_TLS:
        yield doubtful(
            "TLS", "RINGFENCE_TLS is off: set it to 1 behind a proxy that speaks TLS (docs/run.md)."
        )


def _time_zones() -> Finding:
    count = len(zoneinfo.available_timezones())
    if count < 100:
        return wrong("Time zones", f"Only {count} are known: install the Python package tzdata.")
    return good("Time zones", f"{count} are known.")


def _static_files() -> Finding:
    from django.contrib.staticfiles import finders

    missing = [name for name in ("vendor/ringfence.css",) if finders.find(name) is None]
    if missing:
        return wrong("Static files", f"{', '.join(missing)} is missing: install Ringfence anew.")
    return good("Static files", "The style sheet is there.")


def _mail() -> Iterator[Finding]:
    from django.conf import settings

    kind = settings.EMAIL_BACKEND
    if kind.endswith("console.EmailBackend"):
        yield doubtful("Mail", "It is printed, not sent: name a mail server in RINGFENCE_MAIL_HOST.")
    elif not kind.endswith("smtp.EmailBackend"):
        yield good("Mail", kind)
    else:
        yield _mail_server()
    if settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield doubtful("Sender", "Mail comes from ringfence@localhost: set RINGFENCE_MAIL_FROM.")


def _mail_server() -> Finding:
    """Whether it lets us in; nothing is sent."""
    import ssl
    from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError

    from django.conf import settings
    from django.core.mail import get_connection

    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection():
            pass
    except SMTPAuthenticationError:
        remedy = "refuses the user: see RINGFENCE_MAIL_USER and RINGFENCE_MAIL_PASSWORD."
    except SMTPNotSupportedError as problem:
        remedy = f"cannot do what RINGFENCE_MAIL_TLS or RINGFENCE_MAIL_USER asks for: {problem}"
    except ssl.SSLError as problem:
        remedy = f"does not speak TLS as RINGFENCE_MAIL_TLS says: {problem.reason or problem}."
    except (OSError, SMTPException) as problem:
        remedy = f"does not answer: {problem}. See RINGFENCE_MAIL_HOST, RINGFENCE_MAIL_PORT and _TLS."
    else:
        return good("Mail", f"{server} lets us in.")
    return wrong("Mail", f"{server} {remedy}")


def _space() -> Iterator[Finding]:
    import shutil

    from django.db import connection

    folder = Path(str(connection.settings_dict["NAME"])).parent if connection.vendor == "sqlite" else None
    if folder is None or not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        yield wrong("Disk", f"Only {free // 1_000_000:,} MB are free in {folder}: make room.")
    else:
        yield good("Disk", f"{free // 1_000_000:,} MB are free in {folder}.")


def _database() -> Finding:
    from django.db import connection
    from django.db.utils import InterfaceError, OperationalError

    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        if not path.exists():
            return wrong("Database", f"{path} is not there yet: `ringfence migrate` makes it.")
        if not os.access(path, os.W_OK):
            return wrong(
                "Database", f"{path} cannot be written: give its owner and its folder's to Ringfence."
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


def _tables() -> Finding:
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


def _ledgers() -> Iterator[Finding]:
    from ringfence.access import verify
    from ringfence.firms.models import Firm

    firms = list(Firm.objects.order_by("name_key"))
    if not firms:
        yield doubtful("Firms", "There is none yet: `ringfence firm create` makes one.")
    for firm in firms:
        what = f"Ledger of {firm.name}"
        if firm.version > QUICK_ENTRIES:
            yield doubtful(what, f"It has {firm.version:,} entries: prove it with `ringfence ledger verify`.")
            continue
        report = verify(firm.pk)
        if report.whole:
            yield good(what, f"Whole, {report.entries:,} entries.")
        else:
            yield wrong(
                what, f"NOT WHOLE: {report.problems[0]} Restore a backup, and find out who wrote there."
            )
