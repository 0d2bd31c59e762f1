"""`python -m tests.browser.subscribers`: make the planning subscription of its document, beside Ace Agents.

People of the office who have a password sit in it: Beth is its administrator, Noor is Susan, Beta is John,
who is in Team A. A process of its own, on the database that RINGFENCE_DATABASE names.
"""

import django

from tests.browser.office import BETA, BETH, NOOR

NORTHFIELD = "Northfield Planning"


def main() -> None:
    """Give the commands, each of which must succeed."""
    django.setup()
    from tests.cli.listing import succeed

    admin = ("--admin", "administrator@northfield.example")
    succeed("firm", "create", NORTHFIELD, "--profile", "planning", *admin)

    def do(command: str, *values: str) -> None:
        succeed("do", command, *values, "--firm", NORTHFIELD)

    do("member.add", "member=Ruth Okoro", f"email={BETH}", "role=administrator")
    do("member.add", "member=Susan Hale", f"email={NOOR}")
    do("member.add", "member=John Smith", f"email={BETA}")
    do("group.create", "group=Team A", f"members={BETA}")
    do("client.add", "client=The Ashdowns", "reference=NP-002")
    do("grant.set", f"to={BETH}", "on=NP-002", "level=owner")


if __name__ == "__main__":
    main()
