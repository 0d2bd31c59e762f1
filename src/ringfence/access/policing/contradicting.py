"""What a refused statement contradicts, in words, for who sets a policy without a file (the API)."""

from __future__ import annotations

from msgspec import UNSET

from ringfence.access.firm_now import FirmNow
from ringfence.core.commands.definitions import SetPolicy
from ringfence.core.policies.contradictions import contradictions
from ringfence.core.statements import Policy

from .kept import policy_words
from .naming import PolicyNames
from .sentences import said


def contradicted(firm_now: FirmNow, member: int | None, command: SetPolicy, row: int) -> dict[str, str | int]:
    """The values of `PF.CONTRADICTS` for the statement `row` (from 0) of the command.

    Empty where the firm has moved on and nothing contradicts it any more.
    """
    number, policies = command.policy, firm_now.policies
    statements = command.statements
    if statements is UNSET:
        statements = policies[number].statements if number in policies else ()
    asked = {**policies, number: Policy(mode="warn", statements=statements)}
    clash = next((each for each in contradictions(firm_now.moment, asked, of=number) if each[0] == row), None)
    if clash is None:
        return {}
    names = {each: name for each, (name, _text) in policy_words(firm_now.firm).items()}
    if command.name is not UNSET:
        names[number] = command.name
    other = asked[clash.other_policy].statements[clash.other_statement]
    return {
        "number": clash.other_statement + 1,
        "policy": names.get(clash.other_policy, ""),
        "why": said(other, PolicyNames(firm_now, member)),
    }
