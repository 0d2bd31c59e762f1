"""What takes away again that an entry made: tokens, requests, groups, members, clients."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w

from . import facts as f
from .around import Around
from .why import Left


def tokens(around: Around) -> Iterator[w.Command]:
    """One that was made is revoked; one that was revoked stays so."""
    for fact in around.of(f.TokenHeld):
        if fact.read(around.state) is not None:
            yield w.RevokeToken(token=fact.token)
        elif fact.read(around.before) is not None:
            around.left.add(Left.TOKENS)


def gone(around: Around) -> Iterator[w.Command]:
    for fact in around.facts:
        if isinstance(fact, f.RequestOf):
            yield from _request(around, fact)
            continue
        was, is_now = fact.read(around.before), fact.read(around.state)
        match fact:
            case f.KeptApart(wall=wall) if was is None and is_now is not None:
                yield w.LowerWall(wall=wall)
            case f.Places(group=group) if was is None and is_now is not None:
                yield w.DeleteGroup(group=group)
            case f.Provided():
                yield from (w.RemoveEngagement(engagement=number) for number in is_now - was)
            case f.Present():
                if is_now - was:
                    around.left.add(Left.RESTORABLE)
                yield from (w.RemoveClient(client=client) for client in is_now - was)
            case f.Marked(client=client) if was != is_now:
                yield w.ChangeClient(client=client, confidential=was)
            case f.Membership(member=member) if was is None or (is_now.active and not was.active):
                if was is None:
                    around.left.add(Left.MEMBER_STAYS)
                yield w.DeactivateMember(member=member)
            case f.InCatalogue(service=service) if is_now and not was:
                yield w.RemoveService(service=service)
            case _:
                pass


def emergencies(around: Around) -> Iterator[w.Command]:
    """What was opened is ended, and stays listed; what ended, nobody can open for its member again."""
    for fact in around.of(f.InEmergency):
        if fact.read(around.state):
            around.left.add(Left.EMERGENCY_LISTED)
            yield w.EndEmergency(client=fact.client, member=fact.member)
        elif fact.read(around.before):
            around.left.add(Left.EMERGENCY_ENDED)


def _request(around: Around, fact: f.RequestOf) -> Iterator[w.Command]:
    """An open request can be declined; one that is closed, nobody else can open again."""
    if fact.read(around.before) is not None and fact.read(around.state) is None:
        around.left.add(Left.REQUESTS)
    elif fact.read(around.state) is not None:
        yield w.DeclineRequest(client=fact.client, member=fact.member)
