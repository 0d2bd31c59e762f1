"""A policy file against the firm: which policies it adds and changes, and what stands against that.

All of a file is one change: kept whole, or not at all.
"""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from ringfence.access.actor import Actor
from ringfence.access.batches.rehearse import Batch, Rehearsal, rehearse
from ringfence.access.batches.save import save
from ringfence.access.firm_now import FirmNow
from ringfence.core.commands.definitions import SetPolicy
from ringfence.core.commands.lists import ListRefused
from ringfence.core.directory import unique_key
from ringfence.core.policies.contradictions import contradictions
from ringfence.core.statements import Policy

from .faults import PF, FaultyPolicies, FilePlace, PolicyFault
from .kept import PolicyWords, policy_words
from .naming import PolicyNames
from .reading import ReadPolicy, read_policies
from .sentences import said

COMMAND = "policy.set"


class PlannedPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """One policy of a file, against the firm."""

    read: ReadPolicy
    policy: Policy
    """As it would stand."""
    number: int
    """Of the firm's policy of that name; 0 for a new one."""
    command: SetPolicy | None
    """None where the firm has it so already."""


class PlannedPolicies(msgspec.Struct, frozen=True, kw_only=True):
    """All of a file against the firm at `version`."""

    policies: tuple[PlannedPolicy, ...]
    version: int

    @property
    def batches(self) -> list[Batch]:
        """What keeps them: one entry of the ledger, none where nothing is to be done."""
        commands = tuple(each.command for each in self.policies if each.command is not None)
        return [Batch(COMMAND, commands)] if commands else []


def plan_policies(text: str, firm_now: FirmNow, member: int | None, *, of: int = 0) -> PlannedPolicies:
    """The policies of a text that the member (None: the operator) gives, against the firm.

    `of` is the policy that the text is a change of: where it holds one policy alone, of a name that no other
    bears, that policy gets the name. Raises `FaultyPolicies` with everything that is wrong.
    """
    names = PolicyNames(firm_now, member)
    read = read_policies(text, names)
    kept = policy_words(firm_now.firm)
    by_name = {unique_key(name): number for number, (name, _text) in kept.items()}
    renamed = of if len(read) == 1 and of in firm_now.policies else 0
    planned = [_planned(firm_now, each, by_name.get(unique_key(each.name), renamed), kept) for each in read]
    if faults := _contradictions(firm_now, planned, names):
        raise FaultyPolicies(faults)
    return PlannedPolicies(policies=tuple(planned), version=firm_now.version)


def _planned(firm_now: FirmNow, read: ReadPolicy, number: int, kept: PolicyWords) -> PlannedPolicy:
    stood = firm_now.policies.get(number)
    mode = read.mode or (stood.mode if stood is not None else firm_now.settings.policy_mode)
    policy = Policy(mode=mode, statements=read.statements)
    name, text = kept.get(number, ("", ""))
    same = stood is not None and (stood.mode, stood.statements) == (mode, read.statements)
    command = SetPolicy(
        policy=number,
        name=UNSET if name == read.name else read.name,
        mode=mode,
        statements=read.statements,
        text=read.text.strip(),
    )
    done = same and (name, text) == (read.name, read.text.strip())
    return PlannedPolicy(read=read, policy=policy, number=number, command=None if done else command)


def _contradictions(
    firm_now: FirmNow, planned: Sequence[PlannedPolicy], names: PolicyNames
) -> list[PolicyFault]:
    """Statements that cannot hold together, each told once, at the later of two in the file."""
    kept_names = {number: name for number, (name, _text) in policy_words(firm_now.firm).items()}
    numbers = {each.number or -place: each for place, each in enumerate(planned, 1)}
    policies = {number: each for number, each in firm_now.policies.items() if number not in numbers}
    places: dict[int, tuple[FilePlace, ...]] = {}
    found: list[PolicyFault] = []
    for number, each in numbers.items():
        policies[number], places[number] = each.policy, each.read.places
        for clash in contradictions(firm_now.moment, policies, of=number):
            other = policies[clash.other_policy].statements[clash.other_statement]
            whose = numbers.get(clash.other_policy)
            values: dict[str, str | int] = {
                "number": clash.other_statement + 1,
                "policy": whose.read.name if whose is not None else kept_names.get(clash.other_policy, ""),
                "why": said(other, names),
            }
            place = each.read.places[clash.statement]
            found.append(PolicyFault(code=PF.CONTRADICTS, place=place, values=values))
    return found


def rehearsed(planned: PlannedPolicies, firm: int, actor: Actor) -> Rehearsal:
    """What keeping them does, in memory. Raises `core.commands.Refused`, `Overtaken`, `StateUnavailable`."""
    try:
        return rehearse(firm, planned.batches, actor=actor, version=planned.version)
    except ListRefused as refused:
        raise refused.refused from refused


def keep(rehearsal: Rehearsal) -> int:
    """Write them; the firm's version afterwards. Raises as `access.save`."""
    return save(rehearsal)
