"""`ringfence generate`: a realistic firm of any size, made by real commands, for trying out and measuring."""

import click
from rich.progress import Progress

from ringfence.access import OPERATOR, Founded, create_firm, execute
from ringfence.cli.options import address_option
from ringfence.cli.show import console, counted, line
from ringfence.samples.generate import commands, count_of

from .firm import first_link

ADMIN = "admin@example.org"


@click.command()
@click.option("--clients", type=click.IntRange(0, 5_000_000), default=1_000, show_default=True)
@click.option("--members", type=click.IntRange(0, 20_000), default=20, show_default=True)
@click.option("--groups", type=click.IntRange(0, 20_000), help="Else one for every five members.")
@click.option("--firm", "name", metavar="NAME", default="Generated Agency", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another firm.")
@click.option("--admin", metavar="EMAIL", default=ADMIN, show_default=True, help="Its first administrator.")
@address_option
def generate(
    clients: int, members: int, groups: int | None, name: str, seed: int, admin: str, address: str
) -> None:
    """Make a new agency with invented members, clients, groups and grants. Nobody in it exists."""
    count = max(members // 5, 1) if groups is None else groups
    made = fill(name, clients=clients, members=members, groups=count, seed=seed, admin=admin)
    sizes = f"{counted(clients, 'client')}, {counted(members + 1, 'member')}, {counted(count, 'group')}"
    line(f"{name} is there, as firm {made.firm}: {sizes}.")
    if link := first_link(made.firm, made.member, address):
        line(f"{admin} sets a password here, once: {link}")


def fill(name: str, *, clients: int, members: int, groups: int, seed: int, admin: str) -> Founded:
    """Make the firm and carry out every command of it, with a progress bar where somebody looks."""
    made = create_firm(name, "agency", admin_email=admin, admin_name="Generated Administrator")
    total = count_of(clients=clients, members=members, groups=groups)
    screen = console()
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(f"Making {name}", total=total)
        for command in commands(clients=clients, members=members, groups=groups, seed=seed):
            execute(made.firm, command, actor=OPERATOR)
            progress.advance(task)
    return made
