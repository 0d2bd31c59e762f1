"""The firm's own policies: set and removed. They decide nothing, so that nobody's access changes."""

import msgspec

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.statements import Policy

from .patch import Patch, without


def policy_set(event: e.PolicySet, state: State) -> Patch:
    numbers = msgspec.structs.replace(state.numbers, policy=max(state.numbers.policy, event.policy))
    stood = state.policies.get(event.policy)
    policy = Policy(
        mode=event.mode,
        statements=tuple(event.statements),
        version=stood.version + 1 if stood is not None else 1,
    )
    return Patch(policies={**state.policies, event.policy: policy}, numbers=numbers)


def policy_removed(event: e.PolicyRemoved, state: State) -> Patch:
    return Patch(policies=without(state.policies, event.policy))
