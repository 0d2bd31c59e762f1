"""`python -m tests.browser.ageing SECONDS`: let everybody have asked for nothing for so much longer.

Sessions are told so in the database that RINGFENCE_DATABASE names: nobody waits a quarter of an hour.
"""

import sys

import django


def main(seconds: int) -> None:
    """Set back when each user was last seen."""
    django.setup()
    from django.contrib.sessions.models import Session

    from ringfence.web.shell.middleware import SEEN
    from ringfence.web.shell.sessions import SessionStore

    for key in Session.objects.values_list("session_key", flat=True):
        store = SessionStore(key)
        if SEEN in store:
            store[SEEN] -= seconds
            store.save()


if __name__ == "__main__":
    main(int(sys.argv[1]))
