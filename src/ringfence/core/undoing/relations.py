"""What undoes a change of delegations, defaults, walls and policies."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.statements import renumbered
from ringfence.core.terms import Thing

from . import facts as f
from .around import Around
from .why import CannotUndo, Why


def relations(around: Around) -> Iterator[w.Command]:
    for fact in around.facts:
        match fact:
            case f.Delegated():
                yield from _delegation(around, fact)
            case f.StartingGrants(member=member):
                grants = tuple(
                    w.GrantTo(to=around.renumbered.subject(grant.subject), level=grant.level)
                    for grant in around.before.defaults.get(member, ())
                )
                yield w.SetDefaults(grants=grants, member=member)
            case f.KeptApart(wall=wall):
                sides = around.before.walls.get(wall)
                if sides is not None and wall in around.renumbered.walls:
                    yield w.RaiseWall(name=around.name(Thing.WALL, wall), sides=sides)
                elif sides is not None:
                    yield w.ChangeWall(wall=wall, sides=sides)
            case f.PolicyOf():
                yield from _policy(around, fact)
            case _:
                pass


def _policy(around: Around, fact: f.PolicyOf) -> Iterator[w.Command]:
    was = around.before.policies.get(fact.policy)
    if was is None:
        yield w.RemovePolicy(policy=fact.policy)
        return
    again = around.renumbered
    said = tuple(renumbered(each, again.groups, again.services) for each in was.statements)
    words = around.words.before(Thing.POLICY, fact.policy)
    if fact.policy in again.policies:
        name = around.name(Thing.POLICY, fact.policy)
        yield w.SetPolicy(name=name, mode=was.mode, statements=said, text=words.get("text", ""))
    elif said != was.statements or fact.read(around.state) != fact.read(around.before):
        yield w.SetPolicy(policy=fact.policy, mode=was.mode, statements=said, text=words.get("text", ""))


def _delegation(around: Around, fact: f.Delegated) -> Iterator[w.Command]:
    was = fact.read(around.before)
    if was is None:
        yield w.RemoveDelegation(delegator=fact.delegator, delegate=fact.delegate)
        return
    if not was.counts(around.moment.now):
        raise CannotUndo(Why.EXPIRED)
    yield w.SetDelegation(
        delegator=fact.delegator,
        delegate=fact.delegate,
        cap=was.cap,
        expires=was.expires,
        cascades=was.cascades,
    )
