"""What turning control on or off moves for members, as far as that shows without all that each of them sees.

While control is off, whoever may use client records sees all that no wall keeps from them, as Editor. So the
turning off takes nothing from anybody, the turning on gives nothing, and of whom nothing was given at another
level, nothing moves to another one. That anything opens or closes to somebody, or moves to another level,
shows in a few engagements, for nearly everybody. Whoever it does not show of is compared in full.
"""

from collections.abc import Sequence
from functools import cached_property

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.reach import Granted, Reach
from ringfence.core.decision.sets import alike, granted, reach, with_open
from ringfence.core.state.compiled import Mask
from ringfence.core.terms import Level, member_subject

from .moved import MovedClass, Room
from .places import ClientPlaces

RUNS, RUN = 4, 256
"""So many runs of neighbours, of so many engagements each, are looked at first."""


def turns_control(events: Sequence[e.Event]) -> bool:
    """Whether the events do nothing but turn control on or off."""
    return all(isinstance(event, e.ControlTurned) for event in events)


class Turned:
    """Two evaluations of a whole firm that differ in nothing but whether control is on."""

    def __init__(self, was: Evaluation, will: Evaluation, places: ClientPlaces) -> None:
        self._was, self._will, self._places, self._room = was, will, places, Room()
        on = self._on = was if was.state.settings.control else will
        self._gains = on is was
        self._few = Evaluation(on.state, on.since, on.until, Mask(_some(on.state.register.engagements)))
        self._classes: dict[object, MovedClass | None] = {}

    def of(self, member: int) -> MovedClass | None:
        """What moves for the member, which is something; None where it must be looked at in full."""
        same = alike(self._on, member)
        if same is None:
            return self._of(member)
        if same not in self._classes:
            self._classes[same] = self._of(member)
        return self._classes[same]

    def _of(self, member: int) -> MovedClass | None:
        who, few = self._on.state.members.get(member), self._few
        if who is None or not who.works:
            return None
        see, edit, own = reach(few, member)
        walled = few.walled(member)
        few.granted.pop(member, None)
        if len(see) + len(walled) == len(few.everything()):
            return None
        shifts = len(edit) < len(see) or bool(own)
        if not shifts and not self._edits_alone(member):
            return None
        return _MovedByTurning(
            self._was, self._will, member, self._places, self._room, gains=self._gains, shifts=shifts
        )

    def _edits_alone(self, member: int) -> bool:
        """Whether all that the member sees while control is on, they see as Editor."""
        on, state = self._on, self._on.state
        if on.delegators(member) or on.in_emergency(member):
            return False
        levels = {Level(place + 1) for place, _ in on.gathered(member_subject(member))}
        for group in state.groups_of(member):
            levels.update(Level(place + 1) for place, _ in on.of_group(group))
        levels.add(state.settings.unassigned_level)
        return levels <= {Level.NONE, Level.EDITOR, Level.BLOCKED}


def _some(engagements: BitMap) -> BitMap:
    step = max(1, len(engagements) // RUNS)
    return BitMap.union(*(engagements[start : start + RUN] for start in range(0, step * RUNS, step)))


class _MovedByTurning(MovedClass):
    """A class of whom is known whether anything moves; what that is, is not worked out until asked."""

    def __init__(
        self,
        was: Evaluation,
        will: Evaluation,
        member: int,
        places: ClientPlaces,
        room: Room,
        *,
        gains: bool,
        shifts: bool,
    ) -> None:
        self._was, self._will, self._member, self._room = was, will, member, room
        self._places = places
        self._whole = None
        self.gains_any, self.loses_any, self.shifts_any = gains, not gains, shifts

    @cached_property
    def _granted(self) -> tuple[Granted, Granted]:
        return granted(self._was, self._member), granted(self._will, self._member)

    def _reaches(self) -> tuple[Reach, Reach]:
        before, after = self._granted
        return with_open(self._was, before), with_open(self._will, after)
