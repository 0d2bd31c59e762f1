"""`ringfence ledger …`: its commands, of which the proof of a file needs neither Django nor a database."""

import click

from ringfence.cli.setup import set_up

from .verify import verify


class LedgerCommands(click.Group):
    """The group whose other commands are imported when one of them is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self.commands, *self._others().commands])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        return found or self._others().commands.get(cmd_name)

    def _others(self) -> click.Group:
        set_up()
        from .publish import COMMANDS
        from .reading import ledger as others

        for command in COMMANDS:
            others.add_command(command)
        return others


@click.group(cls=LedgerCommands)
def ledger() -> None:
    """Prove, export and read a firm's ledger, sign and publish where it stands, and take an entry back."""


ledger.add_command(verify)
