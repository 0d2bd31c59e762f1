"""`ringfence serve`: migrate, then run the processes that answer until told to stop."""

import os
import socket
import sys
import threading
import time

import click
from django.conf import settings

from .faults import Fault
from .migrating import bring_up_to_date
from .show import line
from .supervisor import Role, Supervisor

START_SECONDS = 60.0


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
    """Serve until SIGTERM or SIGINT; raises `Fault` where the port cannot be had."""
    need_free(host, port)
    bring_up_to_date()
    web = Role(
        name="web",
        command=(sys.executable, "-m", "ringfence.cli.web_process", host, str(port), str(workers)),
    )
    line(f"Starting Ringfence on {_shown(host)}:{port}; stop with Ctrl-C.")
    if host not in {"127.0.0.1", "::1", "localhost"} and not settings.BEHIND_TLS:
        line("Warning: pages are served without TLS beyond this machine. See docs/run.md, TLS.")
    supervisor = Supervisor([web], say=lambda text: click.echo(text, err=True))
    threading.Thread(target=_announce, args=(host, port, supervisor.stopping), daemon=True).start()
    supervisor.run()
    line("Stopped.")


def need_free(host: str, port: int) -> None:
    """Say at once that the port is taken, instead of starting what cannot start again and again."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as problem:
        raise Fault(f"--host {host!r} is no address of this machine: {problem.strerror}.") from problem
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as problem:
            raise Fault(
                f"Port {port} of {host} cannot be had: {problem.strerror}. Choose another with --port."
            ) from problem


def _announce(host: str, port: int, stopping: threading.Event) -> None:
    """Say where the pages are once they answer."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stopping.is_set():
        try:
            socket.create_connection((reached, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            line(f"Ringfence answers at http://{_shown(reached)}:{port}/")
            return


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
