"""Which settings decide who sees what: a change of any other one leaves every level as it is."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.settings import DECIDING, Settings
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from tests.core.firms import NOW, firm_settings, firms
from tests.core.random_examples import name_the_seed, random_examples


def levels(facts: Facts) -> dict[tuple[int, int], object]:
    """The specification's answer by member and engagement."""
    return {
        (member, number): specification.decide(facts, member, number, NOW)
        for member in facts.members
        for number in facts.engagements
    }


@random_examples(60)
@given(facts=firms(), wanted=firm_settings)
def test_settings_that_decide_nothing_change_nobodys_access(facts: Facts, wanted: Settings) -> None:
    name_the_seed()
    values = {name: getattr(wanted, name) for name in Settings.__struct_fields__ if name not in DECIDING}
    assert levels(replace(facts, settings=replace(facts.settings, **values))) == levels(facts)


@random_examples(60)
@given(facts=firms(), wanted=firm_settings, names=st.sets(st.sampled_from(Settings.__struct_fields__)))
def test_after_a_setting_is_another_everybody_sees_what_the_specification_says(
    facts: Facts, wanted: Settings, names: set[str]
) -> None:
    name_the_seed()
    state = state_of(facts)
    for member in facts.members:
        at(state, NOW).reach(member)
    event = e.SettingsChanged(values={name: getattr(wanted, name) for name in names - {"control", "profile"}})
    after = apply(state, event)
    expected, now = levels(facts_of(after)), at(after, NOW)
    assert {pair: now.level(*pair) for pair in expected} == {
        pair: decided[0]  # type: ignore[index]
        for pair, decided in expected.items()
    }
    moved = difference(state, after, [event], NOW)
    if expected == levels(facts):
        assert moved.empty
