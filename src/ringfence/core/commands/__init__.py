"""Commands: the only way a firm changes (rules.md 6, 7). `carry_out` turns one into events or a refusal."""

from .carry import carried, carry_out
from .desk import Problem, Refused
from .words import Command, GrantTo, On, command_name

__all__ = ["Command", "GrantTo", "On", "Problem", "Refused", "carried", "carry_out", "command_name"]
