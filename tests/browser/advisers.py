"""`python -m tests.browser.advisers`: make the practice that its source document draws, beside Ace Agents.

People of the office who have a password sit in it: Beth is Adviser 3, Noor Adviser 2, Beta Assistant 1.
Adviser 1 and the principal have none. A process of its own, on the database that RINGFENCE_DATABASE names.
"""

import django

from tests.browser.office import BETA, BETH, NOOR

CEDAR = "Cedar Practice"
CLIENTS = {
    "CP-101": "Mr and Mrs Okafor",
    "CP-201": "Lindqvist Family",
    "CP-301": "Dr Ramesh Iyer",
    "CP-302": "Iyer Trust",
}
LINKS = {"CP-101": "one@cedar.example", "CP-201": NOOR, "CP-301": BETH, "CP-302": BETH}


def main() -> None:
    """Give the commands, each of which must succeed."""
    django.setup()
    from tests.cli.listing import succeed

    admin = ("--admin", "principal@cedar.example")
    succeed("firm", "create", CEDAR, "--profile", "practice", *admin)
    people = {"Adviser 1": LINKS["CP-101"], "Adviser 2": NOOR, "Adviser 3": BETH, "Assistant 1": BETA}

    def do(command: str, *values: str) -> None:
        succeed("do", command, *values, "--firm", CEDAR)

    for name, email in people.items():
        do("member.add", f"member={name}", f"email={email}")
    for reference, name in CLIENTS.items():
        do("client.add", f"client={name}", f"reference={reference}")
    for reference, adviser in LINKS.items():
        do("grant.set", f"to={adviser}", f"on={reference}", "level=owner", "fee_split=100")
    for adviser in ("Adviser 1", "Adviser 2"):
        do("delegation.set", f"from={people[adviser]}", f"to={BETA}")


if __name__ == "__main__":
    main()
