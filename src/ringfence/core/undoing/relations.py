"""What undoes a change of delegations, defaults and walls."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
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
            case _:
                pass


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
