"""What gives grants and exclusions back, and takes those that were given."""

from collections.abc import Iterator

from pyroaring import BitMap

from ringfence.core.commands import definitions as w
from ringfence.core.terms import EVERYONE, Subject, Target, TargetKind
from ringfence.core.values import GrantTerms

from . import facts as f
from .around import Around
from .why import CannotUndo, Why


def grants(around: Around) -> Iterator[w.Command]:
    for fact in around.of(f.GrantsOf):
        made_again = fact.subject.kind == "group" and fact.subject.number in around.renumbered.groups
        group = fact.subject.number if fact.subject.kind == "group" and not made_again else EVERYONE
        if group not in around.state.groups or group not in around.before.groups:
            # Its grants come and go with it.
            continue
        yield from _given(around, fact, around.renumbered.subject(fact.subject), anew=made_again)
    for served in around.of(f.Served):
        yield from _grants_on(around, served)
    for left in around.of(f.LeftOut):
        group = around.renumbered.groups.get(left.group, left.group)
        was, is_now = left.read(around.before), left.read(around.state)
        if out := was - is_now:
            yield w.ExcludeClients(group=group, service=left.service, clients=out)
        if back := is_now - was:
            yield w.IncludeClients(group=group, service=left.service, clients=back)


def _given(around: Around, fact: f.GrantsOf, subject: Subject, *, anew: bool) -> Iterator[w.Command]:
    """The subject's grants on these targets as they were: what is alike in one command."""
    held = around.before.held_by(fact.subject)
    is_now = around.state.held_by(fact.subject)
    alike: dict[GrantTerms | None, list[int]] = {}
    for number in fact.targets:
        on = Target(fact.kind, number)
        was = held.grant_on(on)
        if anew and was is None:
            continue
        if anew or was != is_now.grant_on(on):
            alike.setdefault(was, []).append(number)
    for terms, numbers in alike.items():
        there = _there(around, fact.kind, numbers)
        if there:
            yield _set(around, subject, _on(fact.kind, there), terms)


def _there(around: Around, kind: TargetKind, numbers: list[int]) -> list[int]:
    register = around.state.register
    match kind:
        case "client":
            return [number for number in numbers if number in register.clients]
        case "engagement":
            return [number for number in numbers if number in register.engagements]
    return numbers


def _set(around: Around, subject: Subject, on: w.On, terms: GrantTerms | None) -> w.Command:
    if terms is None:
        return w.RemoveGrant(to=(subject,), on=on)
    if not terms.counts(around.moment.now):
        raise CannotUndo(Why.EXPIRED)
    return w.SetGrant(
        to=(subject,), on=on, level=terms.level, expires=terms.expires, fee_split=terms.fee_split
    )


def _grants_on(around: Around, fact: f.Served) -> Iterator[w.Command]:
    """The grants that went with an engagement, on the one that takes its place."""
    was = fact.read(around.before)
    if was is None or fact.read(around.state) is not None:
        return
    place = [each for each in around.of(f.Served) if around.back(each)].index(fact)
    number = around.state.register.next_engagement + place
    for subject, terms in was.items():
        yield _set(around, subject, w.On.engagement(number), terms)


def _on(kind: TargetKind, numbers: list[int]) -> w.On:
    match kind:
        case "engagement":
            return w.On(engagements=BitMap(numbers))
        case "client":
            return w.On(clients=BitMap(numbers))
        case "service":
            return w.On(services=frozenset(numbers))
    return w.On(all=True)
