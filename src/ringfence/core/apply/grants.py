"""Grants set and removed, and clients that a group's grant on a service leaves out."""

from typing import TYPE_CHECKING

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.terms import Level, Target

from .dispatch import step_of
from .filing import filed, left_out
from .patch import Step

if TYPE_CHECKING:
    from ringfence.core.state.state import State


@step_of.register(e.GrantsSet)
def _(event: e.GrantsSet, state: "State") -> Step:
    step = filed(state, event, event.level)
    held = step.parts["holdings"][event.subject]
    if event.expires is not None:
        times = {Target(event.kind, number): event.expires for number in event.targets}
        held = msgspec.structs.replace(held, expires={**held.expires, **times})
    if event.fee_split is not None:
        splits = dict.fromkeys(event.targets, event.fee_split)
        held = msgspec.structs.replace(held, fee_splits={**held.fee_splits, **splits})
    step.parts["holdings"][event.subject] = held
    return msgspec.structs.replace(step, expires=event.expires)


@step_of.register(e.GrantsRemoved)
def _(event: e.GrantsRemoved, state: "State") -> Step:
    return filed(state, event, Level.NONE)


@step_of.register(e.ClientsExcluded)
def _(event: e.ClientsExcluded, state: "State") -> Step:
    return left_out(state, event, BitMap.__or__)


@step_of.register(e.ClientsIncluded)
def _(event: e.ClientsIncluded, state: "State") -> Step:
    return left_out(state, event, BitMap.__sub__)
