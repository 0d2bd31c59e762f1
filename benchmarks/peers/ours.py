"""Ringfence itself: the state in this process, asked as its decision service asks it."""

from collections.abc import Sequence

import msgspec

from ringfence.core.decision.moment import Moment, at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.settings import PROFILES
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.terms import Instant, Target, group_subject, member_subject
from ringfence.core.values import Delegation, Member

from .practice import EVERYONE, NEEDED, Practice, Question

NOW = Instant(1_767_225_600_000_000)
NAME = "Ringfence, in process"
CANNOT = ""


def moment_of(practice: Practice) -> Moment:
    """The practice as a state. Each client has one engagement, which has the client's number."""
    everybody = range(1, practice.members + 1)
    groups: dict[int, set[int]] = {EVERYONE: set(everybody)}
    for group, member in practice.places:
        groups.setdefault(group, set()).add(member)
    own = [(member_subject(member), client, level) for (member, client), level in practice.own_grants.items()]
    teams = [(group_subject(group), client, level) for (group, client), level in practice.team_grants.items()]
    facts = Facts(
        settings=msgspec.structs.replace(PROFILES["practice"], control=True),
        was_on=True,
        members={number: Member() for number in everybody},
        groups={number: frozenset(members) for number, members in groups.items()},
        services=frozenset({1}),
        clients={number: Client() for number in range(1, practice.clients + 1)},
        engagements={
            number: Engagement(client=number, service=1) for number in range(1, practice.clients + 1)
        },
        grants=frozenset(
            Grant(subject=subject, target=Target("client", client), level=level)
            for subject, client, level in own + teams
        ),
        delegations={(one.delegator, one.delegate): Delegation(cap=one.cap) for one in practice.delegations},
        walls={},
        requests={},
        defaults={},
    )
    return at(state_of(facts), NOW)


class Ours:
    """What `practice` says, decided by the core."""

    name = NAME
    cannot = CANNOT

    def __init__(self, practice: Practice) -> None:
        self.moment = moment_of(practice)

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        checks = {action: self.moment.check(level) for action, level in NEEDED.items()}
        return [checks[action](member, client) for member, client, action in questions]
