"""Ace Agents, an agency made on the command line as its administrator would, from the lists in `examples/`.

Alphie founded it; Beth manages it too, and has a second firm, Larks. Beta and Siôn are standard members, Noor
audits, Tom has left. Beth, Beta and Noor have a password already. Each server gets a copy of the database.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.browser.serving import Instance
from tests.support.databases import SERVER_VARIABLE, Databases, Engine
from tests.support.postgres import create_database

ACE, LARKS = "Ace Agents", "Larks"
ALPHIE, BETH, BETA, SION, NOOR = (
    f"{name}@ace-agent.co.uk"
    for name in ("alpha.prime", "beth.conners", "beta.sobeck", "sion.parry", "noor.haddad")
)
PASSWORD = "three green otters"
"""Of those who have one; Alphie and Siôn set one in the browser where a test is about that."""

SERVICES = ("VAT", "Income Tax", "PAYE", "Corporation Tax")
FARMS = 60
"""Clients called Bramble Farm 01 and so on, each with VAT, every second one with Income Tax as well."""
LISTED = 7
"""Clients of examples/agency-clients.csv."""
ODD_NAMES = (
    'Quoted "Ltd" <b>bold</b> & Sons',
    "🦊 Fox & Co",
    "<script>document.title = 'taken'</script>",
    '=HYPERLINK("http://127.0.0.1/","open")',
    "LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochTrinwyrTrethCyfyngedig",
)
CLIENTS = LISTED + FARMS + len(ODD_NAMES)


@dataclass(frozen=True, slots=True)
class Office:
    """The database as it was made, to be copied, and where Alphie sets a password."""

    databases: Databases
    database: str
    link: str
    """The path of the address that `ringfence firm create` printed."""

    def copy(self, settings: dict[str, str] | None = None) -> Instance:
        """The same firms in a database of their own; to be started, with these further variables."""
        name = f"test_{secrets.token_hex(6)}"
        template = self.database.rpartition("/")[2]
        if self.databases.engine is Engine.SQLITE:
            # A folder of its own: a test may take it away.
            folder = self.databases.folder / name
            folder.mkdir()
            shutil.copyfile(self.databases.folder / template, folder / "ringfence.sqlite3")
            return Instance(f"sqlite:///{folder / 'ringfence.sqlite3'}", settings)
        return Instance(create_database(os.environ[SERVER_VARIABLE], name, template=template), settings)


def make_office(databases: Databases, folder: Path) -> Office:
    """Have both firms made. `folder` is for lists."""
    instance = Instance(databases.migrated())
    link = instance.run_module("tests.browser.founding", folder).strip()
    return Office(databases, instance.database, link.removeprefix(instance.address))


def farm_list() -> str:
    """A list of the clients that are not in `examples/`, as a spreadsheet would save it."""
    lines = ["Client code,Client name,Service,Tax reference"]
    for number in range(1, FARMS + 1):
        client = f"BRA{number:03},Bramble Farm {number:02}"
        lines.append(f"{client},VAT,GB2000000{number:02}")
        if number % 2 == 0:
            lines.append(f"{client},Income Tax,30000000{number:02}")
    for number, name in enumerate(ODD_NAMES, 1):
        quoted = name.replace('"', '""')
        # What a spreadsheet would run is marked as text, as the import demands.
        quoted = f"'{quoted}" if quoted.startswith("=") else quoted
        lines.append(f'ODD{number:03},"{quoted}",Income Tax,40000000{number:02}')
    return "\n".join(lines) + "\n"
