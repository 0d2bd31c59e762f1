"""`token.*`: what lets the firm's other software in on a member's behalf (rules.md 5, 7).

Who may make one for whom is `authority/tokens.py`'s matter; where its text is made, `access.tokens`'.
"""

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.authority.tokens import refused_making
from ringfence.core.refusals import Problem, invalid, missing, need
from ringfence.core.terms import Capability, Thing
from ringfence.core.texts import TOKEN_NAME, clean, clean_addresses

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts

DIGEST = 32
"""Bytes of a SHA-256."""


def add_token(context: Context, command: w.AddToken) -> EventsAndTexts:
    member = context.actor if command.member is None else command.member
    need(refused_making(context.judged(), member, command.scopes))
    if member is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    if not context.need_member(member).active:
        invalid(Problem.TOKEN_OF_NOBODY, "member")
    name = clean(command.name, "token", most=TOKEN_NAME)
    if not command.scopes:
        invalid(Problem.NOTHING_NAMED, "scopes")
    if len(command.digest) != DIGEST:
        invalid(Problem.DIGEST_MALFORMED, "digest")
    context.need_future(command.expires)
    addresses = clean_addresses(command.addresses, "addresses")
    context.free_name(Thing.TOKEN, name, "token")
    number = context.state.numbers.token + 1
    added = e.TokenAdded(
        token=number,
        member=member,
        scopes=command.scopes,
        digest=command.digest,
        expires=command.expires,
    )
    fields = {"name": name, "beginning": command.beginning, "addresses": " ".join(addresses)}
    words = {field: text for field, text in fields.items() if text}
    return [added], [e.Text(thing=Thing.TOKEN, number=number, fields=words)]


def revoke_token(context: Context, command: w.RevokeToken) -> list[e.Event]:
    """Also by the member whom it acts for."""
    token = context.state.tokens.get(command.token)
    if token is None or token.member != context.actor:
        if not may(context.judged().state, context.actor, Capability.READ_CONTROL):
            missing(Problem.UNKNOWN_TOKEN, "token")
        context.need_administrator()
    if token is None:
        missing(Problem.UNKNOWN_TOKEN, "token")
    return [e.TokenRevoked(token=command.token, member=token.member)]


def revoked_of(context: Context, member: int) -> list[e.Event]:
    """A member's tokens end with them (rules.md 5)."""
    return [
        e.TokenRevoked(token=number, member=member)
        for number, token in sorted(context.state.tokens.items())
        if token.member == member
    ]
