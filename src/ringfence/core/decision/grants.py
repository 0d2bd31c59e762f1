"""Steps 6 and 7 of rules.md 2 as sets, and how they combine with what is delegated and walled off."""

from pyroaring import BitMap

from ringfence.core.state.compiled import CompiledGrants
from ringfence.core.state.holding import NO_LEVELS
from ringfence.core.terms import Level, member_subject

from .evaluation import Evaluation
from .reach import Reach, cumulative, united


def own_and_shared(
    evaluation: Evaluation, member: int, *, emergency: bool = False
) -> tuple[Reach, Reach, BitMap]:
    """Step 6, step 7 before its blocks, and where the two of them stop every later step.

    Emergency access counts where it is asked for: nothing is delegated or commanded by it (rules.md 10).
    """
    mine = evaluation.compiled(member_subject(member))
    direct = list(mine.clients)
    if mine.engagements is not NO_LEVELS:
        nearer = united([found for found in mine.engagements if found])
        direct = [
            united([found for found in (near, far - nearer if nearer else far) if found])
            for near, far in zip(mine.engagements, mine.clients, strict=True)
        ]
    any_direct = united([found for found in direct if found])
    opened = evaluation.in_emergency(member) if emergency and evaluation.state.emergencies else {}
    sets: list[list[BitMap]] = [[], [], [], []]
    if mine.services is not NO_LEVELS:
        CompiledGrants(services=mine.services).gather(sets)
    whole = evaluation.everything()
    if wide := evaluation.wide_level(member_subject(member)):
        sets[wide - 1].append(whole)
    for group in evaluation.state.groups_of(member):
        for place, found in evaluation.of_group(group):
            sets[place].append(found)
    blocked = united(sets[Level.BLOCKED - 1], whole)
    for level, found in opened.items():
        # Any other grant of their own is nearer, and a block by step 7 ends its effect.
        more = found - any_direct - blocked
        direct[level - 1] = direct[level - 1] | more
        any_direct = any_direct | more
    stopped = united([found for found in (any_direct, blocked) if found])
    return cumulative(direct), cumulative([united(found, whole) for found in sets]), stopped


def _one_level(
    direct: BitMap, group: BitMap, passed: BitMap, stopped: BitMap, walled: BitMap, whole: BitMap
) -> BitMap:
    rest = united([found for found in (group, passed) if found], whole)
    # What is direct comes back at once: where nothing else stops, it need not be taken out.
    if rest and stopped and stopped is not direct:
        rest = rest - stopped
    found = united([found for found in (direct, rest) if found], whole)
    return found - walled if walled and found else found


def combined(
    own: Reach, shared: Reach, delegated: Reach, stopped: BitMap, walled: BitMap, whole: BitMap
) -> Reach:
    """Steps 3 and 6-8: own grants, else the more of the groups' and the delegated, behind the walls."""
    parts: list[BitMap] = []
    same: tuple[BitMap, ...] = ()
    for given in zip(own, shared, delegated, strict=True):
        # One set for several levels, as where there is but one level, is worked on once.
        if not same or any(one is not other for one, other in zip(given, same, strict=True)):
            parts.append(_one_level(*given, stopped, walled, whole))
        else:
            parts.append(parts[-1])
        same = given
    see, edit, seen_own = parts
    # Sharing equal sets keeps a member at one bitmap in firms that use a single level; who sees all has none.
    if len(see) == len(whole):
        see = whole
    if len(edit) == len(see):
        edit = see
    if len(seen_own) == len(edit):
        seen_own = edit
    return Reach(see, edit, seen_own)
