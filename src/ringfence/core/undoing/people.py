"""What undoes a change of members, groups and their places."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing

from . import facts as f
from .around import Around


def people(around: Around) -> Iterator[w.Command]:
    for fact in around.of(f.Membership):
        was, is_now = fact.read(around.before), fact.read(around.state)
        if was is None:
            continue
        if was.active and not is_now.active:
            yield w.ReactivateMember(member=fact.member)
        if (was.role, was.access, was.manage_access) != (
            is_now.role,
            is_now.access,
            is_now.manage_access,
        ):
            yield w.ChangeMember(
                member=fact.member, role=was.role, access=was.access, manage_access=was.manage_access
            )


def groups_back(around: Around) -> Iterator[w.Command]:
    for number in around.renumbered.groups:
        members = frozenset(around.before.groups[number])
        external = around.words.before(Thing.GROUP, number).get("external", "")
        kept = number in around.before.kept
        name = around.name(Thing.GROUP, number)
        yield w.CreateGroup(name=name, external=external, members=members, directory=kept)
    for fact in around.of(f.KeptBy):
        kept = fact.read(around.before)
        if fact.group in around.before.groups and fact.group in around.state.groups:
            yield w.ChangeGroup(group=fact.group, directory=kept)


def places(around: Around) -> Iterator[w.Command]:
    for fact in around.of(f.Joined):
        was, is_now = fact.read(around.before), fact.read(around.state)
        if back := was - is_now:
            yield w.AddToGroup(group=fact.group, members=frozenset(back))
        if gone := is_now - was:
            yield w.RemoveFromGroup(group=fact.group, members=frozenset(gone))
