"""What a change would break of the firm's own policies, and how that is said to who may know of them.

Policies are told of by name to who reads the control side, to nobody else (rules.md 5, 10).
"""

from collections.abc import Iterable, Mapping

import msgspec

from ringfence.core.authority.capability import may
from ringfence.core.refusals import Refused
from ringfence.core.state.state import State
from ringfence.core.statements import Policy
from ringfence.core.terms import Capability

from .kept import policy_words


class BrokenPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that a change would break."""

    number: int
    name: str
    refuses: bool


def broken_named(
    firm: int, policies: Mapping[int, Policy], numbers: Iterable[int]
) -> tuple[BrokenPolicy, ...]:
    """Those of the firm's policies that have these numbers, by name; no question for none."""
    wanted = {number for number in numbers if number in policies}
    if not wanted:
        return ()
    return tuple(
        BrokenPolicy(number=number, name=name, refuses=policies[number].mode == "refuse")
        for number, (name, _text) in policy_words(firm).items()
        if number in wanted
    )


def name_policies(refused: Refused, firm: int, state: State, member: int | None) -> None:
    """Put the names of the policies that a refusal is about into it, for who may be told them."""
    if refused.policies and may(state, member, Capability.READ_CONTROL):
        refused.names = tuple(each.name for each in broken_named(firm, state.policies, refused.policies))
