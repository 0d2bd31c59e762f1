"""The mark of what a preview was of: the same for the same commands, another for any other."""

from __future__ import annotations

from pyroaring import BitMap

from ringfence.core.commands.definitions import AddClient, ClientRow, CreateGroup, ExcludeClients, On
from ringfence.web.previews.agreed import mark_of


def test_commands_that_say_the_same_have_one_mark() -> None:
    one = CreateGroup(name="North", members=frozenset({64, 8, 1}), on=On.engagement(9, 4))
    other = CreateGroup(name="North", members=frozenset({1, 8, 64}), on=On.engagement(4, 9))
    assert mark_of(one) == mark_of(other)


def test_other_members_targets_or_references_have_another_mark() -> None:
    marks = {
        mark_of(CreateGroup(name="North", members=frozenset({1}), on=On.engagement(4))),
        mark_of(CreateGroup(name="North", members=frozenset({2}), on=On.engagement(4))),
        mark_of(CreateGroup(name="North", members=frozenset({1}), on=On.engagement(5))),
        mark_of(CreateGroup(name="North", members=frozenset({1}), on=On.client(4))),
        mark_of(CreateGroup(name="North", on=On(services=frozenset({2}), excluded={2: BitMap([1])}))),
        mark_of(CreateGroup(name="North", on=On(services=frozenset({2}), excluded={2: BitMap([3])}))),
        mark_of(ExcludeClients(group=2, service=2, clients=BitMap([1]))),
        mark_of(ExcludeClients(group=2, service=2, clients=BitMap([2]))),
        mark_of(AddClient(client=ClientRow(name="Acme", services={2: "GB 1"}))),
        mark_of(AddClient(client=ClientRow(name="Acme", services={3: "GB 1"}))),
        mark_of(AddClient(client=ClientRow(name="Acme", services={2: "GB 2"}))),
    }
    assert len(marks) == 11
