"""Lists on the command line, for tests: a file, the command run as a person runs it, and what it printed."""

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result

from ringfence import access
from ringfence.cli import main
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Firm
from tests.access.cast import Cast

UTC = ZoneInfo("UTC")


def run(*arguments: str | Path) -> Result:
    """`ringfence …` with these arguments; its output and exit code."""
    mask = os.umask(0)
    os.umask(mask)
    try:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="ringfence")
    finally:
        # A command keeps others from what it writes; what a test writes after it is the test's own matter.
        os.umask(mask)


def succeed(*arguments: str | Path) -> str:
    """The same for what must succeed; what it printed."""
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def refuse(*arguments: str | Path) -> str:
    """The same for what must be refused as a mistake; what it said on stderr."""
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    return done.stderr


@dataclass(frozen=True)
class Office:
    """A firm with VAT and PAYE in its catalogue, and a folder for its lists."""

    cast: Cast
    folder: Path

    @property
    def version(self) -> int:
        return self.cast.view.version

    def path(self, text: str | bytes, name: str = "list.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def imports(self, kind: str, text: str, *options: str) -> str:
        """Import a list that must be accepted; what was printed."""
        return succeed("import", kind, self.path(text), *options)

    def refuses(self, kind: str, text: str | bytes, *options: str) -> str:
        """Import a list that must be refused with nothing changed; what was said on stderr."""
        before = self.version
        said = refuse("import", kind, self.path(text), *options)
        assert self.version == before
        return said

    def exports(self, kind: str, name: str, *options: str) -> Path:
        path = self.folder / name
        succeed("export", kind, path, *options)
        return path

    def clients(self) -> list[tuple[str, str, str, bool]]:
        """Reference, name, kind and the mark of every client that is there, by reference."""
        rows = Client.objects.filter(firm=self.cast.firm, removed_at=None).order_by("reference_key")
        return list(rows.values_list("reference", "name", "kind", "confidential"))

    def services(self, reference: str) -> dict[str, str]:
        """Tax references by service of the client with this reference."""
        client = Client.objects.get(firm=self.cast.firm, reference=reference)
        rows = Engagement.objects.filter(firm=self.cast.firm, client=client.number, ended=False)
        names = self.cast_names()
        return {names[service]: tax for service, tax in rows.values_list("service", "reference")}

    def cast_names(self) -> dict[int, str]:
        found = access.words_at(self.cast.firm, Thing.SERVICE, range(1, 20), self.version)
        return {number: fields["name"] for number, fields in found.items()}

    def number(self, reference: str) -> int:
        return Client.objects.get(firm=self.cast.firm, reference=reference).number

    def engagement(self, reference: str, service: str) -> int:
        """The number of the client's engagement for a service."""
        rows = Engagement.objects.filter(firm=self.cast.firm, client=self.number(reference), ended=False)
        names = self.cast_names()
        return next(n for n, held in rows.values_list("number", "service") if names[held] == service)

    def commands(self) -> list[str]:
        """The commands in the ledger, oldest first."""
        return [entry.command for entry in access.entries(self.cast.firm, texts=False)]

    def whole(self) -> bool:
        return access.verify(self.cast.firm).whole


def open_office(cast: Cast, folder: Path, timezone: str = "Europe/London") -> Office:
    Firm.objects.filter(pk=cast.firm).update(timezone=timezone)
    for name in ("VAT", "PAYE"):
        cast.do(w.AddService(name=name))
    return Office(cast, folder)
