"""The policies that a firm keeps: their names and texts, which hold, and since when those that do not."""

from collections.abc import Iterable

import msgspec

from ringfence.access.firm_now import FirmNow
from ringfence.access.sql import rows_of
from ringfence.core.directory import unique_key
from ringfence.core.policies.standing import hold
from ringfence.core.statements import Policy
from ringfence.core.terms import Instant


class KeptPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy of the firm as it stands."""

    number: int
    name: str
    policy: Policy
    holds: bool
    broken_since: Instant | None
    """Since when it is known not to hold; None where it does, or where nobody has looked yet."""
    text: str
    """The file that it came from, without the spaces around; "" for none."""


PolicyWords = dict[int, tuple[str, str]]
"""By number, the name of a policy and the text that it came as, "" for none."""


def policy_words(firm: int) -> PolicyWords:
    """The words of all policies of the firm, in the order of their names."""
    asked = "SELECT number, name, text FROM firms_policy WHERE firm_id = %s ORDER BY name_key"
    return {number: (name, text) for number, name, text in rows_of(asked, firm)}


def broken_policies(firm_now: FirmNow, among: Iterable[int] | None = None) -> frozenset[int]:
    """The policies that do not hold now, all statements of all of them looked at together."""
    policies = firm_now.policies
    wanted = list(policies) if among is None else [number for number in among if number in policies]
    owners = [number for number in wanted for _statement in policies[number].statements]
    statements = [each for number in wanted for each in policies[number].statements]
    found = hold(firm_now.moment, statements)
    return frozenset(owner for owner, holds in zip(owners, found, strict=True) if not holds)


def kept_policies(firm_now: FirmNow) -> list[KeptPolicy]:
    """All policies of the firm by name, with what becomes of them now."""
    rows = rows_of(
        "SELECT policy.number, policy.name, policy.text, breach.since FROM firms_policy policy"
        " LEFT JOIN firms_policybreach breach"
        " ON breach.firm_id = policy.firm_id AND breach.policy = policy.number"
        " WHERE policy.firm_id = %s ORDER BY policy.name_key",
        firm_now.firm,
    )
    wrong = broken_policies(firm_now)
    return [
        KeptPolicy(
            number=number,
            name=name,
            policy=firm_now.policies[number],
            holds=number not in wrong,
            broken_since=Instant(since) if number in wrong and since is not None else None,
            text=text,
        )
        for number, name, text, since in rows
        if number in firm_now.policies
    ]


def broken_since(firm: int) -> dict[int, Instant]:
    """Since when each broken policy is known to be so."""
    rows = rows_of("SELECT policy, since FROM firms_policybreach WHERE firm_id = %s", firm)
    return {number: Instant(since) for number, since in rows}


def policy_named(firm: int, name: str) -> int:
    """The number of the firm's policy of that name, 0 for none."""
    key = unique_key(name)
    found = policy_words(firm).items()
    return next((number for number, (known, _text) in found if unique_key(known) == key), 0)
