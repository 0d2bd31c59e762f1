"""`python -m tests.browser.ageing SESSION SECONDS`: what tells that a user was last here at so many seconds.

Prints the value of the cookie for it, signed as the server with the same settings does: nobody waits a
quarter of an hour.
"""

import sys
from types import SimpleNamespace
from typing import Any, cast

import django


def main(session: str, seconds: int) -> str:
    """The cookie's value, for the session with this key."""
    django.setup()
    from ringfence.web.shell.session_end import signer

    request = SimpleNamespace(session=SimpleNamespace(session_key=session))
    return signer(cast(Any, request)).sign(str(seconds))


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))  # noqa: T201  # the browser takes it
