"""What pictures of who reaches what cost the processor, in the large firm, each after a change of it.

`python -m benchmarks.bench_pictures DATABASE`. The whole page is made, as its administrator is answered.
"""

import gc
import os
import sys
import time
from collections.abc import Callable

import django
import msgspec

from .bigfirm import FIRM
from .measure import Figure

TURNS = 5
GOAL = 3.0
"""Seconds for a picture of a firm of a million engagements."""


def main() -> list[Figure]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from ringfence.access import OPERATOR, execute
    from ringfence.core.commands.definitions import AddMember
    from ringfence.core.terms import Role
    from ringfence.firms.models import Member, User

    settings.ALLOWED_HOSTS = ["testserver"]
    execute(
        FIRM, AddMember(name="Looker", email="looker@bench.example", role=Role.ADMINISTRATOR), actor=OPERATOR
    )
    row = Member.objects.get(firm=FIRM, name="Looker")
    user = row.user or User.objects.create(email="looker@bench.example", name="Looker")
    Member.objects.filter(pk=row.pk).update(user=user)
    client = Client()
    client.force_login(user)

    def change() -> None:
        """Somebody comes, so that what was worked out for the state before has to be looked at anew."""
        execute(FIRM, AddMember(name="New"), actor=OPERATOR)

    def asked(route: str, *rest: int) -> Callable[[], None]:
        address = reverse(route, args=[FIRM, *rest])

        def ask() -> None:
            assert client.get(address).status_code == 200

        return ask

    return [
        Figure(f"the picture of {what}, processor", _cost(work, change), "s", GOAL)
        for what, work in (
            ("the firm", asked("firm-picture")),
            ("a member", asked("member-picture", 5)),
            ("a client", asked("client-picture", 7)),
        )
    ]


def _cost(work: Callable[[], None], change: Callable[[], None]) -> float:
    """Seconds of the processor; the worst of several, since the first is what somebody waits for."""
    taken = []
    for _turn in range(TURNS):
        change()
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return max(taken)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main()))
