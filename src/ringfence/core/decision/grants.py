"""Steps 6 and 7 of rules.md 2 as sets, and how they combine with what is delegated and walled off."""

from pyroaring import BitMap

from ringfence.core.state.compiled import CompiledGrants
from ringfence.core.state.holding import EMPTY, NO_LEVELS
from ringfence.core.terms import Level, member_subject

from .evaluation import Evaluation
from .reach import Reach, cumulative, joined, united


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
            joined(near, far - nearer if nearer else far)
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
    for group in evaluation.groups_of(member):
        for place, found in evaluation.of_group(group):
            sets[place].append(found)
    blocked = united(sets[Level.BLOCKED - 1], whole)
    for level, found in opened.items():
        # Any other grant of their own is nearer, and a block by step 7 ends its effect.
        more = found - any_direct - blocked
        direct[level - 1] = direct[level - 1] | more
        any_direct = any_direct | more
    shared = cumulative([united(found, whole) if found else EMPTY for found in sets])
    return cumulative(direct), shared, joined(any_direct, blocked)


def _one_level(
    direct: BitMap, group: BitMap, passed: BitMap, stopped: BitMap, walled: BitMap, whole: BitMap
) -> BitMap:
    rest = joined(group, passed, whole)
    # What is direct comes back at once: where nothing else stops, it need not be taken out.
    if rest and stopped and stopped is not direct:
        rest = rest - stopped
    found = joined(direct, rest, whole)
    return found - walled if walled and found else found


def combined(
    own: Reach, shared: Reach, delegated: Reach, stopped: BitMap, walled: BitMap, whole: BitMap
) -> Reach:
    """Steps 3 and 6-8: own grants, else the more of the groups' and the delegated, behind the walls."""
    see = _one_level(own.see, shared.see, delegated.see, stopped, walled, whole)
    # One set for several levels, as where there is but one level, is worked on once.
    if own.edit is own.see and shared.edit is shared.see and delegated.edit is delegated.see:
        edit = see
    else:
        edit = _one_level(own.edit, shared.edit, delegated.edit, stopped, walled, whole)
    if own.own is own.edit and shared.own is shared.edit and delegated.own is delegated.edit:
        seen_own = edit
    else:
        seen_own = _one_level(own.own, shared.own, delegated.own, stopped, walled, whole)
    # Sharing equal sets keeps a member at one bitmap in firms that use a single level; who sees all has none.
    if len(see) == len(whole):
        see = whole
    if len(edit) == len(see):
        edit = see
    if len(seen_own) == len(edit):
        seen_own = edit
    return Reach(see, edit, seen_own)
