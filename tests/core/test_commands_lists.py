"""Several commands as one change: names and guards at its end, rights at its start (rules.md 9, lists)."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core.commands import definitions as w
from ringfence.core.commands.lists import ListRefused, OneChange
from ringfence.core.decision.moment import at
from ringfence.core.events import Text
from ringfence.core.refusals import Problem
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import EVERYONE, Level, Role, Subject, Thing, group_subject
from ringfence.core.values import Member
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    BOOTS_GENERAL,
    NOW,
    acme,
    ada,
    ben,
    grant,
    on_engagement,
    small_firm,
    team,
)
from tests.core.random_commands import RandomCommands
from tests.core.random_firms import Chance, directory_of, firm, hold

BOTH_WAYS = pytest.mark.parametrize("turned", [False, True], ids=["as written", "the other way round"])


def carried(
    facts: Facts,
    commands: Sequence[w.Command],
    actor: int | None = None,
    directory: MemoryDirectory | None = None,
) -> Facts:
    """The facts after a list of commands; raises `ListRefused`."""
    before = directory or directory_of(facts)
    said = directory or directory_of(facts)
    whole = OneChange(at(state_of(facts), NOW), said, actor=actor)
    for command in commands:
        whole.carry_out(command)
    whole.finish(before)
    return facts_of(whole.after)


def problem(facts: Facts, commands: Sequence[w.Command], actor: int | None = None) -> tuple[Problem, int]:
    with pytest.raises(ListRefused) as refused:
        carried(facts, commands, actor)
    return refused.value.refused.problem, refused.value.place


def ordered(commands: Sequence[w.Command], turned: bool) -> list[w.Command]:
    return list(reversed(commands)) if turned else list(commands)


def level(subject: Subject, client: int, given: Level, split: int | None = None) -> w.SetGrant:
    return w.SetGrant(to=(subject,), on=w.On.client(client), level=given, fee_split=split)


# Guards at the end


@BOTH_WAYS
def test_fee_splits_are_added_up_at_the_end(turned: bool) -> None:
    facts = small_firm(
        replace(grant(ada, acme, Level.OWNER), fee_split=10_000),
        replace(grant(ben, acme, Level.OWNER), fee_split=0),
    )
    shared = [level(ada, ACME, Level.OWNER, 6_000), level(ben, ACME, Level.OWNER, 4_000)]
    after = carried(facts, ordered(shared, turned))
    assert {one.subject: one.fee_split for one in after.grants} == {ada: 6_000, ben: 4_000}


@BOTH_WAYS
def test_fee_splits_that_come_to_more_than_the_whole_are_refused(turned: bool) -> None:
    facts = small_firm()
    much = [level(ada, ACME, Level.OWNER, 6_000), level(ben, ACME, Level.OWNER, 4_001)]
    assert problem(facts, ordered(much, turned)) == (Problem.FEE_SPLIT_SUM, 1)


@BOTH_WAYS
def test_the_last_owner_is_looked_for_at_the_end(turned: bool) -> None:
    facts = small_firm(grant(ada, acme, Level.OWNER), grant(ben, acme, Level.READER), owner_required=True)
    exchanged = [level(ada, ACME, Level.READER), level(ben, ACME, Level.OWNER)]
    after = carried(facts, ordered(exchanged, turned))
    assert {one.subject: one.level for one in after.grants} == {ada: Level.READER, ben: Level.OWNER}


def test_a_list_that_ends_without_an_owner_is_refused_where_it_took_the_last() -> None:
    facts = small_firm(grant(ada, acme, Level.OWNER), owner_required=True)
    commands = [level(ada, ACME, Level.READER), level(ben, BOOTS, Level.READER)]
    assert problem(facts, commands) == (Problem.LAST_OWNER, 0)


@BOTH_WAYS
def test_the_last_administrator_is_looked_for_at_the_end(turned: bool) -> None:
    facts = small_firm(members={ADA: Member(role=Role.ADMINISTRATOR), BEN: Member()})
    exchanged = [
        w.ChangeMember(member=ADA, role=Role.STANDARD),
        w.ChangeMember(member=BEN, role=Role.ADMINISTRATOR),
    ]
    after = carried(facts, ordered(exchanged, turned))
    assert after.members[BEN].administers
    assert problem(facts, exchanged[:1]) == (Problem.LAST_ADMINISTRATOR, 0)


# Names at the end


@BOTH_WAYS
def test_two_clients_exchange_their_references(turned: bool) -> None:
    facts, directory = referenced()
    swap = [w.ChangeClient(client=ACME, reference="B"), w.ChangeClient(client=BOOTS, reference="A")]
    carried(facts, ordered(swap, turned), directory=directory)


@BOTH_WAYS
def test_two_engagements_exchange_their_tax_references(turned: bool) -> None:
    facts, directory = referenced()
    swap = [
        w.ChangeEngagement(engagement=ACME_GENERAL, reference="T-B"),
        w.ChangeEngagement(engagement=BOOTS_GENERAL, reference="T-A"),
    ]
    carried(facts, ordered(swap, turned), directory=directory)


@BOTH_WAYS
def test_one_reference_for_two_clients_is_refused_at_the_later(turned: bool) -> None:
    facts, _ = referenced()
    same = [w.ChangeClient(client=ACME, reference="C"), w.ChangeClient(client=BOOTS, reference="c")]
    assert problem(facts, ordered(same, turned)) == (Problem.REFERENCE_IN_USE, 1)


def test_a_reference_that_its_holder_keeps_is_refused() -> None:
    facts, directory = referenced()
    with pytest.raises(ListRefused) as refused:
        carried(facts, [w.ChangeClient(client=ACME, reference="b")], directory=directory)
    assert refused.value.refused.problem is Problem.REFERENCE_IN_USE


def test_a_new_client_takes_what_another_gives_up_later() -> None:
    facts, directory = referenced()
    commands: list[w.Command] = [
        w.ImportClients(rows=(w.ClientRow(name="New", reference="A"), w.ClientRow(name="Newer"))),
        w.ChangeClient(client=ACME, reference="Z"),
    ]
    carried(facts, commands, directory=directory)


def test_a_refusal_names_the_row_of_the_import() -> None:
    facts, directory = referenced()
    rows = (w.ClientRow(name="New"), w.ClientRow(name="Newer", services={1: "t a"}))
    with pytest.raises(ListRefused) as refused:
        carried(facts, [w.ImportClients(rows=rows)], directory=directory)
    assert (refused.value.place, refused.value.refused.row) == (0, 1)
    assert refused.value.refused.problem is Problem.TAX_REFERENCE_IN_USE


# Rights at the start


@BOTH_WAYS
def test_nobody_uses_a_right_that_the_list_gives_them(turned: bool) -> None:
    facts = small_firm(members={ADA: Member(role=Role.ADMINISTRATOR), BEN: Member(manage_access=True)})
    commands: list[w.Command] = [
        w.ChangeMember(member=BEN, role=Role.ADMINISTRATOR),
        level(ben, ACME, Level.OWNER),
    ]
    assert problem(facts, ordered(commands, turned), BEN)[0] is Problem.ONLY_ADMINISTRATORS


def test_a_right_that_the_list_takes_away_counts_to_its_end() -> None:
    members = {ADA: Member(role=Role.ADMINISTRATOR), BEN: Member(role=Role.ADMINISTRATOR)}
    commands: list[w.Command] = [w.ChangeMember(member=BEN, role=Role.STANDARD), w.CreateGroup(name="New")]
    after = carried(small_firm(members=members), commands, BEN)
    assert len(after.groups) == len(small_firm().groups) + 1


def test_on_what_the_list_adds_rights_are_those_of_a_moment_after() -> None:
    facts = small_firm(creator_owns=True, sharing="owners")
    new = max(facts.clients) + 1
    commands: list[w.Command] = [
        w.AddClient(client=w.ClientRow(name="New")),
        level(ben, new, Level.EDITOR),
        level(ada, new, Level.READER),
        level(group_subject(EVERYONE), new, Level.READER),
    ]
    after = carried(facts, commands, ADA)
    assert {one.subject for one in after.grants if one.target.number == new} == {
        ada,
        ben,
        group_subject(EVERYONE),
    }


@BOTH_WAYS
def test_what_an_editor_opens_is_judged_at_the_end(turned: bool) -> None:
    facts = small_firm(
        grant(ada, acme, Level.EDITOR), grant(ben, acme, Level.READER), sharing="anyone_with_access"
    )
    commands = [w.RemoveGrant(to=(who,), on=w.On.client(ACME)) for who in (ada, ben)]
    assert problem(facts, ordered(commands, turned), ADA)[0] is Problem.OPENS_TO_ALL


@BOTH_WAYS
def test_what_a_sharer_does_to_their_own_grants_is_judged_at_the_end(turned: bool) -> None:
    facts = small_firm(
        grant(ada, acme, Level.READER),
        grant(ada, on_engagement(ACME_GENERAL), Level.READER),
        grant(ada, on_engagement(ACME_VAT), Level.READER),
        grant(team, acme, Level.OWNER),
        sharing="anyone_with_access",
    )
    commands = [
        w.RemoveGrant(to=(ada,), on=w.On.client(ACME)),
        w.RemoveGrant(to=(ada,), on=w.On(engagements=BitMap([ACME_GENERAL]))),
    ]
    assert problem(facts, ordered(commands, turned), ADA)[0] is Problem.OWN_GRANT


def referenced() -> tuple[Facts, MemoryDirectory]:
    """Acme and Boots, with client references A and B and tax references T-A and T-B."""
    facts = small_firm()
    directory = directory_of(facts)
    for thing, number, reference in (
        (Thing.CLIENT, ACME, "A"),
        (Thing.CLIENT, BOOTS, "B"),
        (Thing.ENGAGEMENT, ACME_GENERAL, "T-A"),
        (Thing.ENGAGEMENT, BOOTS_GENERAL, "T-B"),
    ):
        directory.take([Text(thing=thing, number=number, fields={"reference": reference})])
    return facts, directory


# In any order


def test_the_order_of_a_list_of_grants_makes_no_difference() -> None:
    done = 0

    def holds(chance: Chance) -> None:
        nonlocal done
        given = firm(chance, inaccessible="named")
        facts = given.facts
        commands = _grants(chance, facts)
        actor = None if chance.odds(0.3) else RandomCommands(chance, facts).member()
        results: list[Facts | str] = []
        for turned in (False, True):
            try:
                results.append(carried(facts, ordered(commands, turned), actor, given.directory))
            except ListRefused as refused:
                results.append(refused.refused.refusal)
        assert isinstance(results[0], Facts) is isinstance(results[1], Facts), (commands, actor, results)
        if isinstance(results[0], Facts):
            done += 1
            assert results[0] == results[1], (commands, actor)

    hold(holds, 800)
    assert done > 80


def _grants(chance: Chance, facts: Facts) -> list[w.SetGrant]:
    """Grants to different subjects, as a list of access states them."""
    random = RandomCommands(chance, facts)
    found: dict[Subject, w.SetGrant] = {}
    for _ in range(3):
        command = random.command(w.SetGrant)
        assert isinstance(command, w.SetGrant)
        for subject in command.to:
            found[subject] = replace(command, to=(subject,))
    return list(found.values())
