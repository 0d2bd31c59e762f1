"""Until when a member keeps a level on a client, held against the specification asked at every instant."""

from hypothesis import given

from ringfence.core.decision.lasting import lasts_until
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import FOREVER, GIVING, Instant, Level
from tests.core.firms import NOW, firms
from tests.core.random_examples import name_the_seed, random_examples


def instants(facts: Facts) -> list[Instant]:
    """The present, and every later instant at which anything at all ends."""
    ends = [each.expires for each in facts.grants] + [each.expires for each in facts.delegations.values()]
    ends += [time for wall in facts.walls.values() for time in (wall.starts, wall.ends)]
    ends += [opened.expires for opened in facts.emergencies.values() if opened.stands]
    return [NOW, *sorted({end for end in ends if end is not None and end > NOW})]


def whole_level(facts: Facts, member: int, client: int, now: Instant) -> Level:
    parts = specification.engagements_of(facts, client)
    return min(specification.decide(facts, member, part, now)[0] for part in parts)


@random_examples(150)
@given(facts=firms())
def test_a_member_keeps_a_level_until_the_first_instant_at_which_the_specification_says_less(
    facts: Facts,
) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    for member in facts.members:
        for client, kept in facts.clients.items():
            if kept.removed_at is not None:
                continue
            told = {now: whole_level(facts, member, client, now) for now in instants(facts)}
            for level in GIVING:
                expected = next((now for now, has in told.items() if has < level), FOREVER)
                assert lasts_until(moment, member, client, level) == expected
