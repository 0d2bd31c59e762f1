"""A process of its own that asks a firm's state and changes it, for tests that take the database away.

    python -m tests.access.asking FIRM

For each line that it reads it writes one JSON list: what asking for the state came to, and what a change did.
`found` instead of a number makes a firm and writes its id.
"""

import json
import sys

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from ringfence import access
from ringfence.access import OPERATOR, StateUnavailable
from ringfence.core.commands import definitions as w
from tests.access.cast import found


def ask_state(firm: int) -> object:
    """The version that an answer was given for."""
    return access.firm_state(firm).version


def ask_change(firm: int) -> object:
    """The version that a change made; every one has another name."""
    known = access.firm_state(firm).version
    return access.execute(firm, w.CreateGroup(name=f"Group {known}"), actor=OPERATOR).version


def answer(words: object) -> None:
    """One line to whoever asked."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main(firm: int) -> None:
    """Answer until the input ends."""
    for _ in sys.stdin:
        answers: list[object] = []
        for ask in (ask_state, ask_change):
            try:
                answers.append(ask(firm))
            except StateUnavailable:
                answers.append("unavailable")
        answer(answers)


if __name__ == "__main__":
    if sys.argv[1] == "found":
        answer(found().firm)
    else:
        main(int(sys.argv[1]))
