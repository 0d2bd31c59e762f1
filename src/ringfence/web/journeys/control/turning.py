"""Turning control on or off, whoever else does so at the same instant."""

from __future__ import annotations

from ringfence.access import Refused, execute
from ringfence.core.commands.definitions import TurnOff, TurnOn
from ringfence.core.refusals import Refusal
from ringfence.web.shell.visit import Visit


def turn(visit: Visit, command: TurnOn | TurnOff) -> None:
    """Do it; that somebody else has done it is no refusal. Raises `Refused`."""
    try:
        execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            raise
