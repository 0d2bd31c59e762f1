"""The policy that a member has begun, in the words of policy files: kept in the database's drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ringfence.access.policing.writing import written_words
from ringfence.firms.models import Draft
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.shell.visit import Visit

POLICY = "policy.set"
"""The purpose of the draft."""


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy on its way: by statements that were asked for one by one, or as a text."""

    row: Draft

    @property
    def statements(self) -> list[dict[str, Any]]:
        """What was said by plain questions, in words; none where it was written as a text."""
        found = self.row.values.get("statements", [])
        return list(found) if isinstance(found, list) else []

    @property
    def written(self) -> bool:
        """Whether it was written as a text, in which no question adds anything."""
        return bool(self.row.values.get("text"))

    @property
    def name(self) -> str:
        return str(self.row.values.get("name", ""))

    @property
    def mode(self) -> str:
        return str(self.row.values.get("mode", ""))

    @property
    def number(self) -> int:
        """The policy that it changes; 0 for a new one."""
        found = self.row.values.get("number", 0)
        return found if isinstance(found, int) else 0

    @property
    def ready(self) -> bool:
        """Whether it can be checked."""
        return self.written or bool(self.statements and self.name)

    @property
    def text(self) -> str:
        """It as a policy file."""
        if self.written:
            return str(self.row.values["text"])
        return written_words(self.name, self.mode, self.statements)

    def keep(self, **answers: object) -> None:
        """Keep these answers beside those there are."""
        self.row.values = {**self.row.values, **answers}
        self.row.save(update_fields=["values", "changed_at"])


def read_draft(visit: Visit) -> PolicyDraft | None:
    """The member's draft; None where there is none."""
    row = draft_for(visit.firm.pk, visit.number, POLICY)
    return None if row is None else PolicyDraft(row)


def begin(visit: Visit, **answers: object) -> PolicyDraft:
    """A new draft in place of whatever the member had begun."""
    draft = PolicyDraft(start_draft(visit.firm.pk, visit.number, POLICY))
    draft.keep(**answers)
    return draft


def forget(visit: Visit) -> None:
    drop_draft(visit.firm.pk, visit.number, POLICY)
