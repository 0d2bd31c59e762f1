"""The firm itself: made, switched, set; its walls; and what is told of it but changes nothing."""

from typing import TYPE_CHECKING

import msgspec

from ringfence.core import events as e
from ringfence.core.settings import replaced
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import Numbers
from ringfence.core.terms import EVERYONE, GENERAL

from .dispatch import step_of
from .patch import NOTHING, Step, without

if TYPE_CHECKING:
    from ringfence.core.state.state import State


@step_of.register(e.FirmCreated)
def _(event: e.FirmCreated, state: "State") -> Step:
    parts = {
        "settings": event.settings,
        "was_on": event.settings.control,
        "groups": {EVERYONE: EMPTY},
        "services": frozenset({GENERAL}),
        "numbers": Numbers(group=EVERYONE, service=GENERAL),
    }
    return Step(parts=parts, touched=None, doubtful=None)


@step_of.register(e.ControlTurned)
def _(event: e.ControlTurned, state: "State") -> Step:
    settings = msgspec.structs.replace(state.settings, control=event.on)
    return Step(parts={"settings": settings, "was_on": state.was_on or event.on}, touched=None, opening=True)


@step_of.register(e.SettingsChanged)
def _(event: e.SettingsChanged, state: "State") -> Step:
    return Step(parts={"settings": replaced(state.settings, event.values)}, touched=None, opening=True)


@step_of.register(e.WallSet)
def _(event: e.WallSet, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, wall=max(state.numbers.wall, event.wall))
    walls = {**state.walls, event.wall: event.sides}
    return Step(parts={"walls": walls, "numbers": numbers}, touched=None)


@step_of.register(e.WallLowered)
def _(event: e.WallLowered, state: "State") -> Step:
    return Step(parts={"walls": without(state.walls, event.wall)}, touched=None)


@step_of.register(e.Described)
@step_of.register(e.RecordOpened)
@step_of.register(e.ExportTaken)
def _(event: e.Described | e.RecordOpened | e.ExportTaken, state: "State") -> Step:
    return NOTHING
