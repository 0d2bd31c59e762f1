"""`ringfence serve`: migrate, then run the processes that answer and work until told to stop."""

import os
import socket
import sys

import click
from django.conf import settings
from django.db import connection

from ringfence.access.founding import no_firm_yet
from ringfence.access.setup_code import setup_code

from .addresses import fault_of
from .faults import Fault
from .migrating import bring_up_to_date
from .setting_looks import SHORT_KEY
from .show import line
from .supervisor import Duty, Supervisor

SILENT_SECONDS = 10
"""How long a connection may stay silent before a worker takes it all the same."""
UNREAD_MILLISECONDS = 30_000
"""How long an answer may lie unread."""
WAITING = 1024
"""Connections that may wait until a worker takes them."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=os.cpu_count() or 1,
    show_default="one for each core",
    help="Processes that answer pages.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Bring the tables up to date and serve the pages until stopped."""
    run(host, port, workers)


def run(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; raises `Fault` where the port cannot be had or a setting is unfit."""
    _refuse_unfit_settings()
    with bound(host, port) as listener:
        bring_up_to_date()
        code = _code_of_empty()
        _serve(listener, host, port, workers, code)


def _code_of_empty() -> str:
    """The code that sets up an installation without a firm; empty where there is one."""
    code = setup_code() if no_firm_yet() else ""
    connection.close()
    return code


def _refuse_unfit_settings() -> None:
    """What can be used at the command line, and must not be served; raises `Fault`."""
    if os.environ.get("RINGFENCE_SECRET_KEY") == "" or len(settings.SECRET_KEY) < SHORT_KEY:
        raise Fault(
            f"The secret key has fewer than {SHORT_KEY} characters, so it could be guessed. Take"
            " RINGFENCE_SECRET_KEY away to have one made, or make one as docs/run.md says."
        )
    if settings.EMAIL_HOST and (fault := fault_of(settings.ADDRESS)):
        raise Fault(f"RINGFENCE_ADDRESS: {fault} Mails hold links that begin with it.")


def _serve(listener: socket.socket, host: str, port: int, workers: int, code: str) -> None:
    listener.listen(WAITING)
    descriptor = listener.fileno()
    web = Duty(
        name="web",
        command=(sys.executable, "-m", "ringfence.cli.web_process", str(descriptor), str(workers)),
        keeps=(descriptor,),
    )
    jobs = Duty(name="jobs", command=(sys.executable, "-m", "ringfence.cli.jobs_process"))
    line(f"Starting Ringfence on {_shown(host)}:{port}; stop with Ctrl-C.")
    if host not in {"127.0.0.1", "::1", "localhost"} and not settings.BEHIND_TLS:
        line("Warning: pages are served without TLS beyond this machine. See docs/run.md, TLS.")
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://{_shown(reached)}:{port}/"

    def ready() -> None:
        line(f"Ringfence answers at {address}")
        if code:
            page = settings.ADDRESS or address.rstrip("/")
            line(f"There is no firm yet. Set up the first one at {page}/first-run with the code {code}")

    Supervisor([web, jobs], say=lambda text: click.echo(text, err=True), ready=ready).run()
    line("Stopped.")


def bound(host: str, port: int) -> socket.socket:
    """A socket that has the port and does not listen yet; raises `Fault` where it cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as problem:
        raise Fault(f"--host {host!r} is no address of this machine: {problem.strerror}.") from problem
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        # A worker gets a connection once something came over it: one that ends lets go of silent ones.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by each connection: whoever takes nothing of an answer for so long is let go.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    # Of two workers that wake up for one connection, the one that comes too late must not be kept waiting.
    listener.setblocking(False)
    try:
        listener.bind(address)
    except OSError as problem:
        listener.close()
        raise Fault(
            f"Port {port} of {host} cannot be had: {problem.strerror}. Choose another with --port."
        ) from problem
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
