"""One practice that every engine is given, and the questions that each is asked. No engine is known here.

Members lie over groups, clients are granted to groups and to single members at all four levels, and a few
leads let others reach what they reach. Leads hold nothing of their own and belong to one group each that is
never blocked: what a delegation passes on is then the same in engines that cannot look at a delegator's own
grants on the way (each engine's page of this package says what it cannot).
"""

import random
from collections import defaultdict
from functools import cached_property
from typing import Literal, NamedTuple

from ringfence.core.terms import Level

SEED = 2026
EVERYONE = 1
Action = Literal["view", "edit"]
NEEDED: dict[Action, Level] = {"view": Level.READER, "edit": Level.EDITOR}
"""The least level that each action asks for."""
LEVELS = (Level.READER, Level.EDITOR, Level.EDITOR, Level.EDITOR, Level.OWNER)


class Question(NamedTuple):
    member: int
    client: int
    action: Action


class Delegated(NamedTuple):
    delegator: int
    delegate: int
    cap: Level
    """Reader or Owner: what is passed on at most."""


class Practice:
    """The facts. The same size gives the same practice.

    Members are numbered from 1, groups from 2 (1 is Everyone), clients from 1.
    """

    def __init__(self, *, times: int = 1) -> None:
        """`times`: how many times 20,000 clients and 90,000 relations."""
        chance = random.Random(SEED)
        self.times = times
        self.members, self.groups, self.clients = 200, 20, 20_000 * times
        self._leads = 20
        lead_groups = range(2, 6)
        self.group_of_lead = {lead: lead_groups[lead % 4] for lead in self.leads}
        self.places: list[tuple[int, int]] = [(group, lead) for lead, group in self.group_of_lead.items()]
        """Group and member."""
        for member in range(self._leads + 1, self.members + 1):
            self.places += [(group, member) for group in sorted(chance.sample(range(2, 22), 2))]
        self.team_grants: dict[tuple[int, int], Level] = {}
        """Group and client."""
        self.own_grants: dict[tuple[int, int], Level] = {}
        """Member and client."""
        for client in range(1, self.clients + 1):
            first, second = chance.sample(range(2, 22), 2)
            self.team_grants[first, client] = chance.choice(LEVELS)
            if chance.random() < 0.5:
                blocked = second not in lead_groups and chance.random() < 0.1
                self.team_grants[second, client] = Level.BLOCKED if blocked else chance.choice(LEVELS)
            for member in chance.sample(range(self._leads + 1, self.members + 1), 3):
                blocked = chance.random() < 0.05
                self.own_grants[member, client] = Level.BLOCKED if blocked else chance.choice(LEVELS)
        self.delegations = self._delegations(chance)

    def _delegations(self, chance: random.Random) -> list[Delegated]:
        """Each lead to two others and to the next lead, so that what the first one reaches goes on."""
        found = []
        for lead in self.leads:
            others = chance.sample(range(self._leads + 1, self.members + 1), 2)
            next_lead = [lead + 1] if lead % 5 else []
            found += [
                Delegated(lead, other, chance.choice((Level.READER, Level.OWNER)))
                for other in others + next_lead
            ]
        return found

    @property
    def leads(self) -> range:
        return range(1, self._leads + 1)

    @property
    def relations(self) -> int:
        """How many facts an engine is given, members and clients themselves apart."""
        return sum(map(len, (self.places, self.team_grants, self.own_grants, self.delegations)))

    @cached_property
    def groups_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for group, member in self.places:
            found[member].append(group)
        return found

    @cached_property
    def on_client(self) -> dict[int, tuple[dict[int, Level], dict[int, Level]]]:
        """What stands on each client: levels by member, and by group."""
        found: dict[int, tuple[dict[int, Level], dict[int, Level]]] = {
            client: ({}, {}) for client in range(1, self.clients + 1)
        }
        for (member, client), level in self.own_grants.items():
            found[client][0][member] = level
        for (group, client), level in self.team_grants.items():
            found[client][1][group] = level
        return found

    def passed_groups(self, member: int, action: Action) -> set[int]:
        """The groups of the leads whose reach comes to the member by delegations that allow the action.

        For engines that are handed what matters with each question.
        """
        found: set[int] = set()
        asked, waiting = {member}, [member]
        while waiting:
            delegate = waiting.pop()
            for delegation in self.delegations:
                lead = delegation.delegator
                if delegation.delegate == delegate and lead not in asked and delegation.cap >= NEEDED[action]:
                    asked.add(lead)
                    waiting.append(lead)
                    found.add(self.group_of_lead[lead])
        return found

    def questions(self, count: int) -> list[Question]:
        """Half of them where something stands for the member, so that refusals do not outweigh."""
        chance = random.Random(SEED + 1)
        named = list(self.own_grants)
        teams = list(self.team_grants)
        members_of = defaultdict(list)
        for group, member in self.places:
            members_of[group].append(member)
        found = []
        for number in range(count):
            action: Action = "view" if number % 2 else "edit"
            match number % 8:
                case 0 | 1:
                    member, client = chance.choice(named)
                case 2 | 3:
                    group, client = chance.choice(teams)
                    member = chance.choice(members_of[group])
                case _:
                    member, client = chance.randint(1, self.members), chance.randint(1, self.clients)
            found.append(Question(member, client, action))
        return found
