"""Commands: the only way a firm changes (rules.md 6, 7). `carry_out` turns one into events or a refusal.

What each says is in `definitions`, how it is read in `parsing`, which function carries it out in `dispatch`.
What a new one takes, also outside, is in CONTRIBUTING.md.
"""

from ringfence.core.refusals import Problem, Refused

from .definitions import Command, GrantTo, On, command_name
from .dispatch import carry_out

__all__ = ["Command", "GrantTo", "On", "Problem", "Refused", "carry_out", "command_name"]
