"""`python -m tests.browser.company`: make the company of the client access document, beside Ace Agents.

People of the office who have a password sit in it: Beth administers it, Noor owns the Aurora case, Beta has
none. Sofie, who is in the group Onboarding, has no password. A process of its own, as `advisers`.
"""

import django

from tests.browser.office import BETA, BETH, NOOR

HARBOUR = "Harbour Compliance"
SOFIE = "sofie@harbour.example"
CLIENTS = {"AUR-1": "Aurora Shipping", "BLU-2": "Bluefin Capital"}


def main() -> None:
    """Give the commands, each of which must succeed."""
    django.setup()
    from tests.cli.listing import succeed

    succeed("firm", "create", HARBOUR, "--profile", "kyc", "--admin", "ingrid@harbour.example")

    def do(command: str, *values: str) -> None:
        succeed("do", command, *values, "--firm", HARBOUR)

    do("member.add", "member=Beth Conners", f"email={BETH}", "role=administrator")
    for name, email in {"Nils Brandt": NOOR, "Mads Holm": BETA, "Sofie Lund": SOFIE}.items():
        do("member.add", f"member={name}", f"email={email}")
    for reference, name in CLIENTS.items():
        do("client.add", f"client={name}", f"reference={reference}")
        do("grant.set", f"to={NOOR}", f"on={reference}", "level=owner")
    do("group.create", "group=Onboarding", f"members={SOFIE}")


if __name__ == "__main__":
    main()
