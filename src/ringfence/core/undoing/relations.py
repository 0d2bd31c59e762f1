"""What undoes a change of delegations, defaults, walls and policies."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.statements import renumbered
from ringfence.core.terms import Thing
from ringfence.core.values import Wall

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
                if (stood := around.before.walls.get(wall)) is not None:
                    yield _wall(around, wall, stood)
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


def _wall(around: Around, number: int, stood: Wall) -> w.Command:
    """The wall as it was; raised anew where it is gone. Nothing brings one back that would be over by now."""
    if stood.over(around.moment.now):
        raise CannotUndo(Why.EXPIRED)
    reason = around.words.before(Thing.WALL, number).get("reason", "")
    if number not in around.renumbered.walls:
        return w.ChangeWall(
            wall=number, sides=stood.sides, starts=stood.starts, ends=stood.ends, reason=reason
        )
    return w.RaiseWall(
        name=around.name(Thing.WALL, number),
        sides=stood.sides,
        starts=stood.starts,
        ends=stood.ends,
        reason=reason,
    )


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
