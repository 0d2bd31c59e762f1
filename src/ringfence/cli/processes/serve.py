"""`ringfence serve`: migrate, then run the processes that answer and work until told to stop.

Which process does what is in `roles`, where they listen in `binding`.
"""

import os
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from tempfile import TemporaryDirectory

import click
from django.conf import settings
from django.db import connection

from ringfence.access.founding import no_firm_yet
from ringfence.access.setup_code import setup_code
from ringfence.cli.addresses import fault_of
from ringfence.cli.databases.migrating import bring_up_to_date
from ringfence.cli.doctor.setting_looks import SHORT_KEY
from ringfence.cli.faults import Fault
from ringfence.cli.show import line
from ringfence.telemetry.counts import FOLDER

from .binding import WAITING, Bind, bind_of, let_go, listening
from .roles import ROLES, ProcessRole, ServePlan, duty, metrics_duty, present
from .supervisor import Supervisor

METRICS_OPTION = "--metrics-bind"
CORES = os.cpu_count() or 1
COUNT = click.IntRange(1, 256)


@click.command()
@click.option(
    "--role",
    "roles",
    type=click.Choice(ROLES),
    multiple=True,
    help="Run this role alone (may be repeated); all of them where none is named.",
)
@click.option(
    "--bind",
    envvar="RINGFENCE_BIND",
    help="Where pages are answered: host:port or unix:/path. With one other --role alone, where that is.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The host, where --bind is not given.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--decide-bind",
    envvar="RINGFENCE_DECIDE_BIND",
    help="Where decisions are answered; the port after that of the pages unless given.",
)
@click.option(
    "--changes-bind",
    envvar="RINGFENCE_CHANGES_BIND",
    help="Where the change feed is answered; two ports after that of the pages unless given.",
)
@click.option(
    "--metrics-bind",
    envvar="RINGFENCE_METRICS_BIND",
    help="Where metrics and the health of every role are told; nowhere unless given.",
)
@click.option(
    "--workers", type=COUNT, default=CORES, show_default="one for each core", help="Processes for pages."
)
@click.option(
    "--decide-workers",
    type=COUNT,
    default=max(1, CORES // 2),
    show_default="one for two cores",
    help="Processes for decisions, which share one port.",
)
def serve(
    roles: tuple[str, ...],
    bind: str | None,
    host: str,
    port: int,
    decide_bind: str | None,
    changes_bind: str | None,
    metrics_bind: str | None,
    workers: int,
    decide_workers: int,
) -> None:
    """Bring the tables up to date, serve pages and decisions and work in the background until stopped."""
    chosen = present(ProcessRole(each) for each in roles)
    named = {ProcessRole.WEB: bind, ProcessRole.DECIDE: decide_bind, ProcessRole.CHANGES: changes_bind}
    binds = binds_of(chosen, named, Bind(host, port))
    counts = {ProcessRole.WEB: workers, ProcessRole.DECIDE: decide_workers}
    metrics = bind_of(metrics_bind, METRICS_OPTION) if metrics_bind else None
    run(ServePlan(roles=chosen, binds=binds, workers=counts, metrics=metrics))


def binds_of(
    roles: Sequence[ProcessRole], named: dict[ProcessRole, str | None], usual: Bind
) -> dict[ProcessRole, Bind]:
    """Where each role listens: as it was told, else beside the pages. Raises `Fault`."""
    pages = named[ProcessRole.WEB]
    base = bind_of(pages, "--bind") if pages else usual
    listeners = [role for role in roles if role.option]
    found: dict[ProcessRole, Bind] = {}
    for role in listeners:
        text = named[role]
        if text:
            found[role] = bind_of(text, role.option)
        elif pages and len(listeners) == 1:
            found[role] = base
        else:
            found[role] = base if role is ProcessRole.WEB else base.beside(role.value, role.further)
    return found


def run(plan: ServePlan) -> None:
    """Serve until SIGTERM or SIGINT; raises `Fault` where a port cannot be had or a setting is unfit."""
    _refuse_unfit_settings()
    with ExitStack() as held:
        listeners: dict[ProcessRole, socket.socket] = {}
        for role, bind in plan.binds.items():
            listener = listeners[role] = listening(bind, role.option)
            held.callback(let_go, bind, listener)
        metrics = _metrics(plan, held)
        if settings.STANDBY is None or plan.roles != (ProcessRole.DECIDE,):
            bring_up_to_date()
        # Else the primary may be away, and who serves pages there sees to the tables.
        code = _code_of_empty() if ProcessRole.WEB in plan.roles else ""
        connection.close()
        _serve(plan, listeners, metrics, code)


def _metrics(plan: ServePlan, held: ExitStack) -> socket.socket | None:
    """The socket at which metrics are told, and a folder into which our processes put them."""
    if plan.metrics is None:
        return None
    listener = listening(plan.metrics, METRICS_OPTION)
    held.callback(let_go, plan.metrics, listener)
    os.environ[FOLDER] = held.enter_context(TemporaryDirectory(prefix="ringfence-metrics-"))
    return listener


def _code_of_empty() -> str:
    """The code that sets up an installation without a firm; empty where there is one."""
    return setup_code() if no_firm_yet() else ""


def _refuse_unfit_settings() -> None:
    """What can be used at the command line, and must not be served; raises `Fault`."""
    if os.environ.get("RINGFENCE_SECRET_KEY") == "" or len(settings.SECRET_KEY) < SHORT_KEY:
        raise Fault(
            f"The secret key has fewer than {SHORT_KEY} characters, so it could be guessed. Take"
            " RINGFENCE_SECRET_KEY away to have one made, or make one as docs/run.md says."
        )
    if settings.EMAIL_HOST and (fault := fault_of(settings.ADDRESS)):
        raise Fault(f"RINGFENCE_ADDRESS: {fault} Mails hold links that begin with it.")


def _serve(
    plan: ServePlan, listeners: dict[ProcessRole, socket.socket], metrics: socket.socket | None, code: str
) -> None:
    for listener in listeners.values():
        listener.listen(WAITING)
    duties = [duty(role, listeners.get(role), plan.workers.get(role, 1)) for role in plan.roles]
    if metrics is not None:
        metrics.listen(WAITING)
        duties.append(metrics_duty(metrics, plan.roles))
    where = ", ".join(bind.shown for bind in plan.binds.values())
    line(f"Starting Ringfence{f' on {where}' if where else ''}; stop with Ctrl-C.")
    if not settings.BEHIND_TLS and not all(bind.near for bind in plan.binds.values()):
        line("Warning: pages are served without TLS beyond this machine. See docs/run.md, TLS.")

    def ready() -> None:
        _say_where(plan, code)

    Supervisor(duties, say=lambda text: click.echo(text, err=True), ready=ready).run()
    line("Stopped.")


def _say_where(plan: ServePlan, code: str) -> None:
    """Where each role answers, once all of them do."""
    pages = plan.binds.get(ProcessRole.WEB)
    if pages is not None:
        line(f"Ringfence answers at {pages.reached}{'' if pages.path else '/'}")
    for role, bind in plan.binds.items():
        if role.said:
            line(f"{role.said} {bind.reached}")
    if plan.metrics is not None:
        line(f"Metrics are told at {plan.metrics.reached}{'' if plan.metrics.path else '/metrics'}")
    if not plan.binds:
        line("Ringfence works in the background.")
    if code and pages is not None:
        page = settings.ADDRESS or ("" if pages.path else pages.reached)
        line(f"There is no firm yet. Set up the first one at {page}/first-run with the code {code}")
