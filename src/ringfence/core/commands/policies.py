"""`policy.set` and `policy.remove`: the firm's own policies (rules.md 7, 10).

Whether one holds, and what a change would break, is decided in `core/policies/`.
"""

from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.policies.contradictions import contradictions
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, invalid, missing
from ringfence.core.statements import (
    AtLeast,
    AtMostLevel,
    CheckIs,
    MemberSees,
    OpenTo,
    Policy,
    Statement,
    named,
)
from ringfence.core.terms import Capability, Level, Thing
from ringfence.core.texts import POLICY_NAME, POLICY_TEXT, clean, clean_lines

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts, text_changes

MOST = 1_000
"""Policies of one firm."""
MOST_STATEMENTS = 200
"""Statements of one policy."""


def set_policy(context: Context, command: w.SetPolicy) -> EventsAndTexts:
    said = () if command.statements is UNSET else command.statements
    for client in sorted(named(said).clients):
        context.need_client(client, "statements")
    stood = _policy(context, command.policy) if command.policy else None
    context.need_administrator()
    _need_there(context, said)
    fields = _fields(command, new=stood is None)
    if command.statements is not UNSET or stood is None:
        _need_sayable(said)
    if stood is None and len(context.state.policies) >= MOST:
        invalid(Problem.TOO_MANY, "policy", limit=MOST)
    policy = _as_set(context, command, stood)
    number = command.policy or context.state.numbers.policy + 1
    _need_no_contradiction(context, number, policy)
    if "name" in fields:
        context.free_name(Thing.POLICY, fields["name"], "name", mine=command.policy or None)
    event = e.PolicySet(policy=number, mode=policy.mode, statements=list(policy.statements))
    if stood is None:
        words = {field: text for field, text in fields.items() if text}
        return [event], [e.Text(thing=Thing.POLICY, number=number, fields=words)]
    events, texts = text_changes(context, Thing.POLICY, number, fields)
    if (policy.mode, policy.statements) != (stood.mode, stood.statements):
        events = [event, *events]
    if not events:
        conflict()
    return events, texts


def remove_policy(context: Context, command: w.RemovePolicy) -> list[e.Event]:
    _policy(context, command.policy)
    context.need_administrator()
    return [e.PolicyRemoved(policy=command.policy)]


def _policy(context: Context, number: int) -> Policy:
    """The policy that stands. They are told of to those who read the control side, to nobody else."""
    if not may(context.judged().state, context.actor, Capability.READ_CONTROL):
        missing(Problem.UNKNOWN_POLICY, "policy")
    context.need_administrator()
    policy = context.state.policies.get(number)
    return policy if policy is not None else missing(Problem.UNKNOWN_POLICY, "policy")


def _need_there(context: Context, statements: tuple[Statement, ...]) -> None:
    meant = named(statements)
    for member in sorted(meant.members):
        context.need_member(member, "statements")
    for group in sorted(meant.groups):
        context.need_group(group, "statements")
    for service in sorted(meant.services):
        context.need_service(service, "statements")


def _fields(command: w.SetPolicy, *, new: bool) -> dict[str, str]:
    """The words that are stated; a text that came without its statements, or they without it, is none."""
    fields: dict[str, str] = {}
    if command.name is not UNSET or new:
        fields["name"] = clean("" if command.name is UNSET else command.name, "name", most=POLICY_NAME)
    if command.text is not UNSET:
        fields["text"] = clean_lines(command.text, "text", most=POLICY_TEXT)
    elif command.statements is not UNSET and not new:
        fields["text"] = ""
    return fields


def _as_set(context: Context, command: w.SetPolicy, stood: Policy | None) -> Policy:
    mode, statements = command.mode, command.statements
    if mode is UNSET:
        mode = context.settings.policy_mode if stood is None else stood.mode
    if statements is UNSET:
        statements = () if stood is None else stood.statements
    return Policy(mode=mode, statements=statements)


def _need_sayable(statements: tuple[Statement, ...]) -> None:
    """Refuses what says nothing: no statement, nobody meant, or what every firm keeps."""
    if not statements:
        invalid(Problem.NOTHING_NAMED, "statements")
    if len(statements) > MOST_STATEMENTS:
        invalid(Problem.TOO_MANY, "statements", limit=MOST_STATEMENTS)
    for each in statements:
        if _empty(each):
            invalid(Problem.EMPTY_STATEMENT, "statements")


def _empty(statement: Statement) -> bool:
    match statement:
        case CheckIs():
            return statement.level is Level.BLOCKED
        case MemberSees() | OpenTo():
            return False
        case AtLeast(number=0):
            return True
        case AtMostLevel(level=level) if level not in {Level.NONE, Level.READER, Level.EDITOR}:
            return True
    clients, members = statement.clients, getattr(statement, "members", None)
    if not (clients.clients or clients.services or clients.confidential or clients.all):
        return True
    return members is not None and not (
        members.members or members.groups or members.roles or members.everyone
    )


def _need_no_contradiction(context: Context, number: int, policy: Policy) -> None:
    found = contradictions(context.moment, {**context.state.policies, number: policy}, of=number)
    if found:
        refused = Refused(Refusal.INVALID, Problem.POLICY_CONTRADICTS, "statements", row=found[0].statement)
        refused.policies.update(each.other_policy for each in found)
        raise refused
