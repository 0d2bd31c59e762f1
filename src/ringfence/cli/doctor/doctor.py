"""`ringfence doctor`: looks at everything that Ringfence needs, and says what to do about what is wrong.

Each look is one function that returns findings, in `setting_looks` and `database_looks`. Nothing is changed
and nothing is made. Exit code 1 where something is wrong.
"""

import sys
import zoneinfo
from collections.abc import Iterator

import click
import msgspec

from ringfence.cli.faults import Fault
from ringfence.cli.setup import set_up
from ringfence.cli.show import as_json, table

from .database_looks import look_at_database
from .findings import Finding, Verdict, good, wrong
from .setting_looks import hosts, lend_a_key, mail, secret_key, static_files, unknown_variables


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
    yield from unknown_variables()
    unmade = lend_a_key()
    try:
        set_up()
    except Fault as fault:
        yield wrong("Settings", fault.message)
        return
    yield good("Settings", "They can be read.")
    yield from secret_key(unmade=unmade)
    yield from hosts()
    yield _time_zones()
    yield static_files()
    yield from mail()
    yield from look_at_database()


def _time_zones() -> Finding:
    count = len(zoneinfo.available_timezones())
    if count < 100:
        return wrong("Time zones", f"Only {count} are known: install the Python package tzdata.")
    return good("Time zones", f"{count} are known.")
