"""The command `ringfence demo`: where its database lies, what it prints, and serving it."""

import os
import shlex
import shutil
import sys
from pathlib import Path

import click

from ringfence.cli.setup import set_up
from ringfence.cli.show import line, table

WORKERS = 2
LOOPBACK = {"127.0.0.1", "::1"}
EXAMPLE = ("who", "NP-001", "--firm", "Northfield Planning")
"""A question whose answer is short and names a reason."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--fresh", is_flag=True, help="Start over: forget what was changed in the demo.")
@click.option("--no-serve", is_flag=True, help="Only make the firms and print the accounts.")
def demo(host: str, port: int, fresh: bool, no_serve: bool) -> None:
    """Serve five demonstration firms from a database of their own.

    It lies in var/demo, or where RINGFENCE_DATABASE says: one that is empty or the demo's own.
    What is changed in it stays until --fresh.
    """
    _stay_in_own_folder()
    address = _address(host, port)
    _keep_mails(address)
    _tell_addresses(host, port)
    set_up()
    # Only now can what needs settings be imported.
    from ringfence.cli.processes.binding import Bind, let_go, listening
    from ringfence.cli.processes.roles import ProcessRole, ServePlan, present
    from ringfence.cli.processes.serve import binds_of, run

    from .making import PASSWORD, accounts, prepare

    roles = present([])
    binds = binds_of(roles, dict.fromkeys(ProcessRole), Bind(host, port))
    if not no_serve:
        for role, bind in binds.items():
            let_go(bind, listening(bind, "--port" if role is ProcessRole.WEB else f"--port, {role.value}"))
    prepare(fresh=fresh, say=line)
    line()
    line(f"Sign in at {address}/ as any of these, with the password {PASSWORD}")
    table(("Firm", "E-mail address", "Who"), [(each.firm, each.email, each.who) for each in accounts()])
    line()
    if "RINGFENCE_DEMO_MAILS" in os.environ:
        line(f"It sends no mail; what it would send stands at {address}/demo-mails")
        line()
    line(f"Other software asks at {os.environ['RINGFENCE_DECIDE_ADDRESS']}; docs/integrate.md says how.")
    line()
    line("Ask it from the command line, from this folder and another terminal:")
    line(f"  {question(EXAMPLE)}")
    line()
    if not no_serve:
        run(ServePlan(roles=roles, binds=binds, workers={ProcessRole.WEB: WORKERS}))


def _address(host: str, port: int) -> str:
    """Where people reach the demo: browsers offer passkeys at a name alone."""
    return f"http://{'localhost' if host in LOOPBACK else host}:{port}"


def question(arguments: tuple[str, ...]) -> str:
    """The line that puts a question to the demo's database, to be copied into a shell."""
    # A database that RINGFENCE_DATABASE names is in the environment of the next command as well.
    return shlex.join(["env", f"RINGFENCE_DATA={os.environ['RINGFENCE_DATA']}", _program(), *arguments])


def _program() -> str:
    """How this very program is called: by its name where the shell finds it so."""
    called = Path(sys.argv[0])
    found = shutil.which("ringfence")
    if found is not None and called.name == "ringfence" and Path(found).resolve() == called.resolve():
        return "ringfence"
    return str(called) if called.name == "ringfence" else "ringfence"


def _keep_mails(address: str) -> None:
    """Without a mail server, the demo alone keeps its mails and shows them, with links to itself."""
    if "RINGFENCE_MAIL_HOST" not in os.environ:
        folder = Path(os.environ["RINGFENCE_DATA"]) / "mails"
        os.environ.setdefault("RINGFENCE_DEMO_MAILS", str(folder.resolve()))
    os.environ.setdefault("RINGFENCE_ADDRESS", address)
    # Whoever tries webhooks has their receiver on this very machine.
    os.environ.setdefault("RINGFENCE_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128")
    os.environ.setdefault("RINGFENCE_SIGN_IN_NETWORKS", "127.0.0.0/8,::1/128")


def _tell_addresses(host: str, port: int) -> None:
    """Without a proxy in front, decisions and changes have ports of their own."""
    for name, further in (("RINGFENCE_DECIDE_ADDRESS", 1), ("RINGFENCE_CHANGES_ADDRESS", 2)):
        os.environ.setdefault(name, _address(host, port + further))


def _stay_in_own_folder() -> None:
    """The demo has its own folder inside the data folder, with its own secret key and database."""
    folder = Path(os.environ.get("RINGFENCE_DATA") or "var") / "demo"
    if "RINGFENCE_DATABASE" not in os.environ:
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["RINGFENCE_DATABASE"] = f"sqlite:///{(folder / 'ringfence.sqlite3').resolve()}"
    os.environ["RINGFENCE_DATA"] = str(folder)
