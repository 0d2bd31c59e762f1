"""`python -m tests.browser.harbour`: make a company that keeps to the kyc document, beside Ace Agents.

People of the office who have a password sit in it: Beth administers it, Noor owns cases, Beta is new there.
Client access is turned off still. A process of its own, on the database that RINGFENCE_DATABASE names.
"""

import django

from tests.browser.office import BETA, BETH, NOOR

HARBOUR = "Harbour Compliance"
CASES = {"AUR-1": "Aurora Shipping", "BLU-2": "Bluefin Capital", "CRE-3": "Crest Foundation"}


def main() -> None:
    """Give the commands, each of which must succeed."""
    django.setup()
    from tests.cli.listing import succeed

    succeed("firm", "create", HARBOUR, "--profile", "kyc", "--admin", BETH)

    def do(command: str, *values: str) -> None:
        succeed("do", command, *values, "--firm", HARBOUR)

    for name, email in {
        "Noor Haddad": NOOR,
        "Beta Sobeck": BETA,
        "Sofie Lund": "sofie@harbour.example",
    }.items():
        do("member.add", f"member={name}", f"email={email}")
    for reference, name in CASES.items():
        do("client.add", f"client={name}", f"reference={reference}")
        do("grant.set", f"to={NOOR}", f"on={reference}", "level=owner")


if __name__ == "__main__":
    main()
