"""`ringfence jobs`: the background work by itself, how it stands, and trying again what has failed."""

import signal

import click
import msgspec

from ringfence.cli.databases.migrating import bring_up_to_date
from ringfence.cli.options import json_option
from ringfence.cli.show import as_json, counted, line, table
from ringfence.jobs.process import JobsProcess
from ringfence.jobs.running import retry_failed
from ringfence.jobs.standing import TaskCount, nobody_works, standing

NOBODY = (
    "Nobody does it: something has been due for minutes. Start `ringfence serve`, or `ringfence jobs` where"
    " pages are served elsewhere."
)


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(ctx: click.Context) -> None:
    """Do the background work until stopped, as `serve` does by itself; or look at it."""
    if ctx.invoked_subcommand is not None:
        return
    bring_up_to_date()
    process = JobsProcess()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: process.stop())
    process.run(lambda: line("Background work is done here; stop with Ctrl-C."))
    line("Stopped.")


@jobs.command("status")
@json_option
def status(json: bool) -> None:
    """Say what waits and what failed, in counts: of all firms together."""
    counts = standing()
    if json:
        as_json({"nobody_works": nobody_works(counts), "tasks": msgspec.to_builtins(counts)})
        return
    if not counts:
        line("There is no background work.")
        return
    table(("Task", "", "How many", "Since (UTC)", "Next or last (UTC)", "Fault"), map(_row, counts))
    if nobody_works(counts):
        line(NOBODY)


@jobs.command("retry")
def retry() -> None:
    """Have everything that has failed done again, as soon as may be."""
    line(f"{counted(retry_failed(), 'task')} will be tried again.")


def _row(count: TaskCount) -> tuple[object, ...]:
    over = count.status in {"done", "failed"}
    when = count.last if over and count.last is not None else count.next
    return (
        count.task,
        count.status,
        f"{count.count:,}",
        f"{count.since:%Y-%m-%d %H:%M}",
        f"{when:%Y-%m-%d %H:%M}",
        count.fault,
    )
