"""Every question a compiled firm answers, put to it and to the reference, for every member and engagement."""

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import authority_level, authority_on, decide
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import GIVING, Level


class Comparison:
    """Counts the decisions that it has compared."""

    def __init__(self) -> None:
        self.decisions = 0

    def hold(self, facts: Facts, moment: Moment) -> None:
        """Hold every answer of the moment against the reference on `facts`. Asserts, naming what differs."""
        seen = {member: reference.sees(facts, member, moment.now) for member in _members(facts)}
        for member, clients in seen.items():
            levels = self._decisions(facts, moment, member)
            _lists(moment, member, levels, clients)
            _authority(facts, moment, member)
        _clients(facts, moment, seen)
        _openness(facts, moment)

    def _decisions(self, facts: Facts, moment: Moment, member: int) -> dict[int, Level]:
        levels = {}
        for number in _engagements(facts):
            expected = reference.decide(facts, member, number, moment.now)
            pair = f"member {member}, engagement {number}"
            assert tuple(decide(moment, member, number)) == expected, pair
            levels[number], _ = expected
            self.decisions += 1
        return levels


def _members(facts: Facts) -> list[int]:
    """All members, and a number that is nobody's."""
    return [*facts.members, max(facts.members, default=0) + 1]


def _engagements(facts: Facts) -> range:
    """All engagements, the numbers of removed ones, and one that was never given."""
    return range(1, max(facts.engagements, default=0) + 2)


def _lists(moment: Moment, member: int, levels: dict[int, Level], seen: frozenset[int]) -> None:
    """A list is what the check says for each; a total is its length."""
    reach = moment.reach(member)
    for least, listed in zip(GIVING, reach, strict=True):
        expected = {number for number, level in levels.items() if level >= least}
        assert set(listed) == expected, f"list of member {member}, {least.word} and more"
    for number, level in levels.items():
        assert moment.level(member, number) is level, f"level of member {member}, engagement {number}"
        assert moment.can(member, number) is bool(level), f"check of member {member}, engagement {number}"
        for least in GIVING:
            pair = f"{least.word} of member {member}, engagement {number}"
            assert moment.check(least)(member, number) is (level >= least), f"check of {pair}"
    assert set(moment.clients(member)) == seen, f"clients of member {member}"
    assert moment.total(member) == len(seen), f"total of member {member}"


def _clients(facts: Facts, moment: Moment, seen: dict[int, frozenset[int]]) -> None:
    """Who sees a client is who has it in their list, at the level that each has on the whole."""
    for client in (*facts.clients, max(facts.clients, default=0) + 1):
        levels = {
            member: reference.client_level(facts, member, client, moment.now) for member in facts.members
        }
        expected = {member: level for member, level in levels.items() if client in seen[member]}
        assert moment.who(client) == expected, f"who sees client {client}"
        for member in facts.members:
            pair = f"member {member}, client {client}"
            assert moment.sees(member, client) is (member in expected), pair
            assert moment.client_level(member, client) is levels[member], pair


def _authority(facts: Facts, moment: Moment, member: int) -> None:
    for number in _engagements(facts):
        expected = reference.authority_level(facts, member, number, moment.now)
        assert authority_level(moment, member, number) is expected, f"authority: {member}, {number}"
    for client in facts.clients:
        expected = reference.client_authority_level(facts, member, client, moment.now)
        assert authority_on(moment, member, client) is expected, f"authority: {member}, client {client}"


def _openness(facts: Facts, moment: Moment) -> None:
    expected = {number for number in _engagements(facts) if reference.open_to_all(facts, number, moment.now)}
    assert set(moment.open_to_all) == expected, "open to all"
    assigned = {number for number in facts.engagements if _is_there(facts, number)} & {
        number for number in facts.engagements if reference.assigned(facts, number)
    }
    assert set(moment.state.assigned) == assigned, "assigned"


def _is_there(facts: Facts, engagement: int) -> bool:
    return facts.clients[facts.engagements[engagement].client].removed_at is None
