"""What a policy was before: every version of it with its words, from the ledger (rules.md 6).

For who may read the ledger; whoever asks sees to that. Words that were erased are empty.
"""

from collections.abc import Iterator

import msgspec

from ringfence.access.actor import Actor
from ringfence.access.ledger.entries import Entry, entries_by_command
from ringfence.access.undoing import COMMAND as UNDO
from ringfence.core.events import NOTED, PolicyNoted, PolicyRemoved, PolicySet
from ringfence.core.statements import Policy
from ringfence.core.terms import Instant, Thing

COMMANDS = ("policy.set", "policy.remove", UNDO)


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A policy from one entry of the ledger on; `policy` is None where that one removed it."""

    version: int
    """From 1, as often as it was set, renamed or removed."""
    entry: int
    at: Instant
    actor: Actor
    reason: str
    name: str
    text: str
    policy: Policy | None


def policies_ever(firm: int, until: int) -> set[int]:
    """The numbers of all policies that were set up to and with the entry `until`."""
    return {
        each.policy
        for entry in entries_by_command(firm, *COMMANDS, until=until)
        for each in entry.events
        if isinstance(each, PolicySet)
    }


def policies_noted(firm: int, after: int, until: int) -> Iterator[tuple[Entry, PolicyNoted]]:
    """When policies were found broken or to hold again, in entries above `after` up to `until`."""
    for entry in entries_by_command(firm, NOTED[PolicyNoted], after=after, until=until):
        for event in entry.events:
            if isinstance(event, PolicyNoted):
                yield entry, event


def policy_versions(firm: int, number: int) -> list[PolicyVersion]:
    """All versions of the policy, oldest first; none for a number that never was one."""
    found: list[PolicyVersion] = []
    for entry in entries_by_command(firm, *COMMANDS, texts=True):
        policy = found[-1].policy if found else None
        set_here = [each for each in entry.events if isinstance(each, PolicySet) and each.policy == number]
        gone = any(isinstance(each, PolicyRemoved) and each.policy == number for each in entry.events)
        fields = _words(entry, number)
        if not (set_here or gone or fields):
            continue
        if set_here:
            policy = Policy(mode=set_here[-1].mode, statements=tuple(set_here[-1].statements))
        found.append(
            PolicyVersion(
                version=len(found) + 1,
                entry=entry.number,
                at=entry.at,
                actor=entry.actor,
                reason=entry.reason,
                name=fields.get("name", found[-1].name if found else ""),
                text=fields.get("text", found[-1].text if found else ""),
                policy=None if gone and not set_here else policy,
            )
        )
    return found


def _words(entry: Entry, number: int) -> dict[str, str]:
    """What the entry says of the policy in words: name, text."""
    found: dict[str, str] = {}
    for words in entry.texts:
        if words.thing is Thing.POLICY and words.number == number:
            found |= words.fields or {}
    return found
