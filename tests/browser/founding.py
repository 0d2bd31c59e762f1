"""`python -m tests.browser.founding FOLDER`: make Ace Agents and Larks by commands, see `office.py`.

A process of its own, on the database that RINGFENCE_DATABASE names: the tests' process has another one open.
One process for all commands, which would each start Django anew. Prints where Alphie sets a password.
"""

import json
import sys
from pathlib import Path

import django

from tests.browser.office import ACE, ALPHIE, BETA, BETH, LARKS, NOOR, PASSWORD, SERVICES, farm_list
from tests.support.repository import ROOT


def main(folder: Path) -> str:
    """Give the commands, each of which must succeed. `folder` is for lists."""
    django.setup()
    from tests.cli.listing import succeed

    made = succeed("firm", "create", ACE, "--profile", "agency", "--admin", ALPHIE, "--json")
    for service in SERVICES:
        succeed("do", "service.add", f"service={service}", "--firm", ACE)
    examples = ROOT / "examples"
    farms = folder / "farms.csv"
    farms.write_text(farm_list(), "utf-8")
    succeed("import", "members", examples / "members.csv", "--firm", ACE)
    succeed("import", "clients", examples / "agency-clients.csv", "--firm", ACE)
    succeed("import", "clients", farms, "--firm", ACE)
    succeed("firm", "create", LARKS, "--profile", "kyc", "--admin", BETH, "--name", "Beth Conners")
    succeed("do", "client.add", "client=Meadow Lark", "reference=M1", "--firm", LARKS)
    succeed("do", "group.create", "group=Meadows", f"members={BETH}", "on=M1", "--firm", LARKS)
    give_passwords(BETH, BETA, NOOR)
    return str(json.loads(made)["set_password"])


def give_passwords(*emails: str) -> None:
    """Let these people sign in with PASSWORD."""
    from django.contrib.auth.hashers import make_password

    from ringfence.firms.models import User

    # Worked out once: it is meant to be slow.
    found = User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))
    assert found == len(emails)


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))  # noqa: T201  # the office reads it
