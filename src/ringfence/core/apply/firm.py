"""The firm itself: made, switched, set; its walls; and what is told of it but changes nothing."""

import msgspec

from ringfence.core import events as e
from ringfence.core.settings import DECIDING, replaced
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import Numbers, State
from ringfence.core.terms import EVERYONE, GENERAL
from ringfence.core.values import Wall

from .patch import NOTHING, Patch, without


def firm_created(event: e.FirmCreated, state: State) -> Patch:
    return Patch(
        settings=event.settings,
        was_on=event.settings.control,
        groups={EVERYONE: EMPTY},
        services=frozenset({GENERAL}),
        numbers=Numbers(group=EVERYONE, service=GENERAL),
        touched=None,
        doubtful=None,
    )


def control_turned(event: e.ControlTurned, state: State) -> Patch:
    settings = msgspec.structs.replace(state.settings, control=event.on)
    return Patch(settings=settings, was_on=state.was_on or event.on, touched=None, opening=True)


def settings_changed(event: e.SettingsChanged, state: State) -> Patch:
    settings = replaced(state.settings, event.values)
    if DECIDING.isdisjoint(event.values):
        return Patch(settings=settings)
    return Patch(settings=settings, touched=None, opening=True)


def wall_set(event: e.WallSet, state: State) -> Patch:
    numbers = msgspec.structs.replace(state.numbers, wall=max(state.numbers.wall, event.wall))
    stood = state.walls.get(event.wall)
    known = {} if stood is None else stood.acknowledged
    wall = Wall(
        sides=event.sides,
        starts=event.starts,
        ends=event.ends,
        acknowledged={member: at for member, at in known.items() if member not in event.anew},
    )
    times = tuple(time for time in (event.starts, event.ends) if time is not None)
    return Patch(walls={**state.walls, event.wall: wall}, numbers=numbers, touched=None, times=times)


def wall_lowered(event: e.WallLowered, state: State) -> Patch:
    return Patch(walls=without(state.walls, event.wall), touched=None)


def wall_acknowledged(event: e.WallAcknowledged, state: State) -> Patch:
    wall = state.walls[event.wall]
    known = {**wall.acknowledged, event.member: event.at}
    return Patch(walls={**state.walls, event.wall: msgspec.structs.replace(wall, acknowledged=known)})


def only_told(
    event: e.Described | e.RecordOpened | e.ExportTaken | e.UserSeated | e.EntryUndone | e.ByToken,
    state: State,
) -> Patch:
    """What is told of the firm and changes nobody's access."""
    return NOTHING
