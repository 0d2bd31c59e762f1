"""Emergency access opened, ended, acknowledged: beside the holdings, so that nothing else is built on it."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.core.values import Emergency

from .patch import Patch, without


def emergency_opened(event: e.EmergencyOpened, state: State) -> Patch:
    made = Emergency(level=event.level, opened=event.at, expires=event.expires)
    return _moved(event.client, event.member, state, made, event.expires)


def emergency_ended(event: e.EmergencyEnded, state: State) -> Patch:
    stood = state.emergencies[event.client, event.member]
    left = None if stood.acknowledged else msgspec.structs.replace(stood, stands=False)
    return _moved(event.client, event.member, state, left, None)


def _moved(client: int, member: int, state: State, now: Emergency | None, expires: Instant | None) -> Patch:
    return Patch(
        emergencies=_with(state, (client, member), now),
        touched=frozenset({member}),
        doubtful=state.register.spread(BitMap([client])),
        expires=expires,
    )


def emergency_acknowledged(event: e.EmergencyAcknowledged, state: State) -> Patch:
    pair = (event.client, event.member)
    was = state.emergencies[pair]
    left = msgspec.structs.replace(was, acknowledged=True) if was.stands else None
    return Patch(emergencies=_with(state, pair, left))


def _with(state: State, pair: tuple[int, int], now: Emergency | None) -> dict[tuple[int, int], Emergency]:
    left = without(state.emergencies, pair)
    return left if now is None else {**left, pair: now}
