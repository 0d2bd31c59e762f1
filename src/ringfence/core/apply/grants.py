"""Grants set and removed, and clients that a group's grant on a service leaves out."""

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.terms import Level

from .filing import filed, left_out
from .patch import Patch


def grants_set(event: e.GrantsSet, state: State) -> Patch:
    return filed(state, event, event.level)


def grants_removed(event: e.GrantsRemoved, state: State) -> Patch:
    return filed(state, event, Level.NONE)


def clients_excluded(event: e.ClientsExcluded, state: State) -> Patch:
    return left_out(state, event, BitMap.__or__)


def clients_included(event: e.ClientsIncluded, state: State) -> Patch:
    return left_out(state, event, BitMap.__sub__)
