"""`python -m tests.browser.passwords PASSWORD EMAIL…`: give users a password without a link of their own.

A process of its own, on the database that RINGFENCE_DATABASE names: the tests' process has another one open.
"""

import sys

import django


def main(password: str, *emails: str) -> None:
    """Set the password of every one of them; an address that nobody has is an error."""
    django.setup()
    from django.contrib.auth.hashers import make_password

    from ringfence.firms.models import User

    # Worked out once: it is meant to be slow.
    found = User.objects.filter(email__in=emails).update(password=make_password(password))
    if found != len(emails):
        sys.exit(f"{len(emails)} addresses, {found} users")


if __name__ == "__main__":
    main(*sys.argv[1:])
