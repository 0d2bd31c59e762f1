"""An access review of 100,000 grants, in processor time of this process: opened, read and decided, closed.

Every member is Owner of some clients and has access to others; each reviews what others have on theirs.
"""

import sys
import time
from collections.abc import Callable

import msgspec
from pyroaring import BitMap

from .granted import granted_firm
from .measure import Figure, set_up_django

EACH = 50
"""Grants of each of two levels that each member has."""


def main() -> None:
    set_up_django()
    from django.test import Client, override_settings

    from ringfence.access import OPERATOR, Actor, execute, firm_state
    from ringfence.access.reviews.asking import items_of, shares
    from ringfence.core.commands.definitions import (
        CloseReview,
        Command,
        DecideReview,
        ReviewItems,
        StartReview,
    )
    from ringfence.core.review_values import ReviewScope
    from ringfence.core.terms import Instant, Level
    from ringfence.firms.models import Member

    firm = granted_firm("Reviews", [Level.OWNER, Level.EDITOR], EACH)

    def done(command: Command, actor: Actor) -> float:
        return _taken(lambda: execute(firm, command, actor=actor))

    due = Instant(firm_state(firm).now + 30 * 86_400_000_000)
    start = StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due, undecided="remove")
    opened = done(start, Actor(1))
    user = Member.objects.get(firm=firm, number=1).user
    assert user is not None
    client = Client(headers={"Host": "localhost"})
    client.force_login(user)
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        address = f"/firms/{firm}/reviews/1"
        assert client.get(address).status_code == 200
        page = min(_taken(lambda: client.get(address)) for _ in range(5))
    reviewer = max(shares(firm_state(firm), 1).items(), key=lambda share: len(share[1]))[0]
    mine = items_of(firm_state(firm), 1, 2)
    items = ReviewItems(numbers=BitMap(list(mine)[:20]))
    kept = done(DecideReview(review=1, items=items, decision="keep"), Actor(2))
    counted = _taken(lambda: shares(firm_state(firm), 1))
    closed = done(CloseReview(review=1), OPERATOR)
    figures = [
        Figure("A review of 100,000 grants opened", opened, "s", 10),
        Figure("A reviewer's page", page * 1000, "ms", 150),
        Figure("Twenty kept", kept * 1000, "ms"),
        Figure(f"Everybody's share counted (most: member {reviewer})", counted * 1000, "ms"),
        Figure("Closed, what nobody decided removed", closed, "s"),
    ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _taken(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
