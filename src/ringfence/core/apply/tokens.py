"""What other software comes with: tokens, and names of its own. They touch nobody's reach."""

import msgspec

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.values import Token

from .patch import Patch, without


def token_added(event: e.TokenAdded, state: State) -> Patch:
    made = Token(member=event.member, scopes=event.scopes, digest=event.digest, expires=event.expires)
    numbers = msgspec.structs.replace(state.numbers, token=max(state.numbers.token, event.token))
    return Patch(tokens={**state.tokens, event.token: made}, numbers=numbers)


def token_revoked(event: e.TokenRevoked, state: State) -> Patch:
    return Patch(tokens=without(state.tokens, event.token))


def names_set(event: e.NamesSet, state: State) -> Patch:
    return Patch(names=event.names)
