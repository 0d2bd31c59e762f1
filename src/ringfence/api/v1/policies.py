"""The firm's own policies (rules.md 10): for who reads the control side."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access.policing.blame import first_blamed, verdicts
from ringfence.access.policing.kept import KeptPolicy, kept_policies
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.sentences import all_said
from ringfence.access.policing.writing import written
from ringfence.api.caller import Caller
from ringfence.api.names import Ref
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability
from ringfence.wording.ways import way_text

ROUTER = Router()


class PolicyListed(BaseModel):
    """A policy in the list."""

    id: int
    name: str
    mode: Literal["warn", "refuse"]
    holds: bool
    broken_since: Annotated[
        int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z; null where it holds.")
    ]


class BlamedAnswer(BaseModel):
    """A member and a client that break a statement, and by what."""

    member: Ref
    client: Ref
    sees: Annotated[bool, Field(description="False where the statement wants that the member sees it.")]
    ways: list[str]


class StatementAnswer(BaseModel):
    """One statement, and what breaks it."""

    says: Annotated[str, Field(description="In plain words.")]
    holds: bool
    broken_by: Annotated[int, Field(description="How many clients (or members with too many) break it.")]
    first: Annotated[list[BlamedAnswer], Field(description="The first of what breaks it.")]


class PolicyAnswer(PolicyListed):
    """A policy whole."""

    statements: list[StatementAnswer]
    text: Annotated[str, Field(description="As a policy file: as it came, else by the names of today.")]


@read(ROUTER, "/policies", ListAnswer[PolicyListed], needs=Capability.READ_CONTROL, summary="Policies")
def policies_list(caller: Caller, page: Pages) -> ListAnswer[PolicyListed]:
    """By id, each with whether it holds now."""
    kept = {each.number: each for each in kept_policies(caller.now)}
    part = part_of(sorted(kept), page)
    items = [_listed(kept[number]) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/policies/{policy}", PolicyAnswer, needs=Capability.READ_CONTROL, summary="One policy")
def policy_read(caller: Caller, policy: int = number_in_path("policy")) -> PolicyAnswer:
    """What it says, whether it holds, and the ways of access that are to blame where it does not."""
    found = next((each for each in kept_policies(caller.now) if each.number == policy), None)
    if found is None:
        raise Http404
    names = PolicyNames(caller.now, caller.actor.member)
    text = found.text or written(found.name, found.policy, names)
    statements = _statements(caller, found, names)
    return PolicyAnswer(**dict(_listed(found)), statements=statements, text=text)


def _listed(kept: KeptPolicy) -> PolicyListed:
    return PolicyListed(
        id=kept.number,
        name=kept.name,
        mode=kept.policy.mode,
        holds=kept.holds,
        broken_since=kept.broken_since,
    )


class _WayNames:
    """What ways are called."""

    def __init__(self, names: PolicyNames) -> None:
        self.member, self.group, self.service = names.member_word, names.group_word, names.service_word


def _statements(caller: Caller, kept: KeptPolicy, names: PolicyNames) -> list[StatementAnswer]:
    found = []
    sentences = all_said(kept.policy.statements, names)
    for verdict, said in zip(verdicts(caller.now, kept.policy.statements), sentences, strict=True):
        pairs = first_blamed(caller.now, verdict, names.known_clients)
        clients = names.client_words({pair.client for pair in pairs})
        blamed = [
            BlamedAnswer(
                member=Ref(id=pair.member, name=names.member_word(pair.member)),
                client=Ref(id=pair.client, name=clients.get(pair.client, "")),
                sees=pair.sees,
                ways=[way_text(way, _WayNames(names)) for way in pair.ways],
            )
            for pair in pairs
        ]
        broken_by = len(verdict.clients) + len(verdict.members)
        found.append(StatementAnswer(says=said, holds=verdict.holds, broken_by=broken_by, first=blamed))
    return found
