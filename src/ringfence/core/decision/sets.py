"""The ten steps of rules.md 2 for one member and all engagements at once, as sets.

Precedence: nothing for who is inactive or lacks `access`; nothing behind a wall; everything while control is
off or for unrestricted administrators; else own grants, engagement before client; else groups' and wide
grants with Blocked on top, or what others delegate if that is more; and where nothing has stopped it, what is
open.
"""

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject

from .delegated import delegated
from .evaluation import Evaluation
from .grants import combined, own_and_shared
from .reach import NO_REACH, Check, Granted, Reach, united

MANY = 64
"""Members from which on it is quicker to look at all grants first than at those of each."""
FEW = 300
"""Engagements up to which that is done: of more, most members have something."""


def granted(evaluation: Evaluation, member: int) -> Granted:
    """What the member is granted before step 9. Kept, once for all members who are alike in everything."""
    found = evaluation.granted.get(member)
    if found is None:
        same = alike(evaluation, member)
        if same is None:
            found = _granted(evaluation, member)
        elif (found := evaluation.alike.get(same)) is None:
            found = evaluation.alike[same] = _granted(evaluation, member)
        evaluation.granted[member] = found
    return found


def alike(evaluation: Evaluation, member: int) -> object:
    """What all is granted by, for a member who has nothing but their groups; None where more matters.

    So have most members of a firm, and many have the same ones. Through a lens, grants count for what is
    seen of them: most members have nothing on what a small one shows.
    """
    state, subject = evaluation.state, member_subject(member)
    if member in evaluation.known_empty_handed:
        return state.members.get(member), ()
    if evaluation.kept_from(member) or evaluation.delegators(member):
        return None
    if state.emergencies and evaluation.in_emergency(member):
        return None
    if evaluation.lens is None:
        if subject in state.holdings:
            return None
        groups = state.groups_of(member)
        holding = tuple(group for group in groups if group_subject(group) in state.holdings)
    else:
        if evaluation.has_any(subject):
            return None
        holding = tuple(group for group in evaluation.groups_of(member) if evaluation.of_group(group))
    return state.members.get(member), holding


def empty_handed_alike(evaluation: Evaluation, members: BitMap) -> list[BitMap]:
    """Of many members those who have nothing on what a lens shows: who are together are granted the same.

    None where few are asked about, or much is looked at.
    """
    look_ahead(evaluation, len(members))
    empty_handed = evaluation.known_empty_handed & members
    return [found for kind in evaluation.state.kinds.values() if (found := kind & empty_handed)]


def alike_by_groups(evaluation: Evaluation, members: BitMap) -> list[BitMap]:
    """The same of those who have nothing but what few groups hold: who are in the same of these, together."""
    look_ahead(evaluation, len(members))
    kinds = evaluation.state.kinds.values()
    known = [found for part in evaluation.known_alike if (found := part & members)]
    return [found for part in known for kind in kinds if (found := part & kind)]


def look_ahead(evaluation: Evaluation, members: int) -> None:
    """Look at all grants once, where so many members will be asked about through a lens onto little."""
    if evaluation.lens is not None and members >= MANY and len(evaluation.lens.engagements) <= FEW:
        evaluation.empty_handed()


def _granted(evaluation: Evaluation, member: int) -> Granted:
    state = evaluation.state
    who = state.members.get(member)
    if who is None or not who.works:
        return Granted(NO_REACH, EMPTY, False)
    walled = evaluation.walled(member)
    whole = evaluation.everything() - walled if walled else evaluation.everything()
    if not state.settings.control:
        return Granted(Reach(whole, whole, EMPTY), EMPTY, False)
    if who.administers and state.settings.administrators == "unrestricted":
        return Granted(Reach(whole, whole, whole), EMPTY, False)
    own, shared, stopped = own_and_shared(evaluation, member, emergency=True)
    handed = delegated(evaluation, member, passing_on=False)
    found = combined(own, shared, handed, stopped, walled, evaluation.everything())
    return Granted(found, stopped | walled if walled else stopped, True)


def authority(evaluation: Evaluation, member: int) -> Reach:
    """The member's authority levels (rules.md 5): steps 2, 3 and 5 to 7, as though control were on."""
    state = evaluation.state
    who = state.members.get(member)
    if who is None or not who.works:
        return NO_REACH
    walled, everything = evaluation.walled(member), evaluation.everything()
    unrestricted = state.settings.administrators == "unrestricted"
    if unrestricted and who.administers:
        whole = everything - walled if walled else everything
        return Reach(whole, whole, whole)
    own, shared, stopped = own_and_shared(evaluation, member)
    return combined(own, shared, NO_REACH, stopped, walled, everything)


def reach(evaluation: Evaluation, member: int) -> Reach:
    """Everything the member may see, change and own, open engagements included."""
    return with_open(evaluation, granted(evaluation, member))


def seen_among(evaluation: Evaluation, member: int, engagements: BitMap) -> BitMap:
    """Those of the engagements that the member sees: less work than their whole reach, of few."""
    given, stopped, opens = granted(evaluation, member)
    found = given.see & engagements
    if opens and (more := (opened(evaluation) & engagements) - stopped):
        found |= more
    return found


def with_open(evaluation: Evaluation, before: Granted) -> Reach:
    """What is granted before step 9, and what that step adds."""
    given, stopped, opens = before
    if not opens:
        return given
    found = opened(evaluation) - stopped
    if not found:
        return given
    level = evaluation.state.settings.unassigned_level
    see = given.see | found
    if level < Level.EDITOR:
        return Reach(see, given.edit, given.own)
    # Equal sets stay one set: most firms use a single level.
    edit = see if given.edit is given.see else given.edit | found
    return Reach(see, edit, given.own | found if level is Level.OWNER else given.own)


def check(evaluation: Evaluation, member: int, level: Level) -> Check:
    """What a check of the member at the level looks at. Kept: finding it would take most of a check."""
    given, stopped, opens = granted(evaluation, member)
    opens = opens and level <= evaluation.state.settings.unassigned_level
    known = evaluation.open_set
    if not opens or (known is not None and not known):
        found = Check(given[level - 1], None, stopped)
    else:
        found = Check(given[level - 1], known or Unopened(evaluation, member, level), stopped)
    evaluation.checks[level - 1][member] = found
    return found


class Unopened:
    """What step 9 opens, until a check asks for it: most are answered by what was granted.

    Working it out may take longer than the change before it, and a check that was granted needs none of it.
    """

    def __init__(self, evaluation: Evaluation, member: int, level: Level) -> None:
        self.evaluation, self.member, self.level = evaluation, member, level

    def __contains__(self, engagement: int) -> bool:
        found = opened(self.evaluation)
        # The next check of the member looks at the set itself.
        check(self.evaluation, self.member, self.level)
        return engagement in found


def opened(evaluation: Evaluation) -> BitMap:
    """The engagements that step 9 opens to whoever gets that far. Kept."""
    if evaluation.open_set is None:
        evaluation.open_set = _opened(evaluation)
    return evaluation.open_set


def _opened(evaluation: Evaluation) -> BitMap:
    state = evaluation.state
    if state.settings.unassigned_level is Level.NONE:
        return EMPTY
    closed = state.register.spread(state.register.confidential)
    return evaluation.seen(state.register.engagements - state.assigned - closed)


def open_to_all(evaluation: Evaluation) -> BitMap:
    """All while control is off; else what step 9 opens and no block on Everyone shuts (rules.md 6)."""
    if not evaluation.state.settings.control:
        return evaluation.everything()
    everyone = group_subject(EVERYONE)
    if everyone not in evaluation.state.holdings:
        return opened(evaluation)
    if evaluation.wide_level(everyone) is Level.BLOCKED:
        return EMPTY
    return opened(evaluation) - evaluation.compiled(everyone).blocked()


def given(evaluation: Evaluation, group: int) -> BitMap:
    """The engagements that the group's counting grants give its members; one block denies (step 7)."""
    subject = group_subject(group)
    wide = evaluation.wide_level(subject)
    found = evaluation.everything() if wide else united(evaluation.compiled(subject).standing())
    blocked = denied(evaluation, group)
    return found - blocked if blocked else found


def denied(evaluation: Evaluation, group: int) -> BitMap:
    """The engagements that the group's counting Blocked grants deny its members (step 7)."""
    subject = group_subject(group)
    if evaluation.wide_level(subject) is Level.BLOCKED:
        return evaluation.everything()
    return evaluation.compiled(subject).blocked()


def everybodys(evaluation: Evaluation) -> BitMap:
    """The engagements that are open to all (rules.md 6) or that Everyone was given.

    Blocks, walls and missing permissions keep single members out all the same.
    """
    return open_to_all(evaluation) | given(evaluation, EVERYONE)
