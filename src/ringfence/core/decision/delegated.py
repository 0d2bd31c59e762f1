"""Step 8 of rules.md 2 as sets: what a member's delegators reach, each hop under its own cap."""

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.core.terms import GIVING

from .evaluation import Evaluation
from .grants import combined, own_and_shared
from .reach import NO_REACH, Reach, united


def delegated(
    evaluation: Evaluation, member: int, *, passing_on: bool, circle: Mapping[int, Reach] | None = None
) -> Reach:
    """Step 8: what the member's delegators reach, capped; only what may go on where `passing_on`."""
    parts: tuple[list[BitMap], list[BitMap], list[BitMap]] = ([], [], [])
    for giver, cap, cascades in evaluation.delegators(member):
        if passing_on and not cascades:
            continue
        reach = circle[giver] if circle and giver in circle else passes(evaluation, giver)
        for level, part, found in zip(GIVING, parts, reach, strict=True):
            if cap >= level and found:
                part.append(found)
    return Reach(*(united(part) for part in parts)) if any(parts) else NO_REACH


def passes(evaluation: Evaluation, member: int) -> Reach:
    """What a delegator hands on: steps 2, 3 and 6-8.

    Delegations may run in circles, so everybody upstream is worked out together: from nothing, round
    after round, until nobody gains any more. Kept only when whole, since other threads may be reading.
    """
    found = evaluation.passed.get(member)
    if found is not None:
        return found
    circle = _worked_out(evaluation, _upstream(evaluation, member), {})
    evaluation.passed.update(circle)
    return circle[member]


def _worked_out(evaluation: Evaluation, members: list[int], known: Mapping[int, Reach]) -> dict[int, Reach]:
    """What these members hand on, from nothing, round after round; `known` is what others do."""
    bases = {number: _passing_base(evaluation, number) for number in members}
    circle = dict.fromkeys(bases, NO_REACH)
    changed = True
    while changed:
        changed = False
        for number, base in bases.items():
            if base is None:
                continue
            own, shared, stopped, walled = base
            handed = delegated(evaluation, number, passing_on=True, circle={**known, **circle})
            reach = combined(own, shared, handed, stopped, walled, evaluation.everything())
            if reach != circle[number]:
                circle[number] = reach
                # Whoever is alone gets nothing back.
                changed = len(bases) > 1
    return circle


def passes_without(evaluation: Evaluation, giver: int, member: int) -> Reach:
    """What the delegator would hand on if the member handed on nothing: what they do not have from them."""
    found = [giver]
    for number in found:
        for one, _, cascades in evaluation.delegators(number):
            if cascades and one not in found and one != member:
                found.append(one)
    links = [link for number in found for link in evaluation.delegators(number)]
    if not any(cascades and one == member for one, _, cascades in links):
        return passes(evaluation, giver)
    return _worked_out(evaluation, found, {member: NO_REACH})[giver]


def _passing_base(evaluation: Evaluation, member: int) -> tuple[Reach, Reach, BitMap, BitMap] | None:
    who = evaluation.state.members.get(member)
    if who is None or not who.works:
        return None
    return (*own_and_shared(evaluation, member), evaluation.walled(member))


def _upstream(evaluation: Evaluation, member: int) -> list[int]:
    """The member and all who reach them over cascading delegations, farthest first."""
    found = [member]
    for number in found:
        for giver, _, cascades in evaluation.delegators(number):
            if cascades and giver not in found and giver not in evaluation.passed:
                found.append(giver)
    return found[::-1]
