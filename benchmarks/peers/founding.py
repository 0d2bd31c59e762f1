"""The practice as a firm in an empty database: `python -m benchmarks.peers.founding DATABASE TIMES`.

Through the same door as any other change, in a process of its own; prints the token of its software.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator

from pyroaring import BitMap

from benchmarks.measure import set_up_django
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, Scope, Subject, group_subject, member_subject
from tests.support.databases import migrate

from .practice import Practice

BEFORE = 1
"""Members of the firm before the practice's own: who founded it."""
AT_ONCE = 20_000
"""Clients in one import."""


def email(member: int) -> str:
    """The address of a member of the practice."""
    return f"m{member}@example.org"


def reference(client: int) -> str:
    """The reference of a client of the practice."""
    return f"C-{client}"


def commands(practice: Practice) -> Iterator[w.Command]:
    """What makes the practice, in a firm that was just founded."""
    for member in range(1, practice.members + 1):
        yield w.AddMember(name=f"Member {member}", email=email(member))
    members_of: dict[int, set[int]] = defaultdict(set)
    for group, member in practice.places:
        members_of[group].add(member + BEFORE)
    for group in sorted(members_of):
        yield w.CreateGroup(name=f"Team {group}", members=frozenset(members_of[group]))
    for first in range(1, practice.clients + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, practice.clients + 1))
        yield w.ImportClients(
            rows=tuple(w.ClientRow(name=f"Client {each}", reference=reference(each)) for each in numbers)
        )
    for (subject, level), clients in sorted(_grants(practice).items()):
        yield w.SetGrant(to=(subject,), on=w.On(clients=clients), level=level)
    for delegator, delegate, cap in practice.delegations:
        yield w.SetDelegation(delegator=delegator + BEFORE, delegate=delegate + BEFORE, cap=cap)


def _grants(practice: Practice) -> dict[tuple[Subject, Level], BitMap]:
    found: dict[tuple[Subject, Level], BitMap] = defaultdict(BitMap)
    for (member, client), level in practice.own_grants.items():
        found[member_subject(member + BEFORE), level].add(client)
    for (group, client), level in practice.team_grants.items():
        found[group_subject(group), level].add(client)
    return found


def main(url: str, times: int) -> None:
    migrate(url)
    set_up_django()
    from ringfence.access import OPERATOR, Actor, execute
    from ringfence.access.founding import create_firm
    from ringfence.access.tokens import make_token

    firm, founder = create_firm("Peers & Partners", "practice", admin_email="founder@example.org")
    for command in commands(Practice(times=times)):
        execute(firm, command, actor=OPERATOR)
    made = make_token(firm, actor=Actor(founder), name="Benchmark", scopes=Scope.DECIDE | Scope.SEARCH)
    sys.stdout.write(made.text)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
