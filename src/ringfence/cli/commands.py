"""Which commands there are, and the module of each, which is imported only when the command is called."""

import os
from importlib import import_module
from typing import NamedTuple

import click

import ringfence
from ringfence.store.databases import DATABASE, DatabasesFault, addresses, databases, own_name

from .faults import Fault, telling
from .setup import set_up


class Lazy(NamedTuple):
    """Where a command is: ``module:name``, its line in the help, and whether it works without Django."""

    where: str
    help: str
    bare: bool = False


COMMANDS = {
    "serve": Lazy("ringfence.cli.processes.serve:serve", "Bring the tables up to date and serve the pages."),
    "demo": Lazy("ringfence.demo.command:demo", "Serve five demonstration firms.", bare=True),
    "jobs": Lazy("ringfence.cli.processes.jobs:jobs", "Do the background work by itself, or look at it."),
    "migrate": Lazy(
        "ringfence.cli.databases.migrating:migrate", "Bring the tables of the database up to date."
    ),
    "doctor": Lazy(
        "ringfence.cli.doctor.doctor:doctor", "Look for what would keep Ringfence from working.", bare=True
    ),
    "firm": Lazy("ringfence.cli.setting_up.firm:firm", "Make, list and place firms."),
    "member": Lazy("ringfence.cli.setting_up.member:member", "Let members sign in."),
    "domain": Lazy("ringfence.cli.setting_up.domain:domain", "Prove which e-mail domains are a firm's."),
    "directory": Lazy(
        "ringfence.cli.setting_up.directory:directory",
        "Keep members and groups as an LDAP directory has them.",
    ),
    "provider": Lazy("ringfence.cli.setting_up.provider:provider", "Set up a firm's single sign-on."),
    "webhook": Lazy("ringfence.cli.setting_up.webhook:webhook", "Send a firm's events to other software."),
    "token": Lazy("ringfence.cli.setting_up.token:token", "Make, list and revoke tokens for other software."),
    "erase": Lazy("ringfence.cli.changing.erase:erase", "Erase a person's or client's words on request."),
    "policy": Lazy("ringfence.cli.policies.commands:policy", "Check, keep and list the firm's own policies."),
    "generate": Lazy(
        "ringfence.cli.setting_up.generate:generate", "Make a realistic firm of any size, invented."
    ),
    "import": Lazy("ringfence.cli.lists.commands:import_", "Read clients, members or access from a list."),
    "export": Lazy("ringfence.cli.lists.commands:export", "Write clients, members or access to a list."),
    "do": Lazy("ringfence.cli.changing.do:do", "Give a command of the rules, or see what it would do."),
    "preview": Lazy("ringfence.cli.changing.do:preview", "See what a command of the rules would do."),
    "check": Lazy("ringfence.cli.questions.ask:check", "May this member open this client?"),
    "why": Lazy("ringfence.cli.questions.why:why", "Why may this member open this client, or not?"),
    "who": Lazy("ringfence.cli.questions.ask:who", "Who may open this client?"),
    "sees": Lazy("ringfence.cli.questions.ask:sees", "Which clients does this member see?"),
    "list": Lazy(
        "ringfence.cli.questions.listed:list_", "List what stands in a firm: settings, groups, requests …"
    ),
    "document": Lazy(
        "ringfence.cli.changing.documents:document", "Read and write notes, plans and application forms."
    ),
    "ledger": Lazy(
        "ringfence.cli.ledger.commands:ledger",
        "Prove, export and read a firm's ledger; undo an entry.",
        bare=True,
    ),
    "audit": Lazy("ringfence.cli.ledger.audit:audit", "Write an auditor's pack."),
    "sign-in": Lazy("ringfence.cli.setting_up.sign_in:sign_in", "How a firm wants its people to sign in."),
    "decisions": Lazy(
        "ringfence.cli.questions.decisions:decisions", "What the firm's software was answered."
    ),
    "report": Lazy("ringfence.cli.questions.report:report", "What was given and nobody needs."),
    "backup": Lazy("ringfence.cli.backups.backup:backup", "Write everything to one file."),
    "rotate-secret": Lazy(
        "ringfence.cli.databases.rotate_secret:rotate_secret",
        "Make a new secret key, and seal all secrets by it.",
    ),
    "restore": Lazy("ringfence.cli.backups.backup:restore", "Fill an empty database from a backup."),
    "scenario": Lazy(
        "ringfence.cli.questions.scenarios:scenario", "Play scenario files (rules.md 8).", bare=True
    ),
}


class Commands(click.Group):
    """A group that knows its commands' names and first lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        if not place.bare:
            set_up()
        module, _, name = place.where.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        # What any command writes is for Ringfence's user alone: database, key, exports, backups.
        os.umask(0o077)
        with telling():
            return super().invoke(ctx)


def _stand(_context: click.Context, _option: click.Parameter, name: str | None) -> None:
    """Have this process, and those that it starts, work on the database of that name. Raises `Fault`."""
    try:
        known = databases()
        if name is not None:
            if name not in known:
                named = ", ".join(known) or "none"
                raise Fault(f"There is no database {name!r}. RINGFENCE_DATABASES names: {named}.")
            os.environ[DATABASE] = name
        if reached := addresses().get(own_name()):
            os.environ.setdefault("RINGFENCE_ADDRESS", reached)
    except DatabasesFault as problem:
        if name is not None:
            raise Fault(str(problem)) from problem
        # The settings tell, and `doctor` lists it.


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--database",
    metavar="NAME",
    is_eager=True,
    expose_value=False,
    callback=_stand,
    help="Work on this database of RINGFENCE_DATABASES, instead of the one that RINGFENCE_DATABASE names.",
)
@click.version_option(ringfence.__version__, prog_name="ringfence")
def main() -> None:
    """Who in the firm may open which client: decided, explained and proved.

    The database is named by RINGFENCE_DATABASE; docs/run.md lists every setting.
    """
